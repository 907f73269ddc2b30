"""Rows of answers: those of a company or a municipality, a column for each question."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.schema.surveys import RespondentFacts
from kmtrack.usecases.imports.cells import is_blank
from kmtrack.usecases.imports.columns import CVR, QUESTIONS
from kmtrack.usecases.imports.rows import BadRow, RowReader
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
    from collections.abc import Mapping

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.rules.questionnaire import AnswerValue
    from kmtrack.usecases.imports.result import RowPosition
    from kmtrack.usecases.imports.rows import ImportContext, RowOutcome
    from kmtrack.usecases.imports.sheet import Cells, ImportSheet

_OUTCOMES: Final[Mapping[str, RowOutcome]] = {
    "added": "added",
    "amended": "filled_in",
    "same": "already_here",
}


class SurveyReader(RowReader):
    """Reads answers."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        super().__init__(context, sheet)
        # Whether a hire counts decides who can answer for the time after it.
        context.work.judge()

    @property
    def facts(self) -> type[Facts]:
        """Return the values of a row that are not answers."""
        return RespondentFacts

    def store(
        self, position: RowPosition, cells: Cells, facts: dict[str, Any], links: dict[str, Any]
    ) -> RowOutcome | None:
        """Store the answers of a row, or those that it adds. Raises BadRow."""
        del position, links
        try:
            respondent = self._respondent(cells, facts.get("municipality"))
            if respondent is None:
                return None
            return self._store(respondent, cells, facts)
        except Refusal as error:
            named_by = ("company", CVR, "municipality")
            field = next(name for name in named_by if name in self.sheet.fields)
            raise BadRow((field, error)) from None

    def _store(self, respondent: Respondent, cells: Cells, facts: dict[str, Any]) -> RowOutcome:
        session, work, wave = self.context.session, self.context.work, facts["wave"]
        answers = _answers(cells, respondent.asks, wave)
        # A list may hold only some of the questions: what it does not ask stays as it was.
        known = answers_of(session.store, respondent, wave)
        filled = Filled(respondent, wave, {**known, **answers})
        if found := contradiction(filled.answers):
            raise BadRow(found)
        _, stored = store_filled(session, work, filled, date.fromisoformat(facts["date"]))
        return _OUTCOMES[stored]

    def _respondent(self, cells: Cells, municipality: str | None) -> Respondent | None:
        """Find who answered; None for a company whose own row is bad. Raises Refusal."""
        cell = cells.get("company")
        if is_blank(cell):
            if municipality is None:
                raise Refusal("nobody_to_ask")
            return municipality_respondent(municipality)
        named = self.context.companies.named(cell)
        if named.refusal:
            raise named.refusal
        return Respondent("company", named.id, str(cell)) if named.id else None


def _answers(cells: Cells, asks: str, wave: str) -> dict[str, AnswerValue]:
    """Return the answers of a row. Raises BadRow."""
    asked = {question.id: question for question in questionnaire().asked(asks, wave)}
    answers: dict[str, AnswerValue] = {}
    errors: list[tuple[str, Refusal]] = []
    for name in QUESTIONS:
        cell = cells.get(name)
        if is_blank(cell):
            continue
        if isinstance(cell, BadValue):
            errors.append((name, cell))
        elif name not in asked:
            errors.append((name, BadValue("not_asked")))
        else:
            try:
                answer = answer_from(asked[name], cell)
            except BadValue as error:
                errors.append((name, error))
            else:
                answers.update({name: answer} if answer is not None else {})
    if errors:
        raise BadRow(*errors)
    return answers
