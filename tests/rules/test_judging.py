"""Judging: the worked cases of the design, the order of contacts, and what a target selects."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from builders import (
    COLLABORATIONS,
    COPENHAGEN,
    HIRES,
    LATER,
    NEW,
    SMALL,
    VIBORG,
    collaboration,
    company,
    contacts,
    contract,
    day,
    hire,
    recorded,
    tallies,
    tally_of,
)
from kmtrack.rules.contact_history import EarlierContact, first_contact_before, first_contact_day
from kmtrack.rules.contract import Selection, Target
from kmtrack.rules.document import Wording
from kmtrack.rules.dossier import Company, CompanyVersion, Contact, Dossier, Hire
from kmtrack.rules.judgement import Judge, judge, outcome_of
from kmtrack.rules.tallies import Tally

if TYPE_CHECKING:
    from kmtrack.rules.judgement import Verdict

COUNTED, WAITING, EXCLUDED = Tally(1, 0, 0), Tally(0, 1, 0), Tally(0, 0, 1)
NONE = Tally()

# The second table of DESIGN section 3, its edges, and what it leaves to be read out of the rules:
# a company, its contacts, and their tallies for new contacts and for follow-ups.
WORKED = {
    "twice": (company(), contacts("2011-03-02 visit X", "2011-05-01 visit Y"), COUNTED, COUNTED),
    "twice on one day": (
        company(),
        contacts("2011-03-02 visit X", "2011-03-02 visit Y"),
        COUNTED,
        EXCLUDED,
    ),
    "three times on one day": (
        company(),
        contacts("2011-03-02", "2011-03-02", "2011-03-02"),
        COUNTED,
        Tally(0, 0, 2),
    ),
    "visited before, on a day": (
        company(before="2009-10-01"),
        contacts("2011-02-01"),
        NONE,
        COUNTED,
    ),
    "visited before, nobody knows when": (
        company(before="0001-01-01"),
        contacts("2011-02-01"),
        NONE,
        COUNTED,
    ),
    "visited before, on the very day": (
        company(before="2011-02-01"),
        contacts("2011-02-01"),
        NONE,
        EXCLUDED,
    ),
    "visited before, between two contacts": (
        company(before="2011-03-01"),
        contacts("2011-02-01", "2011-04-01"),
        COUNTED,
        COUNTED,
    ),
    "visited before, after the only contact": (
        company(before="2011-03-01"),
        contacts("2011-02-01"),
        COUNTED,
        NONE,
    ),
    "before the period and on its first day": (
        company(),
        contacts("2010-12-31", "2011-01-01"),
        EXCLUDED,
        COUNTED,
    ),
    "on the last day and after the period": (
        company(),
        contacts("2012-12-31", "2013-01-01"),
        COUNTED,
        EXCLUDED,
    ),
    "only after the period": (company(), contacts("2013-01-01"), EXCLUDED, NONE),
    "e-mailed, then visited": (
        company(),
        contacts("2011-02-01 email", "2011-03-01"),
        Tally(1, 0, 1),
        NONE,
    ),
    "visited, then e-mailed": (
        company(),
        contacts("2011-02-01", "2011-03-01 email"),
        COUNTED,
        EXCLUDED,
    ),
    "e-mailed twice": (
        company(),
        contacts("2011-02-01 email", "2011-03-01 letter"),
        Tally(0, 0, 2),
        NONE,
    ),
    "only an e-mail, then nothing": (company(), contacts("2011-02-01 email"), EXCLUDED, NONE),
    "headcount unknown": (
        company(version=CompanyVersion(VIBORG)),
        contacts("2011-02-01"),
        WAITING,
        NONE,
    ),
    "headcount unknown, visited twice": (
        company(version=CompanyVersion(VIBORG)),
        contacts("2011-02-01", "2011-03-01"),
        WAITING,
        COUNTED,
    ),
    "moved away": (
        company(("2011-06-01", CompanyVersion(COPENHAGEN, "40"))),
        contacts("2011-02-01", "2011-09-01"),
        COUNTED,
        COUNTED,
    ),
    "moved here after the first visit": (
        company(
            ("2011-06-01", CompanyVersion(VIBORG, "40")), version=CompanyVersion(COPENHAGEN, "40")
        ),
        contacts("2011-02-01", "2011-09-01"),
        EXCLUDED,
        COUNTED,
    ),
    "first contact withdrawn, second kept": (company(), contacts("2011-05-01"), COUNTED, NONE),
    "no CVR number": (company(cvr=None), contacts("2011-02-01"), WAITING, NONE),
    "no CVR number, visited twice": (
        company(cvr=None),
        contacts("2011-02-01", "2011-03-01"),
        WAITING,
        WAITING,
    ),
    "no CVR number, and elsewhere": (
        company(cvr=None, version=CompanyVersion(COPENHAGEN, "40")),
        contacts("2011-02-01"),
        EXCLUDED,
        NONE,
    ),
    "a large company": (
        company(version=CompanyVersion(VIBORG, "250")),
        contacts("2011-02-01", "2011-03-01"),
        EXCLUDED,
        COUNTED,
    ),
    "never met": (company(), (), NONE, NONE),
}


@pytest.mark.parametrize("case", WORKED.values(), ids=WORKED)
def test_what_a_history_counts_for(
    case: tuple[Company, tuple[Contact, ...], Tally, Tally],
) -> None:
    whose, met, new, later = case
    dossier = Dossier(whose, met)
    assert (tally_of(dossier, NEW), tally_of(dossier, LATER)) == (new, later)


@pytest.mark.parametrize("case", WORKED.values(), ids=WORKED)
def test_it_counts_the_same_whichever_was_typed_first(
    case: tuple[Company, tuple[Contact, ...], Tally, Tally],
) -> None:
    whose, met, new, later = case
    for order in permutations(range(len(met))):
        typed = tuple(
            contact._replace(recorded_at=recorded(n)) for n, contact in zip(order, met, strict=True)
        )
        dossier = Dossier(whose, typed)
        assert (tally_of(dossier, NEW), tally_of(dossier, LATER)) == (new, later)


def the_one_for(target: str, dossier: Dossier) -> Verdict:
    (verdict,) = [v for v in judge(dossier, contract()) if v.target == target]
    return verdict


EARLIER_BY = {
    "date, whatever was typed first": (
        Contact("k1", recorded(1), day("2011-05-01"), "visit"),
        Contact("k2", recorded(2), day("2011-03-02"), "visit"),
        "k2",
    ),
    "date, whatever the ids": (
        Contact("k2", recorded(1), day("2011-03-02"), "visit"),
        Contact("k1", recorded(1), day("2011-05-01"), "visit"),
        "k2",
    ),
    "the time it was recorded, on one day": (
        Contact("k1", recorded(2), day("2011-03-02"), "visit"),
        Contact("k2", recorded(1), day("2011-03-02"), "visit"),
        "k2",
    ),
    "id, where both were recorded at once": (
        Contact("k2", recorded(1), day("2011-03-02"), "visit"),
        Contact("k1", recorded(1), day("2011-03-02"), "visit"),
        "k1",
    ),
}


@pytest.mark.parametrize("case", EARLIER_BY.values(), ids=EARLIER_BY)
@pytest.mark.parametrize("turned", [False, True], ids=["as listed", "turned round"])
def test_which_of_two_contacts_is_the_earlier(
    case: tuple[Contact, Contact, str], turned: bool
) -> None:
    *both, first = case
    met = tuple(reversed(both)) if turned else tuple(both)
    assert the_one_for(NEW, Dossier(company(), met)).record_id == first


def test_an_email_typed_before_the_visit_of_that_day_does_not_make_it_a_follow_up() -> None:
    verdicts = judge(Dossier(company(), contacts("2011-03-02 email", "2011-03-02")), contract())
    assert [(v.record_id, v.target, v.outcome) for v in verdicts] == [
        ("k1", NEW, "excluded"),
        ("k2", NEW, "counted"),
    ]


def test_a_second_contact_of_a_day_names_the_first() -> None:
    verdict = the_one_for(LATER, Dossier(company(), contacts("2011-03-02", "2011-03-02")))
    assert [answer for _, answer in verdict.reasons] == [
        ("no", "same_day", (day("2011-03-02"), "k1"))
    ]


def test_a_third_contact_of_a_day_names_the_first_too() -> None:
    met = contacts("2011-03-02", "2011-03-02", "2011-03-02")
    last = judge(Dossier(company(), met), contract())[-1]
    assert last.reasons[0][1].looked_at == (day("2011-03-02"), "k1")


def test_a_follow_up_asks_neither_for_the_size_nor_for_the_municipality() -> None:
    nowhere = company(before="2009-10-01", version=CompanyVersion(None, None))
    assert tally_of(Dossier(nowhere, contacts("2011-02-01")), LATER) == COUNTED


def test_a_contact_of_several_brokers_counts_once_and_names_them_all() -> None:
    verdicts = judge(Dossier(company(), contacts("2011-03-02 visit JH MK AB")), contract())
    assert [(v.outcome, v.brokers) for v in verdicts] == [("counted", "JH MK AB")]


def test_two_companies_without_a_number_wait_each_for_its_own() -> None:
    one = company(cvr=None)
    other = one._replace(id="c2")
    both = [
        tally_of(Dossier(each, contacts("2011-02-01")), target)
        for each in (one, other)
        for target in (NEW, LATER)
    ]
    assert both == [WAITING, NONE, WAITING, NONE]


def test_the_verdict_keeps_the_municipality_of_the_day() -> None:
    moving = company(("2011-06-01", CompanyVersion(COPENHAGEN, "40")))
    verdicts = judge(Dossier(moving, contacts("2011-05-31", "2011-06-01")), contract())
    assert [verdict.municipality for verdict in verdicts] == [VIBORG, COPENHAGEN]


AGREED_ON = [
    pytest.param("2010-12-31", EXCLUDED, id="the day before the period"),
    pytest.param("2011-01-01", COUNTED, id="the first day"),
    pytest.param("2012-12-31", COUNTED, id="the last day"),
    pytest.param("2013-01-01", EXCLUDED, id="the day after the period"),
    pytest.param(None, WAITING, id="not agreed"),
]


@pytest.mark.parametrize(("agreed", "tally"), AGREED_ON)
def test_a_collaboration_counts_on_the_day_agreed(agreed: str | None, tally: Tally) -> None:
    dossier = Dossier(company(before="2009-10-01"), (), (collaboration(agreed),))
    assert tally_of(dossier, COLLABORATIONS) == tally


@pytest.mark.parametrize(("agreed", "tally"), AGREED_ON)
def test_a_hire_counts_on_the_day_agreed(agreed: str | None, tally: Tally) -> None:
    dossier = Dossier(company(before="2009-10-01"), (), (), (hire(agreed),))
    assert tally_of(dossier, HIRES) == tally


HIRED = {
    "as it should be": (company(), hire("2011-06-01"), COUNTED),
    "level unknown": (company(), hire("2011-06-01", None), WAITING),
    "a bachelor": (company(), hire("2011-06-01", "bachelor"), EXCLUDED),
    "unpaid": (company(), hire("2011-06-01", terms="unpaid"), EXCLUDED),
    "unpaid, and level unknown": (company(), hire("2011-06-01", None, "unpaid"), EXCLUDED),
    "a bachelor, not agreed": (company(), hire(None, "bachelor"), EXCLUDED),
    "by a large company": (
        company(version=CompanyVersion(VIBORG, "250")),
        hire("2011-06-01"),
        EXCLUDED,
    ),
    "elsewhere": (company(version=CompanyVersion(COPENHAGEN, "40")), hire("2011-06-01"), EXCLUDED),
    "elsewhere, not agreed": (
        company(version=CompanyVersion(COPENHAGEN, "40")),
        hire(None),
        EXCLUDED,
    ),
    "headcount unknown": (company(version=CompanyVersion(VIBORG)), hire("2011-06-01"), WAITING),
    "no CVR number": (company(cvr=None), hire("2011-06-01"), WAITING),
}


@pytest.mark.parametrize("case", HIRED.values(), ids=HIRED)
def test_a_hire_that(case: tuple[Company, Hire, Tally]) -> None:
    whose, hired, tally = case
    dossier = Dossier(whose, contacts("2011-02-01"), (), (hired,))
    assert tally_of(dossier, HIRES) == tally


def test_a_collaboration_asks_neither_for_the_size_nor_for_the_municipality() -> None:
    nowhere = company(version=CompanyVersion(COPENHAGEN, "1000+"))
    dossier = Dossier(nowhere, contacts("2011-02-01"), (collaboration("2011-06-01"),))
    assert tally_of(dossier, COLLABORATIONS) == COUNTED


def test_a_student_hired_after_the_degree_counts_once_in_each_target() -> None:
    dossier = Dossier(
        company(), contacts("2011-02-01"), (collaboration("2011-03-02"),), (hire("2012-03-02"),)
    )
    assert tallies(judge(dossier, contract())) == {
        NEW: COUNTED,
        COLLABORATIONS: COUNTED,
        HIRES: COUNTED,
    }


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (["yes", "yes"], "counted"),
        (["yes", "unknown"], "waiting"),
        (["unknown", "no"], "excluded"),
        (["no", "yes"], "excluded"),
        ([], "counted"),
    ],
    ids=["all yes", "one not known", "not known and no", "one no", "nothing required"],
)
def test_the_outcome_of_answers(answers: list[str], outcome: str) -> None:
    assert outcome_of(answers) == outcome


REASONS = {
    "counted: none": (company(), []),
    "waiting: what is not known": (
        company(cvr=None, version=CompanyVersion(VIBORG)),
        ["no_cvr", "no_headcount"],
    ),
    "excluded: only what is no": (
        company(cvr=None, version=CompanyVersion(COPENHAGEN, "250")),
        ["takes_no_part", "too_many_employees"],
    ),
}


@pytest.mark.parametrize("case", REASONS.values(), ids=REASONS)
def test_the_reasons_are_the_answers_that_decide(case: tuple[Company, list[str]]) -> None:
    whose, reasons = case
    verdict = the_one_for(NEW, Dossier(whose, contacts("2011-02-01")))
    assert [answer.reason for _, answer in verdict.reasons] == reasons


def test_the_answers_stand_in_the_order_of_the_contract() -> None:
    by = contract()
    target = by.target(NEW)
    assert target is not None
    verdict = the_one_for(NEW, Dossier(company(), contacts("2011-02-01")))
    assert [rule for rule, _ in verdict.answers] == list(target.requires)


NOTHING = Wording("", "")


def asking(
    counts: str, selection: Selection | None = None, *requires: str, id_: str = "t"
) -> Target:
    """Return a target of a contract of our own."""
    rules = dict.fromkeys(requires, NOTHING)
    return Target(id_, counts, NOTHING, NOTHING, selection or Selection(), 1, None, rules)


EVERYTHING = Dossier(
    company(),
    contacts("2011-02-01", "2011-03-01", "2011-03-02 email"),
    tuple(
        collaboration("2011-04-01", kind)._replace(id=f"s-{kind}")
        for kind in ("project", "student-job", "internship")
    ),
    tuple(hire("2011-05-01", level)._replace(id=f"h-{level}") for level in ("mvu", "phd", None)),
)
SELECTIONS = {
    "all contacts": (asking("contact"), ["k1", "k2", "k3"]),
    "first contacts": (asking("contact", Selection("first")), ["k1"]),
    "later contacts": (asking("contact", Selection("later")), ["k2", "k3"]),
    "all collaborations": (
        asking("collaboration"),
        ["s-project", "s-student-job", "s-internship"],
    ),
    "one kind": (
        asking("collaboration", Selection(kinds=frozenset({"internship"}))),
        ["s-internship"],
    ),
    "two kinds": (
        asking("collaboration", Selection(kinds=frozenset({"internship", "project"}))),
        ["s-project", "s-internship"],
    ),
    "all hires": (asking("hire"), ["h-mvu", "h-phd", "h-None"]),
    "one level": (asking("hire", Selection(levels=frozenset({"phd"}))), ["h-phd"]),
    "something delivered": (asking("deliverable"), []),
}


@pytest.mark.parametrize("case", SELECTIONS.values(), ids=SELECTIONS)
def test_another_contract_selects(case: tuple[Target, list[str]]) -> None:
    target, selected = case
    verdicts = judge(EVERYTHING, contract(targets=(target,)))
    assert [verdict.record_id for verdict in verdicts] == selected


def test_a_target_that_requires_nothing_counts_all_that_it_selects() -> None:
    verdicts = judge(EVERYTHING, contract(targets=(asking("contact"),)))
    assert {verdict.outcome for verdict in verdicts} == {"counted"}


def test_a_record_stands_to_each_target_that_selects_it() -> None:
    strict = asking("hire", Selection(levels=frozenset({"mvu"})), "highly_educated", id_="strict")
    verdicts = judge(EVERYTHING, contract(targets=(asking("hire", id_="lax"), strict)))
    assert [(v.target, v.outcome) for v in verdicts if v.record_id == "h-mvu"] == [
        ("lax", "counted"),
        ("strict", "excluded"),
    ]


def test_a_requirement_that_the_contract_adds_is_asked() -> None:
    by = contract(targets=(asking("contact", Selection("later"), "sme"),))
    large = company(before="2009-10-01", version=CompanyVersion(VIBORG, "250"))
    (verdict,) = judge(Dossier(large, contacts("2011-02-01")), by)
    assert verdict.outcome == "excluded"


def test_one_judge_judges_many_dossiers_each_for_itself() -> None:
    judging = Judge(contract())
    met, new = Dossier(company(), contacts("2011-02-01")), Dossier(company(), ())
    assert [len(judging.verdicts(each)) for each in (met, new, met)] == [1, 0, 1]


@pytest.mark.parametrize(
    ("whose", "met", "first"),
    [
        (company(), [], None),
        (company(), ["2011-05-01", "2011-03-02"], "2011-03-02"),
        (company(), ["2011-02-01 email"], None),
        (company(), ["2011-02-01 email", "2011-03-02"], "2011-03-02"),
        (company(before="2009-10-01"), [], "2009-10-01"),
        (company(before="2009-10-01"), ["2011-03-02"], "2009-10-01"),
        (company(before="2011-05-01"), ["2011-03-02"], "2011-03-02"),
    ],
    ids=[
        "never",
        "two visits",
        "only an e-mail",
        "an e-mail and a visit",
        "before",
        "before and now",
        "now and after",
    ],
)
def test_the_day_a_company_was_first_met(whose: Company, met: list[str], first: str | None) -> None:
    found = first_contact_day(Dossier(whose, contacts(*met)), contract())
    assert (found.isoformat() if found else None) == first


@pytest.mark.parametrize(
    ("whose", "met", "found"),
    [
        pytest.param(company(), ["2011-03-01"], None, id="no earlier contact"),
        pytest.param(
            company(),
            ["2011-03-01", "2011-05-01"],
            EarlierContact(day("2011-03-01"), "k1"),
            id="a contact",
        ),
        pytest.param(
            company(),
            ["2011-04-01", "2011-03-01", "2011-05-01"],
            EarlierContact(day("2011-03-01"), "k2"),
            id="the first of two",
        ),
        pytest.param(company(), ["2011-03-01 email", "2011-05-01"], None, id="an e-mail is none"),
        pytest.param(
            company(before="2009-10-01"),
            ["2011-03-01", "2011-05-01"],
            EarlierContact(day("2009-10-01"), ""),
            id="the visit before the ledger",
        ),
        pytest.param(
            company(before="2011-04-01"),
            ["2011-03-01", "2011-05-01"],
            EarlierContact(day("2011-03-01"), "k1"),
            id="a contact before that visit",
        ),
        pytest.param(
            company(before="2011-05-01"),
            ["2011-05-01"],
            EarlierContact(day("2011-05-01"), ""),
            id="the visit on its own day",
        ),
        pytest.param(company(before="2011-05-02"), ["2011-05-01"], None, id="a visit after it"),
        pytest.param(
            company(before="0001-01-01"),
            ["2011-05-01"],
            EarlierContact(day("0001-01-01"), ""),
            id="a visit on a day that nobody knows",
        ),
        pytest.param(
            company(),
            ["2011-05-01", "2011-05-01"],
            EarlierContact(day("2011-05-01"), "k1"),
            id="recorded before it on its own day",
        ),
    ],
)
def test_what_makes_the_last_contact_a_first_one_or_a_follow_up(
    whose: Company, met: list[str], found: EarlierContact | None
) -> None:
    dossier = Dossier(whose, contacts(*met))
    assert first_contact_before(dossier, contract(), dossier.contacts[-1]) == found


LARGE = CompanyVersion(VIBORG, "300")
ELSEWHERE = CompanyVersion(COPENHAGEN, "40")
UNDATED = {
    "grows": (company(("2011-06-01", LARGE)), WAITING),
    "shrinks": (company(("2011-06-01", SMALL), version=LARGE), WAITING),
    "is too large throughout": (
        company(("2011-06-01", LARGE._replace(municipality=COPENHAGEN)), version=LARGE),
        EXCLUDED,
    ),
    "moves out": (company(("2011-06-01", ELSEWHERE)), WAITING),
    "moves in": (company(("2011-06-01", SMALL), version=ELSEWHERE), WAITING),
    "is elsewhere, then too large": (company(("2011-06-01", LARGE), version=ELSEWHERE), EXCLUDED),
    "grows before the period": (company(("2010-06-01", LARGE)), EXCLUDED),
    "grows on the first day": (company(("2011-01-01", LARGE)), EXCLUDED),
    "grows on the second day": (company(("2011-01-02", LARGE)), WAITING),
    "shrinks on the last day": (company(("2012-12-31", SMALL), version=LARGE), WAITING),
    "shrinks after the period": (company(("2013-01-01", SMALL), version=LARGE), EXCLUDED),
    "is told of once": (company(version=LARGE), EXCLUDED),
}


@pytest.mark.parametrize(("of", "tally"), UNDATED.values(), ids=list(UNDATED))
def test_a_hire_without_a_day_is_excluded_where_no_day_would_help(
    of: Company, tally: Tally
) -> None:
    assert tally_of(Dossier(of, hires=(hire(None),)), HIRES) == tally


def verdict_without_day(of: Company) -> Verdict:
    dossier = Dossier(of, hires=(hire(None),))
    return next(each for each in judge(dossier, contract()) if each.target == HIRES)


def test_what_changes_meanwhile_waits_for_the_day_alone() -> None:
    unknown = SMALL._replace(employees=None)
    verdict = verdict_without_day(company(("2011-06-01", SMALL), version=unknown))
    assert {answer.reason for _, answer in verdict.reasons} == {"not_agreed"}
    for_all = verdict_without_day(company(("2011-06-01", unknown), version=unknown))
    assert ("sme", "no_headcount") in {(rule, answer.reason) for rule, answer in for_all.reasons}


def test_a_later_state_adds_no_reason_to_what_a_record_itself_excludes() -> None:
    grown = Dossier(company(("2011-06-01", LARGE)), hires=(hire(None, "bachelor"),))
    (verdict,) = judge(grown, contract())
    assert [rule for rule, _ in verdict.reasons] == ["highly_educated"]


def test_a_record_without_a_day_is_in_the_municipality_that_its_company_never_left() -> None:
    assert verdict_without_day(company(("2011-06-01", LARGE))).municipality == VIBORG
    assert verdict_without_day(company(("2011-06-01", ELSEWHERE))).municipality is None
    assert verdict_without_day(company(("2013-06-01", ELSEWHERE))).municipality == VIBORG
    own = hire(None, municipality=COPENHAGEN)
    (verdict,) = judge(Dossier(company(("2011-06-01", ELSEWHERE)), hires=(own,)), contract())
    assert verdict.municipality == COPENHAGEN
