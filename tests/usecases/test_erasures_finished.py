"""That an erasure can always be finished: what is left is noted, gone on with, listed and told."""

from __future__ import annotations

import errno
import json
import os
import shutil
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, agreeing, behind, ledger_of_version, session_over
from kmtrack.clock import Clock
from kmtrack.errors import Refusal
from kmtrack.files import begun_as, maker
from kmtrack.ledger.copy_origin import keep_copy
from kmtrack.ledger.left_places import LeftPlace, add_left, left_places
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.copies import Backups, copies_folders
from kmtrack.usecases import clean_up as module
from kmtrack.usecases.backup import back_up, back_up_for_the_day
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.erasure_plan import plan_of_person, plan_of_texts
from kmtrack.usecases.location import session_at
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.people import erase_persons, find_persons, finish_erasure
from kmtrack.usecases.restore import restore_ledger
from kmtrack.views.check import format_issue
from kmtrack.views.erasure import format_erased

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.files
NAME = "Inger Holm"


class _BrokenOff(BaseException):
    """A crash: nothing that follows in the process is done."""


@pytest.fixture
def copy(session: Session) -> Path:
    """Return a backup of a ledger with a person, who is named in a note before they have a row."""
    values = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
    add_company(session, values)
    add_contact(session, CVR, {"date": "2011-03-01", "note": f"talte med {NAME}"})
    early = back_up(session.store, session.clock).file
    add_contact(session, CVR, {"date": "2011-03-02", "person": NAME, "note": NAME})
    back_up(session.store, session.clock)
    return early


def _erase(session: Session) -> Any:
    return erase_persons(session, *plan_of_person(session, NAME).persons)


def _id(session: Session) -> str:
    return str(find_persons(session, NAME)[0]["id"])


