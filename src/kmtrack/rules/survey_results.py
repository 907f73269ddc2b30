"""Survey results: the response, each question's result, and the highly educated before and after."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.rules.growth import Rise
from kmtrack.rules.questionnaire import UNKNOWN, options_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from kmtrack.rules.questionnaire import AnswerValue, Question, Questionnaire

_NO_COUNTS: Final[Mapping[AnswerValue, int]] = MappingProxyType({})
# What is compared between the waves is shown as growth, and not added up.
_COMPARED: Final = frozenset({"employees", "highly-educated"})


class Answered(NamedTuple):
    """One completed questionnaire, by its id; of several by a respondent in one wave the last counts."""

    respondent: str
    wave: str
    answers: Mapping[str, AnswerValue]
    id: str = ""


class DueRespondent(NamedTuple):
    """Somebody to ask in a wave from the day `due` on, and the day of their answer, if any."""

    asks: str
    key: str
    name: str
    cvr: str | None
    due: date
    answered: date | None


class QuestionResult(NamedTuple):
    """How one question was answered, whatever its kind.

    `counts` has the number of answers by option (each degree, each choice, yes and no); a number
    has no options. `answers` is their sum, without `unknown`, those who do not know the degree.
    `total` adds up the degrees or numbers, None without any. A withheld result has nothing but the
    question. `day` is that of the earlier report whose figures still apply, None if the report has
    its own.
    """

    question: Question
    counts: Mapping[AnswerValue, int] = _NO_COUNTS
    answers: int = 0
    total: int | None = None
    unknown: int = 0
    unanswered: int = 0
    is_withheld: bool = False
    day: date | None = None

    @property
    def shares(self) -> tuple[int, ...]:
        """The percentage of the answers at each option, rounded."""
        return tuple(share(number, self.answers) for number in self.counts.values())

    @property
    def mean(self) -> float | None:
        """The mean degree or number; None without an answer."""
        return None if self.total is None else self.total / self.answers


class Growth(NamedTuple):
    """The highly educated before and after; `rise` and `first` are None if they are withheld.

    `first` counts the companies with highly educated staff after but none before. `day` is that of
    the earlier report whose figures still apply, None if the report has its own.
    """

    rise: Rise | None = None
    first: int | None = None
    day: date | None = None


class GroupReport(NamedTuple):
    """The answers of a group of respondents after the hires.

    `asked` counts those due to be asked, `answered` those who answered.
    """

    asked: int
    answered: int
    results: tuple[QuestionResult, ...]
    growth: Growth

    @property
    def is_withheld(self) -> bool:
        """Whether nothing but the response is shown."""
        return self.growth.rise is None and all(one.is_withheld for one in self.results)

    def of_kind(self, *kinds: str) -> list[QuestionResult]:
        """Return the results of the questions of these kinds, in order."""
        return [one for one in self.results if one.question.kind in kinds]


class SurveyReport(NamedTuple):
    """The answers of the companies, as a whole and by group in each grouping.

    The municipalities are only shown together.
    """

    whole: GroupReport
    municipalities: GroupReport
    groups: Mapping[str, Mapping[str, GroupReport]]


class Pair(NamedTuple):
    """The questionnaires of a company before and after, and the highly educated stated in them."""

    before: Answered
    after: Answered
    had: int
    has: int


def latest(answered: Iterable[Answered]) -> dict[tuple[str, str], Answered]:
    """Return the last questionnaire of each respondent in each wave, by respondent and wave."""
    return {(one.respondent, one.wave): one for one in answered}


def share(part: int, of: int) -> int:
    """Return a part in percent, rounded half up; 0 if the whole is 0."""
    return (200 * part + of) // (2 * of) if of else 0


def questions_shown(questionnaire: Questionnaire, asks: str) -> list[Question]:
    """Return the questions after the hires whose answers are counted or added up, in order."""
    return [
        question
        for question in questionnaire.asked(asks, "after")
        if question.kind != "text"
        and not (question.kind == "number" and question.measures in _COMPARED)
    ]


def result_of(question: Question, given: Sequence[AnswerValue | None]) -> QuestionResult:
    """Count the answers to one question, None for each respondent who did not answer it."""
    if question.kind == "number":
        numbers = [answer for answer in given if isinstance(answer, int)]
        return QuestionResult(
            question,
            answers=len(numbers),
            total=sum(numbers) if numbers else None,
            unanswered=len(given) - len(numbers),
        )
    found = Counter(given)
    counts = {option: found[option] for option in options_of(question)}
    answers, is_degree = sum(counts.values()), question.kind == "degree"
    return QuestionResult(
        question,
        counts,
        answers,
        sum(int(option) * n for option, n in counts.items()) if is_degree and answers else None,
        found[UNKNOWN] if is_degree else 0,
        found[None],
    )


def growth_of(pairs: Sequence[Pair]) -> Growth:
    """Add up the highly educated before and after in companies that stated both."""
    rise = Rise(len(pairs), sum(pair.had for pair in pairs), sum(pair.has for pair in pairs))
    return Growth(rise, sum(1 for pair in pairs if pair.had == 0 < pair.has))


def pairs_of(
    questionnaire: Questionnaire, last: Mapping[tuple[str, str], Answered]
) -> dict[str, Pair]:
    """Return each company that stated its highly educated before and after, from the `latest`."""
    (question,) = questionnaire.measuring("highly-educated", "number")[:1] or (None,)
    pairs: dict[str, Pair] = {}
    for (respondent, wave), one in last.items():
        other = last.get((respondent, "after"))
        if question is None or wave != "before" or other is None:
            continue
        had, has = one.answers.get(question.id), other.answers.get(question.id)
        if isinstance(had, int) and isinstance(has, int):
            pairs[respondent] = Pair(one, other, had, has)
    return pairs
