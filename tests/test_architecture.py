"""The rules of the architecture: which layer may use which, sizes, and what every op must have."""

import ast
import graphlib
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "tf_mesh_renderer"

# A layer uses the layers before it.
CPP_LAYERS = ("core", "kernels", "ops", "xla")
PYTHON_LAYERS = (
    {"version", "_build_info", "arguments", "command_line", "optional_packages", "registry"},
    {"ops"},
    {"geometry", "cameras", "rendering", "shading", "textures", "gradients"},
    {"io", "losses", "metrics", "visualization"},
    {"layers", "optimizers"},
    {"models", "datasets", "neural_renderer", "training"},
    {"applications"},
    {"__init__"},
)
# Framework headers, by the C++ layers that may include them.
FRAMEWORKS = re.compile(r"^(tensorflow|tsl|xla|absl|Eigen|unsupported|third_party)/")
CONTAINERS = {"array", "deque", "list", "map", "memory", "string", "unordered_map", "vector"}
CUDA = re.compile(r"^cuda|^thrust/|^cub/")

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_KERNEL_LINES = 60
MAX_ARGUMENTS = 8
NOT_A_FUNCTION = re.compile(
    r"\s*(if|for|while|switch|do|else|return|case|namespace|struct|class|enum)\b"
)
# Names, order and number of these arguments are those of another package, of the whole pipeline, or
# of `rasterize` and two more. The list should not grow.
MANY_ARGUMENTS = (
    "tf_mesh_renderer/neural_renderer/",
    "tf_mesh_renderer/rendering/pipeline.py",
    "tf_mesh_renderer/ops/rasterize_layers.py",
)


def files(*patterns, under=("cc", "tf_mesh_renderer", "tests", "tools", "examples", "benchmarks")):
    found = (path for folder in under for p in patterns for path in (ROOT / folder).rglob(p))
    return sorted(path for path in found if "__pycache__" not in path.parts)


def named(path):
    return str(path.relative_to(ROOT))


def read(path):
    return path.read_text(encoding="utf-8")


def syntax_tree(path):
    return ast.parse(read(path))


# --- layers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", files("*.h", "*.cc", "*.cu", "*.cuh", under=["cc"]), ids=named)
def test_cpp_includes_respect_the_layers(path):
    layer = CPP_LAYERS.index(path.relative_to(ROOT / "cc").parts[0])
    is_test = path.name.endswith("_test.cc") or "testing" in path.parts
    for header in re.findall(r'^#include [<"](.+)[>"]', read(path), re.MULTILINE):
        if header.startswith("cc/"):
            assert CPP_LAYERS.index(header.split("/")[1]) <= layer, header
            continue
        assert CPP_LAYERS[layer] in ("ops", "xla") or not FRAMEWORKS.match(header), header
        assert path.suffix in {".cu", ".cuh"} or not CUDA.match(header), header
        if CPP_LAYERS[layer] == "core" and not is_test:
            assert header not in CONTAINERS, f"{header}: core runs on a GPU too"


