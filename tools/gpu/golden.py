"""The golden files of `tests/golden` computed by the kernels.

The oracles of the tests know what every file asks for; here kernels take their place.
"""

import pathlib

import numpy as np

from tests.reference.rasterize import Fragments
from tests.support.golden_oracles import n3mr_outputs, tfmr_outputs
from tests.support.scenes import screen_to_clip
from tests.support.soft_golden_oracles import dibr_outputs
from tools.golden_runner import compare, knife_edges, screen, softras_case
from tools.golden_runner.case import kind_of, load_case
from tools.gpu.kernels import Call

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden"
FACE_MAPS = {"n3mr": "face_index_map", "tfmr": "triangle_ids", "dibr": "face_idx"}
# The areas of faces that kaolin's kernels enlarge are no part of these kernels.
NOT_COMPUTED = frozenset({"grad_face_vertices_image_rast"})


def paths():
    """Files that the kernels alone can compute."""
    return [p for p in sorted(FOLDER.glob("*.npz")) if kind_of(p) in (*FACE_MAPS, "softras")]


def checks(path, runner):
    """List of `compare.Check` of one file, computed by a `kernels.Runner`."""
    case = load_case(path)
    functions = KernelFunctions(runner)
    if case.kind == "softras":
        return _softras_checks(case, runner)
    compute = {"n3mr": n3mr_outputs, "tfmr": tfmr_outputs, "dibr": dibr_outputs}[case.kind]
    outputs = {n: a for n, a in compute(case, functions).items() if n not in NOT_COMPUTED}
    if knife_edges.disagreements(case, FACE_MAPS[case.kind]):
        del outputs[FACE_MAPS[case.kind]]  # The originals do not agree with themselves.
    return compare.check_arrays(case, outputs)


class KernelFunctions:
    """The kernels as functions like those of `tests/reference`."""

    def __init__(self, runner):
        self._runner = runner

    def _outputs(self, kernel, arrays, settings=None, sizes=None):
        found = self._runner.run(Call(kernel, arrays, settings or {}, sizes or {}))
        return {n: a.astype(np.float64) if a.dtype == np.float32 else a for n, a in found.items()}

    def rasterize(self, vertices_clip, faces, *, image_size, visibility):
        found = self._outputs(
            "Rasterize", _mesh(vertices_clip, faces), vars(visibility), _sizes(image_size)
        )
        return Fragments(**found)

    def rasterize_gradient(self, vertices_clip, faces, face_id, upstream, *, visibility):
        """Barycentrics are drawn once more: the oracle needs none."""
        size = face_id.shape[1:]
        drawn = self.rasterize(vertices_clip, faces, image_size=size, visibility=visibility)
        arrays = {"face_id": face_id, "barycentrics": drawn.barycentrics}
        arrays |= dict(zip(("grad_barycentrics", "grad_depth"), upstream))
        mesh = _mesh(vertices_clip, faces)
        return self._outputs("RasterizeGrad", mesh | arrays, vars(visibility))["grad_vertices_clip"]

    def interpolate(self, attributes, faces, face_id, barycentrics):
        arrays = {"face_id": face_id, "barycentrics": barycentrics}
        arrays |= {"attributes": attributes, "faces": faces}
        return self._outputs("Interpolate", arrays)["output"]

    def interpolate_gradient(self, attributes, faces, fragments, grad_output):
        arrays = {"attributes": attributes, "faces": faces, "grad_output": grad_output}
        found = self._outputs("InterpolateGrad", arrays | _seen(fragments))
        return found["grad_attributes"], found["grad_barycentrics"]

    def face_texture(self, textures, face_id, barycentrics, *, eps):
        arrays = {"textures": textures, "face_id": face_id, "barycentrics": barycentrics}
        return self._outputs("FaceTexture", arrays, {"eps": eps})["output"]

    def face_texture_gradient(self, textures, fragments, grad_output, *, eps):
        arrays = {"textures": textures, "grad_output": grad_output, **_seen(fragments)}
        found = self._outputs("FaceTextureGrad", arrays, {"eps": eps})
        return found["grad_textures"], found["grad_barycentrics"]

    def n3mr_gradient(self, image, vertices_clip, faces, face_id, grad_image, *, eps):
        arrays = {"image": image, "face_id": face_id, "grad_image": grad_image}
        arrays |= _mesh(vertices_clip, faces)
        return self._outputs("N3mrGrad", arrays, {"eps": eps})["grad_vertices_clip"]

    def dibr_mask(self, vertices_clip, faces, face_id, settings):
        return self._dibr(vertices_clip, faces, face_id, settings)["mask"]

    def dibr_mask_gradient(self, vertices_clip, faces, face_id, grad_mask, settings):
        forward = self._dibr(vertices_clip, faces, face_id, settings)
        arrays = {**_mesh(vertices_clip, faces), "face_id": face_id, "grad_mask": grad_mask}
        found = self._outputs("DibrMaskGrad", arrays | forward, _dibr_settings(settings))
        return found["grad_vertices_clip"]

    def _dibr(self, vertices_clip, faces, face_id, settings):
        arrays = {**_mesh(vertices_clip, faces), "face_id": face_id}
        return self._outputs("DibrMask", arrays, _dibr_settings(settings))


