"""Time processes in turns and compare them."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_MEASURED: Final = Path(__file__).with_name("measured.py")


class Failed(RuntimeError):
    """A measured command failed, so its time is meaningless."""


class Pairs(NamedTuple):
    """The times of two things measured in turns, in seconds."""

    first: list[float]
    second: list[float]

    @property
    def ratio(self) -> float:
        """Return the median over all pairs of second divided by first."""
        pairs = zip(self.first, self.second, strict=True)
        return statistics.median(second / first for first, second in pairs)


class Measurement(NamedTuple):
    """Time and peak memory of a run; `peak` is in bytes, or None if the system does not report it."""

    seconds: float
    peak: int | None


def seconds_of(words: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a process and return its wall-clock time. Raises Failed."""
    started = time.perf_counter()
    done = subprocess.run(
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise Failed(f"{' '.join(words)}\n{done.stderr.decode(errors='replace')}")
    return seconds


def has_terminals() -> bool:
    """Whether a process can be run on a terminal here."""
    return hasattr(os, "openpty")


def seconds_on_terminal(words: Sequence[str], environment: Mapping[str, str]) -> float:
    """Run a process whose output goes to a terminal and return its wall-clock time. Raises Failed."""
    screen, terminal = os.openpty()
    started = time.perf_counter()
    child = subprocess.Popen(
        words, env=environment, stdin=subprocess.DEVNULL, stdout=terminal, stderr=subprocess.PIPE
    )
    os.close(terminal)
    with open(screen, "rb", buffering=0) as shown, suppress(OSError):  # noqa: PTH123 - a descriptor
        while shown.read(65536):
            pass
    _, errors = child.communicate()
    seconds = time.perf_counter() - started
    if child.returncode:
        raise Failed(f"{' '.join(words)}\n{errors.decode(errors='replace')}")
    return seconds


def assert_prints(words: Sequence[str], environment: Mapping[str, str], expected: str) -> None:
    """Run a process and check that its output contains `expected`. Raises Failed."""
    done = subprocess.run(
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode or expected not in done.stdout:
        raise Failed(f"{' '.join(words)}\n{done.stdout}{done.stderr}")


def interleaved(times: int, things: Sequence[Callable[[], float]]) -> list[list[float]]:
    """Return the times of each thing, run in turns `times` times after one warm-up round."""
    for thing in things:
        thing()
    taken: list[list[float]] = [[] for _ in things]
    for _ in range(times):
        for thing, its in zip(things, taken, strict=True):
            its.append(thing())
    return taken


def measure(words: Sequence[str], environment: Mapping[str, str]) -> Measurement:
    """Run a process and return its time and peak memory. Raises Failed."""
    lean = (sys.executable, "-I", "-S", str(_MEASURED), *words)
    done = subprocess.run(lean, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    if found["code"]:
        raise Failed(f"{' '.join(words)}\n{done.stderr}")
    return Measurement(found["seconds"], found["peak"])


def milliseconds(times: Sequence[float]) -> float:
    """Return the median of times in seconds, in milliseconds."""
    return statistics.median(times) * 1000
