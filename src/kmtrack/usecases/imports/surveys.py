"""Rows of answers: what a company or a municipality answered, a column for each question."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.schema.facts import Mistake, Mistakes
from kmtrack.ledger.schema.surveys import RespondentFacts
from kmtrack.usecases.imports.columns import CVR, QUESTIONS
from kmtrack.usecases.imports.result import NounResult
from kmtrack.usecases.imports.rows import Statements
from kmtrack.usecases.surveys.answers import (
    Filled,
    Respondent,
    answers_of,
    contradiction,
    municipality_respondent,
    store_filled,
)
from kmtrack.usecases.surveys.questionnaire import answer_from, questionnaire

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.rules.questionnaire import Answer
    from kmtrack.usecases.imports.context import ImportContext, Sheet
    from kmtrack.usecases.imports.table import NumberedRow


class SurveyRows:
    """Reads the rows of one sheet of answers."""

    def __init__(self, job: ImportContext, sheet: Sheet) -> None:
        self._job = job
        self._sheet = sheet
        self._statements = Statements(RespondentFacts, job.session.clock.today, sheet.positions)
        self._counts = {"added": 0, "amended": 0, "same": 0}
        job.change.judge()  # whether a hire counts decides who can answer for the time after it

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows; how many were new, changed what stood there, or were here already."""
        for number, cells in rows:
            row = self._sheet.fitted(number, cells)
            if said := self._sheet.cells(row):
                try:
                    self._read_row(row, said)
                except Mistakes as found:
                    self._sheet.mistakes(number, said, found)
                except Refusal as error:
                    field = next(one for one in ("company", CVR, "municipality") if one in said)
                    self._sheet.mistake(number, field, said[field], error)
        added, amended, same = self._counts.values()
        return NounResult("survey", added, same, amended)

    def _read_row(self, row: Sequence[object], said: dict[str, object]) -> None:
        stated = self._statements.state(row)
        respondent = self._respondent(said, stated.get("municipality"))
        if respondent is None:
            return
        answers = self._answers(said, respondent.asks, stated["wave"])
        # A list may hold only some of the questions: what it does not ask stays as it was.
        known = answers_of(self._job.session.store, respondent, stated["wave"])
        filled = Filled(respondent, stated["wave"], {**known, **answers})
        if found := contradiction(filled.answers):
            raise Mistakes([found])
        day = date.fromisoformat(stated["date"])
        _, stored = store_filled(self._job.session, self._job.change, filled, day)
        self._counts[stored] += 1

    def _respondent(self, said: dict[str, object], municipality: str | None) -> Respondent | None:
        """Who answered; None for a company whose own row is bad. Raises Refusal `nobody_to_ask`."""
        cell = said.get(CVR) or said.get("company")
        if not str(cell or "").strip():
            if municipality is None:
                raise Refusal("nobody_to_ask")
            return municipality_respondent(municipality)
        [named] = self._job.directory.named([cell])
        if named.refusal:
            raise named.refusal
        return Respondent("company", named.id, str(cell)) if named.id else None

    def _answers(self, said: dict[str, object], asks: str, wave: str) -> dict[str, Answer]:
        """The answers of a row. Raises Mistakes."""
        asked = {question.id: question for question in questionnaire().asked(asks, wave)}
        answers: dict[str, Answer] = {}
        mistakes: list[Mistake] = []
        for name in QUESTIONS:
            cell = said.get(name)
            if cell is None or not str(cell).strip():
                continue
            try:
                if isinstance(cell, BadValue):
                    raise cell
                if name not in asked:
                    raise BadValue("not_asked")  # noqa: TRY301 - told as what is wrong with its cell
                answer = answer_from(asked[name], cell)
            except BadValue as error:
                mistakes.append(Mistake(name, error))
            else:
                answers.update({name: answer} if answer is not None else {})
        if mistakes:
            raise Mistakes(mistakes)
        return answers
