"""What is timed: batches of meshes with one camera, made from fixed seeds."""

import dataclasses
import importlib.util
import pathlib

import numpy as np

SEED = 1234
# The camera stands at (0, 0, DISTANCE) and looks at the origin along -z; meshes have radius 1, so
# that they cover a little more than half of the image.
DISTANCE = 3.0
FOV_Y_DEGREES = 45.0
NEAR, FAR = 1.0, 10.0
# Spheres are dented by up to this part of their radius, by a sum of waves.
DENT = 0.15
NUM_WAVES = 4
WAVE_NUMBER = 1.5
# Radius of the discs that silhouettes are compared with, in NDC.
DISC_RADII = (0.5, 0.8)
TEAPOT_SUBDIVISIONS = 6
# What the steps are told that are timed on them.
SIGMA = 1e-4
SILHOUETTE_EPS = 1e-4
LARGE_TEXTURE_SIDE = 512
NUM_LAYERS = 2


@dataclasses.dataclass(frozen=True)
class Spec:
    """Batch, side of the square images, and subdivisions of the sphere (None: the teapot)."""

    batch: int
    side: int
    subdivisions: int | None


SPECS = {
    "W1": Spec(64, 64, 3),  # 1280 faces
    "W2": Spec(8, 256, None),  # a teapot of about 2300 faces
    "W3": Spec(1, 512, 5),  # 20480 faces
    "W4": Spec(1, 1024, 7),  # 327680 faces
    "W5": Spec(64, 64, 3),  # W1's geometry, for silhouettes
    # For GPUs.
    "W6": Spec(64, 256, 5),
    "W7": Spec(1, 2048, 8),  # 1310720 faces
}


@dataclasses.dataclass(frozen=True)
class Workload:
    """Input of one measurement, in float32; B images, V vertices, F faces.

    Attributes:
      vertices_world: [B, V, 3].
      vertices_clip: [B, V, 4], OpenGL's clip space.
      faces: [F, 3] int32, counter-clockwise seen from outside.
      colors: [B, V, 3] in [0, 1].
      grad_image: [B, H, W, 3], gradient that arrives from a loss.
      target: [B, H, W], 0 or 1: discs.
    """

    vertices_world: np.ndarray
    vertices_clip: np.ndarray
    faces: np.ndarray
    colors: np.ndarray
    grad_image: np.ndarray
    target: np.ndarray

    @property
    def image_size(self):
        return self.target.shape[1:]


def make(spec, mesh_path=None):
    """Makes the `Workload` of a `Spec`; `mesh_path` is a file that takes the teapot's place."""
    rng = np.random.default_rng(SEED)
    vertices, faces = _mesh(spec.subdivisions, mesh_path)
    poses = []
    for _ in range(spec.batch):
        shape = vertices if spec.subdivisions is None else _dent(vertices, rng)
        poses.append(shape @ _rotation(rng).T)
    vertices_world = np.stack(poses).astype(np.float32)
    image = (spec.batch, spec.side, spec.side)
    return Workload(
        vertices_world=vertices_world,
        vertices_clip=_project(vertices_world),
        faces=faces,
        colors=rng.uniform(0, 1, vertices_world.shape).astype(np.float32),
        grad_image=rng.normal(size=(*image, 3)).astype(np.float32),
        target=_discs(rng.uniform(*DISC_RADII, spec.batch), spec.side),
    )


def save(workload, path):
    np.savez(path, **{f.name: getattr(workload, f.name) for f in dataclasses.fields(workload)})


def load(path):
    with np.load(pathlib.Path(path)) as arrays:
        return Workload(**arrays)


def _mesh(subdivisions, mesh_path):
    """Vertices [V, 3] float64 centred with radius 1, and faces [F, 3]."""
    if subdivisions is not None:
        vertices, faces = _tessellation().icosphere(subdivisions)
        vertices = vertices.astype(np.float32)
    elif mesh_path is not None:
        from tf_mesh_renderer import load_mesh  # Late: it needs TensorFlow.

        mesh = load_mesh(mesh_path, load_texture=False)
        vertices, faces = mesh.vertices, mesh.faces
    else:
        vertices, faces = _tessellation().teapot(TEAPOT_SUBDIVISIONS)
    vertices = np.asarray(vertices, np.float64)
    vertices = vertices - (vertices.max(axis=0) + vertices.min(axis=0)) / 2
    return vertices / np.linalg.norm(vertices, axis=1).max(), np.asarray(faces, np.int32)


def _tessellation():
    """The package's module of this name, without the package, which needs TensorFlow."""
    path = pathlib.Path(__file__).resolve().parents[1] / "tf_mesh_renderer/geometry/tessellation.py"
    spec = importlib.util.spec_from_file_location("tessellation", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _dent(vertices, rng):
    waves = np.zeros(len(vertices))
    for _ in range(NUM_WAVES):
        direction = rng.normal(size=3) * WAVE_NUMBER
        waves += np.cos(vertices @ direction + rng.uniform(0, 2 * np.pi)) / NUM_WAVES
    return vertices * (1 - DENT * (1 + waves[:, None]) / 2)


def _rotation(rng):
    """A rotation drawn evenly: the matrix of a random unit quaternion."""
    w, *xyz = (q := rng.normal(size=4)) / np.linalg.norm(q)
    x, y, z = xyz
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + 2 * w * cross + 2 * cross @ cross


def _project(vertices_world):
    scale = 1 / np.tan(np.deg2rad(FOV_Y_DEGREES) / 2)
    x, y, z = np.moveaxis(vertices_world.astype(np.float64), -1, 0)
    depth = DISTANCE - z
    z_clip = (depth * (FAR + NEAR) - 2 * FAR * NEAR) / (FAR - NEAR)
    return np.stack([x * scale, y * scale, z_clip, depth], axis=-1).astype(np.float32)


def _discs(radii, side):
    ticks = (2 * np.arange(side) + 1) / side - 1
    distance = np.hypot(ticks[:, None], ticks[None, :])
    return (distance < radii[:, None, None]).astype(np.float32)
