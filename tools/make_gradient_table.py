"""Writes docs/gradient_table.md from the table that tests/gradient_table checks.

python tools/make_gradient_table.py
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "gradient_table.md"

INTRODUCTION = """\
# Table of gradients

Which gradient every output has to every input, under every [gradient model](gradient_models.md).
This file is written by `tools/make_gradient_table.py` from `tests/gradient_table/table.py`, and
`tests/gradient_table` checks every cell in float64, from the input to the finished, anti-aliased
image. Colour and alpha are those of `mr.render`; what stands under alpha holds, and is checked, for
`mr.render_silhouette` too. Depth is `mr.render_depth`, attributes are what `mr.interpolate` makes
of `mr.rasterize`, layers are the same for both layers of `mr.ops.rasterize_layers`, with their
depth: these three have no gradient model.
"""

NOTES = """\
## Notes

* The camera sees what the vertices see. Its rows are those of a mesh with `mr.VertexColors`; with a
  texture that cannot move vertices the camera gets no more than they do.
* DIB-R's alpha is 1 on the mesh and constant there: its gradient comes from pixels beside it.
* Light without direction (ambient, spherical harmonics) makes no highlight: it has no part in what
  k_s and shininess get.
* These are first derivatives. Shading and cameras can be differentiated twice; differentiating the
  gradient of an op raises an error that names it.
"""


def _line(cells):
    return f"| {' | '.join(cells)} |"


def _table(header, rows):
    return "\n".join([_line(header), _line(["---"] * len(header)), *map(_line, rows)])


def _heading(output, model):
    name = {"color": "colour"}.get(output, output)
    return name if model is None else f"{name}, {model}"


def _main_table(table):
    header = ["input", *(_heading(*column) for column in table.COLUMNS)]
    rows = []
    for group, members in table.GROUPS.items():
        rows.append([f"**{group}**", *[""] * len(table.COLUMNS)])
        rows += ([row.title, *(claim.value for claim in row.claims())] for row in members)
    return _table(header, rows)


def _table_of_options(table):
    rows = [
        [f"`{option.call}`", option.color.value, option.alpha.value] for option in table.OPTIONS
    ]
    return _table(["model", "colour to vertices", "alpha to vertices"], rows)


def text():
    """The whole document."""
    # Late, so that the path is set where this file is run as a program.
    from tests.gradient_table import table

    legend = _table(["cell", "meaning"], [[c.value, table.MEANINGS[c]] for c in table.Claim])
    options = f"## Options of the models\n\n{_table_of_options(table)}\n"
    return "\n".join([INTRODUCTION, legend, "", _main_table(table), "", options, NOTES])


def main():
    DOCUMENT.write_text(text(), encoding="utf-8")
    print(DOCUMENT)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
