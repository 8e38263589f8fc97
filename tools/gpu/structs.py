"""The params of the kernels, field by field as in the headers of `cc/kernels`."""

from ctypes import Structure, c_bool, c_double, c_int32, c_int64, c_void_p

# --- parts ----------------------------------------------------------------------------------------


class ImageShape(Structure):
    _fields_ = (("batch", c_int64), ("height", c_int32), ("width", c_int32))


class FacesView(Structure):
    _fields_ = (("data", c_void_p), ("num_faces", c_int64), ("batched", c_bool))


class RasterizeSettings(Structure):
    _fields_ = (("cull", c_int32), ("depth_from", c_int32), ("near", c_double), ("far", c_double))


class TextureShape(Structure):
    _fields_ = (
        ("shared", c_bool),
        ("height", c_int32),
        ("width", c_int32),
        ("num_channels", c_int64),
    )


class TextureSettings(Structure):
    _fields_ = (("filter", c_int32), ("wrap", c_int32))


class DibrMaskSettings(Structure):
    _fields_ = (
        ("sigma_inv", c_double),
        ("box_length", c_double),
        ("k_faces", c_int32),
        ("falloff", c_int32),
        ("eps", c_double),
    )


class SoftBlur(Structure):
    _fields_ = (("distance", c_int32), ("sigma", c_double), ("dist_eps", c_double))


class SoftMixing(Structure):
    _fields_ = (
        ("rgb", c_int32),
        ("alpha", c_int32),
        ("gamma", c_double),
        ("eps", c_double),
        ("original_gradient", c_bool),
    )


class SoftView(Structure):
    _fields_ = (("visibility", RasterizeSettings), ("perspective_correct", c_bool))


class SoftColors(Structure):
    _fields_ = (("num_channels", c_int64), ("side", c_int64), ("shared", c_bool))


# --- params ---------------------------------------------------------------------------------------


def _pointers(*names):
    return tuple((name, c_void_p) for name in names)


_IMAGE = ("image", ImageShape)
_FACES = ("faces", FacesView)
_NUM_VERTICES = ("num_vertices", c_int64)
# Null here: ids are checked before the kernels run.
_MET_BAD_FACE_ID = ("met_bad_face_id", c_void_p)
_NUM_CHANNELS = ("num_channels", c_int64)
_MESH = (_IMAGE, _NUM_VERTICES, _FACES)


class RasterizeParams(Structure):
    _fields_ = (
        *_MESH,
        ("settings", RasterizeSettings),
        *_pointers("vertices_clip", "face_id", "barycentrics", "depth"),
    )


class RasterizeGradParams(Structure):
    _fields_ = (
        *_MESH,
        ("settings", RasterizeSettings),
        *_pointers("vertices_clip", "face_id", "barycentrics"),
        *_pointers("grad_barycentrics", "grad_depth", "grad_vertices_clip"),
        _MET_BAD_FACE_ID,
    )


class RasterizeLayersParams(Structure):
    _fields_ = (("layers", RasterizeParams), ("num_layers", c_int32), *_pointers("count"))


class InterpolateParams(Structure):
    _fields_ = (
        *(_IMAGE, _NUM_VERTICES, _NUM_CHANNELS, _FACES),
        *_pointers("attributes", "face_id", "barycentrics", "output"),
        _MET_BAD_FACE_ID,
    )


class InterpolateGradParams(Structure):
    _fields_ = (
        *(_IMAGE, _NUM_VERTICES, _NUM_CHANNELS, _FACES),
        *_pointers("attributes", "face_id", "barycentrics", "grad_output"),
        *_pointers("grad_attributes", "grad_barycentrics"),
        _MET_BAD_FACE_ID,
    )


_CUBES = (
    _IMAGE,
    ("num_faces", c_int64),
    ("side", c_int64),
    _NUM_CHANNELS,
    ("shared", c_bool),
    ("eps", c_double),
)


class FaceTextureParams(Structure):
    _fields_ = (*_CUBES, *_pointers("textures", "face_id", "barycentrics", "output"))


class FaceTextureGradParams(Structure):
    _fields_ = (
        *_CUBES,
        ("barycentrics_gradient", c_bool),
        *_pointers("textures", "face_id", "barycentrics", "grad_output"),
        *_pointers("grad_textures", "grad_barycentrics"),
    )


