"""What every kernel takes and returns, and how it is called through the C interface."""

import ctypes
import dataclasses

import numpy as np

from tools.gpu import structs

VERSIONS = ("Runtime", "Driver")
INTEGERS = frozenset({"face_id", "count", "last_face"})


@dataclasses.dataclass(frozen=True)
class Kernel:
    """One kernel.

    Shapes are written with a letter or a digit per axis: B images, V vertices, F faces, H rows,
    W columns, C channels, A = C + 1 channels, K fragments or layers, T texels along a cube's side,
    S texels of a face, N pictures, Y x X texels of a picture.

    Attributes:
      name: as in tools/gpu/kernel_list.h.
      inputs: {field of the params: shape}, faces excepted.
      outputs: {field of the params: shape}.
    """

    name: str
    inputs: dict
    outputs: dict

    @property
    def params(self):
        return getattr(structs, f"{self.name}Params")


_CLIP = {"vertices_clip": "BV4"}
_GRAD_CLIP = {"grad_vertices_clip": "BV4"}
_SEEN = {"face_id": "BHW", "barycentrics": "BHW3"}
_LOOKUP = {"texture": "NYXC", "uv": "BHW2", "uv_derivatives": "BHW22", "covered": "BHW"}

_LIST = (
    Kernel("Rasterize", _CLIP, _SEEN | {"depth": "BHW"}),
    Kernel(
        "RasterizeGrad",
        _CLIP | _SEEN | {"grad_barycentrics": "BHW3", "grad_depth": "BHW"},
        _GRAD_CLIP,
    ),
    Kernel(
        "RasterizeLayers",
        _CLIP,
        {"face_id": "KBHW", "barycentrics": "KBHW3", "depth": "KBHW", "count": "BHW"},
    ),
    Kernel("Interpolate", {"attributes": "BVC"} | _SEEN, {"output": "BHWC"}),
    Kernel(
        "InterpolateGrad",
        {"attributes": "BVC"} | _SEEN | {"grad_output": "BHWC"},
        {"grad_attributes": "BVC", "grad_barycentrics": "BHW3"},
    ),
    Kernel("FaceTexture", {"textures": "NFTTTC"} | _SEEN, {"output": "BHWC"}),
    Kernel(
        "FaceTextureGrad",
        {"textures": "NFTTTC"} | _SEEN | {"grad_output": "BHWC"},
        {"grad_textures": "NFTTTC", "grad_barycentrics": "BHW3"},
    ),
    Kernel("Texture", _LOOKUP, {"output": "BHWC"}),
    Kernel(
        "TextureGrad",
        _LOOKUP | {"grad_output": "BHWC"},
        {"grad_texture": "NYXC", "grad_uv": "BHW2", "grad_uv_derivatives": "BHW22"},
    ),
    Kernel(
        "N3mrGrad",
        _CLIP | {"face_id": "BHW", "image": "BHWC", "grad_image": "BHWC"},
        _GRAD_CLIP,
    ),
    Kernel("DibrMask", _CLIP | {"face_id": "BHW"}, {"mask": "BHW", "last_face": "BHW"}),
    Kernel(
        "DibrMaskGrad",
        _CLIP | {"face_id": "BHW", "mask": "BHW", "last_face": "BHW", "grad_mask": "BHW"},
        _GRAD_CLIP,
    ),
    Kernel("SoftrasSilhouette", _CLIP, {"alpha": "BHW"}),
    Kernel("SoftrasSilhouetteGrad", _CLIP | {"alpha": "BHW", "grad_alpha": "BHW"}, _GRAD_CLIP),
    Kernel(
        "SoftrasColor",
        _CLIP | {"colors": "BVC or NFSC", "background": "BC"},
        {"color_image": "BHWA", "aggregates": "BHW2"},
    ),
    Kernel(
        "SoftrasColorGrad",
        _CLIP
        | {"colors": "BVC or NFSC", "color_image": "BHWA", "aggregates": "BHW2"}
        | {"grad_image": "BHWA"},
        _GRAD_CLIP | {"grad_colors": "BVC or NFSC", "grad_background": "BC"},
    ),
    Kernel(
        "SoftrasFragments",
        _CLIP,
        {"face_id": "BHWK", "barycentrics": "BHWK3", "depth": "BHWK", "coverage": "BHWK"}
        | {"count": "BHW"},
    ),
    Kernel(
        "SoftrasFragmentsGrad",
        _CLIP
        | {"face_id": "BHWK", "grad_barycentrics": "BHWK3", "grad_depth": "BHWK"}
        | {"grad_coverage": "BHWK"},
        _GRAD_CLIP,
    ),
)
KERNELS = {kernel.name: kernel for kernel in _LIST}


@dataclasses.dataclass(frozen=True)
class Call:
    """A kernel with what it is given.

    Attributes:
      kernel: name.
      arrays: {input: array}; an input that may be left out may be None. `faces` is one of them.
      settings: {field of the params, or of a struct in it: value}, for `structs.fill`.
      sizes: {letter: size} of those that no input has.
    """

    kernel: str
    arrays: dict
    settings: dict = dataclasses.field(default_factory=dict)
    sizes: dict = dataclasses.field(default_factory=dict)

    def all_sizes(self):
        """{letter: size} of all axes."""
        sizes = dict(self.sizes)
        for name, letters in KERNELS[self.kernel].inputs.items():
            array = self.arrays[name]
            if array is not None:
                sizes |= dict(zip(_letters_of_rank(letters, array.ndim), array.shape, strict=True))
        if self.arrays.get("faces") is not None:
            sizes["F"] = self.arrays["faces"].shape[-2]
        return sizes | ({"A": sizes["C"] + 1} if "C" in sizes else {})

    def output_shapes(self):
        """{output: shape}."""
        sizes = self.all_sizes()
        shapes = {}
        for name, letters in KERNELS[self.kernel].outputs.items():
            source = self.arrays.get(name.removeprefix("grad_"), self)
            if source is None:
                continue  # An input that was left out gets no gradient.
            letters = _letters_of_rank(letters, getattr(source, "ndim", 0))
            shapes[name] = tuple(int(a) if a.isdigit() else sizes[a] for a in letters)
        return shapes


