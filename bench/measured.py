"""Run one command and print its time and peak memory.

A process of its own with few imports, because a child inherits the peak memory of its parent.
"""

import json
import os
import subprocess
import sys
import time


def main(words: list[str]) -> None:
    """Run the command, discard its output, and print JSON: exit code, seconds, peak in bytes."""
    started = time.perf_counter()
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    peak = None
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(child.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    else:
        code = child.wait()
    seconds = time.perf_counter() - started
    print(json.dumps({"code": code, "seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main(sys.argv[1:])
