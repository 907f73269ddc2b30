"""How a command line ends: for all that can be raised an exit code, and one line at most."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import typer

from kmtrack import i18n
from kmtrack.cli import fault_log
from kmtrack.cli.errors import guard
from kmtrack.errors import Refusal, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = Path(i18n.__file__).parents[1]
posix = pytest.mark.skipif(os.name == "nt", reason="/dev/full and closed descriptors are POSIX")
PERSONAL = "Inger Holm 010190-1234"
INTERRUPTED = "Afbrudt. Ingen ændring er gemt i registret\n"
NO_SPACE = "Fejl: svaret kunne ikke skrives færdigt, for der er ikke mere plads;"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = {"error.refused": "det går ikke: {why}", "error.twice": "forkert"}
    monkeypatch.setattr(i18n, "_current", "da")
    monkeypatch.setitem(i18n._loaded, "da", {**i18n.texts_of("da"), **told})
    monkeypatch.setenv("KMTRACK_HOME", str(tmp_path / "home"))


def _raising(error: BaseException) -> Callable[[], int | None]:
    def run() -> int | None:
        raise error

    return run


def _ended(
    run: Callable[[], int | None], capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    code = guard(run)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1), (3, 3)])
def test_what_is_returned_is_the_exit_code(
    returned: int | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ended(lambda: returned, capsys) == (code, "", "")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (Refusal("refused", why="nej"), 1, "Fejl: det går ikke: nej\n"),
        (WrongUsage("twice"), 2, "Fejl: forkert\n"),
        (KeyboardInterrupt(), 130, INTERRUPTED),
        (typer.Abort(), 130, INTERRUPTED),
        (typer.Exit(4), 4, ""),
        (typer.Exit(), 0, ""),
        (SystemExit(None), 0, ""),
        (SystemExit(5), 5, ""),
        (SystemExit("text"), 1, ""),
        (BrokenPipeError(errno.EPIPE, "closed"), 0, ""),
        (
            OSError(errno.ENOSPC, "full"),
            1,
            f"{NO_SPACE} frigør plads\n",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_what_is_raised_ends_with_a_code_and_a_line(
    error: BaseException, code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ended(_raising(error), capsys) == (code, "", line)


def test_typer_returns_the_code_of_an_interrupt_and_still_a_line_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _ended(lambda: 130, capsys) == (130, "", INTERRUPTED)


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("bell\x07\x9b", r"bell\x07\x9b"),
        ("turned\u202eround\u200b", r"turned\u202eround\u200b"),
        ("two\nlines\r\nor\tthree\u2028four", "two lines or three four"),
        ("lone\udc80", r"lone\udc80"),
        ("[red]plain[/red] {braces} %s æøå", "[red]plain[/red] {braces} %s æøå"),
    ],
)
def test_the_line_is_one_line_that_no_terminal_obeys(
    fact: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, line = _ended(_raising(Refusal("refused", why=fact)), capsys)
    assert line == f"Fejl: det går ikke: {shown}\n"


@pytest.mark.parametrize(
    "fault",
    [
        ValueError(PERSONAL),
        KeyError(PERSONAL),
        MemoryError(),
        RecursionError(),
        OSError(errno.EACCES, PERSONAL),
        AssertionError(),
        GeneratorExit(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_is_one_line_and_is_logged(
    fault: BaseException, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "home" / "kmtrack-fault.log"
    code, out, line = _ended(_raising(fault), capsys)
    assert (code, out) == (3, "")
    assert line.startswith("Fejl: der er opstået en fejl i selve kmtrack; ")
    assert str(log) in line
    assert line.count("\n") == 1
    logged = log.read_text(encoding="utf-8")
    assert type(fault).__name__ in logged
    assert "test_boundary.py" in logged
    assert PERSONAL not in logged


def test_a_second_fault_is_added_to_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for fault in (ValueError(), LookupError()):
        _ended(_raising(fault), capsys)
    logged = (tmp_path / "home" / "kmtrack-fault.log").read_text(encoding="utf-8")
    assert logged.index("ValueError") < logged.index("LookupError")


@posix
def test_the_log_is_for_its_owner_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _ended(_raising(ValueError()), capsys)
    home = tmp_path / "home"
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "kmtrack-fault.log").stat().st_mode & 0o777 == 0o600


def test_a_log_that_cannot_be_written_is_no_second_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").write_text("a file where the folder should be", encoding="utf-8")
    code, _, line = _ended(_raising(ValueError()), capsys)
    assert code == 3
    assert line.startswith("Fejl: der er opstået en fejl i selve kmtrack (ValueError), ")
    assert line.count("\n") == 1


def test_a_refusal_without_a_text_is_a_fault(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, line = _ended(_raising(Refusal("unspoken")), capsys)
    assert code == 3
    assert line.count("\n") == 1


def test_without_any_texts_there_is_still_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(i18n._loaded, "da", {})
    expected = "Error: kmtrack has failed\n"
    assert _ended(_raising(ValueError()), capsys) == (3, "", expected)


def test_a_log_that_raises_what_it_should_not_is_caught(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fault_log, "write_fault", _raising(RecursionError()))
    code, _, line = _ended(_raising(RecursionError()), capsys)
    assert code == 3
    assert line.count("\n") == 1


# From here on the real thing: a program of its own with real streams.

PROGRAM = """
import sys, typer
from typer.main import get_command
from kmtrack import i18n
from kmtrack.cli.errors import guard
from kmtrack.cli.typer_patches.localise import localise

