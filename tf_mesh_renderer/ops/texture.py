"""Textures laid on by texture coordinates."""

import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice
from tf_mesh_renderer.ops._arguments import to_float
from tf_mesh_renderer.ops._library import library
from tf_mesh_renderer.ops._second_derivatives import refuse_second_derivatives

TEXTURE_FILTERS = ("nearest", "bilinear", "trilinear")
TEXTURE_WRAPS = ("repeat", "clamp", "mirror")


def texture(texture, uv, *, covered=None, uv_derivatives=None, filter="bilinear", wrap="repeat"):
    """Reads a picture at texture coordinates.

    Texel (row r, column c) of an h x w picture has its centre at u = (c + 1/2) / w,
    v = 1 - (r + 1/2) / h: u runs right and v runs up from the bottom of the picture, as in OBJ and
    OpenGL. In a picture [[[0.0], [1.0]], [[2.0], [3.0]]] (lower row 2, 3) the coordinates
    (0.5, 0.25) lie midway between the centres of 2 and 3, so a bilinear lookup gives 2.5.

    A trilinear lookup blends two levels of the mip pyramid; each level halves both sides, rounded
    down, and every level has the mean of the picture, for odd sides too. The level is log2 of the
    longer axis of the ellipse that one pixel covers, in texels: isotropic, and the same however the
    texture is turned. It is 1 for a pixel that is two texels wide: of the picture above it then
    shows level 1, the mean 1.5. Levels below 0 read the picture itself, bilinearly.

    Args:
      texture: [B, h, w, C] floats in the dtype of `uv`, or [1, h, w, C] for the whole batch; any C,
        sides of 1 to 32768. Row 0 is the top of the picture. Arrays and lists are cast; float16 and
        bfloat16 are computed, and returned, in float32.
      uv: [B, H, W, 2] float32 or float64, texture coordinates of every pixel. Finite, magnitudes
        up to 1e37 (float64: 1e100). Beyond 2^24 (float64: 2^30) all are read as one place.
      covered: [B, H, W] bool, whether a pixel is read at all, such as `fragments.face_id >= 0`;
        others are 0 and add nothing to any gradient, and their coordinates and derivatives may be
        anything. None reads all.
      uv_derivatives: [B, H, W, 2, 2], for "trilinear" only: [..., i, j] is the derivative of
        coordinate i (u, v) by pixel position j (column, row), see
        `tf_mesh_renderer.geometry.screen_derivatives`. Finite.
      filter: "nearest" takes the texel that a coordinate lies in, "bilinear" blends four texels,
        "trilinear" blends two levels of the pyramid.
      wrap: what lies outside [0, 1]: "repeat" continues the picture periodically, "clamp" continues
        its border, "mirror" turns every second copy around.
    Returns:
      [B, H, W, C] in the dtype of `uv`; 0 where not covered.
    Gradients:
      To `texture`, exact. To `uv`, exact between texel centres, where a bilinear blend has kinks; 0
      with "nearest", and outside [0, 1] with "clamp". To `uv_derivatives` through the level,
      exact; 0 beyond both ends of the pyramid. No second derivatives.
    Raises:
      TypeError: a dtype is wrong.
      ValueError: `filter` or `wrap` is unknown, `uv_derivatives` is missing for "trilinear" or
        given for another filter, or a shape is wrong while tracing.
      tf.errors.InvalidArgumentError: a shape is wrong, or a coordinate or derivative is not finite.
    Source:
      OpenGL 4.6 core profile, section 8.14 (texels, wrap, level of detail). Williams, "Pyramidal
      parametrics", SIGGRAPH 1983. Guthe and Heckbert, "Non-power-of-two mipmapping", NVIDIA 2005
      (odd sides).
    """
    check_choice("texture", "filter", value=filter, choices=TEXTURE_FILTERS)
    check_choice("texture", "wrap", value=wrap, choices=TEXTURE_WRAPS)
    uv = to_float("texture", "uv", uv)
    return library().mesh_renderer_texture(
        texture=to_float("texture", "texture", texture, like=("uv", uv)),
        uv=uv,
        uv_derivatives=_derivatives(uv_derivatives, uv, filter),
        covered=_mask(covered),
        filter=filter,
        wrap=wrap,
    )


def _mask(covered):
    """What the op takes: the mask, or an empty tensor for "everywhere"."""
    mask = tf.zeros([0], tf.bool) if covered is None else tf.convert_to_tensor(covered)
    if mask.dtype != tf.bool:
        raise argument_error(
            "texture",
            "covered",
            expected="bool",
            received=mask.dtype.name,
            hint="compare with something, as in fragments.face_id >= 0",
            error=TypeError,
        )
    return mask


def _derivatives(uv_derivatives, uv, filter):
    """What the op takes: the derivatives, or an empty tensor where no filter asks for them."""
    wanted = filter == "trilinear"
    if wanted == (uv_derivatives is None):
        raise argument_error(
            "texture",
            "uv_derivatives",
            expected=f"{'derivatives' if wanted else 'None'} with filter = {filter!r}",
            received="None" if uv_derivatives is None else "derivatives",
            hint="only trilinear lookups choose a level by them",
        )
    if not wanted:
        return tf.zeros([0], uv.dtype)
    return to_float("texture", "uv_derivatives", uv_derivatives, like=("uv", uv))


@tf.RegisterGradient("MeshRenderer>Texture")
def _texture_gradient(op, grad_output):
    texels, uv, uv_derivatives, covered = op.inputs
    filter = tf.compat.as_str(op.get_attr("filter"))
    to_texture, to_uv, to_derivatives = library().mesh_renderer_texture_grad(
        texture=texels,
        uv=uv,
        uv_derivatives=uv_derivatives,
        covered=covered,
        grad_output=grad_output,
        filter=filter,
        wrap=op.get_attr("wrap"),
    )
    return to_texture, to_uv, to_derivatives if filter == "trilinear" else None, None


tf.RegisterGradient("MeshRenderer>TextureGrad")(refuse_second_derivatives)
