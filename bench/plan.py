"""Sizes, repetitions and folders of a run."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES: Final = (1_000, 100_000, 1_000_000)
PARTS: Final = ("start-up", "peers", "growth", "bulk", "server")


class Plan(NamedTuple):
    """The parameters of a run; `work` keeps ledgers between runs, `run_folder` is emptied first.

    `peers` is a folder of programs to compare with, searched before PATH.
    """

    work: Path
    run_folder: Path
    pairs: int
    rounds: int
    sizes: tuple[int, ...]
    records: int
    bulk_rounds: int
    peers: Path | None


def plan_for(
    work: Path | None, peers: Path | None, sizes: Sequence[int] = SIZES, *, quick: bool
) -> Plan:
    """Return the plan of a full run, or of a `quick` smoke run; empty its run folder.

    `sizes` are numbers of contacts, two or more.
    """
    work = work or Path(tempfile.gettempdir()) / "kmtrack-bench"
    run_folder = work / "run"
    shutil.rmtree(run_folder, ignore_errors=True)
    run_folder.mkdir(parents=True)
    if quick:
        return Plan(work, run_folder, 2, 1, (100, 300, 1_000), 2_000, 1, peers)
    return Plan(work, run_folder, 21, 5, tuple(sizes), 100_000, 3, peers)
