"""Questions and answers of the questionnaire, in the words of the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.errors import in_words
from kmtrack.i18n import current
from kmtrack.usecases.surveys.questionnaire import options_offered, wording_of

if TYPE_CHECKING:
    from kmtrack.rules.questionnaire import AnswerValue, Question


def question_in_words(question: Question) -> str:
    """Return a question as it is asked."""
    return question.wording.in_language(current())


def short_name(question: Question) -> str:
    """Return what a question is called in a table."""
    return (question.short or question.wording).in_language(current())


def survey_answer_in_words(question: Question, answer: AnswerValue | None) -> str:
    """Return an answer as it is shown and written into a form; "" for none."""
    if answer is None:
        return ""
    return str(in_words(wording_of(question, answer) or answer))


def options_in_words(question: Question) -> list[str]:
    """Return what may be chosen; nothing for a number or a text."""
    return [str(in_words(option)) for option in options_offered(question)]