def _mesh(vertices_clip, faces):
    return {"vertices_clip": vertices_clip, "faces": faces}


def _sizes(image_size):
    return dict(zip("HW", image_size))


def _seen(fragments):
    return {"face_id": fragments.face_id, "barycentrics": fragments.barycentrics}


def _dibr_settings(settings):
    return {
        "sigma_inv": settings.sigma_inv,
        "box_length": settings.box_length,
        "k_faces": settings.k_faces or 0,
        "falloff": settings.falloff,
        "eps": settings.eps_miss,
    }


# --- SoftRas --------------------------------------------------------------------------------------


def _soft_call(case):
    """The call that draws a case of kind softras."""
    corners = case["face_vertices"].astype(np.float64)
    batch, num_faces = corners.shape[:2]
    colors = case["textures"]
    if not softras_case.has_surface(case):
        colors = colors.reshape(batch, 3 * num_faces, -1)
    clip = screen_to_clip(corners).reshape(batch, -1, 4)
    arrays = _mesh(clip, screen.separate_faces(num_faces))
    arrays |= {"colors": colors, "background": softras_case.background(case)}
    settings = softras_case.color_settings(case) | {"original_gradient": True}
    settings |= {name: settings.pop(f"aggregate_{name}") for name in ("rgb", "alpha")}
    size = case.number("image_size")
    return Call("SoftrasColor", arrays, settings, {"H": size, "W": size})


def _softras_checks(case, runner):
    call = _soft_call(case)
    drawn = runner.run(call)
    upstream = {"grad_image": case["grad_rgba"].transpose(0, 2, 3, 1)}
    backward = Call("SoftrasColorGrad", call.arrays | drawn | upstream, call.settings, call.sizes)
    gradients = runner.run(backward)
    alone = {name: call.arrays[name] for name in ("vertices_clip", "faces")}
    blur = call.settings | {"aggregation": call.settings["alpha"]}
    del blur["alpha"]  # The name of an output here.
    silhouette = runner.run(Call("SoftrasSilhouette", alone, blur, call.sizes))
    outputs = {
        "rgba": drawn["color_image"].transpose(0, 3, 1, 2),
        "aggrs_info": drawn["aggregates"].transpose(0, 3, 1, 2),
        "grad_face_vertices": _to_screen(gradients["grad_vertices_clip"], case["face_vertices"]),
        "grad_textures": gradients["grad_colors"].reshape(case["textures"].shape),
    }
    return softras_case.check_outputs(case, outputs, silhouette["alpha"])


def _to_screen(grad_clip, corners):
    """Gradient to corners [B, F, 3, (x, y, z)] of their places in clip space."""
    x, y, z = np.moveaxis(corners.astype(np.float64), -1, 0)
    gx, gy, gz, gw = np.moveaxis(grad_clip.astype(np.float64).reshape(*z.shape, 4), -1, 0)
    return np.stack([gx * z, gy * z, gx * x + gy * y + gz + gw], axis=-1)
