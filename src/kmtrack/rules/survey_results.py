"""Survey results: the response, each question's result, and the highly educated before and after."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.rules.confidentiality import SMALLEST_GROUP, is_traceable, withheld
from kmtrack.rules.growth import Rise
from kmtrack.rules.questionnaire import UNKNOWN, options_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from kmtrack.rules.questionnaire import AnswerValue, Question, Questionnaire

_NO_COUNTS: Final[Mapping[AnswerValue, int]] = MappingProxyType({})
# What is compared between the waves is shown as the rise, and not added up.
_COMPARED: Final = frozenset({"employees", "highly-educated"})
_RISE: Final = ""  # the key of the rise among the ids of questions


class Answered(NamedTuple):
    """One filled questionnaire; of several by a respondent in one wave the last counts."""

    respondent: str
    wave: str
    answers: Mapping[str, AnswerValue]


class DueRespondent(NamedTuple):
    """Somebody to ask in a wave from the day `due` on, and the day they answered, if they did."""

    asks: str
    key: str
    name: str
    cvr: str | None
    due: date
    answered: date | None


class QuestionResult(NamedTuple):
    """How one question was answered, whatever its kind.

    `counts` has the number of answers by option (each degree, each choice, yes and no); a number has
    no options. `answers` is their sum, without `unknown`, those who do not know the degree. `total`
    adds up the degrees or numbers, None without any. Of a withheld result only the question is there.
    """

    question: Question
    counts: Mapping[AnswerValue, int] = _NO_COUNTS
    answers: int = 0
    total: int | None = None
    unknown: int = 0
    unanswered: int = 0
    is_withheld: bool = False

    @property
    def shares(self) -> tuple[int, ...]:
        """The percentage of the answers at each option, rounded."""
        return tuple(share(number, self.answers) for number in self.counts.values())

    @property
    def mean(self) -> float | None:
        """The mean degree or number; None without an answer."""
        return None if self.total is None else self.total / self.answers


class GroupReport(NamedTuple):
    """What a group of respondents answered after the hires.

    `asked` counts those due to be asked, `answered` those who answered. `first` counts the companies
    with highly educated staff after but none before; `rise` and `first` are None if withheld.
    """

    asked: int
    answered: int
    results: tuple[QuestionResult, ...]
    rise: Rise | None
    first: int | None

    @property
    def is_withheld(self) -> bool:
        """Whether too few answered for anything but the response to be shown."""
        return self.answered < SMALLEST_GROUP

    def of_kind(self, *kinds: str) -> list[QuestionResult]:
        """Return the results of the questions of these kinds, in order."""
        return [one for one in self.results if one.question.kind in kinds]


class SurveyReport(NamedTuple):
    """What the companies answered, whole and by group (None for a withheld group).

    The municipalities are only shown together.
    """

    whole: GroupReport
    municipalities: GroupReport
    grouping: str | None
    groups: dict[str, GroupReport | None]


def report_on(
    questionnaire: Questionnaire,
    asked: Iterable[str],
    answered: Sequence[Answered],
    asks: str = "company",
) -> GroupReport:
    """Report on those `asked` and all others who answered.

    Figures over one or two answers are withheld.
    """
    report = _full_report(questionnaire, asked, answered, asks)
    return _without(report, {name for name, size in _sizes(report).items() if is_traceable(size)})


def by_group(
    questionnaire: Questionnaire,
    asked: Mapping[str, str],
    groups: Mapping[str, str],
    answered: Sequence[Answered],
) -> dict[str, GroupReport | None]:
    """Report on each group of companies; None for a group that is withheld.

    `asked` and `groups` map each company asked, and each that answered, to its group. A group of one
    or two answers is withheld, and so is each figure over one or two; with them go the next smallest
    until the total does not give them away.
    """
    every = sorted({*asked.values(), *groups.values()})
    reports = {
        group: _full_report(
            questionnaire,
            [company for company, of in asked.items() if of == group],
            [one for one in answered if groups[one.respondent] == group],
            "company",
        )
        for group in every
    }
    whole = withheld({group: reports[group].answered for group in every})
    sizes = {group: _sizes(reports[group]) for group in every}
    hidden: dict[str, set[str]] = {group: set() for group in every}
    for name in next(iter(sizes.values()), {}):
        for group in withheld({group: sizes[group][name] for group in every}, whole):
            hidden[group].add(name)
    return {
        group: None if group in whole else _without(reports[group], hidden[group])
        for group in every
    }


def latest(answered: Iterable[Answered]) -> dict[tuple[str, str], Answered]:
    """Return the last questionnaire of each respondent in each wave, by respondent and wave."""
    return {(one.respondent, one.wave): one for one in answered}


def rise(questionnaire: Questionnaire, answered: Iterable[Answered]) -> Rise:
    """Sum the highly educated before and after over the companies that gave both numbers."""
    return _rise_over(_before_and_after(questionnaire, latest(answered)))


def share(part: int, of: int) -> int:
    """Return a part in percent, rounded half up; 0 of nothing."""
    return (200 * part + of) // (2 * of) if of else 0


def _full_report(
    questionnaire: Questionnaire, asked: Iterable[str], answered: Sequence[Answered], asks: str
) -> GroupReport:
    """Report everything, before anything is withheld."""
    last = latest(answered)
    after = [one for (_, wave), one in last.items() if wave == "after"]
    pairs = _before_and_after(questionnaire, last)
    return GroupReport(
        len({*asked, *(one.respondent for one in after)}),
        len(after),
        tuple(
            _result(question, [one.answers.get(question.id) for one in after])
            for question in questionnaire.asked(asks, "after")
            if question.kind != "text"
            and not (question.kind == "number" and question.measures in _COMPARED)
        ),
        _rise_over(pairs),
        sum(1 for before, now in pairs if before == 0 < now),
    )


def _result(question: Question, given: Sequence[AnswerValue | None]) -> QuestionResult:
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


def _sizes(report: GroupReport) -> dict[str, int]:
    """Return the number of answers behind each figure, by its question's id or `_RISE`."""
    companies = report.rise.companies if report.rise else 0
    return {**{one.question.id: one.answers for one in report.results}, _RISE: companies}


def _without(report: GroupReport, hidden: set[str]) -> GroupReport:
    """Return a report with the `hidden` figures withheld."""
    results = tuple(
        QuestionResult(one.question, is_withheld=True) if one.question.id in hidden else one
        for one in report.results
    )
    if _RISE in hidden:
        return report._replace(results=results, rise=None, first=None)
    return report._replace(results=results)


def _rise_over(pairs: Sequence[tuple[int, int]]) -> Rise:
    return Rise(len(pairs), sum(before for before, _ in pairs), sum(now for _, now in pairs))


def _before_and_after(
    questionnaire: Questionnaire, last: Mapping[tuple[str, str], Answered]
) -> list[tuple[int, int]]:
    """Return the highly educated before and after of each company that gave both numbers."""
    (question,) = questionnaire.measuring("highly-educated", "number")[:1] or (None,)
    pairs: list[tuple[int, int]] = []
    for (respondent, wave), one in last.items():
        other = last.get((respondent, "after"))
        if question is None or wave != "before" or other is None:
            continue
        before, now = one.answers.get(question.id), other.answers.get(question.id)
        if isinstance(before, int) and isinstance(now, int):
            pairs.append((before, now))
    return pairs
