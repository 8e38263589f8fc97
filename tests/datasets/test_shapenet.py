"""Files in N3MR's layout: what is written is read, and what is wrong is named."""

import errno
import shutil

import numpy as np
import pytest

from tf_mesh_renderer.datasets import ShapeNetRenderings, find_category, npz_files, write_split
from tf_mesh_renderer.io.files import write_file


@pytest.fixture
def copied(written, tmp_path):
    for path in written[0].glob("*.npz"):  # without the cache
        shutil.copy(path, tmp_path)
    return tmp_path


def car_file(folder, kind):
    return folder / f"02958343_train_{kind}.npz"


def rewrite(path, array):
    np.savez_compressed(path, array)


def test_what_is_written_is_read(written):
    folder, arrays = written
    dataset = ShapeNetRenderings(folder, "train")
    assert [category.name for category in dataset.categories] == ["bench", "car", "table"]
    assert dataset.sizes == (2, 3, 1)
    for name, expected in arrays.items():
        np.testing.assert_array_equal(dataset.images(name), expected["images"])
        np.testing.assert_array_equal(dataset.voxels(name), expected["voxels"])
        meshes = dataset.meshes(name)
        assert len(meshes) == len(expected["meshes"])
        for mesh, original in zip(meshes, expected["meshes"]):
            for field in ("vertices", "faces", "colors"):
                found, wanted = getattr(mesh, field), getattr(original, field)
                assert found.dtype == wanted.dtype
                np.testing.assert_array_equal(found, wanted)


def test_files_are_those_of_the_original(written):
    folder, arrays = written
    with np.load(car_file(folder, "images")) as archive:
        assert archive.files == ["arr_0"]
        assert archive["arr_0"].dtype == np.uint8
        assert archive["arr_0"].shape == (3, 24, 4, 64, 64)
    with np.load(car_file(folder, "voxels")) as archive:
        # What the evaluation of N3MR does to the voxels of its predictions before it compares.
        predicted = arrays["car"]["voxels"].transpose(0, 2, 1, 3)[:, :, :, ::-1]
        assert archive["arr_0"].dtype == bool
        np.testing.assert_array_equal(archive["arr_0"], predicted)


