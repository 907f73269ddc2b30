"""Questions of a questionnaire, answered at the keyboard or on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from kmtrack.cli.globals import can_ask
from kmtrack.cli.prompts import in_place
from kmtrack.errors import BadValue, Refusal
from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typer import Context

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.questionnaire import AnswerValue, Question
    from kmtrack.usecases.surveys.answers import Respondent

_NO_ANSWER: Final = "-"


def answers_typed(
    context: Context, store: Store, respondent: Respondent, wave: str, given: Sequence[str]
) -> dict[str, AnswerValue]:
    """Return a respondent's answers, `given` as "question=answer" or else asked for at the keyboard.

    Earlier answers stay unless they are answered anew. Raises Refusal `bad_option`,
    `nobody_at_the_keyboard`, and as `require_agreement` where the ledger is another one by then.
    """
    # Few commands that ask anything are about a questionnaire.
    from kmtrack.usecases.surveys.answers import answers_of, hire_answered_for
    from kmtrack.usecases.surveys.questionnaire import questionnaire

    questions = {q.id: q for q in questionnaire().asked(respondent.asks, wave)}
    answers = answers_of(store, respondent, wave)
    if given:
        for text in given:
            question, answer = _parse(questions, text)
            _set(answers, question, answer)
        return answers
    if not can_ask(context):
        raise Refusal("nobody_at_the_keyboard")
    hire_answered_for(store, respondent, wave)  # before anybody answers a dozen questions
    with in_place(store):
        for question in questions.values():
            _set(answers, question, _ask(question, answers))
    return answers


def _parse(questions: dict[str, Question], text: str) -> tuple[Question, AnswerValue | None]:
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
        return question, None if written.strip() == _NO_ANSWER else answer_from(question, written)
    except BadValue as error:
        raise Refusal(
            "bad_option", option=f"--answer {question.id}", sentence=error.sentence()
        ) from None


def _ask(question: Question, answers: Mapping[str, AnswerValue]) -> AnswerValue | None:
    """Ask a question until it is answered; an empty line keeps what is known, "-" is no answer.

    Raises KeyboardInterrupt at the end of the input: nothing is stored then.
    """
    from kmtrack.usecases.surveys.answers import contradiction
    from kmtrack.usecases.surveys.questionnaire import answer_from
    from kmtrack.views.questionnaire import (
        options_in_words,
        question_in_words,
        survey_answer_in_words,
    )

    known = answers.get(question.id)
    print(file=sys.stderr)
    print(question_in_words(question), file=sys.stderr)
    for option in options_in_words(question):
        print(f"  {option}", file=sys.stderr)
    while True:
        default = survey_answer_in_words(question, known)
        print(f"[{default}] > " if default else "> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        written = line.strip()
        if written == _NO_ANSWER:
            return None
        if not written and (known is not None or not question.required):
            return known
        try:
            answer = answer_from(question, written)
        except BadValue as error:
            print(error.sentence(), file=sys.stderr)
            continue
        if answer is not None:
            found = contradiction({**answers, question.id: answer})
            if found is None:
                return answer
            print(found.error.sentence(), file=sys.stderr)
            continue
        print(say("survey.required_or_dash"), file=sys.stderr)


def _set(answers: dict[str, AnswerValue], question: Question, answer: AnswerValue | None) -> None:
    if answer is None:
        answers.pop(question.id, None)
    else:
        answers[question.id] = answer