i18n.use("da")
i18n.texts_of("da")["help.app"] = "Æblegrød på øen."
app = typer.Typer(help="help.app", no_args_is_help=True, rich_markup_mode=None)

@app.callback()
def root() -> None: ...

@app.command()
def few() -> None:
    print("row")

@app.command()
def many() -> None:
    for number in range(50_000):
        print("row", number)

@app.command()
def refused(value: str, note: str = "") -> None:
    print("row")
    raise typer.Exit(1)

@app.command()
def stopped() -> None:
    raise KeyboardInterrupt

def run() -> int | None:
    command = get_command(app)
    localise(command)
    result = command.main(args=sys.argv[1:], prog_name="km", standalone_mode=False)
    return result if isinstance(result, int) else None

for stream in (sys.stdout, sys.stderr):
    if stream is not None:
        stream.reconfigure(errors="replace")
sys.exit(guard(run))
"""


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class Program:
    """Runs the program through the shell, so that the shell can take its streams away."""

    def __init__(self, script: Path) -> None:
        self._script = script
        self._environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"}
        self._environment.pop("PYTHONUNBUFFERED", None)

    def __call__(self, arguments: str, **environment: str) -> Ended:
        command = f'"{sys.executable}" "{self._script}" {arguments}'
        done = subprocess.run(
            ["/bin/bash", "-c", command] if os.name != "nt" else command,
            capture_output=True,
            env={**self._environment, **environment},
            timeout=60,
            check=False,
        )
        encoding = environment.get("PYTHONIOENCODING", "utf-8")
        return Ended(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))


@pytest.fixture
def program(tmp_path: Path) -> Program:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM, encoding="utf-8")
    return Program(script)


BUFFERING = pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])


@pytest.mark.everyday(1)
@posix
@BUFFERING
@pytest.mark.parametrize("command", ["few", "many"])
def test_a_reader_who_has_enough_is_no_mistake(
    program: Program, command: str, unbuffered: str
) -> None:
    ended = program(f"{command} | sleep 0; exit ${{PIPESTATUS[0]}}", PYTHONUNBUFFERED=unbuffered)
    assert ended == (0, "", "")


@posix
def test_head_gets_its_lines(program: Program) -> None:
    ended = program("many | head -n 1; exit ${PIPESTATUS[0]}")
    assert ended == (0, "row 0\n", "")


@pytest.mark.everyday(1)
@posix
@BUFFERING
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("command", ["few", "many"])
def test_a_full_disk_behind_stdout_is_said(program: Program, command: str, unbuffered: str) -> None:
    ended = program(f"{command} >/dev/full", PYTHONUNBUFFERED=unbuffered)
    assert ended.code == 1
    assert ended.err.startswith(NO_SPACE)
    assert ended.err.count("\n") == 1


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_line_that_cannot_be_said_changes_no_exit_code(program: Program) -> None:
    assert program("refused 2>/dev/full") == (2, "", "")


@posix
def test_closed_streams(program: Program) -> None:
    assert program("few >&-") == (0, "", "")
    assert program("refused 2>&-") == (2, "", "")


def test_ctrl_c_in_a_command(program: Program) -> None:
    assert program("stopped") == (130, "", INTERRUPTED)


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("refused --nte x", "km refused har ikke tilvalget --nte; mente du --note?"),
        ("refused --note", "der skal stå noget efter --note; skriv: --note VÆRDI"),
        ("refused", "der mangler VALUE; skriv: km refused VALUE"),
        ("refused a b", "der står for meget: »b«; "),
        ("--show-completion=x few", "--show-completion skal ikke have en værdi; "),
    ],
)
def test_wrong_usage_is_one_line(program: Program, arguments: str, line: str) -> None:
    ended = program(arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"Fejl: {line}")
    assert ended.err.count("\n") == 1


def test_without_arguments_there_is_help(program: Program) -> None:
    ended = program("")
    assert (ended.code, ended.out) == (2, "")
    assert "Brug: km [TILVALG] KOMMANDO" in ended.err


@pytest.mark.everyday(1)
@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii", "utf-8"])
def test_help_in_a_console_that_lacks_characters(program: Program, encoding: str) -> None:
    ended = program("--help", PYTHONIOENCODING=encoding)
    assert (ended.code, ended.err) == (0, "")
    expected = "?blegr?d p? ?en." if encoding == "ascii" else "Æblegrød på øen."
    assert expected in ended.out


class _Deaf(io.StringIO):
    """A stream that takes nothing and has no descriptor."""

    def flush(self) -> None:
        raise OSError(errno.EIO, "dead")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux lists descriptors")
def test_a_dead_stream_without_a_descriptor_leaves_none_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", _Deaf())
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - their number is enough
    assert guard(lambda: 0) == 1
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - as above
