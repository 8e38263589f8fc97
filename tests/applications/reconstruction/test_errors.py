"""What a user can get wrong is answered with what to do about it."""

import json
import sys

import imageio.v3 as iio
import numpy as np
import pytest

from tf_mesh_renderer.applications.reconstruction import training
from tf_mesh_renderer.applications.reconstruction.__main__ import main
from tf_mesh_renderer.datasets import ShapeNetRenderings, write_split
from tf_mesh_renderer.training import read_log


def run(command, *flags):
    return main(["reconstruction", command, *map(str, flags)])


@pytest.fixture(name="error_of")
def fixture_error_of(capsys):
    """Runs a command that has to fail; returns what it says, one line unless flags are wrong."""

    def error_of(command, *flags, status=1):
        capsys.readouterr()
        assert run(command, *flags) == status
        text = capsys.readouterr().err
        assert "Traceback" not in text
        return text if status == 2 else text[text.index("error: ") :].strip()

    return error_of


@pytest.fixture(scope="module", name="trained")
def fixture_trained(tmp_path_factory, train_flags):
    """Folder of a very short training."""
    output = tmp_path_factory.mktemp("run")
    assert run("train", f"--output={output}", "--nodeterministic", *short(train_flags)) == 0
    return output


def short(train_flags):
    return [*train_flags, "--steps=2", "--nopictures", "--validation_objects=0"]


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (["--output=x"], "missing: --data"),
        (["--data=x"], "missing: --output"),
        (["--data=x", "--output=x", "--gradient=nvdiffrast"], "<n3mr|dibr|softras>"),
        (["--data=x", "--output=x", "--preset=huge"], "<tiny|small|long|n3mr|softras|dibr|color>"),
        (["--data=x", "--output=x", "--strategy=horovod"], "<none|mirrored|multiworker>"),
        (["--data=x", "--output=x", "--precision=float8"], "<float32|mixed_float16"),
        (["--data=x", "--output=x", "--steps=0"], "flag --steps=0"),
        (["--data=x", "--output=x", "--step=5"], "Unknown command line flag 'step'"),
        (["--data=x", "--output=x", "extra"], "unexpected argument 'extra'"),
    ],
)
def test_wrong_flags(error_of, flags, text):
    found = error_of("train", *flags, status=2)
    assert text in found
    assert "train --help" in found


def test_missing_data(error_of, tmp_path):
    text = error_of("train", f"--data={tmp_path}", f"--output={tmp_path}", "--nodeterministic")
    assert "_train_images.npz" in text
    assert "datasets.synthetic" in text


def test_missing_validation(error_of, tmp_path, data, train_flags):
    for file in data.glob("*_train_*.npz"):
        (tmp_path / file.name).symlink_to(file)
    flags = [flag for flag in train_flags if not flag.startswith("--data=")]
    flags += [f"--data={tmp_path}", f"--output={tmp_path / 'run'}", "--nodeterministic"]
    text = error_of("train", *flags)
    assert text.count("Hint") == 1
    assert "--validation_objects=0 does without" in text


def test_missing_category(error_of, tmp_path, train_flags):
    flags = [*train_flags, f"--output={tmp_path}", "--nodeterministic"]
    assert "04379243_train_images.npz" in error_of("train", *flags, "--categories=car,table")
    assert "dresser" in error_of("train", *flags, "--categories=wardrobe")


def test_epochs_that_do_not_fit(error_of, tmp_path, train_flags):
    flags = [*train_flags, f"--output={tmp_path}", "--nodeterministic", "--steps=7"]
    text = error_of("train", *flags, "--checkpoint_every=3")
    assert "argument `checkpoint_every`: expected a number > 0 that divides the 7 steps" in text
    text = error_of("train", *[f for f in flags if "checkpoint" not in f], "--steps=997")
    assert "take 980 steps, or choose --checkpoint_every" in text


def test_patience_without_validation(error_of, tmp_path, train_flags):
    flags = [*train_flags, f"--output={tmp_path}", "--nodeterministic", "--patience=2"]
    assert "--validation_objects" in error_of("train", *flags, "--validation_objects=0")


def test_folder_of_another_experiment(error_of, trained, train_flags):
    """What differs is named, in parts of the settings too, and nothing is touched."""
    before = (trained / "log.csv").read_bytes()
    flags = [*short(train_flags), f"--output={trained}", "--nodeterministic"]
    text = error_of("train", *flags, "--seed=5", "--laplacian_weight=0.25", "--gradient=softras")
    assert "; seed 0 there and 5 now" in text
    assert "settings.weights.laplacian 0.01 there and 0.25 now" in text
    assert "settings.gradient 'n3mr' there and 'softras' now" in text
    assert "another folder" in text
    text = error_of("train", *flags, "--validation_objects=2")
    assert "validation_size 0 there and 2 now" in text
    assert (trained / "log.csv").read_bytes() == before


def test_a_start_that_fails_claims_no_folder(error_of, tmp_path, train_flags, monkeypatch):
    def refuse(*_, **__):
        raise ValueError("no such batches")

    monkeypatch.setattr(training, "view_pairs", refuse)
    flags = [*short(train_flags), f"--output={tmp_path / 'run'}", "--nodeterministic"]
    assert "no such batches" in error_of("train", *flags)
    assert not (tmp_path / "run").exists()


