"""That a copy of a ledger is found by what it is, wherever kmtrack wrote it, and nothing else is touched."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builders import CVR, add_contact, behind, ledger_in, session_over
from kmtrack.ledger.copy_origin import keep_copy
from kmtrack.ledger.open import open_store
from kmtrack.ledger.settings import drop_setting, put_setting, setting_names
from kmtrack.ledger.store.copies import (
    FOLDER_PREFIX,
    Backups,
    copies_folders,
    copy_ledger,
    maker_at,
    remember_folder,
)
from kmtrack.usecases.backup import back_up, back_up_for_the_day
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.erasure_plan import plan_of_person
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.people import erase_persons
from kmtrack.usecases.restore import replace_unreadable, restore_ledger
from kmtrack.views.check import format_issue

if TYPE_CHECKING:
    from kmtrack.usecases.people import Erased
    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.files
NAME = "Inger Holm"


def met(session: Session) -> None:
    """Record a person, and a note that names them."""
    values = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
    add_company(session, values)
    add_contact(session, CVR, {"date": "2011-03-01", "person": NAME, "note": f"mødte {NAME}"})


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a ledger in a folder of its own, with a person in it."""
    (tmp_path / "home").mkdir()
    ledger = ledger_in(tmp_path / "home").rename(tmp_path / "home" / "a.db")
    with session_over(ledger) as session:
        met(session)
    return ledger


def erase(ledger: Path) -> Erased:
    with session_over(ledger) as session:
        return erase_persons(session, *plan_of_person(session, NAME).persons)


