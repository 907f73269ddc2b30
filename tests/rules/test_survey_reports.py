"""Reports on answers, one after the other, attacked by whoever has all of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from attacker import known_of
from builders import questionnaire
from hypothesis_profiles import examples
from kmtrack.rules.growth import Rise
from kmtrack.rules.survey_reports import WHOLE, SurveyData, report_on, reports_on
from kmtrack.rules.survey_results import Answered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from attacker import Figure
    from kmtrack.rules.survey_results import GroupReport, QuestionResult

    Key = tuple[str, str]

SHIPPED = questionnaire()
DAYS = [date(2011, 3, 1), date(2011, 9, 1), date(2012, 3, 1)]
EVERYONE = "abcdefghij"
PLACES = {name: "VVVSSSSHHH"[number] for number, name in enumerate(EVERYONE)}
LEVELS = {name: "mmmmpppmpp"[number] for number, name in enumerate(EVERYONE)}
GROUPS = {"municipality": PLACES, "level": LEVELS}

Answers = dict[str, dict[str, dict[str, Any]]]  # by respondent and wave


def data(answers: Answers, day: date = DAYS[0], *compared: int, **others: Any) -> SurveyData:
    answered = [
        Answered(respondent, wave, given_, f"{respondent}-{wave}")
        for respondent, waves in answers.items()
        for wave, given_ in waves.items()
    ]
    return SurveyData(
        day, "company", frozenset(answers), answered, others.get("groups", GROUPS), compared
    )


def company(number: int) -> dict[str, dict[str, Any]]:
    return {
        "before": {"highly-educated": number},
        "after": {"highly-educated": 2 * number + 11, "product": number % 5, "process": 1},
    }


def degree(report: GroupReport, question: str = "product") -> QuestionResult:
    return next(one for one in report.results if one.question.id == question)


def companies(names: str) -> Answers:
    return {name: company(number) for number, name in enumerate(names)}


def test_level_less_municipality_is_no_company() -> None:
    """Case 07: of seven companies three are in Viborg with a master, and four have a master."""
    groups = {
        "municipality": dict(zip("abcdefg", "VVVSSSS", strict=True)),
        "level": dict(zip("abcdefg", "mmmmppp", strict=True)),
    }
    found = report_on(SHIPPED, data(companies("abcdefg"), groups=groups))
    shown = {key for key, report in found.items() if not report.is_withheld}
    assert shown == {WHOLE, ("municipality", "S"), ("municipality", "V")}
    assert found["level", "m"].growth.rise is None
    assert degree(found["level", "m"]).is_withheld
    assert (found["level", "m"].asked, found["level", "m"].answered) == (4, 4)


def test_who_answered_is_always_shown() -> None:
    found = report_on(SHIPPED, data({"a": company(1)}))
    assert found[WHOLE].is_withheld
    assert (found["municipality", "V"].asked, found["municipality", "V"].answered) == (1, 1)


def test_who_did_not_answer_a_question_is_not_told_by_the_others() -> None:
    answers = companies("abcd")
    del answers["d"]["after"]["product"]
    groups = {"level": dict(zip("abcd", "mmmp", strict=True))}
    found = report_on(SHIPPED, data(answers, groups=groups))
    assert degree(found[WHOLE]).unanswered == 1
    assert degree(found["level", "m"]).is_withheld  # its three, and nobody else, answered


def test_who_does_not_know_is_not_told_by_the_others() -> None:
    answers = companies("abcdefg")
    for name in "bcd":
        del answers[name]["after"]["product"]
    answers["a"]["after"]["product"] = "unknown"
    groups = {"level": dict(zip("abcdefg", "ppppmmm", strict=True))}
    found = report_on(SHIPPED, data(answers, groups=groups))
    assert degree(found[WHOLE]).unknown == 1
    assert degree(found["level", "p"]).is_withheld
    assert degree(found["level", "m"]).is_withheld


def test_nothing_and_all_are_shown_over_three() -> None:
    answers = {name: {"after": {"product": 4}} for name in "abc"}
    found = report_on(SHIPPED, data(answers))
    assert degree(found[WHOLE]).counts == {0: 0, 1: 0, 2: 0, 3: 0, 4: 3}
    assert found[WHOLE].growth.rise == Rise()
    assert degree(found["municipality", "V"]).answers == 3


def test_a_report_with_too_few_new_answers_keeps_the_earlier_figures() -> None:
    first, second = reports_on(
        SHIPPED, [data(companies("abcdefg")), data(companies("abcdefgh"), DAYS[1], 0)]
    )
    assert second[WHOLE].answered == 8
    assert second[WHOLE].growth == first[WHOLE].growth._replace(day=DAYS[0])
    assert degree(second[WHOLE]) == degree(first[WHOLE])._replace(day=DAYS[0])
    assert degree(second["municipality", "V"]).day is None  # nothing is new there


def test_nothing_stays_of_a_report_before_anybody_answered() -> None:
    """What rests on no answer was shown as that, and is no figure of those who answered since."""
    _, second = reports_on(SHIPPED, [data({}), data(companies("ab"), DAYS[1], 0)])
    assert second[WHOLE].answered == 2
    assert second[WHOLE].is_withheld


def test_a_report_with_three_new_answers_has_its_own() -> None:
    _, second = reports_on(
        SHIPPED, [data(companies("abcdefg")), data(companies(EVERYONE), DAYS[1], 0)]
    )
    assert second[WHOLE].growth.day is None
    assert degree(second[WHOLE]).answers == 10


def test_reports_that_are_not_compared_show_their_own() -> None:
    _, second = reports_on(
        SHIPPED, [data(companies("abcdefg")), data(companies("abcdefgh"), DAYS[1])]
    )
    assert degree(second[WHOLE]).answers == 8


def test_what_an_earlier_report_was_compared_with_counts_too() -> None:
    """The third names only the second, in which the first one's figures stayed."""
    changing = [companies("abcdefg"), companies("abcdefgh"), companies("abcdefghi")]
    *_, third = reports_on(
        SHIPPED,
        [data(changing[0]), data(changing[1], DAYS[1], 0), data(changing[2], DAYS[2], 1)],
    )
    assert degree(third[WHOLE]).day == DAYS[0]
    assert degree(third[WHOLE]).answers == 7


