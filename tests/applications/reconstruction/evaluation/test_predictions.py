"""Voxels of predicted shapes, where they are and in their bounding boxes."""

import numpy as np
import pytest

from tf_mesh_renderer.applications.reconstruction.evaluation import (
    PredictedMeshes,
    PredictedVoxels,
)
from tf_mesh_renderer.geometry import icosphere
from tf_mesh_renderer.metrics import voxel_iou

SPHERE = icosphere(3)


@pytest.mark.parametrize("center", [(0.0, 0.0, 0.0), (0.2, -0.2, 0.1)])
def test_normalized_voxels_of_a_grid_are_about_those_of_its_mesh(center):
    """A small flattened ball. Voxels that it only touches count, and larger ones count more."""
    vertices = np.array([0.25, 0.1, 0.2]) * SPHERE.vertices + np.array(center)
    meshes = PredictedMeshes(vertices[np.newaxis], SPHERE.faces)
    grid = meshes.voxels(0, normalize=False)
    voxels = PredictedVoxels(grid[np.newaxis])
    np.testing.assert_array_equal(voxels.voxels(0, normalize=False), grid)
    stretched, wanted = (shapes.voxels(0, normalize=True) for shapes in (voxels, meshes))
    assert voxel_iou(stretched, wanted) > 0.75 > 0.4 > voxel_iou(grid, wanted)
    assert stretched[0].any()
    assert stretched[-1].any()
