"""A program from its flags to its exit status, with errors that a user can read."""

import sys
from collections.abc import Callable, Sequence

from absl import flags, logging

_HELP = ("-h", "--help", "--helpshort")
# What the user can put right; the text says how. Anything else shows where it happened.
_USER_ERRORS = (ValueError, FileNotFoundError, ConnectionError, ImportError)
_GOOD, _FAILED, _WRONG_FLAGS = 0, 1, 2


def execute(
    argv: Sequence[str],
    *,
    description: str,
    define_flags: Callable[[flags.FlagValues], None],
    run: Callable[[flags.FlagValues], None],
) -> int:
    """Runs a program.

    Args:
      argv: its name and its flags.
      description: shown by `--help` above the flags.
      define_flags: adds the flags of the program.
      run: the program, called with parsed flags.
    Returns:
      The exit status: 0, 1 after an error of the program, 2 where its flags are wrong.
    """
    values = flags.FlagValues()
    define_flags(values)
    text = "Show where an error happened."
    flags.DEFINE_boolean("traceback", False, text, flag_values=values)
    if any(word in _HELP for word in argv[1:]):
        sys.stdout.write(f"{description}\n{values.get_help()}\n")
        return _GOOD
    try:
        rest = values(list(argv))[1:]
        if rest:
            raise flags.UnrecognizedFlagError(rest[0])
    except flags.Error as error:
        sys.stderr.write(f"error: {error}\nSee --help.\n")
        return _WRONG_FLAGS
    return _run(run, values)


def _run(run, values):
    logging.set_verbosity(logging.WARNING)
    try:
        run(values)
    except flags.Error as error:
        sys.stderr.write(f"error: {error}\nSee --help.\n")
        return _WRONG_FLAGS
    except _USER_ERRORS as error:
        if values.traceback:
            raise
        sys.stderr.write(f"error: {error}\n")
        return _FAILED
    return _GOOD