def holding(folder: Path) -> list[str]:
    """Name the files in a folder, and below it, that hold the name."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sorted(
        str(path.relative_to(folder)) for path in files if NAME.encode() in path.read_bytes()
    )


@pytest.mark.everyday(1)
@pytest.mark.parametrize("to", ["new/b.db", "home/b.db", "new/a.db", None])
def test_copies_are_found_though_the_ledger_is_elsewhere_now(
    place: Path, tmp_path: Path, to: str | None
) -> None:
    (tmp_path / "new").mkdir()
    link = tmp_path / "new" / "link.db"
    if to is None:
        link.symlink_to(place)
    with session_over(place) as session:
        back_up(session.store, session.clock, tmp_path / "usb")
        write_bundle(session, tmp_path / "usb" / "news.db", None)
    with session_over(link if to is None else place) as session:
        back_up_for_the_day(session.store, session.clock.today)
    assert len(holding(tmp_path)) == 4
    done = erase(place.rename(tmp_path / to) if to else place)
    assert holding(tmp_path) == []
    assert (len(done.reached.cleaned), done.reached.remaining, done.reached.away) == (3, [], [])


def test_a_cleaned_copy_is_a_whole_backup_for_its_owner_only(place: Path, tmp_path: Path) -> None:
    with session_over(place) as session:
        copy = back_up(session.store, session.clock, tmp_path / "usb").file
        edit_company(session, CVR, {"employees": "10"}, None)
    copy.chmod(0o644)
    erase(place)
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(open_store(copy)) as store:
        assert check_ledger(store).damage == []
    with session_over(place) as session:
        assert restore_ledger(session, copy).lost
        assert check_ledger(session.store).damage == []
        assert session.store.get("SELECT employees FROM company")[0] == "9"
    assert holding(tmp_path) == []


def test_a_copy_of_another_name_is_known_by_its_content(place: Path, tmp_path: Path) -> None:
    with session_over(place) as session:
        copy = back_up(session.store, session.clock, tmp_path / "usb").file
    copy.rename(tmp_path / "usb" / "før ferien.sqlite")
    erase(place)
    assert holding(tmp_path) == []


def test_a_bundle_is_written_again_and_can_be_merged(
    place: Path, tmp_path: Path, other: Session
) -> None:
    news = tmp_path / "news.db"
    with session_over(place) as session:
        write_bundle(session, news, None)
    erase(place)
    assert holding(news.parent) == []
    merge_ledgers(other, [news])
    assert check_ledger(other.store).damage == []
    assert other.store.get("SELECT count(*) FROM contact")[0] == 1


class TestColleague:
    """Files of a colleague whose ledger began as a copy of this one."""

    def test_neither_their_ledger_nor_their_copies_are_touched(
        self, place: Path, tmp_path: Path
    ) -> None:
        share = tmp_path / "share"
        theirs = place.with_name("mk.db")
        with session_over(place) as session:
            back_up(session.store, session.clock, share)
        shutil.copy(place, theirs)
        with session_over(theirs, broker="MK") as colleague:
            back_up(colleague.store, colleague.clock, share)  # with nothing of their own
            add_contact(colleague, CVR, {"date": "2011-03-05"})
            back_up(colleague.store, colleague.clock, share)
            write_bundle(colleague, share / "mk-news.db", None)
        shutil.copy(theirs, share / "mk.db")
        with session_over(place) as session:
            merge_ledgers(session, [theirs])
        before = {path: path.read_bytes() for path in (theirs, *share.glob("mk*"))}
        assert len(before) == 5
        erase(place)
        assert {path: path.read_bytes() for path in before} == before
        assert [name for name in holding(tmp_path) if "mk" not in name] == []

    def test_theirs_leaves_ours_as_they_are(self, place: Path, tmp_path: Path) -> None:
        share = tmp_path / "share"
        with session_over(place) as session:
            back_up(session.store, session.clock, share)
        theirs = tmp_path / "mk.db"
        shutil.copy(place, theirs)
        with session_over(place) as session:
            add_contact(session, CVR, {"date": "2011-03-06"})
            later = back_up(session.store, session.clock, share).file
        with session_over(theirs, broker="MK") as colleague:
            add_contact(colleague, CVR, {"date": "2011-03-05"})
        before = later.read_bytes()
        erase(theirs)
        assert later.read_bytes() == before

    def test_a_copy_in_which_somebody_works_is_a_ledger(self, place: Path, tmp_path: Path) -> None:
        with session_over(place) as session:
            copy = back_up(session.store, session.clock, tmp_path / "usb").file
        with session_over(copy, broker="MK") as colleague:
            add_contact(colleague, CVR, {"date": "2011-03-05"})
        before = copy.read_bytes()
        assert erase(place).reached.cleaned == []
        assert copy.read_bytes() == before


def test_a_copy_from_before_a_restore_is_cleaned_of_what_the_ledger_lost(
    place: Path, tmp_path: Path
) -> None:
    with session_over(place) as session:
        early = back_up(session.store, session.clock).file
        add_contact(session, CVR, {"date": "2011-03-07", "note": f"{NAME} igen"})
        back_up(session.store, session.clock, tmp_path / "usb")
        restore_ledger(session, early)
    erase(place)
    assert holding(tmp_path) == []


def test_a_copy_put_back_by_hand_is_the_ledger_and_the_others_are_copies(
    place: Path, tmp_path: Path
) -> None:
    with session_over(place) as session:
        early = back_up(session.store, session.clock).file
        edit_company(session, CVR, {"employees": "10"}, None)
        back_up(session.store, session.clock)
    shutil.copy(early, place)
    erase(place)
    assert holding(tmp_path) == []


def test_a_ledger_put_back_by_a_restore_is_no_copy(place: Path, tmp_path: Path) -> None:
    with session_over(place) as session:
        early = back_up(session.store, session.clock).file
        clock = session.clock
    place.unlink()
    replace_unreadable(place, early, clock)
    assert erase(place).reached.cleaned == [early]
    assert holding(tmp_path) == []


def test_a_trial_on_a_duplicate_leaves_the_copies_of_the_ledger_alone(
    place: Path, tmp_path: Path
) -> None:
    with session_over(place) as session:
        back_up(session.store, session.clock)
        back_up(session.store, session.clock, tmp_path / "usb")
    trial = tmp_path / "trial"
    shutil.copytree(place.parent, trial)
    others = [tmp_path / "home", tmp_path / "usb"]
    before = [folder / name for folder in others for name in holding(folder)]
    done = erase(trial / place.name)
    assert [folder / name for folder in others for name in holding(folder)] == before
    assert holding(trial) == []
    assert done.reached.why == dict.fromkeys(before, "another")  # they hold the name


class TestOlderVersions:
    """Copies in which nothing is noted."""

    @pytest.mark.parametrize(
        "name", ["a-2011-06-29.db", "a-version-4.db", "old-2011-06-29-120000000000.db"]
    )
    def test_one_is_known_by_its_name_and_its_commands(self, place: Path, name: str) -> None:
        copy = Backups(place).folder / name
        with session_over(place) as session:
            copy_ledger(session.store, copy)
            edit_company(session, CVR, {"employees": "10"}, None)
        assert erase(place).reached.cleaned == [copy]
        assert holding(place.parent) == []

    def test_another_ledger_of_such_a_name_is_left_alone(self, place: Path) -> None:
        strange = Backups(place).folder / "a-2011-06-29.db"
        with session_over(place) as session:
            copy_ledger(session.store, strange)
        with session_over(strange, broker="MK") as colleague:
            add_contact(colleague, CVR, {"date": "2011-03-05"})
        before = strange.read_bytes()
        assert erase(place).reached.cleaned == []
        assert strange.read_bytes() == before


def test_a_folder_that_moved_along_with_its_ledger_is_not_missed(
    place: Path, tmp_path: Path
) -> None:
    with session_over(place) as session:
        back_up(session.store, session.clock)
    moved = place.parent.rename(tmp_path / "away") / place.name
    done = erase(moved)
    assert (len(done.reached.cleaned), done.reached.away) == (1, [])
    with session_over(moved) as session:
        folders = {each.path for each in copies_folders(session.store)}
    assert folders == {moved.parent, Backups(moved).folder}


def test_a_folder_that_came_along_from_windows_is_not_missed(place: Path) -> None:
    """The ledger notes where it was there, in the form of paths that there have."""
    there, text = "C:\\Users\\jh\\home", '"C:\\\\Users\\\\jh\\\\home\\\\a-backups"'
    with session_over(place) as session:
        back_up(session.store, session.clock)
        for name in setting_names(session.store, FOLDER_PREFIX):
            drop_setting(session.store, f"{FOLDER_PREFIX}{name}")
        noted = {"ledgers": [f"{there}\\a.db"], "makers": [maker_at(place)], "mount": ""}
        put_setting(session.store, f"{FOLDER_PREFIX}{text}", json.dumps(noted))
    done = erase(place)
    assert (len(done.reached.cleaned), done.reached.away) == (1, [])
    with session_over(place) as session:
        assert check_ledger(session.store).warnings == []


def test_a_copy_behind_a_link_is_cleaned_where_it_is(place: Path, tmp_path: Path) -> None:
    """Somebody moved an old backup to a larger disk, and left a link in its place."""
    elsewhere = tmp_path / "larger"
    elsewhere.mkdir()
    with session_over(place) as session:
        copy = back_up(session.store, session.clock).file
    copy.symlink_to(copy.rename(elsewhere / "old.db"))
    assert elsewhere / "old.db" in erase(place).reached.cleaned
    assert copy.is_symlink()
    assert holding(tmp_path) == []


def test_a_copy_behind_a_link_that_is_away_is_cleaned_when_it_is_back(
    place: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with session_over(place) as session:
        copy = back_up(session.store, session.clock).file
    copy.symlink_to(copy.rename(disk / "old.db"))
    disk.rename(tmp_path / "unplugged")
    assert erase(place).reached.why == {copy: "away"}
    with session_over(place) as session:
        edit_company(session, CVR, {"employees": "10"}, None)
        [issue] = check_ledger(session.store).warnings
        assert f"{copy} (not on this machine now)" in format_issue(issue)
    (tmp_path / "unplugged").rename(disk)
    with session_over(place) as session:
        edit_company(session, CVR, {"employees": "11"}, None)
        assert check_ledger(session.store).warnings == []
    assert holding(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be replaced there")
def test_a_copy_is_cleaned_under_its_other_names_too(place: Path, tmp_path: Path) -> None:
    """A program for snapshots gives a file that did not change a second name."""
    snapshot, bundle = tmp_path / "old" / "snapshot.db", tmp_path / "news.db"
    snapshot.parent.mkdir()
    with session_over(place) as session:
        copy = back_up(session.store, session.clock).file
        write_bundle(session, bundle, None)
    snapshot.hardlink_to(copy)
    snapshot.with_name("news.db").hardlink_to(bundle)
    assert erase(place).reached.remaining == []
    assert holding(tmp_path) == []
    assert snapshot.read_bytes() == copy.read_bytes()
    with closing(open_store(snapshot)) as store:
        assert check_ledger(store).damage == []


class TestHostileFiles:
    """What lies in a folder of copies and is none."""

    def test_what_is_no_file_is_not_waited_for(self, place: Path, tmp_path: Path) -> None:
        folder = Backups(place).folder
        with session_over(place) as session:
            back_up(session.store, session.clock)
        os.mkfifo(folder / "a-2011-06-01.db")
        (folder / "a-2011-06-02.db").symlink_to("/dev/zero")
        (folder / "a-2011-06-03.db").mkdir()
        (folder / "a-2011-06-04.db").symlink_to(tmp_path / "elsewhere.db")
        assert len(erase(place).reached.cleaned) == 1

    def test_a_link_to_another_ledger_or_to_itself_is_left_alone(
        self, place: Path, tmp_path: Path
    ) -> None:
        theirs = ledger_in(tmp_path)
        with session_over(theirs) as session:
            met(session)
        folder = Backups(place).folder
        folder.mkdir(exist_ok=True)
        (folder / "a-2011-06-01.db").symlink_to(theirs)
        (folder / "a-2011-06-02.db").symlink_to(folder / "a-2011-06-02.db")
        (folder / "a-2011-06-03.db").symlink_to(place)
        before = theirs.read_bytes()
        reached = erase(place).reached
        assert (reached.cleaned, reached.why[theirs]) == ([], "another")
        assert theirs.read_bytes() == before

    def test_a_copy_with_a_trigger_is_not_opened(self, place: Path) -> None:
        with session_over(place) as session:
            copy = back_up(session.store, session.clock).file
        with behind(copy) as bare:
            bare.execute("CREATE TRIGGER bad AFTER UPDATE ON entry BEGIN DELETE FROM contact; END")
        done = erase(place)
        assert (done.reached.cleaned, done.reached.why) == ([], {copy: "damaged"})

    def test_a_false_mark_makes_no_copy(self, place: Path) -> None:
        theirs = Backups(place).folder / "mk.db"
        with session_over(place) as session:
            keep_copy(session.store, theirs)
        with behind(theirs) as bare:
            bare.execute("UPDATE setting SET value = '{}' WHERE name = 'copy'")
        before = theirs.read_bytes()
        assert erase(place).reached.cleaned == []
        assert theirs.read_bytes() == before

    def test_the_ledger_itself_is_no_copy_whatever_its_names(self, place: Path) -> None:
        folder = Backups(place).folder
        with session_over(place) as session:
            back_up(session.store, session.clock)
        os.link(place, folder / "a-2011-06-05.db")
        assert len(erase(place).reached.cleaned) == 1
        assert place.samefile(folder / "a-2011-06-05.db")


def test_copies_may_be_at_the_root_of_a_drive(place: Path) -> None:
    with session_over(place) as session:
        remember_folder(session.store, Path("/"))
    assert erase(place).reached.remaining == []
    assert holding(place.parent) == []
