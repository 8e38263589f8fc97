"""How the rasterizer itself scales with threads: one JSON line for each workload and thread count.

python -m benchmarks.threads [--rounds N] [--mesh FILE]

A call of any `tf.function` takes TensorFlow about 0.2 ms on one thread, as long as drawing a small
image. Here one call draws the same scene several times, one after the other, so that the ops are
timed and not the call. The thread counts take turns, since the speed of a machine drifts.
"""

import argparse
import json
import subprocess
import sys

from benchmarks import machine
from benchmarks.timing import Runs, summarize, time_runs
from benchmarks.workloads import SPECS, make

OPS_PER_CALL = 8
RUNS = 60
WORKLOADS = ("W1", "W2", "W3", "W4")
THREADS = (1, 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    parser.add_argument("--mesh", help="file to use in W2 instead of the Utah teapot")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return measure(options.child, options.workloads.split(","), options.mesh)
    for round_number in range(options.rounds):
        for threads in THREADS:
            child = [sys.executable, "-m", "benchmarks.threads", "--child", str(threads)]
            child += ["--workloads", options.workloads]
            child += ["--mesh", options.mesh] if options.mesh else []
            output = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True).stdout
            for line in output.splitlines():
                print(json.dumps({"round": round_number, **json.loads(line)}), flush=True)


def measure(threads, names, mesh_path=None):
    """Prints the time of one rasterize op in each workload, in milliseconds."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    for name in names:
        call = make_call(make(SPECS[name], mesh_path))
        call()  # traces
        calls = time_runs(call, RUNS)
        wall, cpu = ([seconds / OPS_PER_CALL for seconds in times] for times in calls[:2])
        row = {"workload": name, "step": "rasterize op", "threads": threads}
        row |= summarize([Runs(wall, cpu, calls.others)])
        print(json.dumps({**row, **machine.facts()}), flush=True)


def make_call(workload):
    """A function that rasterizes a workload OPS_PER_CALL times, each after the one before."""
    import tensorflow as tf

    import tf_mesh_renderer as mr

    vertices_clip, faces = tf.constant(workload.vertices_clip), tf.constant(workload.faces)

    @tf.function
    def call():
        corners = [tf.constant(0.0)]
        for _ in range(OPS_PER_CALL):
            with tf.control_dependencies(corners[-1:]):
                again = tf.identity(vertices_clip)  # else all are found to be the same op
            fragments = mr.rasterize(again, faces, image_size=workload.image_size)
            corners.append(tf.identity(fragments.depth[0, 0, 0]))
        return corners  # what is not returned would not be drawn

    return call


if __name__ == "__main__":
    main()
