"""The layouts of CUB and PASCAL3D+: what is written is read, and what cannot be is refused."""

import shutil
import sys

import numpy as np
import pytest
import scipy.io

from tests.datasets.annotated.conftest import CAR_MIRROR, COUNT
from tf_mesh_renderer import io
from tf_mesh_renderer.datasets import Cub, Pascal3d
from tf_mesh_renderer.datasets.cub import KEYPOINT_MIRROR, write_cub

CUB_PICTURES = "cachedir/cub/data/train_cub_cleaned.mat"
CUB_CAMERAS = "cachedir/cub/sfm/anno_train.mat"


def _assert_equal(ours, written):
    assert ours.file == written.file
    np.testing.assert_array_equal(ours.mask.unpack(), written.mask.unpack())
    for name in ("box", "keypoints", "scale", "translation", "rotation"):
        np.testing.assert_allclose(getattr(ours, name), getattr(written, name), rtol=1e-14)


@pytest.mark.parametrize(("reader", "source"), [(Cub, "birds"), (Pascal3d, "cars")])
def test_what_is_written_is_read(reader, source, request):
    folder, annotations = request.getfixturevalue(source)
    dataset = reader(folder, "train")
    assert len(dataset) == COUNT
    for ours, written in zip(dataset.annotations, annotations, strict=True):
        _assert_equal(ours, written)


def test_the_files_are_those_that_matlab_and_cmr_read(birds):
    """Field by field, with pixels counted from 1, as the published loader takes them."""
    folder, annotations = birds
    options = {"struct_as_record": False, "squeeze_me": True}
    pictures = scipy.io.loadmat(folder / CUB_PICTURES, **options)["images"]
    cameras = scipy.io.loadmat(folder / CUB_CAMERAS, **options)["sfm_anno"]
    for picture, camera, written in zip(pictures, cameras, annotations, strict=True):
        assert picture.rel_path == written.file
        assert picture.mask.shape == (30, 40)
        corners = [picture.bbox.x1, picture.bbox.y1, picture.bbox.x2, picture.bbox.y2]
        np.testing.assert_array_equal(corners, [6, 9, 33, 20])
        assert picture.parts.shape == (3, 15)
        visible = written.keypoints[:, 2] > 0
        np.testing.assert_allclose(
            picture.parts.T[visible, :2] - 1, written.keypoints[visible, :2], rtol=1e-12
        )
        np.testing.assert_array_equal(camera.rot, written.rotation)
        np.testing.assert_array_equal(camera.trans, written.translation)


def test_one_picture_is_a_data_set_too(tmp_path, birds):
    write_cub(tmp_path, "val", birds[1][:1])
    assert len(Cub(tmp_path, "val")) == 1


def test_the_keypoints_of_a_mirror_image():
    # Those of CMR's loader, which counts from 1.
    cmr = np.array([1, 2, 3, 4, 5, 6, 11, 12, 13, 10, 7, 8, 9, 14, 15]) - 1
    np.testing.assert_array_equal(KEYPOINT_MIRROR, cmr)


def test_a_category_brings_its_own(cars):
    np.testing.assert_array_equal(Pascal3d(cars[0], "train").keypoint_mirror, CAR_MIRROR)


def test_annotations_may_lie_elsewhere(birds, tmp_path):
    folder, annotations = birds
    shutil.copytree(folder / "cachedir" / "cub", tmp_path / "elsewhere")
    dataset = Cub(folder, "train", annotations=tmp_path / "elsewhere")
    _assert_equal(dataset.annotations[0], annotations[0])


def test_checksums_tell_data_apart(birds, cars):
    train = Cub(birds[0], "train")
    assert train.checksum == Cub(birds[0], "train").checksum
    assert train.checksum != Pascal3d(cars[0], "train").checksum


@pytest.fixture
def copy(birds, tmp_path):
    """A copy of the birds that may be spoilt."""
    return shutil.copytree(birds[0], tmp_path / "copy")


def _spoil(path, variable, change):
    """Changes the first structure of a file."""
    values = scipy.io.loadmat(path)[variable]
    change(values[0, 0])
    scipy.io.savemat(path, {variable: values})


