"""What is checked of the kernels. Every function yields `outcomes.Outcome`."""

import dataclasses

import numpy as np

from tools.golden_runner.compare import Check
from tools.gpu import cases, golden, oracles
from tools.gpu.kernels import KERNELS, KernelError
from tools.gpu.outcomes import Outcome, compare, outcome, same_bits

# Of float32 kernels against oracles in float64: sums over many pixels, each with a few roundings.
ORACLE_TOLERANCE = 2e-4
# Of sums in another order, and of another exp and log2, relative to the largest entry.
GPU_TOLERANCE = 2e-5
# Each of their operations is rounded as IEEE 754 has it, on both sides.
SAME_BITS = frozenset({"Rasterize", "RasterizeLayers"})


def against_oracles(runner, scenes, kernels=tuple(KERNELS)):
    """Values and gradients beside those of the NumPy oracles."""

    def checks(scene, kernel):
        for title, call in cases.calls(scene, runner, [kernel]):
            expected = oracles.expected(call)
            yield from compare(title, runner.run(call), expected, tolerance=ORACLE_TOLERANCE)

    for scene, kernel in _each(scenes, kernels):
        if not (kernel == "N3mrGrad" and np.any(scene.vertices_clip[..., 3] <= 0.0)):
            yield outcome(f"{kernel}, {scene.name}, oracle", checks(scene, kernel))


def against_golden(runner):
    """Golden files."""
    for path in golden.paths():
        yield outcome(f"golden {path.name}", _golden_checks(path, runner))


def _golden_checks(path, runner):
    yield from golden.checks(path, runner)


def same_on_both(cpu, gpu, scenes, kernels=tuple(KERNELS)):
    """Values and gradients of the GPU beside those of the CPU."""

    def checks(scene, kernel):
        tolerance = 0.0 if kernel in SAME_BITS else GPU_TOLERANCE
        for title, call in cases.calls(scene, cpu, [kernel]):
            yield from compare(title, gpu.run(call), cpu.run(call), tolerance=tolerance)

    for scene, kernel in _each(scenes, kernels):
        yield outcome(f"{kernel}, {scene.name}, GPU and CPU", checks(scene, kernel))


def reproducible(cpu, runner, scenes, kernels=tuple(KERNELS)):
    """A second run gives the same bits, in outputs that held something else before."""

    def checks(scene, kernel):
        for title, call in cases.calls(scene, cpu, [kernel]):
            yield from same_bits(title, runner.run(call), runner.run(call))

    for scene, kernel in _each(scenes, kernels):
        yield outcome(f"{kernel}, {scene.name}, twice", checks(scene, kernel))


def same_bits_with_any_threads(one, several, scenes, kernels=tuple(KERNELS)):
    """The CPU gives the same bits with any number of threads."""

    def checks(scene, kernel):
        for title, call in cases.calls(scene, one, [kernel]):
            yield from same_bits(title, one.run(call), several.run(call))

    for scene, kernel in _each(scenes, kernels):
        yield outcome(f"{kernel}, {scene.name}, threads", checks(scene, kernel))


def _each(scenes, kernels):
    return ((scene, kernel) for kernel in kernels for scene in scenes)


# --- inputs that are wrong ------------------------------------------------------------------------


def refuses_bad_inputs(cpu, runner, scene, kernels=tuple(KERNELS)):
    """Indices out of range and NaN are refused by name; afterwards all works as before."""
    for kernel in kernels:
        yield outcome(f"{kernel}, bad inputs", _refusals(cpu, runner, scene, kernel))


def _refusals(cpu, runner, scene, kernel):
    _, call = next(cases.calls(scene, cpu, [kernel]))
    before = runner.run(call)
    for name, title, array in _spoilt(call, scene):
        broken = dataclasses.replace(call, arrays=call.arrays | {name: array})
        said = _error_of(runner, broken)
        yield Check(f"{name} {title} gave {said!r}", float(f"`{name}`" not in said), 0.0)
    yield from same_bits("afterwards", before, runner.run(call))


def _spoilt(call, scene):
    """Yields (input, what is wrong, array) for all that the kernel must check."""
    inputs = KERNELS[call.kernel].inputs
    if "faces" in call.arrays:
        for index in (scene.vertices_clip.shape[1], 2**31 - 1, -2, -1):
            faces = call.arrays["faces"].copy()
            faces[..., -1, 1] = index
            yield "faces", f"with {index}", faces
    if "face_id" in inputs:
        for index in (scene.faces.shape[-2], 2**31 - 1, -2):
            face_id = call.arrays["face_id"].copy()
            face_id.reshape(-1)[-1] = index
            yield "face_id", f"with {index}", face_id
    for name in ("vertices_clip", "uv"):
        if name in inputs:
            for value in (np.nan, np.inf, 2e37):
                values = call.arrays[name].copy()
                values.reshape(-1)[-1] = value
                yield name, f"with {value}", values


def _error_of(runner, call):
    try:
        runner.run(call)
    except KernelError as error:
        return str(error)
    return ""


def takes_nan_from_a_loss(cpu, runner, scene, kernels=tuple(KERNELS)):
    """A NaN that arrives from a loss reaches the same places as on the CPU."""
    for kernel in kernels:
        if kernel.endswith("Grad"):
            yield outcome(f"{kernel}, NaN from a loss", _nan_checks(cpu, runner, scene, kernel))


def _nan_checks(cpu, runner, scene, kernel):
    for title, call in cases.calls(scene, cpu, [kernel]):
        spoilt = {}
        for name in KERNELS[kernel].inputs:
            if name.startswith("grad_"):
                spoilt[name] = call.arrays[name].copy()
                spoilt[name][0, scene.image_size[0] // 2] = np.nan
        broken = dataclasses.replace(call, arrays=call.arrays | spoilt)
        ours, theirs = runner.run(broken), cpu.run(broken)
        for name in ours:
            differ = np.sum(np.isfinite(ours[name]) != np.isfinite(theirs[name]))
            yield Check(f"{title}: {name}", float(differ), 0.0)


def summary(outcomes):
    """The line that ends a report."""
    failed = [found.title for found in outcomes if not found.passed]
    text = f"{len(outcomes) - len(failed)} of {len(outcomes)} checks passed"
    return Outcome("all", tuple(failed), text)
