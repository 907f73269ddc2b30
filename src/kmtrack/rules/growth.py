"""Growth target: companies that hired, and the rise of their highly educated staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

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


GrowthState = Literal["not-started", "under-way", "met", "late"]


class GrowthStatus(NamedTuple):
    """Status of the growth target; `hired` is the number of companies with a hire that counts.

    `rise` is None if it is withheld; `rise_day` is the day of the earlier report whose figures
    still apply, None otherwise. `minimum` is the number required, None if the contract sets none.
    """

    state: GrowthState
    hired: int
    rise: Rise | None
    minimum: int | None = None
    rise_day: date | None = None


def growth_status(
    target: Target, contract: Contract, hired: int, rise: Rise | None, as_of: date
) -> GrowthStatus:
    """Return the status of growth on `as_of`; the note sets no number ("en markant stigning").

    Only a contract with a minimum number of hiring companies can be met.
    """
    minimum = target.minimum
    if minimum is not None and hired >= minimum:
        return GrowthStatus("met", hired, rise, minimum)
    has_begun = bool(hired or rise is None or rise.companies)
    if as_of > contract.due_day(target) and not (minimum is None and has_begun):
        return GrowthStatus("late", hired, rise, minimum)
    return GrowthStatus("under-way" if has_begun else "not-started", hired, rise, minimum)