def test_a_changed_answer_is_not_told_by_the_earlier_report() -> None:
    changed = companies("abcdefg")
    changed["a"]["after"]["product"] = 4
    _, second = reports_on(SHIPPED, [data(companies("abcdefg")), data(changed, DAYS[1], 0)])
    assert degree(second[WHOLE]).day == DAYS[0]
    assert degree(second[WHOLE], "process").day is None  # answered as before


def test_a_withdrawn_answer_is_not_told_by_the_earlier_report() -> None:
    _, second = reports_on(
        SHIPPED, [data(companies("abcdefg")), data(companies("abcdef"), DAYS[1], 0)]
    )
    assert second[WHOLE].answered == 6
    assert degree(second[WHOLE]).answers == 7


def test_an_answer_that_was_withdrawn_and_given_again_is_the_same_answer() -> None:
    """Two more companies answered: with those before they are known from the difference."""
    later = data(companies("abcdefghi"), DAYS[1], 0)
    given_again = [
        one._replace(id="again") if (one.respondent, one.wave) == ("a", "after") else one
        for one in later.answered
    ]
    _, second = reports_on(
        SHIPPED, [data(companies("abcdefg")), later._replace(answered=given_again)]
    )
    assert degree(second[WHOLE]).day == DAYS[0]
    assert second[WHOLE].growth.day == DAYS[0]


def test_an_answer_that_was_given_twice_is_the_same_answer() -> None:
    """The same company answers a second time as before, and two more for the first time."""
    later = data(companies("abcdefghi"), DAYS[1], 0)
    [again] = [one for one in later.answered if (one.respondent, one.wave) == ("a", "after")]
    answered = [*later.answered, again._replace(id="again")]
    earlier, second = reports_on(
        SHIPPED, [data(companies("abcdefg")), later._replace(answered=answered)]
    )
    assert degree(earlier[WHOLE]).day is None
    assert degree(second[WHOLE]).day == DAYS[0]
    assert second[WHOLE].growth.day == DAYS[0]


