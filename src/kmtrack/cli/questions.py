"""Questions: ask for what a command needs, one line each, forwards and backwards."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.cli.line_reader import read_line
from kmtrack.cli.output import notify, notify_line
from kmtrack.errors import Declined, Refusal
from kmtrack.views.format import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kmtrack.cli.line_reader import Match

    Answers = Mapping[str, Any]

BACK: Final = "<"
NO_ANSWER: Final = "-"


class _Again:
    """The marker that no answer was given: the same question is asked once more."""


AGAIN: Final = _Again()


class Chosen(NamedTuple):
    """An answer, the line that repeats it, and the text shown in the brackets."""

    answer: Any
    line: str
    shown: str = ""


class Instead(NamedTuple):
    """An answer to an earlier question, given while this one was asked."""

    name: str
    chosen: Chosen


def _as_typed(typed: str, _: Answers) -> Any:
    return typed


def _nothing() -> None:
    pass


def _no_default(_: Answers) -> str:
    return ""


def _goes_on(_: Answers) -> None:
    return None


def _always(_: Answers) -> bool:
    return True


class Question(NamedTuple):
    """One question: its name and text, and a function that makes an answer from a typed line.

    `read` gets the line and the earlier answers; it raises a Refusal for an invalid line, and
    returns AGAIN if the person has agreed that it is none. An answer that is not shown as typed is
    Chosen, and one to an earlier question Instead. `default` is what Enter answers, as it would be
    typed, and `default_from` makes it from the earlier answers; without one Enter leaves an
    optional question unanswered. `shown` replaces the default in the brackets. With
    `leaves_default` Enter leaves the answer out, as the default applies then anyway. A question
    that `is_answered_by_none` accepts "-" although it is required. `above` are lines printed before
    it. The answer is forgotten when the question that this one is `about` is answered anew. `after`
    is called once it is answered, or left out; it returns the question to go back to if the answers
    do not fit.
    """

    name: str
    text: str
    read: Callable[[str, Answers], Any] = _as_typed
    default: str = ""
    default_from: Callable[[Answers], str] = _no_default
    leaves_default: bool = False
    shown: str = ""
    missing: Refusal | None = None
    is_answered_by_none: bool = False
    applies: Callable[[Answers], bool] = _always
    matches: Callable[[str], Iterable[Match]] | None = None
    above: Sequence[str] = ()
    about: str = ""
    after: Callable[[Answers], str | None] = _goes_on

    @property
    def takes_none(self) -> bool:
        """Whether "-" means no answer."""
        return self.missing is None or self.is_answered_by_none

    def prompt(self, default: str) -> str:
        """Return the text before the answer, with the default in brackets."""
        if not self.text:
            return f"[{default}] > " if default else "> "
        if default:
            return f"{self.text} [{default}]: "
        return f"{self.text} " if self.text.endswith("?") else f"{self.text}: "


def ask_all(
    questions: Sequence[Question],
    given: Answers = MappingProxyType({}),
    look: Callable[[], None] = _nothing,
) -> dict[str, Any]:
    """Ask the questions one after the other and return the answers by name.

    Unanswered questions are left out. `given` are the answers to earlier questions. `look` is
    called after each line and raises if the ledger has been replaced by then. "<" goes back to the
    question before; at the first one it is refused. Raises KeyboardInterrupt for Ctrl-C and the end
    of the input, and Declined if it would go back to a given answer.
    """
    return _Conversation(questions, given, look).held()


class _Conversation:
    """The questions, the answers so far, and the present position among the questions."""

    def __init__(
        self, questions: Sequence[Question], given: Answers, look: Callable[[], None]
    ) -> None:
        self._questions = questions
        self._answers = dict(given)
        self._look = look
        self._chosen: dict[str, Chosen] = {}  # the last answers, those gone back over among them
        self._asked: list[int] = []
        self._at = 0

    def held(self) -> dict[str, Any]:
        """Ask until there are no more questions, and return the answers."""
        while self._at < len(self._questions):
            question = self._questions[self._at]
            if question.applies(self._answers):
                self._ask(question)
            else:
                self._at += 1
        return self._answers

    def _ask(self, question: Question) -> None:
        own_default = question.default or question.default_from(self._answers)
        before = self._chosen.get(question.name, Chosen(None, own_default, question.shown))
        for above in question.above:
            notify_line(above)
        line = read_answer(question.prompt(before.shown or before.line), question.matches)
        self._look()
        if line == BACK:
            self._go_back()
            return
        is_left_out = not line and question.leaves_default and before.line == own_default
        line = line or before.line
        try:
            answer = None if is_left_out else _answer(question, line, self._answers)
        except Refusal as refusal:
            refuse(refusal)
            return
        if isinstance(answer, Instead):
            self._go_back_to(answer.name, or_before=True)
            self._take(answer.name, answer.chosen)
        elif answer is not AGAIN:
            is_default = line == own_default
            shown = question.shown if is_default else ""
            typed = Chosen(answer, "" if line == NO_ANSWER else line, shown)
            self._take(question.name, answer if isinstance(answer, Chosen) else typed)
            unfit = question.after(self._answers)
            if unfit is not None:
                self._go_back_to(unfit)

    def _take(self, name: str, chosen: Chosen) -> None:
        """Take an answer, and go on to the question after it."""
        for each in self._questions:
            if each.about == name and self._answered_before(name) != chosen.answer:
                self._chosen.pop(each.name, None)
        self._chosen[name] = chosen
        if chosen.answer is not None:
            self._answers[name] = chosen.answer
        at = self._place_of(name)
        if at is not None:
            self._asked.append(at)
        self._at = 0 if at is None else at + 1

    def _answered_before(self, name: str) -> Any:
        before = self._chosen.get(name)
        return before.answer if before else self._answers.get(name)

    def _place_of(self, name: str) -> int | None:
        return next((at for at, each in enumerate(self._questions) if each.name == name), None)

    def _go_back(self) -> None:
        if self._asked:
            self._at = self._asked.pop()
            self._answers.pop(self._questions[self._at].name, None)
        else:
            notify("question.is_first")

    def _go_back_to(self, name: str, *, or_before: bool = False) -> None:
        """Go back to a question by name. Raises Declined if that was not asked.

        With `or_before` it need not have been asked: the questions from it on are taken back.
        """
        place = self._place_of(name)
        if place not in self._asked and not or_before:
            raise Declined
        while self._asked and (place is None or self._asked[-1] >= place):
            self._go_back()


def read_answer(prompt: str, matches: Callable[[str], Iterable[Match]] | None = None) -> str:
    """Read a line as `read_line` does; the end of the input is treated like Ctrl-C."""
    try:
        return read_line(prompt, matches).strip()
    except EOFError:
        raise KeyboardInterrupt from None


def _answer(question: Question, line: str, answers: Answers) -> Any:
    """Make the answer from a line; None leaves the question unanswered. Raises Refusal."""
    if line == NO_ANSWER and question.takes_none:
        return None
    if not line:
        if question.missing is not None:
            raise question.missing
        return None
    return question.read(line, answers)


def refuse(refusal: Refusal) -> None:
    """Say why a line is no answer, as a sentence of its own with a capital."""
    notify_line(sentence(refusal.sentence()))
