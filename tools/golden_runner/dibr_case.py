"""What a case of kind `dibr` draws; needs no TensorFlow."""

import numpy as np

from tools.golden_runner import screen

# Clip z and depth agree, so that faces keep their order: see `clip_depth`.
DEPTH_RANGE = {"near": -1.0, "far": 1.0, "depth_from": "z"}
# What the kernels add to the probability of a miss before they divide by it.
MISS_EPS = 1e-7


def clip_depth(face_vertices_z):
    """Depth [B, 3 F] that grows with the distance, in (-0.5, 0.5).

    The files' z points to the viewer. Dividing by a power of two is exact.
    """
    _, exponent = np.frexp(np.max(np.abs(face_vertices_z), initial=0.0))
    return -face_vertices_z.reshape(len(face_vertices_z), -1) / 2.0 ** (exponent + 1)


def faces_to_draw(case):
    """Indices [B, F, 3] of faces that share no vertex; those that are not valid are padding."""
    batch, num_faces = case["face_vertices_z"].shape[:2]
    faces = np.broadcast_to(screen.separate_faces(num_faces), (batch, num_faces, 3))
    valid = np.asarray(case.get("valid_faces", np.ones((batch, num_faces)))) != 0
    return np.where(valid[..., None], faces, np.int32(-1))
