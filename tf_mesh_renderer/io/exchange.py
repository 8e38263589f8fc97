"""PLY, OFF, STL and glTF through trimesh."""

import pathlib
from typing import Any

import numpy as np
import trimesh
from PIL import Image

from tf_mesh_renderer.io.files import path_error
from tf_mesh_renderer.io.images import BYTE_MAX, to_bytes
from tf_mesh_renderer.io.mesh_data import MeshData, weld
from tf_mesh_renderer.textures import Material

# These formats repeat the position of a vertex that several faces share.
_REPEATS_VERTICES = (".stl", ".glb", ".gltf")


def read_exchange(path: pathlib.Path, *, load_texture: bool) -> MeshData:
    """Reads all meshes of a file into one, each placed as its scene says.

    Vertices keep the order of the file; those that the format or a texture seam had to repeat are
    joined again.

    Args:
      path: a file whose extension trimesh knows.
      load_texture: also return colours, materials and texture coordinates.
    Returns:
      `MeshData` with float64 vertices.
    Raises:
      ValueError: trimesh cannot read the file.
    """
    try:
        scene = trimesh.load_scene(path, process=False, maintain_order=True)
    except Exception as error:  # trimesh raises whatever its parsers meet in a broken file
        raise path_error(
            "load_mesh",
            expected=f"a readable {path.suffix} file",
            received=f"'{path}' ({type(error).__name__}: {error})",
            hint="open it in another program, or export it again",
        ) from error
    parts = []
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        if isinstance(scene.geometry[name], trimesh.Trimesh):
            parts.append(_part(scene.geometry[name], transform, load_texture))
    data = _join(parts)
    repeats = path.suffix.lower() in _REPEATS_VERTICES or data.uv is not None
    in_range = not len(data.faces) or (
        data.faces.min() >= 0 and data.faces.max() < len(data.vertices)
    )
    return weld(data) if repeats and in_range else data


def write_exchange(path: pathlib.Path, data: MeshData, *, image: np.ndarray | None = None) -> None:
    """Writes PLY, STL, GLB or glTF (one file, buffers embedded).

    Args:
      path: the file.
      data: the mesh; `uv` is one coordinate for each vertex here, [V, 2], and needs `image`.
      image: [H, W, 3] uint8 or None.
    """
    mesh = trimesh.Trimesh(data.vertices, data.faces, process=False, validate=False)
    if image is not None:
        mesh.visual = trimesh.visual.TextureVisuals(uv=data.uv, material=_pbr(image))
    elif data.vertex_colors is not None:
        mesh.visual = trimesh.visual.ColorVisuals(mesh, vertex_colors=_rgba(data.vertex_colors))
    elif data.face_colors is not None:
        mesh.visual = trimesh.visual.ColorVisuals(mesh, face_colors=_rgba(data.face_colors))
    if path.suffix.lower() == ".gltf":
        scene = trimesh.Scene(mesh)
        files = trimesh.exchange.gltf.export_gltf(scene, embed_buffers=True, merge_buffers=True)
        path.write_bytes(files["model.gltf"])
    else:
        mesh.export(path)


def split_at_seams(vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray) -> tuple:
    """Repeats vertices until each has one texture coordinate.

    Every vertex keeps its place and gets the coordinate of the corner that comes first; the further
    ones follow after all vertices. So `weld` restores vertices and their order.

    Args:
      vertices: [V, 3] float.
      faces: [F, 3] int in [0, V).
      uv: [F, 3, 2] float, texture coordinates of the corners.
    Returns:
      vertices [V', 3], faces [F, 3] int64 and uv [V', 2] float64, V' >= V; 0 in vertices without
      faces.
    """
    corner_vertex = faces.reshape(-1)
    keys = np.concatenate([corner_vertex[:, None], uv.reshape(-1, 2)], axis=-1)
    _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    owner = corner_vertex[first]
    place = np.empty(len(first), np.int64)
    by_corner = np.argsort(first)
    _, leaders = np.unique(owner[by_corner], return_index=True)
    is_leader = np.zeros(len(first), bool)
    is_leader[by_corner[leaders]] = True
    place[is_leader] = owner[is_leader]
    place[~is_leader] = len(vertices) + np.arange(np.count_nonzero(~is_leader))
    source = np.concatenate([np.arange(len(vertices)), owner[~is_leader]])
    new_uv = np.zeros((len(source), 2))
    new_uv[place] = uv.reshape(-1, 2)[first]
    return vertices[source], place[inverse.reshape(-1)].reshape(faces.shape), new_uv


