"""A folder says what it holds, and refuses what is not the same."""

import json

import pytest

from tf_mesh_renderer.io.folder_record import FolderRecord

RECORD = FolderRecord("record.json", "train", "output", may_change=("steps",))
FACTS = {"steps": 2, "layers": (1, 2), "loss": {"weights": {"color": 0.5, "shape": 1.0}}}


def test_the_same_facts_are_no_other(tmp_path):
    """Tuples are lists in JSON."""
    RECORD.check(tmp_path / "new", FACTS)
    RECORD.claim(tmp_path / "new", FACTS)
    RECORD.claim(tmp_path / "new", FACTS)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["record.json"]
    assert json.loads((tmp_path / "new/record.json").read_text())["layers"] == [1, 2]


def test_what_may_change_is_written_anew(tmp_path):
    RECORD.claim(tmp_path, FACTS)
    RECORD.claim(tmp_path, {**FACTS, "steps": 4})
    assert json.loads((tmp_path / "record.json").read_text())["steps"] == 4


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"layers": (1, 3)}, "layers [1, 2] there and [1, 3] now"),
        (
            {"loss": {"weights": {"color": 0.5, "shape": 2.0}}},
            "weights.shape 1.0 there and 2.0",
        ),
        ({"seed": 3}, "seed missing there and 3 now"),
        ({"loss": {}}, "loss.weights.color 0.5 there and missing now; loss.weights.shape 1.0"),
    ],
)
def test_what_differs_is_named(tmp_path, change, text):
    RECORD.claim(tmp_path, FACTS)
    before = (tmp_path / "record.json").read_bytes()
    for use in (RECORD.check, RECORD.claim):
        with pytest.raises(
            ValueError, match=r"train: argument `output`: .*choose another"
        ) as error:
            use(tmp_path, {**FACTS, **change})
        assert text in str(error.value)
    assert (tmp_path / "record.json").read_bytes() == before


@pytest.mark.parametrize("content", ["", "3", "{"])
def test_a_damaged_record_is_an_error(tmp_path, content):
    (tmp_path / "record.json").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be read"):
        RECORD.check(tmp_path, FACTS)
