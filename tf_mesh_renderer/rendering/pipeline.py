"""The whole way from a mesh to an image; differentiation runs through the same lines backwards."""

from collections.abc import Iterable, Sequence

import tensorflow as tf

from tf_mesh_renderer import gradients, shading
from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.cameras.camera import Camera
from tf_mesh_renderer.geometry.mesh import Mesh
from tf_mesh_renderer.rendering.antialiasing import downsample, downsample_depth, supersampled
from tf_mesh_renderer.rendering.mesh_shade import MeshShade, warn_of_missing_gradients

# The two values of `eps` are N3MR's.
COLOR_GRADIENT = gradients.N3mr(eps=1e-3)
SILHOUETTE_GRADIENT = gradients.N3mr(eps=1e-4)


def render(
    mesh: Mesh,
    camera: Camera,
    *,
    image_size,
    lights: Sequence[shading.Light] = (),
    material: shading.ShadingModel | str = "flat",
    gradient: gradients.GradientModel | str = COLOR_GRADIENT,
    background=0.0,
    cull: str = "none",
    anti_aliasing: bool = True,
) -> tf.Tensor:
    """Draws a mesh in colour.

    The lines of this function are the data flow of the library: project, then let the gradient
    model rasterize, shade what is seen, and blend with the background; anti-alias.

    Args:
      mesh: vertices [B, V, 3] or [V, 3] in world space. A texture with C channels; None is white.
      camera: a `Camera`, or any object with `project`, `near`, `far`, `depth_from`, `mirrors` and
        `viewpoint`. A batch of one, of mesh or camera, serves all items of the other.
      image_size: (height, width) in pixels; a pair of int, or an int32 tensor [2].
      lights: lights of `shading` or their names; without any, the models of `shading` leave colours
        as they are.
      material: how the surface answers the lights: a model of `shading` or its name, such as
        "lambert", "phong" or "unlit"; "flat" is N3MR's, one value per face.
      gradient: how the image moves the vertices: a model of `gradients` or its name, "n3mr", "dibr"
        or "softras".
      background: [], [C] or [B, C] float, linear colour of pixels without a face.
      cull: "back" hides faces clockwise on screen, "front" the others, "none" shows both sides.
      anti_aliasing: render at twice the size and average blocks of 2x2 pixels.
    Returns:
      [B, H, W, C + 1] float, linear; colour with the background filled in, then alpha in [0, 1]
      (coverage). Row 0 is the top.
    Gradients:
      To vertices and camera as `gradient` defines them, plus the exact ones through the shading;
      exact to texture, material, lights and background. A `UserWarning` says where colours
      or alpha cannot move the vertices under this gradient model.
    Raises:
      TypeError: `lights` is no sequence, or the background is made of something else than numbers.
      ValueError: a static shape is wrong, a name is unknown, or the numbers of channels or images
        of texture, lights, material and background differ.
      tf.errors.InvalidArgumentError: a face index is out of range.
    """
    mesh = mesh.batched()
    material, gradient = shading.get(material), gradients.get(gradient)
    view = _view(mesh, camera, image_size, cull, anti_aliasing)
    shade = MeshShade(mesh, view, camera, _lights(lights), material)
    warn_of_missing_gradients(shade, gradient)
    image = gradient.draw(view, shade, background=background)
    return downsample(image) if anti_aliasing else image


def render_silhouette(
    mesh: Mesh,
    camera: Camera,
    *,
    image_size,
    gradient: gradients.GradientModel | str = SILHOUETTE_GRADIENT,
    cull: str = "none",
    anti_aliasing: bool = True,
) -> tf.Tensor:
    """Draws the silhouette of a mesh.

    Args:
      mesh: as in `render`; its texture is not used.
      camera: as in `render`.
      image_size: (height, width) in pixels.
      gradient: how the silhouette moves the vertices: a model of `gradients` or its name.
      cull: "back", "front" or "none"; SoftRas' alpha counts faces of both sides and ignores it.
      anti_aliasing: render at twice the size and average blocks of 2x2 pixels.
    Returns:
      [B, H, W] float in [0, 1], coverage. Row 0 is the top.
    Gradients:
      To vertices and camera, as `gradient` defines them.
    Raises:
      As `render`.
    """
    view = _view(mesh.batched(), camera, image_size, cull, anti_aliasing)
    image = gradients.get(gradient).draw(view)  # [B, H, W, 1]
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
    fragments = _view(mesh.batched(), camera, image_size, cull, anti_aliasing).rasterize()
    depth, coverage = fragments.depth, fragments.mask
    if anti_aliasing:
        depth, coverage = downsample_depth(depth, coverage)
    return tf.where(coverage > 0, depth, tf.cast(background, depth.dtype))


def _lights(lights) -> tuple[shading.Light, ...]:
    if isinstance(lights, str) or not isinstance(lights, Iterable):
        raise argument_error(
            "render",
            "lights",
            expected="a sequence of lights",
            received=repr(lights),
            hint="write lights=(shading.AmbientLight(),), with a comma, for one light",
            error=TypeError,
        )
    return tuple(shading.lights.get(light) for light in lights)


def _view(mesh, camera, image_size, cull, anti_aliasing) -> gradients.View:
    return gradients.View(
        camera.project(mesh.vertices),
        mesh.faces,
        supersampled(image_size) if anti_aliasing else image_size,
        cull,
        camera.near,
        camera.far,
        camera.depth_from,
    )
