"""Run kmtrack in a process of its own, optionally with one safeguard disabled."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import kmtrack
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SOURCES: Final = Path(kmtrack.__file__).parents[1]
DRIVER: Final = Path(__file__).with_name("driver.py")
_SECONDS: Final = 120


class Ended(NamedTuple):
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a command whose home is `folder`."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "KMTRACK_HOME": str(folder),
        "KMTRACK_TODAY": "2011-06-30",
        "KMTRACK_LANG": "en",
        "KMTRACK_BROKER": "JH",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(SOURCES),
        "PYTHONDONTWRITEBYTECODE": "1",
        **more,
    }


def command_line(*words: str, sabotage: str = "nothing") -> list[str]:
    """Return the command line that runs kmtrack with a sabotage of `driver.py`."""
    return [sys.executable, str(DRIVER), sabotage, *words]


def run(folder: Path, command: Sequence[str], **more: str) -> Ended:
    """Run a command line in `folder` and return its outcome."""
    done = subprocess.run(
        command,
        env=environment(folder, **more),
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=_SECONDS,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def is_whole(ledger: Path) -> bool:
    """Return whether a ledger opens and a check finds no damage."""
    with closing(open_store(ledger)) as store:
        return check_ledger(store).damage == []


@contextmanager
def query(ledger: Path, statement: str) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows of a query on a ledger, opened as kmtrack opens it."""
    with closing(open_store(ledger)) as store:
        yield [tuple(row) for row in store.all(statement)]
