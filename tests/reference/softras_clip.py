"""SoftRas for batches of vertices in clip space, as the ops take them, in float64."""

import numpy as np

from tests.reference import softras, softras_original
from tests.reference.rasterize import faces_of_item
from tests.reference.screen import add_corner_gradients, screen_corners
from tests.reference.softras_fragments import fragments_of


def _item_of(array, item):
    """One item of [B, ...], or the only one of [1, ...]."""
    return array[item] if len(array) > 1 else array[0]


def _draw_item(scene, item, image_size, settings):
    vertices_clip, faces, colors, background = scene
    indices = faces_of_item(np.asarray(faces), item)
    table = _item_of(np.asarray(colors, np.float64), item)
    if settings.color_source == "vertex":
        table = table[indices]  # [F, 3, C]
    corners = screen_corners(vertices_clip[item], indices, settings.visibility)
    behind = np.asarray(background, np.float64)[item]
    num_faces = np.sum(indices[:, 0] >= 0)  # without padding
    return softras.draw(corners, table, behind, image_size, settings, num_faces=num_faces)


def softras_color(scene, image_size, settings):
    """Draws a batch.

    Args:
      scene: (vertices_clip [B, V, 4], faces [F, 3] or [B, F, 3] with rows of -1 as padding, colors,
        background [B, C]); colors are [B, V, C], or [B or 1, F, R R, C] of the surface.
      image_size: (height, width).
      settings: `SoftrasSettings`.
    Returns:
      image [B, H, W, C + 1] and aggregates [B, H, W, 2].
    """
    pictures = [_draw_item(scene, item, image_size, settings) for item in range(len(scene[0]))]
    image = np.stack([p.image.reshape(*image_size, -1) for p in pictures])
    return image, np.stack([p.aggregates.reshape(*image_size, 2) for p in pictures])


def softras_color_gradient(scene, grad_image, settings, *, original=False):
    """Gradients of sum(image * grad_image).

    Args:
      scene: as `softras_color`.
      grad_image: [B, H, W, C + 1].
      settings: `SoftrasSettings`.
      original: whether to give what the released kernels give, instead of the exact derivative.
    Returns:
      Gradients to vertices_clip, colors and background.
    """
    vertices_clip, faces, colors, background = (np.asarray(array) for array in scene)
    to_vertices, to_colors, to_background = (
        np.zeros(np.shape(array)) for array in (vertices_clip, colors, background)
    )
    differentiate = (softras_original if original else softras).draw_gradient
    for item, upstream in enumerate(grad_image):
        picture = _draw_item(scene, item, upstream.shape[:2], settings)
        found = differentiate(picture, upstream.reshape(-1, upstream.shape[-1]), settings)
        indices = faces_of_item(faces, item)
        to_vertices[item] = add_corner_gradients(
            vertices_clip[item], indices, found.corners, settings.visibility
        )
        if settings.color_source == "vertex":
            np.add.at(_item_of(to_colors, item), indices, found.table)
        else:
            _item_of(to_colors, item)[...] += found.table
        to_background[item] = found.background
    return to_vertices, to_colors, to_background


def _without_colors(vertices_clip, faces):
    vertices_clip = np.asarray(vertices_clip)
    batch, num_vertices = vertices_clip.shape[:2]
    return vertices_clip, faces, np.zeros([batch, num_vertices, 0]), np.zeros([batch, 0])


def softras_silhouette(vertices_clip, faces, image_size, settings):
    """Alpha [B, H, W] alone; `settings.visibility` has no say."""
    image, _ = softras_color(_without_colors(vertices_clip, faces), image_size, settings)
    return image[..., 0]


def softras_silhouette_gradient(vertices_clip, faces, grad_alpha, settings):
    """Exact gradient [B, V, 4] of sum(alpha * grad_alpha)."""
    scene = _without_colors(vertices_clip, faces)
    return softras_color_gradient(scene, grad_alpha[..., None], settings)[0]


def softras_fragments(vertices_clip, faces, image_size, num_fragments, settings):
    """The nearest fragments that colour each pixel, nearest first, equals by face id.

    Returns:
      face_id [B, H, W, K], -1 where there is none, with zeros in barycentrics [B, H, W, K, 3],
      depth and coverage [B, H, W, K]; and count [B, H, W] of all fragments of a pixel.
    """
    shape = (len(vertices_clip), image_size[0] * image_size[1], num_fragments)
    face_id, barycentrics = np.full(shape, -1, np.int32), np.zeros((*shape, 3))
    depth, coverage = np.zeros(shape), np.zeros(shape)
    count = np.zeros(shape[:2], np.int32)
    for item, vertices in enumerate(np.asarray(vertices_clip, np.float64)):
        indices = faces_of_item(np.asarray(faces), item)
        corners = screen_corners(vertices, indices, settings.visibility)
        found = fragments_of(corners, image_size, settings)
        order = np.lexsort((found.face, found.shape.depth, found.pixel))
        order = order[found.colors[order]]
        pixel = found.pixel[order]
        count[item] = np.bincount(pixel, minlength=shape[1])
        layer = np.arange(len(pixel)) - np.searchsorted(pixel, pixel)
        order, pixel, layer = (a[layer < num_fragments] for a in (order, pixel, layer))
        place = (item, pixel, layer)
        face_id[place], depth[place] = found.face[order], found.shape.depth[order]
        barycentrics[place] = found.shape.color_weights[order]
        coverage[place] = found.probability[order]
    size = (len(vertices_clip), *image_size)
    layers = (a.reshape(*size, *a.shape[2:]) for a in (face_id, barycentrics, depth, coverage))
    return *layers, count.reshape(size)
