"""The questionnaire: its questions, respondents, waves and valid answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.rules.document import Wording

DEGREES: Final = (0, 1, 2, 3, 4)
UNKNOWN: Final = "unknown"  # "do not know" is an answer; not to answer is none

AnswerValue = int | bool | str


class Choice(NamedTuple):
    """One option of a question; `also` has wordings that are accepted but no longer written."""

    id: str
    wording: Wording
    also: tuple[str, ...] = ()


class Question(NamedTuple):
    """One question.

    `kind` is number, yes-no, degree, choice or text; `asks` is company or municipality. `oslo`
    lists the kinds of innovation (Oslo Manual, 2005) that it concerns; `short` names a question in
    a table and in a form; `also` has wordings that are accepted as headings but no longer written.
    """

    id: str
    asks: str
    waves: frozenset[str]
    kind: str
    required: bool
    measures: str
    oslo: tuple[str, ...]
    short: Wording | None
    wording: Wording
    help: Wording | None
    choices: tuple[Choice, ...]
    maximum: int
    also: tuple[str, ...] = ()


class Questionnaire(NamedTuple):
    """All questions, the words for the degrees, and how long after a hire a company is asked."""

    id: str
    version: int
    name: Wording
    after_months: int
    degrees: Mapping[str, Wording]
    questions: tuple[Question, ...]

    @property
    def edition(self) -> str:
        """The id and version, which completed questionnaires refer to."""
        return f"{self.id}/{self.version}"

    def asked(self, asks: str, wave: str) -> tuple[Question, ...]:
        """Return the questions to a company or a municipality in a wave, in order."""
        return tuple(q for q in self.questions if q.asks == asks and wave in q.waves)

    def measuring(self, measure: str, kind: str) -> tuple[Question, ...]:
        """Return the questions of a kind that measure the same, in order."""
        return tuple(q for q in self.questions if (q.measures, q.kind) == (measure, kind))


def options_of(question: Question) -> tuple[AnswerValue, ...]:
    """Return the options of a question, without "do not know"; none for a number or a text."""
    if question.kind == "yes-no":
        return (True, False)
    if question.kind == "degree":
        return DEGREES
    return tuple(choice.id for choice in question.choices)


class NotAnAnswer(ValueError):
    """A value does not answer its question; `reason` is the key of the explanation."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked_answer(question: Question, value: object) -> AnswerValue:
    """Return a value as an answer: an int, a bool, a degree (0-4), "unknown", a choice's id or a text.

    A number that a spreadsheet kept as 3.0 is 3. Raises NotAnAnswer.
    """
    return _CHECKS[question.kind](question, value)


def unanswered(
    questionnaire: Questionnaire, asks: str, wave: str, answers: Mapping[str, AnswerValue]
) -> tuple[str, ...]:
    """Return the ids of the required questions without an answer."""
    asked = questionnaire.asked(asks, wave)
    return tuple(q.id for q in asked if q.required and q.id not in answers)


def more_educated_than_employed(
    questionnaire: Questionnaire, answers: Mapping[str, AnswerValue]
) -> tuple[str, int, int] | None:
    """Return the question answered with more highly educated than employees, and both numbers, if any."""
    employed = questionnaire.measuring("employees", "number")
    for question in questionnaire.measuring("highly-educated", "number"):
        educated = answers.get(question.id)
        for other in employed:
            employees = answers.get(other.id)
            if isinstance(educated, int) and isinstance(employees, int) and educated > employees:
                return question.id, educated, employees
    return None


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        text = value.strip()
        return (
            int(text)
            if text.isascii() and text.isdigit() and len(text) <= len("1000000000")
            else None
        )
    return value if isinstance(value, int) else None


def _number(question: Question, value: object) -> int:
    number = _whole(value)
    if number is None:
        raise NotAnAnswer("not_a_number")
    if not 0 <= number <= question.maximum:
        raise NotAnAnswer("out_of_range")
    return number


def _degree(_: Question, value: object) -> int | str:
    if value == UNKNOWN:
        return UNKNOWN
    number = _whole(value)
    if number not in DEGREES:
        raise NotAnAnswer("not_a_degree")
    return number


def _choice(question: Question, value: object) -> str:
    if value not in {choice.id for choice in question.choices}:
        raise NotAnAnswer("not_a_choice")
    return str(value)


def _yes_no(_: Question, value: object) -> bool:
    if not isinstance(value, bool):
        raise NotAnAnswer("not_yes_or_no")
    return value


def _text(_: Question, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise NotAnAnswer("not_a_text")
    return value


_CHECKS: Final = {
    "number": _number,
    "degree": _degree,
    "choice": _choice,
    "yes-no": _yes_no,
    "text": _text,
}
