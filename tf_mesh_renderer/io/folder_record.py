"""What a folder holds, written into it, so that nothing else is mixed with it later."""

import dataclasses
import json
import pathlib
from collections.abc import Mapping
from typing import Any

from tf_mesh_renderer.arguments import argument_error
from tf_mesh_renderer.io.files import write_file


@dataclasses.dataclass(frozen=True)
class FolderRecord:
    """A JSON file with the facts that decide what a program writes into a folder.

    Attributes:
      file_name: of the record.
      where: the program or function, for errors.
      argument: its argument that names the folder, for errors.
      may_change: names of facts that may differ when the work goes on.
    """

    file_name: str
    where: str
    argument: str
    may_change: tuple[str, ...] = ()

    def check(self, directory: pathlib.Path, facts: Mapping[str, Any]) -> None:
        """Refuses a folder that was begun with other facts.

        Args:
          directory: the folder, which need not exist.
          facts: nested, of JSON types and tuples.
        Raises:
          ValueError: the record there differs, the text says how, or cannot be read.
        """
        path = directory / self.file_name
        if not path.is_file():
            return
        there, now = _flat(self._read(path)), _flat(json.loads(json.dumps(facts)))
        differences = [
            f"{name} {_shown(there, name)} there and {_shown(now, name)} now"
            for name in {**there, **now}
            if there.get(name) != now.get(name) and name not in self.may_change
        ]
        if differences:
            raise self._error(f"'{path}' with other settings: " + "; ".join(differences))

    def claim(self, directory: pathlib.Path, facts: Mapping[str, Any]) -> None:
        """Writes the record, in one stroke: other processes may read it at the same time.

        Args:
          directory: as of `check`; it is made.
          facts: as of `check`.
        Raises:
          ValueError: as of `check`.
          OSError: the file cannot be written.
        """
        self.check(directory, facts)
        text = json.dumps(facts, indent=2) + "\n"
        write_file(directory / self.file_name, lambda file: file.write(text.encode()))

    def _read(self, path: pathlib.Path) -> dict[str, Any]:
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (TypeError, ValueError) as error:
            raise self._error(f"'{path}', which cannot be read ({error})") from error

    def _error(self, received: str) -> ValueError:
        return argument_error(
            self.where,
            self.argument,
            expected="a new folder, or one that was begun with the same settings",
            received=received,
            hint="go on with the settings that are there, or choose another folder",
        )


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of nested dicts under names such as "settings.weights.color"."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        inner = _flat(value) if isinstance(value, dict) else {"": value}
        flat |= {f"{name}.{rest}".rstrip("."): part for rest, part in inner.items()}
    return flat


def _shown(facts: Mapping[str, Any], name: str) -> str:
    return repr(facts[name]) if name in facts else "missing"
