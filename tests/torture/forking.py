"""A server that loads kmtrack once and forks for each command that is traced.

Loading takes five times as long as running a command. `python forking.py SABOTAGE` reads a JSON
request per line from stdin and writes the exit code to stdout.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LET_ANYONE_TRACE: Final = (0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # PR_SET_PTRACER_ANY


class Forked:
    """A process that has kmtrack loaded, with one safeguard disabled."""

    def __init__(self, environment: Mapping[str, str], sabotage: str = "nothing") -> None:
        self._server = subprocess.Popen(
            [sys.executable, __file__, sabotage],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def run(
        self, folder: Path, words: Sequence[str], strace: Sequence[str]
    ) -> tuple[int, str, str]:
        """Run a command in a folder under strace; return its exit code, stdout and stderr."""
        assert self._server.stdin
        assert self._server.stdout
        asked = {"folder": str(folder), "words": list(words), "strace": list(strace)}
        print(json.dumps(asked), file=self._server.stdin, flush=True)
        code = json.loads(self._server.stdout.readline())
        said = (folder.parent / name for name in ("stdout.txt", "stderr.txt"))
        out, err = (file.read_text(encoding="utf-8", errors="replace") for file in said)
        return code, out, err


def _load_everything() -> None:
    import kmtrack

    for module in pkgutil.walk_packages(kmtrack.__path__, "kmtrack."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("openpyxl", "typer.main", "rich.table", "stdnum.dk.cvr"):
        importlib.import_module(name)


def _run(asked: Mapping[str, Any]) -> int:
    child = os.fork()
    if not child:
        _become(Path(asked["folder"]), asked["words"])
    os.waitpid(child, os.WUNTRACED)
    with subprocess.Popen([*asked["strace"], "-p", str(child)], stderr=subprocess.PIPE) as strace:
        assert strace.stderr
        attached = strace.stderr.readline()
        os.kill(child, signal.SIGCONT)
        _, status = os.waitpid(child, 0)
    assert b"attached" in attached, attached
    return os.waitstatus_to_exitcode(status)


def _become(folder: Path, words: Sequence[str]) -> None:
    """Stop until strace is attached, then run the command in the folder and exit."""
    ctypes.CDLL(None).prctl(*_LET_ANYONE_TRACE)
    os.chdir(folder)
    for number, name in enumerate((os.devnull, "../stdout.txt", "../stderr.txt")):
        flags = os.O_CREAT | os.O_TRUNC | os.O_RDWR if number else os.O_RDONLY
        os.dup2(os.open(name, flags, 0o600), number)
    sys.stdin = os.fdopen(0, closefd=False)  # the inherited one has been read from
    os.environ |= {"HOME": str(folder), "KMTRACK_HOME": str(folder)}
    sys.argv = ["kmtrack", *words]
    from kmtrack.cli.process import run

    code = 1
    try:
        os.kill(os.getpid(), signal.SIGSTOP)
        run()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    import driver

    _load_everything()
    driver.SABOTAGE[sys.argv[1]]()
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(_run(json.loads(line)))}\n")
        sys.stdout.flush()
