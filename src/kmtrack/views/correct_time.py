"""Show the effect of a correction of moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.views.format import moment_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.ledger.moments import Retimed
    from kmtrack.usecases.correct_time import CorrectedTimes

# No more commands are named than this.
_MOST: Final = 10


def render_corrected(corrected: CorrectedTimes) -> Iterator[str]:
    """Yield a line for each of the first commands, and the command that takes the correction back."""
    yield from render_retimed(corrected.commands)
    yield say("correct_time.done", number=corrected.number)


def render_retimed(commands: Sequence[Retimed]) -> Iterator[str]:
    """Yield a line for each of the first commands with its moment before and after."""
    for command in commands[:_MOST]:
        before, after = moment_in_words(command.before), moment_in_words(command.after)
        yield say("correct_time.command", number=command.number, before=before, after=after)
    if len(commands) > _MOST:
        yield say("history.more", number=len(commands) - _MOST)


def corrected_as_dict(corrected: CorrectedTimes) -> dict[str, Any]:
    """Return a correction as data."""
    return {"number": corrected.number, "commands": [each._asdict() for each in corrected.commands]}
