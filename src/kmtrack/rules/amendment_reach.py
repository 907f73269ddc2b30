"""The reach of an amendment: the records that a changed contract may judge differently."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.contract import Contract, Target

# No rule reads these, so that a change of them changes no verdict; a test holds the rules to it. All
# other fields are read, new ones too.
UNJUDGED: Final = frozenset({"id", "name", "region", "operator", "questions_to", "report_days"})
UNJUDGED_OF_TARGETS: Final = frozenset(
    {"name", "words", "minimum", "due", "points", "logged_every_days"}
)
# These matter for records of some days, and for those in some municipalities, alone.
_PERIOD: Final = frozenset({"first_day", "last_day"})
_PLACES: Final = frozenset({"participation"})


class Days(NamedTuple):
    """Days from the first to the last, both inclusive."""

    first: date
    last: date


class Reach(NamedTuple):
    """Which verdicts may change: all of them, or those on records of some days or in some places."""

    is_whole: bool = False
    days: tuple[Days, ...] = ()
    municipalities: frozenset[str] = frozenset()

    @property
    def is_none(self) -> bool:
        """Whether no verdict can change."""
        return not (self.is_whole or self.days or self.municipalities)


def reach_of_amendment(before: Contract, after: Contract) -> Reach:
    """Return which verdicts may differ between two contracts."""
    one, other = _judged(before), _judged(after)
    changed = {name for name in one if one[name] != other[name]}
    starts_or_ends = bool(before.participation) != bool(after.participation)
    if changed - _PERIOD - _PLACES or starts_or_ends:
        return Reach(is_whole=True)
    days = [
        Days(min(pair) + timedelta(offset), max(pair) + timedelta(offset - 1))
        # The first day is in the period, the day after the last is not.
        for pair, offset in (
            ((before.first_day, after.first_day), 0),
            ((before.last_day, after.last_day), 1),
        )
        if pair[0] != pair[1]
    ]
    spans = set(before.participation) ^ set(after.participation)
    return Reach(days=tuple(days), municipalities=frozenset(span.municipality for span in spans))


def _judged(contract: Contract) -> dict[str, Any]:
    """Return the terms that the rules read, by the names of the fields."""
    terms = {name: term for name, term in contract._asdict().items() if name not in UNJUDGED}
    terms["targets"] = [_judged_of(target) for target in contract.targets if target.is_counted]
    return terms


def _judged_of(target: Target) -> dict[str, Any]:
    terms = target._asdict()
    terms["requires"] = list(target.requires)  # by which words does not matter
    return {name: term for name, term in terms.items() if name not in UNJUDGED_OF_TARGETS}
