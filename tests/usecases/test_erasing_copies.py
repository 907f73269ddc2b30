"""That an erasure reaches every copy that kmtrack made, or names those that it does not reach."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, behind, desk_over
from kmtrack.ledger.erasure import note_erased
from kmtrack.ledger.store.backups import Backups, Copies
from kmtrack.ledger.store.copies import CopyFailed, copy_ledger
from kmtrack.ledger.store.errors import LedgerBusy
from kmtrack.ledger.store.headers import version_at
from kmtrack.usecases import backup
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.events import add_contact
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase as erasing
from kmtrack.usecases.people import erase_persons, find_persons, plan_of_erasure
from kmtrack.usecases.restore import restore_ledger
from kmtrack.usecases.restore.restore import ErasedMeanwhile

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.usecases.session import Desk

NAME = "Inger Holm"


def _visited(desk: Desk, *, person: bool = True) -> None:
    add_company(desk, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"})
    add_contact(desk, CVR, {"date": "2011-03-01", "note": f"talte med {NAME}"})
    if person:
        _met(desk)


def _met(desk: Desk) -> None:
    add_contact(desk, CVR, {"date": "2011-03-02", "person": NAME})


def _erase(desk: Desk) -> Any:
    return erase_persons(desk, *plan_of_erasure(desk.store, NAME).records)


def _holds(file: Path) -> bool:
    return NAME.encode() in file.read_bytes()


def _age(path: Path) -> None:
    two_hours_ago = time.time() - 7200
    os.utime(path, (two_hours_ago, two_hours_ago))


def _fails(error: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise error

    return fail


def test_a_copy_from_before_somebody_had_a_row_loses_the_name_too(desk: Desk) -> None:
    _visited(desk, person=False)
    made = back_up(desk)
    _met(desk)
    done = _erase(desk)
    assert done.reached.cleaned == [made.file]
    assert not _holds(made.file)
    with desk.store.reading():
        assert check_ledger(desk.store).damage == []


def test_a_copy_in_a_folder_that_is_away_is_told(desk: Desk, tmp_path: Path) -> None:
    _visited(desk)
    folder = tmp_path / "usb"
    back_up(desk, folder)
    folder.rename(tmp_path / "unplugged")
    assert _erase(desk).reached.away == [folder]


def test_a_folder_that_nobody_may_read_is_told_and_stops_no_erasure(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(desk)
    other = back_up(desk).file
    folder = tmp_path / "locked"
    back_up(desk, folder)
    read = Path.iterdir

    def iterdir(path: Path) -> Any:
        if path == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    done = _erase(desk)
    assert (done.reached.away, done.reached.cleaned) == ([folder], [other])
    assert _named(desk) == []


def _named(desk: Desk) -> list[str]:
    """The names of persons that a ledger has."""
    return [row["name"] for row in desk.store.all("SELECT name FROM person WHERE name IS NOT NULL")]


def test_the_folder_beside_the_ledger_need_not_be_there(desk: Desk) -> None:
    _visited(desk)
    done = _erase(desk)
    assert (done.reached.cleaned, done.reached.remaining, done.reached.away) == ([], [], [])


def test_a_copy_whose_folder_is_named_in_two_ways_is_cleaned_once(desk: Desk) -> None:
    _visited(desk)
    made = back_up(desk, Backups(desk.store.path).folder)
    assert _erase(desk).reached.cleaned == [made.file]


def test_a_copy_that_is_damaged_remains_and_stops_no_erasure(desk: Desk) -> None:
    _visited(desk)
    damaged, whole = back_up(desk).file, back_up(desk).file
    with behind(damaged) as bare:
        bare.execute("UPDATE entry SET facts = '{\"note\": Inger' WHERE noun = 'contact'")
    done = _erase(desk)
    assert (done.reached.remaining, done.reached.cleaned) == ([damaged], [whole])


def test_what_a_crash_left_of_a_copy_is_swept_or_told(desk: Desk) -> None:
    _visited(desk)
    folder = back_up(desk).file.parent
    stem, suffix = desk.store.path.stem, desk.store.path.suffix
    names = (f"{stem}-2011-02-01{suffix}", f"{stem}-2011-02-01-120000000000{suffix}")
    old = [folder / f".{name}.deadbeef.kmtrack-new" for name in names]
    old.append(desk.store.path.with_name(f".{desk.store.path.name}.deadbeef.kmtrack-new"))
    new = folder / f".{stem}-2011-02-02{suffix}.cafecafe.kmtrack-new"
    anothers = folder / f".{stem}-two-2011-02-01{suffix}.deadbeef.kmtrack-new"
    for path in (*old, new, anothers):
        path.write_bytes(NAME.encode())
    for path in (*old, anothers):
        _age(path)
    done = _erase(desk)
    assert [path for path in old if path.exists()] == []
    assert done.reached.remaining == [new]
    assert anothers.exists()


def test_a_copy_that_is_finished_meanwhile_is_cleaned_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(desk)
    first, second = back_up(desk).file, back_up(desk).file
    unfinished = second.rename(second.with_name(f".{second.name}.cafecafe.kmtrack-new"))
    look = version_at

    def finish(path: Path) -> int:
        if unfinished.exists():
            unfinished.rename(second)
        return look(path)

    monkeypatch.setattr(erasing, "version_at", finish)
    done = _erase(desk)
    assert (done.reached.cleaned, done.reached.remaining) == ([first, second], [])
    assert not _holds(second)


def test_what_a_crash_left_of_a_copy_aside_is_swept_or_told(desk: Desk) -> None:
    _visited(desk)
    old, new = (desk.store.folder / f".kmtrack-aside-{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "ledger.db").write_bytes(NAME.encode())
    _age(old)
    assert _erase(desk).reached.remaining == [new]
    assert not old.exists()


def test_a_backup_sweeps_what_a_crash_left_of_one_of_another_day(desk: Desk) -> None:
    folder = back_up(desk).file.parent
    left = (
        folder / f".{desk.store.path.stem}-2011-02-01{desk.store.path.suffix}.deadbeef.kmtrack-new"
    )
    left.write_bytes(b"half")
    back_up(desk)
    assert left.exists()
    _age(left)
    back_up(desk)
    assert not left.exists()


def test_a_copy_is_known_though_a_crash_follows_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(desk)

    def copy_and_crash(*named: Any) -> None:
        copy_ledger(*named)
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "copy_ledger", copy_and_crash)
    with pytest.raises(KeyboardInterrupt):
        back_up(desk, tmp_path / "usb")
    [made] = Backups(desk.store.path, tmp_path / "usb").all()
    assert _erase(desk).reached.cleaned == [made]
    assert not _holds(made)


def test_a_folder_that_cannot_be_made_is_not_noted(desk: Desk, tmp_path: Path) -> None:
    _visited(desk)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CopyFailed):
        back_up(desk, tmp_path / "file" / "usb")
    assert _erase(desk).reached.away == []


def test_copies_are_cleaned_though_the_ledger_cannot_be_compacted_now(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(desk)
    made = back_up(desk)
    monkeypatch.setattr(desk.store, "compact", _fails(LedgerBusy(path=desk.store.place)))
    done = _erase(desk)
    assert done.reached.cleaned == [made.file]
    assert done.reached.traces is not None
    assert "Nothing is stored" not in done.reached.traces.sentence()
    assert _named(desk) == []


@pytest.mark.files
def test_a_merge_that_brings_an_erasure_tells_where_it_did_not_reach(
    desk: Desk, other: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(desk)
    merge_ledgers(other, [desk.store.place])
    _erase(other)
    made = back_up(desk, tmp_path / "usb")
    back_up(desk, tmp_path / "stick")
    (tmp_path / "stick").rename(tmp_path / "unplugged")
    spoiled = made.file.with_name("ledger-2011-01-01.db")
    spoiled.write_bytes(NAME.encode())
    monkeypatch.setattr(desk.store, "compact", _fails(LedgerBusy(path=desk.store.place)))
    merged = merge_ledgers(desk, [other.store.place])
    assert merged.kept is not None
    assert merged.reached is not None
    assert set(merged.reached.cleaned) == {made.file, merged.kept}
    assert (merged.reached.remaining, merged.reached.away) == ([spoiled], [tmp_path / "stick"])
    assert merged.reached.traces is not None
    assert _named(desk) == []


@pytest.mark.files
def test_nobody_comes_back_by_a_merge_over_a_time_before_they_were_in(
    desk: Desk, other: Desk
) -> None:
    empty = back_up(desk)
    _visited(desk)
    merge_ledgers(other, [desk.store.place])
    _erase(desk)
    restore_ledger(desk, empty.file)
    merged = merge_ledgers(desk, [other.store.place])
    assert merged.kept is not None
    assert _named(desk) == []
    assert not _holds(desk.store.path)
    assert check_ledger(desk.store).damage == []


def test_whoever_is_erased_while_a_restore_runs_stays_erased(
    desk: Desk, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _visited(desk)
    made = back_up(desk)
    replace = desk.store.replace_with

    def erased_meanwhile(*named: Any) -> None:
        with desk_over(ledger) as another:
            monkeypatch.setattr(erasing, "copies_of", lambda _: Copies([], [], []))
            _erase(another)
        replace(*named)

    monkeypatch.setattr(desk.store, "replace_with", erased_meanwhile)
    with pytest.raises(ErasedMeanwhile):
        restore_ledger(desk, made.file)
    assert _named(desk) == []
    monkeypatch.setattr(desk.store, "replace_with", replace)
    restore_ledger(desk, made.file)
    assert _named(desk) == []


def test_a_check_tells_of_somebody_who_is_named_though_they_were_erased(desk: Desk) -> None:
    _visited(desk)
    [person] = find_persons(desk.store, NAME)
    note_erased(desk.store, [person["id"]])
    checked = check_ledger(desk.store)
    assert checked.damage == []
    assert [doubt.kind for doubt in checked.doubts] == ["erased_but_named"]
    assert person["id"] in checked.doubts[0].sentence()
    assert NAME not in checked.doubts[0].sentence()
    _erase(desk)
    assert check_ledger(desk.store).doubts == []
