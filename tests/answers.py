"""Ledgers in which companies answered questionnaires, and what an attacker reads in their workbooks."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import openpyxl

from builders import cvr_number
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.events import add_event
from kmtrack.usecases.surveys.answers import Filled, answer_survey, company_respondent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kmtrack.rules.questionnaire import AnswerValue
    from kmtrack.usecases.session import Session

BEFORE, AFTER = date(2011, 1, 5), date(2011, 6, 29)
ALL: Final = ("All companies", None)  # what the first two cells of a row say of all together
# The sheets that show figures over answers, each with its first row that may have one, and its width.
_SHEETS: Final = {
    "Outcome": (2, 11),
    "Outcome in degrees": (2, 18),
    "Outcome, answers": (2, 6),
    "Front page": (1, 12),
}
_LEVELS: Final = {"master": "master", "phd": "PhD"}


class Company(NamedTuple):
    """A company that hired, and what it answers before and after."""

    name: str
    municipality: str
    level: str
    before: int
    after: Mapping[str, AnswerValue]

    def value_of(self, question: str) -> Any:
        """Return what the figures about a question add up, by which one that was changed is another."""
        if question == "growth":
            has = self.after.get("highly-educated")
            return None if has is None else (self.before, has)
        return self.after.get({"Products": "product", "Processes": "process"}.get(question, ""))


def company(number: int, municipality: str, level: str, **after: AnswerValue) -> Company:
    """Return the company of a number; its answers differ from those of all others."""
    given: dict[str, AnswerValue] = {
        "highly-educated": 2 * number + 11,
        "additionality": "no",
        "product": number % 5,
        "process": 1,
    }
    named = {name.replace("_", "-"): answer for name, answer in after.items()}
    return Company(f"Company {number}", municipality, level, number, given | named)


def case_07() -> list[Company]:
    """Return the companies of which level less municipality was one alone."""
    cells = "Viborg master,Viborg master,Viborg master,Silkeborg master," + "Silkeborg phd," * 3
    return [
        company(number, *cell.split()) for number, cell in enumerate(cells.rstrip(",").split(","))
    ]


def hire(session: Session, companies: Iterable[Company]) -> None:
    """Register companies that hired after a visit, without answers."""
    for one in companies:
        number = int(one.name.split()[1])
        known = {"name": one.name, "cvr": cvr_number(number), "municipality": one.municipality}
        add_company(session, known | {"employees": "30"})
        add_event(session, "contact", cvr_number(number), {"date": date(2011, 1, 5)})
        values = {"level": one.level, "agreed": date(2011, 1, 10)}
        add_event(session, "hire", cvr_number(number), values)


def answer(session: Session, companies: Iterable[Company]) -> None:
    """Store what companies answer before and after, or changed since."""
    for one in companies:
        respondent = company_respondent(session, one.name)
        before: dict[str, AnswerValue] = {"highly-educated": one.before, "employees": 99999}
        answer_survey(session, Filled(respondent, "before", before), BEFORE)
        answer_survey(session, Filled(respondent, "after", one.after), AFTER)


class Row(NamedTuple):
    """A figure in a workbook: which question, in which group, the cells that show it, and their day."""

    question: str
    group: tuple[Any, Any]
    cells: tuple[Any, ...]
    day: str | None = None

    @property
    def is_shown(self) -> bool:
        return ".." not in self.cells


def figures_in(file: Path) -> list[Row]:
    """Return every figure over answers of companies in a workbook in English."""
    # Read sheet by sheet: of eighteen, four are asked for.
    workbook: Any = openpyxl.load_workbook(file, data_only=True, read_only=True)
    with closing(workbook):
        outcome, degrees, others, front = (
            list(workbook[sheet].iter_rows(min_row=first, max_col=width, values_only=True))
            for sheet, (first, width) in _SHEETS.items()
        )
    found = [
        *(Row("growth", row[:2], row[5:10], *row[10:]) for row in outcome if _is_figure(row[5])),
        *(Row(row[2], row[:2], row[3:17], *row[17:]) for row in degrees if row[2]),
        *(Row(row[1], (row[0], None), row[2:5], *row[5:]) for row in others if row[2]),
    ]
    found = [row for row in found if row.group[0] != "Municipalities"]
    (line,) = (
        cell
        for row in front
        for cell in row
        if re.search(r"have hired|has hired|companies with a hire", str(cell))
    )
    if told := re.search(r"([+\u2212]?\d+) highly educated staff in the (\d+)", line):
        days = re.findall(r"as of ([^)]+)\)", line)
        found.append(Row("growth", ALL, told.groups(), *days))
    return found


def _is_figure(cell: Any) -> bool:
    return isinstance(cell, int) or cell == ".."


def is_in(one: Company, group: tuple[Any, Any]) -> bool:
    """Return whether a company is in a group of a workbook."""
    return group == ALL or group[1] in {one.municipality, _LEVELS[one.level]}
