"""The real process: how it ends, with everything stored and printed, wherever it is interrupted."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import kmtrack
import terminals

if TYPE_CHECKING:
    from cli_runner import Runner

SOURCE: Final = str(Path(kmtrack.__file__).parents[1])

# Replaces the command by another one, and tells whether the process ended at once.
_AT_WORK: Final = """
import atexit, os, subprocess, sys, threading
from kmtrack.cli import main as entry, process
end = os._exit
os._exit = lambda code: (sys.stderr.write("at once"), sys.stderr.flush(), end(code))
atexit.register(lambda: sys.stderr.write("farewell "))
def main(arguments):
    {work}
    print("done")
    return 4
entry.main = main
process.run()
"""
# Presses Ctrl-C when a module is first looked for.
_INTERRUPTED: Final = """
import os, signal, sys
class Finder:
    @staticmethod
    def find_spec(name, path, target=None):
        if name == {module!r}:
            sys.meta_path.remove(Finder)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder)
sys.argv = ["kmtrack", *{words!r}]
from kmtrack.cli.process import run
run()
"""


def _python(script: str, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, "-c", script],
        env={**os.environ, "PYTHONPATH": SOURCE, **settings},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("work", "at_once"),
    [
        ("pass", True),
        ("sys.stdout.write('unflushed ')", True),
        ("threading.Thread(target=threading.Event().wait, args=(0.2,)).start()", False),
        ("sys.settrace(lambda *_: None)", False),
        ("sys.setprofile(lambda *_: None)", False),
        pytest.param(
            "globals().update(child=subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'], stdin=-1))",
            False,
            marks=pytest.mark.skipif(not hasattr(os, "waitid"), reason="nothing tells of children"),
        ),
        pytest.param(
            "sys.monitoring.use_tool_id(1, 'coverage')",
            False,
            marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="came with 3.12"),
        ),
    ],
)
def test_a_process_ends_at_once_only_where_nothing_is_at_work(work: str, at_once: bool) -> None:
    ended = _python(_AT_WORK.format(work=work))
    assert ended.returncode == 4, ended.stderr
    assert ended.stdout.endswith("done\n")
    assert ended.stdout.startswith("unflushed") == ("unflushed" in work)
    assert ended.stderr == ("farewell at once" if at_once else "farewell ")


@pytest.mark.everyday(1)
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of another kind")
@pytest.mark.parametrize(
    ("module", "stored"),
    [
        ("kmtrack.cli.main", False),
        ("kmtrack.errors", False),
        ("typer.main", False),
        ("kmtrack.cli.contact", False),
        ("kmtrack.usecases.events", False),
        ("kmtrack.ledger.unit_of_work", False),
        ("kmtrack.texts.en", True),  # which the confirmation needs
    ],
)
def test_ctrl_c_leaves_no_trace_of_the_program(stocked: Runner, module: str, stored: bool) -> None:
    words = ["--ledger", str(stocked.ledger), "contact", "add", "13748136", "--date", "2011-06-01"]
    ended = _python(_INTERRUPTED.format(module=module, words=words), KMTRACK_LANG="en")
    assert ended.returncode == 130, ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") <= 1
    shown = stocked.done("contact", "list", "--json")
    assert ("2011-06-01" in shown) == stored


def test_ctrl_c_is_caught_before_anything_is_loaded() -> None:
    script = (
        "import os, sys, __future__\n"
        "known = {*sys.modules, *sys.builtin_module_names}\n"
        "import kmtrack.cli.process\n"
        "print(*sorted(set(sys.modules) - known))\n"
    )
    loaded = _python(script, "-S").stdout.split()
    assert loaded == ["kmtrack", "kmtrack.cli", "kmtrack.cli.process"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--version",), 0),
        (("status",), 1),
        (("status", "--no-such-option"), 2),
        (("nothing",), 2),
    ],
)
def test_the_exit_code_is_that_of_the_command(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    environment = {**os.environ, "PYTHONPATH": SOURCE, "KMTRACK_LEDGER": str(tmp_path / "no.db")}
    ended = subprocess.run(
        [sys.executable, "-m", "kmtrack", *words], env=environment, capture_output=True, check=False
    )
    assert ended.returncode == code, ended.stderr
    assert bool(ended.stdout) == (code == 0)
    assert ended.stderr.count(b"\n") == (code != 0)


@pytest.mark.everyday(2)
@pytest.mark.skipif(os.name == "nt", reason="closed descriptors are POSIX")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("company list --json >&-", 0),
        ("company list --csv >&-", 0),
        ("undo <&-", 1),
        ("undo 2>&-", 1),
        ("undo <&- 2>&-", 1),
        ("survey answer 13748136 <&-", 1),
        ("survey answer 13748136 <&- >&- 2>&-", 1),
        ("restore {ledger} <&- >&- 2>&-", 1),
        ("contact 2>&-", 2),
        ("contact 2>/dev/full", 2),
        ("status 1</dev/null", 0),
        ("contact list --json 1</dev/null 2</dev/null", 0),
        ("check >&- 2</dev/null", 0),
        ("contact 2</dev/null", 2),
        ("import - 0>/dev/null", 1),
        ("contact add 13748136 --date 2011-03-02 >&- 2>/dev/full", 0),
    ],
)
def test_a_closed_stream_is_like_an_empty_one(stocked: Runner, typed: str, code: int) -> None:
    program = [sys.executable, "-m", "kmtrack", "--ledger", str(stocked.ledger)]
    if "/dev/full" in typed and not Path("/dev/full").exists():
        pytest.skip("there is no full disk")
    environment = {**os.environ, "PYTHONPATH": SOURCE, "KMTRACK_LANG": "en"}
    line = f"{shlex.join(program)} {typed.format(ledger=shlex.quote(str(stocked.ledger)))}"
    ended = subprocess.run(
        ["/bin/bash", "-c", line],
        env=environment,
        capture_output=True,
        stdin=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    assert ended.stdout == ""  # and nothing that belongs to stderr


@pytest.mark.skipif(os.name == "nt", reason="closed descriptors are POSIX")
def test_nothing_warns_of_a_closed_stream_at_the_end() -> None:
    script = (
        "import sys; sys.setprofile(lambda *_: None); from kmtrack.cli.process import run; run()"
    )
    line = f"{shlex.join([sys.executable, '-X', 'dev', '-c', script])} <&- >&-"
    ended = subprocess.run(
        ["/bin/bash", "-c", line],
        env={**os.environ, "PYTHONPATH": SOURCE},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 2
    assert "ResourceWarning" not in ended.stderr


def test_help_shows_its_style_on_a_terminal_only(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": SOURCE, "KMTRACK_LEDGER": str(tmp_path / "no.db")}
    for words in (["contact"], ["contact", "--help"]):
        ended = subprocess.run(
            [sys.executable, "-m", "kmtrack", *words],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "add " in ended.stdout + ended.stderr
        assert "\x1b" not in ended.stdout + ended.stderr


@pytest.mark.everyday(1)
@terminals.posix
@pytest.mark.parametrize("words", [("contact",), ("contact", "--help"), ("--help",)], ids=str)
def test_help_is_bold_on_a_terminal_that_can_show_it(words: tuple[str, ...]) -> None:
    assert "\x1b[1m" in terminals.seen(*words).text
    assert "\x1b" not in terminals.seen(*words, TERM="dumb").text


def test_a_fault_is_logged_and_ends_with_3(stocked: Runner, tmp_path: Path) -> None:
    script = (
        "import sys, kmtrack.usecases.status as status\n"
        "status.status_of = None\n"
        f"sys.argv = ['kmtrack', '--ledger', {str(stocked.ledger)!r}, 'status']\n"
        "from kmtrack.cli.process import run\n"
        "run()\n"
    )
    ended = _python(script, KMTRACK_HOME=str(tmp_path), KMTRACK_LANG="en")
    assert ended.returncode == 3, ended.stderr
    assert ended.stderr.count("\n") == 1
    (log,) = tmp_path.rglob("*.log")
    assert "TypeError" in log.read_text(encoding="utf-8")


def test_everyday_commands_collect_no_garbage_and_bulk_work_does() -> None:
    script = (
        "import gc\n"
        "from kmtrack.cli import main as entry, process\n"
        "entry.main = lambda arguments: print(gc.isenabled(), gc.get_threshold()[0]) or 0\n"
        "process.run()\n"
    )
    shown = _python(script).stdout.split()
    assert shown[0] == "True"
    assert int(shown[1]) >= 10_000