_PICTURE = (_IMAGE, ("shape", TextureShape), ("settings", TextureSettings))


class TextureParams(Structure):
    _fields_ = (
        *_PICTURE,
        *_pointers("texture", "uv", "uv_derivatives", "covered", "output", "met_bad_uv"),
    )


class TextureGradParams(Structure):
    _fields_ = (
        *_PICTURE,
        *_pointers("texture", "uv", "uv_derivatives", "covered", "grad_output"),
        *_pointers("grad_texture", "grad_uv", "grad_uv_derivatives", "met_bad_uv"),
    )


class N3mrGradParams(Structure):
    _fields_ = (
        ("image_shape", ImageShape),
        *(_NUM_VERTICES, _NUM_CHANNELS, _FACES, ("eps", c_double)),
        *_pointers("vertices_clip", "face_id", "image", "grad_image", "grad_vertices_clip"),
    )


class DibrMaskParams(Structure):
    _fields_ = (
        *_MESH,
        ("settings", DibrMaskSettings),
        *_pointers("vertices_clip", "face_id", "mask", "last_face"),
    )


class DibrMaskGradParams(Structure):
    _fields_ = (
        *_MESH,
        ("settings", DibrMaskSettings),
        *_pointers("vertices_clip", "face_id", "mask", "last_face"),
        *_pointers("grad_mask", "grad_vertices_clip"),
    )


class SoftrasSilhouetteParams(Structure):
    _fields_ = (
        *(*_MESH, ("blur", SoftBlur), ("aggregation", c_int32)),
        *_pointers("vertices_clip", "alpha"),
    )


class SoftrasSilhouetteGradParams(Structure):
    _fields_ = (
        *(*_MESH, ("blur", SoftBlur), ("aggregation", c_int32)),
        *_pointers("vertices_clip", "alpha", "grad_alpha", "grad_vertices_clip"),
    )


_SOFT_COLOR = (
    *_MESH,
    ("blur", SoftBlur),
    ("mixing", SoftMixing),
    ("view", SoftView),
    ("color_layout", SoftColors),
)


class SoftrasColorParams(Structure):
    _fields_ = (
        *_SOFT_COLOR,
        *_pointers("vertices_clip", "colors", "background", "color_image", "aggregates"),
    )


class SoftrasColorGradParams(Structure):
    _fields_ = (
        *_SOFT_COLOR,
        *_pointers("vertices_clip", "colors", "color_image", "aggregates", "grad_image"),
        *_pointers("grad_vertices_clip", "grad_colors", "grad_background"),
    )


_SOFT_FRAGMENTS = (*_MESH, ("blur", SoftBlur), ("view", SoftView), ("num_fragments", c_int32))


class SoftrasFragmentsParams(Structure):
    _fields_ = (
        *_SOFT_FRAGMENTS,
        *_pointers("vertices_clip", "face_id", "barycentrics", "depth", "coverage", "count"),
    )


class SoftrasFragmentsGradParams(Structure):
    _fields_ = (
        *_SOFT_FRAGMENTS,
        *_pointers("vertices_clip", "face_id", "grad_barycentrics", "grad_depth"),
        *_pointers("grad_coverage", "grad_vertices_clip"),
    )


# --- enumerations ---------------------------------------------------------------------------------

_ALPHA = ("product", "sum", "hard")
# Values of the fields that are enumerations, in the order of the headers.
CHOICES = {
    "cull": ("back", "front", "none"),
    "depth_from": ("w", "z"),
    "filter": ("nearest", "bilinear", "trilinear"),
    "wrap": ("repeat", "clamp", "mirror"),
    "falloff": ("squared", "linear"),
    "distance": ("euclidean", "barycentric", "hard"),
    "rgb": ("softmax", "hard"),
    "alpha": _ALPHA,
    "aggregation": _ALPHA,
}


def fill(struct, values):
    """Sets fields from {name: number, struct or name of a choice}; unknown names are passed over.

    Fields that are structs of their own and are not among the names are filled in the same way.
    """
    for name, kind in struct._fields_:
        if name not in values:
            if issubclass(kind, Structure):
                fill(getattr(struct, name), values)
            continue
        value = values[name]
        setattr(struct, name, CHOICES[name].index(value) if isinstance(value, str) else value)
    return struct
