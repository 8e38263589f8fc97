"""Wavefront MTL: the materials of an OBJ file."""

import math
import pathlib
import warnings

from tf_mesh_renderer.io.files import read_lines
from tf_mesh_renderer.io.images import read_image
from tf_mesh_renderer.textures import Material

# Options of `map_Kd` and how many values follow; those with up to three numbers are marked by 0.
_OPTION_VALUES = {
    "-blendu": 1,
    "-blendv": 1,
    "-boost": 1,
    "-bm": 1,
    "-cc": 1,
    "-clamp": 1,
    "-imfchan": 1,
    "-mm": 2,
    "-texres": 1,
    "-type": 1,
    "-s": 0,
    "-o": 0,
    "-t": 0,
}


def read_mtl(path: pathlib.Path) -> dict[str, Material]:
    """Reads Kd and map_Kd of every material; a picture takes the place of Kd, as in N3MR.

    A picture that cannot be read gives a warning and leaves Kd.

    Args:
      path: the MTL file; names of pictures are relative to its folder.
    Returns:
      Materials by name, in the order of the file.
    Source:
      Wavefront, "MTL material format", Advanced Visualizer manual, appendix B1.
    """
    fields = {}
    current = {}
    for line in read_lines(path):
        keyword, rest = [*line.split(None, 1), "", ""][:2]
        rest = rest.strip()
        if keyword == "newmtl":
            current = fields.setdefault(rest, {})
        elif keyword == "Kd":
            current.update(_color(rest))
        elif keyword.lower() == "map_kd" and rest:
            current.update(_picture(rest, path.parent))
    return {name: Material(**values) for name, values in fields.items()}


def write_mtl(path: pathlib.Path, *, material: str, image: str) -> None:
    """Writes one material that shows a picture.

    Args:
      path: the MTL file.
      material: its name, as `usemtl` of the OBJ file says it.
      image: name of the picture, relative to the folder of `path`.
    """
    path.write_text(f"newmtl {material}\nKd 1 1 1\nmap_Kd {image}\n", encoding="utf-8")


def _color(text):
    """Kd as numbers; the forms `spectral` and `xyz` are left at the default."""
    words = text.split("#")[0].split()[:3]
    values = [float(word) for word in words[: _leading_numbers(words)]]
    if len(values) == 1:
        values = values * 3  # the format lets green and blue follow red
    return {"color": tuple(values)} if len(values) == 3 else {}


def _picture(text, folder):
    name, options = _split_options(text)
    fields = {
        "wrap": "clamp" if options.get("-clamp") == ["on"] else "repeat",
        "uv_scale": _pair(options.get("-s"), 1.0),
        "uv_offset": _pair(options.get("-o"), 0.0),
    }
    try:
        fields["image"] = read_image(_find(name, folder))
    except (OSError, ValueError) as error:
        warnings.warn(f"{error} The colour Kd is used instead.", stacklevel=2)
    return fields


def _split_options(text):
    """`-s 2 2 1 -clamp on my file.png` to ("my file.png", {"-s": [...], "-clamp": [...]})."""
    words = text.split()
    options = {}
    while len(words) > 1 and words[0] in _OPTION_VALUES:
        count = _OPTION_VALUES[words[0]] or _leading_numbers(words[1:4])
        options[words[0]] = words[1 : count + 1]
        words = words[count + 1 :]
    # Repeated spaces can only matter where no option has been taken away.
    return (" ".join(words) if options else text), options


def _leading_numbers(words):
    count = 0
    for word in words:
        try:
            finite = math.isfinite(float(word))
        except ValueError:
            finite = False
        if not finite:
            break
        count += 1
    return count


def _pair(words, default):
    values = [float(word) for word in words or ()][:2]
    return tuple(values + [default] * (2 - len(values)))


def _find(name, folder):
    """Paths from other machines are often absolute or written with backslashes."""
    path = folder / name.replace("\\", "/")
    return path if path.is_file() else folder / path.name
