"""How much of the light from one direction a surface sends to the viewer.

N is the normal, L the direction to the light, V the direction to the viewer, all of unit length.
These are the factors alone; material constants and colours come in `shading.matte` and
`shading.glossy`.
"""

import tensorflow as tf

from tf_mesh_renderer.geometry.vectors import dot, normalize

# Cosines up to this count as dark in highlights: at 0 the slope of a power is infinite (exponents
# below 1) or undefined (that of the exponent). Kaolin clamps at the same value, which leaves a glow
# of 1e-5 ** shininess; here the dark is 0 and has gradient 0.
SMALLEST_COSINE = 1e-5


def lambert_diffuse(normals: tf.Tensor, to_light: tf.Tensor) -> tf.Tensor:
    """Lambert's cosine law: max(N . L, 0).

    Args:
      normals: [..., 3] float, unit length.
      to_light: [..., 3] float, unit length; broadcasts.
    Returns:
      [..., 1] in [0, 1].
    Gradients:
      Exact, 0 on the dark side; twice differentiable.
    Source:
      Chen et al., "Learning to Predict 3D Objects with an Interpolation-based Differentiable
      Renderer" (DIB-R), NeurIPS 2019, eqs. 9 and 10.
    """
    return tf.nn.relu(dot(normals, to_light))


def phong_specular(
    normals: tf.Tensor, to_light: tf.Tensor, *, to_eye: tf.Tensor, shininess: tf.Tensor
) -> tf.Tensor:
    """Phong's highlight: (R . V) ** shininess with the mirrored direction R = 2 (N . L) N - L.

    0 where the light is behind the surface (N . L <= 0), as in OpenGL. The paper leaves that case
    open, and Kaolin lets light from behind the object shine through.

    Args:
      normals: [..., 3] float, unit length.
      to_light: [..., 3] float, unit length; broadcasts.
      to_eye: [..., 3] float, unit length; broadcasts.
      shininess: [..., 1] or [..., C] float > 0; broadcasts.
    Returns:
      [..., 1] or [..., C] in [0, 1].
    Gradients:
      Exact where the value is above 0, else 0; twice differentiable. None through the border of
      the lit side, where the value jumps.
    Source:
      Phong, "Illumination for Computer Generated Pictures", CACM 1975; DIB-R, eq. 9.
    """
    facing = dot(normals, to_light)
    mirrored = 2 * facing * normals - to_light
    return _highlight(dot(mirrored, to_eye), shininess, lit=facing > 0)


def blinn_phong_specular(
    normals: tf.Tensor, to_light: tf.Tensor, *, to_eye: tf.Tensor, shininess: tf.Tensor
) -> tf.Tensor:
    """Blinn's highlight: (N . H) ** shininess with H = (L + V) / |L + V| halfway.

    About as wide as Phong's at four times the exponent. 0 where N . L <= 0.

    Args:
      normals: [..., 3] float, unit length.
      to_light: [..., 3] float, unit length; broadcasts.
      to_eye: [..., 3] float, unit length; broadcasts.
      shininess: [..., 1] or [..., C] float > 0; broadcasts.
    Returns:
      [..., 1] or [..., C] in [0, 1].
    Gradients:
      As `phong_specular`.
    Source:
      Blinn, "Models of Light Reflection for Computer Synthesized Pictures", SIGGRAPH 1977.
    """
    halfway = normalize(to_light + to_eye)
    return _highlight(dot(normals, halfway), shininess, lit=dot(normals, to_light) > 0)


def _highlight(cosine: tf.Tensor, shininess: tf.Tensor, *, lit: tf.Tensor) -> tf.Tensor:
    """cosine ** shininess where there is light, else 0."""
    bright = tf.logical_and(lit, cosine > SMALLEST_COSINE)
    # The inner `where` keeps the power's infinite slopes out of the backward pass.
    power = tf.pow(tf.where(bright, cosine, tf.ones_like(cosine)), shininess)
    return tf.where(bright, power, tf.zeros_like(power))
