"""What a kill during a migration leaves: nothing is believed of it before SQLite has undone it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from builders import CVR, TODAY, behind, ledger_of_version, refuses
from journals import break_off, journal_beside, super_journal
from kmtrack.cli.main import main
from kmtrack.ledger.exchange import is_bundle_at
from kmtrack.ledger.migrations import place_of_backup
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.ledger.store.sqlite import (
    SCHEMA_VERSION,
    connection_to,
    header_at,
    refusal,
    version_at,
)
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.restore import restore_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.files


@pytest.fixture(params=[1, SCHEMA_VERSION - 1])
def hot(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a ledger whose migration was killed right before it was stored."""
    return _hot(tmp_path / "old.db", request.param)


def _hot(path: Path, version: int) -> Path:
    ledger_of_version(version, path)
    before = path.read_bytes()
    open_store(path).close()
    place_of_backup(path, version).unlink()
    break_off(path, before)
    return path


FIRST = (
    ("check",),
    ("history",),
    ("status",),
    ("contract", "show"),
    ("contact", "list"),
    ("company", "add", "Hede"),
    ("backup",),
    ("export", "{folder}/r.xlsx"),
    ("import", "{folder}/x.csv", "--yes"),
    ("undo", "--dry-run"),
)


@pytest.mark.everyday(4)
@pytest.mark.parametrize("command", FIRST, ids=" ".join)
def test_the_first_command_finds_a_whole_ledger(
    hot: Path, command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "company,date\nMols Bogtryk,2011-05-01\n"
    (tmp_path / "x.csv").write_text(rows, encoding="utf-8")
    words = [word.format(folder=tmp_path) for word in command]
    assert main(["--lang", "en", "--ledger", str(hot), *words]) == 0, capsys.readouterr().err
    assert not journal_beside(hot).exists()
    with closing(open_store(hot)) as store:
        assert check_ledger(store).damage == []


def test_its_version_is_what_it_will_be_and_nothing_is_written_for_that(hot: Path) -> None:
    before = {file: file.read_bytes() for file in (hot, journal_beside(hot))}
    assert version_at(hot) < SCHEMA_VERSION
    assert {file: file.read_bytes() for file in before} == before


def test_a_link_to_it_finds_its_journal(hot: Path, tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    link = tmp_path / "desk" / "mine.db"
    link.symlink_to(hot)
    assert version_at(link) < SCHEMA_VERSION
    with quarantined(link, tmp_path) as copy:
        assert check_ledger(copy).damage == []
    with closing(open_store(link)) as store:
        assert check_ledger(store).damage == []


def test_it_is_merged_and_restored_from_and_stays_as_it_is(
    session: Session, hot: Path, tmp_path: Path
) -> None:
    before = {file: file.read_bytes() for file in (hot, journal_beside(hot))}
    assert merge_ledgers(session, [hot]).commands
    assert check_ledger(session.store).damage == []
    with refuses("other_ledger"):
        restore_ledger(session, hot)
    with quarantined(hot, tmp_path) as copy:
        assert check_ledger(copy).damage == []
    assert {file: file.read_bytes() for file in before} == before


def test_a_bundle_that_was_being_cleaned_is_still_one(session: Session, tmp_path: Path) -> None:
    add_company(session, {"name": "Hedelund", "cvr": CVR})
    bundle = tmp_path / "news.db"
    write_bundle(session, bundle, None)
    before = bundle.read_bytes()
    with behind(bundle) as bare:
        bare.execute("DELETE FROM setting")
    break_off(bundle, before)
    assert is_bundle_at(bundle)
    assert bundle.read_bytes()[100:] == before[100:]
    write_bundle(session, bundle, TODAY)  # and what was left of it does not spoil the new one
    assert is_bundle_at(bundle)


@pytest.mark.parametrize("version", [1, SCHEMA_VERSION - 1])
def test_a_file_that_is_none_of_ours_is_left_alone_whatever_lies_beside_it(
    version: int, tmp_path: Path
) -> None:
    path = _hot(tmp_path / "old.db", version)
    theirs = tmp_path / "theirs.db"
    with closing(sqlite3.connect(theirs)) as bare:
        bare.execute("CREATE TABLE notes (text)")
        bare.commit()
    break_off(theirs, theirs.read_bytes())
    before = {file: file.read_bytes() for file in (theirs, journal_beside(theirs))}
    with refuses("not_a_ledger"):
        open_store(theirs)
    assert {file: file.read_bytes() for file in before} == before
    assert path.exists()


def test_a_ledger_over_which_theirs_was_being_written_is_ours_again(ledger: Path) -> None:
    """The change that was broken off had made the file another program's."""
    before = ledger.read_bytes()
    with behind(ledger) as bare:
        bare.execute("PRAGMA application_id = 1")
        bare.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 3}")
    break_off(ledger, before)
    with closing(open_store(ledger)) as store:
        assert check_ledger(store).damage == []


def test_a_journal_that_names_other_files_is_not_played_back(ledger: Path, tmp_path: Path) -> None:
    letter = tmp_path / "brev.txt"
    letter.write_text("kære region", encoding="utf-8")
    break_off(ledger, ledger.read_bytes())
    with journal_beside(ledger).open("ab") as journal:
        journal.write(super_journal(letter))
    with refuses("foreign_journal") as refused:
        open_store(ledger)
    assert str(journal_beside(ledger)) in refused.value.sentence()
    assert letter.exists()


@pytest.mark.parametrize("what", ["folder", "pipe", "link"])
def test_a_journal_that_is_no_file_is_named(ledger: Path, tmp_path: Path, what: str) -> None:
    journal = ledger.with_name(f"{ledger.name}-journal")
    if what == "folder":
        journal.mkdir()
    elif what == "pipe":
        os.mkfifo(journal)
    else:
        (tmp_path / "elsewhere").touch()
        journal.symlink_to(tmp_path / "elsewhere")
    with refuses("journal_not_regular") as refused:
        open_store(ledger)
    assert refused.value.facts["journal"] == journal


def test_that_it_could_not_be_undone_is_said(hot: Path) -> None:
    with closing(connection_to(hot, "ro")) as connection, pytest.raises(sqlite3.Error) as raised:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    told = refusal(raised.value, hot)
    assert (told.key, told.facts["journal"]) == ("ledger_unfinished", journal_beside(hot))


@pytest.mark.everyday(4)
@pytest.mark.parametrize("length", [0, 8, 27, 28, 511, 512, 600, 5000])
def test_a_journal_that_was_cut_short_is_read_as_far_as_it_goes(hot: Path, length: int) -> None:
    """SQLite restores whole pages only, and the first page here is the last."""
    whole = journal_beside(hot).read_bytes()
    journal_beside(hot).write_bytes(whole[:length])
    assert header_at(hot) == hot.read_bytes()[:100]


def test_a_journal_in_several_parts_is_read_to_its_end(ledger: Path) -> None:
    size = 4096
    with closing(sqlite3.connect(ledger, isolation_level=None)) as bare:
        bare.execute("PRAGMA cache_size = 1")
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("UPDATE entry SET facts = facts || ' '")
        bare.execute("CREATE TABLE spill AS SELECT randomblob(300000) AS b")
        bare.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        bare.execute("INSERT INTO spill SELECT randomblob(300000)")
        assert journal_beside(ledger).stat().st_size > size
        assert version_at(ledger) == SCHEMA_VERSION
        bare.execute("ROLLBACK")
