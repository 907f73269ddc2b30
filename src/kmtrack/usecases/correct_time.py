"""Correct the time of commands dated by a wrong clock: they keep their order, and nothing else changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import here, later_than, latest_believed, moment_of
from kmtrack.errors import Refusal
from kmtrack.ledger.moments import CORRECTING, correct_times
from kmtrack.ledger.queries.moments import commands_between, earliest_after, latest_before
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.usecases.optimistic_reads import rehearsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.ledger.moments import Retimed
    from kmtrack.ledger.queries.moments import CommandMoment
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.session import Session

# More are corrected one part after the other.
_MOST: Final = 10_000


class MomentSpan(NamedTuple):
    """A moment as it was named: the first and the last moment (UTC) that it may mean."""

    first: str
    last: str


class CorrectedTimes(NamedTuple):
    """The result of a correction: its own number, and each command whose moment changed."""

    number: int
    commands: list[Retimed]


@rehearsed
def correct_time(
    session: Session, numbers: tuple[int, int], to: MomentSpan, reason: str
) -> CorrectedTimes:
    """Give the first of one's own commands (numbers, first and last) a moment, and move the others along.

    They keep their order and the intervals between them, as far as these have passed. Raises
    Refusal `unknown_command`, `time_of_another`, `time_to_come`, `time_not_after`,
    `time_not_before`, `time_unchanged`, `too_many_times`.
    """
    why = session.validate(ReasonFacts, {"reason": reason}).reason
    with session.unit_of_work(CORRECTING, why) as work:
        commands = _own(session, numbers)
        moments = _moments(session, work, commands, to)
        changed = correct_times(work, moments)
        if not changed:
            raise Refusal("time_unchanged", number=len(commands))
        number = work.number
    return CorrectedTimes(number, changed)


def _own(session: Session, numbers: tuple[int, int]) -> list[CommandMoment]:
    """Return the commands with these numbers in the order of their moments. Raises Refusal."""
    first, last = numbers
    if last - first >= _MOST:
        raise Refusal("too_many_times", limit=_MOST)
    commands = commands_between(session.store, first, last)
    found = {command.number for command in commands}
    missing = next((number for number in range(first, last + 1) if number not in found), None)
    if missing is not None:
        raise Refusal("unknown_command", number=missing)
    for command in sorted(commands, key=lambda each: each.number):
        if command.recorded_by != session.who:
            raise Refusal("time_of_another", number=command.number, by=command.recorded_by)
    return commands


def _moments(
    session: Session, work: UnitOfWork, commands: Sequence[CommandMoment], to: MomentSpan
) -> dict[str, str]:
    """Return the moment of each command by its token. Raises Refusal."""
    store, now = session.store, work.given.clock
    numbers = [command.number for command in commands]
    before = latest_before(store, min(numbers))
    start = to.first if before is None else later_than(before.recorded_at, to.first)
    if before is not None and start > to.last:
        raise Refusal(
            "time_not_after",
            number=before.number,
            by=before.recorded_by,
            moment=here(before.recorded_at),
        )
    if start > latest_believed(now):
        raise Refusal("time_to_come", moment=here(start), now=here(now))
    moments = _shifted(commands, start, now)
    after = earliest_after(store, max(numbers), commands[-1].recorded_at)
    if after is not None and moments[commands[-1].token] >= after.recorded_at:
        raise Refusal(
            "time_not_before",
            number=after.number,
            by=after.recorded_by,
            moment=here(after.recorded_at),
        )
    return moments


def _shifted(commands: Sequence[CommandMoment], start: str, now: str) -> dict[str, str]:
    """Shift the moments of commands so that the first is at `start` and none is in the future."""
    first = datetime.fromisoformat(commands[0].recorded_at)
    by = datetime.fromisoformat(start) - first
    moments: dict[str, str] = {}
    last = ""
    for command in commands:
        shifted = moment_of(datetime.fromisoformat(command.recorded_at) + by)
        if last and shifted > now:
            shifted = last
        last = moments[command.token] = later_than(last, shifted)
    return moments
