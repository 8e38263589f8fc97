"""The environment variable TF_CONFIG, checked before TensorFlow acts on it."""

import json
import re
from collections.abc import Mapping

from tf_mesh_renderer.arguments import argument_error

VARIABLE = "TF_CONFIG"
# Roles that take part in synchronous training. The others belong to strategies with parameter
# servers, which are not offered.
_ROLES = ("chief", "worker")
_ADDRESS = re.compile(r"[^\s:/]+:\d+|\[[0-9a-fA-F:]+\]:\d+")
_EXAMPLE = (
    '{"cluster": {"worker": ["host0:2222", "host1:2222"]}, "task": {"type": "worker", "index": 0}}'
)


def check_tf_config(environ: Mapping[str, str]) -> None:
    """Checks that TF_CONFIG describes a cluster and which of its processes this is.

    Args:
      environ: the environment, such as `os.environ`.
    Raises:
      ValueError: the variable is missing, is no JSON, or describes no process of a cluster of
        "worker" processes with an optional "chief".
    """
    text = environ.get(VARIABLE)
    if not text:
        raise _bad("a description of the cluster", "no such environment variable")
    try:
        config = json.loads(text)
    except json.JSONDecodeError as error:
        raise _bad("JSON", f"{text!r} ({error})") from error
    cluster = _field(config, "cluster", dict)
    sizes = {role: _num_processes(cluster, role) for role in cluster}
    task = _field(config, "task", dict)
    role, index = _field(task, "type", str), _field(task, "index", int)
    if role not in sizes:
        raise _bad(f"task.type to be one of {sorted(sizes)}", repr(role))
    if not 0 <= index < sizes[role]:
        raise _bad(f"task.index in 0..{sizes[role] - 1}", index)


def write_tf_config(addresses: tuple[str, ...], rank: int) -> str:
    """The value of TF_CONFIG for one of several processes; the first is the chief.

    Args:
      addresses: "host:port" of all processes.
      rank: which of them, from 0.
    Returns:
      JSON.
    """
    task = {"type": "worker", "index": rank}
    return json.dumps({"cluster": {"worker": list(addresses)}, "task": task})


def _num_processes(cluster, role) -> int:
    if role not in _ROLES:
        raise _bad(f"the roles {' and '.join(_ROLES)}", repr(role))
    addresses = _field(cluster, role, list)
    wrong = [a for a in addresses if not isinstance(a, str) or not _ADDRESS.fullmatch(a)]
    if wrong or not addresses:
        raise _bad(f"cluster.{role} to be a list of 'host:port'", wrong[0] if wrong else "[]")
    if role == "chief" and len(addresses) > 1:
        raise _bad("one chief", f"{len(addresses)} of them")
    return len(addresses)


def _field(config, name, kind):
    value = config.get(name) if isinstance(config, dict) else None
    # A JSON true is an int to Python.
    if not isinstance(value, kind) or isinstance(value, bool) or value == {}:
        raise _bad(f"a field {name!r} of type {kind.__name__}", repr(value))
    return value


def _bad(expected, received):
    return argument_error(
        "make_strategy",
        VARIABLE,
        expected=expected,
        received=received,
        hint=f"set it in every process, as in {VARIABLE}='{_EXAMPLE}'",
    )
