"""Runs a process of a tf.data service until it is ended.

python -m tf_mesh_renderer.applications.data_service --role=dispatcher --port=5050
python -m tf_mesh_renderer.applications.data_service --role=worker --dispatcher=HOST:5050

"""

from collections.abc import Sequence

from absl import app, flags

from tf_mesh_renderer.applications.data_service import start_dispatcher, start_worker

_ROLES = ("dispatcher", "worker")

_ROLE = flags.DEFINE_enum("role", None, _ROLES, "What this process does.", required=True)
_PORT = flags.DEFINE_integer("port", 0, "Port to listen on; 0: any.", 0, 65535)
_DISPATCHER = flags.DEFINE_string("dispatcher", None, "HOST:PORT of the dispatcher, for workers.")
_HOST = flags.DEFINE_string(
    "host", "localhost", "Name of this machine by which training reaches a worker."
)


def main(arguments: Sequence[str]) -> None:
    """Serves until the process is ended.

    Args:
      arguments: name of this program.
    Raises:
      app.UsageError: flags do not fit.
    """
    if len(arguments) > 1:
        raise app.UsageError(f"expected flags only, received {arguments[1:]}")
    if _ROLE.value == "dispatcher":
        server = start_dispatcher(_PORT.value)
    elif not _DISPATCHER.value:
        raise app.UsageError("a worker needs --dispatcher=HOST:PORT")
    else:
        server = start_worker(_DISPATCHER.value, port=_PORT.value, host=_HOST.value)
    server.join()


if __name__ == "__main__":
    app.run(main)
