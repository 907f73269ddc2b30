"""What respondents answered: the answers that stand, and the highly educated then and now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kmtrack.rules.growth import Rise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.rules.questionnaire import Answer, Questionnaire


class Answered(NamedTuple):
    """One filled questionnaire of a respondent; of several in one wave the last one stands."""

    respondent: str
    wave: str
    answers: Mapping[str, Answer]


def latest(answered: Iterable[Answered]) -> dict[tuple[str, str], Answered]:
    """The answers that stand: for each company and wave the last in order."""
    return {(one.respondent, one.wave): one for one in answered}


def rise(questionnaire: Questionnaire, answered: Iterable[Answered]) -> Rise:
    """The highly educated before and after, over the companies that stated both."""
    pairs = _then_and_now(questionnaire, latest(answered))
    return Rise(len(pairs), sum(then for then, _ in pairs), sum(now for _, now in pairs))


def first(questionnaire: Questionnaire, last: Mapping[tuple[str, str], Answered]) -> int:
    """For how many companies those after were the first: they had none before."""
    return sum(1 for then, now in _then_and_now(questionnaire, last) if then == 0 < now)


def _then_and_now(
    questionnaire: Questionnaire, last: Mapping[tuple[str, str], Answered]
) -> list[tuple[int, int]]:
    (question,) = questionnaire.measuring("highly-educated", "number")[:1] or (None,)
    pairs: list[tuple[int, int]] = []
    for (respondent, wave), one in last.items():
        other = last.get((respondent, "after"))
        if question is None or wave != "before" or other is None:
            continue
        then, now = one.answers.get(question.id), other.answers.get(question.id)
        if isinstance(then, int) and isinstance(now, int):
            pairs.append((then, now))
    return pairs
