"""The commands train, evaluate, baselines, compare, predict and export, for `python -m`."""

import sys
from types import ModuleType

from absl import flags, logging

from tf_mesh_renderer.applications.reconstruction.commands import (
    baselines,
    compare,
    evaluate,
    export,
    predict,
    train,
)

COMMANDS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (train, evaluate, baselines, compare, predict, export)
}
_HELP = ("-h", "--help", "help")
_PROGRAM = "python -m tf_mesh_renderer.applications.reconstruction"
# What the user can put right; the text says how. Anything else shows where it happened.
_USER_ERRORS = (ValueError, FileNotFoundError, ConnectionError, ImportError, ArithmeticError)


def main(argv: list[str]) -> int:
    """Runs a command.

    Args:
      argv: name of the program, command, flags.
    Returns:
      The exit status: 0, 1 after an error of the command, 2 where its flags are wrong.
    """
    if len(argv) < 2 or argv[1] not in COMMANDS:
        asked = len(argv) > 1 and argv[1] in _HELP
        (sys.stdout if asked else sys.stderr).write(_overview())
        return 0 if asked else 2
    command = COMMANDS[argv[1]]
    values = flags.FlagValues()
    command.define_flags(values)
    text = "Show where an error happened."
    flags.DEFINE_bool("traceback", False, text, flag_values=values)
    if any(word in _HELP for word in argv[2:]):
        sys.stdout.write(f"{command.__doc__}\n{values.get_help()}\n")
        return 0
    try:
        arguments = values(argv[1:])[1:]
    except flags.Error as error:
        sys.stderr.write(f"{argv[1]}: {error}\nSee {_PROGRAM} {argv[1]} --help\n")
        return 2
    return _run(command, values, arguments)


def _run(command: ModuleType, values: flags.FlagValues, arguments: list[str]) -> int:
    logging.set_verbosity(logging.WARNING)
    try:
        return command.run(values, arguments)
    except _USER_ERRORS as error:
        if values.traceback:
            raise
        sys.stderr.write(f"error: {error}\n")
        return 1


def _overview() -> str:
    lines = [f"  {name:10}{module.__doc__}\n" for name, module in COMMANDS.items()]
    return f"{_PROGRAM} COMMAND --help\n\n{''.join(lines)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv))
