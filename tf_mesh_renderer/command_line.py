"""Programs from their flags to their exit status, with errors that a user can read."""

import dataclasses
import sys
from collections.abc import Callable, Mapping, Sequence

from absl import flags, logging

_HELP = ("-h", "-help", "--help", "-helpshort", "--helpshort")
# What the user can put right; the text says how. Anything else shows where it happened.
_USER_ERRORS = (ValueError, OSError, ImportError, ArithmeticError)
_GOOD, _FAILED, _WRONG_FLAGS = 0, 1, 2


@dataclasses.dataclass(frozen=True)
class Program:
    """What one can call from a shell.

    Attributes:
      description: shown by `--help` above the flags; its first line stands in overviews.
      define_flags: adds the flags to those it is given.
      run: called with parsed flags and what follows them; returns an exit status, or None for 0.
      required: names of flags that must be given.
      unless: name of a flag without a value with which no other is required.
      positional: what may follow the flags, in words; empty if nothing may.
    """

    description: str
    define_flags: Callable[[flags.FlagValues], None]
    run: Callable[..., int | None]
    required: tuple[str, ...] = ()
    unless: str = ""
    positional: str = ""


def run_program(argv: Sequence[str], program: Program) -> int:
    """Runs a program.

    Args:
      argv: its name, its flags, and what follows them.
      program: `Program`.
    Returns:
      The exit status: 0, 1 after an error of the program, 2 where its flags are wrong, or what the
      program returns.
    """
    return _run(program, list(argv), hint="--help")


def run_command(
    argv: Sequence[str], commands: Mapping[str, Program], *, module: str, description: str
) -> int:
    """Runs one of several programs that share a name.

    Args:
      argv: the name, the command, its flags, and what follows them.
      commands: {name: `Program`}.
      module: what `python -m` calls.
      description: of all commands.
    Returns:
      The exit status, as of `run_program`; 2 without a command.
    """
    command = argv[1] if len(argv) > 1 else None
    if command in commands:
        return _run(commands[command], list(argv[1:]), hint=f"{command} --help")
    asked = command in (*_HELP, "help")
    (sys.stdout if asked else sys.stderr).write(_overview(commands, module, description))
    return _GOOD if asked else _WRONG_FLAGS


def _run(program: Program, argv: list[str], *, hint: str) -> int:
    values = flags.FlagValues()
    program.define_flags(values)
    text = "Show where an error happened."
    flags.DEFINE_boolean("traceback", False, text, flag_values=values)
    if any(word in _HELP for word in _own(argv)):
        sys.stdout.write(_help(program, values))
        return _GOOD
    try:
        rest = values(argv)[1:]
        _check(program, values, rest)
    except flags.Error as error:
        sys.stderr.write(f"error: {error}\nSee {hint}.\n")
        return _WRONG_FLAGS
    logging.set_verbosity(logging.WARNING)
    try:
        return program.run(values, *rest) or _GOOD
    except _USER_ERRORS as error:
        if values.traceback:
            raise
        sys.stderr.write(f"error: {error}\n")
        return _FAILED


def _own(argv: list[str]) -> list[str]:
    """The words before `--`: what follows may be the command line of another program."""
    return argv[1 : argv.index("--") if "--" in argv else None]


def _check(program: Program, values: flags.FlagValues, rest: Sequence[str]) -> None:
    """Refuses what the parser of absl lets pass."""
    if rest and not program.positional:
        raise flags.Error(f"unexpected argument '{rest[0]}'")
    if program.unless and values[program.unless].value:
        return
    missing = [f"--{name}" for name in program.required if values[name].value in (None, "")]
    if missing:
        raise flags.Error(f"missing: {', '.join(missing)}")


def _overview(commands: Mapping[str, Program], module: str, description: str) -> str:
    width = max(map(len, commands)) + 2
    lines = [
        f"  {name:{width}}{command.description.splitlines()[0]}\n"
        for name, command in commands.items()
    ]
    return f"{description}\n\npython -m {module} COMMAND --help\n\n{''.join(lines)}"


def _help(program: Program, values: flags.FlagValues) -> str:
    """The description, the flags that must be given, and the others in the order of definition."""
    own = [flag for module in values.flags_by_module_dict().values() for flag in module]
    required = [values[name] for name in program.required]
    sections = [("Required", required), ("Optional", [f for f in own if f not in required])]
    text = program.description.strip() + "\n"
    if program.positional:
        text += f"\nAfter the flags: {program.positional}\n"
    for heading, some in sections:
        if some:
            text += f"\n{heading}:\n" + "".join(_flag_help(flag) for flag in some)
    return text


def _flag_help(flag: flags.Flag) -> str:
    name = f"[no]{flag.name}" if flag.boolean else flag.name
    default = "" if flag.default in (None, "") else f" Default: {flag.default_as_str}."
    text = f"{flag.help}{default}"  # absl has put the choices in front of the help
    return f"  --{name}:\n{flags.text_wrap(text, indent='      ')}\n"
