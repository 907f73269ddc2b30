"""Questions of a questionnaire, answered at the keyboard or on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.cli.globals import can_ask
from kmtrack.cli.output import notify
from kmtrack.cli.prompts import in_place
from kmtrack.cli.questions import NO_ANSWER, Question, ask_all
from kmtrack.errors import BadValue, Refusal
from kmtrack.i18n import say
from kmtrack.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typer import Context

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.questionnaire import AnswerValue
    from kmtrack.rules.questionnaire import Question as SurveyQuestion
    from kmtrack.usecases.surveys.answers import Respondent


def answers_typed(
    context: Context, store: Store, respondent: Respondent, wave: str, given: Sequence[str]
) -> dict[str, AnswerValue]:
    """Return a respondent's answers, `given` as "question=answer" or else asked for at the keyboard.

    Earlier answers stay unless they are answered anew. Raises Refusal `bad_option`,
    `nobody_at_the_keyboard`, and as `require_agreement` if the ledger has been replaced by then.
    """
    # Few commands that ask anything are about a questionnaire.
    from kmtrack.usecases.surveys.answers import answers_of, hire_answered_for
    from kmtrack.usecases.surveys.questionnaire import questionnaire

    questions = {q.id: q for q in questionnaire().asked(respondent.asks, wave)}
    answers = answers_of(store, respondent, wave)
    if given:
        for text in given:
            question, answer = _parse(questions, text)
            answers.pop(question.id, None)
            if answer is not None:
                answers[question.id] = answer
        return answers
    if not can_ask(context):
        raise Refusal("nobody_at_the_keyboard")
    hire_answered_for(store, respondent, wave)  # before anybody answers a dozen questions
    notify("question.how")
    with in_place(store) as look:
        asked = ask_all([_question(each, answers) for each in questions.values()], look=look)
    # What an older questionnaire asked stays as it was answered.
    return {**{k: v for k, v in answers.items() if k not in questions}, **asked}


def _parse(
    questions: dict[str, SurveyQuestion], text: str
) -> tuple[SurveyQuestion, AnswerValue | None]:
    from kmtrack.usecases.surveys.questionnaire import answer_from

    name, equals, written = text.partition("=")
    question = questions.get(name.strip())
    if question is None:
        sentence = say("survey.unknown_question", value=name.strip(), among=", ".join(questions))
        raise Refusal("bad_option", option="--answer", sentence=sentence)
    if not equals or not written.strip():
        sentence = say("survey.no_answer_given", question=question.id)
        raise Refusal("bad_option", option="--answer", sentence=sentence)
    try:
        return question, None if written.strip() == NO_ANSWER else answer_from(question, written)
    except BadValue as error:
        raise Refusal(
            "bad_option", option=f"--answer {question.id}", sentence=error.sentence()
        ) from None


def _question(question: SurveyQuestion, known: Mapping[str, AnswerValue]) -> Question:
    """Return a question of the questionnaire for the keyboard; Enter keeps the known answer."""
    from kmtrack.views.questionnaire import (
        options_in_words,
        question_in_words,
        survey_answer_in_words,
    )

    before = known.get(question.id)
    default = survey_answer_in_words(question, before)

    def read(typed: str, earlier: Mapping[str, AnswerValue]) -> AnswerValue:
        return _answer(question, before if typed == default else typed, earlier)

    return Question(
        question.id,
        "",
        read,
        default=default,
        missing=Refusal("survey_answer_required") if question.required else None,
        is_answered_by_none=True,
        above=[
            "",
            visible(question_in_words(question)),
            *(f"  {visible(option)}" for option in options_in_words(question)),
        ],
    )


def _answer(
    question: SurveyQuestion, written: object, earlier: Mapping[str, AnswerValue]
) -> AnswerValue:
    """Make an answer from text. Raises BadValue, also if it contradicts an earlier one."""
    from kmtrack.usecases.surveys.answers import contradiction
    from kmtrack.usecases.surveys.questionnaire import answer_from

    answer = answer_from(question, written)
    if answer is None:
        raise Refusal("survey_answer_required")
    found = contradiction({**earlier, question.id: answer})
    if found is not None:
        raise found.error
    return answer
