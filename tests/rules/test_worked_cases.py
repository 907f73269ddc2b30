"""The worked cases of the design: what each history counts for, in any order of entry."""

from __future__ import annotations

import tomllib
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.contact_history import EarlierContact, first_contact_before
from kmtrack.rules.contract import Contract, Participation
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.dossier import (
    Collaboration,
    Company,
    CompanyVersion,
    Contact,
    Dossier,
    Hire,
    Predecessor,
)
from kmtrack.rules.judgement import Verdict, judge

VIBORG, ELSEWHERE = "791", "101"


def _contract() -> Contract:
    with (DATA_FOLDER / "contract.toml").open("rb") as file:
        return read_contract(tomllib.load(file))._replace(participation=(Participation(VIBORG),))


CONTRACT = _contract()
SMALL = CompanyVersion(VIBORG, "40")


def _company(
    *versions: tuple[date | None, CompanyVersion],
    cvr: str | None = "13748136",
    before: date | None = None,
) -> Company:
    return Company("c1", cvr, before, versions or ((None, SMALL),))


def _visits(*days: str, channel: str = "visit") -> tuple[Contact, ...]:
    return tuple(
        Contact(f"k{n}", f"2011-01-01T00:00:0{n}", date.fromisoformat(day), channel)
        for n, day in enumerate(days)
    )


