"""Adding, correcting and withdrawing contacts, collaborations and hires, and what is confirmed."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from builders import (
    COLLABORATIONS,
    CVR,
    HIRES,
    LATER,
    NEW,
    add_contact,
    agreeing,
    cvr_number,
    day,
    refuses,
    register,
    session_over,
)
from kmtrack.ledger.queries.targets import totals
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, withdraw_company
from kmtrack.usecases.events import add_event, add_followup, edit_event, withdraw_event
from kmtrack.usecases.record_lists import listing_of

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.confirmation import Confirmation
    from kmtrack.usecases.session import Session

SMEDJEN = {"name": "Smedjen", "cvr": CVR, "municipality": "791", "employees": "40"}


@pytest.fixture
def smedjen(session: Session) -> str:
    """Return the id of a small company in Viborg."""
    return str(add_company(session, SMEDJEN)["id"])


def standings(confirmation: Confirmation) -> list[tuple[str, str, int]]:
    return [(s.target.id, s.verdict.outcome, s.counted) for s in confirmation.verdicts]


def reasons(confirmation: Confirmation) -> list[str]:
    return [answer.reason for s in confirmation.verdicts for _, answer in s.verdict.reasons]


def number_of(session: Session, table: str) -> int:
    return int(session.store.get(f"SELECT count(*) FROM {table}")[0])


# A contact, with nothing but a company.


def test_a_contact_is_todays_and_its_brokers_and_a_visit(session: Session, smedjen: str) -> None:
    record = add_contact(session, "Smedjen", {}).record
    assert (record["date"], record["broker"], record["channel"], record["company_id"]) == (
        "2011-06-30",
        "JH",
        "visit",
        smedjen,
    )


def test_a_contact_is_stored_as_it_was_stated(session: Session, smedjen: str) -> None:
    values = {
        "date": "4.3.2011",
        "channel": "telefon",
        "broker": "mk",
        "others": ["jh", "ab"],
        "person": "Anne Hansen",
        "note": "  Gerne\r\nen projekt ",
        "next": "4.9.2011",
    }
    register(session, "MK", "AB")
    record = add_contact(session, CVR, values).record
    record.pop("stated")
    assert record == {
        "id": record["id"],
        "noun": "contact",
        "company_id": smedjen,
        "company": "Smedjen",
        "cvr": CVR,
        "company_changes": {},
        "date": "2011-03-04",
        "channel": "phone",
        "broker": "MK",
        "others": "JH AB",
        "person": "Anne Hansen",
        "note": "Gerne\nen projekt",
        "next": "2011-09-04",
        "municipality": None,
        "withdrawn": None,
        "verdicts": [{"target": NEW, "outcome": "counted"}],
    }


def test_a_contact_without_a_broker_has_none(ledger: Path) -> None:
    with session_over(ledger) as session:
        add_company(session, SMEDJEN)
        anonymous = session._replace(broker=None)
        assert add_contact(anonymous, CVR, {}).record["broker"] is None


def test_a_broker_can_be_left_out(session: Session, smedjen: str) -> None:
    assert add_contact(session, smedjen, {"broker": ""}).record["broker"] is None


REFUSED = [
    ("contact", {"date": "31.2.2011"}, "--date"),
    ("contact", {"date": "2011-07-01"}, "--date"),
    ("contact", {"date": ""}, "--date"),
    ("contact", {"channel": "fax"}, "--channel"),
    ("contact", {"broker": "not a set of initials"}, "--broker"),
    ("contact", {"others": ["?!"]}, "--with"),
    ("contact", {"person": "Anne 010190-1234"}, "--person"),
    ("contact", {"note": "010190-1234"}, "--note"),
    ("contact", {"note": "x" * 2001}, "--note"),
    ("contact", {"next": "2011-06-30"}, "--next"),
    ("collaboration", {}, "--kind"),
    ("collaboration", {"kind": "party"}, "--kind"),
    ("collaboration", {"kind": "project", "agreed": "2011-07-01"}, "--agreed"),
    ("collaboration", {"kind": "project", "students": "0"}, "--students"),
    ("collaboration", {"kind": "project", "start": "2011-03-02", "end": "2011-03-01"}, "--end"),
    ("hire", {"level": "engineer"}, "--level"),
    ("hire", {"terms": "slavery"}, "--terms"),
    ("hire", {"hours": "61"}, "--hours"),
    ("hire", {"start": "2011-03-02", "end": "2011-03-01"}, "--end"),
]


@pytest.mark.parametrize(("noun", "values", "option"), REFUSED, ids=str)
def test_a_value_that_cannot_be_is_refused_with_its_option(
    session: Session, smedjen: str, noun: str, values: dict[str, Any], option: str
) -> None:
    with refuses("bad_option") as refused:
        add_event(session, noun, smedjen, values)
    assert refused.value.facts["option"] == option
    assert (number_of(session, noun), number_of(session, "person")) == (0, 0)


def test_an_unknown_company_is_refused(session: Session) -> None:
    with refuses("unknown_company"):
        add_contact(session, "Nobody", {})


def test_a_company_that_is_withdrawn_has_no_new_records(session: Session, smedjen: str) -> None:
    withdraw_company(session, smedjen, "closed")
    with refuses("company_withdrawn"):
        add_contact(session, smedjen, {})


def test_a_start_and_an_end_may_lie_ahead(session: Session, smedjen: str) -> None:
    values = {"kind": "praktik", "start": "2011-09-01", "end": "2012-01-31"}
    record = add_event(session, "collaboration", smedjen, values).record
    assert (record["start"], record["end"]) == ("2011-09-01", "2012-01-31")


# What is confirmed.


def test_a_first_contact_counts_as_a_new_one(session: Session, smedjen: str) -> None:
    assert standings(add_contact(session, smedjen, {})) == [(NEW, "counted", 1)]


def test_each_counts_as_the_next_number(session: Session, smedjen: str) -> None:
    other = add_company(session, {**SMEDJEN, "name": "Bogtryk", "cvr": cvr_number(1)})["id"]
    numbers = [standings(add_contact(session, company, {}))[0][2] for company in (smedjen, other)]
    assert numbers == [1, 2]


def test_a_second_contact_counts_as_a_follow_up(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    assert standings(add_contact(session, smedjen, {})) == [(LATER, "counted", 1)]


def test_an_earlier_contact_typed_late_becomes_the_first(session: Session, smedjen: str) -> None:
    first = add_contact(session, smedjen, {"date": "2011-05-01"}).record["id"]
    assert standings(add_contact(session, smedjen, {"date": "2011-03-01"})) == [(NEW, "counted", 1)]
    verdict = session.store.get(
        "SELECT target, outcome FROM verdict WHERE record_id = :id", id=first
    )
    assert tuple(verdict) == (LATER, "counted")


def test_of_two_contacts_on_one_day_the_one_typed_first_counts(
    session: Session, smedjen: str
) -> None:
    for _ in range(3):  # ids are by chance: more often than not one would sort the other way
        confirmed = [standings(add_contact(session, smedjen, {"date": "2011-05-01"}))]
    rows = session.store.all(
        "SELECT verdict.outcome FROM verdict JOIN contact ON contact.id = verdict.record_id"
        " ORDER BY contact.recorded_at"
    )
    assert [row[0] for row in rows] == ["counted", "excluded", "excluded"]
    assert confirmed == [[(LATER, "excluded", 0)]]


def test_a_contact_that_waits_says_what_for(session: Session) -> None:
    company = add_company(session, {"name": "Smedjen"})["id"]
    confirmation = add_contact(session, company, {})
    assert standings(confirmation) == [(NEW, "waiting", 0)]
    assert reasons(confirmation) == ["no_cvr", "no_municipality", "no_headcount"]


def test_a_contact_that_does_not_count_says_why(session: Session, smedjen: str) -> None:
    confirmation = add_contact(session, smedjen, {"channel": "email", "date": "2010-12-31"})
    assert standings(confirmation) == [(NEW, "excluded", 0)]
    assert reasons(confirmation) == ["before_period", "channel_does_not_count"]


def test_two_companies_of_one_name_without_a_number_wait_each(session: Session) -> None:
    for _ in range(2):
        company = add_company(agreeing(session), {"name": "Smedjen"})["id"]
        add_contact(session, company, {})
    tallies = totals(session.store, day("2012-12-31"))
    assert {target: tuple(tally) for target, tally in tallies.items()} == {NEW: (0, 2, 0)}


def test_a_contact_of_several_brokers_counts_once(session: Session, smedjen: str) -> None:
    register(session, "MK", "AB")
    assert standings(add_contact(session, smedjen, {"others": "MK, AB"})) == [(NEW, "counted", 1)]


# Follow-ups.


def test_a_follow_up_of_a_company_met_before(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    assert standings(add_followup(session, smedjen, {})) == [(LATER, "counted", 1)]


def test_a_follow_up_of_a_company_visited_before_the_ledger(session: Session, smedjen: str) -> None:
    edit_company(session, smedjen, {"visited_before": "yes"}, None)
    assert standings(add_followup(session, smedjen, {})) == [(LATER, "counted", 1)]


def test_a_follow_up_by_email_is_one_that_does_not_count(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    confirmation = add_followup(session, smedjen, {"channel": "email"})
    assert standings(confirmation) == [(LATER, "excluded", 0)]


def test_a_follow_up_by_the_same_person_is_stated_once(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01", "person": "Anne"})
    add_followup(session, smedjen, {"person": "Anne"})
    assert number_of(session, "person") == 1


MET_BEFORE = [
    pytest.param([], "2011-05-01", False, id="never"),
    pytest.param(["2011-04-30"], "2011-05-01", True, id="the day before"),
    pytest.param(["2011-05-01"], "2011-05-01", True, id="the same day"),
    pytest.param(["2011-05-02"], "2011-05-01", False, id="only the day after"),
    pytest.param(["2010-04-30"], "2011-05-01", True, id="before the period"),
]


@pytest.mark.parametrize(("met", "on", "stored"), MET_BEFORE)
def test_a_follow_up_is_of_a_company_that_was_met(
    session: Session, smedjen: str, met: list[str], on: str, stored: bool
) -> None:
    for date in met:
        add_contact(session, smedjen, {"date": date})
    with nullcontext() if stored else refuses("never_visited"):
        add_followup(session, smedjen, {"date": on})
    assert number_of(session, "contact") == len(met) + stored


def test_an_email_is_no_visit_to_follow_up(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01", "channel": "email"})
    with refuses("never_visited"):
        add_followup(session, smedjen, {})


def test_a_withdrawn_visit_is_none_to_follow_up(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {"date": "2011-03-01"}).record["id"]
    withdraw_event(session, "contact", contact, "typed twice")
    with refuses("never_visited"):
        add_followup(session, smedjen, {})


def test_a_follow_up_that_is_refused_names_the_company_and_its_day(
    session: Session, smedjen: str
) -> None:
    with refuses("never_visited") as refused:
        add_followup(session, smedjen, {"date": "2011-05-01"})
    assert refused.value.facts == {"name": "Smedjen", "company": CVR, "date": day("2011-05-01")}


# Collaborations and hires.


def test_an_agreed_collaboration_counts(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    confirmation = add_event(
        session, "collaboration", smedjen, {"kind": "projekt", "agreed": "1.3.2011"}
    )
    assert standings(confirmation) == [(COLLABORATIONS, "counted", 1)]


@pytest.mark.parametrize("start", ["2010-12-31", "2013-01-01"])
@pytest.mark.parametrize("noun", ["collaboration", "hire"])
def test_it_counts_on_the_day_agreed_whatever_the_start(
    session: Session, smedjen: str, noun: str, start: str
) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    values = {"agreed": "2011-03-01", "start": start}
    values["kind" if noun == "collaboration" else "level"] = (
        "project" if noun == "collaboration" else "master"
    )
    assert [outcome for _, outcome, _ in standings(add_event(session, noun, smedjen, values))] == [
        "counted"
    ]


def test_a_hire_of_nobody_knows_what_level_waits(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-03-01"})
    confirmation = add_event(session, "hire", smedjen, {"agreed": "2011-03-01"})
    assert (standings(confirmation), reasons(confirmation)) == (
        [(HIRES, "waiting", 0)],
        ["no_level"],
    )


@pytest.mark.parametrize(("typed", "hours"), [("18,5", 18.5), ("37", 37)])
def test_hours_are_kept_with_their_decimals_and_whole_without(
    session: Session, smedjen: str, typed: str, hours: float
) -> None:
    record = add_event(session, "hire", smedjen, {"level": "cand.merc.", "hours": typed}).record
    assert (type(record["hours"]), record["hours"], record["level"]) == (
        *(type(hours), hours),
        "master",
    )
    edited = edit_event(session, "hire", record["id"], {"note": "x"}).record
    assert (type(edited["hours"]), edited["hours"]) == (type(hours), hours)
    (listed,) = listing_of(session, "hire", {}, 10).records
    assert json.dumps(listed["hours"]) == str(hours)
    assert check_ledger(session.store).damage == []


def test_a_record_that_is_not_agreed_is_there_whatever_the_day(
    session: Session, smedjen: str
) -> None:
    add_event(session, "collaboration", smedjen, {"kind": "project"})
    assert totals(session.store, day("2000-01-01"))[COLLABORATIONS].waiting == 1


# Correcting.


def test_a_corrected_day_is_judged_anew(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {"date": "2010-12-31"}).record["id"]
    confirmation = edit_event(session, "contact", contact[:6], {"date": "1.1.2011"})
    assert standings(confirmation) == [(NEW, "counted", 1)]


def test_what_is_not_stated_stays(session: Session, smedjen: str) -> None:
    register(session, "MK")
    before = add_contact(session, smedjen, {"note": "x", "person": "Anne", "others": "MK"}).record
    after = edit_event(session, "contact", before["id"], {"channel": "phone"}).record
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"channel", "stated"}


def test_an_empty_text_takes_a_fact_back(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {"note": "x", "person": "Anne"}).record["id"]
    record = edit_event(session, "contact", contact, {"note": "", "person": ""}).record
    assert (record["note"], record["person"]) == (None, None)


def test_another_person_was_met(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {"person": "Anne"}).record["id"]
    assert edit_event(session, "contact", contact, {"person": "Bo"}).record["person"] == "Bo"


def test_a_day_that_must_be_there_is_not_taken_back(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    with refuses("bad_option") as refused:
        edit_event(session, "contact", contact, {"date": ""})
    assert refused.value.facts["option"] == "--date"


def test_a_correction_is_held_against_what_stands(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {"date": "2011-03-01", "next": "2011-04-01"}).record[
        "id"
    ]
    with refuses("bad_option") as refused:
        edit_event(session, "contact", contact, {"date": "2011-04-01"})
    assert refused.value.facts["option"] == "--next"


WRONG = [
    pytest.param({}, "id", "nothing_to_edit_of", id="nothing stated"),
    pytest.param({"note": "x"}, "k000", "unknown_record", id="an unknown id"),
    pytest.param({"note": "x"}, "h000", "unknown_record", id="an unknown id of another noun"),
    pytest.param({"date": "x"}, "id", "bad_option", id="a bad value"),
]


@pytest.mark.parametrize(("values", "reference", "refusal"), WRONG)
def test_a_correction_that_cannot_be_is_refused(
    session: Session,
    smedjen: str,
    values: dict[str, str],
    reference: str,
    refusal: str,
) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    with refuses(refusal):
        edit_event(session, "contact", contact if reference == "id" else reference, values)


def test_a_record_of_another_noun_is_not_corrected(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    with refuses("wrong_noun"):
        edit_event(session, "hire", contact, {"note": "x"})


def test_a_correction_says_who_stated_what_when(
    session: Session, ledger: Path, smedjen: str
) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    with session_over(ledger, broker="MK") as other:
        record = edit_event(other, "contact", contact, {"note": "x"}).record
    assert [(s["recorded_by"], s["command"], s["action"]) for s in record["stated"]] == [
        ("JH", "contact add", "add"),
        ("MK", "contact edit", "edit"),
    ]


def test_a_correction_leaves_the_moment_at_which_a_record_was_recorded(
    session: Session, smedjen: str
) -> None:
    contacts = [
        add_contact(session, smedjen, {"date": "2011-03-01"}).record["id"] for _ in range(2)
    ]
    confirmation = edit_event(session, "contact", contacts[0], {"note": "x"})
    assert standings(confirmation) == [(NEW, "counted", 1)]


# What else changes.


def others(confirmation: Confirmation) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    return [(other.id, other.before, other.after) for other in confirmation.others]


def test_an_earlier_contact_is_reported_to_make_the_other_one_a_follow_up(
    session: Session, smedjen: str
) -> None:
    first = add_contact(session, smedjen, {"date": "2011-03-05"}).record["id"]
    earlier = add_contact(session, smedjen, {"date": "2010-12-31"})
    assert others(earlier) == [(first, {NEW: "counted"}, {LATER: "counted"})]
    changed = {move.target.id: (*move.before, *move.after) for move in earlier.targets}
    assert changed[NEW] == (1, 0, 0, 0, 0, 1)
    assert changed[LATER] == (0, 0, 0, 1, 0, 0)
    assert changed[HIRES] == (0, 0, 0, 0, 0, 0)


def test_a_contact_is_reported_to_make_a_hire_count(session: Session, smedjen: str) -> None:
    agreed = {"level": "phd", "agreed": "2011-04-01"}
    hires = [add_event(session, "hire", smedjen, agreed).record["id"] for _ in range(2)]
    contact = add_contact(session, smedjen, {"date": "2011-03-01"})
    assert sorted(others(contact)) == sorted(
        (hire, {HIRES: "excluded"}, {HIRES: "counted"}) for hire in hires
    )
    moved = edit_event(session, "contact", contact.record["id"], {"channel": "email"})
    assert sorted(id_ for id_, *_ in others(moved)) == sorted(hires)


def test_nothing_is_reported_and_counted_where_nothing_else_changes(
    session: Session, smedjen: str
) -> None:
    add_contact(session, smedjen, {"date": "2011-03-05"})
    later = add_contact(session, smedjen, {"date": "2011-03-05"})
    assert (others(later), later.targets) == ([], [])
    kept = edit_event(session, "contact", later.record["id"], {"note": "x"})
    assert (others(kept), kept.targets) == ([], [])


# Withdrawing.


def test_a_withdrawn_contact_is_in_no_target(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    (record,), moves, _ = withdraw_event(session, "contact", contact, "typed twice")
    assert (record["verdicts"], record["withdrawn"]) == ([], "typed twice")
    assert [m.target.id for m in moves if m.before != m.after] == [NEW]


def test_the_second_contact_becomes_the_first(session: Session, smedjen: str) -> None:
    first = add_contact(session, smedjen, {"date": "2011-03-01"}).record["id"]
    add_contact(session, smedjen, {"date": "2011-05-01"})
    withdraw_event(session, "contact", first, "typed twice")
    tallies = totals(session.store, day("2012-12-31"))
    assert (tallies[NEW].counted, tallies[LATER].all) == (1, 0)


def test_a_hire_loses_the_contact_that_brokered_it(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {"date": "2011-03-01"}).record["id"]
    add_event(session, "hire", smedjen, {"level": "phd", "agreed": "2011-04-01"})
    withdraw_event(session, "contact", contact, "typed twice")
    assert totals(session.store, day("2012-12-31"))[HIRES].excluded == 1


def test_what_is_withdrawn_is_not_withdrawn_again(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    withdraw_event(session, "contact", contact, "typed twice")
    with refuses("record_withdrawn"):
        withdraw_event(session, "contact", contact, "again")


def test_what_is_withdrawn_is_not_corrected(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    withdraw_event(session, "contact", contact, "typed twice")
    with refuses("record_withdrawn"):
        edit_event(session, "contact", contact, {"note": "x"})


@pytest.mark.parametrize("reason", ["", " ", "010190-1234"])
def test_a_withdrawal_needs_a_reason_that_can_be_kept(
    session: Session, smedjen: str, reason: str
) -> None:
    contact = add_contact(session, smedjen, {}).record["id"]
    with refuses("bad_option") as refused:
        withdraw_event(session, "contact", contact, reason)
    assert refused.value.facts["option"] == "--reason"