def _set(name, value):
    return lambda structure: structure.__setitem__(name, value)


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        (CUB_PICTURES, _set("parts", np.zeros([2, 15])), r"shape \[3, \?\].*images\(1\)\.parts"),
        (CUB_PICTURES, _set("parts", np.ones([3, 14])), "expected 15 keypoints in every picture"),
        (CUB_PICTURES, _set("parts", np.full([3, 15], np.inf)), "finite coordinates where visible"),
        (CUB_PICTURES, _set("mask", "word"), r"expected numbers.*images\(1\)\.mask"),
        (CUB_PICTURES, _set("bbox", 3.0), r"expected a structure.*images\(1\)\.bbox"),
        (CUB_PICTURES, _set("rel_path", 3.0), r"expected a text.*images\(1\)\.rel_path"),
        (CUB_CAMERAS, _set("scale", -1.0), r"a number > 0, received -1\.0.*sfm_anno\(1\)\.scale"),
        (CUB_CAMERAS, _set("trans", np.array([np.nan, 1])), r"finite numbers.*trans"),
        (CUB_CAMERAS, _set("rot", np.diag([1.0, 1, -1])), r"expected a rotation.*rot"),
        (CUB_CAMERAS, _set("rot", np.eye(4)), r"expected shape \[3, 3\].*rot"),
    ],
)
def test_a_field_that_cannot_be_is_named(copy, file, change, message):
    variable = "images" if file == CUB_PICTURES else "sfm_anno"
    _spoil(copy / file, variable, change)
    with pytest.raises(ValueError, match=message):
        Cub(copy, "train")


def test_a_box_without_pixels(copy):
    def swap(structure):
        structure["bbox"]["x1"][0, 0][:] = 50.0

    _spoil(copy / CUB_PICTURES, "images", swap)
    with pytest.raises(ValueError, match=r"expected x1 <= x2 and y1 <= y2.*bbox"):
        Cub(copy, "train")


def test_missing_and_damaged_files(copy):
    with pytest.raises(FileNotFoundError, match=r"expected a file that exists.*test_cub_cleaned"):
        Cub(copy, "test")
    with pytest.raises(ValueError, match="argument `split`: expected one of 'train', 'val'"):
        Cub(copy, "testing")
    whole = (copy / CUB_CAMERAS).read_bytes()
    (copy / CUB_CAMERAS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="expected a Matlab file of version 5"):
        Cub(copy, "train")
    scipy.io.savemat(copy / CUB_CAMERAS, {"other": 3.0})
    with pytest.raises(ValueError, match="expected the variable 'sfm_anno'"):
        Cub(copy, "train")
    scipy.io.savemat(copy / CUB_CAMERAS, {"sfm_anno": np.eye(3)})
    with pytest.raises(ValueError, match="expected an array of structures 'sfm_anno'"):
        Cub(copy, "train")


def test_without_scipy_the_error_says_what_to_install(birds, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    with pytest.raises(ImportError, match=r"reading \.mat files needs the package scipy"):
        Cub(birds[0], "train")
    with pytest.raises(ImportError, match=r"writing \.mat files needs the package scipy"):
        write_cub(birds[0], "val", birds[1])


def test_pictures_and_cameras_must_be_as_many(copy, birds):
    cameras = (copy / CUB_CAMERAS).read_bytes()
    write_cub(copy, "train", birds[1][:2])
    (copy / CUB_CAMERAS).write_bytes(cameras)
    with pytest.raises(ValueError, match=r"expected a camera for every picture.*2 pictures.*3 in"):
        Cub(copy, "train")


def test_pictures_are_missed_when_they_are_read(copy, birds):
    dataset = Cub(copy, "train")
    name = birds[1][1].file
    io.write_image(copy / "images" / name, np.zeros([30, 41, 3]))
    with pytest.raises(ValueError, match=r"expected a picture of \[30, 40\] pixels"):
        dataset.read(1)
    (copy / "images" / name).unlink()
    with pytest.raises(FileNotFoundError, match="picture_1"):
        dataset.read(1)


def test_a_mirror_that_is_none(cars):
    with pytest.raises(ValueError, match="expected a permutation that is its own inverse"):
        _with_mirror(cars, [2, 3, 4, 1])
    with pytest.raises(ValueError, match="expected one number for each keypoint"):
        _with_mirror(cars, "left")


def _with_mirror(cars, values):
    path = cars[0] / "cachedir/p3d/data/car_kps.mat"
    before = path.read_bytes()
    scipy.io.savemat(path, {"kp_perm_inds": values})
    try:
        Pascal3d(cars[0], "train")
    finally:
        path.write_bytes(before)