def _part(mesh, transform, load_texture):
    vertices = np.asarray(mesh.vertices, np.float64)
    faces = np.asarray(mesh.faces, np.int64)
    if not np.array_equal(transform, np.eye(4)):
        vertices = trimesh.transform_points(vertices, transform)
        if np.linalg.det(transform[:3, :3]) < 0:
            faces = faces[:, ::-1]  # a mirror image turns every face inside out
    data = MeshData(vertices, faces)
    return _with_colors(data, mesh, faces) if load_texture else data


def _with_colors(data, mesh, faces):
    visual = mesh.visual
    if isinstance(visual, trimesh.visual.TextureVisuals):
        uv = None if visual.uv is None else np.asarray(visual.uv, np.float64)[faces]
        material = _material(visual.material)
        if material is None:
            return data
        ids = np.zeros(len(faces), np.int64)
        return MeshData(data.vertices, faces, uv, [material], ids)
    if visual.kind == "vertex":
        return MeshData(data.vertices, faces, vertex_colors=_rgb(visual.vertex_colors))
    if visual.kind == "face":
        return MeshData(data.vertices, faces, face_colors=_rgb(visual.face_colors))
    return data


def _material(material) -> Material | None:
    """The base colour and picture of a trimesh material; None if it says nothing about colour."""
    if isinstance(material, trimesh.visual.material.PBRMaterial):
        image, color = material.baseColorTexture, material.baseColorFactor
    else:  # PLY; the grey that trimesh fills in is not the file's
        image, color = material.image, None
    if image is None and color is None:
        return None
    rgb = (1.0, 1.0, 1.0) if color is None else tuple(_rgb(np.asarray(color)).tolist())
    if image is None:
        return Material(color=rgb)
    pixels = np.asarray(image.convert("RGB"), np.float32) / np.float32(BYTE_MAX)
    # glTF 2.0, section 3.9.2: the picture is multiplied by the factor.
    return Material(color=rgb, image=pixels * np.asarray(rgb, np.float32))


def _join(parts: list[MeshData]) -> MeshData:
    """One mesh of all parts. Kept: colours of one kind in all parts, or materials."""
    if not parts:
        return MeshData(np.zeros((0, 3)), np.zeros((0, 3), np.int64))
    if len(parts) == 1:
        return parts[0]
    offsets = np.cumsum([0] + [len(part.vertices) for part in parts[:-1]])
    joined = {
        "vertices": np.concatenate([part.vertices for part in parts]),
        "faces": np.concatenate([p.faces + o for p, o in zip(parts, offsets, strict=True)]),
    }
    if all(part.vertex_colors is not None for part in parts):
        joined["vertex_colors"] = np.concatenate([part.vertex_colors for part in parts])
    elif all(part.face_colors is not None for part in parts):
        joined["face_colors"] = np.concatenate([part.face_colors for part in parts])
    elif any(part.material_id is not None for part in parts):
        joined.update(_join_materials(parts))
    return MeshData(**joined)


def _join_materials(parts):
    materials, ids, uv = [], [], []
    for part in parts:
        no_uv = np.full((len(part.faces), 3, 2), np.nan)
        no_id = np.full(len(part.faces), -1)
        ids.append(no_id if part.material_id is None else part.material_id + len(materials))
        uv.append(no_uv if part.uv is None else part.uv)
        materials.extend(part.materials)
    return {
        "materials": materials,
        "material_id": np.concatenate(ids),
        "uv": np.concatenate(uv),
    }


def _pbr(image):
    return trimesh.visual.material.PBRMaterial(
        baseColorTexture=Image.fromarray(image), metallicFactor=0.0, roughnessFactor=1.0
    )


def _rgb(colors: Any) -> np.ndarray:
    """Colours as trimesh keeps them (bytes, or floats in [0, 1]) to RGB in [0, 1]."""
    colors = np.asarray(colors)
    scale = BYTE_MAX if colors.dtype.kind in "ui" else 1.0
    return np.asarray(colors[..., :3], np.float64) / scale


def _rgba(colors):
    opaque = np.concatenate([colors, np.ones_like(colors[..., :1])], axis=-1)
    return to_bytes(opaque)
