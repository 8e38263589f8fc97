"""The whole way from a mesh to an image; differentiation runs through the same lines backwards."""

import tensorflow as tf

from tf_mesh_renderer import ops
from tf_mesh_renderer.cameras.camera import Camera
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.gradients import GradientModel, N3mr
from tf_mesh_renderer.rendering.antialiasing import downsample, downsample_depth, supersampled
from tf_mesh_renderer.shading.lambert import face_irradiance, pixel_irradiance, seen_irradiance

# The two values of `eps` are N3MR's.
COLOR_GRADIENT = N3mr(eps=1e-3)
SILHOUETTE_GRADIENT = N3mr(eps=1e-4)


def render(
    mesh: Mesh,
    camera: Camera,
    *,
    image_size,
    lights=(),
    gradient: GradientModel = COLOR_GRADIENT,
    background=0.0,
    cull: str = "none",
    anti_aliasing: bool = True,
) -> tf.Tensor:
    """Draws a mesh in colour.

    The lines of this function are the data flow of the library: project, rasterize, look up the
    texture, shade, blend with the background and attach the gradient, anti-alias.

    Args:
      mesh: vertices [B, V, 3] or [V, 3] in world space. A texture with C channels; None is white.
      camera: a `Camera`, or any object with `project`, `near`, `far`, `depth_from` and `mirrors`.
        A batch of one, of mesh or camera, serves all items of the other.
      image_size: (height, width) in pixels; a pair of int, or an int32 tensor [2].
      lights: lights of `shading`, whose light on the side seen multiplies the colour. None of them
        leaves colours as they are.
      gradient: how the image moves the vertices, see `gradients`.
      background: [], [C] or [B, C] float, linear colour of pixels without a face.
      cull: "back" hides faces clockwise on screen, "front" the others, "none" shows both sides.
      anti_aliasing: render at twice the size and average blocks of 2x2 pixels.
    Returns:
      [B, H, W, C + 1] float, linear; colour with the background filled in, then alpha in [0, 1]
      (coverage). Row 0 is the top.
    Gradients:
      To vertices and camera as `gradient` defines them, plus the exact ones through the shading;
      exact to texture, lights and background.
    Raises:
      ValueError: a static shape is wrong.
      tf.errors.InvalidArgumentError: a face index is out of range.
    """
    mesh = mesh.batched()
    vertices_clip = camera.project(mesh.vertices)  # [B, V, 4]
    fragments = _rasterize(vertices_clip, mesh, camera, image_size, cull, anti_aliasing)
    colors = _sample(mesh, fragments)  # [B, H, W, C]
    if lights:
        irradiance = face_irradiance(mesh.vertices, mesh.faces, lights)  # [B, F, 2, C]
        seen = seen_irradiance(irradiance, vertices_clip, mesh.faces, mirrors=camera.mirrors)
        colors *= pixel_irradiance(seen, fragments.face_id)
    image = gradient.blend(
        colors,
        fragments,
        vertices_clip=vertices_clip,
        faces=mesh.faces,
        background=background,
    )
    return downsample(image) if anti_aliasing else image


def render_silhouette(
    mesh: Mesh,
    camera: Camera,
    *,
    image_size,
    gradient: GradientModel = SILHOUETTE_GRADIENT,
    cull: str = "none",
    anti_aliasing: bool = True,
) -> tf.Tensor:
    """Draws the silhouette of a mesh.

    Args:
      mesh: as in `render`; its texture is not used.
      camera: as in `render`.
      image_size: (height, width) in pixels.
      gradient: how the silhouette moves the vertices.
      cull: "back", "front" or "none".
      anti_aliasing: render at twice the size and average blocks of 2x2 pixels.
    Returns:
      [B, H, W] float in [0, 1], coverage. Row 0 is the top.
    Gradients:
      To vertices and camera, as `gradient` defines them.
    Raises:
      As `render`.
    """
    mesh = mesh.batched()
    vertices_clip = camera.project(mesh.vertices)
    fragments = _rasterize(vertices_clip, mesh, camera, image_size, cull, anti_aliasing)
    no_colors = tf.zeros_like(fragments.barycentrics[..., :0])  # [B, H, W, 0]
    image = gradient.blend(
        no_colors,
        fragments,
        vertices_clip=vertices_clip,
        faces=mesh.faces,
        background=0.0,
    )
    return (downsample(image) if anti_aliasing else image)[..., 0]


def render_depth(
    mesh: Mesh,
    camera: Camera,
    *,
    image_size,
    background: float = 0.0,
    cull: str = "none",
    anti_aliasing: bool = True,
) -> tf.Tensor:
    """Draws the camera depth of a mesh.

    Args:
      mesh: as in `render`; its texture is not used.
      camera: as in `render`.
      image_size: (height, width) in pixels.
      background: depth given to pixels without a face, world units.
      cull: "back", "front" or "none".
      anti_aliasing: render at twice the size; each pixel is the mean depth of the covered ones
        among its four, so that the background never mixes into the border of the object.
    Returns:
      [B, H, W] float: distance along the camera's axis in world units, linear, larger is farther.
      Row 0 is the top.
    Gradients:
      Exact to vertices and camera where a face is seen; none through visibility.
    Raises:
      As `render`.
    """
    mesh = mesh.batched()
    vertices_clip = camera.project(mesh.vertices)
    fragments = _rasterize(vertices_clip, mesh, camera, image_size, cull, anti_aliasing)
    depth, coverage = fragments.depth, fragments.mask
    if anti_aliasing:
        depth, coverage = downsample_depth(depth, coverage)
    return tf.where(coverage > 0, depth, tf.cast(background, depth.dtype))


def _rasterize(vertices_clip, mesh, camera, image_size, cull, anti_aliasing) -> ops.Fragments:
    return ops.rasterize(
        vertices_clip,
        mesh.faces,
        image_size=supersampled(image_size) if anti_aliasing else image_size,
        cull=cull,
        near=camera.near,
        far=camera.far,
        depth_from=camera.depth_from,
    )


def _sample(mesh: Mesh, fragments: ops.Fragments) -> tf.Tensor:
    """Colours of the mesh's texture, white without one; [B, H, W, C]."""
    if mesh.texture is None:
        return tf.ones_like(fragments.barycentrics)  # white has three channels, as barycentrics do
    return mesh.texture.sample(mesh.faces, fragments)
