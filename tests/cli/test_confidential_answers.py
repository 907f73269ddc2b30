"""The region's workbook, attacked: nothing in it gives away what one or two companies answered."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from answers import answer, case_07, company, figures_in, hire, is_in
from attacker import known_of
from builders import session_over

if TYPE_CHECKING:
    from pathlib import Path

    from answers import Company, Row
    from cli_runner import Runner


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


def test_the_next_workbook_keeps_what_too_few_changed(answered: Runner, tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    answered.done("export", str(first), "--as-of", "2011-06-30")
    changed = company(6, "Silkeborg", "phd", product=4)
    with session_over(answered.ledger) as session:
        answer(session, [changed])
    answered.done("export", str(second), "--as-of", "2011-09-01", "--sent", str(first))
    found = {(row.question, row.group[1]): row.day for row in figures_in(second)}
    assert found["Products", None] == found["Products", "Silkeborg"] == "2011-06-30"
    assert found["Products", "Viborg"] is found["Processes", None] is None


def test_no_part_of_a_workbook_holds_what_one_company_answered(
    runner: Runner, tmp_path: Path
) -> None:
    """Not a record, formula, chart or property does: each number is looked for in the file itself."""
    numbers = {n: (50021 + 1009 * n, 61129 + 1013 * n) for n in range(4)}
    companies = [
        company(n, "Viborg", "master", highly_educated=educated, students=301 + 7 * n)._replace(
            before=before
        )
        for n, (before, educated) in numbers.items()
    ]
    with session_over(runner.ledger) as session:
        hire(session, companies)
        answer(session, companies)
    file = tmp_path / "region.xlsx"
    runner.done("export", str(file), "--with-details")
    with zipfile.ZipFile(file) as archive:
        text = "\n".join(archive.read(name).decode() for name in archive.namelist())
    held = set(re.findall(r"(?<!\w)\d+(?!\w)", text))  # no part of a digest
    assert str(sum(before for before, _ in numbers.values())) in held
    assert not held & {str(number) for pair in numbers.values() for number in pair}
