"""Times of the kernels on the workloads of `benchmarks/workloads.py`."""

import numpy as np

from benchmarks import workloads
from benchmarks.timing import quartiles
from tools.gpu.kernels import Call
from tools.gpu.outcomes import Outcome, compare, outcome

WORKLOADS = tuple(workloads.SPECS)
# Where meshes have so many faces that a soft model has no use for them, and what W5 is made for.
HARD_ONLY = frozenset({"W4", "W7"})
SILHOUETTES_ONLY = frozenset({"W5"})
WARM_UP_RUNS = 2
MIN_RUNS, MAX_RUNS = 5, 200
SECONDS_PER_KERNEL = 0.3
# A kernel that takes longer is run no further.
PATIENCE_SECONDS = 5.0
CPU_RUNS = 2
# Sums over up to millions of pixels in another order, relative to the largest entry.
TOLERANCE = 1e-4
MILLISECONDS = 1e3
DRAWN = {"cull": "back", "depth_from": "w", "near": 0.0, "far": np.inf}
SOFT = {
    "sigma": workloads.SIGMA,
    "dist_eps": 1e-4,
    "distance": "euclidean",
    "rgb": "softmax",
    "alpha": "product",
    "gamma": 1e-4,
    "eps": 1e-3,
    "cull": "none",
    "depth_from": "w",
    "near": workloads.NEAR,
    "far": workloads.FAR,
    "perspective_correct": True,
}
BLUR = {name: SOFT[name] for name in ("sigma", "dist_eps", "distance")}
DIBR = {"sigma_inv": 7000.0, "box_length": 0.02, "k_faces": 0, "falloff": "squared", "eps": 0.0}
CUBE_SIDE = 2
FRAGMENTS = 4


def measure(name, gpu, cpu, make=workloads.make):
    """Times every kernel on one workload and compares what both processors give.

    Args:
      name: of the workload.
      gpu, cpu: `kernels.Runner`.
      make: what makes a workload of its `workloads.Spec`.
    Yields:
      ({"workload": name, "kernel": ..., "median_ms": ..., ...}, `outcomes.Outcome`) per kernel.
    """
    steps = _Steps(make(workloads.SPECS[name]), cpu)
    groups = [steps.silhouettes] if name in SILHOUETTES_ONLY else [steps.hard, steps.textures]
    groups += [] if name in HARD_ONLY | SILHOUETTES_ONLY else [steps.silhouettes, steps.soft]
    for call in (call for group in groups for call in group()):
        row = {"workload": name, "kernel": call.kernel}
        title = f"{call.kernel}, {name}"
        found = outcome(title, _same_values(call, gpu, cpu))
        try:
            row |= figures(gpu, call)
            row["cpu_ms"] = round(min(cpu.memory.times(cpu.prepare(call).launch, CPU_RUNS)), 4)
        except Exception as error:  # The other kernels still count.
            found = Outcome(title, (*found.problems, f"{type(error).__name__}: {error}"))
        yield row, found


def _same_values(call, gpu, cpu):
    yield from compare("", gpu.run(call), cpu.run(call), tolerance=TOLERANCE)


def figures(runner, call):
    """Median, quartiles and minimum of the milliseconds of a call."""
    milliseconds = _times(runner, call)
    p25, median, p75 = quartiles(milliseconds)
    found = {"median": median, "p25": p25, "p75": p75, "min": min(milliseconds)}
    rounded = {f"{name}_ms": round(value, 4) for name, value in found.items()}
    return {**rounded, "runs": len(milliseconds)}


def _times(runner, call):
    prepared = runner.prepare(call)
    first = runner.memory.times(prepared.launch, 1)
    if first[0] > PATIENCE_SECONDS * MILLISECONDS:
        return first
    fastest = min(runner.memory.times(prepared.launch, WARM_UP_RUNS))
    runs = int(SECONDS_PER_KERNEL * MILLISECONDS / max(fastest, 1e-3))
    return runner.memory.times(prepared.launch, min(max(runs, MIN_RUNS), MAX_RUNS))