def test_arrays_are_mapped_and_cannot_be_changed(written):
    images = ShapeNetRenderings(written[0], "train", ["car"]).images("02958343")
    assert isinstance(images, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        images[0, 0, 0, 0, 0] = 1


def test_categories_keep_the_order_and_are_counted_once(written):
    dataset = ShapeNetRenderings(written[0], "train", ["table", "04379243", "bench"])
    assert dataset.categories == (find_category("table"), find_category("bench"))
    with pytest.raises(ValueError, match="argument `category`: expected one of table, bench"):
        dataset.images("car")


def test_an_archive_is_unpacked_once_and_again_when_it_changes(copied, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    first = ShapeNetRenderings(copied, "train", ["car"], cache_directory=cache)
    unpacked = sorted(cache.glob("*/*"))
    times = [path.stat().st_mtime_ns for path in unpacked]
    ShapeNetRenderings(copied, "train", ["car"], cache_directory=cache)
    assert [path.stat().st_mtime_ns for path in sorted(cache.glob("*/*"))] == times
    changed = 255 - np.asarray(first.images("car"))
    rewrite(car_file(copied, "images"), changed)
    second = ShapeNetRenderings(copied, "train", ["car"], cache_directory=cache)
    np.testing.assert_array_equal(second.images("car"), changed)
    assert len(list(cache.glob("*/*"))) == len(unpacked) == 2
    assert not (copied / ".unpacked").exists()


def test_data_sets_may_share_a_cache(written, copied, tmp_path_factory):
    """The same names hold other pictures; none is unpacked twice."""
    cache = tmp_path_factory.mktemp("cache")
    first = ShapeNetRenderings(written[0], "train", ["car"], cache_directory=cache)
    changed = 255 - np.asarray(first.images("car"))
    rewrite(car_file(copied, "images"), changed)
    second = ShapeNetRenderings(copied, "train", ["car"], cache_directory=cache)
    np.testing.assert_array_equal(second.images("car"), changed)
    files = {path: path.stat().st_mtime_ns for path in cache.glob("*/*")}
    assert len(files) == 4
    ShapeNetRenderings(written[0], "train", ["car"], cache_directory=cache)
    assert {path: path.stat().st_mtime_ns for path in cache.glob("*/*")} == files


def test_missing_files_are_named_with_where_to_get_them(copied):
    hint = "Hint: 'python -m tf_mesh_renderer.datasets.synthetic' makes a stand-in"
    with pytest.raises(FileNotFoundError, match=rf"02691156_val_images.npz'.*{hint}"):
        ShapeNetRenderings(copied, "val")
    with pytest.raises(FileNotFoundError, match=rf"03001627_train_images.npz'.*{hint}"):
        ShapeNetRenderings(copied, "train", ["car", "chair"])
    car_file(copied, "meshes").unlink()
    dataset = ShapeNetRenderings(copied, "train")
    hint = "Hint: N3MR's own files have none"
    with pytest.raises(FileNotFoundError, match=rf"02958343_train_meshes.npz.*{hint}"):
        dataset.meshes("car")
    car_file(copied, "voxels").unlink()
    with pytest.raises(FileNotFoundError, match=r"02958343_train_voxels.npz"):
        ShapeNetRenderings(copied, "train")


def test_a_category_without_its_pictures_is_not_left_out(copied):
    car_file(copied, "images").unlink()
    with pytest.raises(FileNotFoundError, match=r"02958343_train_images.npz"):
        ShapeNetRenderings(copied, "train")


def test_no_categories_and_unknown_splits_are_refused(copied):
    with pytest.raises(ValueError, match="received no categories"):
        ShapeNetRenderings(copied, "train", [])
    with pytest.raises(ValueError, match="argument `split`: expected one of 'train', 'val'"):
        ShapeNetRenderings(copied, "training")


@pytest.mark.parametrize(
    ("kind", "array"),
    [
        ("images", np.zeros([3, 24, 4, 64, 64], np.float32)),
        ("images", np.zeros([3, 24, 3, 64, 64], np.uint8)),
        ("images", np.zeros([3, 20, 4, 64, 64], np.uint8)),
        ("images", np.zeros([0, 24, 4, 64, 64], np.uint8)),
        ("voxels", np.zeros([3, 32, 32, 32], np.uint8)),
        ("voxels", np.zeros([3, 32, 32], bool)),
    ],
    ids=["float", "no-mask", "20-views", "empty", "bytes", "flat"],
)
def test_wrong_arrays_are_refused_with_the_name_of_the_file(copied, kind, array):
    path = car_file(copied, kind)
    rewrite(path, array)
    received = f"{array.dtype.name} {list(array.shape)}"
    with pytest.raises(ValueError, match=f"argument `{kind}`") as caught:
        ShapeNetRenderings(copied, "train")
    assert path.name in str(caught.value)
    assert f"received {received}" in str(caught.value)


def test_different_numbers_of_objects_are_refused(copied):
    rewrite(car_file(copied, "voxels"), np.zeros([2, 32, 32, 32], bool))
    with pytest.raises(ValueError, match=r"3 in .*_images.npz, 2 in .*02958343_train_voxels.npz"):
        ShapeNetRenderings(copied, "train")
    shutil.copy(copied / "02828884_train_meshes.npz", car_file(copied, "meshes"))
    rewrite(car_file(copied, "voxels"), np.zeros([3, 32, 32, 32], bool))
    with pytest.raises(ValueError, match=r"3 in .*_images.npz, 2 in .*02958343_train_meshes.npz"):
        ShapeNetRenderings(copied, "train").meshes("car")


@pytest.mark.parametrize("kind", ["images", "meshes"])
def test_damaged_files_are_named(copied, kind):
    path = car_file(copied, kind)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match=rf"{path.name}.*Hint: the file may be cut off"):
        ShapeNetRenderings(copied, "train").meshes("car")


def test_a_flipped_byte_is_noticed(copied):
    path = car_file(copied, "images")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"{path.name}"):
        ShapeNetRenderings(copied, "train")
    assert not list(copied.glob(".unpacked/*.partial"))


