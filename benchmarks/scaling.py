"""Measures how time grows with faces and with pixels, and draws it.

    python -m benchmarks.scaling [--output FILE.json] [--plot docs/images/scaling.png]

One thread, one image of a dented sphere that fills about half of it. SoftRas has sigma = 1e-4: a
face reaches 0.03 NDC around itself, and its cost follows the pixels in reach of the faces.
"""

import argparse
import json
import math
import pathlib
import tempfile

from benchmarks import machine, timing
from benchmarks.worker import Worker
from benchmarks.workloads import Spec, make, save

STEPS = {
    "rasterize": "rasterize",
    "render_backward": "rasterize, interpolate, gradients",
    "dibr_mask_backward": "DIB-R mask and gradient",
    "softras_silhouette_backward": "SoftRas silhouette and gradient",
    "texture_backward": "bilinear texture and gradient",
}
# 1280 to 1.3 million faces; 64 x 64 to 4096 x 4096 pixels.
FACES_SWEEP = [Spec(1, 512, subdivisions) for subdivisions in range(3, 9)]
PIXELS_SWEEP = [Spec(1, 64 << doublings, 5) for doublings in range(7)]
SECONDS_PER_POINT = 1.0
MIN_RUNS, MAX_RUNS = 5, 200


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, help="file for the points, JSON lines")
    parser.add_argument("--plot", type=pathlib.Path, help="file for the picture")
    options = parser.parse_args()
    points = list(measure())
    if options.output:
        options.output.write_text("".join(json.dumps(p) + "\n" for p in points), encoding="utf-8")
    if options.plot:
        draw(points, options.plot)


def measure():
    """Yields one point for each size and step, and prints it."""
    worker = Worker("benchmarks.renderer", "--threads", "1")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "workload.npz"
        for spec in dict.fromkeys(FACES_SWEEP + PIXELS_SWEEP):
            workload = make(spec)
            save(workload, path)
            worker.load(path)
            size = {"faces": len(workload.faces), "pixels": spec.side**2}
            for step in STEPS:
                figures = timing.summarize([time_step(worker, step)])
                point = {**size, "step": step, **figures, **worker.facts, **machine.facts()}
                print(json.dumps(point), flush=True)
                yield point
    worker.close()


def time_step(worker, step):
    trial = min(worker.time_runs(step, 2).wall)
    runs = min(max(math.ceil(SECONDS_PER_POINT / trial), MIN_RUNS), MAX_RUNS)
    return worker.time_runs(step, runs)


def draw(points, path):
    """Log-log plot of the minima; a dotted line has slope 1."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(10, 4.2), sharey=True, layout="constrained")
    sides = [math.isqrt(points[0]["pixels"]), PIXELS_SWEEP[0].subdivisions]
    fixed = {"faces": ("pixels", sides[0] ** 2), "pixels": ("faces", 20 * 4 ** sides[1])}
    for axis, (x, (other, value)) in zip(axes, fixed.items()):
        for step, label in STEPS.items():
            chosen = [p for p in points if p["step"] == step and p[other] == value]
            chosen.sort(key=lambda point: point[x])
            xs, ys = [p[x] for p in chosen], [p["min_ms"] for p in chosen]
            (line,) = axis.loglog(xs, ys, "o-", label=label)
            slope_one = [ys[-1] * at / xs[-1] for at in xs]
            axis.loglog(xs, slope_one, ":", color=line.get_color(), alpha=0.6)
        axis.set_xlabel(x)
        axis.set_title(f"{value:,} {other}")
        axis.grid(which="major", alpha=0.3)
    axes[0].set_ylabel("milliseconds, one thread")
    axes[0].set_ylim(bottom=0.1)
    axes[1].legend(title="dotted: proportional", loc="upper left")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
