"""The Chainer package's rasterizing functions, which take projected faces instead of a mesh."""

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error, check_choice, height_and_width
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.gradients import N3mr
from tf_mesh_renderer.neural_renderer.camera import N3mrCamera
from tf_mesh_renderer.neural_renderer.triples import mesh_of_triples
from tf_mesh_renderer.rendering.antialiasing import downsample, supersampled
from tf_mesh_renderer.rendering.pipeline import render, render_depth, render_silhouette
from tf_mesh_renderer.textures.face import FaceTexture

DEFAULT_IMAGE_SIZE = 256
DEFAULT_ANTI_ALIASING = True
DEFAULT_NEAR = 0.1
DEFAULT_FAR = 100
DEFAULT_EPS = 1e-4
DEFAULT_BACKGROUND_COLOR = (0, 0, 0)

_DEPTH_ANTIALIASING = ("masked", "mean")


def rasterize_rgbad(
    faces,
    textures=None,
    image_size=DEFAULT_IMAGE_SIZE,
    anti_aliasing=DEFAULT_ANTI_ALIASING,
    near=DEFAULT_NEAR,
    far=DEFAULT_FAR,
    eps=DEFAULT_EPS,
    background_color=DEFAULT_BACKGROUND_COLOR,
    return_rgb=True,
    return_alpha=True,
    return_depth=True,
    *,
    depth_antialiasing="masked",
) -> dict:
    """Draws colour, alpha and depth of projected faces; those clockwise on screen are left out.

    Args:
      faces: [B, F, 3, 3] float: three corners (x, y, z) of each face, x right and y up in NDC, z
        the depth. Faces with z <= 0 are left out.
      textures: [B, F, T, T, T, 3] float; needed if `return_rgb`.
      image_size: side of the square image in pixels, or (height, width).
      anti_aliasing: render at twice the size and average blocks of 2x2 pixels.
      near: depth at and below which nothing is drawn.
      far: depth at and beyond which nothing is drawn; depth of empty pixels.
      eps: see `N3mr`; also the distance lookups keep from the last texel.
      background_color: [3] or [B, 3] float.
      return_rgb: whether to draw colour.
      return_alpha: whether to draw alpha.
      return_depth: whether to draw depth.
      depth_antialiasing: "masked", or "mean" for the original's mixing of `far` into borders.
    Returns:
      A dict with "rgb" [B, 3, H, W], "alpha" [B, H, W] and "depth" [B, H, W]; None where not asked
      for. Row 0 is the top.
    Gradients:
      N3MR's to x and y from rgb and alpha together; exact to x, y, z from depth; exact to textures.
    Raises:
      ValueError: colour without textures, or an unknown `depth_antialiasing`.
    """
    if return_rgb and textures is None:
        raise argument_error(
            "rasterize_rgbad",
            "textures",
            expected="[B, F, T, T, T, 3] float",
            received="None",
            hint="pass textures, or return_rgb=False",
        )
    mesh = mesh_of_triples(faces, None if textures is None else FaceTexture(textures, eps=eps))
    camera = N3mrCamera(near=near, far=far)
    size = square_or_pair(image_size)
    rgb = alpha = depth = None
    options = {"image_size": size, "cull": "back", "anti_aliasing": anti_aliasing}
    if return_rgb:
        rgba = render(mesh, camera, gradient=N3mr(eps), background=background_color, **options)
        rgb = channels_first(rgba[..., :3])
        alpha = rgba[..., 3] if return_alpha else None
    elif return_alpha:
        alpha = render_silhouette(mesh, camera, gradient=N3mr(eps), **options)
    if return_depth:
        depth = depth_image(mesh, camera, depth_antialiasing=depth_antialiasing, **options)
    return {"rgb": rgb, "alpha": alpha, "depth": depth}


def rasterize(
    faces,
    textures,
    image_size=DEFAULT_IMAGE_SIZE,
    anti_aliasing=DEFAULT_ANTI_ALIASING,
    near=DEFAULT_NEAR,
    far=DEFAULT_FAR,
    eps=DEFAULT_EPS,
    background_color=DEFAULT_BACKGROUND_COLOR,
) -> tf.Tensor:
    """Draws colour alone.

    Args:
      faces: as in `rasterize_rgbad`, like all further arguments.
      textures: [B, F, T, T, T, 3] float.
      image_size: side of the square image in pixels, or (height, width).
      anti_aliasing: render at twice the size and average.
      near: depth at and below which nothing is drawn.
      far: depth at and beyond which nothing is drawn.
      eps: see `N3mr`; also the distance lookups keep from the last texel.
      background_color: [3] or [B, 3] float.
    Returns:
      [B, 3, H, W] float, row 0 at the top.
    Gradients:
      N3MR's to x and y of the faces; exact to textures and background.
    Raises:
      ValueError: no textures, or a static shape is wrong.
    """
    return rasterize_rgbad(
        faces,
        textures,
        image_size,
        anti_aliasing,
        near,
        far,
        eps,
        background_color,
        return_alpha=False,
        return_depth=False,
    )["rgb"]


