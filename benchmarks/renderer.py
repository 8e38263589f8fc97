"""Process that times this library.

python -m benchmarks.renderer --threads N [--dtype float32|float64]
"""

import argparse
import functools

import tensorflow as tf

import tf_mesh_renderer as mr
from benchmarks.gradient_steps import GradientSteps
from benchmarks.worker import serve
from benchmarks.workloads import SILHOUETTE_EPS


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    options = parser.parse_args()
    serve(functools.partial(prepare, options.threads, options.dtype))


def prepare(threads, dtype):
    """Fixes the number of threads; see `worker.serve`."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    facts = {
        "program": "tf_mesh_renderer",
        "version": mr.__version__,
        "threads": threads,
        "dtype": dtype,
        "cpu_target": mr.build_info().active_cpu_target,
        "compiler": mr.build_info().compiler,
        "tensorflow": tf.__version__,
    }
    return facts, functools.partial(make_cases, tf.as_dtype(dtype))


def make_cases(dtype, workload):
    """{case: function}: each step inside `tf.function`, and once more without."""
    steps = Steps(dtype, workload)
    cases = {}
    for step in (steps.rasterize, steps.render_backward, steps.silhouette_backward):
        cases[step.__name__] = tf.function(step)
        cases[f"{step.__name__}, eager"] = step
    gradient_steps = GradientSteps(dtype, workload)
    return cases | {name: tf.function(step) for name, step in gradient_steps.all().items()}


class Steps:
    """What is timed, on the tensors of one workload."""

    def __init__(self, dtype, workload):
        self.image_size = workload.image_size
        self.faces = tf.constant(workload.faces)
        self.vertices = tf.constant(workload.vertices_clip, dtype)
        self.colors = tf.constant(workload.colors, dtype)
        self.grad_image = tf.constant(workload.grad_image, dtype)
        self.target = tf.constant(workload.target[..., None], dtype)

    def rasterize(self):
        """Face ids, barycentrics and depth."""
        return mr.rasterize(self.vertices, self.faces, image_size=self.image_size, cull="back")

    def render_backward(self):
        """Three interpolated channels, and gradients to positions and colours of the vertices."""
        with tf.GradientTape() as tape:
            tape.watch([self.vertices, self.colors])
            image = mr.interpolate(self.colors, self.faces, self.rasterize())
        sources = [self.vertices, self.colors]
        # TensorFlow would leave the image out of a graph that does not return it.
        return image, tape.gradient(image, sources, output_gradients=self.grad_image)

    def silhouette_backward(self):
        """Squared difference of silhouettes and discs, and its gradient by N3MR's rule."""
        with tf.GradientTape() as tape:
            tape.watch(self.vertices)
            fragments = self.rasterize()
            alpha = fragments.mask[..., tf.newaxis]
            alpha = mr.n3mr(alpha, self.vertices, self.faces, fragments.face_id, eps=SILHOUETTE_EPS)
            loss = tf.reduce_sum(tf.math.squared_difference(alpha, self.target))
        return tape.gradient(loss, self.vertices)


if __name__ == "__main__":
    main()
