"""Merging: what one broker states reaches the other once, is judged first, and can be looked at."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from builders import (
    CVR,
    NEW,
    TODAY,
    add_contact,
    agreeing,
    behind,
    cvr_number,
    refuses,
    session_over,
)
from kmtrack.clock import Clock, here
from kmtrack.errors import Refusal
from kmtrack.ledger.entries import Chain, CommandHeader, Entry
from kmtrack.ledger.schema.ids import LETTERS
from kmtrack.ledger.store.copies import Backups, copy_ledger
from kmtrack.resources import DATA_FOLDER
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies, withdraw_company
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.erasure_plan import plan_of_person
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.merge.validation import check_entry
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.restore import restore_ledger
from kmtrack.usecases.status import status_of
from kmtrack.usecases.undo import redo_command, undo_command
from kmtrack.views.confirm import difference_as_dict, format_difference
from kmtrack.views.merge import merge_as_dict, render_merge

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

FAR = date(2012, 12, 31)


def _company(session: Session, name: str = "Hedelund", **values: Any) -> str:
    named = {"name": name, "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    return str(add_company(agreeing(session), {**named, **values})["id"])


def _counts(session: Session) -> list[int]:
    return [each.tally.counted for each in status_of(session.store, FAR).targets]


def _number_of(session: Session, table: str) -> int:
    return int(session.store.get(f"SELECT count(*) FROM {table}")[0])


def test_one_number_on_two_laptops_is_one_company_with_both_histories(
    session: Session, other: Session
) -> None:
    first = _company(session)
    theirs = _company(other, "Hedelunds Maskinfabrik", employees="45")
    add_contact(session, CVR, {"date": "2011-03-01"})
    add_contact(other, CVR, {"date": "2011-02-01"})
    merged = merge_ledgers(session, [other.store.location])
    row = find_company(session, CVR)
    assert (row["id"], row["name"], row["employees"]) == (first, "Hedelunds Maskinfabrik", "45")
    assert _counts(session)[:2] == [1, 1]
    [file] = merged.files
    assert file.new == {"contact": 1, "broker": 1}
    [united] = file.linked
    assert (united.id, united.cvr, united.others) == (first, CVR, [theirs])
    assert {conflict.field for conflict in merged.conflicts} == {"name", "employees"}
    [later] = merged.retargeted
    assert (later.before, later.after, later.day) == ((NEW,), ("follow-ups",), "2011-03-01")
    merge_ledgers(other, [session.store.location])
    assert _counts(other) == _counts(session)


ALL_CONTACTS = """
[[target]]
id = "all-contacts"
counts = "contact"
minimum = 1500
name = { da = "Alle kontakter", en = "All contacts" }
words = { da = "alle kontakter", en = "all contacts" }

