"""Every column of every table: a value changed, a row deleted or inserted behind the program's back is found.

What is found by nothing is listed here, and docs/proof.md says so.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import pytest

from builders import (
    add_contact,
    agreeing,
    cvr_number,
    ledger_in,
    ledger_of_version,
    session_over,
)
from kmtrack.clock import later_than
from kmtrack.errors import Refusal
from kmtrack.ledger.open import open_store
from kmtrack.ledger.schema.nouns import TABLES
from kmtrack.ledger.store.copies import remember_folder
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies
from kmtrack.usecases.correct_time import MomentSpan, correct_time
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.successions import succeed_company
from kmtrack.usecases.undo import undo_command
from kmtrack.views.check import check_as_dict, render_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

pytestmark = [pytest.mark.files, pytest.mark.slow]

# The number of an entry is its place in this file: nothing changes as long as their order stays.
UNCOVERED: Final = {("entry", "number", "a little more")}
# Of commands that an earlier version made, only what they entered is covered.
COVERED: Final = {"command": "digest IS NOT NULL"}
ROWS: Final = "company,date,person,note\n{0},2011-03-01,Ida Krog,første\n{0},2011-04-01,,anden\n"


def _work(session: Session, folder: Path) -> None:
    """Fill a ledger so that every table has rows, and every column of a command a value."""
    for number in (1, 2, 3, 4):
        values = {"name": f"Firma {number}", "cvr": cvr_number(number), "employees": "40"}
        add_company(agreeing(session), {**values, "municipality": "Viborg"})
    edit_company(session, cvr_number(1), {"employees": "300"}, "2011-05-01")
    add_company(agreeing(session), {"name": "Firma fire", "municipality": "Viborg"})
    join_companies(session, "Firma fire", cvr_number(4))
    succeed_company(session, cvr_number(1), cvr_number(2), "2011-05-01")
    table = folder / "rows.csv"
    table.write_text(ROWS.format(cvr_number(1)), encoding="utf-8")
    import_file(session, table)
    add_contact(session, cvr_number(2), {"date": "2011-06-01", "person": "Bo Krog"})
    erase_persons(session, find_persons(session, "Bo Krog")[0])
    add_contact(session, cvr_number(2), {"date": "2011-06-02"})
    undo_command(session)
    remember_folder(session.store, folder)


@cache
def _worked_on() -> bytes:
    with TemporaryDirectory() as name:
        folder = Path(name)
        ledger = ledger_of_version(5, folder / "ledger.db")
        (folder / "other").mkdir()
        other = ledger_in(folder / "other")
        with session_over(ledger) as session, session_over(other, broker="MK") as second:
            _work(session, folder)
            add_company(second, {"name": "Gamma", "cvr": cvr_number(9), "municipality": "Viborg"})
            merge_ledgers(session, [other])
            last, at = session.store.get("SELECT max(number), max(recorded_at) FROM command")
            moment = later_than(at, "")
            correct_time(session, (last, last), MomentSpan(moment, moment), "forkert ur")
        return ledger.read_bytes()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield the store of a ledger with rows in every table; each test takes back what it does."""
    path = tmp_path_factory.mktemp("columns") / "ledger.db"
    path.write_bytes(_worked_on())
    with closing(open_store(path)) as opened:
        opened.run("PRAGMA foreign_keys = OFF")
        yield opened


def test_the_ledger_has_every_table_and_is_whole(store: Store) -> None:
    assert check_ledger(store).damage == []
    empty = [table for table in TABLES if not store.get(f"SELECT count(*) FROM {table}")[0]]
    assert empty == []


def _others(value: Any) -> dict[str, object]:
    """Return values that a cell may be given in place of its own, by what is done to it."""
    if value is None:
        return {"something": "x", "a day": "2011-03-01", "a number": 1, "nothing": ""}
    others: dict[str, object] = {"nothing": None, "empty": "", "bytes": str(value).encode()}
    if isinstance(value, int | float):
        return {**others, "a little more": value + 1000, "a text": "x"}
    return {**others, "a little more": f"{value}0", "a blank": f"{value} ", "another": "x"}


def _is_found(store: Store, statement: str, **named: object) -> bool | None:
    """Tell whether a change is found, and told; None where SQLite does not allow it."""
    store.run("BEGIN")
    try:
        try:
            store.run(statement, **named)
        except (sqlite3.Error, Refusal):
            return None
        result = check_ledger(store)
        assert all(render_check(result))
        assert json.dumps(check_as_dict(result))
        return bool(result.damage)
    finally:
        store.roll_back()


def _rows(store: Store, table: str) -> list[tuple[dict[str, object], str]]:
    """Return the first, the middle and the last row of a table, each with the condition that names it."""
    keys = [row["name"] for row in store.all(f"PRAGMA table_info({table})") if row["pk"]]
    covered = COVERED.get(table, "true")
    rows = [dict(row) for row in store.all(f"SELECT * FROM {table} WHERE {covered}")]
    where = " AND ".join(f"{key} IS :key_{key}" for key in keys)
    chosen = {id(row): row for row in (rows[0], rows[len(rows) // 2], rows[-1])}
    return [({**row, **{f"key_{key}": row[key] for key in keys}}, where) for row in chosen.values()]


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_value_is_found(store: Store, table: str) -> None:
    missed = set()
    for row, where in _rows(store, table):
        for column in TABLES[table]:
            for what, value in _others(row[column]).items():
                if value == row[column]:
                    continue
                update = f"UPDATE {table} SET {column} = :value WHERE {where}"
                keys = {name: each for name, each in row.items() if name.startswith("key_")}
                if _is_found(store, update, value=value, **keys) is False:
                    missed.add((table, column, what))
    assert missed - UNCOVERED == set()


@pytest.mark.parametrize("table", TABLES)
def test_a_deleted_row_is_found(store: Store, table: str) -> None:
    missed = [
        row
        for row, where in _rows(store, table)
        if not _is_found(
            store,
            f"DELETE FROM {table} WHERE {where}",
            **{name: each for name, each in row.items() if name.startswith("key_")},
        )
    ]
    assert missed == []


@pytest.mark.parametrize("table", TABLES)
def test_an_inserted_row_is_found(store: Store, table: str) -> None:
    [(row, _), *_] = _rows(store, table)
    columns = TABLES[table]
    key = next(each["name"] for each in store.all(f"PRAGMA table_info({table})") if each["pk"])
    row = {name: row[name] for name in columns}
    row[key] = 999_999 if isinstance(row[key], int) else f"{row[key]}x"
    if table == "command":
        row["token"] = "0" * 32
    named = ", ".join(f":{name}" for name in columns)
    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({named})"
    assert _is_found(store, insert, **row)
