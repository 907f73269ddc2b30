"""The store: accepted files, settings and atomic commits."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import handles
from builders import add_contact, behind, ledger_in, refuses, session_over
from kmtrack.errors import Refusal
from kmtrack.ledger.open import open_file, open_store
from kmtrack.ledger.store import errors, sqlite
from kmtrack.ledger.store.create import new_ledger
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION
from kmtrack.ledger.store.sqlite_file import FileStore
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store


pytestmark = pytest.mark.files

NOBODY = 65534
_INSERT_COMMAND = "INSERT INTO command (token, recorded_at, recorded_by, name, previous) VALUES (:key, '2011', 'JH', 'x', '')"


@pytest.fixture
def store(ledger: Path) -> Iterator[FileStore]:
    """Yield the store of a new ledger."""
    with closing(open_file(ledger)) as store:
        yield store


@pytest.fixture
def ordinary(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder, as a user whom file permissions bind even if root runs the tests."""
    if sys.platform == "win32":
        pytest.skip("Windows keeps other rights than these")
    if os.geteuid() != 0:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, NOBODY, NOBODY)
        try:
            os.seteuid(NOBODY)
        except PermissionError:
            pytest.skip("root may not become somebody else here")
        try:
            yield Path(folder)
        finally:
            os.seteuid(0)


# What is opened, and what is refused.


def test_a_ledger_opens(ledger: Path) -> None:
    with closing(open_store(ledger)) as store:
        assert store.get("SELECT count(*) FROM contract")[0] == 1


def nothing(path: Path) -> None:
    path.unlink(missing_ok=True)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("kmtrack" * 100, encoding="utf-8")


def header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


def somebody_elses(path: Path) -> None:
    path.unlink()
    with behind(path) as connection:
        connection.execute("CREATE TABLE company (id TEXT)")