[target.requires]
countable_channel = { da = "kontakter", en = "contacts" }
"""


@pytest.mark.files
@pytest.mark.parametrize("is_first", [True, False])
def test_a_contact_may_be_for_several_targets(tmp_path: Path, is_first: bool) -> None:
    """Only those of which the history decides can change by an earlier contact."""
    shipped = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    head, targets = shipped.split("[[target]]", maxsplit=1)
    parts = [head, ALL_CONTACTS, f"[[target]]{targets}"]
    contract = tmp_path / "contract.toml"
    contract.write_text(
        "\n".join(parts if is_first else [parts[0], *parts[:0:-1]]), encoding="utf-8"
    )
    paths = [tmp_path / "a.db", tmp_path / "b.db"]
    clock = Clock(TODAY, is_set=True)
    for path in paths:
        create_ledger(path, NewLedger(("Viborg",), contract, "JH"), clock, {})
    with session_over(paths[0]) as one, session_over(paths[1], broker="MK") as two:
        _company(one)
        add_contact(one, CVR, {"date": "2011-03-01"})
        merge_ledgers(two, [paths[0]])
        assert merge_ledgers(two, [paths[0]]).retargeted == []
        add_contact(one, CVR, {"date": "2011-03-02"})
        add_contact(two, CVR, {"date": "2011-02-01"})
        [later] = merge_ledgers(one, [paths[1]]).retargeted
        assert (later.before, later.after, later.day) == ((NEW,), ("follow-ups",), "2011-03-01")
        assert merge_as_dict(merge_ledgers(two, [paths[0]]))["later"] == []
        assert _counts(one) == _counts(two)


def test_the_number_of_a_united_company_is_corrected_for_both_its_records(
    session: Session, other: Session
) -> None:
    _company(session)
    _company(other)
    add_contact(other, CVR, {"date": "2011-02-01"})
    merge_ledgers(session, [other.store.location])
    edit_company(session, CVR, {"cvr": cvr_number(1)}, None)
    assert _number_of(session, "company WHERE withdrawn IS NULL") == 1
    assert _counts(session)[0] == 1
    with pytest.raises(Refusal, match="has 1 record"):
        withdraw_company(session, cvr_number(1), "lukket")
    assert check_ledger(session.store).damage == []


@pytest.mark.files
def test_a_plan_changes_nothing_and_a_second_merge_neither(
    session: Session, other: Session
) -> None:
    _company(other)
    before = session.store.path.read_bytes()
    plan = merge_ledgers(session, [other.store.location], keep=False)
    assert plan.files[0].new == {"company": 1, "broker": 1}
    assert session.store.path.read_bytes()[100:] == before[100:]
    merge_ledgers(session, [other.store.location])
    commands = _number_of(session, "command")
    assert merge_ledgers(session, [other.store.location]).commands == 0
    assert _number_of(session, "command") == commands


def test_a_merge_is_undone_by_the_copy_that_its_refusal_names(
    session: Session, other: Session
) -> None:
    _company(other)
    kept = merge_ledgers(session, [other.store.location]).kept
    assert kept is not None
    with refuses("undone_by_restoring") as refusal:
        undo_command(session)
    assert refusal.value.sentence().endswith(f"kmtrack restore {kept}")
    restore_ledger(session, kept)
    assert _number_of(session, "company") == 0


def test_a_merge_whose_copy_is_gone_cannot_be_undone(session: Session, other: Session) -> None:
    _company(other)
    kept = merge_ledgers(session, [other.store.location]).kept
    assert kept is not None
    for copy in kept.parent.glob("*.db"):
        copy.unlink()
    # It is made before the first command of a day, and a merge is none that makes it.
    copy_ledger(session.store, Backups(session.store.path).of_day(here(session.clock.now()).date()))
    with refuses("copy_gone"):
        undo_command(session)


@pytest.mark.parametrize("is_here", [True, False])
def test_what_a_merge_changes_of_the_contract_is_told(tmp_path: Path, is_here: bool) -> None:
    """Both were founded alike, apart from one another; one was amended since."""
    for name, by in (("one", "JH"), ("other", "MK")):
        (tmp_path / name).mkdir()
        founded = NewLedger(("Viborg",), None, by, None)
        clock = Clock(date(2011, 6, 30), is_set=True)
        create_ledger(tmp_path / name / "ledger.db", founded, clock, {})
    with (
        session_over(tmp_path / "one" / "ledger.db", broker="JH") as here,
        session_over(tmp_path / "other" / "ledger.db", broker="MK") as there,
    ):
        amend_contract(here if is_here else there, {"minimums": {"hires": 80}}, "aftalt")
        merged = merge_ledgers(here, [there.store.location])
    told = [(term.key, *values) for term, values in merged.amended.items()]
    assert told == ([] if is_here else [("hires.minimum", 50, 80)])
    assert merged.conflicts == []


def test_a_contract_that_both_amended_is_told_term_by_term(
    session: Session, other: Session
) -> None:
    amend_contract(session, {"minimums": {"hires": 70}, "last_day": "2013-01-31"}, "aftalt")
    amend_contract(other, {"minimums": {"hires": 80}, "last_day": "2013-01-31"}, "aftalt")
    merged = merge_ledgers(session, [other.store.location])
    [conflict] = merged.conflicts
    values = (conflict.field, conflict.ours, conflict.theirs, conflict.current)
    assert values == ("hires.minimum", 70, 80, 80)
    [line] = [line for line in render_merge(merged) if line.startswith("Changed on both")]
    assert "70 -> 80" in line
    assert "contract amend" in line


def test_the_later_of_two_edits_stands_and_can_be_settled(session: Session, other: Session) -> None:
    company = _company(session)
    merge_ledgers(other, [session.store.location])
    edit_company(session, company, {"employees": "41"}, None)
    edit_company(other, company, {"employees": "42"}, None)
    [conflict] = merge_ledgers(session, [other.store.location]).conflicts
    assert (conflict.field, conflict.ours, conflict.theirs, conflict.current) == (
        "employees",
        "41",
        "42",
        "42",
    )
    edit_company(session, company, {"employees": "43"}, None)
    merge_ledgers(other, [session.store.location])
    for one in (session, other):
        assert find_company(one, company)["employees"] == "43"


def test_an_edit_that_was_built_on_the_other_is_no_conflict(
    session: Session, other: Session
) -> None:
    company = _company(session)
    edit_company(session, company, {"employees": "41"}, None)
    merge_ledgers(other, [session.store.location])
    edit_company(other, company, {"employees": "42"}, None)
    assert merge_ledgers(session, [other.store.location]).conflicts == []


def test_the_same_file_imported_on_two_laptops_is_there_once(
    session: Session, other: Session, tmp_path: Path
) -> None:
    file = tmp_path / "companies.csv"
    file.write_text(f"name,cvr,municipality,employees\nHedelund,{CVR},Viborg,40\n")
    for each in (session, other):
        import_file(each, file)
        add_contact(each, CVR, {"date": "2011-03-01"})
    merge_ledgers(session, [other.store.location])
    assert _number_of(session, "company") == 1
    assert _counts(session)[0] == 1


def test_the_municipalities_of_both_contracts_take_part(tmp_path: Path) -> None:
    clock = Clock(date(2011, 6, 30), is_set=True)
    paths = [tmp_path / "a.db", tmp_path / "b.db"]
    for path, place in zip(paths, ("Viborg", "Skive"), strict=True):
        create_ledger(path, NewLedger((place,), None, "JH"), clock, {})
    with session_over(paths[0]) as one, session_over(paths[1]) as two:
        merged = merge_ledgers(one, [paths[1]])
        merge_ledgers(two, [paths[0]])
        [conflict] = merged.conflicts
        assert (conflict.ours, conflict.theirs) == (["791"], ["779", "791"])
        for each in (one, two):
            document = json.loads(each.store.get("SELECT document FROM contract")[0])
            assert [s["municipality"] for s in document["participation"]] == ["791", "779"]


def test_companies_are_joined_by_hand_and_parted_again(session: Session) -> None:
    one = _company(session)
    two = _company(session, "Hedelund ved siden af", cvr="")
    add_contact(session, one, {"date": "2011-03-01"})
    add_contact(session, two, {"date": "2011-03-01"})
    assert _counts(session)[0] == 1
    join_companies(session, one, two)
    assert find_company(session, two)["id"] == one
    assert _number_of(session, "contact WHERE company_id = (SELECT id FROM company LIMIT 1)") >= 0
    assert {row[0] for row in session.store.all("SELECT company_id FROM contact")} == {one}
    with refuses("same_company"):
        join_companies(session, two, one)
    undo_command(session)
    assert {row[0] for row in session.store.all("SELECT company_id FROM contact")} == {one, two}
    assert check_ledger(session.store).damage == []


def test_a_number_that_is_undone_is_undone_for_every_record_of_the_company(
    session: Session, other: Session
) -> None:
    """One without a number that was recorded first, and two of one number, one of them merged in."""
    plain = _company(session, "Hedelund & Søn", cvr="")
    _company(session)
    _company(other, "Hedelund ApS")
    add_contact(other, CVR, {"date": "2011-02-01"})
    merge_ledgers(session, [other.store.location])
    join_companies(session, plain, CVR)
    before = _counts(session)
    edit_company(session, CVR, {"cvr": cvr_number(1)}, None)
    for step, number in ((undo_command, CVR), (redo_command, cvr_number(1)), (undo_command, CVR)):
        step(session)
        [row] = session.store.all("SELECT cvr FROM company WHERE withdrawn IS NULL")
        assert (row["cvr"], _counts(session)) == (number, before)
        assert check_ledger(session.store).damage == []


def test_a_join_tells_which_facts_hold_now(session: Session) -> None:
    one = _company(session)
    two = _company(session, "Gamma", cvr="", municipality="Silkeborg", employees="300")
    joined = join_companies(session, one, two)
    assert [difference_as_dict(each) for each in joined.differences] == [
        {"field": "name", "values": {one: "Hedelund", two: "Gamma"}, "stands": "Gamma"},
        {"field": "municipality", "values": {one: "791", two: "740"}, "stands": "740"},
        {"field": "employees", "values": {one: "40", two: "300"}, "stands": "300"},
    ]
    assert format_difference(joined.differences[1]) == (
        "Municipality: Viborg (Hedelund), Silkeborg (Gamma); now in force: Silkeborg; "
        f"to correct: kmtrack company edit {one} --municipality MUNICIPALITY"
    )


def test_two_numbers_are_two_companies(session: Session) -> None:
    one, two = _company(session), _company(session, "Mols", cvr=cvr_number(1))
    with refuses("two_numbers"):
        join_companies(session, one, two)


def test_a_bundle_holds_only_the_news(session: Session, other: Session, tmp_path: Path) -> None:
    company = _company(session)
    add_contact(session, company, {"date": "2011-03-01", "person": "Inger Holm"})
    first, second = tmp_path / "1.db", tmp_path / "2.db"
    assert write_bundle(session, first, None).persons == 1
    with refuses("nothing_new"):
        write_bundle(session, second, None)
    add_contact(session, company, {"date": "2011-03-02", "person": "Bo Bæk"})
    assert write_bundle(session, second, None).commands == 1
    assert b"Inger Holm" not in second.read_bytes()
    with refuses("bundle_gap"):
        merge_ledgers(other, [second])
    merge_ledgers(other, [first, second])
    assert _counts(other) == _counts(session)
    assert len(find_persons(other, "Inger Holm")) == 1
    assert check_ledger(other.store).damage == []


@pytest.mark.files
def test_a_bundle_takes_the_place_of_a_bundle_and_of_nothing_else(
    session: Session, tmp_path: Path
) -> None:
    _company(session)
    letter = tmp_path / "letter.txt"
    letter.write_text("dear", encoding="utf-8")
    for file in (session.store.path, letter, tmp_path):
        with refuses("no_bundle_in_place"):
            write_bundle(session, file, None)
    assert letter.read_text(encoding="utf-8") == "dear"
    assert _number_of(session, "company") == 1
    for _ in range(2):
        write_bundle(session, tmp_path / "news.db", date(2011, 1, 1))
    assert check_ledger(session.store).damage == []


def test_a_bundle_that_was_lost_is_made_again(session: Session, tmp_path: Path) -> None:
    add_contact(session, _company(session), {"date": "2011-03-01", "person": "Inger Holm"})
    lost, again = tmp_path / "news.db", tmp_path / "again.db"
    made = write_bundle(session, lost, None)
    lost.unlink()
    with refuses("nothing_new"):
        write_bundle(session, again, None)
    assert write_bundle(session, again, made.since) == made._replace(file=again)


@pytest.mark.files
def test_a_bundle_has_an_ending(session: Session, tmp_path: Path) -> None:
    """A word that was meant for another command makes no file and counts nothing as sent."""
    _company(session)
    with refuses("bundle_without_ending"):
        write_bundle(session, tmp_path / "besøg", None)
    assert not (tmp_path / "besøg").exists()
    assert write_bundle(session, tmp_path / "news.db", None).commands


def test_a_bundle_is_merged_and_not_restored(session: Session, tmp_path: Path) -> None:
    _company(session)
    write_bundle(session, tmp_path / "news.db", None)
    with refuses("other_ledger"):
        restore_ledger(session, tmp_path / "news.db")


def test_an_edit_that_a_bundle_is_built_on_is_no_conflict(
    session: Session, other: Session, tmp_path: Path
) -> None:
    company = _company(session)
    write_bundle(session, tmp_path / "1.db", None)
    merge_ledgers(other, [tmp_path / "1.db"])
    edit_company(session, company, {"employees": "42"}, None)
    write_bundle(session, tmp_path / "2.db", None)
    assert merge_ledgers(other, [tmp_path / "2.db"]).conflicts == []


@pytest.mark.files
@pytest.mark.parametrize("erased_here", [True, False])
def test_an_erasure_on_one_side_reaches_the_other(
    session: Session, other: Session, erased_here: bool
) -> None:
    company = _company(session)
    add_contact(session, company, {"date": "2011-03-01", "person": "Inger Holm"})
    merge_ledgers(other, [session.store.location])
    note = {"date": "2011-03-02", "note": "Inger Holms chef"}
    if erased_here:
        add_contact(other, company, note)
        erase_persons(session, find_persons(session, "Inger Holm")[0])
        merge_ledgers(session, [other.store.location])
        clean = session
    else:
        add_contact(session, company, note)
        erase_persons(other, find_persons(other, "Inger Holm")[0])
        merge_ledgers(session, [other.store.location])
        clean = session
    folder = clean.store.path.with_name("ledger-backups")
    for path in (clean.store.path, *folder.glob("*.db")):
        assert b"Inger Holm" not in path.read_bytes(), path
    assert clean.store.get("SELECT note FROM contact WHERE note IS NOT NULL")[0] == "***s chef"
    assert check_ledger(clean.store).damage == []
    assert merge_ledgers(clean, [other.store.location]).commands == 0


@pytest.mark.files
def test_a_person_whom_two_laptops_know_is_erased_whole(session: Session, other: Session) -> None:
    for each in (session, other):
        _company(each)
        add_contact(each, CVR, {"date": "2011-03-01", "person": "Inger Holm", "channel": "phone"})
    merge_ledgers(session, [other.store.location])
    plan = plan_of_person(session, "inger holm")
    assert (len(plan.persons), plan.contacts) == (2, 2)
    erase_persons(session, *plan.persons)
    assert _number_of(session, "person WHERE name IS NOT NULL") == 0
    assert b"Inger Holm" not in session.store.path.read_bytes()
    assert check_ledger(session.store).damage == []


def test_the_ledger_itself_is_not_merged(session: Session) -> None:
    with refuses("own_ledger"):
        merge_ledgers(session, [session.store.location])


@pytest.mark.files
def test_a_command_that_has_other_entries_here_is_refused(session: Session, tmp_path: Path) -> None:
    """Somebody rewrote an entry with a digest that fits."""
    _company(session)
    path = tmp_path / "copy.db"
    shutil.copy(session.store.path, path)
    _rewrite_last_entry(path, lambda facts: {**facts, "employees": "41"})
    with refuses("command_differs"):
        merge_ledgers(session, [path])


def _rewrite_last_entry(path: Path, change: Any) -> None:
    """Alter the last entry as somebody would who knows how digests are made."""
    with behind(path) as bare:
        bare.row_factory = sqlite3.Row
        row = bare.execute("SELECT * FROM entry ORDER BY number DESC LIMIT 1").fetchone()
        command = bare.execute(
            "SELECT * FROM command WHERE number = ?", (row["command"],)
        ).fetchone()
        heading = CommandHeader(*(command[name] for name in CommandHeader._fields))
        facts = change(json.loads(row["facts"]))
        entry, covered = Entry.new(row["noun"], row["record_id"], row["action"], facts)
        digest = Chain(heading, command["digest"]).add(entry, covered)
        bare.execute(
            "UPDATE entry SET facts = ?, secret = ?, digest = ? WHERE number = ?",
            (entry.facts, entry.secret, digest, row["number"]),
        )


@pytest.mark.parametrize(
    "hostile",
    [
        {"name": "\x1b[31mRed"},
        {"name": "Ulla 010203-1234"},
        {"name": "x" * 300},
        {"name": "\u202egnp.exe"},
        {"name": ["Hedelund"]},
        {"name": {"erased": "00", "left": "\x1b]0;x\x07"}},
        {"cvr": "12345678"},
        {"employees": "-1"},
        {"municipality": "Atlantis"},
        {"visited_before": "2099-01-01"},
        {"visited_before": "2011-02-31"},
        {"kind": "; DROP TABLE company"},
        {"later": "{"},
        {"recorded_at": "2011-01-01"},
        {"unheard_of": 1},
    ],
)
def test_a_statement_that_no_command_makes_is_refused(
    session: Session, other: Session, hostile: dict[str, Any]
) -> None:
    _company(other)
    path = other.store.path
    _rewrite_last_entry(path, lambda facts: {**facts, **hostile})
    before, theirs = _number_of(session, "entry"), path.read_bytes()
    with refuses("foreign_damaged"):
        merge_ledgers(session, [path])
    assert _number_of(session, "entry") == before
    assert path.read_bytes() == theirs


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE command SET recorded_at = '9999-01-01T00:00:00.000000Z'",
        "UPDATE command SET recorded_at = 'yesterday'",
        "UPDATE command SET name = char(27) || '[2J'",
        "UPDATE command SET reason = '010203-1234'",
        "UPDATE command SET recorded_by = 'AB'",
        "UPDATE entry SET facts = '[' || facts",
        "UPDATE entry SET noun = 'sqlite_schema'",
        "UPDATE entry SET record_id = '../../etc'",
        "UPDATE entry SET action = 'delete'",
        "UPDATE person SET name = 'En anden'",
        "DELETE FROM entry WHERE number = 3",
    ],
)
def test_what_was_altered_behind_the_program_is_refused(
    session: Session, other: Session, statement: str
) -> None:
    company = _company(other)
    add_contact(other, company, {"date": "2011-03-01", "person": "Inger Holm"})
    with behind(other.store.path) as bare:
        bare.execute("PRAGMA foreign_keys = OFF")
        bare.execute(statement)
    with refuses("foreign_damaged"):
        merge_ledgers(session, [other.store.location])


@pytest.mark.slow
@pytest.mark.files
def test_damaged_files_are_refused_or_merged_and_never_written_to(
    session: Session, other: Session, tmp_path: Path
) -> None:
    company = _company(other)
    for day in range(1, 20):
        add_contact(other, company, {"date": f"2011-03-{day:02}", "person": f"Person {day}"})
    whole = other.store.path.read_bytes()
    chance = random.Random(11)
    ledger = tmp_path / "start.db"
    shutil.copy(session.store.path, ledger)
    refused = 0
    for number in range(60):
        spoiled = bytearray(whole)
        for _ in range(chance.choice((1, 1, 4, 64))):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        if number % 5 == 0:
            del spoiled[chance.randrange(len(spoiled)) :]
        file = tmp_path / "spoiled.db"
        file.write_bytes(spoiled)
        target = tmp_path / "target.db"
        shutil.copy(ledger, target)
        with session_over(target) as fresh:
            try:
                merge_ledgers(fresh, [file])
            except Refusal:
                refused += 1
            else:
                assert _counts(fresh) == _counts(other)
        assert file.read_bytes() == bytes(spoiled)
    assert refused


DIGEST = "0" + "a0102031234b" * 5 + "abc"


@pytest.mark.parametrize(
    ("noun", "action", "facts"),
    [
        ("person", "add", {"company_id": "c0102031234", "name": DIGEST}),
        ("contact", "edit", {"note": {"erased": DIGEST, "left": "her"}}),
        ("contact", "redact", {"entry": DIGEST, "field": "note", "left": "her"}),
        ("company", "undo", {"joined": "c0102031234 c0202031234"}),
    ],
)
def test_ids_and_digests_that_look_like_cpr_numbers_are_none(
    noun: str, action: str, facts: dict[str, Any]
) -> None:
    row = {"noun": noun, "action": action, "facts": json.dumps(facts)}
    check_entry({**row, "record_id": f"{LETTERS[noun]}0102031234"})


def test_a_cpr_number_beside_an_id_is_one() -> None:
    facts = json.dumps({"note": "c0102031234 010203-1234"})
    row = {"noun": "contact", "action": "edit", "record_id": "k0102031234", "facts": facts}
    with refuses("cpr_number"):
        check_entry(row)


@pytest.mark.files
def test_a_broken_off_change_in_the_other_file_is_not_taken(
    session: Session, other: Session, tmp_path: Path
) -> None:
    _company(other)
    path = tmp_path / "hot.db"
    with closing(sqlite3.connect(other.store.path, isolation_level=None)) as bare:
        bare.execute("PRAGMA cache_size = 1")
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("UPDATE company SET name = 'Halvvejs'")
        bare.execute("CREATE TABLE spill AS SELECT randomblob(100000) AS b")
        for suffix in ("", "-journal"):
            shutil.copy(f"{other.store.path}{suffix}", f"{path}{suffix}")
        bare.execute("ROLLBACK")
    merge_ledgers(session, [path])
    assert find_company(session, CVR)["name"] == "Hedelund"
