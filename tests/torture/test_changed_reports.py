"""Ledgers whose answers, companies and hires change in any way between workbooks, attacked by what these show."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from answers import ALL, figures_in
from attacker import known_of
from builders import agreeing, cvr_number, ledger_in, session_over
from cli_runner import run_in
from kmtrack.errors import Refusal
from kmtrack.municipalities import municipality_name
from kmtrack.rules.survey_results import latest
from kmtrack.usecases.companies import add_company, edit_company, join_companies
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.surveys.answers import (
    Filled,
    answer_survey,
    company_respondent,
    surveys,
    withdraw_surveys,
)
from kmtrack.usecases.surveys.report import survey_data
from kmtrack.usecases.undo import redo_command, undo_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from answers import Row
    from attacker import Answer
    from kmtrack.rules.survey_reports import SurveyData
    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.torture

_TODAY: Final = date(2012, 12, 31)
_DAYS: Final = ("2011-06-30", "2011-09-30", "2012-03-01", "2012-06-30")
_ANSWERED: Final = (date(2011, 6, 29), date(2011, 9, 1), date(2012, 2, 1))
_QUESTIONS: Final = {"Products": "product", "Processes": "process"}
_LEVELS: Final = {"master": "master", "phd": "PhD"}
_TOWNS: Final = ("Viborg", "Silkeborg", "Horsens")


class _Figure(NamedTuple):
    """A row of a workbook, and the answers behind it by what they tell of each respondent."""

    row: Row
    told: dict[str, frozenset[Answer]]


class _Report(NamedTuple):
    """A workbook, its figures, and the reports (places) that it was compared with, directly or not."""

    file: Path
    figures: list[_Figure]
    compared: set[int]


class _Ledger:
    """A ledger in which anything may be changed, and the workbooks that were exported from it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder, self._chance = folder, chance
        self._ledger, self._number = ledger_in(folder), 0
        self.reports: list[_Report] = []
        self._mains: dict[str, str] = {}  # of records of companies that were joined at any time

    def change(self, *changes: Callable[[Session], object]) -> None:
        """Change something, unless that is refused."""
        with suppress(Refusal), session_over(self._ledger, _TODAY) as session:
            self._chance.choice(changes)(agreeing(session))

    def hired(self, session: Session) -> None:
        number, self._number = self._number, self._number + 1
        values = {"name": f"Company {number}", "cvr": cvr_number(number), "employees": "30"}
        add_company(session, values | {"municipality": self._chance.choice(_TOWNS[:2])})
        self._hire(session, cvr_number(number), date(2011, 1, 10))

    def answered(self, session: Session) -> None:
        respondent = company_respondent(session, self._any())
        if self._chance.random() < 0.7:
            before: dict[str, Any] = {"highly-educated": self._chance.randrange(4), "employees": 99}
            answer_survey(session, Filled(respondent, "before", before), date(2011, 1, 5))
        after: dict[str, Any] = {
            "highly-educated": self._chance.randrange(1, 6),
            "product": self._chance.choice([0, 2, 4, "unknown"]),
            "process": self._chance.choice([0, 1]),
        }
        given = {name: value for name, value in after.items() if self._chance.random() < 0.85}
        filled = Filled(respondent, "after", given or {"process": 1})
        answer_survey(session, filled, self._chance.choice(_ANSWERED))

    def withdrawn(self, session: Session) -> None:
        withdraw_surveys(session, self._chance.choice(surveys(session))["id"], "wrong")

    def moved(self, session: Session) -> None:
        since = self._chance.choice([None, "2011-01-01", "2011-02-01", "2011-08-01"])
        town = {"municipality": self._chance.choice(_TOWNS)}
        edit_company(session, self._any(), town, since)

    def hires_changed(self, session: Session) -> None:
        hires = session.store.all("SELECT id FROM hire ORDER BY recorded_at")
        hire = self._chance.choice(hires)["id"]
        if self._chance.random() < 0.5:
            edit_event(session, "hire", hire, {"level": self._chance.choice([*_LEVELS])})
        else:
            withdraw_event(session, "hire", hire, "wrong")

    def hired_again(self, session: Session) -> None:
        self._hire(session, self._any(), date(2011, 1, self._chance.randrange(6, 28)))

    def joined(self, session: Session) -> None:
        """Two records of one company may both have answers."""
        name = f"Twin {session.store.get('SELECT count(*) FROM company')[0]}"
        twin = add_company(session, {"name": name, "municipality": "Viborg", "employees": "3"})[
            "id"
        ]
        self._hire(session, twin, date(2011, 1, 11))
        given: dict[str, Any] = {"product": 4, "process": 1, "highly-educated": 3}
        answer_survey(session, Filled(company_respondent(session, twin), "after", given), _TODAY)
        join_companies(session, twin, self._any())

    def merged(self, session: Session) -> None:
        other = self._folder / "other"
        shutil.rmtree(other, ignore_errors=True)
        other.mkdir()
        shutil.copy(self._ledger, other / "ledger.db")
        with session_over(other / "ledger.db", _TODAY, "MK") as colleague, suppress(Refusal):
            self.answered(agreeing(colleague))
            self.answered(agreeing(colleague))
            if self._chance.random() < 0.3:
                undo_command(agreeing(colleague))
        merge_ledgers(session, [other / "ledger.db"])

    def export(self) -> None:
        """Export a workbook after some of the earlier ones."""
        day = self._chance.choice(_DAYS)
        sent = [place for place in range(len(self.reports)) if self._chance.random() < 0.6]
        with session_over(self._ledger, _TODAY) as session:
            data, _ = survey_data(session.store, date.fromisoformat(day))
            for row in session.store.all("SELECT id, part_of FROM company"):
                self._unite(row["id"], row["part_of"] or row["id"])
        file = self._folder / f"{len(self.reports)}.xlsx"
        named = [word for place in sent for word in ("--sent", str(self.reports[place].file))]
        run_in(self._folder, [("export", str(file), "--as-of", day, *named)])
        shown = [row for row in figures_in(file) if row.is_shown]
        figures = [_Figure(row, told) for row in shown if (told := _told(row, data))]
        compared = {*sent}.union(*(self.reports[place].compared for place in sent))
        self.reports.append(_Report(file, figures, compared))

    def attack(self) -> int:
        """Attack the last workbook beside those that it was compared with; return what is its own."""
        *_, last = self.reports
        new = [each for each in last.figures if not each.row.day]
        old = [
            each
            for place in sorted(last.compared)
            for each in self.reports[place].figures
            if not each.row.day
        ]
        for question in {each.row.question for each in new}:
            for thing in ("reply", "count", "sum", "had", "has", "first"):
                mine, its = (list(self._about(each, question, thing)) for each in (new, old))
                everyone = sorted({respondent for figure in mine + its for respondent, _ in figure})
                assert not any(known_of(mine, everyone))
                assert known_of(its + mine, everyone) == known_of(its, everyone)
        return len(new)

    def _about(
        self, figures: list[_Figure], question: str, thing: str
    ) -> Iterator[frozenset[Answer]]:
        for figure in figures:
            if figure.row.question == question and thing in figure.told:
                yield frozenset((self._main(one), value) for one, value in figure.told[thing])

    def _hire(self, session: Session, company: str, agreed: date) -> None:
        add_event(session, "contact", company, {"date": date(2011, 1, 5)})
        level = self._chance.choice([*_LEVELS])
        add_event(session, "hire", company, {"level": level, "agreed": agreed})

    def _any(self) -> str:
        return cvr_number(self._chance.randrange(self._number))

    def _main(self, company: str) -> str:
        while (other := self._mains.get(company, company)) != company:
            company = other
        return company

    def _unite(self, one: str, other: str) -> None:
        one, other = self._main(one), self._main(other)
        self._mains[max(one, other)] = min(one, other)


