"""Process that times Mesa's llvmpipe, OpenGL compiled for the CPU (moderngl on EGL): forward only.

It writes what `rasterize` does: two barycentrics, depth and face id as 32 bit floats. Vertices are
on the "GPU" already and nothing is read back: python -m benchmarks.peers.llvmpipe
"""

import math
import os

import numpy as np

from benchmarks.worker import serve

VERTEX_SHADER = """
#version 430
layout(std430, binding = 0) readonly buffer Vertices { vec4 vertices_clip[]; };
layout(std430, binding = 1) readonly buffer Faces { int faces[]; };
uniform int first_vertex;
out vec2 barycentrics;
void main() {
  int corner = gl_VertexID % 3;
  barycentrics = vec2(corner == 0, corner == 1);
  gl_Position = vertices_clip[first_vertex + faces[gl_VertexID]];
}
"""
FRAGMENT_SHADER = """
#version 430
in vec2 barycentrics;
out vec4 fragment;
void main() { fragment = vec4(barycentrics, gl_FragCoord.z, gl_PrimitiveID + 1); }
"""


def prepare():
    """See `worker.serve`."""
    # Read by Mesa: no window, software, rasterization in the calling thread.
    os.environ |= {
        "EGL_PLATFORM": "surfaceless",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "GALLIUM_DRIVER": "llvmpipe",
        "LP_NUM_THREADS": "0",
    }
    import moderngl

    context = moderngl.create_context(
        standalone=True, backend="egl", libgl="libGL.so.1", libegl="libEGL.so.1"
    )
    facts = {
        "program": "llvmpipe",
        "version": context.info["GL_VERSION"],
        "device": context.info["GL_RENDERER"],
        "threads": 1,
        "dtype": "float32",
    }
    return facts, lambda workload: make_cases(context, workload)


def make_cases(context, workload):
    """{case: function}; the images of a batch are tiles of one framebuffer."""
    import moderngl

    height, width = workload.image_size
    batch, num_vertices, _ = workload.vertices_clip.shape
    columns = math.ceil(math.sqrt(batch))
    size = (columns * width, math.ceil(batch / columns) * height)
    target = context.framebuffer(
        [context.texture(size, 4, dtype="f4")], context.depth_texture(size)
    )
    program = context.program(vertex_shader=VERTEX_SHADER, fragment_shader=FRAGMENT_SHADER)
    no_attributes = context.vertex_array(program, [])
    context.buffer(workload.vertices_clip.tobytes()).bind_to_storage_buffer(0)
    context.buffer(workload.faces.astype(np.int32).tobytes()).bind_to_storage_buffer(1)

    def draw():
        target.use()
        target.clear(depth=1.0)
        for b in range(batch):
            program["first_vertex"] = b * num_vertices
            target.viewport = (b % columns * width, b // columns * height, width, height)
            no_attributes.render(moderngl.TRIANGLES, vertices=3 * len(workload.faces))
        context.finish()

    def rasterize():
        context.enable_only(moderngl.DEPTH_TEST)
        draw()

    def rasterize_culled():
        context.enable_only(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        draw()

    return {"rasterize": rasterize, "rasterize, back faces culled": rasterize_culled}


if __name__ == "__main__":
    serve(prepare)
