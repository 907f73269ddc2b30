"""Migrations: a ledger of every released schema is migrated completely, once, after a backup."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import kmtrack
from builders import RELEASED, behind, ledger_of_version, refuses
from kmtrack.ledger import migrations
from kmtrack.ledger.migrations import place_of_backup, remake
from kmtrack.ledger.open import open_store
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.schema.tables import statements
from kmtrack.ledger.store import sqlite
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION
from kmtrack.usecases.check import check_ledger
from sqlite_memory import sqlite_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.files

VERSIONS: Final = range(1, SCHEMA_VERSION)
_MANY: Final = (
    "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 2000) "
    "{} FROM many"
)


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a ledger of each version before this one."""
    return ledger_of_version(request.param, tmp_path / "old.db")


def content(path: Path, table: str) -> list[Any]:
    with behind(path) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()


def test_every_earlier_version_has_its_ledger() -> None:
    assert {file.stem for file in RELEASED.iterdir()} == {str(version) for version in VERSIONS}


def test_an_older_ledger_is_whole_afterwards_and_counts_the_same(old: Path) -> None:
    verdicts, persons = content(old, "verdict"), content(old, "person")
    with closing(open_store(old)) as store:
        assert check_ledger(store).damage == []
        assert totals(store, date(2011, 6, 30))["follow-ups"].counted == 2
        assert store.all("PRAGMA foreign_key_check") == []
        assert store.get("PRAGMA foreign_keys")[0] == 1
    assert content(old, "verdict") == verdicts
    with behind(old) as connection:
        names = connection.execute("SELECT name, secret FROM person").fetchall()
    assert {name for name, _ in names} == {"Ane Berg"}
    assert len(names) == len(persons)


def test_its_tables_are_those_of_a_new_ledger(old: Path) -> None:
    open_store(old).close()
    with behind(old) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql > ''").fetchall()
    found = {sql.strip() for (sql,) in rows}
    assert found == {statement.strip() for statement in statements()}


def test_it_lies_beside_as_it_was(old: Path) -> None:
    with behind(old) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        dump = list(connection.iterdump())
    open_store(old).close()
    with behind(place_of_backup(old, version)) as connection:
        assert list(connection.iterdump()) == dump


def _altered(path: Path) -> None:
    with behind(path) as connection:
        connection.execute("UPDATE entry SET facts = replace(facts, '2011-03-02', '2011-03-01')")
        connection.commit()


def test_one_whose_entries_are_chained_again_is_left_as_it_is_if_one_was_altered(
    tmp_path: Path,
) -> None:
    old = ledger_of_version(1, tmp_path / "old.db")
    _altered(old)
    before = old.read_bytes()
    with pytest.raises(LedgerDamaged):
        open_store(old)
    assert old.read_bytes() == before


@pytest.mark.parametrize("version", VERSIONS[1:])
def test_an_altered_entry_is_found_when_it_was_brought_forward(
    version: int, tmp_path: Path
) -> None:
    old = ledger_of_version(version, tmp_path / "old.db")
    _altered(old)
    with closing(open_store(old)) as store:
        assert "entry_altered" in {issue.kind for issue in check_ledger(store).damage}


def test_what_belongs_to_this_copy_is_kept_where_it_is_remade(tmp_path: Path) -> None:
    path = ledger_of_version(VERSIONS[-1], tmp_path / "old.db")
    with closing(open_store(path)) as store:
        store.run("INSERT INTO imported_row VALUES ('k0000000001', 'abc')")
        store.run("INSERT INTO setting VALUES ('one', 'two'), ('import key', 'a')")
        remake(store, tmp_path / "kept.db", [])
    assert content(path, "imported_row")[1:] == [("k0000000001", "abc")]  # the first seals them
    assert ("one", "two") in content(path, "setting")


def test_a_newer_one_is_refused_untouched(tmp_path: Path) -> None:
    path = ledger_of_version(1, tmp_path / "new.db")
    with behind(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with refuses("ledger_newer"):
        open_store(path)
    assert path.read_bytes() == before


OPENING: Final = """
import sys
from pathlib import Path
from kmtrack.ledger.open import open_store
sys.stdin.readline()
print(open_store(Path(sys.argv[1])).get("SELECT count(*) FROM entry")[0])
"""


@pytest.mark.slow
def test_several_processes_bring_it_forward_once(tmp_path: Path) -> None:
    path = ledger_of_version(1, tmp_path / "old.db")
    number = len(content(path, "entry"))
    environment = {**os.environ, "PYTHONPATH": str(Path(kmtrack.__file__).parents[1])}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING, str(path)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert told == [str(number)] * 4
    with behind(place_of_backup(path, 1)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_one_that_is_cut_short_has_changed_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ledger_of_version(1, tmp_path / "old.db")
    before = path.read_bytes()

    def cut(*_: object, **__: object) -> Iterator[None]:
        raise KeyboardInterrupt

    monkeypatch.setattr("kmtrack.ledger.migrations.rebuild", cut)
    with pytest.raises(KeyboardInterrupt):
        open_store(path)
    assert path.read_bytes() == before
    monkeypatch.undo()
    open_store(path).close()


def test_a_larger_one_takes_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages of tables that go are taken by those that come; SQLite need not remember them."""
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, "PRAGMA cache_size = -100"))
    monkeypatch.setattr(migrations, "copy_ledger", lambda *_: None)  # it has pages of its own
    old = ledger_of_version(VERSIONS[-1], tmp_path / "old.db")
    with behind(old) as connection:
        connection.execute(
            _MANY.format("INSERT INTO name_word SELECT n || hex(zeroblob(500)), 'x'")
        )
        connection.execute(
            _MANY.format(
                "INSERT INTO entry SELECT 1000 + n, 1, 'none', 'x', 'add', hex(zeroblob(500)), '', ''"
            )
        )
    with sqlite_memory() as peak:
        open_store(old).close()
    assert old.stat().st_size > 8 * peak() > 0


@pytest.mark.parametrize("table", ["entry", "command", "person"])
def test_one_that_has_lost_what_was_stated_is_left_as_it_is(old: Path, table: str) -> None:
    with behind(old) as connection:
        connection.execute(f"DROP TABLE {table}")
    before = old.read_bytes()
    with pytest.raises(LedgerDamaged):
        open_store(old)
    assert old.read_bytes() == before
