"""Nothing of the program may need a module that Windows lacks before it is asked to."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

# What Python on Windows has no modules for; `curses` is an extra there.
_POSIX_ONLY: Final = (
    *("curses", "fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"),
)
_IMPORT_ALL: Final = """
import importlib, pkgutil, sys

for name in sys.argv[1].split(","):
    sys.modules[name] = None  # importing it raises ModuleNotFoundError
import kmtrack

for found in pkgutil.walk_packages(kmtrack.__path__, "kmtrack."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
        print(found.name)
"""


@pytest.mark.slow
def test_every_module_loads_without_the_modules_that_windows_lacks() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, ",".join(_POSIX_ONLY)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert loaded.returncode == 0, loaded.stderr
    assert "kmtrack.cli.main" in loaded.stdout.split()
