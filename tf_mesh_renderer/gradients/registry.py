"""Names of gradient models, for configurations and command lines."""

import dataclasses
from collections.abc import Callable

from tf_mesh_renderer.arguments import argument_error

_NAME_KEY = "name"
_MODELS: dict[str, type] = {}


def register(name: str) -> Callable[[type], type]:
    """Class decorator that makes a gradient model known by a name.

    Args:
      name: a short lower-case identifier, such as "n3mr".
    Returns:
      A decorator that returns the class unchanged.
    Raises:
      ValueError: another class has the name.
    """

    def add(model_class: type) -> type:
        if name in _MODELS:
            raise argument_error(
                "gradients.register",
                "name",
                expected="an unused name",
                received=f"{name!r} (taken by {_MODELS[name].__name__})",
                hint="choose another name",
            )
        _MODELS[name] = model_class
        return model_class

    return add


def get(identifier):
    """Returns the gradient model that a name, a configuration or an object stands for.

    Args:
      identifier: a registered name ("n3mr"), a dict as `serialize` returns, or a gradient model.
    Returns:
      An object with the method `blend` (see `GradientModel`).
    Raises:
      ValueError: the name is unknown, or the object is no gradient model.
    """
    if isinstance(identifier, str):
        return _class_of(identifier)()
    if isinstance(identifier, dict):
        arguments = dict(identifier)
        return _class_of(arguments.pop(_NAME_KEY, None))(**arguments)
    if callable(getattr(identifier, "blend", None)) and not isinstance(identifier, type):
        return identifier
    raise argument_error(
        "gradients.get",
        "identifier",
        expected=f"one of {sorted(_MODELS)} or an object with a method `blend`",
        received=repr(identifier),
        hint="pass gradients.N3mr()",
    )


def serialize(model) -> dict:
    """Returns the name and the parameters of a registered gradient model as JSON types.

    Args:
      model: an instance of a registered frozen dataclass.
    Returns:
      A dict that `get` turns back into an equal model.
    Raises:
      ValueError: the class of the model has no name.
    """
    for name, model_class in _MODELS.items():
        if type(model) is model_class:
            return {_NAME_KEY: name, **dataclasses.asdict(model)}
    raise argument_error(
        "gradients.serialize",
        "model",
        expected=f"one of {sorted(_MODELS)}",
        received=repr(model),
        hint="decorate its class with gradients.register",
    )


def _class_of(name) -> type:
    if name not in _MODELS:
        raise argument_error(
            "gradients.get",
            "identifier",
            expected=f"one of {sorted(_MODELS)}",
            received=repr(name),
            hint="import the file that registers it",
        )
    return _MODELS[name]