def _letters_of_rank(letters, rank):
    """Of alternatives the one with so many axes; else the only one."""
    alternatives = letters.split(" or ")
    return next((a for a in alternatives if len(a) == rank), alternatives[0])


def unwritten(shape, name):
    """What outputs hold before a kernel runs: numbers that no kernel leaves behind."""
    integer = name in INTEGERS
    return np.full(shape, -99 if integer else np.nan, np.int32 if integer else np.float32)


class KernelError(Exception):
    """A kernel said that it could not run; the message is its text."""


class Runner:
    """Runs kernels on the CPU or the GPU.

    Args:
      library: path of what tools/gpu/build.py made.
      memory: where arrays are put; see tools/gpu/memory.py.
    """

    def __init__(self, library, memory):
        self.library = ctypes.CDLL(str(library))
        self.memory = memory

    def run(self, call):
        """Checks the inputs, runs the kernel, and returns {output: array}."""
        prepared = self.prepare(call)
        prepared.launch(check_inputs=True)
        return prepared.read()

    def prepare(self, call):
        """Puts inputs and outputs in place; see `Prepared`."""
        return Prepared(self, call)

    @property
    def has_cuda(self):
        """Whether the library has the CUDA kernels."""
        return hasattr(self.library, f"MeshRendererCuda{VERSIONS[0]}Version")

    def cuda_versions(self):
        """Versions of CUDA: of the runtime in the library, and the newest that the driver knows."""
        numbers = {part: self.library[f"MeshRendererCuda{part}Version"]() for part in VERSIONS}
        return {
            f"cuda_{part.lower()}": f"{n // 1000}.{n % 1000 // 10}" for part, n in numbers.items()
        }

    def function(self, kernel):
        """The C function of a kernel."""
        self._check_layout(kernel)
        function = self.library[f"MeshRenderer{kernel}{self.memory.suffix}"]
        function.restype = ctypes.c_char_p
        function.argtypes = (ctypes.c_void_p, self.memory.how_type, ctypes.c_int)
        return function

    def _check_layout(self, kernel):
        size_of = self.library[f"MeshRenderer{kernel}ParamsSize"]
        size_of.restype = ctypes.c_size_t
        ours = ctypes.sizeof(KERNELS[kernel].params)
        if ours != size_of():
            raise KernelError(f"{kernel}Params has {size_of()} bytes in C++, {ours} in structs.py")


class Prepared:
    """A kernel with its arrays in place, to be run again and again."""

    def __init__(self, runner, call):
        self._memory = runner.memory
        self._call = call
        self._function = runner.function(call.kernel)
        given = {name: array for name, array in call.arrays.items() if array is not None}
        self._inputs = {name: self._memory.put(_plain(array)) for name, array in given.items()}
        self.clear()

    def clear(self):
        """Makes all outputs unwritten again."""
        shapes = self._call.output_shapes().items()
        self._outputs = {n: self._memory.put(unwritten(shape, n)) for n, shape in shapes}
        self._params = structs.fill(KERNELS[self._call.kernel].params(), self._fields())

    def launch(self, *, check_inputs=False):
        """Runs the kernel.

        Raises:
          KernelError: an input is illegal, or CUDA failed.
        """
        error = self._function(ctypes.byref(self._params), self._memory.how(), check_inputs)
        if error is not None:
            raise KernelError(error.decode())

    def read(self):
        """{output: array}."""
        return {name: self._memory.get(buffer) for name, buffer in self._outputs.items()}

    def _fields(self):
        call, sizes = self._call, self._call.all_sizes()
        buffers = {**self._inputs, **self._outputs}
        fields = {name: self._memory.pointer(buffer) for name, buffer in buffers.items()}
        image = structs.ImageShape(sizes["B"], sizes["H"], sizes["W"])
        image_field = "image_shape" if call.kernel == "N3mrGrad" else "image"
        fields[image_field] = image
        if "faces" in self._inputs:
            batched = call.arrays["faces"].ndim == 3
            fields["faces"] = structs.FacesView(fields["faces"], sizes["F"], batched)
        if "Y" in sizes:
            shared = sizes["N"] == 1
            fields["shape"] = structs.TextureShape(shared, sizes["Y"], sizes["X"], sizes["C"])
        counts = {"num_vertices": "V", "num_faces": "F", "num_channels": "C", "side": "T"}
        counts |= {"num_layers": "K", "num_fragments": "K"}
        fields |= {name: sizes[letter] for name, letter in counts.items() if letter in sizes}
        if "N" in sizes:
            fields["shared"] = sizes["N"] == 1
        if "S" in sizes:
            fields["side"] = round(sizes["S"] ** 0.5)
        return fields | call.settings


def _plain(array):
    """A contiguous array of the type that kernels read."""
    kinds = {"f": np.float32, "i": np.int32, "b": np.bool_}
    return np.ascontiguousarray(array, kinds[np.asarray(array).dtype.kind])
