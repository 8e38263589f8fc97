"""Calls of every kernel on a scene: forward ones first, whose outputs their gradients are given."""

import itertools

import numpy as np

from tools.gpu.kernels import Call

# Exact in float32, in which the ops of the library keep what they are told.
EPS = 2.0**-7
LAYERS = 3
FRAGMENTS = 4
DRAWN = {"cull": "none", "depth_from": "w", "near": 0.25, "far": 16.0}
DIBR = {"sigma_inv": 48.0, "box_length": 0.25, "eps": 0.0}
# Faces blur over more than a pixel, and mix with those behind them.
BLUR = {"sigma": 2.0**-7, "dist_eps": 2.0**-10, "distance": "euclidean"}
MIXING = {"rgb": "softmax", "alpha": "product", "gamma": 0.125, "eps": 0.125}
VIEW = {"cull": "none", "depth_from": "w", "near": 0.25, "far": 16.0, "perspective_correct": True}
SOFT = BLUR | MIXING | VIEW


def calls(scene, runner, kernels):
    """Yields (title, `Call`) for some kernels.

    Args:
      scene: `scenes.Scene`.
      runner: `kernels.Runner` that computes what gradients are given.
      kernels: names.
    """
    for group in dict.fromkeys(GROUPS[name] for name in kernels):
        for title, call in group(_Maker(scene, runner)):
            if call.kernel in kernels:
                yield title, call


class _Maker:
    """Makes the calls of one scene; random arrays depend on their name and shape only."""

    def __init__(self, scene, runner):
        self.scene = scene
        self.runner = runner
        self.mesh = {"vertices_clip": scene.vertices_clip, "faces": scene.faces}
        self.batch, self.num_vertices = scene.vertices_clip.shape[:2]
        self.num_faces = scene.faces.shape[-2]
        self.size = dict(zip("HW", scene.image_size))
        self.pixels = (self.batch, *scene.image_size)

    def random(self, name, *shape):
        return np.random.default_rng(len(name)).normal(size=shape).astype(np.float32)

    def fragments(self):
        """face_id, barycentrics and depth."""
        return self.runner.run(Call("Rasterize", self.mesh, DRAWN, self.size))

    def seen(self):
        found = self.fragments()
        return {name: found[name] for name in ("face_id", "barycentrics")}

    def with_gradient(self, call, upstream_names, **more):
        """A forward call and that of its gradient, which is given inputs and outputs of it."""
        outputs = self.runner.run(call)
        upstream = {n: self.random(f"grad_{n}", *outputs[n].shape) for n in upstream_names}
        grads = {f"grad_{name}": array for name, array in upstream.items()}
        arrays = {**call.arrays, **outputs, **more, **grads}
        return call, Call(f"{call.kernel}Grad", arrays, call.settings, call.sizes)


def _pair(title, calls):
    forward, backward = calls
    yield title, forward
    yield title, backward


def _hard(make):
    for cull, depth_from in itertools.product(("back", "front", "none"), ("w", "z")):
        settings = DRAWN | {"cull": cull, "depth_from": depth_from, "near": 1.5, "far": 3.5}
        yield f"{cull}, depth from {depth_from}", Call("Rasterize", make.mesh, settings, make.size)
    for depth_from in ("w", "z"):
        settings = DRAWN | {"depth_from": depth_from}
        call = Call("Rasterize", make.mesh, settings, make.size)
        yield from _pair(depth_from, make.with_gradient(call, ("barycentrics", "depth")))
    sizes = make.size | {"K": LAYERS}
    yield f"{LAYERS} layers", Call("RasterizeLayers", make.mesh, DRAWN, sizes)


def _interpolation(make):
    seen = make.seen()
    for channels in (1, 3, 7, 64):
        attributes = make.random("attributes", make.batch, make.num_vertices, channels)
        arrays = {"attributes": attributes, "faces": make.scene.faces, **seen}
        call = Call("Interpolate", arrays)
        yield from _pair(f"{channels} channels", make.with_gradient(call, ("output",)))


def _cubes(make):
    seen = make.seen()
    for (side, channels), shared in itertools.product(((1, 3), (2, 3), (4, 1)), (False, True)):
        items = 1 if shared else make.batch
        textures = make.random("textures", items, make.num_faces, side, side, side, channels)
        settings = {"eps": EPS, "barycentrics_gradient": True}
        call = Call("FaceTexture", {"textures": textures, **seen}, settings)
        title = f"{side} texels, {'one' if shared else 'each'}"
        yield from _pair(title, make.with_gradient(call, ("output",)))


