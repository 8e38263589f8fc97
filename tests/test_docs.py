"""The documents stay true: snippets run, quotes are exact, names exist, links lead somewhere."""

import functools
import pathlib
import re
import textwrap

import numpy as np
import pytest

import tf_mesh_renderer

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = ROOT / "README.md"

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAKE = re.compile(r"\bmake ((?:[a-z]+-?)+)")
FOLDERS = (".ci", "bazel", "benchmarks", "cc", "docs", "examples", "tests", "tools")
PACKAGE = "tf_mesh_renderer"
FILE = re.compile(r"[\w./-]+\.(py|md|h|cc|bzl|toml|txt|sh|png|npz)$")
# The names by which the documents import the package, its porting module and its layers.
NAME = re.compile(r"(mr|nr|tf_mesh_renderer)((?:\.[A-Za-z_]\w*)+)")
# A fenced block that is quoted from a file, named in the line above; `python` blocks run instead.
QUOTE = re.compile(r"^<!-- from (\S+) -->\n```(?:cpp|py)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUOTED_LANGUAGES = ("cpp", "py")
LEFT_OUT = "..."


def named(path):
    return str(path.relative_to(ROOT))


@functools.cache
def read(path):
    return path.read_text(encoding="utf-8")


def prose(path):
    """The text without fenced blocks, each replaced by nothing."""
    return FENCE.sub("", read(path))


def python_blocks(path):
    """Yields (line number, source) of the blocks marked as Python."""
    text = read(path)
    for match in FENCE.finditer(text):
        if match[1] == "python":
            yield text.count("\n", 0, match.start()) + 1, match[2]


def run_blocks(path):
    """Runs the blocks of a document in one namespace, which is returned."""
    namespace = {"__name__": path.stem}
    for line, source in python_blocks(path):
        # Leading newlines let a traceback point into the document.
        exec(compile("\n" * line + source, named(path), "exec"), namespace)
    return namespace


def occurs(block, text):
    """Whether the lines of a quoted block stand in a text, all indented further by as much.

    A line `...` stands for any number of lines.
    """
    pattern = r"^(?P<indent> *)"
    for i, line in enumerate(textwrap.dedent(block).splitlines()):
        if line.strip() == LEFT_OUT:
            pattern += r"(?:.*\n)*?"
        elif line:
            pattern += ("(?P=indent)" if i > 0 else "") + re.escape(line) + r"\n"
        else:
            pattern += r"\n"
    return re.search(pattern, text, re.MULTILINE) is not None


def looks_like_a_path(code):
    first = code.split("/")[0]
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", code):
        return False
    return first in FOLDERS or (first == PACKAGE and "/" in code) or bool(FILE.match(code))


@pytest.mark.parametrize(
    "path", [path for path in DOCUMENTS if [*python_blocks(path)] and path != README], ids=named
)
def test_python_blocks_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_blocks(path)


def test_the_snippets_of_the_readme_do_what_they_say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = run_blocks(README)
    assert namespace["losses"][-1] < 0.6 * namespace["losses"][0]
    history = namespace["history"].history["loss"]
    assert history[-1] < history[0]
    assert namespace["layer_image"].shape == (1, 64, 64, 4)
    assert np.isfinite(namespace["layer_image"]).all()


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_quotes_are_what_the_files_say(path):
    quotes = QUOTE.findall(read(path))
    stale = [(file, block) for file, block in quotes if not occurs(block, read(ROOT / file))]
    assert not stale
    blocks = [match[2] for match in FENCE.finditer(read(path)) if match[1] in QUOTED_LANGUAGES]
    assert [block for _, block in quotes] == blocks, "every block of code says where it is from"
    assert len(quotes) == read(path).count("<!-- from "), "a source without a block"


@pytest.mark.parametrize(
    "block",
    [
        "a = 1\nb = 2\n",
        "if a:\n    b\n",
        "    b\n    c\n",
        "a = 1\n...\nif a:\n...\n    c\n",
        "b = 2\n\nif a:\n",
    ],
)
def test_a_quote_is_found(block):
    assert occurs(block, "a = 1\nb = 2\n\nif a:\n    b\n    c\n")


@pytest.mark.parametrize(
    "block",
    [
        "a = 2\n",
        "a =\n",
        "= 1\n",
        "a = 1\n\nif a:\n",
        "if a:\nb\n",
        "if a:\n      b\n",
        "a = 1\nif a:\n",
        "if a:\n...\nb = 2\n",
    ],
)
def test_a_changed_quote_is_not_found(block):
    assert not occurs(block, "a = 1\nb = 2\n\nif a:\n    b\n    c\n")


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_tests_exist(path):
    sources = "".join(read(file) for file in (ROOT / "tests").rglob("*.py"))
    mentioned = re.findall(r"`(test_\w+)`", prose(path))
    assert [name for name in mentioned if f"def {name}(" not in sources] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_paths_exist(path):
    codes = INLINE_CODE.findall(prose(path))
    missing = [code for code in codes if looks_like_a_path(code) and not (ROOT / code).exists()]
    assert not missing


def resolve(dotted):
    """The object that a name like `mr.gradients.N3mr` or `nr.Renderer` stands for."""
    alias, _, rest = dotted.partition(".")
    found = tf_mesh_renderer.neural_renderer if alias == "nr" else tf_mesh_renderer
    for part in rest.split("."):
        fields = getattr(found, "__dataclass_fields__", {})
        found = fields[part] if part in fields else getattr(found, part)
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_names_exist(path):
    for code in INLINE_CODE.findall(prose(path)):
        match = NAME.match(code)
        if match and not looks_like_a_path(code):
            resolve(match[0])


def anchors(path):
    """What the headings of a document can be linked by."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_relative_links_lead_somewhere(path):
    for target in LINK.findall(prose(path)):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


def test_every_document_can_be_reached_from_the_readme():
    seen, waiting = set(), [README]
    while waiting:
        path = waiting.pop()
        if path in seen or path not in DOCUMENTS:
            continue
        seen.add(path)
        targets = (target.partition("#")[0] for target in LINK.findall(prose(path)))
        waiting += [(path.parent / target).resolve() for target in targets if target]
    assert [named(path) for path in DOCUMENTS if path not in seen] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_make_targets_exist(path):
    targets = re.findall(r"^([\w-]+):", read(ROOT / "Makefile"), re.MULTILINE)
    code = "\n".join(
        [*INLINE_CODE.findall(prose(path)), *(m[2] for m in FENCE.finditer(read(path)))]
    )
    assert set(MAKE.findall(code)) <= set(targets)


def test_readme_shows_a_picture_first_and_the_two_commands():
    text = read(README)
    assert re.match(r"# .+\n\n!\[.+\]\(.+\)\n", text)
    assert {"demo", "test"} <= set(MAKE.findall("".join(m[2] for m in FENCE.finditer(text))))


def test_the_finders_find():
    assert looks_like_a_path("cc/core/viewport.h")
    assert looks_like_a_path("README.md")
    assert looks_like_a_path("tests")
    assert not looks_like_a_path("hiroharu-kato/neural_renderer")
    assert not looks_like_a_path("mr.render")
    assert resolve("mr.gradients.N3mr.eps") is not None
    with pytest.raises(AttributeError):
        resolve("mr.gradients.N4mr")
