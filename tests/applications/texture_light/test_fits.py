"""Direct fits: the truth has no error, and a few steps come nearer to it."""

import numpy as np
import pytest

from tf_mesh_renderer import geometry
from tf_mesh_renderer.applications.texture_light import fits
from tf_mesh_renderer.applications.texture_light.surfaces import MODELS, CubeSurface, UvSurface

SPHERE = geometry.icosphere(1)
SETTINGS = fits.FitSettings(steps=30, side=16)


@pytest.mark.parametrize("model", MODELS)
def test_the_truth_has_no_error(model):
    objects = fits.random_objects(SPHERE, count=2, seed=0)
    surface = model(SPHERE)
    scene = fits._Scene(objects, surface, 16)
    fit = fits._Fit(objects, surface, SETTINGS)
    fit._values.assign(surface.values(objects.pictures.numpy()))
    fit.directions.assign(3.0 * objects.directions)
    for name, values in scene.errors(fit).items():
        np.testing.assert_allclose(values, 0.0, atol=1e-4, err_msg=name)


def test_objects_are_fitted_each_on_its_own():
    objects = fits.random_objects(SPHERE, count=2, seed=0)
    alone = fits.FitObjects(
        objects.vertices[:1], objects.pictures[:1], objects.directions[:1], objects.starts[:1]
    )
    arguments = {"model": UvSurface(SPHERE), "target": CubeSurface(SPHERE), "settings": SETTINGS}
    both = fits.fit_texture_and_light(objects, **arguments)
    one = fits.fit_texture_and_light(alone, **arguments)
    for name, values in one.items():
        np.testing.assert_allclose(values, both[name][:1], rtol=0.02, atol=1e-4, err_msg=name)
    assert np.all(both["light_angle"] < both["start_angle"])