def test_folder_of_a_training_on_other_pictures(error_of, trained, train_flags, data, tmp_path):
    """The names of categories and files are the same."""
    for file in data.glob("*.npz"):
        (tmp_path / file.name).symlink_to(file)
    train = ShapeNetRenderings(data, "train")
    (tmp_path / "03636649_train_images.npz").unlink()
    (tmp_path / "03636649_train_voxels.npz").unlink()
    images = train.images("lamp").copy()
    images[1, 2, 0, 3, 4] += 1
    write_split(tmp_path, "train", "lamp", images=images, voxels=train.voxels("lamp"))
    flags = [f for f in short(train_flags) if not f.startswith("--data=")]
    flags += [f"--data={tmp_path}", f"--output={trained}", "--nodeterministic"]
    text = error_of("train", *flags)
    there = "data " + str(list(train.checksums)) + " there and ["
    assert there in text
    assert "seed" not in text


def test_checkpoint_of_another_network(error_of, trained, data, tmp_path):
    """As when files of two trainings were mixed."""
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "checkpoints").symlink_to(trained / "checkpoints")
    experiment = json.loads((trained / "experiment.json").read_text(encoding="utf-8"))
    experiment["settings"]["subdivisions"] = 1
    (mixed / "experiment.json").write_text(json.dumps(experiment), encoding="utf-8")
    flags = [f"--run={mixed}", f"--output={tmp_path}"]
    assert "expected a checkpoint of this model and optimizer" in error_of("export", *flags)
    del experiment["settings"]["steps"]
    (mixed / "experiment.json").write_text(json.dumps(experiment), encoding="utf-8")
    assert "steps" in error_of("evaluate", *flags, f"--data={data}")


def test_no_training(error_of, tmp_path, data):
    flags = [f"--run={tmp_path}", f"--output={tmp_path}"]
    assert "a folder that `train` wrote" in error_of("export", *flags)
    assert "--output of the training" in error_of("evaluate", *flags, f"--data={data}")


def test_training_without_a_checkpoint(error_of, trained, tmp_path):
    (tmp_path / "experiment.json").write_bytes((trained / "experiment.json").read_bytes())
    text = error_of("export", f"--run={tmp_path}", f"--output={tmp_path}")
    assert "`train` writes the first after 2 steps" in text
    text = error_of("export", f"--run={trained}", f"--output={tmp_path}", "--checkpoint=best")
    assert "a checkpoint in 'best'" in text
    assert "--validation_objects" in text


def picture(path, shape=(20, 20, 4), alpha=None):
    image = np.full(shape, 200, np.uint8)
    if alpha is not None:
        image[..., 3] = alpha
    iio.imwrite(path, image)


@pytest.mark.parametrize(
    ("name", "make", "text"),
    [
        ("none.png", lambda path: None, "a file that exists"),
        ("text.png", lambda path: path.write_text("no picture"), "expected a picture"),
        ("wide.png", lambda path: picture(path, (20, 30, 4)), "20 rows and 30 columns"),
        ("rgb.png", lambda path: picture(path, (20, 20, 3)), "all of it opaque"),
        ("empty.png", lambda path: picture(path, alpha=0), "all of it transparent"),
    ],
)
def test_bad_pictures(error_of, trained, tmp_path, name, make, text):
    make(tmp_path / name)
    flags = [f"--run={trained}", f"--image={tmp_path / name}", f"--output={tmp_path}"]
    found = error_of("predict", *flags)
    assert text in found
    assert name in found
    assert "Hint: " in found


def test_bad_scores(error_of, tmp_path):
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "notes.csv" in error_of("compare", f"--output={tmp_path}", tmp_path / "notes.csv")
    assert "name the scores.csv" in error_of("compare", f"--output={tmp_path}")
    header = "method,seed,split,protocol,views,max_objects,category,inputs,voxel_iou\n"
    (tmp_path / "empty.csv").write_text(header, encoding="utf-8")
    assert "no rows" in error_of("compare", f"--output={tmp_path}", tmp_path / "empty.csv")


def test_an_export_onto_a_file(error_of, trained, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    text = error_of("export", f"--run={trained}", f"--output={tmp_path / 'file'}")
    assert "File exists" in text


@pytest.mark.parametrize(
    ("package", "flags"), [("tensorboard", ["--tensorboard"]), ("tqdm", []), ("scipy", [])]
)
def test_missing_packages(error_of, tmp_path, train_flags, monkeypatch, package, flags):
    monkeypatch.setitem(sys.modules, package, None)
    common = [*train_flags, f"--output={tmp_path}", "--nodeterministic", "--steps=2"]
    text = error_of("train", *common, *flags)
    assert f"pip install {package}" in text


def test_a_training_that_diverges(error_of, tmp_path, train_flags):
    """The log and the checkpoints of the epochs before stay as they are."""
    flags = [*train_flags, f"--output={tmp_path}", "--nodeterministic", "--nopictures"]
    flags += ["--learning_rate=1e30", "--validation_objects=0", "--checkpoint_every=1"]
    assert "lower --learning_rate" in error_of("train", *flags)
    assert len(read_log(tmp_path / "log.csv")) == 1
    assert (tmp_path / "checkpoints" / "ckpt-1.index").exists()


def test_a_traceback_can_be_asked_for(tmp_path):
    with pytest.raises(FileNotFoundError):
        run("export", f"--run={tmp_path}", f"--output={tmp_path}", "--traceback")