def newer(path: Path) -> None:
    with behind(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribbled_over(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 4000 + content[4100:])


REFUSED = [
    pytest.param(nothing, "ledger_missing", id="missing"),
    pytest.param(folder, "ledger_is_folder", id="a folder"),
    pytest.param(
        fifo,
        "ledger_is_folder",
        id="a pipe",
        marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes"),
    ),
    pytest.param(empty, "ledger_empty", id="empty"),
    pytest.param(text, "not_a_ledger", id="a text"),
    pytest.param(header_only, "not_a_ledger", id="cut within its header"),
    pytest.param(somebody_elses, "not_a_ledger", id="another program's database"),
    pytest.param(newer, "ledger_newer", id="a newer version's"),
    pytest.param(cut_short, "ledger_damaged", id="cut short by a page"),
    pytest.param(halved, "ledger_damaged", id="cut in half"),
    pytest.param(scribbled_over, "ledger_damaged", id="scribbled over"),
]


@pytest.mark.parametrize(("spoil", "refusal"), REFUSED)
def test_what_is_no_whole_ledger_is_refused(ledger: Path, spoil: Any, refusal: str) -> None:
    spoil(ledger)
    with refuses(refusal) as refused:
        open_store(ledger)
    assert str(ledger) in refused.value.sentence()


@pytest.mark.parametrize("spoil", [empty, text, header_only, somebody_elses, newer, halved])
def test_what_is_refused_is_left_as_it_was(ledger: Path, spoil: Any) -> None:
    spoil(ledger)
    before = ledger.read_bytes()
    with pytest.raises(Exception, match="ledger"):
        open_store(ledger)
    assert (ledger.read_bytes(), list(ledger.parent.iterdir())) == (before, [ledger])


def test_a_missing_ledger_is_not_made_by_looking_for_it(tmp_path: Path) -> None:
    with pytest.raises(errors.LedgerMissing):
        open_store(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_nobody_may_read_is_refused(ordinary: Path) -> None:
    ledger = ledger_in(ordinary)
    ledger.chmod(0)
    with refuses("ledger_not_readable"):
        open_store(ledger)


def test_a_ledger_in_a_folder_that_nobody_may_enter_is_refused(ordinary: Path) -> None:
    closed = ordinary / "closed"
    closed.mkdir()
    ledger = ledger_in(closed)
    closed.chmod(0)
    try:
        with refuses("ledger_not_readable"):
            open_store(ledger)
    finally:
        closed.chmod(0o700)


@pytest.mark.parametrize(("file", "inside"), [(0o400, 0o700), (0o600, 0o500)])
def test_a_ledger_that_can_only_be_read_is_read_but_not_written(
    ordinary: Path, file: int, inside: int
) -> None:
    place = ordinary / "place"
    place.mkdir()
    ledger = ledger_in(place)
    ledger.chmod(file)
    place.chmod(inside)
    try:
        with session_over(ledger) as session:
            assert session.store.get("SELECT count(*) FROM contract")[0] == 1
            with refuses("ledger_read_only"):
                add_company(session, {"name": "Smedjen"})
    finally:
        place.chmod(0o700)


ODD_NAMES = ["a b.db", "æøå.db", "50%41.db", "a#b.db", "a?mode=memory.db", "a?b#c%3f.db", "'\".db"]
UNUSUAL = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")


@UNUSUAL
@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_ledger_of_an_odd_name_is_the_file_of_that_name(tmp_path: Path, name: str) -> None:
    ledger = ledger_in(tmp_path, name)
    with session_over(ledger) as session:
        add_company(session, {"name": "Smedjen"})
    with behind(ledger) as connection:
        assert connection.execute("SELECT name FROM company").fetchall() == [("Smedjen",)]
    assert list(tmp_path.iterdir()) == [ledger]


@UNUSUAL
@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_ledger_is_made_under_an_odd_name(tmp_path: Path, name: str) -> None:
    with new_ledger(tmp_path / name):
        pass
    assert [file.name for file in tmp_path.iterdir()] == [name]


@UNUSUAL
def test_a_new_ledger_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with new_ledger(tmp_path / "new" / "ledger.db"):
            pass
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "new").rglob("*")]
    assert (modes, stat.S_IMODE((tmp_path / "new").stat().st_mode)) == ([0o600], 0o700)


# How a connection is set.


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "delete"),
        ("synchronous", 3),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 10_000),
    ],
)
def test_a_connection_is_set_as_measured(store: Store, pragma: str, value: object) -> None:
    assert store.get(f"PRAGMA {pragma}")[0] == value


def test_a_ledger_that_was_put_into_wal_is_taken_out_of_it(ledger: Path) -> None:
    with behind(ledger) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    with closing(open_store(ledger)) as store:
        assert store.get("PRAGMA journal_mode")[0] == "delete"


def test_what_is_deleted_leaves_no_byte_behind(ledger: Path) -> None:
    with closing(open_store(ledger)) as store:
        store.run("INSERT INTO setting VALUES ('x', 'Unforgettable')")
        store.run("DELETE FROM setting WHERE name = 'x'")
    assert b"Unforgettable" not in ledger.read_bytes()


# Statements.


def test_the_rows_come_by_column(store: Store) -> None:
    assert [row["b"] for row in store.each("SELECT 1 AS a, :b AS b", b="two")] == ["two"]


def test_one_row_or_none(store: Store) -> None:
    assert store.one("SELECT 1 WHERE :wanted", wanted=False) is None


def test_a_row_that_must_be_there_and_is_not(store: Store) -> None:
    with pytest.raises(LookupError):
        store.get("SELECT 1 WHERE FALSE")


def test_many_rows_by_name(store: Store) -> None:
    rows = [{"value": "1", "name": "a"}, {"value": "2", "name": "b"}]
    store.run_many("INSERT INTO setting (name, value) VALUES (:name, :value)", rows)
    found = store.all("SELECT name, value FROM setting WHERE name IN ('a', 'b') ORDER BY name")
    assert [tuple(row) for row in found] == [("a", "1"), ("b", "2")]


