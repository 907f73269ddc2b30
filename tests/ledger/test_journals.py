"""Journals: a leftover journal is never played back into another ledger or file."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

from builders import CVR, ledger_in, refuses
from journals import break_off, journal_beside, super_journal
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.create import new_ledger
from kmtrack.ledger.store.sqlite import uri_of
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.restore import replace_unreadable

if TYPE_CHECKING:
    from pathlib import PurePath

    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.files


def _break_off(ledger: Path, kept: Path) -> None:
    """Keep the file and its journal as they are in the middle of a change."""
    kept.mkdir()
    with closing(sqlite3.connect(ledger, isolation_level=None)) as bare:
        bare.execute("PRAGMA cache_size = 1")
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("UPDATE company SET name = 'Halvvejs'")
        bare.execute("CREATE TABLE spill AS SELECT randomblob(100000) AS b")
        for file in ledger.parent.glob(f"{ledger.name}*"):
            if file.is_file():
                shutil.copy(file, kept)
        bare.execute("ROLLBACK")


def _journal_that_deletes(ledger: Path, victim: Path) -> None:
    """Write a journal that names a super-journal, which SQLite would delete."""
    break_off(ledger, ledger.read_bytes())
    with journal_beside(ledger).open("ab") as journal:
        journal.write(super_journal(victim))


@pytest.mark.parametrize("what", ["their own", "ours", "another"])
def test_no_file_is_deleted_that_another_ones_journal_names(
    session: Session, ledger: Path, tmp_path: Path, what: str
) -> None:
    (tmp_path / "theirs").mkdir()
    theirs = ledger_in(tmp_path / "theirs")
    letter = tmp_path / "brev.txt"
    letter.write_text("kære region", encoding="utf-8")
    victim = {"their own": theirs, "ours": ledger, "another": letter}[what]
    before = victim.read_bytes()
    _journal_that_deletes(theirs, victim)
    with refuses("no_ledger_in_file"):
        merge_ledgers(session, [theirs], keep=False)
    assert victim.read_bytes() == before


def test_a_backup_is_not_spoiled_by_what_a_ledger_that_is_gone_left(
    session: Session, ledger: Path, tmp_path: Path
) -> None:
    add_company(session, {"name": "Hedelund", "cvr": CVR})
    made = back_up(session.store, session.clock)
    _break_off(ledger, tmp_path / "kept")
    session.store.close()
    ledger.unlink()
    left = ledger.with_name(f"{ledger.name}-journal")
    shutil.copy(tmp_path / "kept" / left.name, left)
    replace_unreadable(ledger, made.file, session.clock)
    with closing(open_store(ledger)) as store:
        assert check_ledger(store).damage == []
        assert store.get("SELECT name FROM company")[0] == "Hedelund"


@pytest.mark.parametrize("suffix", ["-journal", "-wal"])
def test_a_new_ledger_is_not_spoiled_by_what_one_that_is_gone_left(
    session: Session, ledger: Path, tmp_path: Path, suffix: str
) -> None:
    add_company(session, {"name": "Hedelund", "cvr": CVR})
    _break_off(ledger, tmp_path / "kept")
    place = tmp_path / "new" / ledger.name
    place.parent.mkdir()
    left = place.with_name(place.name + suffix)
    shutil.copy(tmp_path / "kept" / f"{ledger.name}-journal", left)
    with new_ledger(place):
        pass
    assert not left.exists()
    with closing(open_store(place)) as store:
        assert store.get("PRAGMA integrity_check")[0] == "ok"


def test_a_place_that_cannot_be_opened_is_let_go(ledger: Path, tmp_path: Path) -> None:
    """On Windows nothing could be moved over a file that is still open."""
    spoiled = bytearray(ledger.read_bytes())
    spoiled[16:18] = b"\xff\xff"
    ledger.write_bytes(spoiled)
    with pytest.raises(Exception, match="damaged"):
        open_store(ledger)
    opened = Path("/proc/self/fd")
    if opened.exists():
        assert str(ledger) not in {str(one.resolve()) for one in opened.iterdir()}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/home/jh/ledger.db"), "file:///home/jh/ledger.db?mode=ro"),
        (PurePosixPath("/home/jh/a?b#c%.db"), "file:///home/jh/a%3Fb%23c%25.db?mode=ro"),
        (PureWindowsPath("C:/Users/JH/ledger.db"), "file:///C:/Users/JH/ledger.db?mode=ro"),
        (PureWindowsPath("//srv/share/l b.db"), "file:////srv/share/l%20b.db?mode=ro"),
    ],
    ids=str,
)
def test_every_path_has_a_uri_that_names_no_authority(path: PurePath, uri: str) -> None:
    assert uri_of(path, "ro") == uri
