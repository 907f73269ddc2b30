"""Prompts: questions to the person at the terminal about the doubts of a command."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from kmtrack.cli.errors import CHANGE
from kmtrack.cli.globals import can_ask
from kmtrack.cli.line_reader import read_short_line
from kmtrack.cli.output import notify, notify_line
from kmtrack.cli.yes_or_no import says_yes
from kmtrack.errors import BadValue, Declined, Refusal, in_words
from kmtrack.i18n import say
from kmtrack.usecases.doubts import YES, Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from typer import Context

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.doubts import Choice
    from kmtrack.usecases.session import Session

Result = TypeVar("Result")


class Settler:
    """Runs use cases, and again with each answer to their doubts.

    An answer holds for everything that is run. It is for a command that has asked for its details,
    and must not be run again as a whole.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def session(self) -> Session:
        """The session with the answers so far."""
        return self._session

    def __call__(self, run: Callable[[Session], Result]) -> Result:
        """Return the result of `run`. Raises what it raises except doubts, and Declined for a no."""
        while True:
            try:
                return run(self._session)
            except Doubt as doubt:
                CHANGE.begin_again()  # what was begun is rolled back
                answers = self._session.answers.plus(doubt, answer_to(doubt, self._session.store))
                self._session = self._session._replace(answers=answers)


def answer_to(doubt: Doubt, store: Store) -> str:
    """Ask the question of a doubt, and return the answer.

    Raises Declined for a no, and Refusal as `require_agreement` if the ledger has been replaced by
    then.
    """
    question = say(f"question.{doubt.key}", **doubt.words())
    if not doubt.choices and doubt.reads is None:
        if not _says_yes(question, store):
            raise Declined
        return YES
    with in_place(store):
        return _read(question, doubt.reads) if doubt.reads else _chosen(question, doubt.choices)


def _chosen(question: str, choices: Sequence[Choice]) -> str:
    """Ask for one of the choices, by its number. Raises Declined for an empty line."""
    notify_line(question)
    for number, choice in enumerate(choices, start=1):
        notify_line(f"  {number}  {in_words(choice.label)}")
    while True:
        typed = _typed(f"1-{len(choices)}: ")
        if not typed:  # an empty line, or the end of the input
            raise Declined
        if typed in map(str, range(1, len(choices) + 1)):
            return choices[int(typed) - 1].value
        notify("question.choose_number", number=len(choices))


def _read(question: str, read: Callable[[str], str]) -> str:
    """Ask until `read` accepts the answer; "" for an empty line. Raises Declined at the end of the input."""
    while True:
        try:
            line = read_short_line(f"{question} ").strip()
        except EOFError:
            raise Declined from None
        try:
            return read(line) if line else ""
        except BadValue as error:
            notify_line(error.sentence())


def agrees(question: str, store: Store | None) -> bool:
    """Ask the person at the terminal for yes or no. Raises Refusal as `require_agreement`."""
    return _says_yes(question, store)


def _says_yes(question: str, store: Store | None) -> bool:
    with in_place(store):
        return says_yes(question, _typed)


def _typed(prompt: str) -> str:
    """Return the short line that is typed; "" at the end of the input."""
    try:
        return read_short_line(prompt).strip()
    except EOFError:
        return ""


@contextmanager
def in_place(store: Store | None) -> Iterator[Callable[[], None]]:
    """Refuse to go on if a ledger was deleted or replaced while somebody was asked.

    Yield a function that checks this at once, for use after each of several answers.
    """
    from kmtrack.ledger.queries.commands import newest_command

    newest = None
    if store is not None:
        with suppress(LookupError):  # a damaged ledger without any command
            newest = newest_command(store)

    def look() -> None:
        if store and newest:
            store.refuse_replaced(newest.token)

    yield look
    look()


def require_agreement(context: Context, question: str, store: Store | None) -> None:
    """Raise Refusal `not_agreed` unless a person is at the terminal, and Declined for a no.

    Raises Refusal `ledger_deleted` or `ledger_replaced` if that happened to the ledger meanwhile.
    """
    if not can_ask(context):
        raise Refusal("not_agreed")
    if not _says_yes(question, store):
        raise Declined
