"""Ledgers of one history of version 1 that were migrated one by one are merged, both ways."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from builders import (
    TODAY,
    add_contact,
    agreeing,
    behind,
    ledger_in,
    ledger_of_version,
    refuses,
    session_over,
)
from kmtrack.ledger.entries import Chain, CommandHeader, Entry
from kmtrack.ledger.queries.targets import totals
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.erasure_plan import plan_of_person, plan_of_texts
from kmtrack.usecases.events import edit_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons
from kmtrack.usecases.undo import undo_command

COMPANY: Final = "cnf94f96p2q"

pytestmark = pytest.mark.files


@cache
def _content(name: str) -> bytes:
    """Return a ledger that was migrated from version 1; each name has digests of its own."""
    with tempfile.TemporaryDirectory(prefix=name) as folder:
        path = ledger_of_version(1, Path(folder) / "ledger.db")
        with session_over(path):
            return path.read_bytes()


def _migrated(folder: Path, name: str) -> Path:
    path = folder / name / "ledger.db"
    path.parent.mkdir()
    path.write_bytes(_content(name))
    return path


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Return two ledgers that were one in version 1."""
    return _migrated(tmp_path, "one"), _migrated(tmp_path, "other")


def _contact(path: Path, day: str, broker: str = "JH", **facts: str) -> str:
    with session_over(path, broker=broker) as session:
        values = {"date": day, "note": f"set {day}", **facts}
        return str(add_contact(agreeing(session), COMPANY, values).record["id"])


def _merged(into: Path, *others: Path) -> int:
    """Merge ledgers into one; return how many commands that brought."""
    with session_over(into) as session:
        result = merge_ledgers(session, list(others))
        assert check_ledger(session.store).damage == []
        return result.commands


def _numbers(path: Path) -> object:
    with session_over(path) as session:
        return totals(session.store, TODAY)


def _erase(path: Path, name: str) -> None:
    with session_over(path) as session:
        plan = plan_of_person(session, name)
        erase_persons(session, *plan.persons)


def test_two_migrations_of_one_history_are_merged(two: tuple[Path, Path]) -> None:
    one, other = two
    assert _merged(one, other) == 0
    _contact(one, "2011-06-21")
    _contact(other, "2011-06-22")
    _contact(other, "2011-06-23", "KP")
    before = _numbers(one)
    assert _merged(one, other) == 2
    assert _merged(other, one) == 1
    assert _numbers(one) == _numbers(other) != before
    _contact(one, "2011-06-24")
    assert _merged(other, one) == 1
    assert _numbers(one) == _numbers(other)


def test_a_new_ledger_takes_from_both(two: tuple[Path, Path], tmp_path: Path) -> None:
    for path, day in zip(two, ("2011-06-21", "2011-06-22"), strict=True):
        _contact(path, day)
    shared = ledger_in(tmp_path, "shared.db")
    assert _merged(shared, *two) == 21
    _contact(two[1], "2011-06-23")
    assert _merged(shared, two[1]) == 1


@pytest.mark.slow
def test_a_third_laptop_takes_from_both(two: tuple[Path, Path], tmp_path: Path) -> None:
    one, other = two
    third = _migrated(tmp_path, "third")
    _contact(one, "2011-06-21")
    _contact(other, "2011-06-22")
    assert _merged(third, one, other) == 2
    assert _merged(one, third) == _merged(other, one) == 1
    assert _numbers(one) == _numbers(other) == _numbers(third)


def test_what_was_never_migrated_is_merged_into_its_migrated_self(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    one, _ = two
    _contact(one, "2011-06-21")
    kept = ledger_of_version(1, tmp_path / "kept.db")
    assert _merged(one, kept) == 0


def test_an_undo_of_what_both_have_is_one_on_both(two: tuple[Path, Path]) -> None:
    one, other = two
    contact = _contact(one, "2011-06-21")
    with session_over(one) as session:
        edit_event(session, "contact", contact, {"note": "another"})
        undo_command(session)
    assert _merged(other, one) == 3
    assert _numbers(one) == _numbers(other)


@pytest.mark.slow
@pytest.mark.parametrize("is_erased_first", [True, False], ids=["before", "after"])
def test_what_one_erased_is_erased_in_both(
    two: tuple[Path, Path], *, is_erased_first: bool
) -> None:
    one, other = two
    for path, day in ((one, "2011-06-21"), (other, "2011-06-22")):
        _contact(path, day, note="Ane Berg ringer", person="Ane Berg")
    if not is_erased_first:
        _merged(one, other)
        _merged(other, one)
    _erase(one, "Ane Berg")
    _merged(other, one)
    _merged(one, other)
    for path in two:
        assert b"Ane Berg" not in path.read_bytes()
        with session_over(path) as session:
            assert check_ledger(session.store).damage == []
    assert _numbers(one) == _numbers(other)


def test_a_text_of_version_1_that_one_erased_goes_in_the_other(two: tuple[Path, Path]) -> None:
    one, other = two
    for path in two:
        assert b"talte om" in path.read_bytes()
    with session_over(one) as session:
        plan = plan_of_texts(session, ["talte om"])
        erase_persons(session, *plan.persons, texts=plan.texts)
    assert _merged(other, one) >= 1
    assert b"talte om" not in other.read_bytes()
    assert _merged(one, other) == 0
    assert b"talte om" not in one.read_bytes()


@pytest.mark.parametrize("action", ["altered", "of another moment"])
def test_a_shared_history_that_says_something_else_is_refused(
    two: tuple[Path, Path], action: str
) -> None:
    one, other = two
    with behind(other) as bare:
        bare.row_factory = sqlite3.Row
        command = dict(bare.execute("SELECT * FROM command WHERE number = 11").fetchone())
        row = dict(bare.execute("SELECT * FROM entry WHERE command = 11").fetchone())
        facts = json.loads(row["facts"])
        if action == "altered":
            facts["date"] = "2011-06-03"
        else:
            command["recorded_at"] = command["recorded_at"].replace("379447", "379446")
        header = CommandHeader(*(command[name] for name in CommandHeader._fields))
        entry, covered = Entry.new(row["noun"], row["record_id"], row["action"], facts)
        digest = Chain(header, command["previous"]).add(entry, covered)
        bare.execute(
            "UPDATE entry SET facts = ?, digest = ?, secret = ? WHERE number = ?",
            (entry.facts, digest, entry.secret, row["number"]),
        )
        bare.execute(
            "UPDATE command SET recorded_at = ? WHERE number = 11", (command["recorded_at"],)
        )
        bare.commit()
    with session_over(one) as session, refuses("command_differs"):
        merge_ledgers(session, [other])
