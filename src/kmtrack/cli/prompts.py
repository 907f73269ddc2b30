"""Prompts: questions to the person at the terminal, those of a questionnaire among them."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeVar

from kmtrack.cli.errors import CHANGE
from kmtrack.cli.globals import can_ask
from kmtrack.errors import BadValue, Declined, Refusal, in_words
from kmtrack.i18n import say
from kmtrack.text import visible
from kmtrack.usecases.doubts import YES, Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from typer import Context

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.questionnaire import AnswerValue, Question
    from kmtrack.usecases.doubts import Choice
    from kmtrack.usecases.session import Session
    from kmtrack.usecases.surveys.answers import Respondent

Result = TypeVar("Result")

_NO_ANSWER: Final = "-"


class Settler:
    """Runs use cases, and again with each answer to what they are in doubt about.

    An answer holds for all that is run. For a command that has asked for what it needs, and must not be
    run again as a whole.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, run: Callable[[Session], Result]) -> Result:
        """Return what `run` returns. Raises what it raises but doubts, and Declined for a no."""
        while True:
            try:
                return run(self._session)
            except Doubt as doubt:
                CHANGE.begin_again()  # what was begun is rolled back
                answers = self._session.answers.plus(doubt, answer_to(doubt, self._session.store))
                self._session = self._session._replace(answers=answers)


def answer_to(doubt: Doubt, store: Store) -> str:
    """Ask what a doubt is about, and return the answer.

    Raises Declined for a no, and Refusal as `require_agreement` where the ledger is another one by then.
    """
    question = say(f"question.{doubt.key}", **doubt.words())
    if not doubt.choices and doubt.reads is None:
        if not _says_yes(question, store):
            raise Declined
        return YES
    with in_place(store):
        return _read(question, doubt.reads) if doubt.reads else _chosen(question, doubt.choices)


def _chosen(question: str, choices: Sequence[Choice]) -> str:
    """Ask which one it is, by its number. Raises Declined for an empty line."""
    print(visible(question), file=sys.stderr)
    for number, choice in enumerate(choices, start=1):
        print(visible(f"  {number}  {in_words(choice.label)}"), file=sys.stderr)
    while True:
        print(f"1-{len(choices)}: ", end="", file=sys.stderr, flush=True)
        typed = sys.stdin.readline()
        if not typed.strip():  # an empty line, or the end of the input
            raise Declined
        if typed.strip() in map(str, range(1, len(choices) + 1)):
            return choices[int(typed) - 1].value


def _read(question: str, read: Callable[[str], str]) -> str:
    """Ask until `read` takes the answer; "" for an empty line. Raises Declined at the end of the input."""
    while True:
        print(visible(question), end=" ", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise Declined
        try:
            return read(line.strip()) if line.strip() else ""
        except BadValue as error:
            print(visible(error.sentence()), file=sys.stderr)


def _says_yes(question: str, store: Store | None) -> bool:
    print(
        visible(f"{question} [{say('word.yes_no_prompt')}] "), end="", file=sys.stderr, flush=True
    )
    with in_place(store):
        return sys.stdin.readline().strip().casefold() in {"j", "ja", "y", "yes"}


@contextmanager
def in_place(store: Store | None) -> Iterator[None]:
    """Refuse to go on if a ledger was deleted or replaced while somebody was asked."""
    from kmtrack.ledger.queries.commands import newest_command

    newest = None
    if store is not None:
        with suppress(LookupError):  # a damaged ledger without any command
            newest = newest_command(store)
    yield
    if store and newest:
        store.refuse_replaced(newest.token)


def require_agreement(context: Context, question: str, store: Store | None) -> None:
    """Raise Refusal `not_agreed` unless there is a person at the terminal, and Declined for a no.

    Raises Refusal `ledger_deleted` or `ledger_replaced` where that happened to the ledger meanwhile.
    """
    if not can_ask(context):
        raise Refusal("not_agreed")
    if not _says_yes(question, store):
        raise Declined


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
