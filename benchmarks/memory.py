"""Measures how much memory an op takes beyond its inputs and outputs.

    python -m benchmarks.memory [--threads 1,2] [--workloads W3,faces]

Counted is the growth of the resident set (VmHWM, reset before the call) during one call, less the
outputs, in a process that gives freed memory back at once. It counts pages that were written, with
an uncertainty of about a quarter of a megabyte for each thread, which is how Linux keeps the count.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

from benchmarks import machine
from benchmarks.workloads import SPECS, Spec, make

# The sizes at which faces, and pixels, rule.
EXTREMES = {"faces": Spec(1, 512, 8), "pixels": Spec(1, 4096, 5)}
ALLOWED_PER_FACE = 200
ALLOWED_PER_PIXEL = 64
# Blocks above this size go back to the system when they are freed.
MMAP_THRESHOLD = 1 << 16
KIBIBYTE = 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--workloads", default="W1,W2,W3,W4,faces,pixels")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return measure(int(options.threads), options.workloads.split(","))
    for threads in options.threads.split(","):
        run_child(threads, options.workloads)


def run_child(threads, workloads):
    """Measures in a fresh process, whose malloc reads its settings at the start."""
    settings = f"glibc.malloc.mmap_threshold={MMAP_THRESHOLD}:glibc.malloc.trim_threshold=0"
    command = [sys.executable, "-m", "benchmarks.memory", "--child"]
    subprocess.run(
        [*command, "--threads", threads, "--workloads", workloads],
        check=True,
        env={
            **os.environ,
            "GLIBC_TUNABLES": settings,
            "TF_ONEDNN_USE_SYSTEM_ALLOCATOR": "1",  # else TensorFlow keeps a pool
            "TF_CPP_MIN_LOG_LEVEL": "2",
        },
    )


def measure(threads, names):
    """Prints one JSON line for each op and workload."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    for name in names:
        workload = make({**SPECS, **EXTREMES}[name])
        faces, (height, width) = len(workload.faces), workload.image_size
        allowed = ALLOWED_PER_FACE * faces + ALLOWED_PER_PIXEL * height * width * threads
        for op, call in make_calls(workload).items():
            row = {"workload": name, "op": op, "threads": threads, "faces": faces}
            row |= {"pixels": height * width, "bytes": peak_growth(call), "allowed": allowed}
            print(json.dumps({**row, **machine.facts()}), flush=True)


def make_calls(workload):
    """{op: function that runs it once and returns its outputs}; on random upstream gradients."""
    import tensorflow as tf

    # The ops themselves: a tape would add zeros for outputs that have no gradient.
    from tf_mesh_renderer.ops._library import library

    ops = library()
    mesh = {"vertices_clip": tf.constant(workload.vertices_clip)}
    mesh["faces"] = tf.constant(workload.faces)
    values = {"attributes": tf.constant(workload.colors), "faces": mesh["faces"]}
    grad_image = tf.constant(workload.grad_image)

    def rasterize():
        return ops.mesh_renderer_rasterize(**mesh, image_size=workload.image_size)

    fragments = rasterize()
    seen = {"face_id": fragments.face_id, "barycentrics": fragments.barycentrics}
    grads = {"grad_barycentrics": grad_image, "grad_depth": tf.identity(grad_image[..., 0])}
    image = ops.mesh_renderer_interpolate(**values, **seen)
    swept = {"image": image, "face_id": fragments.face_id, "grad_image": grad_image}
    return {
        "rasterize": rasterize,
        "rasterize gradient": lambda: ops.mesh_renderer_rasterize_grad(**mesh, **seen, **grads),
        "interpolate": lambda: ops.mesh_renderer_interpolate(**values, **seen),
        "interpolate gradient": lambda: ops.mesh_renderer_interpolate_grad(
            **values, **seen, grad_output=grad_image
        ),
        "n3mr gradient": lambda: ops.mesh_renderer_n3mr_grad(**mesh, **swept),
    }


def peak_growth(call):
    """Bytes that a call takes at its peak beyond the outputs it returns."""
    import tensorflow as tf

    call()
    pathlib.Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # resets VmHWM
    before = read_status("VmRSS")
    outputs = tf.nest.flatten(call())
    peak = read_status("VmHWM")
    return peak - before - sum(output.dtype.size * int(tf.size(output)) for output in outputs)


def read_status(field):
    """A field of /proc/self/status in bytes."""
    for line in pathlib.Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * KIBIBYTE
    raise LookupError(f"/proc/self/status has no {field}")


if __name__ == "__main__":
    main()
