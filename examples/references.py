"""Images to fit a mesh to, and how far a rendering is from them."""

import numpy as np

import tf_mesh_renderer as mr

# Colours of the bands of N3MR's example 3, top to bottom.
_BAND_COLORS = np.array(
    [
        (195, 197, 248),
        (163, 181, 253),
        (191, 228, 255),
        (255, 223, 162),
        (243, 189, 215),
        (228, 154, 171),
    ],
    np.float32,
)
_BYTE_MAX = 255


def centered_square(size: int) -> np.ndarray:
    """A white square of half the side of the image on black, [size, size] (N3MR's example 2)."""
    image = np.zeros((size, size), np.float32)
    image[size // 4 : size - size // 4, size // 4 : size - size // 4] = 1.0
    return image


def colored_bands(size: int) -> np.ndarray:
    """Six pale bands between black margins, [size, size, 3] (N3MR's example 3)."""
    height = size // (len(_BAND_COLORS) + 2)
    bands = np.repeat(_BAND_COLORS / _BYTE_MAX, height, axis=0)[:, np.newaxis]  # [6 height, 1, 3]
    image = np.zeros((size, size, 3), np.float32)
    image[height : height + len(bands)] = bands
    return image


def intersection_over_union(silhouette, reference) -> float:
    """Common part over whole of two images of coverage in [0, 1]."""
    one, other = (np.asarray(image)[np.newaxis] for image in (reference, silhouette))
    return float(mr.metrics.silhouette_iou(one, other)[0])


def overlay(silhouette, reference) -> np.ndarray:
    """[H, W, 3]: white where both are, yellow silhouette alone, blue reference alone."""
    return np.stack([silhouette, silhouette, reference], axis=-1)
