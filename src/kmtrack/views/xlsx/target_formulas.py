"""Formulas of a target's figures, rounded as the program rounds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from kmtrack.rules.status import TargetState
from kmtrack.views.target_status import state_in_words
from kmtrack.views.xlsx.formulas import Formula, day_in_formula, quoted

if TYPE_CHECKING:
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.status import TargetStatus

_STATES: Final = get_args(TargetState)
# The columns of the front page with the name of a target, what counts, its minimum, the share of that,
# the even distribution, what waits, and the state.
NAME: Final = "A"
COUNTED: Final = "B"
MINIMUM: Final = "C"
SHARE: Final = "D"
EVEN: Final = "E"
WAITING: Final = "H"
STATE: Final = "J"


class FigureCells(NamedTuple):
    """The cells of a counted target, and that of the day, such as "$B$4".

    `minimum` and `expected` are ignored if the target has no minimum.
    """

    counted: str
    minimum: str
    expected: str
    waiting: str
    excluded: str
    day: str


def share_of(counted: str, minimum: str) -> str:
    """Return the text of a formula for a share of the minimum, rounded down to whole percent."""
    return f"INT({counted}*100/{minimum})/100"


class TargetFormulas:
    """The formulas of a counted target, by the rules of `kmtrack.rules.status`."""

    def __init__(self, contract: Contract, status: TargetStatus, cells: FigureCells) -> None:
        self._status, self._cells = status, cells
        self._first_day = day_in_formula(contract.first_day)
        self._due_day = day_in_formula(contract.due_day(status.target))

    def percent(self) -> Formula | None:
        """Return the share of the minimum, rounded down to whole percent; None without a minimum."""
        if self._status.percent is None:
            return None
        text = share_of(self._cells.counted, self._cells.minimum)
        return Formula(text, self._status.percent / 100)

    def expected(self) -> Formula | None:
        """Return how many would be on schedule, rounded down; None without a minimum."""
        if self._status.expected is None:
            return None
        first, due = self._first_day, self._due_day
        passed = f"MAX(0,MIN({self._cells.day},{due})-{first}+1)"
        text = f"INT({self._cells.minimum}*{passed}/({due}-{first}+1))"
        return Formula(text, self._status.expected)

    def difference(self) -> Formula | None:
        """Return how many more are counted than expected; None without a minimum."""
        if self._status.expected is None:
            return None
        text = f"{self._cells.counted}-{self._cells.expected}"
        return Formula(text, self._status.tally.counted - self._status.expected)

    def state(self) -> Formula:
        """Return the state in words."""
        cells = self._cells
        words = {
            state: quoted(state_in_words(self._status._replace(state=state))) for state in _STATES
        }
        worked_on = f"({cells.counted}+{cells.waiting}+{cells.excluded})"
        is_late = f"{cells.day}>{self._due_day}"
        if self._status.target.minimum is None:
            text = (
                f"IF({worked_on}>0,{words['on-schedule']},"
                f"IF({is_late},{words['late']},{words['not-started']}))"
            )
        else:
            text = (
                f"IF({cells.counted}>={cells.minimum},{words['met']},IF({is_late},{words['late']},"
                f"IF({worked_on}=0,{words['not-started']},"
                f"IF({cells.counted}>={cells.expected},{words['on-schedule']},{words['behind']}))))"
            )
        return Formula(text, state_in_words(self._status))
