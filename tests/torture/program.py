"""Running the real program in a process of its own, as it is or sabotaged in one way."""

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
    """How a command ended."""

    code: int
    out: str
    err: str


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The surroundings of a command whose home is `folder`."""
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
    """The command line of the program, sabotaged as `driver.py` knows."""
    return [sys.executable, str(DRIVER), sabotage, *words]


def run(folder: Path, command: Sequence[str], **more: str) -> Ended:
    """Run a command line to its end."""
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
    """Whether a ledger opens and a check finds no damage."""
    with closing(open_store(ledger)) as store:
        return check_ledger(store).damage == []


@contextmanager
def query(ledger: Path, statement: str) -> Iterator[list[tuple[object, ...]]]:
    """The rows of a query on a ledger, opened as the program opens it."""
    with closing(open_store(ledger)) as store:
        yield [tuple(row) for row in store.all(statement)]
