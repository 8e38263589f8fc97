"""From noise to textured meshes: the generator of DIB-R's 3D GAN."""

import dataclasses
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice, to_count
from tf_mesh_renderer.geometry import Mesh, icosphere
from tf_mesh_renderer.models.globe_maps import GlobeConvolution
from tf_mesh_renderer.textures import UvTexture, spherical_uv

_SUBDIVISIONS = 3  # 642 vertices, 1280 faces
_LEAK = 0.2
_FIRST_SIDE = 4  # of the coarsest map of a texture; every block doubles it
# Of the last layer of the shape: training starts from the template.
_DISPLACEMENT_STDDEV = 0.002
_COLORS = 3


@dataclasses.dataclass(frozen=True)
class GeneratorSize:
    """Widths of a generator; the numbers of layers may vary too.

    Attributes:
      noise_units: numbers that an object is made of.
      shape_units: units of the dense layers between the noise and the displacements.
      texture_filters: channels of the maps between the noise and the texture, from 4 x 4 texels on;
        each map has twice the side of the one before.
    Raises:
      TypeError, ValueError: a width is no integer, or less than 1, or there is no map.
    """

    noise_units: int = 128
    shape_units: tuple[int, ...] = (256, 512, 1024)
    texture_filters: tuple[int, ...] = (512, 256, 128, 64, 32, 16)

    def __post_init__(self):
        object.__setattr__(self, "noise_units", _width("noise_units", self.noise_units))
        for name in ("shape_units", "texture_filters"):
            widths = tuple(_width(name, value) for value in getattr(self, name))
            object.__setattr__(self, name, widths)
        if not self.texture_filters:
            raise argument_error(
                "GeneratorSize",
                "texture_filters",
                expected="at least one width",
                received="none",
                hint="(64,) makes textures of 4 x 4 texels",
            )

    @property
    def texture_size(self) -> int:
        """Side of the texture in texels."""
        return _FIRST_SIDE * 2 ** (len(self.texture_filters) - 1)

    def to_config(self) -> dict:
        """The attributes as JSON types.

        Returns:
          A dict that `from_config` turns back into an equal size.
        """
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_config(cls, config: Any) -> "GeneratorSize":
        """A size from its configuration.

        Args:
          config: a dict of attributes, a name ("full" or "tiny"), or a `GeneratorSize`, which is
            returned as it is.
        Returns:
          `GeneratorSize`.
        Raises:
          ValueError: an unknown name.  TypeError: an unknown attribute.
        """
        if isinstance(config, cls):
            return config
        if isinstance(config, str):
            check_choice("GeneratorSize", "size", value=config, choices=tuple(GENERATOR_SIZES))
            return GENERATOR_SIZES[config]
        return cls(**config)


def _width(name: str, value: Any) -> int:
    width = to_count("GeneratorSize", name, value)
    if width < 1:
        raise argument_error(
            "GeneratorSize",
            name,
            expected="integers > 0",
            received=repr(value),
            hint="leave a layer out of the tuple to have none",
        )
    return width


# "full" has textures of 128 x 128 texels, "tiny" of 32 x 32.
GENERATOR_SIZES = {
    "full": GeneratorSize(),
    "tiny": GeneratorSize(16, (128, 256), (64, 64, 32, 16)),
}


