"""What must hold for any mesh, tried on meshes that hypothesis makes up."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import dibr
from tests.reference.certainty import certain_pixels
from tests.reference.rasterize import Visibility
from tests.reference.rasterize import rasterize as reference_rasterize
from tests.support.gradient_checker import assert_close
from tests.support.scenes import grid, screen_to_clip, triangle_soup
from tests.support.soups import IN_GENERAL_POSITION, REGULAR, soups
from tf_mesh_renderer import ops

EXAMPLES = 60
CULL_MODES = ("back", "front", "none")
# Largest deviation that float32 barycentrics may have from summing to 1.
SUM_TOLERANCE = 1e-5


def _draw(vertices, faces, image_size, **options):
    """Fragments as NumPy arrays."""
    fragments = ops.rasterize(tf.constant(vertices), faces, image_size=image_size, **options)
    return ops.Fragments(*(field.numpy() for field in fragments))


def _draw_soup(soup, **options):
    return _draw(soup.vertices_clip, soup.faces, soup.image_size, **options)


def _all_finite(arrays):
    return all(np.all(np.isfinite(array)) for array in arrays)


@settings(max_examples=EXAMPLES)
@given(soup=soups(), cull=st.sampled_from(CULL_MODES))
def test_fragments_are_finite_and_consistent(soup, cull):
    fragments = _draw_soup(soup, cull=cull, near=0.1, far=50.0)
    covered = fragments.face_id >= 0
    assert _all_finite([fragments.barycentrics, fragments.depth])
    assert np.all((fragments.face_id >= -1) & (fragments.face_id < len(soup.faces)))
    assert np.all(fragments.barycentrics[~covered] == 0.0)
    assert np.all(fragments.depth[~covered] == 0.0)
    assert np.all((fragments.depth[covered] > 0.1) & (fragments.depth[covered] < 50.0))
    assert np.all(fragments.barycentrics >= -SUM_TOLERANCE)
    assert np.all(np.abs(fragments.barycentrics[covered].sum(-1) - 1.0) <= SUM_TOLERANCE)


@settings(max_examples=EXAMPLES)
@given(soup=soups(), cull=st.sampled_from(CULL_MODES), seed=st.integers(0, 99))
def test_gradients_are_finite(soup, cull, seed):
    rng = np.random.default_rng(seed)
    vertices = tf.constant(soup.vertices_clip)
    colors = tf.constant(rng.uniform(size=[1, vertices.shape[1], 2]).astype(np.float32))
    cubes = tf.constant(rng.uniform(size=[1, len(soup.faces), 2, 2, 2, 2]).astype(np.float32))
    upstream = rng.normal(size=[1, *soup.image_size, 2]).astype(np.float32)
    with tf.GradientTape() as tape:
        tape.watch([vertices, colors, cubes])
        fragments = ops.rasterize(vertices, soup.faces, image_size=soup.image_size, cull=cull)
        image = ops.interpolate(colors, soup.faces, fragments)
        image += ops.face_texture(cubes, fragments, barycentrics_gradient=True)
        image = ops.n3mr(image, vertices, soup.faces, fragments.face_id)
        loss = tf.reduce_sum(image * upstream) + tf.reduce_sum(fragments.depth)
    gradients = tape.gradient(loss, [vertices, colors, cubes])
    assert _all_finite(gradients)
    seen = np.unique(soup.faces[np.unique(fragments.face_id[fragments.face_id >= 0])])
    assert np.all(np.delete(gradients[0].numpy(), seen, axis=1) == 0.0)


@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(np.float32, 2e-6), (np.float64, 1e-12)], ids=["float32", "float64"]
)
@settings(max_examples=EXAMPLES)
@given(soup=soups(max_faces=8), cull=st.sampled_from(CULL_MODES))
def test_fragments_meet_the_oracle(dtype, tolerance, soup, cull):
    visibility = Visibility(cull, near=0.25, far=4.0)
    mesh = (soup.vertices_clip, soup.faces)
    options = {"image_size": soup.image_size, "visibility": visibility}
    expected = reference_rasterize(*mesh, **options)
    certain = certain_pixels(*mesh, **options, tolerance=tolerance)
    ours = _draw(mesh[0].astype(dtype), mesh[1], soup.image_size, cull=cull, near=0.25, far=4.0)
    assert np.array_equal(ours.face_id[certain], expected.face_id[certain])


@pytest.mark.parametrize("cull", CULL_MODES)
def test_large_and_small_faces_over_many_tiles_meet_the_oracle(cull):
    """Faces that span many tiles are listed apart from small ones, but drawn in their order."""
    large, _ = triangle_soup(1, 12, size=4.0)
    small, _ = triangle_soup(2, 40, size=0.2)
    duplicates = large[:, :9]
    vertices = np.concatenate([small, large, duplicates], axis=1)
    faces = np.random.default_rng(3).permutation(vertices.shape[1] // 3)
    faces = np.arange(vertices.shape[1], dtype=np.int32).reshape(-1, 3)[faces]
    image_size = (200, 330)
    options = {"image_size": image_size, "visibility": Visibility(cull)}
    expected = reference_rasterize(vertices, faces, **options)
    # Without the copies, or every pixel of a copied face would count as a tie.
    originals = faces[faces[:, 0] < vertices.shape[1] - 9]
    certain = certain_pixels(vertices, originals, **options)
    assert np.mean(certain) > 0.95
    ours = _draw(vertices, faces, image_size, cull=cull)
    assert np.array_equal(ours.face_id[certain], expected.face_id[certain])


@settings(max_examples=EXAMPLES)
@given(soup=soups(kinds=REGULAR, min_faces=1, max_faces=6))
def test_values_meet_the_oracle(soup):
    vertices = soup.vertices_clip.astype(np.float64)
    expected = reference_rasterize(vertices, soup.faces, image_size=soup.image_size)
    ours = _draw(vertices, soup.faces, soup.image_size)
    same = ours.face_id == expected.face_id
    assert_close(ours.barycentrics[same], expected.barycentrics[same], rtol=1e-7)
    assert_close(ours.depth[same], expected.depth[same], rtol=1e-7)


@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 999), num_faces=st.integers(1, 12))
def test_permuting_faces_permutes_ids(seed, num_faces):
    vertices, faces = triangle_soup(seed, num_faces)
    order = np.random.default_rng(seed).permutation(num_faces)
    plain = _draw(vertices, faces, (13, 17), cull="none")
    permuted = _draw(vertices, faces[order], (13, 17), cull="none")
    covered = plain.face_id >= 0
    assert np.array_equal(permuted.face_id >= 0, covered)
    assert np.array_equal(order[permuted.face_id[covered]], plain.face_id[covered])
    assert np.array_equal(permuted.barycentrics, plain.barycentrics)


@settings(max_examples=EXAMPLES)
@given(soup=soups(kinds=REGULAR, min_faces=1))
def test_of_equal_faces_the_first_is_seen(soup):
    once = _draw_soup(soup, cull="none")
    faces = np.concatenate([soup.faces, soup.faces])
    twice = _draw(soup.vertices_clip, faces, soup.image_size, cull="none")
    for ours, expected in zip(twice, once, strict=True):
        assert np.array_equal(ours, expected)


@settings(max_examples=EXAMPLES)
@given(soup=soups(min_faces=1))
def test_two_sided_is_the_nearer_of_front_and_back(soup):
    front, back, both = (_draw_soup(soup, cull=cull) for cull in ("back", "front", "none"))

    def distance(fragments):
        return np.where(fragments.face_id >= 0, fragments.depth, np.inf)

    assert np.array_equal(distance(both), np.minimum(distance(front), distance(back)))
    one = np.where(distance(front) <= distance(back), front.face_id, back.face_id)
    apart = distance(front) != distance(back)
    assert np.array_equal(both.face_id[apart], one[apart])


@settings(max_examples=EXAMPLES)
@given(
    cells=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    image_size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    seed=st.integers(0, 999),
)
def test_a_triangulated_rectangle_has_no_hole(cells, image_size, seed):
    vertices, faces = grid(*cells)
    rng = np.random.default_rng(seed)
    screen = vertices[..., :2] / vertices[..., 3:]
    inner = np.all(np.abs(screen) < 0.99, axis=-1, keepdims=True)
    step = 0.2 / max(cells)  # too small to turn a triangle over
    screen = screen + inner * rng.uniform(-step, step, screen.shape)
    depth = rng.uniform(1.0, 9.0, [*screen.shape[:-1], 1])
    clip = screen_to_clip(np.concatenate([screen, depth], axis=-1)).astype(np.float32)
    assert np.all(_draw(clip, faces, image_size).face_id >= 0)


@settings(max_examples=EXAMPLES)
@given(soup=soups(kinds=REGULAR), flips=st.sampled_from([(-1, -1), (-1, 1), (1, -1)]))
def test_a_turned_or_mirrored_mesh_gives_the_turned_or_mirrored_image(soup, flips):
    vertices = soup.vertices_clip.astype(np.float64)
    mirror = np.array([*flips, 1.0, 1.0])
    # A mirror image shows the other side of each face.
    cull = "back" if flips[0] * flips[1] > 0 else "front"
    axes = [axis for axis, flip in ((2, flips[0]), (1, flips[1])) if flip < 0]
    plain = _draw(vertices, soup.faces, soup.image_size)
    moved = _draw(vertices * mirror, soup.faces, soup.image_size, cull=cull)
    certain = certain_pixels(vertices, soup.faces, image_size=soup.image_size, tolerance=1e-12)
    assert np.array_equal(np.flip(moved.face_id, axes)[certain], plain.face_id[certain])
    same = np.flip(moved.face_id, axes) == plain.face_id
    assert_close(np.flip(moved.barycentrics, axes)[same], plain.barycentrics[same], rtol=1e-9)


@settings(max_examples=EXAMPLES)
@given(soup=soups(kinds=REGULAR, min_faces=1))
def test_interpolated_positions_lie_on_the_ray_of_their_pixel(soup):
    """Perspective-correctness: a position, linear in space, must project to where it was seen."""
    vertices = tf.constant(soup.vertices_clip, tf.float64)
    fragments = ops.rasterize(vertices, soup.faces, image_size=soup.image_size, cull="none")
    position = ops.interpolate(vertices, soup.faces, fragments).numpy()
    covered = fragments.face_id.numpy() >= 0
    height, width = soup.image_size
    x = np.broadcast_to((2.0 * np.arange(width) + 1.0 - width) / width, covered.shape)
    y = np.broadcast_to((height - 2.0 * np.arange(height)[:, None] - 1.0) / height, covered.shape)
    expected = np.stack([x, y], axis=-1) * position[..., 3:]
    assert_close(position[covered][:, :2], expected[covered], rtol=1e-6)
    assert_close(position[covered][:, 3], fragments.depth.numpy()[covered], rtol=1e-9)


soft_options = st.fixed_dictionaries(
    {
        "sigma_inv": st.sampled_from((0.0, 32.0)),
        "box_length": st.sampled_from((0.0, 0.25)),
        "falloff": st.sampled_from(("squared", "linear")),
        "k_faces": st.sampled_from((None, 1, 3)),
    }
)


def _soft_silhouette(soup, options):
    """Mask, its gradient, and what the oracle says about both."""
    vertices = soup.vertices_clip.astype(np.float64)
    face_id = _draw(vertices, soup.faces, soup.image_size).face_id
    upstream = np.random.default_rng(0).normal(size=face_id.shape)
    moved = tf.constant(vertices)
    with tf.GradientTape() as tape:
        tape.watch(moved)
        mask = ops.dibr_mask(moved, soup.faces, face_id, **options)
    scene = (vertices, soup.faces, face_id)
    oracle = dibr.DibrSettings(**options)
    return (
        (mask.numpy(), tape.gradient(mask, moved, tf.constant(upstream)).numpy()),
        (dibr.dibr_mask(*scene, oracle), dibr.dibr_mask_gradient(*scene, upstream, oracle)),
    )


@settings(max_examples=EXAMPLES)
@given(soup=soups(), options=soft_options)
def test_soft_silhouettes_meet_the_oracle(soup, options):
    (mask, gradient), (expected, _) = _soft_silhouette(soup, options)
    assert_close(mask, expected, atol=1e-9)
    assert np.all((mask >= 0.0) & (mask <= 1.0))
    assert _all_finite([gradient])


@settings(max_examples=EXAMPLES)
@given(soup=soups(kinds=IN_GENERAL_POSITION), options=soft_options)
def test_gradients_of_soft_silhouettes_meet_the_oracle(soup, options):
    """Of equally near edges either may be the one that moves, so there must be none."""
    (_, gradient), (_, expected) = _soft_silhouette(soup, options)
    assert_close(gradient, expected, rtol=1e-6)


@settings(max_examples=EXAMPLES)
@given(soup=soups(min_faces=1), seed=st.integers(0, 999))
def test_the_order_of_faces_does_not_matter_to_a_soft_silhouette(soup, seed):
    face_id = np.full([1, *soup.image_size], -1)
    order = np.random.default_rng(seed).permutation(len(soup.faces))
    options = {"sigma_inv": 32.0, "box_length": 0.25}
    plain = ops.dibr_mask(soup.vertices_clip, soup.faces, face_id, **options)
    permuted = ops.dibr_mask(soup.vertices_clip, soup.faces[order], face_id, **options)
    assert_close(permuted, plain, atol=1e-5)
