"""Survey reports: which of the answered results are shown, one report after the other.

Who answered is no answer, so the response is always shown. Everything else about one question in
one group is shown together or not at all, since it depends on the same respondents: a sum on those
who gave a degree or a number, the count of an option on those who gave one or do not know, and the
numbers of those who answered or not on everyone who returned the questionnaire.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from kmtrack.rules.confidentiality import Coordinates, Statement, shown_together
from kmtrack.rules.earlier_confidentiality import hidden_groups, shown_alone
from kmtrack.rules.questionnaire import UNKNOWN
from kmtrack.rules.survey_results import (
    GroupReport,
    Growth,
    QuestionResult,
    growth_of,
    latest,
    pairs_of,
    questions_shown,
    result_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
    from datetime import date

    from kmtrack.rules.questionnaire import Question, Questionnaire
    from kmtrack.rules.survey_results import Answered

    GroupKey = tuple[str, str]  # a grouping, and a group in it
    _Reply = tuple[str, Hashable]  # the subject of a figure, and what a questionnaire says of it

WHOLE: Final = ("", "")  # the group of all respondents

_GROWTH: Final = ""  # what growth is called among the ids of questions

_Figures = TypeVar("_Figures", QuestionResult, Growth)


class SurveyData(NamedTuple):
    """The basis of a report: whom it `asks`, who was due to be asked, and what was answered.

    `groups` maps respondents to their group in each grouping, "" for those without one. `compared`
    has the positions, among the reports made together, of those that were shown before this one and
    known when it was made. The workbook shows choices and numbers only for all respondents together
    (`is_workbook`). With `is_older` it was made by the earlier rule.
    """

    day: date
    asks: str
    asked: frozenset[str]
    answered: Sequence[Answered]
    groups: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    compared: tuple[int, ...] = ()
    is_workbook: bool = False
    is_older: bool = False


def reports_on(
    questionnaire: Questionnaire, reports: Sequence[SurveyData]
) -> list[dict[GroupKey, GroupReport]]:
    """Return what each report shows by group, the first group being the `WHOLE`.

    A report shows no more than can be shown together with the reports that it is compared with, and
    with those that these were compared with. If that withholds a figure, the last one that was
    shown stays.
    """
    subjects = _Subjects(_names(reports), _replaced(reports), {})
    made: list[_Made] = []
    for data in reports:
        earlier = [made[place] for place in _shown_before(reports, data)]
        made.append(_make(questionnaire, data, subjects, sorted(earlier, key=lambda one: one.day)))
    return [one.groups for one in made]


def report_on(questionnaire: Questionnaire, data: SurveyData) -> dict[GroupKey, GroupReport]:
    """Return what a report shows by group if it is compared with no other."""
    (found,) = reports_on(questionnaire, [data])
    return found


def growth_on(questionnaire: Questionnaire, data: SurveyData) -> Growth:
    """Return the highly educated before and after in all companies together, as a report shows it."""
    subjects = _Subjects({}, {}, {})
    (candidate,) = _of_growth(questionnaire, _Questionnaires.of(data), [WHOLE], subjects)
    return _choose([candidate], [], subjects.of_question(_GROWTH)).figures(WHOLE) or Growth()


class _Candidate(NamedTuple, Generic[_Figures]):
    """The figures about one question in one group, the number of answers behind them, and what they reveal."""

    key: GroupKey
    figures: _Figures
    answers: int
    respondents: int
    statement: Statement


class _Shown(NamedTuple, Generic[_Figures]):
    """What a report shows about one question by group, and which of that is its `own`."""

    candidates: dict[GroupKey, _Candidate[_Figures]]
    own: list[Statement]

    def figures(self, key: GroupKey) -> _Figures | None:
        """Return the figures shown for a group."""
        found = self.candidates.get(key)
        return found and found.figures


class _Made(NamedTuple):
    """A finished report: by group, and by question for the reports after it."""

    day: date
    groups: dict[GroupKey, GroupReport]
    growth: _Shown[Growth]
    results: dict[str, _Shown[QuestionResult]]


class _Questionnaires(NamedTuple):
    """The last questionnaire of each respondent and wave, and those after the hires by group.

    `cells` has the latter by the combination of groups that their respondents are in.
    """

    last: Mapping[tuple[str, str], Answered]
    after: Mapping[GroupKey, Sequence[Answered]]
    cells: Mapping[tuple[GroupKey, ...], Sequence[Answered]]

    @classmethod
    def of(cls, data: SurveyData) -> _Questionnaires:
        """Sort the questionnaires that a report is based on."""
        last = latest(data.answered)
        after: dict[GroupKey, list[Answered]] = {}
        cells: dict[tuple[GroupKey, ...], list[Answered]] = {}
        for (respondent, wave), one in last.items():
            if wave == "after":
                keys = tuple(_keys_of(data, respondent))
                cells.setdefault(keys, []).append(one)
                for key in keys:
                    after.setdefault(key, []).append(one)
        return cls(last, after, cells)


class _Subjects(NamedTuple):
    """The subjects of the figures in all reports, by question, and the coordinates of each.

    `names` has the common name of a respondent among them, if that is not its key, and `replaced`
    the id of the questionnaire that another one replaced after it was withdrawn.
    """

    names: Mapping[str, str]
    replaced: Mapping[str, str]
    coordinates: dict[str, dict[str, Coordinates]]

    def of_question(self, question: str) -> dict[str, Coordinates]:
        """Return the coordinates of each subject of the figures about a question."""
        return self.coordinates.setdefault(question, {})

    def id_of(self, one: Answered) -> str:
        """Return the id of a questionnaire, or of the one that it replaced."""
        return self.replaced.get(one.id, one.id)

    def vectors(
        self,
        question: str,
        found: _Questionnaires,
        replies_in: Callable[[Answered], Iterator[_Reply]],
    ) -> dict[GroupKey, dict[str, int]]:
        """Return the vectors about a question by group and subject, from all replies."""
        coordinates = self.of_question(question)
        vectors: dict[GroupKey, dict[str, int]] = {}
        for keys, answered in found.cells.items():
            of_cell: dict[str, int] = {}
            for one in answered:
                name = self.names.get(one.respondent, one.respondent)
                for subject, answer in replies_in(one):
                    bit = coordinates.setdefault(subject, Coordinates()).vector_of(name, answer)
                    of_cell[subject] = of_cell.get(subject, 0) | bit
            for key in keys:
                of_group = vectors.setdefault(key, {})
                for subject, vector in of_cell.items():
                    of_group[subject] = of_group.get(subject, 0) | vector
        return vectors


def _make(
    questionnaire: Questionnaire,
    data: SurveyData,
    subjects: _Subjects,
    earlier: Sequence[_Made],
) -> _Made:
    """Make a report that can be shown together with the `earlier` ones."""
    found = _Questionnaires.of(data)
    everyone = {*data.asked, *(one.respondent for one in found.after.get(WHOLE, ()))}
    asked = Counter(key for respondent in everyone for key in _keys_of(data, respondent))
    order = ["", *data.groups]
    keys = sorted({WHOLE, *asked}, key=lambda key: (order.index(key[0]), key[1]))
    choose = _choose_by_earlier_rule if data.is_older else _choose
    growth = choose(
        list(_of_growth(questionnaire, found, keys, subjects)),
        [(one.day, one.growth) for one in earlier],
        subjects.of_question(_GROWTH),
    )
    questions = questions_shown(questionnaire, data.asks)
    results = {
        question.id: choose(
            list(
                _of_question(
                    question,
                    found,
                    keys if question.kind == "degree" or not data.is_workbook else [WHOLE],
                    subjects,
                )
            ),
            [(one.day, one.results[question.id]) for one in earlier if question.id in one.results],
            subjects.of_question(question.id),
        )
        for question in questions
    }
    groups = {
        key: GroupReport(
            asked[key],
            len(found.after.get(key, ())),
            tuple(
                results[question.id].figures(key) or QuestionResult(question, is_withheld=True)
                for question in questions
            ),
            growth.figures(key) or Growth(),
        )
        for key in keys
    }
    return _Made(data.day, groups, growth, results)


def _choose(
    candidates: Sequence[_Candidate[_Figures]],
    earlier: Sequence[tuple[date, _Shown[_Figures]]],
    coordinates: Mapping[str, Coordinates],
) -> _Shown[_Figures]:
    """Choose what is shown about one question: all respondents first, then the larger groups.

    Figures of `earlier` reports, by their days, stay if they cannot be shown anew.
    """
    stay: dict[GroupKey, _Candidate[_Figures]] = {}
    for day, shown in earlier:
        for key, one in shown.candidates.items():
            if not one.respondents:  # nothing was shown of it
                continue
            figures = one.figures if one.figures.day else one.figures._replace(day=day)
            stay[key] = one._replace(figures=figures)
    ordered = sorted(  # groups of one size stay in order
        candidates, key=lambda one: (one.key != WHOLE, -one.answers, -one.respondents)
    )
    alternatives = [[one, stay[one.key]] if one.key in stay else [one] for one in ordered]
    chosen = shown_together(
        coordinates,
        [[one.statement for one in each] for each in alternatives],
        [statement for _, shown in earlier for statement in shown.own],
    )
    found = [
        each[place] for each, place in zip(alternatives, chosen, strict=True) if place is not None
    ]
    own = [one.statement for one in found if one.figures.day is None]
    return _Shown({one.key: one for one in found}, own)


def _choose_by_earlier_rule(
    candidates: Sequence[_Candidate[_Figures]],
    earlier: Sequence[tuple[date, _Shown[_Figures]]],  # noqa: ARG001 - it compared nothing
    coordinates: Mapping[str, Coordinates],  # noqa: ARG001
) -> _Shown[_Figures]:
    """Return what was shown about one question before reports were compared with each other."""
    hidden: set[GroupKey] = set()
    for grouping in {key[0] for key, *_ in candidates} - {""}:
        inside = {one.key[1]: one for one in candidates if one.key[0] == grouping}
        whole = hidden_groups({group: one.respondents for group, one in inside.items()})
        gone = hidden_groups({group: one.answers for group, one in inside.items()}, whole)
        hidden |= {(grouping, group) for group in gone}
    shown = [
        one
        for one in candidates
        if one.key not in hidden and shown_alone(one.respondents, one.answers)
    ]
    return _Shown({one.key: one for one in shown}, [one.statement for one in shown])


def _of_question(
    question: Question, found: _Questionnaires, keys: Sequence[GroupKey], subjects: _Subjects
) -> Iterator[_Candidate[QuestionResult]]:
    """Yield the results of a question in each group."""
    is_degree = question.kind == "degree"

    def replies_in(one: Answered) -> Iterator[_Reply]:
        answer, id_ = one.answers.get(question.id), subjects.id_of(one)
        yield "reply", (id_, answer is not None)
        if answer is not None:
            yield "count", (id_, answer)
            if not (is_degree and answer == UNKNOWN):
                yield "sum", (id_, answer)

    vectors = subjects.vectors(question.id, found, replies_in)
    for key in keys:
        given = [one.answers.get(question.id) for one in found.after.get(key, ())]
        result = result_of(question, given)
        yield _Candidate(key, result, result.answers, len(given), Statement(vectors.get(key, {})))


def _of_growth(
    questionnaire: Questionnaire,
    found: _Questionnaires,
    keys: Sequence[GroupKey],
    subjects: _Subjects,
) -> Iterator[_Candidate[Growth]]:
    """Yield the growth in each group."""
    pairs = pairs_of(questionnaire, found.last)

    def replies_in(one: Answered) -> Iterator[_Reply]:
        pair = pairs.get(one.respondent)
        yield "reply", (subjects.id_of(one), pair is not None)
        if pair is not None:
            had = (subjects.id_of(pair.before), pair.had)
            has = (subjects.id_of(pair.after), pair.has)
            yield "before", had
            yield "after", has
            yield "first", (had, has)

    vectors = subjects.vectors(_GROWTH, found, replies_in)
    for key in keys:
        after = found.after.get(key, ())
        stated = [pairs[one.respondent] for one in after if one.respondent in pairs]
        statement = Statement(vectors.get(key, {}))
        yield _Candidate(key, growth_of(stated), len(stated), len(after), statement)


def _keys_of(data: SurveyData, respondent: str) -> Iterator[GroupKey]:
    """Yield the groups that a respondent is in."""
    yield WHOLE
    for grouping, groups in data.groups.items():
        yield grouping, groups.get(respondent, "")


def _shown_before(reports: Sequence[SurveyData], data: SurveyData) -> list[int]:
    """Return the positions of the reports that a report is compared with, directly or not, in order."""
    found: set[int] = set()
    ahead = list(data.compared)
    while ahead:
        place = ahead.pop()
        if place not in found:
            found.add(place)
            ahead.extend(reports[place].compared)
    return sorted(found)


def _names(reports: Sequence[SurveyData]) -> dict[str, str]:
    """Return one name for the different keys that a respondent has in different reports.

    Companies that were joined or separated in between are recognised by the ids of their
    questionnaires.
    """
    names: dict[str, str] = {}

    def name(key: str) -> str:
        while (other := names.get(key, key)) != key:
            key = other
        return key

    by_id: dict[str, str] = {}
    for data in reports:
        for one in data.answered:
            if one.id:
                mine, its = name(one.respondent), name(by_id.setdefault(one.id, one.respondent))
                names[max(mine, its)] = min(mine, its)
    return {key: name(key) for key in names}


def _replaced(reports: Sequence[SurveyData]) -> dict[str, str]:
    """Return the ids of replaced questionnaires, by the ids of those that replaced them.

    So an answer that is given again, after a withdrawal or not, is the same answer as before. No
    report is based on both.
    """
    made_from = [[*latest(data.answered).items()] for data in reports]
    ids: dict[tuple[str, str], dict[str, None]] = {}
    for whose, one in chain.from_iterable(made_from):
        ids.setdefault(whose, {})[one.id] = None
    several = [found for found in ids.values() if len(found) > 1]
    together = [{one.id for _, one in found} for found in made_from] if several else []
    replaced: dict[str, str] = {}
    for found in several:
        firsts: dict[str, set[str]] = {}  # with what took their places
        for id_ in found:
            for first, others in firsts.items():
                if not any(id_ in used and used & {first, *others} for used in together):
                    replaced[id_] = first
                    others.add(id_)
                    break
            else:
                firsts[id_] = set()
    return replaced
