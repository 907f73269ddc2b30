"""Views for other programs: names in place of codes, nothing that was withdrawn, and no contact person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import servers
from builders import CVR, add_contact
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.schema.readable import ABOUT, PREFIX, SQLITE, texts, views
from kmtrack.ledger.schema.tables import SCHEMA
from kmtrack.usecases.companies import add_company, edit_company, join_companies
from kmtrack.usecases.events import add_event, withdraw_event
from kmtrack.usecases.surveys.answers import Filled, answer_survey, municipality_respondent

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session


def _all(session: Session, view: str) -> list[dict[str, Any]]:
    return [dict(row) for row in session.store.all(f"SELECT * FROM {PREFIX}{view}")]


@pytest.fixture(autouse=True)
def _company(session: Session) -> None:
    place = {"municipality": "Viborg", "employees": "40"}
    add_company(session, {"name": "Hedelund", "cvr": CVR, **place})


def test_every_table_and_view_is_told_of(session: Session) -> None:
    named = {name for name, _ in views(SQLITE)}
    assert set(texts()) == {*SCHEMA.tables, *named}
    told = {row["name"]: row["text"] for row in session.store.all(f"SELECT * FROM {ABOUT}")}
    assert told == texts()


def test_a_contact_names_its_company_and_place(session: Session) -> None:
    add_contact(session, CVR, {"date": "2011-03-01", "municipality": "Skive", "channel": "phone"})
    [contact] = _all(session, "contact")
    expected = {"company": "Hedelund", "cvr": CVR, "municipality": "Skive", "channel": "phone"}
    assert expected.items() <= contact.items()


def test_a_municipality_that_answered_has_no_company(session: Session) -> None:
    filled = Filled(municipality_respondent("Viborg"), "after", {"companies-reached": 3})
    answer_survey(session, filled, session.clock.today)
    [survey] = _all(session, "survey")
    assert (survey["municipality"], survey["company"]) == ("Viborg", None)


def test_what_was_withdrawn_is_in_none(session: Session) -> None:
    contact = add_contact(session, CVR, {"date": "2011-03-01"})
    withdraw_event(session, "contact", contact.record["id"], "typed twice")
    assert _all(session, "contact") == []


def test_a_company_is_as_it_is_now(session: Session) -> None:
    edit_company(
        session, CVR, {"municipality": "Skive", "sme": "no", "basis": "koncern"}, "2011-05-01"
    )
    edit_company(session, CVR, {"employees": "60", "turnover": "5.5"}, "2011-06-01")
    [company] = _all(session, "company")
    known = ("municipality", "employees", "turnover", "basis")
    assert [company[name] for name in known] == ["Skive", "60", 5.5, "koncern"]
    assert company["sme"] == 0


def test_a_duplicate_stands_for_the_company_that_it_is(session: Session) -> None:
    other = add_company(session, {"name": "Hedelund Maskiner", "municipality": "Viborg"})
    add_contact(session, other["id"], {"date": "2011-03-01"})
    join_companies(session, CVR, other["id"])
    [company], [contact] = _all(session, "company"), _all(session, "contact")
    assert company["cvr"] == contact["cvr"] == CVR
    assert (contact["company_id"], contact["company"]) == (company["id"], company["name"])


def test_no_contact_person_is_in_any(session: Session) -> None:
    add_contact(session, CVR, {"date": "2011-03-01", "person": "Inger Holm"})
    for name, _ in views(SQLITE):
        for row in session.store.all(f"SELECT * FROM {name}"):
            assert "Inger" not in str(dict(row))


@pytest.mark.parametrize("noun", EVENTS)
def test_every_field_is_in_its_view(session: Session, noun: str) -> None:
    facts = {"kind": "project"} if noun == "collaboration" else {}
    facts |= {"level": "master"} if noun == "hire" else {}
    add_event(session, noun, CVR, facts)
    [row] = _all(session, noun)
    assert set(NOUNS[noun].fields) - {"person_id"} <= row.keys()


def test_a_verdict_names_what_it_is_about(session: Session) -> None:
    add_contact(session, CVR, {"date": "2011-03-01"})
    [verdict] = _all(session, "verdict")
    told = (verdict["target"], verdict["outcome"], verdict["company"], verdict["municipality"])
    assert told == ("new-contacts", "counted", "Hedelund", "Viborg")


@pytest.mark.skipif(not servers.IN_USE, reason="a file has no comments")
def test_a_server_says_what_each_table_is(session: Session) -> None:
    told = session.store.all(
        "SELECT relname::text AS name, obj_description(oid, 'pg_class') AS text FROM pg_class "
        "WHERE relnamespace = 'kmtrack'::regnamespace AND relkind IN ('r', 'v')"
    )
    assert {row["name"]: row["text"] for row in told} == texts()
