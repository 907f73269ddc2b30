"""Timing whole processes, always one beside the other, and what is made of the times."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_MEASURED: Final = Path(__file__).with_name("measured.py")


class Failed(RuntimeError):
    """A measured command did not end well, so its time says nothing."""


class Pairs(NamedTuple):
    """The times of two things, taken in turns."""

    first: list[float]
    second: list[float]

    @property
    def ratio(self) -> float:
        """How many times the first the second takes: pair by pair, and the middle of that."""
        pairs = zip(self.first, self.second, strict=True)
        return statistics.median(second / first for first, second in pairs)


class Taken(NamedTuple):
    """What one long run took; `peak` in bytes, None where the system does not tell."""

    seconds: float
    peak: int | None


def seconds_of(words: Sequence[str], environment: Mapping[str, str]) -> float:
    """The time of a process from its start to its end. Raises Failed."""
    started = time.perf_counter()
    done = subprocess.run(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise Failed(f"{' '.join(words)}\n{done.stderr.decode(errors='replace')}")
    return seconds


def prove(words: Sequence[str], environment: Mapping[str, str], expected: str) -> None:
    """See that a process prints what it should. Raises Failed."""
    done = subprocess.run(
        words, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode or expected not in done.stdout:
        raise Failed(f"{' '.join(words)}\n{done.stdout}{done.stderr}")


def in_turns(times: int, things: Sequence[Callable[[], float]]) -> list[list[float]]:
    """The times of each thing; one after the other, so many times, after one round to warm up."""
    for thing in things:
        thing()
    taken: list[list[float]] = [[] for _ in things]
    for _ in range(times):
        for thing, its in zip(things, taken, strict=True):
            its.append(thing())
    return taken


def measure(words: Sequence[str], environment: Mapping[str, str]) -> Taken:
    """Time and peak memory of one run. Raises Failed."""
    lean = (sys.executable, "-I", "-S", str(_MEASURED), *words)
    done = subprocess.run(lean, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    if found["code"]:
        raise Failed(f"{' '.join(words)}\n{done.stderr}")
    return Taken(found["seconds"], found["peak"])


def milliseconds(times: Sequence[float]) -> float:
    """The middle of some times."""
    return statistics.median(times) * 1000