def test_archives_of_other_things_are_refused(copied):
    np.savez_compressed(car_file(copied, "images"), a=np.zeros(3), b=np.zeros(3))
    with pytest.raises(ValueError, match=r"a complete .npz archive.*02958343_train_images.npz"):
        ShapeNetRenderings(copied, "train")
    shutil.copy(car_file(copied, "voxels"), car_file(copied, "images"))
    with pytest.raises(ValueError, match="argument `images`"):
        ShapeNetRenderings(copied, "train")
    shutil.copy(copied / "02828884_train_voxels.npz", copied / "02828884_train_meshes.npz")
    with pytest.raises(ValueError, match=r"argument `meshes`: expected vertices, faces.*02828884"):
        ShapeNetRenderings(copied, "train", ["bench"]).meshes("bench")


@pytest.mark.parametrize(
    ("number", "cache", "error", "text"),
    [
        (errno.EACCES, None, PermissionError, r"argument `cache_directory`.*folder of links"),
        (errno.EROFS, "cache", PermissionError, r"argument `cache_directory`.*choose another"),
        (errno.ENOSPC, None, OSError, "as the system says it"),
    ],
)
def test_a_cache_that_cannot_be_written(copied, monkeypatch, number, cache, error, text):
    def refuse(*_):
        raise OSError(number, "as the system says it")

    monkeypatch.setattr(npz_files, "write_file", refuse)
    with pytest.raises(error, match=text):
        ShapeNetRenderings(copied, "train", cache_directory=cache and copied / cache)


def test_writing_checks_what_it_gets(written, tmp_path):
    arrays = written[1]["car"]
    with pytest.raises(ValueError, match=r"write_split: argument `images`: expected uint8"):
        write_split(tmp_path, "val", "car", images=arrays["voxels"], voxels=arrays["voxels"])
    with pytest.raises(ValueError, match="3 in images, 2 in voxels"):
        write_split(tmp_path, "val", "car", images=arrays["images"], voxels=arrays["voxels"][:2])
    with pytest.raises(ValueError, match="argument `voxels`: expected bool"):
        write_split(tmp_path, "val", "car", images=arrays["images"], voxels=arrays["images"])
    assert list(tmp_path.iterdir()) == []


def test_equal_data_give_equal_bytes(written, tmp_path):
    write_split(tmp_path, "train", "car", **written[1]["car"])
    for kind in ("images", "voxels", "meshes"):
        assert car_file(tmp_path, kind).read_bytes() == car_file(written[0], kind).read_bytes()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(file):
        file.write(b"new")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_file(path, fail)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("file", b"old")]
    write_file(path, lambda file: file.write(b"new"))
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("file", b"new")]


def test_meshes_are_drawn_in_their_colours(written):
    mesh = written[1]["car"]["meshes"][1]
    drawn = mesh.to_mesh()
    np.testing.assert_allclose(drawn.texture.colors, mesh.colors / 255.0, atol=1e-6)
    np.testing.assert_array_equal(drawn.faces, mesh.faces)


def test_checksums_tell_pictures_apart(written, tmp_path):
    """Not only by their size."""
    folder, arrays = written
    data = ShapeNetRenderings(folder, "train")
    known = data.checksums[data.categories.index(find_category("car"))]
    assert len(set(data.checksums)) == len(arrays)
    car = arrays["car"]
    for change in (0, 1):
        images = car["images"].copy()
        images[2, 23, 3, 63, 63] ^= change
        write_split(tmp_path, "train", "car", images=images, voxels=car["voxels"])
        (found,) = ShapeNetRenderings(tmp_path, "train").checksums
        assert (found == known) == (change == 0)
