"""Runs a process of a tf.data service until it is ended.

python -m tf_mesh_renderer.training.data_service --role=dispatcher --port=5050
python -m tf_mesh_renderer.training.data_service --role=worker --dispatcher=HOST:5050
"""

import functools
import sys

from absl import flags

from tf_mesh_renderer.command_line import Program, run_program
from tf_mesh_renderer.training.data_service import start_dispatcher, start_worker

_ROLES = ("dispatcher", "worker")


def define_flags(values: flags.FlagValues) -> None:
    """Defines what the program can be told.

    Args:
      values: where to.
    """
    defined = {"flag_values": values}
    flags.DEFINE_enum("role", None, _ROLES, "What this process does.", **defined)
    flags.DEFINE_integer("port", 0, "Port to listen on; 0: any.", 0, 65535, **defined)
    text = "HOST:PORT of the dispatcher; needed by workers."
    flags.DEFINE_string("dispatcher", None, text, **defined)
    text = "Name of this machine by which training reaches a worker."
    flags.DEFINE_string("host", "localhost", text, **defined)


def run(values: flags.FlagValues) -> None:
    """Serves until the process is ended.

    Args:
      values: the flags.
    Raises:
      ValueError: a worker is not told its dispatcher.
      ConnectionError: the dispatcher does not listen.
    """
    if values.role == "dispatcher":
        server = start_dispatcher(values.port)
    elif not values.dispatcher:
        raise ValueError("a worker needs --dispatcher=HOST:PORT")
    else:
        server = start_worker(values.dispatcher, port=values.port, host=values.host)
    server.join()


PROGRAM = Program(__doc__, define_flags, run, required=("role",))
main = functools.partial(run_program, program=PROGRAM)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
