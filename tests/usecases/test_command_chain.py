"""The chain of commands: reasons, order, emptiness and arrivals are covered, and edits of them found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from builders import CVR, add_contact, ledger_in, ledger_of_version, refuses, session_over
from kmtrack.ledger.queries.integrity import coverage
from kmtrack.ledger.redactions import redact, redact_reason
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.events import withdraw_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.restore import restore_ledger
from kmtrack.usecases.undo import undo_command
from kmtrack.views.check import render_check

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

OTHER_CVR: Final = "13585628"


def _work(session: Session, cvr: str, name: str) -> None:
    add_company(session, {"name": name, "cvr": cvr, "municipality": "Viborg", "employees": "9"})
    contact = add_contact(session, cvr, {"date": "2011-03-01", "person": f"Inger {name}"})
    withdraw_event(session, "contact", contact.record["id"], f"aflyst af Inger {name}")
    add_contact(session, cvr, {"date": "2011-04-01"})


@pytest.fixture
def merged(session: Session, other: Session) -> Session:
    """Return the session over a ledger with commands of two brokers, of which one arrived."""
    _work(session, CVR, "Alfa")
    _work(other, OTHER_CVR, "Beta")
    merge_ledgers(session, [other.store.location])
    add_contact(session, OTHER_CVR, {"date": "2011-05-01"})
    return session


def _kinds(store: Store, *digests: str) -> set[str]:
    return {issue.kind for issue in check_ledger(store, digests).damage}


def test_commands_of_every_kind_are_whole(merged: Session) -> None:
    undo_command(merged)
    assert _kinds(merged.store) == set()
    assert [each.older for each in coverage(merged.store)] == [0, 0]


# The lines of a tester, and other edits of the same kinds.
EDITS: Final = {
    "a reason": "UPDATE command SET reason = 'brev fra regionen' WHERE reason LIKE 'aflyst%'",
    "a reason where none was": "UPDATE command SET reason = 'x' WHERE name = 'contact add'",
    "a reason taken out": "UPDATE command SET reason = NULL WHERE reason LIKE 'aflyst%'",
    "a reason and its key taken out": (
        "UPDATE command SET reason = NULL, reason_secret = NULL WHERE reason LIKE 'aflyst%'"
    ),
    "a key": "UPDATE command SET reason_secret = 'zz' WHERE reason LIKE 'aflyst%'",
    "a key where no reason is": "UPDATE command SET reason_secret = 'ab' WHERE name = 'init'",
    "no key": "UPDATE command SET reason_secret = NULL WHERE reason LIKE 'aflyst%'",
    "arrivals": "UPDATE command SET arrived_at = NULL",
    "one arrival": (
        "UPDATE command SET arrived_at = '2011-01-01T00:00:00.000000Z' WHERE number ="
        " (SELECT max(number) FROM command WHERE arrived_at IS NOT NULL)"
    ),
    "an arrival of what was made here": (
        "UPDATE command SET arrived_at = recorded_at WHERE number ="
        " (SELECT max(number) FROM command)"
    ),
    "a command added at the end": (
        "INSERT INTO command (number, token, recorded_at, recorded_by, name, reason, previous)"
        " SELECT 999, '00000000000000000000000000000001', recorded_at, recorded_by,"
        " 'contract amend', 'regionen har godkendt alt', previous FROM command WHERE number = 1"
    ),
    "a command added in front": (
        "INSERT INTO command (number, token, recorded_at, recorded_by, name, previous)"
        " SELECT 0, '00000000000000000000000000000001', recorded_at, recorded_by, 'undo', previous"
        " FROM command WHERE number = 1"
    ),
    "a command added as one that arrived": (
        "INSERT INTO command (number, token, recorded_at, recorded_by, name, previous, arrived_at)"
        " SELECT number + 1, '00000000000000000000000000000001', recorded_at, recorded_by, 'undo',"
        " previous, recorded_at FROM command WHERE number = (SELECT max(number) FROM command)"
    ),
    "a copy of a command with its digest": (
        "INSERT INTO command (number, token, recorded_at, recorded_by, name, reason, previous,"
        " reason_secret, digest, follows)"
        " SELECT number + 1, '00000000000000000000000000000001', recorded_at, recorded_by, name,"
        " reason, previous, reason_secret, digest, follows FROM command"
        " WHERE number = (SELECT max(number) FROM command)"
    ),
    "an arrival of the first command": (
        "UPDATE command SET arrived_at = recorded_at WHERE number = 1"
    ),
    "a login": "UPDATE command SET login = 'somebody' WHERE number = 2",
    "a login without a name": "UPDATE command SET login = '' WHERE number = 2",
    "a digest taken out": "UPDATE command SET digest = NULL WHERE number = 3",
    "a digest": "UPDATE command SET digest = 'ab' WHERE number = 3",
    "all digests": "UPDATE command SET digest = NULL, follows = NULL WHERE number > 3",
    "what it follows": "UPDATE command SET follows = 'ab' WHERE number = 3",
    "who gave it": "UPDATE command SET recorded_by = 'XX' WHERE number = 3",
    "when": "UPDATE command SET recorded_at = '2011-01-01T00:00:00.000000Z' WHERE number = 3",
    "no moment": "UPDATE command SET recorded_at = '' WHERE number = 3",
    "no moment of the clock": "UPDATE command SET stated_at = '' WHERE number = 3",
    "when the clock said": (
        "UPDATE command SET stated_at = '2011-01-01T00:00:00.000000Z' WHERE number = 3"
    ),
    "what the clock said, though that is in force": (
        "UPDATE command SET stated_at = recorded_at WHERE number = 3"
    ),
    "which": "UPDATE command SET name = 'undo' WHERE number = 3",
    "a token": "UPDATE command SET token = '00000000000000000000000000000001' WHERE number = 3",
    "the key of a reason": (
        "UPDATE command SET reason_secret = reason_secret || ' ' WHERE reason_secret IS NOT NULL"
    ),
    "the key of texts": "UPDATE entry SET secret = secret || ' ' WHERE secret IS NOT NULL",
    "the key of a name": "UPDATE person SET secret = secret || ' '",
    "a blank among facts": "UPDATE entry SET facts = facts || ' ' WHERE secret IS NOT NULL",
    "a fact stated twice": (
        "UPDATE entry SET facts = '{\"name\":\"x\",' || substr(facts, 2) WHERE noun = 'company'"
    ),
    "no outcome": "UPDATE tally SET outcome = '' WHERE outcome = 'counted'",
    "what came before it": "UPDATE command SET previous = '' WHERE number = 3",
}
REFUSED_BY_SERVERS: Final = {"a command added in front", "no moment", "no moment of the clock"}


@pytest.mark.everyday(5)
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_commands_is_found(merged: Session, edit: str) -> None:
    if merged.store.is_served and edit in REFUSED_BY_SERVERS:
        pytest.skip("a server has no such numbers and moments")
    before = check_ledger(merged.store).damage
    merged.store.run(EDITS[edit])
    after = check_ledger(merged.store)
    assert (before, bool(after.damage)) == ([], True)
    assert all(render_check(after))


def _forget(store: Store, where: str) -> None:
    """Remove commands with their entries, as nobody does who uses kmtrack."""
    numbers = f"SELECT number FROM command WHERE {where}"
    store.run(f"DELETE FROM entry WHERE command IN ({numbers})")
    store.run(f"DELETE FROM command WHERE {where}")


def _renumber(store: Store, old: int, new: int) -> None:
    """Give a command another number, with its entries."""
    columns = "token || 'x', recorded_at, recorded_by, name, reason, previous, arrived_at, login,"
    store.run(
        "INSERT INTO command (number, token, recorded_at, recorded_by, name, reason, previous,"
        f" arrived_at, login, reason_secret, digest, follows) SELECT :new, {columns}"
        " reason_secret, digest, follows FROM command WHERE number = :old",
        new=new,
        old=old,
    )
    store.run("UPDATE entry SET command = :new WHERE command = :old", new=new, old=old)
    token = store.get("SELECT token FROM command WHERE number = :old", old=old)[0]
    store.run("DELETE FROM command WHERE number = :old", old=old)
    store.run("UPDATE command SET token = :token WHERE number = :new", token=token, new=new)


def test_a_command_taken_away_is_found(merged: Session) -> None:
    _forget(merged.store, "number = 5")
    assert "command_order" in _kinds(merged.store)


def test_all_commands_of_somebody_taken_away_are_found(merged: Session) -> None:
    _forget(merged.store, "recorded_by = 'MK'")
    assert _kinds(merged.store) >= {"command_order", "arrival_altered"}


def test_a_number_that_was_skipped_is_found(merged: Session) -> None:
    last = merged.store.get("SELECT max(number) FROM command")[0]
    _renumber(merged.store, last, last + 7)
    assert _kinds(merged.store) == {"command_order"}


def test_two_commands_that_changed_places_are_found(merged: Session) -> None:
    arrived = "SELECT {}(number) FROM command WHERE arrived_at IS NOT NULL"
    first, last = (merged.store.get(arrived.format(end))[0] for end in ("min", "max"))
    for old, new in ((first, 900), (last, first), (900, last)):
        _renumber(merged.store, old, new)
    assert "arrival_altered" in _kinds(merged.store)


def test_a_merge_taken_away_leaves_commands_that_came_by_nothing(
    session: Session, other: Session
) -> None:
    _work(other, OTHER_CVR, "Beta")
    merge_ledgers(session, [other.store.location])
    _forget(session.store, "name = 'merge'")
    assert _kinds(session.store) == {"command_added"}


def test_that_the_last_command_was_taken_away_only_a_checksum_proves(session: Session) -> None:
    register = "SELECT digest FROM entry ORDER BY number DESC LIMIT 1"
    _work(session, CVR, "Alfa")
    add_contact(session, CVR, {"date": "2011-05-01"})
    head = str(session.store.get(register)[0])
    assert _kinds(session.store, head) == set()
    undo = session.store.get("SELECT max(number) FROM command")[0]
    record = session.store.get("SELECT record_id FROM entry WHERE command = :n", n=undo)[0]
    _forget(session.store, f"number = {undo}")
    for table, column in (("verdict", "record_id"), ("contact", "id")):
        session.store.run(f"DELETE FROM {table} WHERE {column} = :id", id=record)
    session.store.run("DELETE FROM tally")
    session.store.run(
        "INSERT INTO tally (target, outcome, day, number)"
        " SELECT target, outcome, day, count(*) FROM verdict GROUP BY target, outcome, day"
    )
    assert _kinds(session.store) == set()
    assert _kinds(session.store, head) == {"head_missing"}


def test_entries_taken_from_the_last_command_are_found_if_none_is_left(session: Session) -> None:
    add_company(session, {"name": "Alfa", "cvr": CVR})
    session.store.run("DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)")
    assert "command_added" in _kinds(session.store)


def test_a_reason_is_still_covered_when_a_name_was_taken_out_of_it(session: Session) -> None:
    _work(session, CVR, "Holm")
    erase_persons(session, find_persons(session, "Inger Holm")[0])
    reason, secret = session.store.get(
        "SELECT reason, reason_secret FROM command WHERE reason IS NOT NULL"
    )
    assert (reason, len(secret)) == ("aflyst af ***", 64)
    assert _kinds(session.store) == set()
    session.store.run("UPDATE command SET reason = 'aflyst' WHERE reason IS NOT NULL")
    assert _kinds(session.store) == {"command_altered"}


def test_no_erasure_leaves_another_text_without_a_mark(session: Session) -> None:
    _work(session, CVR, "Holm")
    store = session.store
    token = store.get("SELECT token FROM command WHERE reason IS NOT NULL")[0]
    entry = store.get(
        "SELECT number, noun, record_id, facts, secret, digest FROM entry WHERE action = 'withdraw'"
    )
    left = {"reason": "godkendt af regionen"}
    with session.unit_of_work("person erase") as work:
        redact_reason(work, token, left["reason"])
        redact(store, entry, left)
        stated = {"entry": entry["digest"], "field": "reason", "left": left["reason"]}
        work.append(entry["noun"], entry["record_id"], "redact", stated)
        work.judge()
    assert _kinds(store) == {"command_altered", "entry_altered"}


def test_a_reason_that_was_redacted_is_merged_as_it_is(session: Session, other: Session) -> None:
    _work(other, OTHER_CVR, "Holm")
    erase_persons(other, find_persons(other, "Inger Holm")[0])
    merge_ledgers(session, [other.store.location])
    assert _kinds(session.store) == set()


def test_what_a_merge_brought_stays_where_it_is(session: Session, other: Session) -> None:
    _work(other, OTHER_CVR, "Beta")
    merge_ledgers(session, [other.store.location])
    _work(session, CVR, "Alfa")
    assert merge_ledgers(other, [session.store.location]).commands
    names = [row[0] for row in other.store.all("SELECT name FROM command ORDER BY number")]
    assert names.count("merge") == 1  # its own
    assert not merge_ledgers(other, [session.store.location]).commands
    assert not merge_ledgers(session, [other.store.location]).commands
    for each in (session, other):
        assert _kinds(each.store) == set()


def test_a_bundle_after_a_merge_goes_on_where_the_last_one_ended(
    session: Session, other: Session, tmp_path: Path
) -> None:
    _work(other, OTHER_CVR, "Beta")
    with session_over(ledger_in(tmp_path, "third.db"), broker="AB") as third:
        _work(session, CVR, "Alfa")
        for name in ("one.db", "two.db"):
            write_bundle(session, tmp_path / name, None)
            merge_ledgers(third, [tmp_path / name])
            assert _kinds(third.store) == set()
            with refuses("nothing_new"):
                write_bundle(session, tmp_path / "none.db", None)
            if name == "one.db":
                merge_ledgers(session, [other.store.location])
                add_contact(session, OTHER_CVR, {"date": "2011-05-02"})


@pytest.mark.parametrize("edit", ["a reason", "a digest", "what it follows"])
def test_a_ledger_whose_commands_were_altered_is_not_merged(
    session: Session, other: Session, edit: str
) -> None:
    _work(other, OTHER_CVR, "Beta")
    other.store.run(EDITS[edit])
    with refuses("foreign_damaged"):
        merge_ledgers(session, [other.store.location])


def test_a_copy_is_as_whole_as_the_ledger(merged: Session, tmp_path: Path) -> None:
    with quarantined(merged.store.location, tmp_path) as copy:
        assert check_ledger(copy).damage == []


def test_a_merge_that_erased_travels_with_what_it_tells_of_arrivals(
    session: Session, other: Session, tmp_path: Path
) -> None:
    _work(session, CVR, "Holm")
    merge_ledgers(other, [session.store.location])
    erase_persons(other, find_persons(other, "Inger Holm")[0])
    _work(session, OTHER_CVR, "Beta")
    assert merge_ledgers(session, [other.store.location]).erasures.erased
    add_contact(session, CVR, {"date": "2011-06-01"})
    with session_over(ledger_in(tmp_path, "third.db"), broker="AB") as third:
        merge_ledgers(third, [session.store.location])
        for each in (session, other, third):
            assert _kinds(each.store) == set()


@pytest.mark.everyday(1)
@pytest.mark.files
@pytest.mark.parametrize("version", range(2, SCHEMA_VERSION))  # the first is chained anew each time
def test_ledgers_of_older_versions_are_merged_both_ways(
    session: Session, tmp_path: Path, version: int
) -> None:
    _work(session, OTHER_CVR, "Beta")
    old = ledger_of_version(version, tmp_path / "old.db")
    assert merge_ledgers(session, [old]).commands
    add_contact(session, OTHER_CVR, {"date": "2011-06-01"})
    with session_over(old, broker="MK") as migrated:
        assert merge_ledgers(migrated, [session.store.location]).commands
        add_contact(migrated, OTHER_CVR, {"date": "2011-06-02"})
        undo_command(migrated)
        for each in (session, migrated):
            assert _kinds(each.store) == set()
            assert sum(covered.older for covered in coverage(each.store))
        migrated.store.run("UPDATE command SET arrived_at = NULL")
        assert "arrival_altered" in _kinds(migrated.store)


def test_a_restored_ledger_is_as_covered_as_before(merged: Session) -> None:
    made = back_up(merged.store, merged.clock)
    add_contact(merged, CVR, {"date": "2011-06-05"})
    restore_ledger(merged, made.file)
    add_contact(merged, CVR, {"date": "2011-06-06"})
    assert _kinds(merged.store) == set()
