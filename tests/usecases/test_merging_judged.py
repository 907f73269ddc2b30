"""What another ledger states is judged: what a broker may type passes, what is forged does not."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, refuses
from kmtrack.clock import Clock
from kmtrack.ledger.redactions import is_redaction_of, may_be_of_one_text, merge_redactions
from kmtrack.ledger.schema.ids import LETTERS
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.events import edit_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.merge.validation import check_entry
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.views.merge import render_merge

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

DIGEST_OF = "SELECT digest FROM entry WHERE record_id = :id ORDER BY number LIMIT 1"


def _company(session: Session) -> str:
    values = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    return str(add_company(session, values)["id"])


@pytest.mark.parametrize("note", ["{se mail}", "{}", '{"a": "b"}', "[1]", "{1: }"])
def test_a_note_in_braces_is_a_note(session: Session, other: Session, note: str) -> None:
    company = _company(other)
    add_contact(other, company, {"date": "2011-03-01", "note": note})
    merge_ledgers(session, [other.store.location])
    assert session.store.get("SELECT note FROM contact")[0] == note


@pytest.mark.parametrize(
    ("noun", "action", "facts"),
    [
        ("company", "undo", {"later": r'{"2011-01-01":{"name":"\u001b[31m"}}'}),
        ("company", "redact", {"entry": "", "field": "later", "left": r'{"a":"\u001b"}'}),
        ("survey", "edit", {"answers": r'{"q1":"\u001b[31m"}'}),
        ("survey", "edit", {"answers": {"erased": "00", "left": r'{"q1":"\u001b[31m"}'}}),
        ("contract", "undo", {"document": r'{"name":{"da":"\u001b[31m"}}'}),
    ],
)
def test_what_is_hidden_in_nested_texts_is_found(
    noun: str, action: str, facts: dict[str, Any]
) -> None:
    record = LETTERS.get(noun, "")
    record_id = f"{record}0a0b0c0d0e" if record else noun
    row = {"noun": noun, "action": action, "record_id": record_id, "facts": json.dumps(facts)}
    if action == "redact":
        row["facts"] = json.dumps({**facts, "entry": "0" * 64})
    with refuses("bad_character"):
        check_entry(row)


ORIGINAL = "Inger Holm ringer igen om Bo"


@pytest.mark.everyday(5)
@pytest.mark.parametrize(
    "forged",
    [
        ("contact", "date", "2009-01-01"),
        ("contact", "channel", "***"),
        ("contact", "note", "noget helt andet"),
        ("contact", "note", "*** ringer aldrig igen om Bo"),
        ("contact", "note", "*** ringer igen om Bo og Ida"),
        ("contact", "note", ORIGINAL[1:]),
        ("contact", "others", "***"),
        ("company", "note", "***"),
        ("company", "name", "***"),
        ("contract", "document", "***"),
    ],
)
@pytest.mark.parametrize("in_bundle", [True, False])
def test_a_redaction_that_no_erasure_makes_is_refused(
    session: Session, other: Session, tmp_path: Path, forged: tuple[str, str, str], in_bundle: bool
) -> None:
    noun, field, left = forged
    company = _company(session)
    contact = add_contact(session, company, {"date": "2011-03-01", "note": ORIGINAL}).record["id"]
    merge_ledgers(other, [session.store.location])
    write_bundle(other, tmp_path / "before.db", None)
    record = {"contact": contact, "company": company, "contract": "contract"}[noun]
    _redact(other, (noun, record), contact, field, left)
    if in_bundle:
        write_bundle(other, tmp_path / "news.db", None)
    before = _entries(session)
    with refuses("foreign_damaged"):
        merge_ledgers(session, [tmp_path / "news.db" if in_bundle else other.store.location])
    assert _entries(session) == before


def _redact(session: Session, record: tuple[str, str], contact: str, field: str, left: str) -> None:
    """State that something is left of a text of a contact, and change nothing."""
    digest = session.store.get(DIGEST_OF, id=contact)[0]
    with session.unit_of_work("person erase") as work:
        work.append(*record, "redact", {"entry": digest, "field": field, "left": left})


def _entries(session: Session) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.store.all("SELECT * FROM entry ORDER BY number")]


def test_a_redaction_that_another_one_belies_is_refused_and_found(
    session: Session, other: Session
) -> None:
    company = _company(session)
    contact = add_contact(
        session, company, {"date": "2011-03-01", "person": "Inger Holm", "note": ORIGINAL}
    ).record["id"]
    erase_persons(session, find_persons(session, "Inger Holm")[0])
    merge_ledgers(other, [session.store.location])
    assert check_ledger(other.store).damage == []
    _redact(other, ("contact", contact), contact, "note", "*** kommer")
    assert check_ledger(other.store).damage
    with refuses("foreign_damaged"):
        merge_ledgers(session, [other.store.location])


def test_two_erasures_of_one_text_agree(session: Session, other: Session) -> None:
    company = _company(session)
    for day, person in enumerate(("Inger Holm", "Bo"), start=1):
        values = {"date": f"2011-03-0{day}", "person": person, "note": ORIGINAL}
        add_contact(session, company, values)
    merge_ledgers(other, [session.store.location])
    erase_persons(session, find_persons(session, "Inger Holm")[0])
    erase_persons(other, find_persons(other, "Bo")[0])
    merge_ledgers(session, [other.store.location])
    merge_ledgers(other, [session.store.location])
    for each in (session, other):
        notes = {row[0] for row in each.store.all("SELECT note FROM contact")}
        assert notes == {"*** ringer igen om ***"}
        assert check_ledger(each.store).damage == []


@pytest.mark.parametrize(
    ("one", "another", "do"),
    [
        ("a *** c", "*** b c", True),
        ("a *** c", "a b c", True),
        ("*** c", "*** d", False),
        ("a ***", "b ***", False),
        ("a *** c", "a *** b *** c", True),
        ("a", "b", False),
        ("a b", "***b***", True),
        ("***", "", True),
    ],
)
def test_what_is_left_of_one_text_agrees(one: str, another: str, do: bool) -> None:
    assert (may_be_of_one_text(one, another), may_be_of_one_text(another, one)) == (do, do)


@pytest.mark.parametrize("text", ["aXbXa", "aaa", "X", "XX", "a***b", "abab"])
def test_what_a_replacing_leaves_can_be_left(text: str) -> None:
    for name in ("X", "a", "ab", "b"):
        assert is_redaction_of(text.replace(name, "***"), text)
    assert not is_redaction_of("***ab***ab***ab***", text)


@pytest.mark.parametrize("ahead", [date(2011, 7, 2), date(2012, 6, 30), date(2021, 1, 1)])
def test_what_was_stated_under_a_clock_that_was_ahead_is_not_lost(
    session: Session, other: Session, ahead: date
) -> None:
    company = _company(other)
    later = other._replace(clock=Clock(ahead, is_set=True))
    contact = add_contact(later, company, {}).record["id"]
    edit_event(other, "contact", contact, {"date": "2011-06-29"})
    add_contact(other, company, {"date": "2011-06-30"})
    merged = merge_ledgers(session, [other.store.location])
    [found] = merged.files[0].ahead
    assert (found.by, found.moment[:10]) == ("MK", ahead.isoformat())
    assert any("MK" in line and "history --by MK" in line for line in render_merge(merged))
    assert [row["date"] for row in session.store.all("SELECT date FROM contact ORDER BY date")] == [
        "2011-06-29",
        "2011-06-30",
    ]
    edit_company(session, company, {"employees": "41"}, None)
    back = merge_ledgers(other, [session.store.location])
    assert back.files[0].ahead == []
    assert back.conflicts == []
    for each in (session, other):
        assert find_company(each, CVR)["employees"] == "41"
        assert check_ledger(each.store).damage == []


@pytest.mark.parametrize("ahead", [date(2099, 1, 1), date(9999, 12, 30)])
def test_a_clock_that_was_a_lifetime_ahead_is_named_with_what_helps(
    session: Session, other: Session, ahead: date
) -> None:
    company = _company(other)
    add_contact(other._replace(clock=Clock(ahead, is_set=True)), company, {})
    with refuses("clock_far_ahead") as refusal:
        merge_ledgers(session, [other.store.location])
    sentence = refusal.value.sentence()
    assert str(ahead.year) in sentence
    assert "kmtrack history correct-time" in sentence
    assert "MK" in sentence


def test_a_day_after_the_clock_that_it_was_stated_under_is_refused(
    session: Session, other: Session
) -> None:
    company = _company(other)
    later = other._replace(clock=Clock(date(2012, 1, 1), is_set=True))
    contact = add_contact(later, company, {}).record["id"]
    with later.unit_of_work("contact edit") as work:
        work.append("contact", contact, "edit", {"date": "2012-02-01"})
    with refuses("foreign_damaged"):
        merge_ledgers(session, [other.store.location])


def test_what_each_of_two_erased_from_one_text_comes_back_to_neither(
    session: Session, other: Session
) -> None:
    company = str(add_company(session, {"name": "Hedelund", "cvr": CVR})["id"])
    stated = {"date": "2011-03-01", "note": "Inger Holm og Bo Bæk"}
    contact = str(add_contact(session, company, stated).record["id"])
    merge_ledgers(other, [session.store.location])
    for each, name in ((session, "Bo Bæk"), (other, "Inger Holm")):
        add_contact(each, company, {"date": "2011-04-01", "person": name})
        erase_persons(each, find_persons(each, name)[0])
    merge_ledgers(session, [other.store.location])
    merge_ledgers(other, [session.store.location])
    for each in (session, other):
        note = each.store.get("SELECT note FROM contact WHERE id = :id", id=contact)[0]
        assert not any(name in note for name in ("Inger", "Holm", "Bo", "Bæk"))
        assert check_ledger(each.store).damage == []


@pytest.mark.parametrize(
    ("one", "other", "left"),
    [
        ("*** og Bo", "Inger og Bo", "*** og Bo"),
        ("Inger og Bo", "*** og Bo", "*** og Bo"),
        ("*** og ***", "Inger og ***", "*** og ***"),
        ("Inger og ***", "*** og Bo", "***"),
        (
            '{"2011-06-01":{"basis":"*** og Bo","employees":"40"}}',
            '{"2011-06-01":{"basis":"Inger og ***","employees":"40"}}',
            '{"2011-06-01":{"basis":"***","employees":"40"}}',
        ),
        ("{Inger og ***}", "{*** og Bo}", "***"),
    ],
)
def test_what_two_redactions_leave_has_nothing_that_either_took_out(
    one: str, other: str, left: str
) -> None:
    assert merge_redactions(one, other) == left
    assert merge_redactions(other, one) == left
