"""Forms: the questionnaire out to each respondent, and back with answers, all of them or none."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.i18n import current
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.queries.companies import company_by_id
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.rules.questionnaire import unanswered
from kmtrack.usecases.imports.facts_reader import day_in_full
from kmtrack.usecases.imports.sources import opened
from kmtrack.usecases.imports.table import Deadline, Limits
from kmtrack.usecases.surveys.answers import (
    Filled,
    Respondent,
    company_respondent,
    contradiction,
    filled_by,
    municipality_respondent,
    store_filled,
)
from kmtrack.usecases.surveys.form_sheet import (
    ANSWER_COLUMN,
    LABEL_COLUMN,
    MARK,
    TEXT_COLUMN,
    Asked,
    FormSheet,
    answer_in,
    sheet_of,
)
from kmtrack.usecases.surveys.questionnaire import answer_from, questionnaire

_FACTS_SHOWN: Final = ("cvr", "municipality")
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# A date as its number of days, from 1982 to 2064.
_SERIAL: Final = re.compile("[3-5][0-9]{4}")
_DAY_ZERO: Final = date(1899, 12, 30)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.questionnaire import AnswerValue, Question
    from kmtrack.usecases.session import Session


class Letter(NamedTuple):
    """The text above the questions: who asks, for whom, by when and to whom to reply.

    A text is "" and a day None if nothing is known.
    """

    asker: str
    region: str
    return_to: str
    return_by: date | None


class SurveyForm(NamedTuple):
    """A questionnaire to fill in: the known facts about the respondent, and `answers` to be corrected.

    `mark` identifies the respondent, edition and wave when the form comes back; `first_day` is the
    earliest day of an answer.
    """

    respondent: Respondent
    wave: str
    mark: str
    facts: Mapping[str, Any]
    questions: Sequence[Question]
    answers: Mapping[str, AnswerValue]
    letter: Letter
    first_day: date


class FormError(NamedTuple):
    """A cell of a form that cannot be stored, with its content and the reason."""

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
    """How many forms were new, changed earlier answers, or were stored already."""

    added: int
    amended: int
    same: int


def survey_forms(
    session: Session,
    respondents: Sequence[Respondent],
    wave: str,
    return_by: date | None = None,
    *,
    with_answers: bool = False,
) -> list[SurveyForm]:
    """Return a form for each respondent, to be returned by a day.

    Its answers are empty, as they are confidential, unless they are requested for correction;
    respondents who have answered already are reported.
    """
    store = session.store
    with store.reading():
        filled = {each: filled_by(store, each, wave) for each in respondents}
        contract = contract_in_force(store)
        letter = Letter(
            asker=contract.operator,
            region=contract.region,
            return_to=recipient_of(contract),
            return_by=return_by,
        )
        forms = [
            SurveyForm(
                respondent,
                wave,
                f"{MARK}:{questionnaire().edition}:{respondent.asks}:{respondent.key}:{wave}",
                _known_facts(store, respondent),
                questionnaire().asked(respondent.asks, wave),
                earlier.answers if earlier and with_answers else {},
                letter,
                contract.first_day,
            )
            for respondent, earlier in filled.items()
        ]
    key = "survey.form.with_answers" if with_answers else "survey.form.answered_already"
    for respondent, earlier in filled.items():
        if earlier:
            session.tell(Phrase(key, name=respondent.name, day=earlier.day))
    return forms


def recipient_of(contract: Contract) -> str:
    """Return who a form is to be returned to; "" if the contract does not say."""
    return ", ".join(filter(None, (contract.operator, contract.questions_to)))


def import_forms(session: Session, files: Sequence[Path], *, incomplete: bool = False) -> FormsRead:
    """Store the answers in completed forms, as of the day that each states, or today.

    Required answers may be missing only if the forms are declared `incomplete`. Raises BadForms,
    `no_form_in_file` and the refusals of a workbook.
    """
    numbers = {"added": 0, "amended": 0, "same": 0}
    undated: list[str] = []
    with session.unit_of_work("survey import") as work:
        reader = _Reader(session, incomplete=incomplete)
        for file in files:
            reader.read(file)
        if reader.errors:
            raise BadForms(reader.errors)
        for filled in reader.filled:
            _, stored = store_filled(session, work, filled, session.clock.today)
            numbers[stored] += 1
            if filled.day is None and stored == "added":
                undated.append(filled.respondent.name)
    for name in undated:
        session.tell(Phrase("survey.undated", name=name, day=session.clock.today))
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
                sheet = sheet_of(file.name, table)
                if sheet.is_form:
                    found += 1
                    self._read_form(sheet)
        if not found:
            raise Refusal("no_form_in_file", file=file.name)

    def _read_form(self, sheet: FormSheet) -> None:
        before = len(self.errors)
        whose = self._whose(sheet)
        if whose is None:
            return
        row, respondent, wave = whose
        answers = self._answers(sheet, questionnaire().asked(respondent.asks, wave))
        day = self._day(sheet)
        if not self._incomplete:
            for question in unanswered(questionnaire(), respondent.asks, wave, answers):
                place = sheet.places.get(question)
                # A bad answer was reported as such.
                if place and answer_in(sheet.rows[place]) is None:
                    self._note(sheet, place, ANSWER_COLUMN, "", Phrase("survey.required"))
        if found := contradiction(answers):
            value, place = answers[found.field], sheet.places[found.field]
            self._note(sheet, place, ANSWER_COLUMN, value, found.error)
        filled = Filled(respondent, wave, answers, day)
        if any(_disagree(one, filled) for one in self.filled):
            self._note(sheet, row, TEXT_COLUMN, respondent.name, Phrase("survey.twice"))
        if len(self.errors) == before:
            self.filled.append(filled)

    def _whose(self, sheet: FormSheet) -> tuple[int, Respondent, str] | None:
        """Return who was asked in which wave, and the row that says so; None after noting an error."""
        found = sheet.asked()
        if found is None:
            row, mark = sheet.mark or (1, "")
            reason = Phrase("survey.bad_mark" if sheet.mark else "survey.not_known_whose")
            self._note(sheet, row, TEXT_COLUMN, mark, reason)
            return None
        row, asked = found
        if asked.edition not in {None, questionnaire().edition}:
            reason = Phrase("survey.other_edition", edition=questionnaire().edition)
            self._note(sheet, row, TEXT_COLUMN, asked.edition, reason)
            return None
        try:
            return row, self._respondent(asked), asked.wave
        except Refusal as error:
            self._note(sheet, row, TEXT_COLUMN, asked.name or asked.key, error)
            return None

    def _respondent(self, asked: Asked) -> Respondent:
        """Return who was asked. Raises Refusal."""
        if asked.asks == "municipality":
            return municipality_respondent(asked.key)
        if asked.key:
            return company_respondent(self._session, asked.key)
        found = company_respondent(self._session, asked.name)
        if found.name != asked.name:  # only the beginning of a name
            raise Refusal("unknown_company_here", reference=shown(asked.name))
        return found

    def _day(self, sheet: FormSheet) -> date | None:
        """Return the day of the answer, if the form states it; None after noting an error."""
        number = sheet.day_row()
        written = answer_in(sheet.rows[number]) if number else None
        if number is None or written is None:
            return None
        try:
            if isinstance(written, Refusal):
                raise written
            day = written if isinstance(written, date) else day_in_full(_without_serial(written))
            if day > (today := self._session.clock.today):
                raise BadValue("future_day", day=day, today=today)
        except Refusal as error:
            self._note(sheet, number, ANSWER_COLUMN, written, error)
            return None
        return day

    def _answers(self, sheet: FormSheet, questions: Sequence[Question]) -> dict[str, AnswerValue]:
        """Return the answers by question; note text in cells that should be empty."""
        answers: dict[str, AnswerValue] = {}
        asked = {question.id: question for question in questions}
        for number, row in sheet.rows.items():
            name = sheet.question_in(row)
            if name in asked and name not in sheet.places:
                sheet.places[name] = number
                if not sheet.is_as_asked(number, asked[name]):
                    text = row[TEXT_COLUMN] if len(row) > TEXT_COLUMN else ""
                    reason = Phrase("survey.question_changed")
                    self._note(sheet, number, TEXT_COLUMN, text, reason)
                    continue
                answer = self._answer(sheet, number, row, asked[name])
                if answer is not None:
                    answers[name] = answer
            elif name in asked or (sheet.places and answer_in(row) is not None):
                value = answer_in(row)
                reason = Phrase("survey.moved")
                self._note(sheet, number, ANSWER_COLUMN, "" if value is None else value, reason)
            for column, value in sheet.astray(row):
                self._note(sheet, number, column, value, Phrase("survey.moved"))
        for question in questions:
            if question.id not in sheet.places:
                text = question.wording.in_language(current())
                self._note(sheet, 1, LABEL_COLUMN, text, Phrase("survey.question_gone"))
        return answers

    def _answer(
        self, sheet: FormSheet, number: int, row: list[Any], question: Question
    ) -> AnswerValue | None:
        written = answer_in(row)
        try:
            if isinstance(written, Refusal):
                raise written
            return answer_from(question, written)
        except Refusal as error:
            self._note(sheet, number, ANSWER_COLUMN, written, error)
            return None

    def _note(
        self, sheet: FormSheet, row: int, column: int, value: object, reason: Phrase | Refusal
    ) -> None:
        cell = f"{_LETTERS[min(column, len(_LETTERS) - 1)]}{row}"
        self.errors.append(FormError(sheet.file, sheet.title, cell, shown(value), reason))


def _disagree(one: Filled, other: Filled) -> bool:
    """Return whether two forms of the same respondent and wave differ in answers or days."""
    if (one.respondent, one.wave) != (other.respondent, other.wave):
        return False
    days = {one.day, other.day} - {None}
    return one.answers != other.answers or len(days) > 1


def _without_serial(written: object) -> str:
    """Return a day as text; a program that drops the date format leaves only its number."""
    text = str(written)
    if _SERIAL.fullmatch(text):
        return (_DAY_ZERO + timedelta(days=int(text))).isoformat()
    return text
