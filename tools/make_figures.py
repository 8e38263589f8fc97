"""Draws the figures of docs/: axes, winding, pixel centres, fragments, and the N3MR sweep.

    python tools/make_figures.py [--output_dir docs/images]

What the library computes (covered pixels, face ids, barycentrics, depth, gradients) is computed by
it here; the rest is drawn.
"""

import argparse
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOTS_PER_INCH = 110
INK, SOFT, FACE, BACK = "#222222", "#9aa0a6", "#8ab4f8", "#f6b26b"
# Powers of two, and corners on pixel centres, so that nothing is rounded.
PIXELS = (4, 8)
TRIANGLE_NDC = np.array([[-0.625, -0.75], [0.875, -0.25], [-0.625, 0.75]])
# The triangle of the sweep figure, in pixels: columns from the left, rows from the bottom.
SWEEP_SIZE = 12
SWEEP_TRIANGLE = np.array([[1.0, 1.4], [9.6, 3.0], [3.4, 9.0]])
SWEEP_COLUMN = 5


def arrow(axes, start, end, color=INK, width=1.6, **style):
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={"arrowstyle": "-|>", "color": color, "lw": width, **style},
    )


def blank(axes, title, low, high):
    axes.set(xlim=low, ylim=high, aspect="equal", xticks=[], yticks=[])
    axes.set_title(title, fontsize=10)
    axes.spines[:].set_visible(False)


def tripod(axes, origin, directions):
    """Labelled axes; `directions` maps a label to an end relative to the origin."""
    for label, direction in directions.items():
        end = np.add(origin, direction)
        arrow(axes, origin, end)
        axes.text(*np.add(origin, np.multiply(direction, 1.22)), label, ha="center", va="center")


# --- spaces ---------------------------------------------------------------------------------------


def world_panel(axes):
    blank(axes, "world (right-handed)\nx right, y up, z to the viewer", (-1.6, 1.6), (-1.4, 1.6))
    tripod(axes, (-0.9, -0.6), {"x": (0.9, 0.0), "y": (0.0, 0.9), "z": (-0.45, -0.4)})
    axes.add_patch(plt.Polygon([[0.1, 0.1], [1.1, 0.2], [0.5, 1.0]], fc=FACE, ec=INK))
    axes.plot([0.9], [-1.0], "k^", markersize=9)
    axes.text(0.9, -1.3, "eye", ha="center")
    axes.plot([0.9, 0.55], [-1.0, 0.4], ":", color=SOFT)


def view_panel(axes):
    blank(axes, "view\ncamera at the origin, looks along -z", (-1.6, 1.6), (-1.4, 1.6))
    tripod(axes, (-0.5, -0.3), {"x": (0.9, 0.0), "y": (0.0, 0.9), "z": (-0.45, -0.4)})
    axes.plot([-0.5], [-0.3], "ks", markersize=7)
    arrow(axes, (-0.5, -0.3), (0.65, 0.75), SOFT, linestyle="--")
    axes.text(0.95, 0.95, "into the scene\n(-z)", ha="center", fontsize=8, color="#5f6368")
    axes.text(0.0, -1.25, 'handedness="left" (N3MR):\nz points into the scene', ha="center", size=8)


def ndc_panel(axes):
    title = "clip (x, y, z, w)  →  NDC (x/w, y/w)\nx right, y up; w = depth"
    blank(axes, title, (-1.6, 1.6), (-1.4, 1.6))
    axes.add_patch(plt.Rectangle((-1, -1), 2, 2, fill=False, ec=INK))
    tripod(axes, (0, 0), {"x": (0.7, 0.0), "y": (0.0, 0.7)})
    for x, y in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        axes.text(x, y * 1.15, f"({x}, {y})", ha="center", va="center", fontsize=8)


def image_panel(axes):
    blank(axes, "image [H, W]\nrow 0 is the top", (-1.6, 1.6), (-1.4, 1.6))
    for line in np.linspace(-1, 1, 5):
        axes.plot([line, line], [-1, 1], color=SOFT, lw=0.8)
        axes.plot([-1, 1], [line, line], color=SOFT, lw=0.8)
    arrow(axes, (-1.0, 1.18), (0.2, 1.18))
    axes.text(0.55, 1.18, "column", va="center", ha="center", fontsize=9)
    arrow(axes, (-1.18, 1.0), (-1.18, -0.2))
    axes.text(-1.22, -0.5, "row", rotation=90, va="center", ha="center", fontsize=9)
    axes.text(-0.75, 0.75, "0, 0", ha="center", va="center", fontsize=8)
    axes.text(0.75, -0.75, "H-1,\nW-1", ha="center", va="center", fontsize=8)