def _at(municipality: str, visits: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple(visit._replace(municipality=municipality) for visit in visits)


def _counted(verdicts: list[Verdict], target: str) -> tuple[int, int, int]:
    outcomes = [verdict.outcome for verdict in verdicts if verdict.target == target]
    return outcomes.count("counted"), outcomes.count("waiting"), outcomes.count("excluded")


def _email_then_visit() -> tuple[Contact, ...]:
    (email,) = _visits("2011-02-01", channel="email")
    (visit,) = _visits("2011-03-01")
    return (email, visit._replace(id="k9"))


CASES = {
    "twice": (_company(), _visits("2011-03-02", "2011-05-01"), 1, 1),
    "twice, typed backwards": (_company(), _visits("2011-05-01", "2011-03-02"), 1, 1),
    "twice on one day": (_company(), _visits("2011-03-02", "2011-03-02"), 1, 0),
    "visited before": (_company(before=date(2009, 10, 1)), _visits("2011-02-01"), 0, 1),
    "visited before, nobody knows when": (_company(before=date.min), _visits("2011-02-01"), 0, 1),
    "before the period": (_company(), _visits("2010-12-31", "2011-01-01"), 0, 1),
    "after the period": (_company(), _visits("2012-12-31", "2013-01-01"), 1, 0),
    "e-mailed, then visited": (_company(), _email_then_visit(), 1, 0),
    "headcount unknown": (_company((None, CompanyVersion(VIBORG))), _visits("2011-02-01"), 0, 0),
    "moved away": (
        _company((None, SMALL), (date(2011, 6, 1), CompanyVersion(ELSEWHERE, "40"))),
        _visits("2011-02-01", "2011-09-01"),
        1,
        1,
    ),
    "a plant elsewhere": (_company(), _at(ELSEWHERE, _visits("2011-02-01", "2011-09-01")), 0, 1),
    "a plant here": (
        _company((None, CompanyVersion(ELSEWHERE, "40"))),
        _at(VIBORG, _visits("2011-02-01", "2011-09-01")),
        1,
        1,
    ),
    "a plant here, the company nobody knows where": (
        _company((None, CompanyVersion(None, "40"))),
        _at(VIBORG, _visits("2011-02-01")),
        1,
        0,
    ),
    "no CVR number": (_company(cvr=None), _visits("2011-02-01"), 0, 0),
    "only an e-mail": (_company(), _visits("2011-02-01", channel="email"), 0, 0),
    "first day": (_company(), _visits("2011-01-01"), 1, 0),
    "249": (_company((None, CompanyVersion(VIBORG, "249"))), _visits("2011-02-01"), 1, 0),
    "250": (_company((None, CompanyVersion(VIBORG, "250"))), _visits("2011-02-01"), 0, 0),
    "200-499": (_company((None, CompanyVersion(VIBORG, "200-499"))), _visits("2011-02-01"), 0, 0),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_a_history_counts_for(
    case: tuple[Company, tuple[Contact, ...], int, int],
) -> None:
    company, contacts, new, later = case
    for order in permutations(contacts):
        verdicts = list(judge(Dossier(company, order), CONTRACT))
        assert _counted(verdicts, "new-contacts")[0] == new
        assert _counted(verdicts, "follow-ups")[0] == later
        assert len(verdicts) == len(contacts)  # each for exactly one of the two targets


OLD_VISITED = _visits("2011-02-01")


def _old(*contacts: Contact, since: str = "2011-06-01", before: date | None = None) -> Predecessor:
    """Return a company that was taken over on a day."""
    moved = tuple(each._replace(id=f"old-{each.id}", recorded_at="2010") for each in contacts)
    return Predecessor("c0", date.fromisoformat(since), before, moved)


SUCCEEDED = {
    "visited after the takeover only": ((_old(*OLD_VISITED),), ("2011-09-01",), 0, 1),
    "visited on the day of the takeover": ((_old(*OLD_VISITED),), ("2011-06-01",), 0, 1),
    "visited before the takeover": ((_old(*OLD_VISITED),), ("2011-05-31", "2011-06-01"), 1, 1),
    "the old one visited before the ledger": (
        (_old(before=date(2009, 10, 1)),),
        ("2011-05-31", "2011-09-01"),
        1,
        1,
    ),
    "the old one visited before, nobody knows when": (
        (_old(before=date.min),),
        ("2011-09-01",),
        0,
        1,
    ),
    "the old one e-mailed only": (
        (_old(*_visits("2011-02-01", channel="email")),),
        ("2011-09-01",),
        1,
        0,
    ),
    "both visited on the day of the takeover": (
        (_old(*_visits("2011-06-01")),),
        ("2011-06-01",),
        0,
        0,
    ),
    "the old one visited after the takeover": (
        (_old(*_visits("2011-08-01")),),
        ("2011-07-01", "2011-09-01"),
        1,
        1,
    ),
    "two old ones": (
        (_old(since="2011-03-01"), _old(*OLD_VISITED, since="2011-08-01")),
        ("2011-07-01", "2011-09-01"),
        1,
        1,
    ),
}


@pytest.mark.parametrize("case", SUCCEEDED.values(), ids=SUCCEEDED)
def test_what_a_history_counts_for_after_a_takeover(
    case: tuple[tuple[Predecessor, ...], tuple[str, ...], int, int],
) -> None:
    predecessors, days, new, later = case
    for order in permutations(_visits(*days)):
        dossier = Dossier(_company(), order, predecessors=predecessors)
        verdicts = list(judge(dossier, CONTRACT))
        assert _counted(verdicts, "new-contacts")[0] == new
        assert _counted(verdicts, "follow-ups")[0] == later
        assert {verdict.record_id for verdict in verdicts} == {each.id for each in order}


@pytest.mark.parametrize(("agreed", "counted"), [("2011-05-31", 0), ("2011-06-01", 1)])
def test_what_the_old_company_was_visited_for_brokers_from_the_takeover_on(
    agreed: str, counted: int
) -> None:
    project = Collaboration("s1", "2011", date.fromisoformat(agreed), "project")
    dossier = Dossier(_company(), (), (project,), predecessors=(_old(*OLD_VISITED),))
    assert _counted(list(judge(dossier, CONTRACT)), "collaborations")[0] == counted


def test_a_follow_up_after_a_takeover_names_the_contact_with_the_old_company() -> None:
    dossier = Dossier(_company(), _visits("2011-09-01"), predecessors=(_old(*OLD_VISITED),))
    (contact,) = dossier.contacts
    met = first_contact_before(dossier, CONTRACT, contact)
    assert met == EarlierContact(date(2011, 2, 1), "old-k0", "c0")


def test_a_student_hired_after_the_degree_counts_once_in_each_target() -> None:
    met = _visits("2011-03-02")
    project = Collaboration("s1", "2011", date(2011, 3, 2), "project")
    hire = Hire("h1", "2011", date(2012, 3, 2), "master")
    verdicts = list(judge(Dossier(_company(), met, (project,), (hire,)), CONTRACT))
    assert _counted(verdicts, "collaborations") == (1, 0, 0)
    assert _counted(verdicts, "hires") == (1, 0, 0)


DAYS = st.dates(date(2010, 11, 1), date(2013, 2, 1))
CONTACTS = st.lists(
    st.tuples(DAYS, st.sampled_from(["visit", "phone", "email"]), st.integers(0, 9)), max_size=8
).map(
    lambda found: tuple(
        Contact(f"k{n}", f"2011-{recorded}", day, channel)
        for n, (day, channel, recorded) in enumerate(found)
    )
)
OUTCOMES = st.builds(
    CompanyVersion,
    municipality=st.sampled_from([None, VIBORG, ELSEWHERE]),
    employees=st.sampled_from([None, "40", "249", "250", "200-499"]),
)
COMPANIES = st.builds(
    Company,
    id=st.just("c1"),
    cvr=st.sampled_from([None, "13748136"]),
    visited_before=st.none() | DAYS,
    versions=OUTCOMES.map(lambda version: ((None, version),)),
)


@given(COMPANIES, CONTACTS, st.randoms())
def test_the_order_of_entry_never_changes_a_verdict(
    company: Company, contacts: tuple[Contact, ...], chance: object
) -> None:
    mixed = list(contacts)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one = set(judge(Dossier(company, contacts), CONTRACT))
    assert one == set(judge(Dossier(company, tuple(mixed)), CONTRACT))


@given(COMPANIES, CONTACTS, DAYS)
def test_as_of_a_day_is_what_had_happened_by_then(
    company: Company, contacts: tuple[Contact, ...], day: date
) -> None:
    whole = [v for v in judge(Dossier(company, contacts), CONTRACT) if v.day and v.day <= day]
    then = tuple(contact for contact in contacts if contact.day <= day)
    assert whole == list(judge(Dossier(company, then), CONTRACT))


@given(COMPANIES, CONTACTS)
def test_counted_waiting_and_excluded_are_all(
    company: Company, contacts: tuple[Contact, ...]
) -> None:
    verdicts = list(judge(Dossier(company, contacts), CONTRACT))
    assert sorted(verdict.record_id for verdict in verdicts) == sorted(c.id for c in contacts)
    for verdict in verdicts:
        answers = {answer.outcome for _, answer in verdict.answers}
        expected = (
            "excluded" if "no" in answers else "waiting" if "unknown" in answers else "counted"
        )
        assert verdict.outcome == expected
