"""The questionnaire that comes with the program, and how written answers are read."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Final

from kmtrack.errors import BadValue, Phrase
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.plain_text import clean_note, shown
from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.document import Wording
from kmtrack.rules.questionnaire import UNKNOWN, NotAnAnswer, checked_answer, options_of
from kmtrack.rules.questionnaire_format import read_questionnaire

if TYPE_CHECKING:
    from kmtrack.rules.questionnaire import AnswerValue, Question, Questionnaire

LONGEST_ANSWER: Final = 2000


@cache
def questionnaire() -> Questionnaire:
    """Return the questionnaire."""
    text = (DATA_FOLDER / "questionnaire.toml").read_text(encoding="utf-8")
    return read_questionnaire(tomllib.loads(text))


def question_of(question_id: str) -> Question:
    """Return the question with that id. Raises StopIteration."""
    return next(one for one in questionnaire().questions if one.id == question_id)


def answer_from(question: Question, written: object) -> AnswerValue | None:
    """Read an answer written in words of either language; None for an empty cell.

    Raises BadValue `bad_answer`, or what a text is refused for.
    """
    if written is None or (isinstance(written, str) and not written.strip()):
        return None
    value = _value_of(question, written)
    try:
        return checked_answer(question, value)
    except NotAnAnswer:
        expected = options_offered(question) or Phrase(f"survey.expects.{question.kind}")
        raise BadValue("bad_answer", value=shown(written), expected=expected) from None


def options_offered(question: Question) -> list[Wording | Phrase]:
    """Return the options, including "do not know"; nothing for a number or a text."""
    options = options_of(question) + ((UNKNOWN,) if question.kind == "degree" else ())
    return [wording for option in options if (wording := wording_of(question, option))]


def wording_of(question: Question, answer: AnswerValue) -> Wording | Phrase | None:
    """Return an option as the questionnaire words it; None for a number or a text."""
    if isinstance(answer, bool):
        return Phrase("word.yes" if answer else "word.no")
    if question.kind == "degree":
        words = questionnaire().degrees[str(answer)]
        if answer == UNKNOWN:
            return words
        return Wording(*(f"{answer} - {text}" for text in words))
    return next((choice.wording for choice in question.choices if choice.id == answer), None)


def _value_of(question: Question, written: object) -> object:
    if question.kind == "text":
        return clean_note(str(written), LONGEST_ANSWER)
    if question.kind == "yes-no":
        return {"yes": True, "no": False}.get(choose("yes_no", written, strict=False), written)
    if not isinstance(written, str):
        return written
    folded = " ".join(written.casefold().split())
    if question.kind == "degree":
        return _degree(folded)
    for choice in question.choices:
        words = (choice.id, choice.wording.da, choice.wording.en, *choice.also)
        if folded in {word.casefold() for word in words}:
            return choice.id
    return folded


def _degree(folded: str) -> str:
    """Return the degree written as its number, its words, or both."""
    for degree, words in questionnaire().degrees.items():
        for text in (words.da.casefold(), words.en.casefold()):
            if folded in {degree, text, f"{degree} - {text}"}:
                return degree
    return folded
