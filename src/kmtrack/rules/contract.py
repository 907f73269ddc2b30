"""The contract as the rules see it: period, participation, limits and targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.rules.document import Wording


class Participation(NamedTuple):
    """One span in which a municipality takes part; a missing day leaves that end open."""

    municipality: str
    first_day: date | None = None
    last_day: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the span includes `day`, both ends inclusive."""
        return (self.first_day is None or self.first_day <= day) and (
            self.last_day is None or day <= self.last_day
        )


class Selection(NamedTuple):
    """Which records of its noun a target is for; an empty choice selects them all.

    `history` is "first" or "later" for contacts; `kinds` and `levels` choose among collaborations
    and hires.
    """

    history: str | None = None
    kinds: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()


class Point(NamedTuple):
    """One thing that the note demands of a deliverable; points of one `demand` are alternatives."""

    id: str
    demand: str
    name: Wording
    words: Wording


class Target(NamedTuple):
    """One thing that the contract asks for.

    `requires` maps each requirement to the words of the note that it comes from, in the order in
    which they are looked at. `minimum` is missing where the note sets no number. Of a deliverable
    `points` are what it must hold, and `logged_every_days` makes it one to be kept running.
    """

    id: str
    counts: str
    name: Wording
    words: Wording
    selection: Selection
    minimum: int | None
    due: date | None
    requires: Mapping[str, Wording]
    points: tuple[Point, ...] = ()
    logged_every_days: int | None = None

    @property
    def is_counted(self) -> bool:
        """Whether records are counted against it (and not something delivered)."""
        return self.counts in COUNTED_NOUNS

    @property
    def takes_minimum(self) -> bool:
        """Whether an amendment may say how many it must reach.

        The note sets no number for growth ("en markant stigning"); a contract that does may amend
        it.
        """
        return self.is_counted or (self.counts == "survey" and self.minimum is not None)


class SmeLimits(NamedTuple):
    """The limits of Recommendation 2003/361/EC; the sums in millions of euro."""

    employees_below: int
    turnover_at_most: float
    balance_at_most: float


class Contract(NamedTuple):
    """Everything that the rules ask a contract."""

    id: str
    name: Wording
    region: str
    operator: str
    first_day: date
    last_day: date
    participation: tuple[Participation, ...]
    channels: frozenset[str]
    highly_educated: frozenset[str]
    paid_terms: frozenset[str]
    sme: SmeLimits
    targets: tuple[Target, ...]

    def target(self, target_id: str) -> Target | None:
        """The target of that id, if the contract has it."""
        return next((target for target in self.targets if target.id == target_id), None)

    def due_day(self, target: Target) -> date:
        """The last day on which something done counts as in time for `target`."""
        return target.due or self.last_day


COUNTED_NOUNS = frozenset({"contact", "collaboration", "hire"})
DELIVERED_NOUNS = frozenset({"deliverable", "method", "survey"})
