"""Rebuild the disk as it may look after a power cut at each step of a command, and open it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from disk import CALLS, Disk, steps_in
from laid_out import COMMANDS, MAKING, earlier_export, lay_out
from program import command_line, run

from kmtrack.errors import Refusal
from kmtrack.ledger.open import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from disk import Step

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


class Watched(NamedTuple):
    """A file that a command changes; `content` reads it, and returns None if it is damaged."""

    file: str
    content: Callable[[Path], object]


class Cut(NamedTuple):
    """Findings in all disk images of one command."""

    images: int
    lost: int
    corrupt: int


def _traced(folder: Path, words: tuple[str, ...], sabotage: str) -> list[Step]:
    trace = folder.parent / "trace.log"
    strace = [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "16777216",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(trace),
    ]
    ended = run(folder, [*strace, *command_line(*words, sabotage=sabotage)])
    assert ended.code == 0, ended.err
    return steps_in(trace, folder)


def _content(ledger: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(ledger)) as bare:
        tables = bare.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'setting'"
        ).fetchall()
        return {
            t: sorted(bare.execute(f"SELECT * FROM {t}").fetchall(), key=repr) for (t,) in tables
        }


def _replayed(
    tmp_path: Path, words: tuple[str, ...], watched: Watched, images: int, sabotage: str = "nothing"
) -> Cut:
    folder = tmp_path / "work"
    lay_out(folder)
    file = folder / watched.file
    if not file.exists():
        earlier_export(file)
    before = watched.content(file)
    whole = tmp_path / "before"
    shutil.copytree(folder, whole)
    steps = _traced(folder, words, sabotage)
    after = watched.content(file)
    assert before != after
    confirmed = next(at for at, step in enumerate(steps) if step.kind == "stdout")
    names = (str(file), f"{folder}/.{file.name}")  # its temporary files too
    writing = [at for at, step in enumerate(steps) if step.path.startswith(names)]
    assert writing
    shutil.rmtree(folder)
    shutil.copytree(whole, folder)
    chance, image = random.Random(5), tmp_path / "image"
    lost = corrupt = 0
    # Cut mostly while the ledger is written, at times before that or after the confirmation.
    cuts = sorted(chance.choice(writing) + 1 for _ in range(images * 3 // 4))
    cuts += [
        chance.randint(chance.choice((0, confirmed)), len(steps)) for _ in range(images - len(cuts))
    ]
    disk, taken = Disk(folder), 0
    for cut in sorted(cuts):
        while taken < cut:
            disk.take(steps[taken])
            taken += 1
        shutil.rmtree(image, ignore_errors=True)
        image.mkdir()
        for name, data in disk.after_a_cut(chance).items():
            (image / Path(name).name).write_bytes(data)
        found = watched.content(image / watched.file)
        if found is None or found not in (before, after):
            corrupt += 1
        elif cut > confirmed and found != after:
            lost += 1
    return Cut(images, lost, corrupt)


def _ledger(ledger: Path) -> object:
    """Return the content of a ledger after kmtrack has opened it."""
    try:
        with closing(open_store(ledger)) as store:
            if store.get("PRAGMA integrity_check(1)")[0] != "ok":
                return None
        return _content(ledger)
    except (Refusal, sqlite3.Error):
        return None


def _database(file: Path) -> object:
    """Return the content of a ledger of any version after SQLite has opened it."""
    try:
        with closing(sqlite3.connect(file)) as bare:
            if bare.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                return None
        return _content(file)
    except sqlite3.Error:
        return None


LEDGER: Final = Watched("ledger.db", _ledger)
_OTHERS: Final = {
    "migration": (("--ledger", "old.db", "status"), Watched("old.db", _database)),
    "export": (MAKING["export"], Watched("region.xlsx", lambda file: file.read_bytes())),
}


def test_nothing_that_was_confirmed_is_lost_by_a_power_cut(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    replayed = {**{name: (words, LEDGER) for name, words in COMMANDS.items()}, **_OTHERS}
    each = times(10_500, 450) // len(replayed)
    found = {}
    for name, (words, watched) in replayed.items():
        (tmp_path / name).mkdir()
        found[name] = _replayed(tmp_path / name, words, watched, each)
    images = sum(cut.images for cut in found.values())
    lost, corrupt = (sum(getattr(c, k) for c in found.values()) for k in ("lost", "corrupt"))
    told(
        "power-cut images",
        f"{images} images of {len(found)} commands: {lost} lost, {corrupt} corrupt",
    )
    assert (lost, corrupt) == (0, 0), found


@pytest.mark.parametrize("sabotage", ["no_sync", "no_journal", "journal_in_memory"])
def test_the_replay_finds_losses_where_there_are_some(tmp_path: Path, sabotage: str) -> None:
    cut = _replayed(tmp_path, COMMANDS["contact add"], LEDGER, 120, sabotage)
    assert cut.lost + cut.corrupt > 0


@pytest.mark.parametrize("sabotage", ["export_in_place", "moves_without_sync"])
def test_the_replay_finds_a_workbook_that_is_not_whole(tmp_path: Path, sabotage: str) -> None:
    words, watched = _OTHERS["export"]
    cut = _replayed(tmp_path, words, watched, 120, sabotage)
    assert cut.lost + cut.corrupt > 0