def spaces():
    figure, panels = plt.subplots(1, 4, figsize=(12, 3.2))
    for draw, axes in zip((world_panel, view_panel, ndc_panel, image_panel), panels):
        draw(axes)
    return figure


# --- winding --------------------------------------------------------------------------------------


def winding():
    figure, panels = plt.subplots(1, 2, figsize=(7.5, 3.4))
    corners = np.array([[-1.0, -0.7], [1.0, -0.7], [0.1, 0.9]])
    faces = (
        (corners, FACE, "front: counter-clockwise\ndet(q0, q1, q2) > 0", '"back", "none"'),
        (corners[[0, 2, 1]], BACK, "back: clockwise\ndet(q0, q1, q2) < 0", '"front", "none"'),
    )
    for axes, (points, color, title, culls) in zip(panels, faces):
        blank(axes, title, (-1.5, 1.5), (-1.3, 1.3))
        axes.add_patch(plt.Polygon(points, fc=color, ec=INK, alpha=0.75))
        inner = points * 0.62 + points.mean(axis=0) * 0.38
        for k in range(3):
            arrow(axes, inner[k], inner[(k + 1) % 3], INK, 1.2)
            axes.text(*(points[k] * 1.16), f"v{k}", ha="center", va="center")
        axes.text(0, -1.15, f"drawn with cull = {culls}", ha="center", fontsize=9)
    return figure


# --- pixels ---------------------------------------------------------------------------------------


def pixel_centers():
    from tf_mesh_renderer import ops

    height, width = PIXELS
    clip = np.concatenate([TRIANGLE_NDC, np.zeros([3, 1]), np.ones([3, 1])], axis=-1)
    face_id = ops.rasterize(clip[np.newaxis], [[0, 1, 2]], image_size=PIXELS).face_id[0].numpy()
    figure, axes = plt.subplots(figsize=(9.5, 5.0))
    for row, column in np.ndindex(*PIXELS):
        left, top = -1 + 2 * column / width, 1 - 2 * row / height
        covered = face_id[row, column] == 0
        color = FACE if covered else "white"
        box = plt.Rectangle((left, top - 2 / height), 2 / width, 2 / height, fc=color, ec=SOFT)
        axes.add_patch(box)
        x, y = (2 * column + 1 - width) / width, (height - 2 * row - 1) / height
        axes.plot([x], [y], "o", color=INK, markersize=4)
        axes.text(x, y - 0.06, f"({x:.2f}, {y:.2f})", ha="center", va="top", fontsize=7)
        axes.text(left + 0.015, top - 0.015, f"r{row} c{column}", va="top", fontsize=7, color=SOFT)
    axes.add_patch(plt.Polygon(TRIANGLE_NDC, fill=False, ec="#d93025", lw=1.8))
    axes.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), xlabel="x (NDC)", ylabel="y (NDC)")
    axes.set_title("H = 4, W = 8: a pixel is covered if its centre is inside or on an edge")
    return figure


def fragments():
    import tf_mesh_renderer as mr

    mesh = mr.geometry.icosphere(0)
    camera = mr.Camera.look_at((1.1, 0.8, 2.4), fov_y_degrees=50.0)
    clip = camera.project(mesh.vertices)
    found = mr.rasterize(clip, mesh.faces, image_size=(48, 48))
    face_id, barycentrics, depth = (np.asarray(field)[0] for field in found)
    empty = face_id < 0
    shown = {
        "face_id [B, H, W], background -1": (np.ma.array(face_id, mask=empty), "tab20"),
        "barycentrics [B, H, W, 3] as RGB": (barycentrics, None),
        "depth [B, H, W], background 0": (np.ma.array(depth, mask=empty), "viridis_r"),
    }
    figure, panels = plt.subplots(1, 3, figsize=(11, 3.9))
    for axes, (title, (picture, colors)) in zip(panels, shown.items()):
        image = axes.imshow(picture, cmap=colors)
        axes.set_title(title, fontsize=10)
        axes.set(xlabel="column", ylabel="row")
    figure.colorbar(image, ax=panels[2], fraction=0.046)
    for face in np.unique(face_id[~empty]):
        row, column = np.argwhere(face_id == face).mean(axis=0)
        panels[0].text(column, row, str(face), ha="center", va="center", fontsize=8)
    return figure


# --- N3MR -----------------------------------------------------------------------------------------


def crossing(start, end, column):
    """Where the line through two points crosses a column."""
    return start[1] + (end[1] - start[1]) / (end[0] - start[0]) * (column - start[0])


