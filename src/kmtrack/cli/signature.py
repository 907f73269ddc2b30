"""The signature of a command whose options are made from fields or filters."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Signed:
    """A command whose parameters are made when Typer reads them.

    Those of a verb that nobody typed are never made: a broker waits for each.
    """

    def __init__(
        self, run: Callable[..., None], parameters: Callable[[], list[inspect.Parameter]]
    ) -> None:
        self._run = run
        self._parameters = parameters

    def __call__(self, **given: Any) -> None:
        """Run the command with what was typed."""
        self._run(**given)

    @cached_property
    def __signature__(self) -> inspect.Signature:
        return inspect.Signature(self._parameters())

    @cached_property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        """Return the annotations by name, which Typer reads beside the signature."""
        found = self.__signature__.parameters
        return {name: parameter.annotation for name, parameter in found.items()}
