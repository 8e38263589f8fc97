"""The commands on files as N3MR published them: colours inverted, and no meshes."""

import imageio.v3 as iio
import numpy as np
import pytest

import tf_mesh_renderer as mr
from tf_mesh_renderer.applications.reconstruction.__main__ import main
from tf_mesh_renderer.applications.reconstruction.evaluation import read_csv
from tf_mesh_renderer.applications.reconstruction.trained_network import load_network
from tf_mesh_renderer.datasets import ShapeNetRenderings, decode_images, view_pairs
from tf_mesh_renderer.training import read_log

SYNSETS = ("02958343", "03636649")
SPLITS = ("train", "val", "test")


def run(command, *flags):
    return main(["reconstruction", command, *map(str, flags)])


@pytest.fixture(scope="module", name="published")
def fixture_published(data, tmp_path_factory):
    """The small data set, stored as the original: 1 - (c a + 1 - a) for colours over black c a."""
    folder = tmp_path_factory.mktemp("mesh_reconstruction_dataset")
    for split in SPLITS:
        for synset in SYNSETS:
            images = np.load(data / f"{synset}_{split}_images.npz")["arr_0"].copy()
            images[:, :, :3] = images[:, :, 3:] - images[:, :, :3]
            np.savez_compressed(folder / f"{synset}_{split}_images.npz", images)
            voxels = np.load(data / f"{synset}_{split}_voxels.npz")["arr_0"]
            np.savez_compressed(folder / f"{synset}_{split}_voxels.npz", voxels)
    return folder


@pytest.fixture(scope="module", name="trained")
def fixture_trained(published, tmp_path_factory):
    """Folder of two steps of the command for the full size, on small pictures."""
    output = tmp_path_factory.mktemp("run")
    flags = ["--preset=n3mr", "--inverted_colors", "--color_weight=1", "--gradient=dibr"]
    sizes = ["--steps=2", "--checkpoint_every=2", "--batch_size=2", "--image_size=16"]
    quick = ["--nodeterministic", "--notensorboard", "--validation_objects=1"]
    assert run("train", f"--data={published}", f"--output={output}", *flags, *sizes, *quick) == 0
    return output


def test_training_sees_the_pictures_as_they_look(trained, data, published):
    (found, expected) = (
        next(iter(view_pairs(dataset, batch_size=4, seed=3, image_size=16)))
        for dataset in (
            ShapeNetRenderings(published, "train", inverted_colors=True),
            ShapeNetRenderings(data, "train"),
        )
    )
    np.testing.assert_array_equal(found["viewpoints"], expected["viewpoints"])
    np.testing.assert_allclose(found["images"], expected["images"], atol=1.5 / 255)
    (row,) = read_log(trained / "log.csv")
    assert 0 < row["val_voxel_iou"] < 1
    assert 0 < row["color"] < 1


def test_evaluation_knows_how_colours_are_stored_and_does_without_meshes(
    trained, published, tmp_path
):
    flags = [f"--run={trained}", f"--data={published}", f"--output={tmp_path}", "--views=2"]
    assert run("evaluate", *flags) == 0
    (scores,) = read_csv(tmp_path / "scores.csv")
    assert [row.category for row in scores.categories] == ["car", "lamp"]
    assert 0 < scores.value("voxel_iou") < 1
    assert scores.value("f_score") is None
    assert scores.value("color_error") > scores.value("flat_color_error"), "hardly trained"
    assert run("evaluate", *flags, "--protocol=binvox") == 1, "needs meshes"


def test_a_picture_of_the_data_set_becomes_a_coloured_mesh(trained, published, tmp_path):
    stored = ShapeNetRenderings(published, "test", ["car"]).images("car")[0, 3]
    image = decode_images(stored, inverted_colors=True).numpy()
    straight = np.divide(
        image[..., :3], image[..., 3:], out=np.zeros_like(image[..., :3]), where=image[..., 3:] > 0
    )
    picture = np.concatenate([straight, image[..., 3:]], axis=-1)
    iio.imwrite(tmp_path / "car.png", np.round(255 * picture).astype(np.uint8))
    flags = [f"--run={trained}", f"--image={tmp_path / 'car.png'}", f"--output={tmp_path}"]
    assert run("predict", *flags, "--frames=2", "--size=16") == 0
    mesh = mr.load_mesh(tmp_path / "car.glb")
    experiment, network = load_network(trained)
    assert experiment.inverted_colors
    assert mesh.vertices.shape == network.template.shape == (642, 3)
    assert np.ptp(np.asarray(mesh.texture.colors)) > 0