def test_questionnaires_that_count_together_are_told_apart() -> None:
    """Two records of one company answered; one of these counts no more once they were joined."""
    apart = data(companies("abcdefg"))
    joined = [
        one._replace(respondent="a") if one.respondent == "b" else one
        for one in data(companies("abcdefgh"), DAYS[1], 0).answered
    ]
    _, second = reports_on(
        SHIPPED, [apart, data(companies(""), DAYS[1], 0)._replace(answered=joined)]
    )
    assert degree(second[WHOLE]).day == DAYS[0]


def test_a_company_that_was_joined_meanwhile_is_the_same_respondent() -> None:
    """Its questionnaires are those of another id now; two more companies answered."""
    earlier = data(companies("abcdefg"))
    later = data(companies("abcdefghi"), DAYS[1], 0)
    renamed = [
        one._replace(respondent="x") if one.respondent == "a" else one for one in later.answered
    ]
    _, second = reports_on(SHIPPED, [earlier, later._replace(answered=renamed)])
    assert degree(second[WHOLE]).day == DAYS[0]


_DEGREE = st.sampled_from([0, 2, 4, "unknown"])
_WAVES = st.fixed_dictionaries(
    {},
    optional={
        "before": st.fixed_dictionaries({}, optional={"highly-educated": st.integers(0, 2)}),
        "after": st.fixed_dictionaries(
            {},
            optional={
                "highly-educated": st.integers(0, 3),
                "product": _DEGREE,
                "students": st.integers(0, 2),
                "additionality": st.sampled_from(["no", "unknown"]),
            },
        ),
    },
)
_ANSWERED = st.dictionaries(st.sampled_from(EVERYONE), _WAVES, min_size=4)
_GROUPS = st.fixed_dictionaries(
    {
        grouping: st.lists(st.sampled_from(names), min_size=10, max_size=10).map(
            lambda found: dict(zip(EVERYONE, found, strict=True))
        )
        for grouping, names in (("municipality", "VSH"), ("level", "mp"))
    }
)
QUESTIONS = ("", "product", "students", "additionality")


def members(group: Key, answers: Answers, groups: Mapping[str, Mapping[str, str]]) -> list[str]:
    grouping, name = group
    return [
        one
        for one, waves in answers.items()
        if "after" in waves and (not grouping or groups[grouping][one] == name)
    ]


def tells(answers: Answers, respondent: str, question: str) -> Iterator[tuple[str, Any]]:
    """Yield what the figures about a question tell of a respondent; "" is for growth."""
    after = answers[respondent]["after"]
    if question:
        answer = after.get(question)
        values = {"count": answer, "sum": None if answer == "unknown" else answer}
        if question == "additionality":
            values["sum"] = answer
    else:
        had = answers[respondent].get("before", {}).get("highly-educated")
        has = after.get("highly-educated")
        is_pair = had is not None and has is not None
        values = {"had": had, "has": has, "first": (had, has)} if is_pair else {}
    known = {thing: value for thing, value in values.items() if value is not None}
    yield from known.items()
    yield "reply", bool(known)


def vectors(
    key: Key, question: str, answers: Answers, groups: Mapping[str, Mapping[str, str]]
) -> dict[str, Figure]:
    """Return a figure about a question in a group as the attacker sees it, by what it tells."""
    things = ("had", "has", "first", "reply") if not question else ("count", "sum", "reply")
    found: dict[str, set[tuple[str, Any]]] = {thing: set() for thing in things}
    for one in members(key, answers, groups):
        for thing, value in tells(answers, one, question):
            found[thing].add((one, value))
    return {thing: frozenset(figure) for thing, figure in found.items()}


def shown(report: GroupReport, question: str) -> tuple[bool, date | None]:
    """Return whether a report shows a question, and the day of the figures."""
    if not question:
        return report.growth.rise is not None, report.growth.day
    found = degree(report, question)
    return not found.is_withheld, found.day


class Made(NamedTuple):
    """A report that was made of answers."""

    data: SurveyData
    answers: Answers
    groups: dict[Key, GroupReport]


def made(*states: tuple[SurveyData, Answers]) -> list[Made]:
    reports = reports_on(SHIPPED, [found for found, _ in states])
    return [Made(*state, report) for state, report in zip(states, reports, strict=True)]


