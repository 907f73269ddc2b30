"""Add contacts of different days, one after the other, once told to begin; print the seconds of all of them."""

from __future__ import annotations

import io
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta

from kmtrack.cli.main import main


def run(times: int, first: int, words: list[str]) -> int:
    """Run a command for so many days, from the `first` day of 2011 on; return whether it ever failed."""
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        failed = main(["status"])
        print("ready", file=sys.__stdout__, flush=True)
        sys.stdin.readline()
        begun = time.perf_counter()
        for number in range(first, first + times):
            failed |= main([*words, "--date", str(date(2011, 1, 1) + timedelta(days=number))])
        taken = time.perf_counter() - begun
    print(told.getvalue() if failed else taken)
    return failed


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
