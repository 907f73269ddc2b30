"""Other programs that keep records from the command line, measured where they are installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bench.commands import COMMANDS, Runner
from bench.large_ledger import copy_of_ledger
from bench.results import Line, Part
from bench.start_up import floor_words
from bench.timing import Pairs, interleaved, milliseconds, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.plan import Plan
    from bench.programs import Programs

_FIRST_DAY: Final = date(2011, 1, 1)
_ENTERED: Final = 1_306_886_400  # 1 June 2011, in seconds
_HOUR: Final = 3600
_LARGEST: Final = 100_000  # beyond this, the programs that read text files take minutes
_VERSION: Final = re.compile(r"\d+(\.\d+)+")


class Peer(NamedTuple):
    """A command of another program; `records` writes its data and returns its environment."""

    program: str
    words: tuple[str, ...]
    records: Callable[[Path, int], Mapping[str, str]]


def peers(plan: Plan, programs: Programs) -> Part:
    """Measure an add and a figure of each program that is installed, beside those of kmtrack."""
    sizes = tuple(size for size in plan.sizes if size <= _LARGEST)
    ours = [Runner(programs, copy_of_ledger(plan, size)) for size in sizes]
    floor = partial(seconds_of, floor_words(plan, programs), programs.environment)
    lines = []
    for command in COMMANDS:
        if command.name in {"contact add", "status"}:
            once = [partial(one.seconds, command) for one in ours]
            lines.append(_line(f"kmtrack {command.name}", plan.rounds, floor, once))
    missing, versions = [], []
    for program in dict.fromkeys(peer.program for peer in PEERS):
        found = _find(program, plan.peers)
        if found is None:
            print(f"{program} is not installed: skipped", file=sys.stderr)
            missing.append(program)
            continue
        versions.append(f"{program} {_version(found)}")
        for peer in PEERS:
            if peer.program == program:
                theirs = [_runs(found, peer, plan.run_folder, size) for size in sizes]
                lines.append(_line(f"{program} {peer.words[0]}", plan.rounds, floor, theirs))
    lines += [
        Line(f"{program} (not installed: skipped)", ("",) * (len(sizes) + 1)) for program in missing
    ]
    return Part(
        "Peers",
        f"An add (hledger's is an editor), and a figure over all records, on so many records of each program's own, in"
        f" milliseconds, in turns with the floor; middle of {plan.rounds}. The ratio is that of the"
        f" smallest to the floor. {'; '.join(versions) or 'None is installed'}.",
        ("command", *(f"{size:,}" for size in sizes), "floor"),
        lines,
    )


def _line(
    name: str, rounds: int, floor: Callable[[], float], once: Sequence[Callable[[], float]]
) -> Line:
    floors, *taken = interleaved(rounds, [floor, *once])
    cells = [f"{milliseconds(times):,.0f}" for times in (*taken, floors)]
    return Line(name, tuple(cells), Pairs(floors, taken[0]).ratio)


def _find(program: str, folder: Path | None) -> str | None:
    """Return the path of a program in `folder`, in this environment, or on PATH."""
    folders = [str(folder)] if folder else []
    path = [*folders, str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return shutil.which(program, path=os.pathsep.join(path))


def _version(program: str) -> str:
    done = subprocess.run((program, "--version"), capture_output=True, text=True, check=False)
    found = _VERSION.search(done.stdout)
    return found[0] if found else "of unknown version"


def _runs(program: str, peer: Peer, folder: Path, size: int) -> Callable[[], float]:
    data = folder / f"{peer.program}-{size}"
    kept = data.exists()
    data.mkdir(exist_ok=True)
    environment = {**os.environ, **peer.records(data, 0 if kept else size), "HOME": str(data)}
    words = [word.format(folder=data) for word in peer.words]
    return partial(seconds_of, (program, *words), environment)


def _hours(size: int) -> Iterator[tuple[int, date, int]]:
    """Yield numbers, each with a day and a moment (in seconds) of its own hour."""
    for number in range(size):
        yield number, _FIRST_DAY + timedelta(days=number % 500), _ENTERED + number * _HOUR


def _watson(folder: Path, size: int) -> Mapping[str, str]:
    if size:
        frames: list[tuple[object, ...]] = [
            (start, start + _HOUR, f"company {number % 500}", uuid.UUID(int=number).hex, [], start)
            for number, _, start in _hours(size)
        ]
        (folder / "frames").write_text(json.dumps(frames), encoding="utf-8")
    return {"WATSON_DIR": str(folder)}


def _sqlite_utils(folder: Path, size: int) -> Mapping[str, str]:
    if size:
        with closing(sqlite3.connect(folder / "contacts.db")) as connection, connection:
            connection.execute("CREATE TABLE contact (id INTEGER PRIMARY KEY, company, date, note)")
            rows = ((f"company {number % 500}", str(day)) for number, day, _ in _hours(size))
            connection.executemany(
                "INSERT INTO contact (company, date, note) VALUES (?, ?, 'Visited')", rows
            )
        row = {"company": "company 1", "date": "2012-06-01", "note": "Visited"}
        (folder / "new.json").write_text(json.dumps([row]), encoding="utf-8")
    return {}


def _hledger(folder: Path, size: int) -> Mapping[str, str]:
    journal = folder / "contacts.journal"
    if size:
        with journal.open("w", encoding="utf-8") as file:
            for number, day, _ in _hours(size):
                file.write(f"{day} Visited\n  company:{number % 500}  1\n  contacts\n\n")
    return {"LEDGER_FILE": str(journal)}


def _taskwarrior(folder: Path, size: int) -> Mapping[str, str]:
    settings = folder / "taskrc"
    if size:
        settings.write_text(f"data.location={folder}\nconfirmation=no\n", encoding="utf-8")
        with (folder / "pending.data").open("w", encoding="utf-8") as file:
            for number, _, start in _hours(size):
                of = f'project:"company {number % 500}" uuid:"{uuid.UUID(int=number)}"'
                file.write(f'[description:"Visited" entry:"{start}" status:"pending" {of}]\n')
    return {"TASKRC": str(settings), "TASKDATA": str(folder)}


_TIMES: Final = ("--from", "2012-06-01 12:00", "--to", "2012-06-01 13:00")
_COUNT: Final = "SELECT company, count(*) FROM contact GROUP BY company"
PEERS: Final = (
    Peer("watson", ("add", *_TIMES, "company 1"), _watson),
    Peer("watson", ("report", "--all"), _watson),
    Peer(
        "sqlite-utils",
        ("insert", "{folder}/contacts.db", "contact", "{folder}/new.json"),
        _sqlite_utils,
    ),
    Peer("sqlite-utils", ("query", "{folder}/contacts.db", _COUNT), _sqlite_utils),
    Peer("hledger", ("balance",), _hledger),
    Peer("task", ("add", "Visited"), _taskwarrior),
    Peer("task", ("count",), _taskwarrior),
)