def sweep_panel(axes):
    a, b, third = SWEEP_TRIANGLE[1], SWEEP_TRIANGLE[2], SWEEP_TRIANGLE[0]
    at = crossing(a, b, SWEEP_COLUMN)
    leave = crossing(third, a, SWEEP_COLUMN)
    inside, outside, target = int(np.floor(at)), int(np.floor(at)) + 1, 10
    for row in range(SWEEP_SIZE):
        color = "#e8f0fe" if leave <= row <= at else ("#fef7e0" if row > at else "white")
        cell = (SWEEP_COLUMN - 0.5, row - 0.5)
        axes.add_patch(plt.Rectangle(cell, 1, 1, fc=color, ec=SOFT))
        axes.plot([SWEEP_COLUMN], [row], ".", color=SOFT)
    axes.add_patch(plt.Polygon(SWEEP_TRIANGLE, fc=FACE, ec=INK, alpha=0.35))
    axes.plot(*zip(a, b), color="#d93025", lw=2)
    moved = (b[0], a[1] + (target - a[1]) / (SWEEP_COLUMN - a[0]) * (b[0] - a[0]))
    axes.plot(*zip(a, moved), "--", color="#d93025", lw=1.2)
    arrow(axes, b, moved, "#188038")
    axes.text(b[0] - 0.2, (b[1] + moved[1]) / 2, "D", color="#188038", ha="right", fontsize=12)
    arrow(axes, (SWEEP_COLUMN, outside), (SWEEP_COLUMN, SWEEP_SIZE - 0.6), "#e37400")
    arrow(axes, (SWEEP_COLUMN, inside), (SWEEP_COLUMN, np.ceil(leave)), "#1967d2")
    for text, row in {"q": target, "out": outside, "in": inside}.items():
        axes.text(SWEEP_COLUMN + 0.65, row, text, va="center", fontsize=10)
    axes.text(SWEEP_COLUMN - 0.65, at, "c", va="center", ha="right", fontsize=10)
    axes.plot([SWEEP_COLUMN], [at], "o", color="#d93025", markersize=5)
    for point, name in ((a, "A"), (b, "B"), (third, "C")):
        axes.text(*(point + np.sign(point - 5) * 0.45), name, ha="center", va="center", fontsize=12)
    axes.set(xlim=(-0.5, SWEEP_SIZE - 0.5), ylim=(-0.5, 13.5), aspect="equal")
    axes.set(xlabel="column", ylabel="row, counted from the bottom")
    axes.set_title(
        "edge AB on one column: B must move by D\nuntil AB reaches pixel q (A stays)", fontsize=10
    )


def descent_panel(axes):
    """Minus the gradient at every vertex of a disc whose silhouette should fill a square."""
    import tensorflow as tf

    import tf_mesh_renderer as mr

    side = 64
    mesh = mr.geometry.icosphere(2, radius=0.6)
    camera = mr.Camera.orthographic((0.0, 0.0, 3.0))
    vertices = tf.Variable(mesh.vertices)
    target = np.zeros((side, side), np.float32)
    target[16:58, 26:60] = 1.0
    with tf.GradientTape() as tape:
        alpha = mr.render_silhouette(mesh.with_vertices(vertices), camera, image_size=(side, side))
        loss = tf.reduce_sum(tf.square(alpha[0] - target))
    step = -tape.gradient(loss, vertices).numpy()
    moved = np.linalg.norm(step, axis=-1) > 1e-6
    extent = (-1, 1, -1, 1)
    axes.imshow(np.stack([alpha[0], alpha[0] * 0.8 + target * 0.2, target], axis=-1), extent=extent)
    points = vertices.numpy()[moved]
    axes.quiver(*points[:, :2].T, *step[moved][:, :2].T, color="#d93025", width=0.005)
    axes.set(xlabel="x (NDC)", ylabel="y (NDC)")
    axes.set_title(
        "minus the gradient of sum (alpha - target)²\n(blue: target, yellow: mesh)", size=10
    )


def n3mr_sweep():
    figure, panels = plt.subplots(1, 2, figsize=(11, 5.2))
    sweep_panel(panels[0])
    descent_panel(panels[1])
    return figure


def main(arguments=None):
    """Command line; draws every figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output_dir", type=pathlib.Path, default=ROOT / "docs" / "images")
    folder = parser.parse_args(arguments).output_dir
    folder.mkdir(parents=True, exist_ok=True)
    for draw in (spaces, winding, pixel_centers, fragments, n3mr_sweep):
        figure = draw()
        figure.tight_layout()
        figure.savefig(folder / f"{draw.__name__}.png", dpi=DOTS_PER_INCH, bbox_inches="tight")
        print(folder / f"{draw.__name__}.png")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
