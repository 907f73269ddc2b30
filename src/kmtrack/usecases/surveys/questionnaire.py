"""The questionnaire that comes with the program, and its answers in words."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Final

from kmtrack.errors import BadValue
from kmtrack.i18n import current, say
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.plain_text import clean_note, shown
from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.questionnaire import DEGREES, UNKNOWN, NotAnAnswer, checked_answer
from kmtrack.rules.questionnaire_format import read_questionnaire

if TYPE_CHECKING:
    from kmtrack.rules.questionnaire import Answer, Question, Questionnaire

_LONGEST: Final = 2000


@cache
def questionnaire() -> Questionnaire:
    """The questionnaire."""
    text = (DATA_FOLDER / "questionnaire.toml").read_text(encoding="utf-8")
    return read_questionnaire(tomllib.loads(text))


def question_of(question_id: str) -> Question:
    """The question of that id."""
    return next(one for one in questionnaire().questions if one.id == question_id)


def answer_from(question: Question, written: object) -> Answer | None:
    """The answer that somebody wrote, in words of either language; None for an empty place.

    Raises BadValue `bad_answer`, or what a text is refused for.
    """
    if written is None or (isinstance(written, str) and not written.strip()):
        return None
    value = _value_of(question, written)
    try:
        return checked_answer(question, value)
    except NotAnAnswer:
        expected = ", ".join(options_of(question)) or say(f"survey.expects.{question.kind}")
        raise BadValue("bad_answer", value=shown(written), expected=expected) from None


def options_of(question: Question) -> list[str]:
    """What may be chosen, in the language in use; nothing where a number or a text is written."""
    language = current()
    if question.kind == "yes-no":
        return [say("word.yes"), say("word.no")]
    if question.kind == "degree":
        words = questionnaire().degrees
        options = [f"{degree} - {words[str(degree)].in_language(language)}" for degree in DEGREES]
        return [*options, words[UNKNOWN].in_language(language)]
    return [choice.wording.in_language(language) for choice in question.choices]


def answer_in_words(question: Question, answer: Answer | None) -> str:
    """An answer as it is shown and written into a form; "" for none."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return say("word.yes" if answer else "word.no")
    if question.kind == "degree":
        words = questionnaire().degrees[str(answer)].in_language(current())
        return words if answer == UNKNOWN else f"{answer} - {words}"
    for choice in question.choices:
        if choice.id == answer:
            return choice.wording.in_language(current())
    return str(answer)


def _value_of(question: Question, written: object) -> object:
    if question.kind == "text":
        return clean_note(str(written), _LONGEST)
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
    """The degree that is written as its number, its words, or both."""
    for degree, words in questionnaire().degrees.items():
        for text in (words.da.casefold(), words.en.casefold()):
            if folded in {degree, text, f"{degree} - {text}"}:
                return degree
    return folded
