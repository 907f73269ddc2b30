"""Contact persons: what is held of them, and that nothing of it is left once they are erased."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import servers
from builders import CVR, add_contact, agreeing, behind, cvr_number, refuses
from kmtrack.ledger.store.address import ServerAddress
from kmtrack.ledger.store.copies import Backups
from kmtrack.ledger.written_names import WrittenName
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.erasure_plan import plan_of_person
from kmtrack.usecases.events import edit_event, withdraw_event
from kmtrack.usecases.people import (
    erase_persons,
    find_persons,
    person_records,
    stale_persons,
)
from kmtrack.usecases.status import status_of
from kmtrack.usecases.undo import undo_command
from kmtrack.views.people import format_person

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

FAR = date(2012, 12, 31)
NAME = "Inger Holm"


def _company(session: Session, cvr: str = CVR) -> None:
    values = {"name": f"Firma {cvr}", "cvr": cvr, "municipality": "Viborg", "employees": "9"}
    add_company(agreeing(session), values)


def _erase(session: Session, name: str = NAME) -> Any:
    return erase_persons(session, *plan_of_person(session, name).persons)


def _held(ledger: Path) -> bytes:
    """Return every byte of the ledger and of what lies beside it."""
    if isinstance(ledger, ServerAddress):
        copies = Backups(ledger.path).all()
        return b"".join(path.read_bytes() for path in copies) + servers.pages_of(ledger)
    files = [ledger, *ledger.with_name("ledger-backups").glob("*")]
    return b"".join(path.read_bytes() for path in files)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Inger Holm ringer", "*** ringer"),
        ("mødte INGER  HOLM i dag", "mødte *** i dag"),
        ("Inger\nHolm", "***"),
        ("Inger Holms bil", "***s bil"),
        ("Inger Holm's bil", "***'s bil"),
        ("Inger Holmgaard", "Inger Holmgaard"),
        ("Finger Holm", "Finger Holm"),
        ("Holm, Inger", "Holm, Inger"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, left: str) -> None:
    assert WrittenName(NAME).without(text)[0] == left


def test_all_that_is_held_is_shown(session: Session) -> None:
    _company(session)
    added = add_contact(
        session, CVR, {"date": "2011-03-01", "person": NAME, "note": f"{NAME}, tlf"}
    )
    [row] = find_persons(session, "inger")
    [record] = person_records(session.store, [row])
    assert [contact["id"] for contact in record["contacts"]] == [added.record["id"]]
    assert [text["texts"] for text in record["texts"]] == [{"note": f"{NAME}, tlf"}]


def test_reasons_and_names_of_companies_that_name_a_person_are_shown_too(session: Session) -> None:
    _company(session)
    name = f"{NAME} Consult"
    company = add_company(session, {"name": name, "cvr": "13585628", "municipality": "Viborg"})
    add_company(session, {"name": f"{NAME} Gartneri", "municipality": "Viborg"})
    contact = add_contact(session, CVR, {"date": "2011-03-01", "person": NAME, "broker": ""})
    withdraw_event(session, "contact", contact.record["id"], f"aflyst af {NAME}")
    [row] = find_persons(session, NAME)
    [record] = person_records(session.store, [row])
    assert [command["reason"] for command in record["reasons"]] == [f"aflyst af {NAME}"]
    assert [each["id"] for each in record["companies"]] == [company["id"]]
    assert {"name": f"{NAME} Gartneri"} in [text["texts"] for text in record["texts"]]
    lines = list(format_person(record))
    assert not [line for line in lines if "None" in line]
    assert lines[-1].endswith("that name stays, as it is in the public business register")


def test_no_byte_of_an_erased_person_is_left_and_no_count_changes(
    session: Session, ledger: Path
) -> None:
    _company(session)
    contact = add_contact(session, CVR, {"date": "2011-03-01", "person": NAME, "note": NAME})
    edit_event(session, "contact", contact.record["id"], {"note": f"med {NAME} igen"})
    edit_company(session, CVR, {"sme": "ja", "basis": f"oplyst af {NAME}"}, "2011-04-01")
    undo_command(session)
    second = add_contact(session, CVR, {"date": "2011-03-02", "person": NAME})
    withdraw_event(session, "contact", second.record["id"], f"{NAME} var syg")
    back_up(session.store, session.clock)
    before = status_of(session.store, FAR).targets
    assert NAME.encode() in _held(ledger)
    done = _erase(session)
    assert NAME.encode() not in _held(ledger)
    assert done.mentions == 5  # two notes, a basis, a reason in its entry and in its command
    assert done.reached.remaining == []
    assert status_of(session.store, FAR).targets == before
    assert check_ledger(session.store).damage == []
    row = session.store.get("SELECT note, person_id FROM contact ORDER BY date")
    assert row["note"] == "med *** igen"
    with refuses("unknown_person"):
        find_persons(session, NAME)


@pytest.mark.parametrize("name", ['"Bobby" Olsen', "O\\le Bo", "Bo Bæk", "ØRSTED Å"])
def test_a_name_is_found_however_json_spells_it(session: Session, ledger: Path, name: str) -> None:
    _company(session)
    add_contact(
        session, CVR, {"date": "2011-03-01", "person": name, "note": f"{name.lower()} er syg"}
    )
    [row] = find_persons(session, name)
    [record] = person_records(session.store, [row])
    assert len(record["texts"]) == 1
    assert _erase(session, name).mentions == 1
    assert session.store.get("SELECT note FROM contact")["note"] == "*** er syg"


def test_two_persons_in_one_text_are_erased_one_after_the_other(
    session: Session, ledger: Path
) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01", "person": NAME, "note": f"{NAME} og Bo Bæk"})
    add_contact(session, CVR, {"date": "2011-03-02", "person": "Bo Bæk"})
    _erase(session)
    assert session.store.get("SELECT note FROM contact ORDER BY date")["note"] == "*** og Bo Bæk"
    _erase(session, "Bo Bæk")
    assert session.store.get("SELECT note FROM contact ORDER BY date")["note"] == "*** og ***"
    assert "Bo Bæk".encode() not in _held(ledger)
    assert check_ledger(session.store).damage == []


def test_what_an_erasure_left_cannot_be_altered_unseen(session: Session, ledger: Path) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01", "person": NAME, "note": f"{NAME} siger ja"})
    _erase(session)
    with behind(ledger) as bare:
        bare.execute("UPDATE entry SET facts = replace(facts, 'siger ja', 'siger nej')")
    assert [finding.kind for finding in check_ledger(session.store).damage][:1] == ["entry_altered"]


def test_an_erasure_is_for_good(session: Session) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01", "person": NAME})
    _erase(session)
    with refuses("not_undoable"):
        undo_command(session)


def test_a_name_altered_by_other_means_is_found(session: Session, ledger: Path) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01", "person": NAME})
    with behind(ledger) as bare:
        bare.execute("UPDATE person SET name = 'Inger Holk'")
    assert [finding.kind for finding in check_ledger(session.store).damage] == ["person_altered"]


def test_one_of_several_of_a_name_is_erased_by_the_id(session: Session) -> None:
    for number in (1, 2):
        _company(session, cvr_number(number))
        add_contact(session, cvr_number(number), {"date": "2011-03-01", "person": NAME})
    with refuses("several_persons"):
        plan_of_person(session, NAME)
    _erase(session, find_persons(session, NAME)[0]["id"])
    assert len(find_persons(session, NAME)) == 1


def test_who_was_not_met_since_a_day_is_listed(session: Session) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01", "person": NAME})
    add_contact(session, CVR, {"date": "2011-05-01", "person": "Bo Bæk"})
    assert stale_persons(session.store, date(2011, 3, 1)) == []
    assert [row["name"] for row in stale_persons(session.store, date(2011, 3, 2))] == [NAME]


def test_a_contact_that_was_withdrawn_is_no_meeting(session: Session) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01", "person": NAME})
    second = add_contact(session, CVR, {"date": "2011-05-01", "person": NAME})
    withdraw_event(session, "contact", second.record["id"], "aflyst")
    [row] = stale_persons(session.store, date(2011, 4, 1))
    assert (row["name"], row["last"]) == (NAME, "2011-03-01")


@pytest.mark.slow
def test_of_many_some_are_erased_and_the_others_stay(session: Session, ledger: Path) -> None:
    chance = random.Random(7)
    names = [f"Person{number:03} Efternavn{number:03}" for number in range(60)]
    _company(session)
    for number, name in enumerate(names):
        other = chance.choice(names)
        day = date.fromordinal(date(2011, 1, 1).toordinal() + number % 100).isoformat()
        add_contact(session, CVR, {"date": day, "person": name, "note": f"{name} kender {other}"})
    back_up(session.store, session.clock)
    before = status_of(session.store, FAR).targets
    gone = chance.sample(names, 15)
    for name in gone:
        _erase(session, name)
    held = _held(ledger)
    assert [name for name in gone if name.encode() in held] == []
    assert all(find_persons(session, name) for name in names if name not in gone)
    assert status_of(session.store, FAR).targets == before
    assert check_ledger(session.store).damage == []
