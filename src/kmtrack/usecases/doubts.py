"""Doubts: questions of a use case about what may not have been meant, and the answers that settle them.

A use case in doubt calls `session.settle(doubt)`. Without an answer the doubt is raised, which
rolls the command back like any other refusal. At a terminal the command line then asks, and runs
the command again with the answer, so nothing is locked while a person thinks.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# The answer to a doubt without choices: it is what was meant.
YES: Final = "yes"


class Choice(NamedTuple):
    """One of several answers: its value, and the words shown for it."""

    value: str
    label: object


class Doubt(Refusal):
    """Something that may not have been meant; a person settles it, or it is refused.

    It asks the text `question.KEY`, and is refused with `error.KEY`. `subject` is what the answer
    is remembered for. With `choices` one of them is the answer, otherwise it is YES; a no ends the
    command. `reads` makes the answer from a typed text, raising BadValue; an empty line is the
    answer "". `yes_settles` lets the option --yes answer. With `is_only_reported` the command goes
    on if nobody can be asked, and reports it.
    """

    def __init__(
        self,
        key: str,
        /,
        *subject: str,
        choices: Sequence[Choice] = (),
        reads: Callable[[str], str] | None = None,
        yes_settles: bool = False,
        is_only_reported: bool = False,
        **facts: object,
    ) -> None:
        super().__init__(key, **facts)
        self.subject = (key, *subject)
        self.choices = tuple(choices)
        self.reads = reads
        self.yes_settles = yes_settles
        self.is_only_reported = is_only_reported
        self.answer: str | None = None

    def answered(self, answer: str) -> Doubt:
        """Return the doubt together with its answer."""
        self.answer = answer
        return self


class Doubts(Refusal):
    """Several doubts of one command, with the `result` that it would have so far.

    They are settled together. In a pipe a single doubt is refused as usual; of several the command
    line names each.
    """

    def __init__(self, doubts: Sequence[Doubt], result: Any, **facts: object) -> None:
        super().__init__("open_questions", number=len(doubts), **facts)
        self.doubts = tuple(doubts)
        self.result = result


class Answers(NamedTuple):
    """The answers to the doubts of one command, by subject, and whether more can be asked for."""

    given: Mapping[tuple[str, ...], str] = MappingProxyType({})
    says_yes: bool = False
    can_ask: bool = False

    def to(self, doubt: Doubt) -> str:
        """Return the answer to a doubt. Raises the doubt if there is none."""
        answer = self.given.get(doubt.subject)
        if answer is not None:
            return answer
        if (self.says_yes and doubt.yes_settles) or (doubt.is_only_reported and not self.can_ask):
            return YES
        raise doubt

    def plus(self, doubt: Doubt, answer: str) -> Answers:
        """Return the answers and one more."""
        return self._replace(given={**self.given, doubt.subject: answer})


NO_ANSWERS: Final = Answers()
# For whoever agrees to everything, as with the option --yes.
AGREED: Final = Answers(says_yes=True)
