"""Launchers and environment of the measured programs, as pip would install them."""

from __future__ import annotations

import compileall
import os
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT: Final = Path(__file__).parents[1]

# The launcher that pip writes for an entry point, so that start-up costs what users pay.
_LAUNCHER: Final = """\
import re
import sys
from {module} import {function}
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit({function}())
"""


class Programs(NamedTuple):
    """The command prefix of each program, and the environment of both."""

    kmtrack: tuple[str, ...]
    floor: tuple[str, ...]
    environment: dict[str, str]


def programs_in(folder: Path) -> Programs:
    """Write the launchers to `folder` and compile the packages, as an installation does."""
    for package in (CHECKOUT / "src" / "kmtrack", CHECKOUT / "bench"):
        compileall.compile_dir(package, quiet=2)
    return Programs(
        (sys.executable, str(_launcher(folder, "kmtrack", _entry_point()))),
        (sys.executable, str(_launcher(folder, "floor", "bench.floor_app:run"))),
        _reproducible(os.environ),
    )


def _entry_point() -> str:
    """Return the function that the console script calls, as `module:function`."""
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        script: str = tomllib.load(file)["project"]["scripts"]["kmtrack"]
    return script


def _launcher(folder: Path, name: str, entry_point: str) -> Path:
    path = folder / name
    module, _, function = entry_point.partition(":")
    path.write_text(_LAUNCHER.format(module=module, function=function), encoding="utf-8")
    return path


def _reproducible(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the settings that would make runs differ."""
    plain = {name: value for name, value in environment.items() if not name.startswith("KMTRACK_")}
    plain.pop("PYTHONDONTWRITEBYTECODE", None)
    paths = os.pathsep.join((str(CHECKOUT), str(CHECKOUT / "src")))
    # Soon after the last record of the ledgers: a clock that is far ahead of it is asked about.
    shown = {
        "KMTRACK_TODAY": "2012-12-31",
        "KMTRACK_LANG": "en",
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "TERM": "xterm",
    }
    return {**plain, **shown, "PYTHONPATH": paths}
