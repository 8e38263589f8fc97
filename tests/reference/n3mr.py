"""N3MR's gradient of a finished image: rows and columns swept one pixel line at a time, in float64.

Written step by step from the published kernels' rules. Inside this file row 0 is the bottom, as
there. Source: Kato, Ushiku, Harada, "Neural 3D Mesh Renderer", CVPR 2018, section 3.
"""

import dataclasses
import math

import numpy as np

from tests.reference.rasterize import faces_of_item


@dataclasses.dataclass(frozen=True)
class _Scan:
    """Arrays indexed [d0, d1]: d0 counts scan lines, d1 runs along a line, where edges move."""

    image: np.ndarray  # [n0, n1, C]
    upstream: np.ndarray  # [n0, n1, C]
    face_id: np.ndarray  # [n0, n1]
    outward_if_rising: int  # outward direction along d1 of an edge whose d0 increases
    eps: float

    def gains(self, line, targets, source):
        """How much the loss falls if the pixels `targets` of a line took over from `source`."""
        change = self.image[line, targets] - self.image[line, source]  # [N, C]
        return np.sum(change * self.upstream[line, targets], axis=-1)


def _crossing(start, end, line):
    """d1 where the line through two points meets scan line d0 = `line`; 0 if it never does."""
    if start[0] == end[0]:
        return 0.0
    return (end[1] - start[1]) / (end[0] - start[0]) * (line - start[0]) + start[1]


def _outside(scan, line, face, inner, outward):
    """Pixels beyond the edge, to the border of the image, that the edge could move over."""
    if scan.face_id[line, inner] != face:
        return np.zeros(0, int)
    border = scan.face_id.shape[1] if outward > 0 else -1
    return np.arange(inner + outward, border, outward)


def _inside(scan, line, face, corners, *, inner, outward):
    """Pixels of the face on this line, from the edge to where the line leaves the triangle."""
    a, b, c = corners
    leaves = a if (line - a[0]) * (line - c[0]) < 0 else b
    far_edge = _crossing(leaves, c, line)
    limit = math.ceil(far_edge) if outward > 0 else math.floor(far_edge)
    last = scan.face_id.shape[1] - 1
    pixels = np.arange(max(min(inner, limit), 0), min(max(inner, limit), last) + 1)
    return pixels[scan.face_id[line, pixels] == face]


def _pull(scan, gains, moves, lever):
    """Gradient on one end of an edge: every positive gain over the way that end has to move."""
    way = lever * moves * 2.0 / scan.face_id.shape[1]  # NDC
    way += np.where(way > 0.0, scan.eps, -scan.eps)
    return -np.sum(np.where(gains > 0.0, gains, 0.0) / way)


def _sweep_line(scan, line, face, corners):
    """Gradient along d1 on the two ends of the edge corners[0] -> corners[1] from one scan line."""
    a, b, _ = corners
    outward = scan.outward_if_rising if a[0] < b[0] else -scan.outward_if_rising
    crossing = _crossing(a, b, line)
    inner = math.floor(crossing) if outward > 0 else math.ceil(crossing)
    outer = inner + outward
    if not (0 <= inner < scan.face_id.shape[1] and 0 <= outer < scan.face_id.shape[1]):
        return 0.0, 0.0
    beyond = _outside(scan, line, face, inner, outward)
    within = _inside(scan, line, face, corners, inner=inner, outward=outward)
    gains = np.concatenate([scan.gains(line, beyond, inner), scan.gains(line, within, outer)])
    moves = np.concatenate([beyond, within]) - crossing
    length = b[0] - a[0]
    on_a = _pull(scan, gains, moves, length / (b[0] - line)) if b[0] != line else 0.0
    on_b = _pull(scan, gains, moves, length / (line - a[0])) if a[0] != line else 0.0
    return on_a, on_b


def _sweep_face(scan, face, corners):
    """Gradient along d1 on the three corners [3, 2], given in pixel units as (d0, d1)."""
    gradient = np.zeros(3)
    last = scan.face_id.shape[0] - 1
    for edge in range(3):
        order = [edge, (edge + 1) % 3, (edge + 2) % 3]
        a, b, _ = ordered = corners[order]
        if a[0] == b[0]:
            continue
        first = max(math.ceil(min(a[0], b[0])), 0)
        # Truncation toward zero, not floor: an edge that ends less than one pixel before line 0
        # is extended to it. The published kernels do so, and it decides pixels at the border.
        for line in range(first, math.trunc(min(max(a[0], b[0]), last)) + 1):
            gradient[order[:2]] += _sweep_line(scan, line, face, ordered)
    return gradient


def _sweep_item(image, upstream, face_id, corners_ndc, eps):
    """Gradient [F, 3, 2] of one image with respect to the corners (x, y) of its faces."""
    height, width = face_id.shape
    image, upstream, face_id = image[::-1], upstream[::-1], face_id[::-1]
    columns = _Scan(image.transpose(1, 0, 2), upstream.transpose(1, 0, 2), face_id.T, -1, eps)
    rows = _Scan(image, upstream, face_id, 1, eps)
    size = np.array([width, height])
    pixel_units = (corners_ndc * size + size - 1.0) / 2.0  # [F, 3, 2]
    gradient = np.zeros_like(corners_ndc)
    for face in np.unique(face_id[face_id >= 0]):
        p = pixel_units[face]
        (ax, ay), (bx, by) = p[1] - p[0], p[2] - p[0]
        # The rules hold for counter-clockwise corners; a face seen from behind is read backwards.
        order = [0, 1, 2] if ax * by - ay * bx >= 0.0 else [2, 1, 0]
        gradient[face, order, 1] = _sweep_face(columns, face, p[order])
        gradient[face, order, 0] = _sweep_face(rows, face, p[order][:, ::-1])
    return gradient


def n3mr_gradient(image, vertices_clip, faces, face_id, grad_image, *, eps=1e-3):
    """N3MR's gradient with respect to clip-space vertices.

    Args:
      image: [B, H, W, C], the finished image.
      vertices_clip: [B, V, 4].
      faces: [F, 3] or [B, F, 3].
      face_id: [B, H, W].
      grad_image: [B, H, W, C], upstream.
      eps: added to the distance an edge must move, in NDC.
    Returns:
      [B, V, 4] float64; the z component is 0.
    """
    vertices_clip = np.asarray(vertices_clip, np.float64)
    gradient = np.zeros_like(vertices_clip)
    for item, vertices in enumerate(vertices_clip):
        indices = faces_of_item(np.asarray(faces), item)
        corners = vertices[indices]  # [F, 3, 4]
        # A vertex in the camera plane has no place on the screen; its faces get no gradient.
        w = np.where(corners[..., 3:] == 0.0, 1.0, corners[..., 3:])
        ndc = corners[..., :2] / w
        grad_xy = _sweep_item(image[item], grad_image[item], face_id[item], ndc, eps) / w
        np.add.at(gradient[item, :, :2], indices, grad_xy)  # [F, 3, 2] -> [V, 2]
        np.add.at(gradient[item, :, 3], indices, -np.sum(grad_xy * ndc, axis=-1))
    return gradient
