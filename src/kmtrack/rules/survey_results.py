"""What the questionnaires say: response, outcome by degree, and the highly educated then and now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from kmtrack.rules.answer_counts import Chosen, Degrees, Total, Withheld, chosen, degrees, total
from kmtrack.rules.answers import first, latest, rise
from kmtrack.rules.confidentiality import is_traceable, withheld

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from kmtrack.rules.answers import Answered
    from kmtrack.rules.growth import Rise
    from kmtrack.rules.questionnaire import Questionnaire


class GroupReport(NamedTuple):
    """What those who were asked have answered.

    `asked` are those to be asked after, `answered` those of them that did. `first`
    counts the companies without highly educated before that have some after; it is None, as is
    `rise`, where that is withheld.
    """

    asked: int
    answered: int
    degrees: tuple[Degrees | Withheld, ...]
    chosen: tuple[Chosen | Withheld, ...]
    totals: tuple[Total | Withheld, ...]
    rise: Rise | None
    first: int | None


class Asked(NamedTuple):
    """Somebody to be asked in a wave from the day `due` on, and when they answered, if they did."""

    asks: str
    key: str
    name: str
    cvr: str | None
    due: date
    answered: date | None


class SurveyReport(NamedTuple):
    """What the companies answered, whole and by group (None where a group is withheld).

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
    """The report on those `asked`; answers of others count in the outcome all the same.

    A figure over one or two answers is withheld.
    """
    counts = _counts(questionnaire, asked, answered, asks)
    return _report(counts, {name for name, size in counts.sizes().items() if is_traceable(size)})


def by_group(
    questionnaire: Questionnaire,
    asked: Mapping[str, str],
    groups: Mapping[str, str],
    answered: Sequence[Answered],
) -> dict[str, GroupReport | None]:
    """For each group its report, or None where it is withheld.

    `asked` and `groups` give the group of each company asked and of each that answered. A group of
    one or two answers is withheld, and so is each figure over one or two; with them go the next
    smallest until the total does not give them away.
    """
    every = sorted({*asked.values(), *groups.values()})
    counts = {
        group: _counts(
            questionnaire,
            [company for company, of in asked.items() if of == group],
            [one for one in answered if groups[one.respondent] == group],
            "company",
        )
        for group in every
    }
    whole = withheld({group: counts[group].answered for group in every})
    sizes = {group: counts[group].sizes() for group in every}
    hidden: dict[str, set[str]] = {group: set() for group in every}
    for name in next(iter(sizes.values()), {}):
        for group in withheld({group: sizes[group][name] for group in every}, whole):
            hidden[group].add(name)
    return {
        group: None if group in whole else _report(counts[group], hidden[group]) for group in every
    }


class _Counts(NamedTuple):
    """Everything that a report may show, before anything is withheld."""

    asked: int
    answered: int
    degrees: tuple[Degrees, ...]
    chosen: tuple[Chosen, ...]
    totals: tuple[Total, ...]
    rise: Rise
    first: int

    def sizes(self) -> dict[str, int]:
        """For each figure, by its question or `rise`, how many answers are behind it."""
        questions: list[Degrees | Chosen | Total] = [*self.degrees, *self.chosen, *self.totals]
        return {**{one.question.id: one.answers for one in questions}, _RISE: self.rise.companies}


_RISE = ""  # no question's id
# What is compared between the waves is shown as the rise, and not added up.
_THEN_AND_NOW: Final = frozenset({"employees", "highly-educated"})
Counted = TypeVar("Counted", Degrees, Chosen, Total)


def _counts(
    questionnaire: Questionnaire, asked: Iterable[str], answered: Sequence[Answered], asks: str
) -> _Counts:
    last = latest(answered)
    after = [one for (_, wave), one in last.items() if wave == "after"]
    everybody = set(asked) | {one.respondent for one in after}
    questions = questionnaire.asked(asks, "after")
    return _Counts(
        len(everybody),
        len(after),
        tuple(degrees(q, after) for q in questions if q.kind == "degree"),
        tuple(chosen(q, after) for q in questions if q.kind in {"choice", "yes-no"}),
        tuple(
            total(q, after)
            for q in questions
            if q.kind == "number" and q.measures not in _THEN_AND_NOW
        ),
        rise(questionnaire, answered),
        first(questionnaire, last),
    )


def _report(counts: _Counts, hidden: set[str]) -> GroupReport:
    no_rise = _RISE in hidden
    return GroupReport(
        counts.asked,
        counts.answered,
        _shown(counts.degrees, hidden),
        _shown(counts.chosen, hidden),
        _shown(counts.totals, hidden),
        None if no_rise else counts.rise,
        None if no_rise else counts.first,
    )


def _shown(found: tuple[Counted, ...], hidden: set[str]) -> tuple[Counted | Withheld, ...]:
    return tuple(Withheld(one.question) if one.question.id in hidden else one for one in found)
