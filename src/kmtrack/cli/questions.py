"""Questions: ask for what a command needs, one line each, forwards and backwards."""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.cli.line_reader import read_line
from kmtrack.cli.output import notify, notify_line
from kmtrack.errors import Refusal
from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kmtrack.cli.line_reader import Match

    Answers = Mapping[str, Any]

BACK: Final = "<"
NO_ANSWER: Final = "-"


class _Again:
    """An answer that is none: the same question is asked once more."""


AGAIN: Final = _Again()


def _as_typed(typed: str, _: Answers) -> Any:
    return typed


def _nothing() -> None:
    pass


def _always(_: Answers) -> bool:
    return True


class Question(NamedTuple):
    """One question: what it is about, in which words, and what makes an answer of a typed line.

    `read` gets the line and the earlier answers; it raises a Refusal for a line that is no answer, and
    returns AGAIN where it has settled with the person that it is none. `default` is what Enter answers,
    as it would be typed; without one Enter leaves an optional question unanswered. `shown` stands in the
    brackets where the default is shown in other words. With `leaves_default` Enter leaves it out instead,
    since it holds for what is left out. A question that `is_answered_by_none` is content
    with "-" although it is required. `above` are lines that are printed before it.
    """

    name: str
    text: str
    read: Callable[[str, Answers], Any] = _as_typed
    default: str = ""
    leaves_default: bool = False
    shown: str = ""
    missing: Refusal | None = None
    is_answered_by_none: bool = False
    applies: Callable[[Answers], bool] = _always
    matches: Callable[[str], Iterable[Match]] | None = None
    above: Sequence[str] = ()

    @property
    def takes_none(self) -> bool:
        """Whether "-" is taken for no answer."""
        return self.missing is None or self.is_answered_by_none

    def prompt(self, default: str) -> str:
        """Return what stands before the answer, with the default in brackets."""
        if not self.text:
            return f"[{default}] > " if default else "> "
        if default:
            return f"{self.text} [{default}]: "
        return f"{self.text} " if self.text.endswith("?") else f"{self.text}: "


def ask_all(
    questions: Sequence[Question],
    given: Answers = MappingProxyType({}),
    look: Callable[[], None] = _nothing,
    *,
    can_leave: bool = False,
) -> dict[str, Any] | None:
    """Ask the questions one after the other and return the answers by name.

    What is not answered is left out. `given` are answers that earlier questions had. `look` is called
    after each line and refuses to go on where the ledger is another one by then. "<" goes back to the
    question before; at the first one it is refused or, if the asker `can_leave`, ends with None.
    Raises KeyboardInterrupt for Ctrl-C and the end of the input.
    """
    answers, typed = dict(given), {question.name: question.default for question in questions}
    asked: list[int] = []
    at = 0
    while at < len(questions):
        question = questions[at]
        if not question.applies(answers):
            at += 1
            continue
        line = _line_of(question, typed[question.name])
        look()
        if line == BACK:
            if asked:
                at = asked.pop()
                answers.pop(questions[at].name, None)
            elif can_leave:
                return None
            else:
                notify("question.is_first")
            continue
        is_left_out = (
            not line and question.leaves_default and typed[question.name] == question.default
        )
        line = line or typed[question.name]
        try:
            answer = None if is_left_out else _answer(question, line, answers)
        except Refusal as refusal:
            refuse(refusal)
            continue
        if answer is AGAIN:
            continue
        typed[question.name] = "" if line == NO_ANSWER else line
        if answer is not None:
            answers[question.name] = answer
        asked.append(at)
        at += 1
    return answers


def _line_of(question: Question, default: str) -> str:
    for line in question.above:
        print(line, file=sys.stderr)
    is_own_default = default == question.default and question.shown
    shown = question.shown if is_own_default else default
    return read_answer(question.prompt(shown), question.matches)


def read_answer(prompt: str, matches: Callable[[str], Iterable[Match]] | None = None) -> str:
    """Read a line as `read_line` does; the end of the input is as good as Ctrl-C."""
    try:
        return read_line(prompt, matches).strip()
    except EOFError:
        raise KeyboardInterrupt from None


def _answer(question: Question, line: str, answers: Answers) -> Any:
    """Make the answer of a line; None leaves the question unanswered. Raises Refusal."""
    if line == NO_ANSWER and question.takes_none:
        return None
    if not line:
        if question.missing is not None:
            raise question.missing
        return None
    return question.read(line, answers)


def refuse(refusal: Refusal) -> None:
    """Say why a line is no answer; nothing stands before the sentence, so it begins with a capital."""
    sentence = refusal.sentence()
    notify_line(sentence[:1].upper() + sentence[1:])


def says_yes(question: str) -> bool:
    """Ask for yes or no; everything that is not yes is no."""
    typed = read_answer(f"{question} [{say('word.yes_no_prompt')}] ")
    return typed.casefold() in {"j", "ja", "y", "yes"}
