"""What the questionnaires say: response, outcome by degree, and the highly educated then and now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.rules.growth import Rise
from kmtrack.rules.questionnaire import DEGREES, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from kmtrack.rules.questionnaire import Answer, Question, Questionnaire

SMALLEST_GROUP: Final = 3  # fewer answers could be traced to who gave them


class Answered(NamedTuple):
    """One filled questionnaire of a company; of several in one wave the last one stands."""

    company_id: str
    wave: str
    answers: Mapping[str, Answer]
    hire_id: str | None = None


class Degrees(NamedTuple):
    """How a question of degree was answered, by number of answers.

    `unknown` answered that they do not know; `unanswered` did not answer. `shares` are percents of
    the answers with a degree, rounded down; `mean` is over them alone, None without any.
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
        return tuple(number * 100 // self.answers if self.answers else 0 for number in self.at)

    @property
    def mean(self) -> float | None:
        """The mean degree."""
        if not self.answers:
            return None
        return sum(degree * number for degree, number in enumerate(self.at)) / self.answers


class Chosen(NamedTuple):
    """How a question of choice was answered: the number of answers for each choice."""

    question: Question
    numbers: tuple[int, ...]
    unanswered: int


class Report(NamedTuple):
    """What those who were asked have answered.

    `asked` are the companies to be asked after a hire, `answered` those of them that did. `first`
    counts the companies without highly educated before that have some after.
    """

    asked: int
    answered: int
    degrees: tuple[Degrees, ...]
    chosen: tuple[Chosen, ...]
    rise: Rise
    first: int


class Asked(NamedTuple):
    """Somebody to be asked in a wave from the day `due` on, and when they answered, if they did."""

    asks: str
    key: str
    name: str
    cvr: str | None
    due: date
    answered: date | None


class SurveyReport(NamedTuple):
    """What the companies answered, whole and by group (None where a group is withheld)."""

    whole: Report
    grouping: str | None
    groups: dict[str, Report | None]


def report_on(
    questionnaire: Questionnaire, asked: Iterable[str], answered: Sequence[Answered]
) -> Report:
    """The report on the companies `asked`; answers of others count in the outcome all the same."""
    last = latest(answered)
    after = [one for (_, wave), one in last.items() if wave == "after"]
    everybody = set(asked) | {one.company_id for one in after}
    questions = questionnaire.asked("company", "after")
    return Report(
        len(everybody),
        len(after),
        tuple(_degrees(q, after) for q in questions if q.kind == "degree"),
        tuple(_chosen(q, after) for q in questions if q.kind == "choice"),
        rise(questionnaire, answered),
        _first(questionnaire, last),
    )


def latest(answered: Iterable[Answered]) -> dict[tuple[str, str], Answered]:
    """The answers that stand: for each company and wave the last in order."""
    return {(one.company_id, one.wave): one for one in answered}


def rise(questionnaire: Questionnaire, answered: Iterable[Answered]) -> Rise:
    """The highly educated before and after, over the companies that stated both."""
    pairs = _then_and_now(questionnaire, latest(answered))
    return Rise(len(pairs), sum(then for then, _ in pairs), sum(now for _, now in pairs))


def by_group(
    questionnaire: Questionnaire,
    asked: Mapping[str, str],
    groups: Mapping[str, str],
    answered: Sequence[Answered],
) -> dict[str, Report | None]:
    """For each group its report, or None where it is withheld.

    `asked` and `groups` give the group of each company asked and of each that answered. A group of
    fewer than three answers is withheld; if it is the only one, so is the next smallest, since the
    total would give it away.
    """
    every = sorted({*asked.values(), *groups.values()})
    reports = {
        group: report_on(
            questionnaire,
            [company for company, of in asked.items() if of == group],
            [one for one in answered if groups[one.company_id] == group],
        )
        for group in every
    }
    hidden = {group for group, report in reports.items() if 0 < report.answered < SMALLEST_GROUP}
    shown = [group for group in every if group not in hidden and reports[group].answered]
    if len(hidden) == 1 and shown:
        hidden.add(min(shown, key=lambda group: (reports[group].answered, group)))
    return {group: None if group in hidden else report for group, report in reports.items()}


def _degrees(question: Question, after: Sequence[Answered]) -> Degrees:
    found = Counter(one.answers.get(question.id) for one in after)
    at = tuple(found[degree] for degree in DEGREES)
    return Degrees(question, at, found[UNKNOWN], found[None])


def _chosen(question: Question, after: Sequence[Answered]) -> Chosen:
    found = Counter(one.answers.get(question.id) for one in after)
    return Chosen(question, tuple(found[choice.id] for choice in question.choices), found[None])


def _first(questionnaire: Questionnaire, last: Mapping[tuple[str, str], Answered]) -> int:
    return sum(1 for then, now in _then_and_now(questionnaire, last) if then == 0 < now)


def _then_and_now(
    questionnaire: Questionnaire, last: Mapping[tuple[str, str], Answered]
) -> list[tuple[int, int]]:
    (question,) = questionnaire.measuring("highly-educated", "number")[:1] or (None,)
    pairs: list[tuple[int, int]] = []
    for (company, wave), one in last.items():
        other = last.get((company, "after"))
        if question is None or wave != "before" or other is None:
            continue
        then, now = one.answers.get(question.id), other.answers.get(question.id)
        if isinstance(then, int) and isinstance(now, int):
            pairs.append((then, now))
    return pairs
