"""The growth target: how many companies hired, and how the highly educated in them grew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from kmtrack.rules.confidentiality import SMALLEST_GROUP

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.contract import Contract, Target


class Rise(NamedTuple):
    """The highly educated in the companies that answered before and after, summed over them."""

    companies: int = 0
    before: int = 0
    after: int = 0

    @property
    def more(self) -> int:
        """By how many they rose, negative if they fell."""
        return self.after - self.before

    @property
    def is_shown(self) -> bool:
        """Whether enough companies answered for the sums to be shown."""
        return self.companies >= SMALLEST_GROUP


class GrowthStatus(NamedTuple):
    """The growth target on one day; `hired` counts the companies with a hire that counts."""

    state: Literal["not-started", "under-way", "met", "late"]
    hired: int
    rise: Rise


def growth_status(
    target: Target, contract: Contract, hired: int, rise: Rise, as_of: date
) -> GrowthStatus:
    """How growth stands on `as_of`; the note sets no number ("en markant stigning").

    Only a contract that sets a minimum can be met: a number of companies that hired.
    """
    if target.minimum is not None and hired >= target.minimum:
        return GrowthStatus("met", hired, rise)
    if target.minimum is not None and as_of > contract.due_day(target):
        return GrowthStatus("late", hired, rise)
    return GrowthStatus("under-way" if hired or rise.companies else "not-started", hired, rise)
