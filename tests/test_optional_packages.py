"""What happens without the packages that only some features need."""

import sys

import pytest

from tf_mesh_renderer.datasets.synthetic.preview import contact_sheet
from tf_mesh_renderer.optional_packages import missing_package, progress_bar
from tf_mesh_renderer.visualization import turntable


def test_the_error_says_what_to_do():
    text = str(missing_package("the plot", "matplotlib"))
    assert text.startswith("the plot needs the package matplotlib. Hint: pip install matplotlib,")


@pytest.mark.parametrize(
    "use",
    [
        lambda: progress_bar(total=3, description="all", unit="item"),
        lambda: turntable(lambda azimuths: azimuths, frames=2),
        lambda: contact_sheet([], count=1, seed=0, shading="plain"),
    ],
)
def test_a_bar_without_tqdm(monkeypatch, use):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with pytest.raises(ImportError, match=r"progress bar needs the package tqdm.*pip install tqdm"):
        use()


def test_a_bar_counts(capsys):
    with progress_bar(total=3, description="all", unit="item", done=1) as bar:
        bar.update(2)
    assert list(progress_bar([4, 5], description="both", unit="item")) == [4, 5]
    text = capsys.readouterr().err
    assert "all" in text
    assert "3/3" in text
    assert "2/2" in text