@keras.saving.register_keras_serializable(package="tf_mesh_renderer")
class MeshGenerator(keras.Model):
    """Turns noise into displacements of a template and into its texture.

    The two decoders share nothing but the noise, so that the texture can be trained on a shape that
    stays as it is. The texture is a map of the template by longitude and latitude.

    Args:
      template: `Mesh` without batch that is deformed, or a dict of its vertices [V, 3] and faces
        [F, 3]; None: the icosphere of 642 vertices with radius 0.3. Taken as it is, world units.
      size: `GeneratorSize`, its name or its configuration.
      **kwargs: passed to `keras.Model` (`name`, `dtype`).
    Call arguments:
      noise: [B, size.noise_units] float, from a standard normal distribution.
      training: not used, no layer behaves otherwise in training.
    Returns:
      A dict of float32 tensors: "vertices" [B, V, 3], world space; "displacements" [B, V, 3], of
      the vertices from the template; "textures" [B, T, T, 3] in [0, 1], linear RGB, row 0 on top.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer", NeurIPS 2019, sections 4.2 and 5.5; it does not say how wide the layers are.
    """

    def __init__(self, template: Any = None, *, size: Any = "full", **kwargs):
        super().__init__(**kwargs)
        self.size = GeneratorSize.from_config(size)
        self._template, self._faces = _template_arrays(template)
        self._uv, self._uv_faces = spherical_uv(self._template, self._faces)
        self.shape_decoder = _shape_decoder(self.size, self._template.size, self.dtype_policy)
        self.texture_decoder = _texture_decoder(self.size, self.dtype_policy)

    @property
    def template(self) -> np.ndarray:
        """[V, 3] float32: where vertices are without displacement."""
        return self._template

    @property
    def faces(self) -> np.ndarray:
        """[F, 3] int32: the faces of the template and of every mesh that is made."""
        return self._faces

    def build(self, input_shape=None):
        """Makes all variables.

        Args:
          input_shape: (B, noise units), or None.
        """
        del input_shape
        if self.built:
            return
        for decoder in (self.shape_decoder, self.texture_decoder):
            decoder.build((None, self.size.noise_units))
        self.built = True

    def call(self, noise, training=False):
        return {**self.shapes(noise), "textures": self.texture_decoder(noise, training=training)}

    def shapes(self, noise: tf.Tensor) -> dict[str, tf.Tensor]:
        """The meshes alone.

        Args:
          noise: [B, size.noise_units] float.
        Returns:
          "vertices" and "displacements" as `call`.
        Gradients:
          Exact.
        """
        numbers = self.shape_decoder(noise)
        displacements = tf.reshape(numbers, [-1, *self._template.shape])  # [B, V, 3]
        return {"vertices": self._template + displacements, "displacements": displacements}

    def texture_of(self, images: tf.Tensor) -> UvTexture:
        """Lays maps on the meshes.

        Args:
          images: [B, T, T, 3] float, or [T, T, 3].
        Returns:
          The texture, with the coordinates of `textures.spherical_uv` on the template.
        Gradients:
          Exact.
        """
        return UvTexture(images, self._uv, self._uv_faces)

    def get_config(self):
        return {
            **super().get_config(),
            "template": {"vertices": self._template.tolist(), "faces": self._faces.tolist()},
            "size": self.size.to_config(),
        }


def default_template(subdivisions: int = _SUBDIVISIONS) -> Mesh:
    """The sphere that is deformed; small, so that it begins within most objects.

    Args:
      subdivisions: as of `geometry.icosphere`.
    Returns:
      `Mesh` of radius 0.3 around the origin.
    """
    return icosphere(subdivisions, radius=0.3)


def _template_arrays(template: Any) -> tuple[np.ndarray, np.ndarray]:
    template = default_template() if template is None else template
    mesh = Mesh(**template) if isinstance(template, dict) else template
    return np.asarray(mesh.vertices, np.float32), np.asarray(mesh.faces)


def _shape_decoder(size: GeneratorSize, outputs: int, dtype) -> keras.Sequential:
    """From noise [B, N] to displacements [B, 3 V] float32."""
    layers = []
    for units in size.shape_units:
        layers += [keras.layers.Dense(units, dtype=dtype), _leaky(dtype)]
    start = keras.initializers.RandomNormal(stddev=_DISPLACEMENT_STDDEV)
    # Half precision could not place a vertex to a pixel.
    head = keras.layers.Dense(outputs, kernel_initializer=start, dtype="float32")
    return keras.Sequential([*layers, head], name="shape_decoder")


def _texture_decoder(size: GeneratorSize, dtype) -> keras.Sequential:
    """From noise [B, N] to textures [B, T, T, 3] float32."""
    first, *rest = size.texture_filters
    layers = [
        keras.layers.Dense(_FIRST_SIDE**2 * first, dtype=dtype),
        _leaky(dtype),
        keras.layers.Reshape([_FIRST_SIDE, _FIRST_SIDE, first], dtype=dtype),
    ]
    for filters in rest:
        layers += [GlobeConvolution(filters, doubles=True, dtype=dtype), _leaky(dtype)]
    layers += [
        GlobeConvolution(_COLORS, dtype="float32"),
        keras.layers.Activation("sigmoid", dtype="float32"),
    ]
    return keras.Sequential(layers, name="texture_decoder")


def _leaky(dtype) -> keras.layers.Layer:
    return keras.layers.LeakyReLU(_LEAK, dtype=dtype)
