"""Creation of a ledger, completely or not at all, and the constraints of its tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from builders import CVR, behind, refuses
from kmtrack.ledger.open import open_file
from kmtrack.ledger.schema import tables
from kmtrack.ledger.schema.nouns import NOUNS, REFERENCES
from kmtrack.ledger.schema.tables import statements
from kmtrack.ledger.store import create
from kmtrack.ledger.store.create import new_ledger
from kmtrack.ledger.store.sqlite import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger is to be made."""
    return tmp_path / "ledger.db"


@pytest.fixture
def connection(ledger: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a ledger that keeps its constraints."""
    with closing(open_file(ledger)) as store:
        yield store._connection


def test_a_new_ledger_is_marked_as_ours(path: Path) -> None:
    with new_ledger(path):
        pass
    with behind(path) as connection:
        marks = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        ]
    assert marks == [APPLICATION_ID, SCHEMA_VERSION]


def test_a_new_ledger_has_every_table(path: Path) -> None:
    with new_ledger(path):
        pass
    with behind(path) as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert {row[0] for row in found} == set(tables.SCHEMA.tables)


def test_what_is_stored_while_it_is_made_is_in_it(path: Path) -> None:
    with new_ledger(path) as store:
        store.run("INSERT INTO setting VALUES ('a', 'b')")
    with behind(path) as connection:
        assert connection.execute("SELECT * FROM setting").fetchall() == [("a", "b")]


def test_it_appears_only_when_it_is_made(path: Path) -> None:
    with new_ledger(path):
        assert not path.exists()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("in_the_middle", [False, True])
def test_it_leaves_nothing_behind_when_the_block_raises(
    path: Path, error: type[BaseException], in_the_middle: bool
) -> None:
    def make() -> None:
        with new_ledger(path) as store:
            if in_the_middle:
                store.run("BEGIN IMMEDIATE")
                store.run("INSERT INTO setting VALUES ('a', 'b')")
            raise error

    with pytest.raises(error):
        make()
    assert list(path.parent.iterdir()) == []


def test_it_leaves_nothing_behind_when_the_tables_cannot_be_made(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kmtrack.ledger.schema.tables.statements", lambda: iter(["CREATE TABLE a (b)", "rubbish"])
    )
    with pytest.raises(sqlite3.OperationalError), new_ledger(path):
        pass
    assert list(path.parent.iterdir()) == []


def test_a_file_that_is_there_stays_as_it_is(path: Path) -> None:
    path.write_text("mine", encoding="utf-8")
    with refuses("ledger_exists"), new_ledger(path):
        pass
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_there_is_no_place_for_it(path: Path) -> None:
    path.mkdir()
    with refuses("ledger_exists"), new_ledger(path):
        pass


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
def test_a_ledger_that_another_process_made_meanwhile_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        _without_hard_links(monkeypatch)

    def make() -> None:
        with new_ledger(path):
            path.write_text("theirs", encoding="utf-8")

    with refuses("ledger_exists"):
        make()
    assert [(file, file.read_text(encoding="utf-8")) for file in path.parent.iterdir()] == [
        (path, "theirs")
    ]


def test_it_is_made_where_there_are_no_hard_links(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_hard_links(monkeypatch)
    with new_ledger(path):
        pass
    assert list(path.parent.iterdir()) == [path]


def _without_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path, __: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)


def test_the_folders_above_it_are_made(path: Path) -> None:
    below = path.parent / "one" / "two" / "ledger.db"
    with new_ledger(below):
        pass
    assert below.is_file()


def test_a_folder_that_is_a_file_cannot_hold_it(path: Path) -> None:
    path.touch()
    with refuses("folder_cannot_hold_ledger"), new_ledger(path / "ledger.db"):
        pass


def test_a_shared_place_cannot_hold_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create, "is_shared", lambda _: True)
    with refuses("shared_place"), new_ledger(path):
        pass
    assert list(path.parent.iterdir()) == []


# The tables.


@pytest.mark.parametrize("noun", NOUNS)
def test_the_columns_of_a_noun_are_those_of_its_table(noun: str) -> None:
    assert set(NOUNS[noun].columns) == set(tables.SCHEMA.tables[noun].columns.keys())


def test_the_references_of_the_nouns_are_the_foreign_keys_of_their_tables() -> None:
    keys = {
        (table.name, key.parent.name, key.column.table.name)
        for table in tables.SCHEMA.tables.values()
        if table.name in NOUNS
        for key in table.foreign_keys
    }
    assert keys == set(REFERENCES)


def test_each_statement_makes_one_thing_once() -> None:
    made = list(statements())
    assert len(made) == len(set(made))


# Each record's days, with the other columns that must be there.
RECORD = {"id": "x1", "recorded_at": "2011-06-30"}
OF_METHOD = {**RECORD, "method_id": "m1", "date": "2011-03-01"}
ROWS: dict[str, dict[str, object]] = {
    "company": {**RECORD, "name": "X", "name_key": "x", "kind": "company"},
    "succession": {
        **RECORD,
        "company_id": "c1",
        "successor_id": "c1",
        "since": "2011-03-01",
    },
    "contact": {**RECORD, "company_id": "c1", "date": "2011-03-01", "channel": "visit"},
    "collaboration": {**RECORD, "company_id": "c1", "kind": "project"},
    "hire": {**RECORD, "company_id": "c1", "terms": "ordinary"},
    "method": {**RECORD, "name": "X", "kind": "tool", "audience": "both", "date": "2011-03-01"},
    "assessment": {**OF_METHOD, "verdict": "keep", "text": "x"},
    "dissemination": {**OF_METHOD, "audience": "companies", "how": "x"},
    "delivery": {**RECORD, "target": "x", "step": "log", "date": "2011-03-01"},
    "survey": {
        **RECORD,
        "questionnaire": "x",
        "asks": "company",
        "wave": "after",
        "date": "2011-03-01",
        "answers": "{}",
    },
}
DAYS = sorted(
    (noun, column) for noun, of in NOUNS.items() if of.facts for column in of.facts.days()
)


def insert(connection: sqlite3.Connection, noun: str, **columns: object) -> None:
    row = {**ROWS[noun], **columns}
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join("?" for _ in row)
    connection.execute(f"INSERT INTO {noun} ({names}) VALUES ({values})", tuple(row.values()))


@pytest.fixture
def with_company(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return a ledger with the company c1 and the method m1."""
    insert(connection, "company", id="c1")
    insert(connection, "method", id="m1")
    return connection


def test_every_day_of_every_noun_is_tried_below() -> None:
    assert {noun for noun, _ in DAYS} == set(ROWS)


@pytest.mark.parametrize(("noun", "column"), DAYS)
@pytest.mark.parametrize("day", ["2011-02-31", "2011-2-1", "1.3.2011", "2011-03-01 12:00", ""])
def test_a_day_that_is_none_is_refused(
    with_company: sqlite3.Connection, noun: str, column: str, day: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=f"{column}_is_a_day"):
        insert(with_company, noun, **{column: day})


@pytest.mark.parametrize(("noun", "column"), DAYS)
@pytest.mark.parametrize("day", ["2011-02-28", "2012-02-29", "0001-01-01"])
def test_a_day_that_is_one_is_kept(
    with_company: sqlite3.Connection, noun: str, column: str, day: str
) -> None:
    insert(with_company, noun, **{column: day})
    found = with_company.execute(f'SELECT "{column}" FROM {noun} WHERE id = ?', ("x1",))
    assert found.fetchone()[0] == day


def test_two_companies_cannot_have_one_number(connection: sqlite3.Connection) -> None:
    insert(connection, "company", id="c1", cvr=CVR)
    with pytest.raises(sqlite3.IntegrityError, match=r"company\.cvr"):
        insert(connection, "company", id="c2", cvr=CVR)


def test_a_company_that_is_withdrawn_gives_its_number_free(connection: sqlite3.Connection) -> None:
    insert(connection, "company", id="c1", cvr=CVR, withdrawn="typed twice")
    insert(connection, "company", id="c2", cvr=CVR)
    insert(connection, "company", id="c3", cvr=CVR, withdrawn="typed thrice")
    assert connection.execute("SELECT count(*) FROM company").fetchone()[0] == 3


def test_companies_without_a_number_are_as_many_as_they_are(
    connection: sqlite3.Connection,
) -> None:
    insert(connection, "company", id="c1")
    insert(connection, "company", id="c2")
    assert connection.execute("SELECT count(*) FROM company").fetchone()[0] == 2


@pytest.mark.parametrize("noun", ["contact", "collaboration", "hire"])
def test_nothing_happens_at_a_company_that_is_not_there(
    connection: sqlite3.Connection, noun: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        insert(connection, noun)


def test_nobody_is_met_who_is_not_there(with_company: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        insert(with_company, "contact", person_id="p1")


@pytest.mark.parametrize("noun", ROWS)
def test_an_id_is_given_once(with_company: sqlite3.Connection, noun: str) -> None:
    insert(with_company, noun)
    with pytest.raises(sqlite3.IntegrityError, match=rf"{noun}\.id"):
        insert(with_company, noun)


def test_a_command_is_known_by_its_token(connection: sqlite3.Connection) -> None:
    statement = """
        INSERT INTO command (token, recorded_at, recorded_by, name, previous)
        VALUES ('one', '2011', 'JH', 'x', '')
    """
    connection.execute(statement)
    with pytest.raises(sqlite3.IntegrityError, match=r"command\.token"):
        connection.execute(statement)
