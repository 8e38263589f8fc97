"""Programs, from flags to exit status and what a user reads."""

import pytest
from absl import flags

from tf_mesh_renderer.command_line import Program, run_command, run_program


def define_flags(values):
    flags.DEFINE_string("output", None, "Folder of the results.", flag_values=values)
    flags.DEFINE_integer("steps", 7, "Number of steps.", lower_bound=1, flag_values=values)
    flags.DEFINE_enum("kind", None, ["a", "b"], "Which kind.", flag_values=values)
    flags.DEFINE_boolean("names", False, "Show names and stop.", flag_values=values)


def make(run=lambda values: None, **more):
    return Program("Does it.\n\nAt length.", define_flags, run, required=("output",), **more)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "missing: --output"),
        (["--output="], "missing: --output"),
        (["--output=x", "--steps=0"], "--steps=0"),
        (["--output=x", "--kind=c"], "<a|b>"),
        (["--output=x", "--stepz=1"], "Unknown command line flag 'stepz'"),
        (["--output=x", "more"], "unexpected argument 'more'"),
    ],
)
def test_wrong_flags(capsys, arguments, text):
    assert run_program(["it", *arguments], make()) == 2
    seen = capsys.readouterr()
    assert text in seen.err
    assert "See --help" in seen.err
    assert not seen.out


@pytest.mark.parametrize("word", ["-h", "--help", "--helpshort"])
def test_help(capsys, word):
    assert run_program(["it", word], make()) == 0
    text = capsys.readouterr().out
    required, _, optional = text.partition("Optional:")
    assert text.startswith("Does it.\n\nAt length.\n\nRequired:\n  --output:\n      Folder")
    assert "--[no]names:" in optional
    assert "<a|b>: Which kind." in optional
    assert optional.count("<a|b>") == 1
    assert "Number of steps. Default: '7'." in optional
    assert "output" not in optional
    assert "tf_mesh_renderer" not in text
    assert "flagfile" not in text
    assert required.count("--") == 1


@pytest.mark.parametrize(
    "error", [ValueError, FileNotFoundError, PermissionError, ConnectionError, ImportError]
)
def test_errors_of_the_user_are_one_line(capsys, error):
    def run(values):
        raise error("what is wrong")

    assert run_program(["it", "--output=x"], make(run)) == 1
    assert capsys.readouterr().err == "error: what is wrong\n"
    with pytest.raises(error):
        run_program(["it", "--output=x", "--traceback"], make(run))


def test_other_errors_show_where_they_happened():
    def run(values):
        raise KeyError("a mistake of the program")

    with pytest.raises(KeyError):
        run_program(["it", "--output=x"], make(run))


def test_a_flag_may_make_the_others_needless():
    assert run_program(["it", "--names"], make(unless="names")) == 0
    assert run_program(["it", "--nonames"], make(unless="names")) == 2


def test_what_follows_the_flags():
    """After -- stands the command line of another program, with flags and help of its own."""
    seen = []

    def run(values, *words):
        seen.extend([values.steps, *words])
        return 5

    program = make(run, positional="a program.")
    assert run_program(["it", "--output=x", "--steps=2", "--", "that", "--help"], program) == 5
    assert seen == [2, "that", "--help"]


def test_commands(capsys):
    def call(*argv):
        commands = {"do": make(), "do_not": make(lambda values: 3)}
        status = run_command(["it", *argv], commands, module="package.it", description="All.")
        return status, capsys.readouterr()

    assert call("do_not", "--output=x")[0] == 3
    status, seen = call("do", "more", "--output=x")
    assert (status, seen.out) == (2, "")
    assert "See do --help." in seen.err
    overview = "All.\n\npython -m package.it COMMAND --help\n\n  do      Does it.\n"
    assert call("--help")[1].out.startswith(overview)
    assert call("help")[0] == 0
    assert call("dont")[0] == 2
    assert call()[1].err.startswith(overview)
