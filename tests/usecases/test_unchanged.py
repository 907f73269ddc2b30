"""Edits that change nothing: refused with the present values, and nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, refuses
from kmtrack.usecases.brokers import edit_broker
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import add_event, edit_event
from kmtrack.usecases.methods import add_method, edit_method

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

HEDELUND = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "40"}
COMPANY_EDITS: list[tuple[dict[str, Any], str | None, str]] = [
    ({"employees": "40"}, None, "Employees: 40"),
    ({"employees": "40", "municipality": "0791"}, None, "Municipality: Viborg"),
    ({"turnover": ""}, None, "Turnover (EUR m): -"),
    ({"employees": "40"}, "2011-03-01", "Employees: 40"),
    ({"employees": "60"}, "2011-06-01", "Employees: 60"),
]
AMENDMENTS: list[tuple[dict[str, Any], str]] = [
    ({"participation": [{"municipality": "791"}]}, "Viborg: takes part"),
    ({"without": ["615"]}, "Horsens: does not take part"),
    ({"last_day": "2012-12-31", "operator": ""}, "Last day: 2012-12-31 · Operator: -"),
    ({"minimums": {"hires": 50}}, "minimum: 50"),
    ({"due_days": {"continuation-model": "2011-06-30"}}, "due: 2011-06-30"),
]


def _commands(session: Session) -> int:
    return int(session.store.get("SELECT count(*) FROM command")[0])


@pytest.mark.parametrize(("values", "since", "stands"), COMPANY_EDITS)
def test_a_company(
    session: Session, values: dict[str, Any], since: str | None, stands: str
) -> None:
    add_company(session, HEDELUND)
    if values.get("employees") == "60":
        edit_company(session, CVR, {"employees": "60"}, "2011-05-01")
    before = _commands(session)
    with refuses("stands_already") as refused:
        edit_company(session, CVR, values, since)
    assert stands in refused.value.sentence()
    assert _commands(session) == before


def test_a_fact_among_others_that_stand_is_changed(session: Session) -> None:
    add_company(session, HEDELUND)
    edited = edit_company(session, CVR, {"employees": "40", "municipality": "Silkeborg"}, None)
    assert edited.record["municipality"] == "740"
    edit_company(session, CVR, {"employees": "41"}, "2011-05-01")
    assert edit_company(session, CVR, {"employees": "41"}, "2011-04-01")


@pytest.mark.parametrize(
    ("values", "stands"),
    [
        ({"date": "1.3.2011"}, "Date: 2011-03-01"),
        ({"person": "Inger Holm"}, "Contact person: Inger Holm"),
        ({"note": ""}, "Note: -"),
    ],
)
def test_a_contact(session: Session, values: dict[str, Any], stands: str) -> None:
    add_company(session, HEDELUND)
    contact = add_contact(session, CVR, {"date": "2011-03-01", "person": "Inger Holm"}).record["id"]
    before = _commands(session)
    with refuses("stands_already") as refused:
        edit_event(session, "contact", contact, values)
    assert stands in refused.value.sentence()
    assert _commands(session) == before


def test_the_other_nouns(session: Session) -> None:
    add_company(session, HEDELUND)
    hire = add_event(session, "hire", CVR, {"level": "phd"}).record["id"]
    add_method(session, {"name": "Opgavekataloget", "kind": "tool"})
    before = _commands(session)
    with refuses("stands_already", match="PhD"):
        edit_event(session, "hire", hire, {"level": "phd"})
    with refuses("stands_already", match="tool"):
        edit_method(session, "opgave", {"kind": "tool"})
    with refuses("nothing_to_edit"):
        edit_broker(session, "JH", {})
    with refuses("stands_already", match="Viborg Erhvervsråd"):
        edit_broker(session, "JH", {"council": "Viborg  Erhvervsråd"})
    assert _commands(session) == before


@pytest.mark.parametrize(("changes", "stands"), AMENDMENTS)
def test_the_contract(session: Session, changes: dict[str, Any], stands: str) -> None:
    before = _commands(session)
    with refuses("stands_already") as refused:
        amend_contract(session, changes, None)
    assert stands in refused.value.sentence()
    assert _commands(session) == before
