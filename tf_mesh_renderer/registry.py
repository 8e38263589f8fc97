"""Families of interchangeable models, known by name for configurations and command lines."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from tf_mesh_renderer.arguments import argument_error

_NAME_KEY = "name"
# What a configuration may hold: the JSON types that have no parts.
_PLAIN_TYPES = (bool, int, float, str, type(None))


class Registry:
    """The models of one family: frozen dataclasses that have one method in common.

    Every family has its own instance and offers the three methods as functions of its module.

    Args:
      family: the module that offers the functions, such as "gradients"; for errors.
      method: the method by which a model of the family is told from other objects.
      example: a model to pass instead, such as "gradients.N3mr()"; for errors.
    """

    def __init__(self, family: str, *, method: str, example: str):
        self._family = family
        self._method = method
        self._example = example
        self._classes: dict[str, type] = {}

    def register(self, name: str) -> Callable[[type], type]:
        """Class decorator that makes a model of this family known by a name.

        Args:
          name: a short lower-case identifier, such as "n3mr" or "phong".
        Returns:
          A decorator that returns the class unchanged.
        Raises:
          ValueError: another class has the name.
        """

        def add(model_class: type) -> type:
            if name in self._classes:
                raise argument_error(
                    f"{self._family}.register",
                    "name",
                    expected="an unused name",
                    received=f"{name!r} (taken by {self._classes[name].__name__})",
                    hint="choose another name",
                )
            self._classes[name] = model_class
            return model_class

        return add

    def get(self, identifier: Any) -> Any:
        """Returns the model that a name, a configuration or an object stands for.

        Args:
          identifier: a registered name, a dict as `serialize` returns, or a model of the family.
        Returns:
          A model; a name gives the one with the default parameters.
        Raises:
          ValueError: the name is unknown, or the object is no model of the family.
        """
        if isinstance(identifier, str):
            return self._class_of(identifier)()
        if isinstance(identifier, dict):
            arguments = {key: _frozen(value) for key, value in identifier.items()}
            return self._class_of(arguments.pop(_NAME_KEY, None))(**arguments)
        if callable(getattr(identifier, self._method, None)) and not isinstance(identifier, type):
            return identifier
        raise argument_error(
            f"{self._family}.get",
            "identifier",
            expected=f"one of {sorted(self._classes)} or an object with a method `{self._method}`",
            received=repr(identifier),
            hint=f"pass {self._example}",
        )

    def serialize(self, model: Any) -> dict:
        """Returns the name and the parameters of a registered model as JSON types.

        Args:
          model: an instance of a registered frozen dataclass whose fields are plain numbers,
            words, arrays, constant tensors, or sequences of these.
        Returns:
          A dict that `get` turns back into an equal model. Sequences and arrays become lists here,
          and tuples in `get`.
        Raises:
          ValueError: the class of the model has no name, or a field holds a variable or a tensor
            without a value.
        """
        for name, model_class in self._classes.items():
            if type(model) is model_class:
                return {_NAME_KEY: name, **self._parameters(model)}
        raise argument_error(
            f"{self._family}.serialize",
            "model",
            expected=f"one of {sorted(self._classes)}",
            received=repr(model),
            hint=f"decorate its class with {self._family}.register",
        )

    def _parameters(self, model: Any) -> dict:
        names = [field.name for field in dataclasses.fields(model)]
        return {name: self._plain(name, getattr(model, name)) for name in names}

    def _plain(self, name: str, value: Any) -> Any:
        """A value as JSON types."""
        if isinstance(value, tf.Tensor):
            static = tf.get_static_value(value)
            value = value if static is None else static
        if isinstance(value, (np.ndarray, np.generic)):
            value = value.tolist()
        if isinstance(value, (list, tuple)):
            return [self._plain(name, item) for item in value]
        if isinstance(value, _PLAIN_TYPES):
            return value
        raise argument_error(
            f"{self._family}.serialize",
            name,
            expected="a number, a word, or a sequence of these",
            received=type(value).__name__,
            hint="what is learned does not belong into a configuration; save its value as weights",
        )

    def _class_of(self, name: Any) -> type:
        if name not in self._classes:
            raise argument_error(
                f"{self._family}.get",
                "identifier",
                expected=f"one of {sorted(self._classes)}",
                received=repr(name),
                hint="import the file that registers it",
            )
        return self._classes[name]


def _frozen(value: Any) -> Any:
    """Lists as tuples, which is what the fields of a frozen dataclass are."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