def _broken_off(session: Session, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Erase the person; break off after so many places are clean."""
    clean, calls = module._CleanUp._clean, [0]

    def cleans(self: Any, place: LeftPlace) -> Any:
        calls[0] += 1
        if calls[0] > after:
            raise _BrokenOff
        return clean(self, place)

    with monkeypatch.context() as patched, pytest.raises(_BrokenOff):
        patched.setattr(module._CleanUp, "_clean", cleans)
        _erase(session)


def _holding(session: Session) -> list[Path]:
    files = [path for path in session.store.folder.rglob("*") if path.is_file()]
    return [path for path in files if NAME.encode() in path.read_bytes()]


@pytest.fixture
def again(ledger: Path) -> Callable[[], Any]:
    """Return what opens the ledger as the next command does."""
    return lambda: session_over(ledger)


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.usefixtures("copy")
def test_the_next_change_finishes_what_was_broken_off(
    session: Session, again: Any, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    _broken_off(session, monkeypatch, after)
    assert len(left_places(session.store)) == 3 - after
    assert _holding(session) != []
    with again() as later:
        edit_company(later, CVR, {"employees": "10"}, None)
        assert left_places(later.store) == []
        assert check_ledger(later.store).warnings == []
    assert _holding(session) == []


@pytest.mark.usefixtures("copy")
def test_a_trial_finishes_nothing(
    session: Session, again: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _broken_off(session, monkeypatch, 0)
    with again() as later, later.unit_of_work("import", dry_run=True):
        pass
    assert len(left_places(session.store)) == 3


@pytest.mark.parametrize("kind", ["next day", "backup"])
@pytest.mark.usefixtures("copy")
def test_no_copy_is_made_of_what_is_left(
    session: Session, again: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    _broken_off(session, monkeypatch, 0)
    failing = _fails(Refusal("ledger_busy", path=session.store.path))
    with again() as later:
        monkeypatch.setattr(later.store, "compact", failing)
        if kind == "backup":
            later.clean_left(later)
            made = back_up(later.store, later.clock).file
        else:
            next_day = later._replace(clock=Clock(date(2011, 7, 1), is_set=True), backs_up=True)
            edit_company(next_day, CVR, {"employees": "10"}, None)
            made = Backups(later.store.path).of_day(date(2011, 7, 1))
        assert [each.kind for each in left_places(later.store)] == ["ledger"]
    assert made not in _holding(session)
    with closing(open_store(made)) as store:
        assert left_places(store) == []


def test_a_text_that_was_broken_off_goes_out_of_what_a_restore_lost(
    session: Session, monkeypatch: pytest.MonkeyPatch, again: Any
) -> None:
    add_company(session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
    add_contact(session, CVR, {"date": "2011-03-01", "note": f"talte med {NAME}"})
    early = back_up(session.store, session.clock).file
    add_contact(session, CVR, {"date": "2011-03-02", "note": f"{NAME}s kontor, og mere"})
    back_up(session.store, session.clock)
    restore_ledger(session, early)

    def breaks_off(*_: object) -> None:
        raise _BrokenOff

    with monkeypatch.context() as patched, pytest.raises(_BrokenOff):
        patched.setattr(module._CleanUp, "_clean", breaks_off)
        erase_persons(session, texts=[NAME])
    with again() as later:
        edit_company(later, CVR, {"employees": "10"}, None)
        assert _holding(later) == []
        assert left_places(later.store) == []


def test_only_copies_that_held_the_name_are_counted_as_such(session: Session) -> None:
    add_company(session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
    early = back_up(session.store, session.clock).file
    write_bundle(session, early.with_name("early.db"), None)
    add_contact(session, CVR, {"date": "2011-03-02", "note": f"{NAME} ringer"})
    held = [back_up(session.store, session.clock).file, early.with_name("news.db")]
    write_bundle(session, held[1], None)
    done = erase_persons(session, texts=[NAME])
    assert len(done.reached.cleaned) == 4
    assert sorted(done.reached.held) == held
    [line, *_] = format_erased(plan_of_texts(session, [NAME]), done)
    assert line.endswith("2 copies have been cleaned")


def test_a_person_who_is_erased_is_named_by_their_id_to_go_on(
    session: Session, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = _id(session)
    _broken_off(session, monkeypatch, 1)
    done = finish_erasure(session, person)
    assert done is not None
    assert (done.was_erased, done.company, copy in done.reached.cleaned) == (True, "Hedelund", True)
    assert _holding(session) == []
    assert finish_erasure(session, "Bo Bæk") is None


@pytest.mark.usefixtures("copy")
def test_going_on_by_the_id_finds_copies_that_nobody_noted(session: Session) -> None:
    person, missed = _id(session), session.store.folder / "aside.db"
    keep_copy(session.store, missed)
    shutil.move(missed, missed.with_suffix(".kept"))
    hidden = missed.with_suffix(".kept").rename(session.store.folder.parent / "hidden.kept")
    _erase(session)
    hidden.rename(missed)
    done = finish_erasure(session, person)
    assert done is not None
    assert missed in done.reached.cleaned
    assert _holding(session) == []


class TestAway:
    """Copies on a disk that is not there."""

    @pytest.fixture
    def stick(self, session: Session, copy: Path, tmp_path: Path) -> Path:
        """Return the folder of a copy, which is away; the person was erased meanwhile."""
        del copy
        folder = tmp_path / "usb"
        back_up(session.store, session.clock, folder)
        folder.rename(tmp_path / "unplugged")
        assert _erase(session).reached.away == [folder]
        return folder

    def test_they_are_listed_and_cleaned_when_they_are_back(
        self, session: Session, stick: Path, again: Any
    ) -> None:
        [issue] = check_ledger(session.store).warnings
        assert issue.kind == "left_folder"
        assert f"{stick} (not on this machine now)" in format_issue(issue)
        with again() as later:
            edit_company(later, CVR, {"employees": "10"}, None)
        assert len(left_places(session.store)) == 1
        stick.with_name("unplugged").rename(stick)
        with again() as later:
            edit_company(later, CVR, {"employees": "11"}, None)
        assert left_places(session.store) == []
        assert [path for path in stick.iterdir() if NAME.encode() in path.read_bytes()] == []
        assert check_ledger(session.store).warnings == []

    def test_a_disk_that_is_not_mounted_is_away_though_its_folder_is_there(
        self, session: Session, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        del copy
        share, mounted, is_really = tmp_path / "share", [True], os.path.ismount

        def is_mount(path: Path) -> bool:
            return mounted[0] if path == share else is_really(path)

        monkeypatch.setattr("os.path.ismount", is_mount)
        back_up(session.store, session.clock, share / "backups")
        (share / "backups").rename(tmp_path / "on the server")
        (share / "backups").mkdir()
        mounted[0] = False
        assert _erase(session).reached.away == [share / "backups"]
        mounted[0] = True
        (share / "backups").rmdir()
        (tmp_path / "on the server").rename(share / "backups")
        with session_over(session.store.path) as later:
            edit_company(later, CVR, {"employees": "10"}, None)
        assert left_places(session.store) == []
        assert all(NAME.encode() not in path.read_bytes() for path in (share / "backups").iterdir())


def _fails(error: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise error

    return fail


class TestFailing:
    """A clean-up that fails."""

    @pytest.fixture
    def left(self, session: Session, copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        _broken_off(session, monkeypatch, 1)
        return copy

    @pytest.mark.parametrize(
        ("error", "why"),
        [
            (OSError(errno.EROFS, "read-only"), "not_writable"),
            (Refusal("ledger_busy", path="x"), "busy"),
            (ValueError("what nobody thought of"), "damaged"),
        ],
    )
    def test_that_of_a_copy_stops_no_command_and_is_listed(
        self, left: Path, again: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
    ) -> None:
        with monkeypatch.context() as patched, again() as later:
            patched.setattr(module, "keep_copy", _fails(error))
            edit_company(later, CVR, {"employees": "10"}, None)
            assert {each.why for each in left_places(later.store)} == {why}
            found = check_ledger(later.store).warnings
        assert str(left) in " ".join(map(format_issue, found))

    def test_a_damaged_copy_is_looked_at_again_only_when_it_has_changed(
        self, left: Path, again: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = left.read_bytes()
        left.write_bytes(whole[:2000])
        with again() as later:
            edit_company(later, CVR, {"employees": "10"}, None)
            [place] = left_places(later.store)
        assert (place.path, place.why) == (str(left), "damaged")
        with monkeypatch.context() as patched, again() as later:
            patched.setattr(module._CleanUp, "_clean_file", _fails(AssertionError("looked at")))
            edit_company(later, CVR, {"employees": "11"}, None)
        left.write_bytes(whole)
        with again() as later:
            edit_company(later, CVR, {"employees": "12"}, None)
            assert left_places(later.store) == []
        assert NAME.encode() not in left.read_bytes()

    @pytest.mark.usefixtures("left")
    def test_that_of_the_whole_is_a_warning(
        self, again: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        warned: list[Refusal] = []
        monkeypatch.setattr(module, "left_places", _fails(OSError("what nobody thought of")))
        with again() as later:
            edit_company(later._replace(warn=warned.append), CVR, {"employees": "10"}, None)
        assert [each.key for each in warned] == ["clean_up_failed"]
        assert "an earlier erasure is not finished yet" in warned[0].sentence()

    @pytest.mark.parametrize(
        ("fails", "error"),
        [
            ("settle_left", Refusal("disk_full", path="x")),
            ("settle_left", Refusal("not_stored", path="x", cause="disk error")),
            ("left_places", Refusal("ledger_io_error", path="x")),
        ],
    )
    @pytest.mark.usefixtures("copy")
    def test_that_of_the_list_takes_back_no_erasure_that_is_stored(
        self, session: Session, again: Any, monkeypatch: pytest.MonkeyPatch, fails: str, error: Any
    ) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(module, fails, _fails(error))
            done = _erase(session)
        assert done.reached.traces is not None
        said = done.reached.traces.sentence()
        assert "the erasure is stored" in said
        assert str(error.facts.get("cause", error.cause())) in said
        assert "not stored" not in said.lower()
        assert "nothing was stored" not in said
        assert len(done.reached.cleaned) == (2 if fails == "settle_left" else 0)
        assert len(left_places(session.store)) == 3
        with again() as later:
            edit_company(later, CVR, {"employees": "10"}, None)
            assert left_places(later.store) == []
        assert _holding(session) == []

    @pytest.mark.usefixtures("left")
    def test_that_of_the_list_in_passing_is_a_warning(
        self, again: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        warned: list[Refusal] = []
        monkeypatch.setattr(module, "settle_left", _fails(Refusal("disk_full", path="x")))
        with again() as later:
            edit_company(later._replace(warn=warned.append), CVR, {"employees": "10"}, None)
        assert [each.key for each in warned] == ["clean_up_failed"]
        assert "nothing was stored" not in warned[0].sentence()

    def test_a_copy_that_was_deleted_is_done(self, left: Path, again: Any) -> None:
        left.unlink()
        with again() as later:
            edit_company(later, CVR, {"employees": "10"}, None)
            assert left_places(later.store) == []


@pytest.mark.usefixtures("copy")
def test_what_a_killed_clean_up_left_beside_is_swept_at_once(
    session: Session, again: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _broken_off(session, monkeypatch, 1)
    place = left_places(session.store)[0]
    gone = f"{maker()[:8]}3fffff7"  # no process has so high a number
    beside = (
        Backups(session.store.path).folder
        / f".{place.path.rpartition('/')[2]}.cafecafe-{gone}.kmtrack-new"
    )
    aside = session.store.folder / f".kmtrack-aside-{gone}-xyz"
    aside.mkdir()
    for file in (beside, aside / "ledger.db"):
        file.write_bytes(NAME.encode())
    assert begun_as(beside)
    with again() as later:
        edit_company(later, CVR, {"employees": "10"}, None)
    assert not beside.exists()
    assert not aside.exists()


@pytest.mark.everyday(1)
@pytest.mark.parametrize("version", range(1, 6))
def test_copies_of_every_version_are_cleaned(tmp_path: Path, version: int) -> None:
    old = ledger_of_version(version, tmp_path / "old.db")
    open_store(old).close()
    copy = tmp_path / f"old-version-{version}.db"
    earlier = Backups(old).folder / "old-2011-06-29.db"
    earlier.parent.mkdir()
    shutil.copy(copy, earlier)
    name = "Ane Berg"
    assert name.encode() in copy.read_bytes()
    with session_over(old) as session:
        done = erase_persons(session, *plan_of_person(session, name).persons)
        assert done.reached.cleaned == [copy, earlier]
        assert check_ledger(session.store).damage == []
    for file in (old, copy, earlier):
        assert name.encode() not in file.read_bytes()
        with closing(open_store(file)) as store:
            assert check_ledger(store).damage == []


def test_an_old_copy_says_nothing_about_the_clock(session: Session, copy: Path) -> None:
    later = agreeing(session._replace(clock=Clock(date(2016, 6, 30))))
    edit_company(later, CVR, {"employees": "10"}, None)
    assert copy in erase_persons(later, *plan_of_person(later, NAME).persons).reached.cleaned


def test_nothing_is_left_in_a_copy_or_an_altered_setting(session: Session, copy: Path) -> None:
    with session.store.writing("0" * 32):
        add_left(session.store, [LeftPlace("file", str(copy))])
    back_up_for_the_day(session.store, session.clock.today)
    with closing(open_store(Backups(session.store.path).of_day(session.clock.today))) as store:
        assert left_places(store) == []
    with behind(session.store.path) as bare:
        bare.execute("UPDATE setting SET value = '[[1]]' WHERE name = 'left'")
    assert [each.kind for each in check_ledger(session.store).damage] == ["setting_altered"]


def test_an_everyday_command_reads_nothing_more(session: Session, copy: Path) -> None:
    del copy
    with session_at(session.store.path, session.clock, {}) as opened:
        assert opened.clean_left is not module.clean_up_in_passing
    assert all(
        json.loads(row["value"])["ledgers"] == [str(session.store.path)]
        for row in session.store.all("SELECT value FROM setting WHERE name LIKE 'backups:%'")
    )
    assert [folder.is_away for folder in copies_folders(session.store)] == [False, False]


@pytest.mark.usefixtures("copy")
def test_a_copy_made_by_hand_is_named_and_stays(session: Session, again: Any) -> None:
    other = session.store.path.with_name("ledger - copy.db")
    shutil.copyfile(session.store.path, other)
    _erase(session)
    assert [place[:3] for place in left_places(session.store)] == [("file", str(other), "another")]
    assert _holding(session) == [other]
    with session_over(other) as by_hand:
        _erase(by_hand)
    with again() as later:
        edit_company(later, CVR, {"employees": "10"}, None)
        assert [place.path for place in left_places(later.store)] == []
    assert _holding(session) == []
