"""Moving a record to another company: what moves along, what is asked, and what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import CVR, LATER, NEW, add_contact, cvr_number, ledger_in, refuses, session_over
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import Answers, Doubt
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import find_persons
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

OTHER = cvr_number(1)


@pytest.fixture
def session(ledger: Path) -> Iterator[Session]:
    """Yield a session over a ledger with two companies in Viborg."""
    with session_over(ledger) as session:
        for name, cvr in (("Smedjen", CVR), ("Mols Bogtryk", OTHER)):
            add_company(
                session, {"name": name, "cvr": cvr, "municipality": "791", "employees": "40"}
            )
        yield session


def company_of(session: Session, person: str) -> list[str]:
    """Return the companies of the persons of a name."""
    return [row["company"] for row in find_persons(session, person)]


def test_a_moved_contact_counts_at_its_new_company_and_no_longer_at_the_old_one(
    session: Session,
) -> None:
    first = add_contact(session, CVR, {"date": "1.3.2011"}).record["id"]
    second = add_contact(session, CVR, {"date": "2.3.2011"}).record["id"]
    moved = edit_event(session, "contact", first, {"company": "mols"})
    assert (moved.record["company"], moved.record["date"]) == ("Mols Bogtryk", "2011-03-01")
    assert [(v.target.id, v.verdict.outcome) for v in moved.verdicts] == [(NEW, "counted")]
    assert [(o.id, o.before, o.after) for o in moved.others] == [
        (second, {LATER: "counted"}, {NEW: "counted"})
    ]
    assert check_ledger(session.store).damage == []


@pytest.mark.parametrize(
    ("noun", "values"), [("collaboration", {"kind": "praktik"}), ("hire", {"level": "phd"})]
)
def test_agreements_move_too(session: Session, noun: str, values: dict[str, str]) -> None:
    record = add_event(session, noun, CVR, {**values, "agreed": "1.3.2011"}).record["id"]
    moved = edit_event(session, noun, record, {"company": OTHER, "note": "x"}).record
    assert (moved["company"], moved["note"]) == ("Mols Bogtryk", "x")
    assert check_ledger(session.store).damage == []


def test_the_contact_person_moves_along(session: Session) -> None:
    contact = add_contact(session, CVR, {"person": "Inger Holm"}).record["id"]
    moved = edit_event(session, "contact", contact, {"company": OTHER}).record
    assert moved["person"] == "Inger Holm"
    assert company_of(session, "Inger Holm") == ["Mols Bogtryk"]
    assert check_ledger(session.store).damage == []


def test_an_undo_of_the_move_takes_the_person_back_too(session: Session) -> None:
    contact = add_contact(session, CVR, {"person": "Inger Holm"}).record["id"]
    edit_event(session, "contact", contact, {"company": OTHER})
    undo_command(session)
    assert company_of(session, "Inger Holm") == ["Smedjen"]
    again = edit_event(session, "contact", contact, {"note": "x"}).record
    assert (again["company"], again["person"]) == ("Smedjen", "Inger Holm")
    assert check_ledger(session.store).damage == []


def test_a_person_of_that_name_at_the_new_company_is_the_one(session: Session) -> None:
    add_contact(session, OTHER, {"date": "1.3.2011", "person": "Inger Holm"})
    contact = add_contact(session, CVR, {"date": "2.3.2011", "person": "Inger Holm"}).record["id"]
    moved = edit_event(session, "contact", contact, {"company": OTHER}).record
    assert moved["person"] == "Inger Holm"
    assert sorted(company_of(session, "Inger Holm")) == ["Mols Bogtryk", "Smedjen"]


@pytest.mark.parametrize(
    ("answer", "person", "companies"),
    [("both", "Inger Holm", ["Mols Bogtryk", "Smedjen"]), ("nobody", None, ["Smedjen"])],
)
def test_a_person_whom_other_contacts_name_is_asked_about(
    session: Session, answer: str, person: str | None, companies: list[str]
) -> None:
    for day in ("1.3.2011", "2.3.2011"):
        contact = add_contact(session, CVR, {"date": day, "person": "Inger Holm"}).record["id"]
    with pytest.raises(Doubt) as asked:
        edit_event(session, "contact", contact, {"company": OTHER})
    assert asked.value.key == "person_named_elsewhere"
    assert "--person" in asked.value.sentence()
    settled = session._replace(answers=Answers(can_ask=True).plus(asked.value, answer))
    moved = edit_event(settled, "contact", contact, {"company": OTHER}).record
    assert moved["person"] == person
    assert sorted(company_of(session, "Inger Holm")) == companies
    assert check_ledger(session.store).damage == []


@pytest.mark.parametrize("person", ["Inger Holm", "Bo Lund", ""])
def test_a_person_that_is_typed_is_not_asked_about(session: Session, person: str) -> None:
    for day in ("1.3.2011", "2.3.2011"):
        contact = add_contact(session, CVR, {"date": day, "person": "Inger Holm"}).record["id"]
    moved = edit_event(session, "contact", contact, {"company": OTHER, "person": person}).record
    assert moved["person"] == (person or None)
    assert "Smedjen" in company_of(session, "Inger Holm")


def test_a_withdrawn_contact_names_the_person_too(session: Session) -> None:
    for day in ("1.3.2011", "2.3.2011"):
        contact = add_contact(session, CVR, {"date": day, "person": "Inger Holm"}).record["id"]
    other = add_contact(session, CVR, {"date": "3.3.2011", "person": "Inger Holm"}).record["id"]
    withdraw_event(session, "contact", contact, "fejl")
    with refuses("person_named_elsewhere"):
        edit_event(session, "contact", other, {"company": OTHER})


def test_a_move_to_the_same_company_changes_nothing(session: Session) -> None:
    contact = add_contact(session, CVR, {"person": "Inger Holm"}).record["id"]
    with refuses("stands_already", match="Smedjen"):
        edit_event(session, "contact", contact, {"company": CVR})


def test_an_unknown_company_is_refused(session: Session) -> None:
    contact = add_contact(session, CVR, {}).record["id"]
    with refuses("unknown_company"):
        edit_event(session, "contact", contact, {"company": "ukendt"})


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Session]:
    """Yield a session of broker MK over a ledger of their own."""
    with session_over(ledger_in(tmp_path, "other.db"), broker="MK") as session:
        yield session


def test_a_move_and_its_person_arrive_with_a_merge(session: Session, other: Session) -> None:
    contact = add_contact(session, CVR, {"person": "Inger Holm"}).record["id"]
    merge_ledgers(other, [session.store.location])
    edit_event(session, "contact", contact, {"company": OTHER})
    edit_event(other, "contact", contact, {"note": "x"})
    merge_ledgers(other, [session.store.location])
    merge_ledgers(session, [other.store.location])
    for each in (session, other):
        shown = edit_event(each, "contact", contact, {"channel": "phone"}).record
        assert (shown["company"], shown["person"], shown["note"]) == (
            *("Mols Bogtryk", "Inger Holm"),
            "x",
        )
        assert company_of(each, "Inger Holm") == ["Mols Bogtryk"]
        assert check_ledger(each.store).damage == []