def rasterize_silhouettes(
    faces,
    image_size=DEFAULT_IMAGE_SIZE,
    anti_aliasing=DEFAULT_ANTI_ALIASING,
    near=DEFAULT_NEAR,
    far=DEFAULT_FAR,
    eps=DEFAULT_EPS,
) -> tf.Tensor:
    """Draws alpha alone.

    Args:
      faces: as in `rasterize_rgbad`, like all further arguments.
      image_size: side of the square image in pixels, or (height, width).
      anti_aliasing: render at twice the size and average.
      near: depth at and below which nothing is drawn.
      far: depth at and beyond which nothing is drawn.
      eps: see `N3mr`.
    Returns:
      [B, H, W] float in [0, 1], row 0 at the top.
    Gradients:
      N3MR's to x and y of the faces.
    Raises:
      ValueError: a static shape is wrong.
    """
    return rasterize_rgbad(
        faces, None, image_size, anti_aliasing, near, far, eps, return_rgb=False, return_depth=False
    )["alpha"]


def rasterize_depth(
    faces,
    image_size=DEFAULT_IMAGE_SIZE,
    anti_aliasing=DEFAULT_ANTI_ALIASING,
    near=DEFAULT_NEAR,
    far=DEFAULT_FAR,
    eps=DEFAULT_EPS,
    *,
    depth_antialiasing="masked",
) -> tf.Tensor:
    """Draws depth alone.

    Args:
      faces: as in `rasterize_rgbad`, like all further arguments.
      image_size: side of the square image in pixels, or (height, width).
      anti_aliasing: render at twice the size and average.
      near: depth at and below which nothing is drawn.
      far: depth at and beyond which nothing is drawn; depth of empty pixels.
      eps: accepted as by the original, not used.
      depth_antialiasing: "masked" or "mean".
    Returns:
      [B, H, W] float, row 0 at the top.
    Gradients:
      Exact to x, y, z of the faces; none through visibility.
    Raises:
      ValueError: a static shape is wrong, or an unknown `depth_antialiasing`.
    """
    return rasterize_rgbad(
        faces,
        None,
        image_size,
        anti_aliasing,
        near,
        far,
        eps,
        return_rgb=False,
        return_alpha=False,
        depth_antialiasing=depth_antialiasing,
    )["depth"]


def depth_image(
    mesh: Mesh,
    camera: N3mrCamera,
    *,
    image_size: tuple[int, int],
    cull: str,
    anti_aliasing: bool,
    depth_antialiasing: str,
) -> tf.Tensor:
    """`render_depth` with the camera's far depth where empty, and N3MR's plain mean as an option.

    Args:
      mesh: vertices [B, V, 3], in the space that `camera` projects from.
      camera: its `far` fills empty pixels.
      image_size: (height, width).
      cull: "back", "front" or "none".
      anti_aliasing: render at twice the size.
      depth_antialiasing: "masked" or "mean".
    Returns:
      [B, H, W] float, distance along the camera's axis, row 0 at the top.
    Gradients:
      Exact to the vertices where a face is seen; none through visibility.
    Raises:
      ValueError: an unknown `depth_antialiasing`.
    """
    check_choice(
        "render_depth",
        "depth_antialiasing",
        value=depth_antialiasing,
        choices=_DEPTH_ANTIALIASING,
    )
    plain_mean = anti_aliasing and depth_antialiasing == "mean"
    depth = render_depth(
        mesh,
        camera,
        image_size=supersampled(image_size) if plain_mean else image_size,
        background=camera.far,
        cull=cull,
        anti_aliasing=anti_aliasing and not plain_mean,
    )
    return downsample(depth[..., tf.newaxis])[..., 0] if plain_mean else depth


def square_or_pair(image_size) -> tuple[int, int]:
    """The image size that one number or a pair stands for.

    Args:
      image_size: side S of a square image in pixels, or (height, width).
    Returns:
      (S, S), or the pair as it is.
    Raises:
      ValueError: neither an integer nor a pair of integers.
    """
    pair = (image_size, image_size) if np.ndim(image_size) == 0 else image_size
    return height_and_width("neural_renderer", pair)


def channels_first(image: tf.Tensor) -> tf.Tensor:
    """Puts the channels where Chainer has them.

    Args:
      image: [B, H, W, C] of any dtype.
    Returns:
      [B, C, H, W].
    Gradients:
      Exact.
    """
    return tf.transpose(image, [0, 3, 1, 2])
