"""The region's workbook, attacked: nothing in it gives away what one or two companies answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from answers import answer, case_07, figures_in, hire, is_in
from attacker import known_of
from builders import session_over

if TYPE_CHECKING:
    from pathlib import Path

    from answers import Company, Row
    from cli_runner import Runner

pytestmark = pytest.mark.files


@pytest.fixture
def answered(runner: Runner) -> Runner:
    """Return a runner on a ledger with the companies of case 07, which all answered."""
    with session_over(runner.ledger) as session:
        hire(session, case_07())
        answer(session, case_07())
    return runner


def seen_by_attacker(rows: list[Row], companies: list[Company]) -> dict[str, list[Any]]:
    """Return the answers behind each figure that is shown, by question."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        if row.is_shown:
            behind = frozenset((one.name, 0) for one in companies if is_in(one, row.group))
            found.setdefault(row.question, []).append(behind)
    return found


def test_level_less_municipality_gives_no_company_away(answered: Runner, tmp_path: Path) -> None:
    """Case 07: master less Viborg was Delta alone."""
    file = tmp_path / "region.xlsx"
    answered.done("export", str(file))
    rows = figures_in(file)
    names = [one.name for one in case_07()]
    shown = seen_by_attacker(rows, case_07())
    assert len(shown["growth"]) == 4  # all (and on the front page), Viborg and Silkeborg
    for figures in shown.values():
        assert not any(known_of(figures, names))
    for row in rows:
        if not row.is_shown:
            behind = frozenset((one.name, 0) for one in case_07() if is_in(one, row.group))
            assert any(known_of([*shown[row.question], behind], names))