def _told(row: Row, data: SurveyData) -> dict[str, frozenset[Answer]]:
    """Return the answers behind a row by what it tells of them; nothing for another question."""
    if row.question != "growth" and row.question not in _QUESTIONS:
        return {}
    last = latest(data.answered)
    found: dict[str, set[Answer]] = {}
    for (respondent, wave), one in last.items():
        if wave == "after" and _is_in(row.group, respondent, data):
            before = last.get((respondent, "before"))
            told = _of(row.question, before.answers if before else {}, one.answers)
            for thing, value in told.items():
                found.setdefault(thing, set()).add((respondent, value))
    return {thing: frozenset(answers) for thing, answers in found.items()}


def _of(question: str, before: Any, after: Any) -> dict[str, Any]:
    if question == "growth":
        had, has = before.get("highly-educated"), after.get("highly-educated")
        if None in {had, has}:
            return {"reply": False}
        return {"had": had, "has": has, "first": (had, has), "reply": True}
    answer = after.get(_QUESTIONS[question])
    told = {"count": answer, "sum": None if answer == "unknown" else answer}
    return {name: it for name, it in told.items() if it is not None} | {"reply": answer is not None}


def _is_in(group: tuple[Any, Any], respondent: str, data: SurveyData) -> bool:
    if group == ALL:
        return True
    town, level = (data.groups[each].get(respondent, "") for each in ("municipality", "level"))
    if group[0] == "Municipality":
        return bool(group[1] == (municipality_name(town) if town else "not given"))
    return bool(group[1] == _LEVELS.get(level, "not given"))


def test_whatever_changes_workbooks_together_give_no_one_or_two_companies_away(
    tmp_path: Path, times: Callable[[int, int], int]
) -> None:
    rounds, own = times(60, 1), 0
    for seed in range(rounds):
        folder = tmp_path / str(seed)
        folder.mkdir()
        ledger = _Ledger(folder, random.Random(seed + 3))
        for _ in range(7):
            ledger.change(ledger.hired)
        for _ in range(9):
            ledger.change(ledger.answered)
        for _ in range(times(6, 3)):
            ledger.export()
            own += ledger.attack()
            for _ in range(3):
                ledger.change(
                    *[ledger.answered] * 4, ledger.withdrawn, undo_command, redo_command,
                    ledger.moved, ledger.hires_changed, ledger.hired, ledger.hired_again,
                    ledger.joined, ledger.merged,
                )  # fmt: skip
    assert own > 3 * rounds
