"""Triangles as one NumPy array, for what is computed outside of TensorFlow's graphs."""

from typing import Any

import numpy as np

from tf_mesh_renderer.arguments import argument_error


def face_corners(where: str, vertices: Any, faces: Any) -> np.ndarray:
    """The corners of every face that is no padding, checked.

    Args:
      where: calling function, for the error.
      vertices: [V, 3] float.
      faces: [F, 3] integers in [0, V), -1 rows are padding.
    Returns:
      [F', 3, 3] float64 array: face, corner, coordinate; padding rows are left out.
    Raises:
      TypeError: faces are no integers.
      ValueError: a shape is wrong, or an index out of range.
    """
    vertices, faces = np.asarray(vertices, np.float64), np.asarray(faces)
    for name, array in (("vertices", vertices), ("faces", faces)):
        if array.ndim != 2 or array.shape[1] != 3:
            raise argument_error(
                where,
                name,
                expected="shape [?, 3]",
                received=f"shape {list(array.shape)}",
                hint="pass one mesh at a time",
            )
    if faces.size and not np.issubdtype(faces.dtype, np.integer):
        raise argument_error(
            where,
            "faces",
            expected="integers",
            received=faces.dtype.name,
            hint="convert them with faces.astype(np.int32)",
            error=TypeError,
        )
    faces = faces[np.any(faces != -1, axis=1)].astype(np.int64)
    if np.any((faces < 0) | (faces >= len(vertices))):
        raise argument_error(
            where,
            "faces",
            expected=f"indices in [0, {len(vertices)}), or rows of -1",
            received=f"values from {faces.min()} to {faces.max()}",
            hint="check that vertices and faces belong to one mesh",
        )
    return vertices[faces]
