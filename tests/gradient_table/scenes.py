"""Small scenes in float64, each a function of the inputs that the table of gradients is about.

The mesh is the "object", a closed one of eight faces with background around it, or the "wall", one
face that ends outside of the image on all sides: nothing but exact derivatives can move that one.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

import tensorflow as tf

import tf_mesh_renderer as mr
from tests.gradient_table.inputs import FACES, FAR, NEAR
from tf_mesh_renderer.geometry.vectors import normalize


@dataclasses.dataclass(frozen=True)
class Scene:
    """Makes textures, cameras, lights and materials of inputs: tensors by name, batch first."""

    texture: Callable[[dict], Any]
    camera: Callable[[dict], mr.Camera]
    lights: Callable[[dict], tuple] = lambda v: ()
    material: Callable[[dict], Any] = lambda v: "unlit"

    def draw(self, v, *, shape, gradient, image_size):
        """What gradient models are responsible for, [B, H, W, ...] by the name of the output."""
        mesh = mr.Mesh(v["vertices"], FACES[shape], self.texture(v))
        camera = self.camera(v)
        image = mr.render(
            mesh,
            camera,
            image_size=image_size,
            lights=self.lights(v),
            material=self.material(v),
            gradient=gradient,
            background=v["background"],
        )
        silhouette = mr.render_silhouette(mesh, camera, image_size=image_size, gradient=gradient)
        return {"color": image[..., :-1], "alpha": image[..., -1], "silhouette": silhouette}

    def draw_without_model(self, v, *, shape, image_size):
        """What has no gradient model, [B, H, W, ...] by the name of the output."""
        mesh, camera = mr.Mesh(v["vertices"], FACES[shape]), self.camera(v)
        clip = camera.project(mesh.vertices)
        view = mr.gradients.View(
            clip, mesh.faces, image_size, "none", camera.near, camera.far, camera.depth_from
        )
        return {
            "depth": mr.render_depth(mesh, camera, image_size=image_size),
            "attributes": mr.interpolate(v["colors"], mesh.faces, view.rasterize()),
            "layers": _layers(view, v["colors"]),
        }


def _layers(view, attributes):
    """Attributes and depth of two layers, one upon the other."""
    layers = mr.ops.rasterize_layers(
        view.vertices_clip,
        view.faces,
        image_size=view.image_size,
        num_layers=2,
        on_overflow="truncate",
        cull=view.cull,
        near=view.near,
        far=view.far,
        depth_from=view.depth_from,
    ).layers
    values = [mr.interpolate(attributes, view.faces, layer) for layer in layers]
    return tf.concat([*values, *(layer.depth[..., tf.newaxis] for layer in layers)], axis=-1)


@dataclasses.dataclass(frozen=True)
class GivenNormals:
    """Phong with normals that are an input of their own, as a file or a network may give them."""

    normals: Any

    def shade(self, albedo, scene):
        normals = mr.interpolate(self.normals, scene.faces, scene.fragments)
        surface = mr.shading.surface_of(scene)._replace(normals=normalize(normals))
        return mr.shading.Phong().shade_surface(albedo, surface, scene.lights)


def _turned(camera, v):
    """Rotates a camera on the spot."""
    rotation = mr.geometry.rotation_from_vector(v["turn"])
    turn = mr.geometry.rigid_matrix(rotation, tf.zeros_like(v["turn"]))
    return dataclasses.replace(camera, world_to_view=turn @ camera.world_to_view)


def _perspective(v):
    view = {name: v[name] for name in ("eye", "at", "up", "fov_y_degrees", "aspect")}
    return _turned(mr.Camera.look_at(**view, near=NEAR, far=FAR), v)


def _parallel(v):
    view = {name: v[name] for name in ("eye", "at", "up", "half_height", "aspect")}
    return _turned(mr.Camera.orthographic(**view, near=NEAR, far=FAR), v)


def _lights(v):
    lamp = (v["lamp_position"], v["lamp_color"], v["lamp_intensity"], v["lamp_attenuation"])
    return (
        mr.AmbientLight(v["ambient_color"], v["ambient_intensity"]),
        mr.DirectionalLight(v["sun_color"], v["sun_intensity"], v["sun_direction"]),
        mr.shading.PointLight(*lamp),
        mr.shading.SphericalHarmonicsLight(v["coefficients"]),
    )


def _colored(v):
    return mr.VertexColors(v["colors"])


def _one_color_per_face(v):
    return mr.FaceTexture(v["cubes"][:, :, :1, :1, :1] + tf.zeros_like(v["cubes"]))


def _picture(copies=1, **options):
    """A picture laid upon the mesh, so many times in both directions."""
    return lambda v: mr.UvTexture(v["image"], copies * v["uv"], **options)


def _phong(v, kind=mr.shading.Phong):
    return kind(v["ambient"], v["diffuse"], v["specular"], v["shininess"])


def _blinn_phong(v):
    return _phong(v, mr.shading.BlinnPhong)


SCENES = {
    "plain": Scene(_colored, _perspective),
    "white": Scene(lambda v: None, _perspective),
    "parallel": Scene(_colored, _parallel),
    "cubes": Scene(lambda v: mr.FaceTexture(v["cubes"]), _perspective),
    "cubes of one colour": Scene(_one_color_per_face, _perspective),
    "cubes in place": Scene(
        lambda v: mr.FaceTexture(v["cubes"], barycentrics_gradient=True), _perspective
    ),
    "picture": Scene(_picture(), _perspective),
    "mipmaps": Scene(_picture(copies=4, filter="trilinear"), _perspective),
    "texels": Scene(_picture(filter="nearest"), _perspective),
    "phong": Scene(_colored, _perspective, _lights, _phong),
    "blinn_phong": Scene(_colored, _perspective, _lights, _blinn_phong),
    "lambert": Scene(_colored, _perspective, _lights, lambda v: mr.shading.Lambert(v["diffuse"])),
    "flat": Scene(_colored, _perspective, _lights, lambda v: "flat"),
    "normals": Scene(_colored, _perspective, _lights, lambda v: GivenNormals(v["normals"])),
    "phong parallel": Scene(_colored, _parallel, _lights, _phong),
}