def test_many_rows_by_a_single_name(store: Store) -> None:
    store.run_many("INSERT INTO setting VALUES (:name, :name)", [{"name": "a"}, {"name": "b"}])
    assert store.get("SELECT count(*) FROM setting WHERE name = value")[0] == 2


def test_many_rows_may_be_none(store: Store) -> None:
    before = store.get("SELECT count(*) FROM setting")[0]
    store.run_many("DELETE FROM setting WHERE name = :name", [])
    assert store.get("SELECT count(*) FROM setting")[0] == before


def test_rows_of_values_in_the_order_of_their_columns(store: Store) -> None:
    store.insert_rows("setting", ("value", "name"), iter([("1", "a"), ("2", "b")]))
    found = store.all("SELECT name, value FROM setting WHERE name IN ('a', 'b') ORDER BY name")
    assert [tuple(row) for row in found] == [("a", "1"), ("b", "2")]


def test_rows_of_values_may_be_none(store: Store) -> None:
    before = store.get("SELECT count(*) FROM setting")[0]
    store.insert_rows("setting", ("name", "value"), [])
    assert store.get("SELECT count(*) FROM setting")[0] == before


_INSERT_SETTING = "INSERT INTO setting (name, value) VALUES (:name, :value)"
_NAMES = "SELECT name FROM setting WHERE value = 'x' ORDER BY rowid"


@pytest.mark.parametrize("number", [0, 1, 3, 7])
def test_many_rows_in_their_order(store: Store, number: int) -> None:
    names = [f"n{one}" for one in range(number)]
    store.run_many(_INSERT_SETTING, ({"name": name, "value": "x"} for name in names))
    assert [row["name"] for row in store.each(_NAMES)] == names


def test_rows_that_are_refused_leave_nothing_of_the_change(ledger: Path, store: FileStore) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.writing("mine"):
        store.run(_INSERT_COMMAND, key="mine")
        store.run_many(_INSERT_SETTING, [{"name": "twice", "value": "x"}] * 2)
    assert tokens(ledger) == []
    assert store.all(_NAMES) == []


def test_what_was_inserted_is_undone_with_the_change(store: Store) -> None:
    with pytest.raises(KeyboardInterrupt), store.writing("mine"):
        store.run_many(_INSERT_SETTING, ({"name": f"n{one}", "value": "x"} for one in range(9)))
        raise KeyboardInterrupt
    assert store.all(_NAMES) == []


def test_a_statement_of_ours_that_is_wrong_is_a_fault_and_no_refusal(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError):
        store.run("SELECT nothing FROM nowhere")


# A change, whole or not at all.


def tokens(path: Path) -> list[str]:
    with behind(path) as connection:
        return [row[0] for row in connection.execute("SELECT token FROM command WHERE name = 'x'")]


def test_a_change_is_stored(ledger: Path, store: Store) -> None:
    with store.writing("mine"):
        store.run(_INSERT_COMMAND, key="mine")
    assert tokens(ledger) == ["mine"]


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), Refusal("ledger_busy")])
def test_a_change_that_raises_leaves_nothing(
    ledger: Path, store: Store, error: BaseException
) -> None:
    def change() -> None:
        with store.writing("mine"):
            store.run(_INSERT_COMMAND, key="mine")
            raise error

    with pytest.raises(type(error)):
        change()
    assert tokens(ledger) == []


