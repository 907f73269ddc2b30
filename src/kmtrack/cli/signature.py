"""The signature of a command whose options are made from fields or filters."""

import inspect
from collections.abc import Callable


def with_parameters(
    run: Callable[..., None], parameters: list[inspect.Parameter]
) -> Callable[..., None]:
    """Let Typer make the options of a command from these parameters; it reads both."""
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run
