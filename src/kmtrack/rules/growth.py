"""Growth target: companies that hired, and the rise of their highly educated staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from kmtrack.rules.confidentiality import SMALLEST_GROUP

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.contract import Contract, Target


class Rise(NamedTuple):
    """Highly educated staff of the companies that answered both before and after, in total."""

    companies: int = 0
    before: int = 0
    after: int = 0

    @property
    def more(self) -> int:
        """The increase, negative for a decrease."""
        return self.after - self.before

    @property
    def is_shown(self) -> bool:
        """Whether enough companies answered for the totals to be shown."""
        return self.companies >= SMALLEST_GROUP


GrowthState = Literal["not-started", "under-way", "met", "late"]


class GrowthStatus(NamedTuple):
    """Status of the growth target; `hired` is the number of companies with a hire that counts.

    `minimum` is how many are asked for, None where the contract sets no number.
    """

    state: GrowthState
    hired: int
    rise: Rise
    minimum: int | None = None


def growth_status(
    target: Target, contract: Contract, hired: int, rise: Rise, as_of: date
) -> GrowthStatus:
    """Return the status of growth on `as_of`; the note sets no number ("en markant stigning").

    Only a contract with a minimum (of companies that hired) can be met.
    """
    minimum = target.minimum
    if minimum is not None and hired >= minimum:
        return GrowthStatus("met", hired, rise, minimum)
    has_begun = bool(hired or rise.companies)
    if as_of > contract.due_day(target) and not (minimum is None and has_begun):
        return GrowthStatus("late", hired, rise, minimum)
    return GrowthStatus("under-way" if has_begun else "not-started", hired, rise, minimum)
