"""How one question was answered: how many gave each degree, chose each option, or what it adds up to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.rules.questionnaire import DEGREES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.rules.answers import Answered
    from kmtrack.rules.questionnaire import Answer, Question


class Degrees(NamedTuple):
    """How a question of degree was answered, by number of answers.

    `unknown` answered that they do not know; `unanswered` did not answer. `shares` are percents of
    the answers with a degree, rounded; `mean` is over them alone, None without any.
    """

    question: Question
    at: tuple[int, ...]
    unknown: int
    unanswered: int

    @property
    def answers(self) -> int:
        """How many gave a degree."""
        return sum(self.at)

    @property
    def shares(self) -> tuple[int, ...]:
        """The percent of the answers at each degree."""
        return tuple(share(number, self.answers) for number in self.at)

    @property
    def mean(self) -> float | None:
        """The mean degree."""
        if not self.answers:
            return None
        return sum(degree * number for degree, number in enumerate(self.at)) / self.answers


class Chosen(NamedTuple):
    """How a question of choice, or of yes and no, was answered: how often each option."""

    question: Question
    numbers: Mapping[Answer, int]
    unanswered: int

    @property
    def answers(self) -> int:
        """How many chose something."""
        return sum(self.numbers.values())


class Total(NamedTuple):
    """What the numbers that were answered add up to; None where nobody answered."""

    question: Question
    total: int | None
    answers: int
    unanswered: int


class Withheld(NamedTuple):
    """A question whose answers are not shown: they could be traced to who gave them."""

    question: Question


def share(part: int, of: int) -> int:
    """A part in percent, rounded, halves up; 0 of nothing."""
    return (200 * part + of) // (2 * of) if of else 0


def degrees(question: Question, after: Sequence[Answered]) -> Degrees:
    """How a question of degree was answered."""
    found = Counter(one.answers.get(question.id) for one in after)
    at = tuple(found[degree] for degree in DEGREES)
    return Degrees(question, at, found[UNKNOWN], found[None])


def chosen(question: Question, after: Sequence[Answered]) -> Chosen:
    """How a question of choice, or of yes and no, was answered."""
    found = Counter(one.answers.get(question.id) for one in after)
    options: tuple[Answer, ...] = tuple(choice.id for choice in question.choices)
    if question.kind == "yes-no":
        options = (True, False)
    return Chosen(question, {option: found[option] for option in options}, found[None])


def total(question: Question, after: Sequence[Answered]) -> Total:
    """What the answers to a question of number add up to."""
    answers = [one.answers.get(question.id) for one in after]
    numbers = [answer for answer in answers if isinstance(answer, int)]
    return Total(
        question, sum(numbers) if numbers else None, len(numbers), len(answers) - len(numbers)
    )
