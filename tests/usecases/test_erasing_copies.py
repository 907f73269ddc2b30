"""That an erasure reaches every copy that kmtrack made, or names those that it does not reach."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, behind, refuses, session_over
from kmtrack import files
from kmtrack.errors import Refusal
from kmtrack.ledger.copy_origin import keep_copy
from kmtrack.ledger.erasure import note_erased
from kmtrack.ledger.store.copies import Backups, copies_folders
from kmtrack.ledger.store.sqlite_file import FileStore
from kmtrack.usecases import backup, clean_up, people
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.clean_up import ErasureReport, forget_copies
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.erasure_plan import plan_of_person
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.restore import restore_ledger
from kmtrack.views.check import format_issue

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.usecases.session import Session

NAME = "Inger Holm"


def _visited(session: Session, *, person: bool = True) -> None:
    add_company(
        session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
    )
    add_contact(session, CVR, {"date": "2011-03-01", "note": f"talte med {NAME}"})
    if person:
        _met(session)


def _met(session: Session) -> None:
    add_contact(session, CVR, {"date": "2011-03-02", "person": NAME})


def _erase(session: Session) -> Any:
    return erase_persons(session, *plan_of_person(session, NAME).persons)


def _holds(file: Path) -> bool:
    return NAME.encode() in file.read_bytes()


def _age(path: Path) -> None:
    two_hours_ago = time.time() - 7200
    os.utime(path, (two_hours_ago, two_hours_ago))


def _fails(error: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise error

    return fail


def test_a_copy_from_before_somebody_had_a_row_loses_the_name_too(session: Session) -> None:
    _visited(session, person=False)
    made = back_up(session.store, session.clock)
    _met(session)
    done = _erase(session)
    assert done.reached.cleaned == [made.file]
    assert not _holds(made.file)
    with session.store.reading():
        assert check_ledger(session.store).damage == []


def test_a_copy_in_a_folder_that_is_away_is_told(session: Session, tmp_path: Path) -> None:
    _visited(session)
    folder = tmp_path / "usb"
    back_up(session.store, session.clock, folder)
    folder.rename(tmp_path / "unplugged")
    assert _erase(session).reached.away == [folder]


def test_a_folder_that_nobody_may_read_is_told_and_stops_no_erasure(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)
    other = back_up(session.store, session.clock).file
    folder = tmp_path / "locked"
    back_up(session.store, session.clock, folder)
    read = Path.iterdir

    def iterdir(path: Path) -> Any:
        if path == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    done = _erase(session)
    assert (done.reached.away, done.reached.cleaned) == ([folder], [other])
    assert _named(session) == []


def _named(session: Session) -> list[str]:
    """Return the names of persons that a ledger has."""
    return [
        row["name"] for row in session.store.all("SELECT name FROM person WHERE name IS NOT NULL")
    ]


def test_the_folder_beside_the_ledger_need_not_be_there(session: Session) -> None:
    _visited(session)
    done = _erase(session)
    assert (done.reached.cleaned, done.reached.remaining, done.reached.away) == ([], [], [])


def test_a_copy_whose_folder_is_named_in_two_ways_is_cleaned_once(session: Session) -> None:
    _visited(session)
    made = back_up(session.store, session.clock, Backups(session.store.path).folder)
    assert _erase(session).reached.cleaned == [made.file]


def test_a_copy_that_is_damaged_remains_and_stops_no_erasure(session: Session) -> None:
    _visited(session)
    damaged, whole = (
        back_up(session.store, session.clock).file,
        back_up(session.store, session.clock).file,
    )
    with behind(damaged) as bare:
        bare.execute("UPDATE entry SET facts = '{\"note\": Inger' WHERE noun = 'contact'")
    done = _erase(session)
    assert (done.reached.remaining, done.reached.cleaned) == ([damaged], [whole])


def test_half_a_copy_by_any_name_is_told(session: Session) -> None:
    _visited(session)
    made = back_up(session.store, session.clock).file
    content = made.read_bytes()
    half = made.with_name(f"{made.name}.part")
    half.write_bytes(content[: len(content) // 2])
    assert _erase(session).reached.why == {half: "damaged"}


def test_what_a_crash_left_of_a_copy_is_swept_or_told(session: Session) -> None:
    _visited(session)
    folder = back_up(session.store, session.clock).file.parent
    stem, suffix = session.store.path.stem, session.store.path.suffix
    names = (f"{stem}-2011-02-01{suffix}", f"{stem}-2011-02-01-120000000000{suffix}")
    old = [folder / f".{name}.deadbeef.kmtrack-new" for name in names]
    old.append(session.store.path.with_name(f".{session.store.path.name}.deadbeef.kmtrack-new"))
    new = folder / f".{stem}-2011-02-02{suffix}.cafecafe.kmtrack-new"
    anothers = folder / f".{stem}-two-2011-02-01{suffix}.deadbeef.kmtrack-new"
    for path in (*old, new, anothers):
        path.write_bytes(NAME.encode())
    for path in (*old, anothers):
        _age(path)
    done = _erase(session)
    assert [path for path in old if path.exists()] == []
    assert done.reached.remaining == [new]
    assert anothers.exists()


def test_a_copy_that_is_finished_meanwhile_is_cleaned_too(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)
    first, second = (
        back_up(session.store, session.clock).file,
        back_up(session.store, session.clock).file,
    )
    unfinished = second.rename(second.with_name(f".{second.name}.cafecafe.kmtrack-new"))
    look = files.sweep

    def finish(path: Path) -> bool:
        if unfinished.exists():
            unfinished.rename(second)
        return look(path)

    monkeypatch.setattr(clean_up, "sweep", finish)
    done = _erase(session)
    assert (done.reached.cleaned, done.reached.remaining) == ([first, second], [])
    assert not _holds(second)


def test_what_a_crash_left_of_a_copy_aside_is_swept_or_told(session: Session) -> None:
    _visited(session)
    old, new = (session.store.folder / f".kmtrack-aside-{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "ledger.db").write_bytes(NAME.encode())
    _age(old)
    assert _erase(session).reached.remaining == [new]
    assert not old.exists()


def test_a_backup_sweeps_what_a_crash_left_of_one_of_another_day(session: Session) -> None:
    folder = back_up(session.store, session.clock).file.parent
    left = (
        folder
        / f".{session.store.path.stem}-2011-02-01{session.store.path.suffix}.deadbeef.kmtrack-new"
    )
    left.write_bytes(b"half")
    back_up(session.store, session.clock)
    assert left.exists()
    _age(left)
    back_up(session.store, session.clock)
    assert not left.exists()


def test_a_copy_is_known_though_a_crash_follows_it(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)

    def copy_and_crash(*named: Any) -> None:
        keep_copy(*named)
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "keep_copy", copy_and_crash)
    with pytest.raises(KeyboardInterrupt):
        back_up(session.store, session.clock, tmp_path / "usb")
    [made] = Backups(session.store.path, tmp_path / "usb").all()
    assert _erase(session).reached.cleaned == [made]
    assert not _holds(made)


def test_a_folder_that_cannot_be_made_is_not_noted(session: Session, tmp_path: Path) -> None:
    _visited(session)
    (tmp_path / "file").write_text("in the way")
    with refuses("copy_failed"):
        back_up(session.store, session.clock, tmp_path / "file" / "usb")
    assert _erase(session).reached.away == []


def test_copies_are_cleaned_though_the_ledger_cannot_be_compacted_now(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)
    made = back_up(session.store, session.clock)
    monkeypatch.setattr(
        session.store, "compact", _fails(Refusal("ledger_busy", path=session.store.location))
    )
    done = _erase(session)
    assert done.reached.cleaned == [made.file]
    assert done.reached.traces is not None
    assert "Nothing was stored" not in done.reached.traces.sentence()
    assert _named(session) == []


@pytest.mark.files
def test_a_merge_that_brings_an_erasure_tells_where_it_did_not_reach(
    session: Session, other: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)
    merge_ledgers(other, [session.store.location])
    _erase(other)
    made = back_up(session.store, session.clock, tmp_path / "usb")
    back_up(session.store, session.clock, tmp_path / "stick")
    (tmp_path / "stick").rename(tmp_path / "unplugged")
    spoiled = made.file.with_name("ledger-2011-01-01.db")
    spoiled.write_bytes(NAME.encode())
    monkeypatch.setattr(
        session.store, "compact", _fails(Refusal("ledger_busy", path=session.store.location))
    )
    merged = merge_ledgers(session, [other.store.location])
    assert merged.kept is not None
    assert merged.reached is not None
    assert set(merged.reached.cleaned) == {made.file, merged.kept}
    assert (merged.reached.remaining, merged.reached.away) == ([spoiled], [tmp_path / "stick"])
    assert merged.reached.traces is not None
    assert _named(session) == []


@pytest.mark.files
def test_nobody_comes_back_by_a_merge_over_a_time_before_they_were_in(
    session: Session, other: Session
) -> None:
    empty = back_up(session.store, session.clock)
    _visited(session)
    merge_ledgers(other, [session.store.location])
    _erase(session)
    restore_ledger(session, empty.file)
    merged = merge_ledgers(session, [other.store.location])
    assert merged.kept is not None
    assert _named(session) == []
    assert not _holds(session.store.path)
    assert check_ledger(session.store).damage == []


def test_whoever_is_erased_while_a_restore_runs_stays_erased(
    session: Session, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)
    made = back_up(session.store, session.clock)
    replace = session.store.replace_with

    def erased_meanwhile(*named: Any) -> None:
        with session_over(ledger) as another:
            monkeypatch.setattr(people, "clean_up", lambda *_: ErasureReport([], [], []))
            _erase(another)
        replace(*named)

    monkeypatch.setattr(session.store, "replace_with", erased_meanwhile)
    with refuses("erased_meanwhile"):
        restore_ledger(session, made.file)
    assert _named(session) == []
    monkeypatch.setattr(session.store, "replace_with", replace)
    restore_ledger(session, made.file)
    assert _named(session) == []


def test_a_restore_that_cannot_be_cleaned_up_after_is_told_as_stored(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(session)
    made = back_up(session.store, session.clock)
    before = made.file.read_bytes()
    _erase(session)
    made.file.write_bytes(before)
    warned: list[Refusal] = []
    full = Refusal("disk_full", path="x")
    with monkeypatch.context() as patched:
        patched.setattr(clean_up, "settle_left", _fails(full))
        restored = restore_ledger(session._replace(warn=warned.append), made.file)
    assert [person["name"] for person in restored.erased_again.persons] == [NAME]
    assert [(each.key, each.facts["cause"]) for each in warned] == [
        ("clean_up_failed", full.cause())
    ]
    made.file.write_bytes(before)
    monkeypatch.setattr(FileStore, "compact", _fails(full))
    with refuses("disk_full"):  # of the copy, while nothing is stored
        restore_ledger(session, made.file)


def test_a_check_tells_of_somebody_who_is_named_though_they_were_erased(session: Session) -> None:
    _visited(session)
    [person] = find_persons(session, NAME)
    note_erased(session.store, [person["id"]])
    checked = check_ledger(session.store)
    assert checked.damage == []
    assert [doubt.kind for doubt in checked.warnings] == ["erased_but_named"]
    assert person["id"] in format_issue(checked.warnings[0])
    assert NAME not in format_issue(checked.warnings[0])
    _erase(session)
    assert check_ledger(session.store).warnings == []


def test_a_folder_that_is_lost_for_good_can_be_forgotten(session: Session, tmp_path: Path) -> None:
    _visited(session)
    lost, there = tmp_path / "lost", tmp_path / "there"
    for folder in (lost, there):
        back_up(session.store, session.clock, folder)
    shutil.rmtree(lost)
    _erase(session)
    assert [issue.kind for issue in check_ledger(session.store).warnings] == ["left_folder"]
    with refuses("folder_there"):
        forget_copies(session.store, there)
    with refuses("folder_not_noted"):
        forget_copies(session.store, tmp_path / "other")
    forget_copies(session.store, lost)
    assert check_ledger(session.store).warnings == []
    lost.mkdir()
    assert lost not in {folder.path for folder in copies_folders(session.store)}
