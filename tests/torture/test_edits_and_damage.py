"""Direct edits of the database and damaged files: the check finds every change of content."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest

from builders import add_contact, agreeing, behind, cvr_number, ledger_in, session_over
from kmtrack.errors import Refusal
from kmtrack.ledger.migrations import TRUTH
from kmtrack.ledger.open import open_store
from kmtrack.ledger.schema.nouns import text_columns_of
from kmtrack.ledger.schema.tables import SCHEMA
from kmtrack.ledger.store.copies import remember_folder
from kmtrack.usecases import check
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.check.repair import is_repairable, repair_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.events import add_event, withdraw_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.torture

# What no digest covers: the number of an entry, which is that of its place in this file.
_UNCOVERED: Final = {("entry", "number")}


_SHARE_OF_COMMANDS: Final = 0.2
_COLUMNS: Final = {
    table.name: [column.name for column in table.columns] for table in SCHEMA.sorted_tables
}


@pytest.fixture
def worked_on(tmp_path: Path) -> Path:
    """Return a ledger with records of all kinds, edits, undos, a merge and an erasure."""
    ledger = ledger_in(tmp_path)
    (tmp_path / "other").mkdir()
    other = ledger_in(tmp_path / "other")
    with session_over(ledger) as session, session_over(other, broker="MK") as second:
        for number in range(6):
            for each in (session, second)[: 1 + number % 2]:
                values = {"name": f"Firma {number}", "cvr": cvr_number(number)}
                values |= {"municipality": "Viborg", "employees": str(40 + number)}
                add_company(agreeing(each), values)
                for day in range(1, 5):
                    facts = {"date": f"2011-03-{day:02}", "note": f"note {day}"}
                    facts["person"] = f"Person {day}"
                    add_contact(each, cvr_number(number), facts)
        add_event(session, "hire", cvr_number(1), {"agreed": "2011-05-01", "level": "master"})
        add_event(session, "collaboration", cvr_number(1), {"kind": "project"})
        edit_company(session, cvr_number(2), {"employees": "300"}, "2011-04-01")
        gone = add_contact(session, cvr_number(3), {"date": "2011-05-05"})
        withdraw_event(session, "contact", gone.record["id"], "aflyst")
        undo_command(session)
        table = tmp_path / "rows.csv"
        table.write_text(f"company,date\n{cvr_number(4)},2011-03-09\n", encoding="utf-8")
        import_file(session, table)
        remember_folder(session.store, tmp_path)
        merge_ledgers(session, [other])
        erase_persons(session, find_persons(session, "Person 4")[0])
    return ledger


def _cells(ledger: Path) -> list[tuple[str, str, int]]:
    """Return every cell that a digest, a projected row, a verdict or a seal covers."""
    with behind(ledger) as bare:
        tables = [
            name for (name,) in bare.execute("SELECT name FROM sqlite_schema WHERE type='table'")
        ]
        found = []
        for table in tables:
            columns = [row[1] for row in bare.execute(f"PRAGMA table_info({table})")]
            number = bare.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            found += [
                (table, column, row)
                for column in columns
                for row in range(number)
                if (table, column) not in _UNCOVERED
            ]
    return found


def _other(value: Any, chance: random.Random) -> Any:
    """Return a value that differs slightly from this one."""
    if value is None:
        return chance.choice(("x", "2011-03-01", 1))
    if isinstance(value, (int, float)):
        return value + chance.choice((1, -1, 1000))
    if not value:
        return "x"
    at = chance.randrange(len(value))
    other = chance.choice("0123456789abcdefghijklmnop".replace(value[at], ""))
    ways = (value[:at] + other + value[at + 1 :], value + "0", value[:-1], value.encode(), None)
    return chance.choice(ways)


def _edit(ledger: Path, cell: tuple[str, str, int], chance: random.Random) -> bool:
    """Change a cell directly in the file; return whether SQLite allowed it."""
    table, column, row = cell
    with closing(sqlite3.connect(ledger)) as bare:
        key = [info[1] for info in bare.execute(f"PRAGMA table_info({table})") if info[5]]
        keys = ", ".join(f'"{name}"' for name in key)
        found = bare.execute(
            f'SELECT "{column}", {keys} FROM {table} ORDER BY {keys} LIMIT 1 OFFSET ?', (row,)
        ).fetchone()
        where = " AND ".join(f'"{name}" IS ?' for name in key)
        value = _other(found[0], chance)
        try:
            bare.execute(f'UPDATE {table} SET "{column}" = ? WHERE {where}', (value, *found[1:]))
            now = bare.execute(
                f'SELECT count(*) FROM {table} WHERE "{column}" IS ?', (found[0],)
            ).fetchone()
            del now
        except sqlite3.IntegrityError:
            return False
        bare.commit()
    return True


def test_every_edit_behind_the_programs_back_is_found(
    worked_on: Path,
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    chance = random.Random(17)
    cells = _cells(worked_on)
    copy = tmp_path / "copy.db"
    edits = times(1000, 100)
    missed = []
    done = 0
    while done < edits:
        shutil.copy(worked_on, copy)
        cell = chance.choice(cells)
        if (
            not _edit(copy, cell, chance)
            or not _differs(worked_on, copy)
            or _is_nothing(copy, cell)
        ):
            continue
        done += 1
        if _is_accepted(copy):
            missed.append(cell)
    told("single edits", f"{done} edits: {done - len(missed)} found")
    assert not missed, missed


def test_every_column_of_commands_is_covered(worked_on: Path, tmp_path: Path) -> None:
    chance, copy = random.Random(5), tmp_path / "copy.db"
    missed = []
    for cell in _cells(worked_on):
        if cell[0] == "command" and chance.random() < _SHARE_OF_COMMANDS:
            shutil.copy(worked_on, copy)
            if _edit(copy, cell, chance) and _is_accepted(copy):
                missed.append(cell)
    assert not missed, missed


def _is_nothing(ledger: Path, cell: tuple[str, str, int]) -> bool:
    """Return whether a cell has no content: the secret of no text."""
    table, column, row = cell
    with closing(sqlite3.connect(ledger)) as bare:
        if (table, column) != ("entry", "secret"):
            return False
        noun, facts = bare.execute(
            "SELECT noun, facts FROM entry ORDER BY number LIMIT 1 OFFSET ?", (row,)
        ).fetchone()
    stated = json.loads(facts)
    return not any(isinstance(stated.get(name), str) for name in text_columns_of(noun))


def test_every_row_taken_away_is_found(worked_on: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    for table in sorted({table for table, _, _ in _cells(worked_on)}):
        shutil.copy(worked_on, copy)
        with closing(sqlite3.connect(copy)) as bare:
            key = [info[1] for info in bare.execute(f"PRAGMA table_info({table})") if info[5]]
            first = f'"{key[0]}"'
            bare.execute(f"DELETE FROM {table} WHERE {first} = (SELECT min({first}) FROM {table})")
            bare.commit()
        assert not _is_accepted(copy), table


def test_all_that_entries_add_up_to_is_made_anew_from_them(worked_on: Path, tmp_path: Path) -> None:
    content = _dump(worked_on)
    copy = tmp_path / "copy.db"
    for table in sorted(set(_COLUMNS) - {*TRUTH}):
        for statement in (f"DELETE FROM {table}", f"DROP TABLE {table}"):
            shutil.copy(worked_on, copy)
            with behind(copy) as bare:
                bare.execute(statement)
            with session_over(copy) as session:
                damage = check_ledger(session.store).damage
                assert is_repairable(damage), (statement, damage)
                repair_ledger(session.store, damage, session.clock)
                assert check_ledger(session.store).damage == []
            assert _sorted(_dump(copy)) == _sorted(content), statement


def _sorted(content: dict[str, list[tuple[Any, ...]]] | None) -> object:
    return {table: sorted(rows, key=repr) for table, rows in (content or {}).items()}


def _differs(one: Path, other: Path) -> bool:
    return _dump(one) != _dump(other)


def _dump(path: Path) -> dict[str, list[tuple[Any, ...]]] | None:
    """Return all that digests, rows and verdicts cover, or None if SQLite cannot read it."""
    covered: dict[str, list[str]] = {}
    for table, columns in _COLUMNS.items():
        covered[table] = [c for c in columns if (table, c) not in _UNCOVERED]
    try:
        with closing(sqlite3.connect(path)) as bare:
            return {
                table: bare.execute(
                    f"SELECT {', '.join(map(_quoted, columns))} FROM {table}"
                ).fetchall()
                for table, columns in covered.items()
            }
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def _quoted(name: str) -> str:
    return f'"{name}"'


def _is_accepted(path: Path) -> bool:
    """Return whether kmtrack accepts a ledger as undamaged; otherwise it must report the damage."""
    try:
        with closing(open_store(path)) as store:
            return check_ledger(store).damage == []
    except Refusal:
        return False


def test_damaged_files_are_found_and_left_as_they_are(
    worked_on: Path,
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    whole = worked_on.read_bytes()
    content = _dump(worked_on)
    chance = random.Random(23)
    copy, target = tmp_path / "copy.db", tmp_path / "target.db"
    fresh = ledger_in(tmp_path, "fresh.db")
    number = times(3000, 150)
    changed = unfound = 0
    for _ in range(number):
        spoiled = _spoiled(whole, chance)
        copy.write_bytes(spoiled)
        differs = _dump(copy) != content
        changed += differs
        if differs and _is_accepted(copy):
            unfound += 1
        copy.write_bytes(spoiled)
        shutil.copy(fresh, target)
        with session_over(target) as session:
            try:
                merge_ledgers(session, [copy])
            except Refusal:
                pass
            else:
                assert check_ledger(session.store).damage == []
        assert copy.read_bytes() == spoiled
    told(
        "damaged files",
        f"{number} files, {changed} with other content: {unfound} not found, 0 tracebacks, 0 written to",
    )
    assert unfound == 0


def _spoiled(whole: bytes, chance: random.Random) -> bytes:
    """Return a ledger damaged as by a bad disk, a broken download or a malicious sender."""
    spoiled = bytearray(whole)
    way = chance.randrange(6)
    if way == 0:
        del spoiled[chance.randrange(len(spoiled)) :]
    elif way == 1:
        page = 4096 * chance.randrange(len(spoiled) // 4096)
        spoiled[page : page + 4096] = bytes(4096)
    elif way == 2:
        pages = [4096 * chance.randrange(1, len(spoiled) // 4096) for _ in range(2)]
        one, other = (spoiled[at : at + 4096] for at in pages)
        spoiled[pages[0] : pages[0] + 4096], spoiled[pages[1] : pages[1] + 4096] = other, one
    else:
        for _ in range(chance.choice((1, 1, 2, 8, 200))):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


@pytest.mark.parametrize(
    "blind", ["altered_entries", "altered_commands", "differing_verdicts", "altered_persons"]
)
def test_a_check_that_looks_away_is_noticed(
    worked_on: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blind: str
) -> None:
    """A check with one of its steps disabled misses an edit that the whole check finds."""
    edits = {
        "altered_entries": "UPDATE entry SET secret = replace(secret, 'a', 'b')",
        "altered_commands": "UPDATE command SET arrived_at = NULL",
        "differing_verdicts": "UPDATE verdict SET brokers = 'ZZ'",
        "altered_persons": "UPDATE person SET name = name || 'x' WHERE name IS NOT NULL",
    }
    with behind(worked_on) as bare:
        bare.execute(edits[blind])
    assert not _is_accepted(worked_on)
    from kmtrack.usecases.check import integrity

    for module in (check, integrity):
        if hasattr(module, blind):
            monkeypatch.setattr(module, blind, lambda _: iter(()))
    assert _is_accepted(worked_on)