class _Steps:
    """The calls that are timed; gradients are given what the forward kernels gave."""

    def __init__(self, workload, runner):
        self._workload = workload
        self._runner = runner
        self._rng = np.random.default_rng(0)
        self._size = dict(zip("HW", workload.image_size))
        self._mesh = {"vertices_clip": workload.vertices_clip, "faces": workload.faces}
        self._rasterize = Call("Rasterize", self._mesh, DRAWN, self._size)
        fragments = runner.run(self._rasterize)
        self._seen = {name: fragments[name] for name in ("face_id", "barycentrics")}

    def hard(self):
        upstream = self._workload.grad_image
        yield self._rasterize
        to_fragments = {"grad_barycentrics": upstream, "grad_depth": upstream[..., 0]}
        yield Call("RasterizeGrad", self._mesh | self._seen | to_fragments, DRAWN)
        sizes = self._size | {"K": workloads.NUM_LAYERS}
        yield Call("RasterizeLayers", self._mesh, DRAWN, sizes)
        faces = {"attributes": self._workload.colors, "faces": self._workload.faces}
        yield Call("Interpolate", faces | self._seen)
        yield Call("InterpolateGrad", faces | self._seen | {"grad_output": upstream})

    def textures(self):
        upstream = {"grad_output": self._workload.grad_image}
        side = workloads.LARGE_TEXTURE_SIDE
        picture = self._random(1, side, side, 3)
        corners = self._workload.colors[..., :2]
        found = self._runner.run(
            Call("Interpolate", {"attributes": corners, "faces": self._workload.faces} | self._seen)
        )
        covered = self._seen["face_id"] >= 0
        arrays = {"texture": picture, "uv": found["output"], "uv_derivatives": None}
        arrays |= {"covered": covered}
        settings = {"filter": "bilinear", "wrap": "repeat"}
        yield Call("Texture", arrays, settings)
        yield Call("TextureGrad", arrays | upstream, settings)
        cubes = self._random(1, len(self._workload.faces), *[CUBE_SIDE] * 3, 3)
        settings = {"eps": 1e-3, "barycentrics_gradient": True}
        yield Call("FaceTexture", {"textures": cubes} | self._seen, settings)
        yield Call("FaceTextureGrad", {"textures": cubes} | self._seen | upstream, settings)

    def silhouettes(self):
        face_id = self._seen["face_id"]
        alpha = (face_id >= 0).astype(np.float32)
        arrays = self._mesh | {"face_id": face_id}
        pictures = {"image": alpha[..., None], "grad_image": self._to_disc(alpha)[..., None]}
        yield Call("N3mrGrad", arrays | pictures, {"eps": workloads.SILHOUETTE_EPS})
        mask = Call("DibrMask", arrays, DIBR)
        yield mask
        drawn = self._runner.run(mask)
        upstream = {"grad_mask": self._to_disc(drawn["mask"])}
        yield Call("DibrMaskGrad", arrays | drawn | upstream, DIBR)
        settings = BLUR | {"aggregation": "product"}
        silhouette = Call("SoftrasSilhouette", self._mesh, settings, self._size)
        yield silhouette
        drawn = self._runner.run(silhouette)
        upstream = {"grad_alpha": self._to_disc(drawn["alpha"])}
        yield Call("SoftrasSilhouetteGrad", self._mesh | drawn | upstream, settings)

    def soft(self):
        background = np.zeros((len(self._workload.colors), 3), np.float32)
        arrays = self._mesh | {"colors": self._workload.colors, "background": background}
        color = Call("SoftrasColor", arrays, SOFT, self._size)
        yield color
        drawn = self._runner.run(color)
        upstream = np.pad(self._workload.grad_image, [(0, 0)] * 3 + [(0, 1)])
        yield Call("SoftrasColorGrad", arrays | drawn | {"grad_image": upstream}, SOFT)
        sizes = self._size | {"K": FRAGMENTS}
        fragments = Call("SoftrasFragments", self._mesh, SOFT, sizes)
        yield fragments
        drawn = self._runner.run(fragments)
        names = ("barycentrics", "depth", "coverage")
        upstream = {f"grad_{name}": self._random(*drawn[name].shape) for name in names}
        arrays = self._mesh | {"face_id": drawn["face_id"]} | upstream
        yield Call("SoftrasFragmentsGrad", arrays, SOFT, sizes)

    def _random(self, *shape):
        return self._rng.random(shape, np.float32)

    def _to_disc(self, picture):
        """Gradient of the squared difference to the discs."""
        return 2.0 * (picture - self._workload.target)
