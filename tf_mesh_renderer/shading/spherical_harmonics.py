"""Light from everywhere as spherical harmonics of order 3 (nine coefficients per channel).

Order of the nine, and their signs (Condon-Shortley phase, as in DIB-R and Kaolin):

    i      0     1       2      3       4       5       6           7       8
    l, m   0,0   1,-1    1,0    1,1     2,-2    2,-1    2,0         2,1     2,2
    Y_i    c0    -c1 y   c1 z   -c1 x   c2 xy   -c2 yz  c3 (3z²-1)  -c2 xz  c4 (x²-y²)

Ramamoorthi & Hanrahan print the same functions without the minus signs: coefficients 1, 3, 5 and 7
of tables made for their paper change sign.
"""

import dataclasses
import math
from typing import Any

import tensorflow as tf

from tf_mesh_renderer.arguments import check_shape, float_tensors
from tf_mesh_renderer.shading.lights import LightSample, register
from tf_mesh_renderer.shading.pixels import over_pixels
from tf_mesh_renderer.shading.surface import Surface

NUM_COEFFICIENTS = 9
# A_l / pi for l = 0, 1, 2: what convolution with the clamped cosine leaves of each band.
COSINE_FACTORS = (1.0,) + (2 / 3,) * 3 + (1 / 4,) * 5

_C0 = math.sqrt(1 / (4 * math.pi))
_C1 = math.sqrt(3 / (4 * math.pi))
_C2 = math.sqrt(15 / (4 * math.pi))
_C3 = math.sqrt(5 / (16 * math.pi))
_C4 = math.sqrt(15 / (16 * math.pi))
# Constants of the basis functions, c0 to c4 of the table above.
SH_CONSTANTS = (_C0, _C1, _C2, _C3, _C4)


def sh_basis(directions: tf.Tensor) -> tf.Tensor:
    """The nine real spherical harmonics up to l = 2, orthonormal over the unit sphere.

    Args:
      directions: [..., 3] float, unit length.
    Returns:
      [..., 9] in the order and with the signs of this module.
    Gradients:
      Exact.
    Source:
      Ramamoorthi & Hanrahan, "An Efficient Representation for Irradiance Environment Maps",
      SIGGRAPH 2001, eq. 3.
    """
    x, y, z = tf.unstack(directions, axis=-1)
    return tf.stack(
        [
            tf.fill(tf.shape(x), tf.constant(_C0, directions.dtype)),
            -_C1 * y,
            _C1 * z,
            -_C1 * x,
            _C2 * x * y,
            -_C2 * y * z,
            _C3 * (3 * z * z - 1),
            -_C2 * x * z,
            _C4 * (x * x - y * y),
        ],
        axis=-1,
    )


def sh_irradiance_basis(normals: tf.Tensor) -> tf.Tensor:
    """Irradiance over pi that each coefficient of the light contributes: (A_l / pi) Y_i.

    The constants are 0.2820948, 0.3257350 (-y, z, -x), 0.2731371 (xy, -yz, -xz),
    0.0788479 (3z² - 1) and 0.1365686 (x² - y²). The released programs of DIB-R have typing errors
    in some of them.

    Args:
      normals: [..., 3] float, unit length.
    Returns:
      [..., 9].
    Gradients:
      Exact.
    Source:
      Ramamoorthi & Hanrahan, "An Efficient Representation for Irradiance Environment Maps",
      SIGGRAPH 2001, eqs. 7-10; Chen et al., "Learning to Predict 3D Objects with an
      Interpolation-based Differentiable Renderer", NeurIPS 2019, eq. 11.
    """
    return sh_basis(normals) * tf.constant(COSINE_FACTORS, normals.dtype)


@register("spherical_harmonics")
@dataclasses.dataclass(frozen=True)
class SphericalHarmonicsLight:
    """A distant environment by its nine coefficients; a valid argument of `tf.function`.

    An environment of radiance 1 everywhere is (sqrt(4 pi), 0, ..., 0) and gives the light 1. Nine
    coefficients approximate: the light of a single direction is off by up to 10 % of its maximum,
    and may be a little negative where it should be 0.

    Attributes:
      coefficients: [9, C] or [B, 9, C] float: projections of the linear radiance on `sh_basis`,
        world space.
    """

    coefficients: Any

    def irradiance(self, normals: tf.Tensor, positions: tf.Tensor | None = None) -> tf.Tensor:
        """Light received at unit normals, over pi, which a white surface sends back.

        Args:
          normals: [B, ..., 3] float.
          positions: not needed: the environment is far away.
        Returns:
          [B, ..., C]: sum over i of coefficient i times (A_l / pi) Y_i(normal).
        Gradients:
          Exact to normals and coefficients.
        Raises:
          ValueError: a wrong shape.
        """
        del positions
        (coefficients,) = float_tensors(self.coefficients)
        shape = [NUM_COEFFICIENTS, None]
        name = "SphericalHarmonicsLight"
        check_shape(name, "coefficients", value=coefficients, shape=shape)
        basis = tf.split(sh_irradiance_basis(normals), NUM_COEFFICIENTS, axis=-1)
        rows = tf.unstack(coefficients, num=NUM_COEFFICIENTS, axis=-2)  # nine of [(B,) C]
        # A sum of products, because matrix products are rounded to ten bits on recent GPUs.
        return tf.add_n([over_pixels(row, normals) * term for row, term in zip(rows, basis)])

    def sample(self, surface: Surface) -> LightSample:
        """The light at a surface; it has no direction.

        Args:
          surface: `Surface` [B, ..., 3].
        Returns:
          `LightSample` without direction, [B, ..., C].
        Gradients:
          As `irradiance`.
        Raises:
          ValueError: a wrong shape.
        """
        return LightSample(None, self.irradiance(surface.normals))

    def __tf_flatten__(self):
        return (), (self.coefficients,)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        del metadata  # everything is a component
        return cls(*components)