def test_after_a_change_that_raised_the_next_one_is_stored(ledger: Path, store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing("one"):
        _ = 1 / 0
    with store.writing("two"):
        store.run(_INSERT_COMMAND, key="two")
    assert tokens(ledger) == ["two"]


class Failing:
    """A connection whose COMMIT fails: before or after it has stored, and for good if so told."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        stores: bool,
        for_good: bool = False,
        error: BaseException | None = None,
    ) -> None:
        self._connection = connection
        self._stores = stores
        self._for_good = for_good
        self._error = error or _io_error()
        self._has_failed = False

    def execute(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        if statement == "COMMIT":
            self._has_failed = True
            if self._stores:
                self._connection.execute(statement)
            raise self._error
        if self._has_failed and self._for_good:
            raise self._error
        return self._connection.execute(statement, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _io_error() -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error


def failing(store: Store, **how: Any) -> Store:
    real: Any = store
    connection: Any = Failing(real._connection, **how)
    return FileStore(connection, store.path)


def test_a_commit_that_fails_is_told_and_nothing_is_stored(ledger: Path, store: Store) -> None:
    spoiled = failing(store, stores=False)
    with refuses("not_stored") as refused, spoiled.writing("mine"):
        spoiled.run(_INSERT_COMMAND, key="mine")
    assert tokens(ledger) == []
    assert refused.value.facts["cause"] == Refusal("ledger_io_error", path=ledger).cause()


def test_a_commit_that_stored_in_spite_of_its_error_is_stored(ledger: Path, store: Store) -> None:
    spoiled = failing(store, stores=True)
    with spoiled.writing("mine"):
        spoiled.run(_INSERT_COMMAND, key="mine")
    assert tokens(ledger) == ["mine"]


@pytest.mark.parametrize("stores", [False, True])
def test_a_commit_after_which_nothing_can_be_read_is_said_to_be_unknown(
    store: Store, stores: bool
) -> None:
    spoiled = failing(store, stores=stores, for_good=True)
    with refuses("stored_unknown"), spoiled.writing("mine"):
        spoiled.run(_INSERT_COMMAND, key="mine")


# Several at once.


def test_a_write_that_waits_too_long_is_refused(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SECONDS_TO_WAIT", 0.05)
    with behind(ledger) as other, closing(open_store(ledger)) as store:
        other.execute("BEGIN IMMEDIATE")
        with refuses("ledger_busy"), store.writing("mine"):
            pass


def test_a_reader_sees_one_moment_and_a_write_meanwhile_is_not_stored(
    ledger: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SECONDS_TO_WAIT", 0.05)
    with closing(open_store(ledger)) as writer, store.reading():
        seen = store.get("SELECT count(*) FROM command")[0]
        with refuses("not_stored"), writer.writing("mine"):
            writer.run(_INSERT_COMMAND, key="mine")
        assert store.get("SELECT count(*) FROM command")[0] == seen
    assert tokens(ledger) == []


def test_reading_within_a_change_sees_the_change(store: Store) -> None:
    with store.writing("mine"):
        store.run(_INSERT_COMMAND, key="mine")
        with store.reading():
            found = store.one("SELECT 1 FROM command WHERE token = 'mine'")
        assert found is not None


def test_reading_ends_when_its_block_does(ledger: Path, store: Store) -> None:
    with store.reading():
        store.get("SELECT count(*) FROM command")
    with closing(open_store(ledger)) as writer, writer.writing("mine"):
        writer.run(_INSERT_COMMAND, key="mine")
    assert tokens(ledger) == ["mine"]


def _add_contacts(ledger: Path, number: int) -> None:
    with session_over(ledger) as session:
        for _ in range(number):
            add_contact(session, "Smedjen", {})


def test_threads_wait_for_each_other(ledger: Path) -> None:
    with session_over(ledger) as session:
        add_company(session, {"name": "Smedjen"})
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(_add_contacts, [ledger] * 6, [5] * 6))
    with session_over(ledger) as session:
        assert session.store.get("SELECT count(*) FROM contact")[0] == 30
        assert check_ledger(session.store).damage == []


_PROGRAM = """
import sys
from pathlib import Path
from builders import add_contact, session_over
with session_over(Path(sys.argv[1])) as session:
    for _ in range(5):
        add_contact(session, "Smedjen", {})
"""


def test_processes_wait_for_each_other(ledger: Path) -> None:
    with session_over(ledger) as session:
        add_company(session, {"name": "Smedjen"})
    command = [sys.executable, "-c", _PROGRAM, str(ledger)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    running = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert [each.wait(60) for each in running] == [0, 0, 0]
    with session_over(ledger) as session:
        assert session.store.get("SELECT count(*) FROM contact")[0] == 15
        assert check_ledger(session.store).damage == []


def test_the_same_first_contact_typed_twice_at_once_is_new_once(ledger: Path) -> None:
    with session_over(ledger) as session:
        add_company(
            session, {"name": "S", "cvr": "13748136", "municipality": "791", "employees": 9}
        )
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_add_contacts_by_number, [ledger] * 4))
    with behind(ledger) as connection:
        counted = connection.execute(
            "SELECT target, count(*) FROM verdict WHERE outcome = 'counted' GROUP BY target"
        ).fetchall()
    assert counted == [("new-contacts", 1)]


def _add_contacts_by_number(ledger: Path) -> None:
    with session_over(ledger) as session:
        add_contact(session, "13748136", {})


def test_a_journal_that_a_crash_left_is_rolled_back(ledger: Path, tmp_path: Path) -> None:
    """A copy taken in the middle of a change, journal and all, is what a crash leaves."""
    copy = tmp_path / "copy" / "ledger.db"
    copy.parent.mkdir()
    with closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        for number in range(2000):
            connection.execute(_INSERT_COMMAND, {"key": f"{number:0100}"})
        for file in ledger.parent.glob("ledger.db*"):
            shutil.copy(file, copy.parent)
    assert (copy.parent / "ledger.db-journal").exists()
    with closing(open_store(copy)) as store:
        assert store.get("SELECT count(*) FROM command WHERE name = 'x'")[0] == 0
        assert store.get("PRAGMA integrity_check")[0] == "ok"


def test_rows_that_nobody_reads_to_the_end_leave_no_noise(ledger: Path) -> None:
    store = open_store(ledger)
    rows = store.each("SELECT * FROM command UNION ALL SELECT * FROM command")
    next(rows)
    store.close()
    assert handles.open_files(ledger.parent) == []
    del rows  # what goes wrong as Python collects them it would print


def test_damage_in_the_middle_of_a_query_leaves_no_file_open(ledger: Path) -> None:
    with behind(ledger) as bare:
        bare.execute("CREATE TABLE spoiled (value TEXT)")
        bare.execute("INSERT INTO spoiled VALUES ('a'), (CAST(x'ff' AS TEXT)), ('b')")
    store = open_store(ledger)
    with pytest.raises(errors.LedgerDamaged) as refused:
        for row in store.each("SELECT value FROM spoiled"):
            assert row["value"] == "a"
    store.close()
    assert handles.open_files(ledger.parent) == []
    assert refused.value.__traceback__ is not None  # which still refers to the query


def test_ctrl_c_while_a_ledger_is_closed_leaves_no_file_open(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    store = open_store(ledger)
    monkeypatch.setattr(store, "roll_back", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.close()
    assert handles.open_files(ledger.parent) == []
    assert handles.open_connections() == []


def test_ctrl_c_that_comes_after_the_commit_is_too_late(ledger: Path, store: Store) -> None:
    interrupted = failing(store, stores=True, error=KeyboardInterrupt())
    with interrupted.writing("mine"):
        interrupted.run(_INSERT_COMMAND, key="mine")
    assert tokens(ledger) == ["mine"]


def test_ctrl_c_that_comes_before_the_commit_leaves_nothing(ledger: Path, store: Store) -> None:
    interrupted = failing(store, stores=False, error=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt), interrupted.writing("mine"):
        interrupted.run(_INSERT_COMMAND, key="mine")
    assert tokens(ledger) == []
