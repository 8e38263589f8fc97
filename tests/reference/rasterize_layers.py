"""All faces of every pixel, sorted by depth: each face is drawn alone, in float64."""

import numpy as np

from tests.reference.rasterize import Fragments, rasterize


def rasterize_layers(vertices_clip, faces, *, image_size, num_layers, visibility=None):
    """The `num_layers` nearest fragments of every pixel, and how many there are in all.

    Args:
      vertices_clip, faces, image_size, visibility: as those of `rasterize`.
      num_layers: K.
    Returns:
      List of K `Fragments`, nearest first, equal depths by face id; count [B, H, W].
    """
    alone = [
        rasterize(vertices_clip, only, image_size=image_size, visibility=visibility)
        for only in _each_face_alone(np.asarray(faces))
    ]
    face_id = np.stack([fragments.face_id for fragments in alone])  # [F, B, H, W]
    barycentrics = np.stack([fragments.barycentrics for fragments in alone])
    depth = np.stack([fragments.depth for fragments in alone])
    order = np.argsort(np.where(face_id >= 0, depth, np.inf), axis=0, kind="stable")
    order = order[:num_layers]  # [K, B, H, W]
    layers = zip(
        np.take_along_axis(face_id, order, axis=0),
        np.take_along_axis(barycentrics, order[..., None], axis=0),
        np.take_along_axis(depth, order, axis=0),
        strict=True,
    )
    return [Fragments(*fields) for fields in layers], np.sum(face_id >= 0, axis=0)


def _each_face_alone(faces):
    """For every face the array of faces with all others turned into padding."""
    for face in range(faces.shape[-2]):
        only = np.full_like(faces, -1)
        only[..., face, :] = faces[..., face, :]
        yield only
