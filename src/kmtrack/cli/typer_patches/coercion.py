"""Coercion: texts are taken as typed, without the validators that Typer builds with pydantic.

Loading pydantic takes a third of the time in which a command starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer import core
from typer._coercion import RuntimeParam, build_runtime_param

if TYPE_CHECKING:
    from typer._click import Context
    from typer._coercion import TypeDescriptor
    from typer.core import _TyperParameter


def take_texts_as_typed() -> None:
    """Let Typer build a validator only for a value that is not plain text."""
    vars(core).update(build_runtime_param=_LazyParam)


class _LazyParam(RuntimeParam):
    """An argument or option whose validator is built when a value needs it."""

    def __init__(self, descriptor: TypeDescriptor) -> None:
        super().__init__(descriptor.parameter_info, descriptor.annotation)
        vars(self)["_descriptor"] = descriptor  # it is frozen, as the others are

    def _coerce_value(self, value: Any, param: _TyperParameter, ctx: Context) -> Any:
        if self.parameter_info.parser is None:
            if self.annotation is str and _is_text(value):
                return value
            if self.annotation == list[str] and all(map(_is_text, value)):
                return list(value)
        return build_runtime_param(vars(self)["_descriptor"]).coerce(value, param=param, ctx=ctx)


def _is_text(value: object) -> bool:
    """Return whether a value is valid text; invalid bytes arrive as lone surrogates."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
