"""Reading filled forms back: all of them or none, with every bad answer named by its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.i18n import say
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.rules.questionnaire import unanswered
from kmtrack.rules.questionnaire_format import ASKED
from kmtrack.rules.vocabulary import WAVES
from kmtrack.usecases.imports.limits import Deadline, Limits
from kmtrack.usecases.imports.sources import opened
from kmtrack.usecases.surveys.answers import (
    Filled,
    Respondent,
    company_respondent,
    contradiction,
    municipality_respondent,
    store_filled,
)
from kmtrack.usecases.surveys.forms import MARK
from kmtrack.usecases.surveys.questionnaire import answer_from, questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kmtrack.rules.questionnaire import Answer, Question
    from kmtrack.usecases.imports.table import Table
    from kmtrack.usecases.session import Session

_ANSWER_COLUMN: Final = 2
_COLUMNS: Final = 4


class BadForms(Refusal):
    """Forms with bad answers; nothing is stored."""

    def __init__(self, mistakes: list[FormMistake]) -> None:
        super().__init__("bad_forms", number=len(mistakes))
        self.mistakes = mistakes


class FormMistake(NamedTuple):
    """One place of a form that cannot be stored, by its sheet and cell, and why."""

    file: str
    sheet: str
    cell: str
    value: str
    sentence: str


class FormsRead(NamedTuple):
    """How many forms were new, changed what was answered before, or said the same."""

    added: int
    amended: int
    same: int


def import_forms(session: Session, files: Sequence[Path], *, incomplete: bool = False) -> FormsRead:
    """Store the answers in filled forms, as of today.

    Required answers may be missing only where the forms are said to be `incomplete`. Raises
    BadForms, `no_form_in_file` and what a workbook is refused for.
    """
    numbers = {"added": 0, "amended": 0, "same": 0}
    with session.unit_of_work("survey import") as work:
        reader = _Reader(session, incomplete=incomplete)
        for file in files:
            reader.read(file)
        if reader.mistakes:
            raise BadForms(reader.mistakes)
        for filled in reader.filled:
            _, stored = store_filled(session, work, filled, session.clock.today)
            numbers[stored] += 1
    return FormsRead(**numbers)


class _Reader:
    """Gathers what forms say, and what is wrong in them."""

    def __init__(self, session: Session, *, incomplete: bool) -> None:
        self.filled: list[Filled] = []
        self.mistakes: list[FormMistake] = []
        self._session = session
        self._incomplete = incomplete

    def read(self, file: Path) -> None:
        found, limits = 0, Limits()
        with opened(file, limits, Deadline(limits)) as tables:
            for table in tables.tables:
                rows = {number: list(row) for number, row in table.rows()}
                mark = _marked(rows)
                if mark is not None:
                    found += 1
                    self._read_form(_Form(file.name, table, rows), *mark)
        if not found:
            raise Refusal("no_form_in_file", file=file.name)

    def _read_form(self, form: _Form, row: int, mark: str) -> None:
        before = len(self.mistakes)
        whose = self._whose(form, row, mark)
        if whose is None:
            return
        respondent, wave = whose
        answers = self._answers(form, questionnaire().asked(respondent.asks, wave))
        if not self._incomplete:
            for question in unanswered(questionnaire(), respondent.asks, wave, answers):
                place = form.places.get(question)
                if place and not _has_answer(form.rows[place]):  # else it is a bad one, as was said
                    self.mistakes.append(form.mistake(place, _ANSWER_COLUMN, "", "survey.required"))
        if found := contradiction(answers):
            value, place = answers[found.field], form.places[found.field]
            self.mistakes.append(form.refused(place, _ANSWER_COLUMN, value, found.error))
        if any(self._is_other(one, respondent, wave, answers) for one in self.filled):
            self.mistakes.append(form.mistake(row, 1, respondent.name, "survey.twice"))
        if len(self.mistakes) == before:
            self.filled.append(Filled(respondent, wave, answers))

    def _whose(self, form: _Form, row: int, mark: str) -> tuple[Respondent, str] | None:
        """Who was asked in which wave; None, and a mistake noted, where the form does not tell."""
        _, *parts = mark.split(":")
        if len(parts) != len(("edition", "asks", "key", "wave")):
            self.mistakes.append(form.mistake(row, 1, mark, "survey.bad_mark"))
            return None
        edition, asks, key, wave = parts
        if edition != questionnaire().edition:
            facts = {"edition": questionnaire().edition}
            self.mistakes.append(form.mistake(row, 1, edition, "survey.other_edition", **facts))
            return None
        if asks not in ASKED or wave not in WAVES:
            self.mistakes.append(form.mistake(row, 1, mark, "survey.bad_mark"))
            return None
        try:
            return self._respondent(asks, key), wave
        except Refusal as error:
            self.mistakes.append(form.refused(row, 1, key, error))
            return None

    @staticmethod
    def _is_other(
        one: Filled, respondent: Respondent, wave: str, answers: Mapping[str, Answer]
    ) -> bool:
        """Whether another form of the same respondent says something else."""
        return (one.respondent, one.wave) == (respondent, wave) and one.answers != answers

    def _respondent(self, asks: str, key: str) -> Respondent:
        if asks == "municipality":
            return municipality_respondent(key)
        return company_respondent(self._session.store, key)

    def _answers(self, form: _Form, questions: Sequence[Question]) -> dict[str, Answer]:
        """The answers by question; what stands where no answer belongs is a mistake."""
        answers: dict[str, Answer] = {}
        asked = {question.id: question for question in questions}
        for number, row in form.rows.items():
            name = str(row[0]) if row and row[0] is not None else ""
            if name in asked and name not in form.places:
                form.places[name] = number
                answer = self._answer(form, number, row, asked[name])
                if answer is not None:
                    answers[name] = answer
            elif name in asked or (form.places and _has_answer(row)):
                self.mistakes.append(form.mistake(number, 2, _value(row), "survey.moved"))
            for column, value in enumerate(row[_COLUMNS:], start=_COLUMNS):
                if value is not None:
                    self.mistakes.append(form.mistake(number, column, value, "survey.moved"))
        for question in questions:
            if question.id not in form.places:
                self.mistakes.append(form.mistake(1, 0, question.id, "survey.question_gone"))
        return answers

    def _answer(
        self, form: _Form, number: int, row: list[Any], question: Question
    ) -> Answer | None:
        written = row[_ANSWER_COLUMN] if len(row) > _ANSWER_COLUMN else None
        try:
            if isinstance(written, Refusal):
                raise written
            return answer_from(question, written)
        except Refusal as error:
            self.mistakes.append(form.refused(number, _ANSWER_COLUMN, written, error))
            return None


class _Form:
    """One sheet with a form: its rows by their numbers, and where each question stands."""

    def __init__(self, file: str, table: Table, rows: dict[int, list[Any]]) -> None:
        self.rows = rows
        self.places: dict[str, int] = {}
        self._file = file
        self._sheet = table.title

    def mistake(
        self, row: int, column: int, value: object, key: str, **facts: object
    ) -> FormMistake:
        cell = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[min(column, 25)]}{row}"
        return FormMistake(self._file, self._sheet, cell, shown(value), say(key, **facts))

    def refused(self, row: int, column: int, value: object, error: Refusal) -> FormMistake:
        cell = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[min(column, 25)]}{row}"
        return FormMistake(self._file, self._sheet, cell, shown(value), error.sentence())


def _marked(rows: dict[int, list[Any]]) -> tuple[int, str] | None:
    for number, row in rows.items():
        for value in row:
            if isinstance(value, str) and value.startswith(f"{MARK}:"):
                return number, value
    return None


def _value(row: list[Any]) -> object:
    return row[_ANSWER_COLUMN] if len(row) > _ANSWER_COLUMN else ""


def _has_answer(row: list[Any]) -> bool:
    return len(row) > _ANSWER_COLUMN and row[_ANSWER_COLUMN] is not None