def figures_of(report: Made, question: str) -> Iterator[tuple[Key, date | None, dict[str, Figure]]]:
    """Yield the figures about a question that a report shows of its own (no day), or could show."""
    for key, group in report.groups.items():
        is_shown, day = shown(group, question)
        told = vectors(key, question, report.answers, report.data.groups)
        yield key, None if is_shown and day is None else day or date.min, told


def attack(reports: Sequence[Made], compared: Sequence[int]) -> None:
    """Attack the last report together with those that it was compared with, and by itself."""
    *_, last = reports
    by_day = {report.data.day: report for report in reports}
    for question in QUESTIONS:
        earlier, own = Counted(), Counted()
        for place in compared:
            for _, day, told in figures_of(reports[place], question):
                earlier.add(told if day is None else {})
        rejected = []
        for key, day, told in figures_of(last, question):
            if day is None:
                own.add(told)
                continue
            rejected.append(told)
            if day in by_day:
                then = by_day[day]
                own.add(vectors(key, question, then.answers, then.data.groups))
        assert not own.known()
        assert earlier.with_(own).known() == earlier.known()
        for told in rejected:
            with_it = own.with_(told)
            assert with_it.known() or earlier.with_(with_it).known() != earlier.known()


class Counted(dict[str, list["Figure"]]):
    """Figures by what they tell."""

    def add(self, told: Mapping[str, Figure]) -> None:
        for thing, figure in told.items():
            self.setdefault(thing, []).append(figure)

    def with_(self, others: Mapping[str, Any]) -> Counted:
        found = Counted({thing: list(figures) for thing, figures in self.items()})
        for thing, other in others.items():
            found.setdefault(thing, []).extend(other if isinstance(other, list) else [other])
        return found

    def known(self) -> dict[tuple[str, int], int]:
        """Return what follows about each one or two respondents, where anything does."""
        return {
            (thing, place): number
            for thing, figures in self.items()
            for place, number in enumerate(known_of(figures, EVERYONE))
            if number
        }


@given(_ANSWERED, _GROUPS)
@examples(40)
def test_a_report_reveals_nothing_of_one_or_two_and_shows_all_else(
    answers: Answers, groups: dict[str, dict[str, str]]
) -> None:
    attack(made((data(answers, groups=groups), answers)), [])


_CHANGES = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(EVERYONE), _WAVES), st.none() | _GROUPS), max_size=2
)


@given(
    _ANSWERED, _GROUPS, _CHANGES, st.sets(st.sampled_from([(1, 0), (2, 0), (2, 1)])), st.booleans()
)
@examples(60)
def test_reports_together_reveal_no_more_of_one_or_two_and_show_all_else(
    answers: Answers,
    groups: dict[str, dict[str, str]],
    changes: list[tuple[Answers, dict[str, dict[str, str]] | None]],
    compared: set[tuple[int, int]],
    is_older: bool,
) -> None:
    """The first may be of the earlier rule, and some are compared with some, as they were sent."""
    states = [(data(answers, groups=groups)._replace(is_older=is_older), answers)]
    for place, (change, moved) in enumerate(changes, 1):
        answers, groups = answers | change, moved or groups
        earlier = [its for mine, its in sorted(compared) if mine == place]
        states.append((data(answers, DAYS[place], *earlier, groups=groups), answers))
    reports = made(*states)
    known = {its for mine, its in compared if mine == len(changes)}
    known |= {0} if 1 in known and (1, 0) in compared else set()
    if changes or not is_older:
        attack(reports, sorted(known))


@given(_ANSWERED, st.dictionaries(st.sampled_from(EVERYONE), _WAVES), _GROUPS)
@examples(30)
def test_a_figure_that_stays_is_the_one_that_was_shown(
    answers: Answers, change: Answers, groups: dict[str, dict[str, str]]
) -> None:
    now = answers | change
    first, second = made(
        (data(answers, groups=groups), answers), (data(now, DAYS[1], 0, groups=groups), now)
    )
    for key, group in second.groups.items():
        for one in group.results:
            if one.day:
                earlier = degree(first.groups[key], one.question.id)
                assert not earlier.is_withheld
                assert earlier._replace(day=DAYS[0]) == one