def _pictures(make):
    rng = np.random.default_rng(0)
    uv = rng.uniform(-1.5, 2.5, (*make.pixels, 2))
    scale = np.exp2(rng.uniform(-1.5, 3.0, (*make.pixels, 1, 1))) / 9
    derivatives = rng.normal(size=(*make.pixels, 2, 2)) * scale
    covered = rng.random(make.pixels) > 0.3
    filters, wraps = ("nearest", "bilinear", "trilinear"), ("repeat", "clamp", "mirror")
    for filter, wrap in itertools.product(filters, wraps):
        items = 1 if wrap == "clamp" else make.batch
        arrays = {
            "texture": make.random("texture", items, 5, 9, 3),
            "uv": uv,
            "uv_derivatives": derivatives if filter == "trilinear" else None,
            "covered": None if wrap == "mirror" else covered,
        }
        call = Call("Texture", arrays, {"filter": filter, "wrap": wrap})
        yield from _pair(f"{filter}, {wrap}", make.with_gradient(call, ("output",)))


def _n3mr(make):
    face_id = make.fragments()["face_id"]
    for channels in (1, 4):
        image = make.random("image", *make.pixels, channels) * (face_id[..., None] >= 0)
        upstream = make.random("grad_image", *make.pixels, channels)
        arrays = {**make.mesh, "face_id": face_id, "image": image, "grad_image": upstream}
        yield f"{channels} channels", Call("N3mrGrad", arrays, {"eps": EPS})


def _dibr(make):
    arrays = {**make.mesh, "face_id": make.fragments()["face_id"]}
    for falloff, k_faces in itertools.product(("squared", "linear"), (0, 2)):
        settings = DIBR | {"falloff": falloff, "k_faces": k_faces}
        call = Call("DibrMask", arrays, settings)
        title = f"{falloff}, {k_faces or 'all'} faces"
        yield from _pair(title, make.with_gradient(call, ("mask",)))


def _silhouettes(make):
    for distance in ("euclidean", "barycentric", "hard"):
        for aggregation in ("product", "sum", "hard"):
            settings = BLUR | {"distance": distance, "aggregation": aggregation}
            call = Call("SoftrasSilhouette", make.mesh, settings, make.size)
            yield from _pair(f"{distance}, {aggregation}", make.with_gradient(call, ("alpha",)))


SOFT_VARIANTS = (
    {},
    {"distance": "barycentric"},
    {"distance": "hard", "rgb": "hard"},
    {"alpha": "sum", "cull": "back"},
    {"alpha": "hard", "cull": "front", "rgb": "hard"},
    {"perspective_correct": False},
    {"depth_from": "z"},
)


def _soft_colors(make):
    background = make.random("background", make.batch, 3)
    colors = {
        0: make.random("colors", make.batch, make.num_vertices, 3),
        1: make.random("colors", make.batch, make.num_faces, 1, 3),
        3: make.random("colors", 1, make.num_faces, 9, 3),
    }
    for changed, side in itertools.product(SOFT_VARIANTS, colors):
        arrays = {**make.mesh, "colors": colors[side], "background": background}
        call = Call("SoftrasColor", arrays, SOFT | changed, make.size)
        image = {"grad_image": make.random("grad_image", *make.pixels, 4)}
        title = ", ".join([*map(str, changed.values()), f"side {side}"])
        yield from _pair(title, make.with_gradient(call, (), **image))


def _soft_fragments(make):
    sizes = make.size | {"K": FRAGMENTS}
    for changed in SOFT_VARIANTS:
        if "rgb" in changed:
            continue
        call = Call("SoftrasFragments", make.mesh, BLUR | VIEW | changed, sizes)
        title = ", ".join(map(str, changed.values())) or "default"
        yield from _pair(title, make.with_gradient(call, ("barycentrics", "depth", "coverage")))


# Who makes the calls of a kernel.
GROUPS = {
    "Rasterize": _hard,
    "RasterizeGrad": _hard,
    "RasterizeLayers": _hard,
    "Interpolate": _interpolation,
    "InterpolateGrad": _interpolation,
    "FaceTexture": _cubes,
    "FaceTextureGrad": _cubes,
    "Texture": _pictures,
    "TextureGrad": _pictures,
    "N3mrGrad": _n3mr,
    "DibrMask": _dibr,
    "DibrMaskGrad": _dibr,
    "SoftrasSilhouette": _silhouettes,
    "SoftrasSilhouetteGrad": _silhouettes,
    "SoftrasColor": _soft_colors,
    "SoftrasColorGrad": _soft_colors,
    "SoftrasFragments": _soft_fragments,
    "SoftrasFragmentsGrad": _soft_fragments,
}
