"""Backups by themselves and on demand, and going back to one."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

import handles
from builders import CVR, TODAY, add_contact, behind, ledger_in, refuses, session_over
from kmtrack.ledger import exchange as excerpt
from kmtrack.ledger.store import sqlite_file
from kmtrack.ledger.store.copies import Backups, copy_ledger
from kmtrack.ledger.store.quarantine import SHAPES, quarantined, shape_of
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION
from kmtrack.ledger.store.sqlite_file import FileStore
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.restore import replace_unreadable, restore_ledger

if TYPE_CHECKING:
    from kmtrack.errors import Refusal
    from kmtrack.usecases.session import Session


def _contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with behind(path) as bare:
        tables = bare.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            name: bare.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for (name,) in tables
            if name != "setting"
        }


def _visited(session: Session, person: str = "Inger Holm") -> None:
    add_company(
        session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
    )
    add_contact(session, CVR, {"date": "2011-03-01", "person": person, "note": f"{person} ringer"})


@pytest.mark.files
def test_what_stands_behind_the_last_page_keeps_no_backup_from_being_made(
    session: Session, ledger: Path
) -> None:
    with ledger.open("ab") as file:
        file.write(bytes(999))
    assert check_ledger(session.store).damage == []
    assert _contents(back_up(session.store, session.clock).file) == _contents(ledger)


def test_the_first_change_of_a_day_is_preceded_by_a_backup_and_the_next_is_not(
    session: Session, ledger: Path
) -> None:
    before = _contents(ledger)
    _visited(session._replace(backs_up=True))
    [backup] = Backups(ledger).all()
    assert backup == Backups(ledger).of_day(TODAY)
    assert _contents(backup) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps them in the user's own folder")
def test_a_backup_is_of_its_owner_only(session: Session, ledger: Path) -> None:
    made = back_up(session.store, session.clock)
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.file.parent.stat().st_mode) == 0o700


@pytest.mark.files
def test_a_backup_that_fails_warns_and_keeps_nobody_from_working(
    session: Session, ledger: Path
) -> None:
    Backups(ledger).folder.write_text("in the way")
    warned: list[Refusal] = []
    _visited(session._replace(backs_up=True, warn=warned.append))
    assert warned
    assert session.store.get("SELECT count(*) FROM contact")[0] == 1


@pytest.mark.files
def test_the_last_ones_are_kept(ledger: Path) -> None:
    for days in range(13):
        with session_over(ledger, today=TODAY + timedelta(days=days)) as session:
            back_up(session.store, session.clock, keep=10)
    found = Backups(ledger).all()
    assert len(found) == 10
    assert found[0].name.startswith("ledger-2011-07-03-")


@pytest.mark.parametrize("name", ["bk", "b\udcffk", '"bk"'])
def test_an_erasure_reaches_a_folder_of_any_name(
    session: Session, tmp_path: Path, name: str
) -> None:
    _visited(session)
    made = back_up(session.store, session.clock, tmp_path / name)
    done = erase_persons(session, find_persons(session, "Inger Holm")[0])
    assert done.reached.cleaned == [made.file]
    assert b"Inger Holm" not in made.file.read_bytes()


def test_going_back_brings_back_all_that_was_and_can_be_undone(
    session: Session, ledger: Path
) -> None:
    _visited(session)
    then = _contents(ledger)
    made = back_up(session.store, session.clock)
    add_contact(session, CVR, {"date": "2011-03-02"})
    later = _contents(ledger)
    plan = restore_ledger(session, made.file, keep=False)
    assert _contents(ledger) == later
    assert [command.name for command in plan.lost] == ["contact add"]
    done = restore_ledger(session, made.file)
    assert _contents(ledger) == then
    assert done.kept is not None
    restore_ledger(session, done.kept)
    assert _contents(ledger) == later
    assert check_ledger(session.store).damage == []


@pytest.mark.files
@pytest.mark.parametrize("way", ["gone", "empty", "spoiled", "cut short"])
def test_a_backup_takes_the_place_of_what_nobody_can_read(
    session: Session, ledger: Path, way: str
) -> None:
    _visited(session)
    then = _contents(ledger)
    made = back_up(session.store, session.clock)
    session.store.close()
    whole = ledger.read_bytes()
    spoiled = {"empty": b"", "spoiled": whole[:4096] + bytes(90_000), "cut short": whole[:50_000]}
    journal = ledger.with_name(f"{ledger.name}-journal")
    if way == "gone":
        ledger.unlink()
    else:
        ledger.write_bytes(spoiled[way])
        journal.write_bytes(b"half a change")
    plan = replace_unreadable(ledger, made.file, session.clock, keep=False)
    assert (plan.commands, plan.kept) == (3, None)
    assert not ledger.exists() or ledger.read_bytes() == spoiled[way]
    done = replace_unreadable(ledger, made.file, session.clock)
    assert _contents(ledger) == then
    assert not journal.exists()
    if way != "gone":
        assert done.kept is not None
        assert done.kept.read_bytes() == spoiled[way]
        assert stat.S_IMODE(done.kept.stat().st_mode) == 0o600


@pytest.mark.files
def test_whoever_was_erased_stays_erased(session: Session, ledger: Path, tmp_path: Path) -> None:
    _visited(session)
    elsewhere = tmp_path / "stick" / "copy.db"
    copy_ledger(session.store, elsewhere)
    [person] = find_persons(session, "Inger Holm")
    erase_persons(session, person)
    done = restore_ledger(session, elsewhere)
    assert len(done.erased_again.persons) == 1
    assert b"Inger Holm" not in ledger.read_bytes()
    assert b"Inger Holm" in elsewhere.read_bytes()  # what is handed over is only read
    assert check_ledger(session.store).damage == []


@pytest.mark.files
def test_whoever_was_erased_stays_erased_over_a_time_before_they_were_in(
    session: Session, ledger: Path, tmp_path: Path
) -> None:
    empty = back_up(session.store, session.clock)
    _visited(session)
    elsewhere = tmp_path / "stick" / "copy.db"
    copy_ledger(session.store, elsewhere)
    erase_persons(session, find_persons(session, "Inger Holm")[0])
    restore_ledger(session, empty.file)
    restore_ledger(session, elsewhere)
    assert b"Inger Holm" not in ledger.read_bytes()
    assert session.store.get("SELECT count(*) FROM contact")[0] == 1


def test_another_ledger_is_not_restored(session: Session, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    from kmtrack.clock import Clock
    from kmtrack.usecases.init import NewLedger, create_ledger

    other = tmp_path / "other" / "ledger.db"
    create_ledger(other, NewLedger(), Clock(date(2011, 6, 30), is_set=True), {})
    with refuses("other_ledger"):
        restore_ledger(session, other)


def test_a_backup_that_somebody_altered_is_not_restored(session: Session) -> None:
    _visited(session)
    made = back_up(session.store, session.clock)
    with behind(made.file) as bare:
        bare.execute("UPDATE contact SET date = '2011-04-01'")
    with refuses("backup_damaged"):
        restore_ledger(session, made.file)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER trap AFTER INSERT ON entry BEGIN SELECT 1; END",
        "CREATE VIEW company_view AS SELECT * FROM company",
        "ALTER TABLE company ADD COLUMN more TEXT",
        "CREATE TABLE more (id TEXT)",
        "DROP TABLE usage",
    ],
)
def test_a_file_with_other_tables_is_no_ledger(
    session: Session, tmp_path: Path, statement: str
) -> None:
    foreign = ledger_in(tmp_path, "foreign.db")
    with behind(foreign) as bare:
        bare.execute(statement)
    before = foreign.read_bytes()
    with refuses("foreign_schema"):
        restore_ledger(session, foreign)
    assert foreign.read_bytes() == before


def test_a_file_whose_newest_pages_lie_in_another_is_refused(
    session: Session, tmp_path: Path
) -> None:
    foreign = ledger_in(tmp_path, "foreign.db")
    with behind(foreign) as bare:
        bare.execute("PRAGMA journal_mode = WAL")
    with refuses("no_ledger_in_file"):
        restore_ledger(session, foreign)


def test_every_version_has_its_shape(ledger: Path, tmp_path: Path) -> None:
    released = Path(__file__).parents[1] / "ledger" / "released"
    assert set(SHAPES) == set(range(1, SCHEMA_VERSION + 1))
    for version in range(1, SCHEMA_VERSION):
        path = tmp_path / f"{version}.db"
        with behind(path) as bare:
            bare.executescript((released / f"{version}.sql").read_text(encoding="utf-8"))
            assert shape_of(bare) == SHAPES[version]
    with behind(ledger) as bare:
        assert shape_of(bare) == SHAPES[SCHEMA_VERSION]


@pytest.mark.files
def test_nothing_is_left_of_what_was_copied_aside(ledger: Path, tmp_path: Path) -> None:
    with quarantined(ledger, tmp_path) as copy:
        assert copy.path != ledger
        assert copy.get("SELECT count(*) FROM command")[0] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.db"]


def test_what_a_crash_left_of_a_copy_aside_is_swept(ledger: Path, tmp_path: Path) -> None:
    left, busy = tmp_path / ".kmtrack-aside-old", tmp_path / ".kmtrack-aside-new"
    for folder in (left, busy):
        folder.mkdir()
        (folder / "ledger.db").write_bytes(b"Inger Holm")
    hours_ago = time.time() - 7200
    os.utime(left, (hours_ago, hours_ago))
    with quarantined(ledger, tmp_path):
        assert (left.exists(), busy.exists()) == (False, True)


@pytest.mark.files
def test_a_copy_whose_tables_cannot_be_read_is_closed(ledger: Path, tmp_path: Path) -> None:
    content = ledger.read_bytes()
    assert b"previous" in content  # a column of commands
    ledger.write_bytes(content.replace(b"previous", b"previou\xff"))
    with refuses("no_ledger_in_file") as refused, quarantined(ledger, tmp_path):
        pass
    assert handles.open_files(tmp_path) == []
    assert refused.value.__traceback__ is not None  # which still refers to the query


@pytest.mark.files
def test_a_folder_that_takes_no_copy_is_told(ledger: Path, tmp_path: Path) -> None:
    with refuses("no_room_aside"), quarantined(ledger, tmp_path / "nowhere"):
        pass


def _small(path: Path) -> sqlite3.Connection:
    """Return a connection to a file for which the disk has no room."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA max_page_count = 3")
    return connection


@pytest.mark.files
def test_a_full_disk_is_told_of_the_copy_and_not_of_the_ledger(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)
    target = tmp_path / "stick" / "copy.db"
    crammed = SimpleNamespace(**{**vars(sqlite3), "connect": _small})
    monkeypatch.setattr(sqlite_file, "sqlite3", crammed)
    with refuses("disk_full") as refused:
        copy_ledger(session.store, target)
    assert refused.value.facts == {"path": target}


def test_a_full_disk_is_told_of_the_bundle_and_not_of_a_hidden_file(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)
    target = tmp_path / "news.db"
    monkeypatch.setattr(excerpt, "new_store", lambda path: FileStore(_small(path), path))
    with refuses("disk_full") as refused:
        write_bundle(session, target, None)
    assert refused.value.facts == {"path": target}
    assert not target.exists()
