"""The store in use: failing changes, concurrent brokers, and data that is never written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from builders import add_contact, agreeing, refuses
from kmtrack.clock import Clock, clock_from
from kmtrack.ledger.open import open_store
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.store.create import new_ledger
from kmtrack.ledger.store.sqlite import APPLICATION_ID
from kmtrack.usecases.backup import back_up_for_the_day
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.files

CLOCK = clock_from({"KMTRACK_TODAY": "2011-06-30"})


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = tmp_path_factory.mktemp("founded") / "ledger.db"
    create_ledger(ledger, NewLedger(("Viborg",), None, "JH"), CLOCK, {})
    return ledger


@pytest.fixture
def ledger(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(founded, tmp_path / "ledger.db"))


@pytest.fixture
def session(ledger: Path) -> Iterator[Session]:
    with session_at(ledger, CLOCK, {}) as found:
        yield found


def _setting(store: Store, pragma: str) -> object:
    return store.get(f"PRAGMA {pragma}")[0]


def test_a_ledger_is_kept_as_the_measurements_say(session: Session) -> None:
    found = {
        name: _setting(session.store, name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    extra = 3
    assert found == {
        "journal_mode": "delete",
        "synchronous": extra,
        "foreign_keys": 1,
        "secure_delete": 1,
    }
    assert _setting(session.store, "application_id") == APPLICATION_ID
    assert _setting(session.store, "trusted_schema") == 0


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_a_new_ledger_is_its_owners_only(founded: Path) -> None:
    assert stat.S_IMODE(founded.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["a?b.db", "a#b.db", "a%20b.db", "æøå ü.db", "a b.db", "a;b'c.db"])
def test_a_path_is_taken_as_it_is(founded: Path, tmp_path: Path, name: str) -> None:
    path = Path(shutil.copy(founded, tmp_path / name))
    store = open_store(path)
    assert store.get("SELECT count(*) FROM contract")[0] == 1
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_the_columns_of_the_tables_are_those_of_the_nouns(session: Session) -> None:
    for noun in NOUNS.values():
        columns = [row["name"] for row in session.store.all(f"PRAGMA table_info({noun.name})")]
        assert sorted(columns) == sorted(noun.columns)


def test_a_day_that_does_not_exist_is_refused_by_the_table_itself(session: Session) -> None:
    company = add_company(session, {"name": "Mols"})["id"]
    insert = (
        "INSERT INTO contact (id, recorded_at, company_id, channel, date)"
        " VALUES (:id, '2011', :company, 'visit', :day)"
    )
    with pytest.raises(sqlite3.IntegrityError):
        session.store.run(insert, id="k1", company=company, day="2011-02-31")
    session.store.run(insert, id="k1", company=company, day="2011-02-28")


def test_one_cvr_number_is_one_company_that_is_not_withdrawn(session: Session) -> None:
    first = add_company(session, {"name": "Mols", "cvr": "13748136"})["id"]
    other = add_company(session, {"name": "Hede"})["id"]
    with pytest.raises(sqlite3.IntegrityError):
        session.store.run("UPDATE company SET cvr = '13748136' WHERE id = :id", id=other)
    session.store.run("UPDATE company SET withdrawn = 'x' WHERE id = :id", id=first)
    session.store.run("UPDATE company SET cvr = '13748136' WHERE id = :id", id=other)


def test_a_change_that_fails_leaves_nothing(session: Session, ledger: Path) -> None:
    back_up_for_the_day(session.store, session.clock.today)  # its folder is noted
    before = ledger.read_bytes()
    with pytest.raises(RuntimeError), session.unit_of_work("company add") as work:
        work.add("company", {"name": "Mols", "kind": "company"})
        work.judge()
        raise RuntimeError
    assert ledger.read_bytes() == before


def test_what_sqlite_refuses_is_said_in_our_words(session: Session) -> None:
    session.store.run("PRAGMA query_only = ON")
    with refuses("ledger_read_only"):
        add_company(session, {"name": "Mols"})


def test_a_full_disk_is_said_and_leaves_nothing(session: Session, ledger: Path) -> None:
    back_up_for_the_day(session.store, session.clock.today)  # its folder is noted
    before = ledger.read_bytes()
    pages = _setting(session.store, "page_count")
    session.store.run(f"PRAGMA max_page_count = {pages}")
    with refuses("disk_full"), session.unit_of_work("company add") as work:
        for number in range(1000):
            work.add("company", {"name": f"Mols {number}", "kind": "company"})
    assert ledger.read_bytes() == before


class _FailingConnection:
    """A connection whose COMMIT fails, before or after it did its work."""

    def __init__(self, real: sqlite3.Connection, *, after: bool, unreadable: bool = False) -> None:
        self._real = real
        self._after = after
        self._unreadable = unreadable
        self._failed = False

    def execute(self, statement: str, *parameters: object) -> object:
        if statement == "COMMIT":
            self._failed = True
            if self._after:
                self._real.execute("COMMIT")
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
        if self._failed and self._unreadable:
            raise sqlite3.OperationalError("disk I/O error")
        return self._real.execute(statement, *parameters)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


def _break_commit(store: Any, *, after: bool, unreadable: bool = False) -> None:
    real = store._connection
    store._connection = _FailingConnection(real, after=after, unreadable=unreadable)


def test_an_error_out_of_commit_is_looked_into(session: Session, ledger: Path) -> None:
    _break_commit(session.store, after=True)
    assert add_company(session, {"name": "Mols"})["name"] == "Mols"  # it is stored after all
    with session_at(ledger, CLOCK, {}) as again:
        assert again.store.get("SELECT count(*) FROM company")[0] == 1


def test_an_error_out_of_commit_that_stored_nothing(session: Session, ledger: Path) -> None:
    _break_commit(session.store, after=False)
    with refuses("not_stored"):
        add_company(session, {"name": "Mols"})
    with session_at(ledger, CLOCK, {}) as again:
        assert again.store.get("SELECT count(*) FROM company")[0] == 0


def test_an_error_out_of_commit_that_nobody_can_look_into(session: Session) -> None:
    _break_commit(session.store, after=False, unreadable=True)
    with refuses("stored_unknown") as refused:
        add_company(session, {"name": "Mols"})
    assert "nothing was stored" not in refused.value.sentence()


def test_a_lock_that_is_held_too_long_is_said(session: Session, ledger: Path) -> None:
    other = sqlite3.connect(ledger, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with refuses("ledger_busy"):
            _impatient(session.store)
    finally:
        other.close()


def _impatient(store: Any) -> None:
    store._connection.execute("PRAGMA busy_timeout = 50")
    store.run("BEGIN IMMEDIATE")


@pytest.mark.slow
def test_two_brokers_at_once_wait_for_each_other(ledger: Path) -> None:
    code = (
        "import sys\n"
        "from kmtrack.cli.main import main\n"
        "for n in range(10):\n"
        "    assert main(['company', 'add', f'{sys.argv[1]} {n}', '--yes']) == 0\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "KMTRACK_LEDGER": str(ledger),
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, name], env=environment, stdout=subprocess.DEVNULL
        )
        for name in ("Mols Lys", "Hede Bogtryk", "Vester Smedje")
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    with session_at(ledger, CLOCK, {}) as session:
        assert session.store.get("SELECT count(*) FROM company")[0] == 30
        assert session.store.get("SELECT count(DISTINCT token) FROM command")[0] == 31


def test_a_ledger_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with pytest.raises(RuntimeError), new_ledger(path):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    path.write_text("somebody's file")
    with refuses("ledger_exists"), new_ledger(path):
        pass
    assert path.read_text() == "somebody's file"


@pytest.mark.parametrize("folder", ["OneDrive - Viborg", "Dropbox", "Google Drive", "Nextcloud"])
def test_no_ledger_is_made_in_a_synchronised_folder(tmp_path: Path, folder: str) -> None:
    with refuses("shared_place"), new_ledger(tmp_path / folder / "ledger.db"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_person_is_in_no_entry(session: Session, ledger: Path) -> None:
    company = add_company(session, {"name": "Mols"})["id"]
    add_contact(session, company, {"person": "Inger Holm"})
    for table in ("entry", "contact", "command", "verdict", "company"):
        for row in session.store.all(f"SELECT * FROM {table}"):
            assert "Inger" not in str(tuple(row))
    assert b"Inger Holm" in ledger.read_bytes()


def test_the_clock_that_is_set_keeps_its_day() -> None:
    assert Clock(CLOCK.today, is_set=True).now().startswith("2011-06-30T")


def test_a_command_that_is_tried_again_with_its_token_is_stored_once(ledger: Path) -> None:
    environment = {"KMTRACK_TOKEN": "0123456789abcdef" * 2}
    with session_at(ledger, CLOCK, environment) as session:
        add_company(session, {"name": "Mols"})
    with session_at(ledger, CLOCK, environment) as session:
        with refuses("stored_already"):
            add_company(agreeing(session), {"name": "Mols"})
        assert session.store.get("SELECT count(*) FROM company")[0] == 1
    with refuses("bad_token"), session_at(ledger, CLOCK, {"KMTRACK_TOKEN": "mine"}):
        pass
