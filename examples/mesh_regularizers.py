"""What keeps a mesh in order while pictures pull at it."""

import numpy as np
import tensorflow as tf

import tf_mesh_renderer as mr


class MeshRegularizer:
    """Roughness of a displacement and bends of a surface, from the faces of a mesh alone.

    Args:
      faces: [F, 3] int, no padding.
    """

    def __init__(self, faces):
        faces = np.asarray(faces)
        self._faces = faces
        self._edges, self._wings = _edges_and_their_faces(faces)  # [E, 2], [N, 2]
        degrees = np.bincount(self._edges.ravel())[:, np.newaxis].astype(np.float32)
        self._degrees = np.maximum(degrees, 1.0)  # a vertex may belong to no face

    def roughness(self, displacement: tf.Tensor) -> tf.Tensor:
        """Sum over vertices of the squared distance to the mean of the neighbours.

        Of a displacement [V, D], not of positions: it leaves the curvature of the start alone.
        """
        a, b = self._edges.T
        num_vertices = len(self._degrees)
        sums = tf.math.unsorted_segment_sum(tf.gather(displacement, b), a, num_vertices)
        sums += tf.math.unsorted_segment_sum(tf.gather(displacement, a), b, num_vertices)
        return tf.reduce_sum(tf.square(displacement - sums / self._degrees))

    def bends(self, vertices: tf.Tensor) -> tf.Tensor:
        """Sum of (1 - cos angle)² between the normals of faces, over edges that two faces share."""
        normals = mr.geometry.face_normals(vertices, self._faces)  # [F, 3]
        one, other = (tf.gather(normals, side) for side in self._wings.T)
        return tf.reduce_sum(tf.square(1.0 - tf.reduce_sum(one * other, axis=-1)))


def _edges_and_their_faces(faces):
    """Edges [E, 2] as sorted pairs of vertices, and [N, 2] pairs of faces that share one."""
    corners = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    owners = np.tile(np.arange(len(faces)), 3)
    edges, edge_of, count = np.unique(
        np.sort(corners, axis=1), axis=0, return_inverse=True, return_counts=True
    )
    edge_of = edge_of.reshape(-1)
    order = np.argsort(edge_of, kind="stable")
    shared_by_two = count[edge_of[order]] == 2
    return edges, owners[order][shared_by_two].reshape(-1, 2)
