"""The contract as the rules use it: period, participation, limits and targets."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.rules.document import Wording


def alike(name: str) -> str:
    """Return a name without what readers overlook: case, spaces and invisible characters."""
    shown = "".join(each for each in name if unicodedata.category(each) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", shown).casefold().split())


class Participation(NamedTuple):
    """A period in which a municipality takes part; a missing day leaves that end open."""

    municipality: str
    first_day: date | None = None
    last_day: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether `day` is in the period, both ends inclusive."""
        return (self.first_day is None or self.first_day <= day) and (
            self.last_day is None or day <= self.last_day
        )


class Selection(NamedTuple):
    """A filter on the records of a target's noun; an empty filter selects all of them.

    `history` is "first" or "later" and applies to contacts; `kinds` and `levels` apply to
    collaborations and hires.
    """

    history: str | None = None
    kinds: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()


class Point(NamedTuple):
    """An item that the note demands of a deliverable; points of the same `demand` are alternatives."""

    id: str
    demand: str
    name: Wording
    words: Wording


class Target(NamedTuple):
    """A target of the contract.

    `requires` maps each requirement to the words of the note that it comes from, in the order of
    judgement. `minimum` is None if the note sets no number. For a deliverable, `points` are its
    required contents; `logged_every_days` makes it a running one with a log entry at least that often.
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
        """Whether the target counts records, as opposed to something delivered."""
        return self.counts in COUNTED_NOUNS

    @property
    def takes_minimum(self) -> bool:
        """Whether an amendment may set the minimum: of records, or of companies that hired.

        The note sets no number for these ("en markant stigning"); the region may.
        """
        return self.is_counted or self.counts == "survey"


class SmeLimits(NamedTuple):
    """The SME limits of Recommendation 2003/361/EC; turnover and balance in millions of euro."""

    employees_below: int
    turnover_at_most: float
    balance_at_most: float


class Lasting(NamedTuple):
    """How many weeks a hire is to last at least, and with how many hours in each."""

    weeks: int
    hours: int


class YearDay(NamedTuple):
    """A day of every year."""

    month: int
    day: int


class Contract(NamedTuple):
    """The terms of a contract that the rules need; `visits` are the channels that it calls visits.

    `questions_to` is who answers the region's questions, `report_days` when it follows the contract up.
    """

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
    visits: frozenset[str] = frozenset({"visit"})
    lasting: Lasting = Lasting(weeks=1, hours=1)
    questions_to: str = ""
    report_days: tuple[YearDay, ...] = ()

    def target(self, target_id: str) -> Target | None:
        """Return the target with that id, or None."""
        return next((target for target in self.targets if target.id == target_id), None)

    @property
    def lacks_participation(self) -> bool:
        """Whether something counts only in participating municipalities, but none takes part."""
        needed = any("participating" in target.requires for target in self.targets)
        return needed and not self.participation

    def due_day(self, target: Target) -> date:
        """Return the last day on which something counts as in time for `target`."""
        return target.due or self.last_day


COUNTED_NOUNS = frozenset({"contact", "collaboration", "hire"})
DELIVERED_NOUNS = frozenset({"deliverable", "method", "survey"})
