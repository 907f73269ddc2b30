"""Forms: the questionnaire out to each respondent, and filled in back, all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.companies import company_by_id
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.rules.questionnaire import unanswered
from kmtrack.rules.questionnaire_format import ASKED
from kmtrack.rules.vocabulary import WAVES
from kmtrack.usecases.imports.sources import opened
from kmtrack.usecases.imports.table import Deadline, Limits
from kmtrack.usecases.surveys.answers import (
    Filled,
    Respondent,
    answers_of,
    company_respondent,
    contradiction,
    municipality_respondent,
    store_filled,
)
from kmtrack.usecases.surveys.questionnaire import answer_from, questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.questionnaire import AnswerValue, Question
    from kmtrack.usecases.imports.table import FileTable
    from kmtrack.usecases.session import Session

_MARK: Final = "kmtrack-form"
_FACTS_SHOWN: Final = ("cvr", "municipality", "employees")
_ANSWER_COLUMN: Final = 2
_COLUMNS: Final = 4
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class SurveyForm(NamedTuple):
    """A questionnaire to fill in: what is known of the respondent, and what they answered before.

    `mark` identifies the respondent, edition and wave when the form comes back.
    """

    respondent: Respondent
    wave: str
    mark: str
    facts: Mapping[str, Any]
    questions: Sequence[Question]
    answers: Mapping[str, AnswerValue]


class FormError(NamedTuple):
    """A cell of a form that cannot be stored, with what it holds and why not."""

    file: str
    sheet: str
    cell: str
    value: str
    reason: Phrase | Refusal


class BadForms(Refusal):
    """Forms with bad answers; nothing is stored."""

    def __init__(self, errors: list[FormError]) -> None:
        super().__init__("bad_forms", number=len(errors))
        self.errors = errors


class FormsRead(NamedTuple):
    """How many forms were new, changed what was answered before, or were stored already."""

    added: int
    amended: int
    same: int


def survey_forms(store: Store, respondents: Sequence[Respondent], wave: str) -> list[SurveyForm]:
    """Return a form for each respondent, with what is known filled in."""
    with store.reading():
        return [
            SurveyForm(
                respondent,
                wave,
                f"{_MARK}:{questionnaire().edition}:{respondent.asks}:{respondent.key}:{wave}",
                _known_facts(store, respondent),
                questionnaire().asked(respondent.asks, wave),
                answers_of(store, respondent, wave),
            )
            for respondent in respondents
        ]


def import_forms(session: Session, files: Sequence[Path], *, incomplete: bool = False) -> FormsRead:
    """Store the answers in filled forms, as of today.

    Required answers may be missing only if the forms are declared `incomplete`. Raises BadForms,
    `no_form_in_file` and what a workbook is refused for.
    """
    numbers = {"added": 0, "amended": 0, "same": 0}
    with session.unit_of_work("survey import") as work:
        reader = _Reader(session, incomplete=incomplete)
        for file in files:
            reader.read(file)
        if reader.errors:
            raise BadForms(reader.errors)
        for filled in reader.filled:
            _, stored = store_filled(session, work, filled, session.clock.today)
            numbers[stored] += 1
    return FormsRead(**numbers)


def _known_facts(store: Store, respondent: Respondent) -> dict[str, Any]:
    if respondent.asks == "municipality":
        return {}
    facts = current_facts(company_by_id(store, respondent.key) or {})
    return {field: facts[field] for field in _FACTS_SHOWN if facts.get(field)}


class _Reader:
    """Gathers the answers in forms, and the errors in them."""

    def __init__(self, session: Session, *, incomplete: bool) -> None:
        self.filled: list[Filled] = []
        self.errors: list[FormError] = []
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
                    self._read_form(_Sheet(file.name, table, rows), *mark)
        if not found:
            raise Refusal("no_form_in_file", file=file.name)

    def _read_form(self, sheet: _Sheet, row: int, mark: str) -> None:
        before = len(self.errors)
        whose = self._whose(sheet, row, mark)
        if whose is None:
            return
        respondent, wave = whose
        answers = self._answers(sheet, questionnaire().asked(respondent.asks, wave))
        if not self._incomplete:
            for question in unanswered(questionnaire(), respondent.asks, wave, answers):
                place = sheet.places.get(question)
                # A bad answer was reported as such.
                if place and not _has_answer(sheet.rows[place]):
                    self._note(sheet, place, _ANSWER_COLUMN, "", Phrase("survey.required"))
        if found := contradiction(answers):
            value, place = answers[found.field], sheet.places[found.field]
            self._note(sheet, place, _ANSWER_COLUMN, value, found.error)
        if any(self._disagrees(one, respondent, wave, answers) for one in self.filled):
            self._note(sheet, row, 1, respondent.name, Phrase("survey.twice"))
        if len(self.errors) == before:
            self.filled.append(Filled(respondent, wave, answers))

    def _whose(self, sheet: _Sheet, row: int, mark: str) -> tuple[Respondent, str] | None:
        """Return who was asked in which wave; None, and an error noted, if the mark is spoiled."""
        _, *parts = mark.split(":")
        if len(parts) != len(("edition", "asks", "key", "wave")):
            self._note(sheet, row, 1, mark, Phrase("survey.bad_mark"))
            return None
        edition, asks, key, wave = parts
        if edition != questionnaire().edition:
            reason = Phrase("survey.other_edition", edition=questionnaire().edition)
            self._note(sheet, row, 1, edition, reason)
            return None
        if asks not in ASKED or wave not in WAVES:
            self._note(sheet, row, 1, mark, Phrase("survey.bad_mark"))
            return None
        try:
            return self._respondent(asks, key), wave
        except Refusal as error:
            self._note(sheet, row, 1, key, error)
            return None

    @staticmethod
    def _disagrees(
        other: Filled, respondent: Respondent, wave: str, answers: Mapping[str, AnswerValue]
    ) -> bool:
        """Return whether another form of the same respondent has other answers."""
        return (other.respondent, other.wave) == (respondent, wave) and other.answers != answers

    def _respondent(self, asks: str, key: str) -> Respondent:
        if asks == "municipality":
            return municipality_respondent(key)
        return company_respondent(self._session, key)

    def _answers(self, sheet: _Sheet, questions: Sequence[Question]) -> dict[str, AnswerValue]:
        """Return the answers by question; note what is written where no answer belongs."""
        answers: dict[str, AnswerValue] = {}
        asked = {question.id: question for question in questions}
        for number, row in sheet.rows.items():
            name = str(row[0]) if row and row[0] is not None else ""
            if name in asked and name not in sheet.places:
                sheet.places[name] = number
                answer = self._answer(sheet, number, row, asked[name])
                if answer is not None:
                    answers[name] = answer
            elif name in asked or (sheet.places and _has_answer(row)):
                self._note(sheet, number, _ANSWER_COLUMN, _written(row, ""), Phrase("survey.moved"))
            for column, value in enumerate(row[_COLUMNS:], start=_COLUMNS):
                if value is not None:
                    self._note(sheet, number, column, value, Phrase("survey.moved"))
        for question in questions:
            if question.id not in sheet.places:
                self._note(sheet, 1, 0, question.id, Phrase("survey.question_gone"))
        return answers

    def _answer(
        self, sheet: _Sheet, number: int, row: list[Any], question: Question
    ) -> AnswerValue | None:
        written = _written(row)
        try:
            if isinstance(written, Refusal):
                raise written
            return answer_from(question, written)
        except Refusal as error:
            self._note(sheet, number, _ANSWER_COLUMN, written, error)
            return None

    def _note(
        self, sheet: _Sheet, row: int, column: int, value: object, reason: Phrase | Refusal
    ) -> None:
        cell = f"{_LETTERS[min(column, len(_LETTERS) - 1)]}{row}"
        self.errors.append(FormError(sheet.file, sheet.title, cell, shown(value), reason))


class _Sheet:
    """A sheet with a form: its rows by number, and the row of each question once it is found."""

    def __init__(self, file: str, table: FileTable, rows: dict[int, list[Any]]) -> None:
        self.file = file
        self.title = table.title
        self.rows = rows
        self.places: dict[str, int] = {}


def _marked(rows: dict[int, list[Any]]) -> tuple[int, str] | None:
    for number, row in rows.items():
        for value in row:
            if isinstance(value, str) and value.startswith(f"{_MARK}:"):
                return number, value
    return None


def _written(row: list[Any], otherwise: object = None) -> Any:
    return row[_ANSWER_COLUMN] if len(row) > _ANSWER_COLUMN else otherwise


def _has_answer(row: list[Any]) -> bool:
    return _written(row) is not None