def python_imports(path):
    """Yields the dotted names that a file imports, "from a import b" as "a.b"."""
    for node in ast.walk(syntax_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(dotted):
    """The module or folder below tf_mesh_renderer that a name belongs to, or None."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "tf_mesh_renderer" and len(parts) > 1 else None


def layer_of(part):
    (layer,) = (i for i, parts in enumerate(PYTHON_LAYERS) if part in parts)
    return layer


def uses():
    """Which parts of the package use which: {user: {used}}."""
    graph = {}
    for path in files("*.py", under=["tf_mesh_renderer"]):
        user = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        used = {part_of(name) for name in python_imports(path)} - {None, user}
        graph.setdefault(user, set()).update(used)
    return graph


def test_python_imports_respect_the_layers():
    pairs = [(user, used) for user, parts in uses().items() for used in parts]
    wrong = [pair for pair in pairs if layer_of(pair[0]) < layer_of(pair[1])]
    assert not wrong


def test_python_parts_do_not_depend_on_each_other_in_circles():
    graphlib.TopologicalSorter(uses()).prepare()


def test_nothing_private_of_tensorflow_is_used():
    private = re.compile(r"tensorflow\.python|tf\.python\b|keras\.src")
    offenders = [named(p) for p in files("*.py") if private.search(read(p))]
    assert not offenders


def test_names_say_what_is_inside():
    vague = {"utils", "util", "common", "helpers", "misc"}
    sources = files("*.py", "*.h", "*.cc", "*.cu")
    assert not [named(p) for p in sources if vague & {*p.relative_to(ROOT).parts, p.stem}]


# --- ops ------------------------------------------------------------------------------------------

REGISTRATIONS = "".join(read(path) for path in files("*_op.cc", under=["cc"]))
OPS = dict(re.findall(r'^REGISTER_OP\("(.+?)"\)(.*?);$', REGISTRATIONS, re.MULTILINE | re.DOTALL))
PYTHON_OPS = "".join(read(path) for path in files("*.py", under=["tf_mesh_renderer/ops"]))


def test_ops_are_found():
    assert "MeshRenderer>Rasterize" in OPS


@pytest.mark.parametrize("op", OPS)
def test_op_has_prefix_shape_function_and_doc(op):
    assert op.startswith("MeshRenderer>")
    assert ".SetShapeFn(" in OPS[op]
    assert re.search(r"\.Doc\(R?\"", OPS[op])


@pytest.mark.parametrize("op", OPS)
def test_op_has_a_gradient_or_says_that_it_has_none(op):
    assert f'RegisterGradient("{op}")' in PYTHON_OPS


# --- form -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", files("*.py"), ids=named)
def test_python_file_has_a_docstring(path):
    assert ast.get_docstring(syntax_tree(path))


@pytest.mark.parametrize("path", files("*.h", "*.cuh", under=["cc"]), ids=named)
def test_header_says_what_it_is_for(path):
    assert re.match(r"//.+\n(//.*\n)*#pragma once\n", read(path))


def test_the_library_never_prints():
    calls = (
        (path, node)
        for path in files("*.py", under=["tf_mesh_renderer"])
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call)
    )
    assert not [named(p) for p, call in calls if getattr(call.func, "id", None) == "print"]


# --- sizes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", files("*.py", "*.h", "*.cc", "*.cu", "*.cuh", "*.sh"), ids=named)
def test_file_is_short(path):
    assert len(read(path).splitlines()) <= MAX_FILE_LINES


def docstring_lines(function):
    if ast.get_docstring(function) is None:
        return 0
    return function.body[0].end_lineno - function.body[0].lineno + 1


@pytest.mark.parametrize("path", files("*.py"), ids=named)
def test_python_functions_are_short(path):
    for node in ast.walk(syntax_tree(path)):
        if not isinstance(node, ast.FunctionDef):
            continue
        lines = node.end_lineno - node.lineno + 1 - docstring_lines(node)
        assert lines <= MAX_FUNCTION_LINES, node.name
        arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        if not named(path).startswith(MANY_ARGUMENTS):
            assert len(arguments) <= MAX_ARGUMENTS, node.name


def cpp_functions(lines):
    """Yields (signature, number of lines) of the functions in clang-formatted lines.

    A signature starts in column 0, or 2 inside a class; its closing brace stands in that column.
    """
    lines = [re.sub(r"\s*//.*", "", line) for line in lines]
    for i, line in enumerate(lines):
        start = re.match(r"(  )?[\w~].*\(", line)
        if not start or NOT_A_FUNCTION.match(line) or line.rstrip().endswith(";"):
            continue
        end = next((j for j in range(i, len(lines)) if re.search(r"[;{}]$", lines[j])), i)
        if not lines[end].endswith("{"):
            continue
        closing = re.compile(rf"{start.group(1) or ''}}}")
        last = next((j for j in range(end + 1, len(lines)) if closing.match(lines[j])), end)
        yield " ".join(lines[i : end + 1]), last - i + 1


def count_arguments(signature):
    """Commas of the argument list outside template brackets, plus one."""
    depth, commas, opened = 0, 0, False
    for character in signature[signature.index("(") :]:
        depth += (character in "(<{[") - (character in ")>}]")
        commas += character == "," and depth == 1
        opened = opened or depth > 0
        if opened and depth == 0:
            break
    return commas + 1


@pytest.mark.parametrize("path", files("*.h", "*.cc", "*.cu", "*.cuh", under=["cc"]), ids=named)
def test_cpp_functions_are_short(path):
    ceiling = MAX_KERNEL_LINES if path.parent.name == "kernels" else MAX_FUNCTION_LINES
    for signature, lines in cpp_functions(read(path).splitlines()):
        assert lines <= ceiling, signature
        assert count_arguments(signature) <= MAX_ARGUMENTS, signature


def test_the_finder_of_cpp_functions_finds_them():
    body = ["  Call();"] * 3
    text = ["template <typename T>", "void A(const Map<K, V>& a,", "       int b) {", *body, "}"]
    inside = ["class A {", "  int Bar() const {", "    if (x) {", "    }", "  }", "};"]
    found = list(cpp_functions([*text, *inside]))
    assert [lines for _, lines in found] == [6, 4]
    assert [count_arguments(signature) for signature, _ in found] == [2, 1]
    assert not list(cpp_functions(["int Declared(int a,", "             int b);"]))
