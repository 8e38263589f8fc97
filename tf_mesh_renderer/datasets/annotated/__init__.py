"""Photographs with a mask, a box, keypoints and a weak-perspective camera each."""

from tf_mesh_renderer.datasets.annotated.annotation import Annotation
from tf_mesh_renderer.datasets.annotated.batches import every_picture, single_views
from tf_mesh_renderer.datasets.annotated.crops import CroppedPicture, Jitter
from tf_mesh_renderer.datasets.annotated.pictures import AnnotatedPictures

__all__ = [
    "AnnotatedPictures",
    "Annotation",
    "CroppedPicture",
    "Jitter",
    "every_picture",
    "single_views",
]
