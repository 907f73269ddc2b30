"""The real process: what leaves it in the encodings of old consoles, in pipes and on full disks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

import terminals
from terminals import seen

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

# Every encoding with the status, which has the most letters and bars, and every command in the
# poorest encoding and in one of old consoles.
SHOWN: Final = [
    *((("status",), encoding) for encoding in ("utf-8", "cp1252", "cp850", "cp437", "ascii")),
    *(
        (command, encoding)
        for command in (("why", "new-contacts"), ("company", "list"), ("contact", "--help"))
        for encoding in ("cp850", "ascii")
    ),
]


def _process(ledger: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
    command = [sys.executable, "-m", "kmtrack", "--ledger", str(ledger), *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=False)


@terminals.posix
@pytest.mark.parametrize(("command", "encoding"), SHOWN)
def test_every_console_gets_all_lines(
    stocked: Runner, command: tuple[str, ...], encoding: str
) -> None:
    shown = seen("--ledger", str(stocked.ledger), "--lang", "da", *command, encoding=encoding)
    assert shown.code == 0, shown.text
    # A command is whole, so that it can be copied: this ledger has a long name.
    lines = [line for line in shown.plain.splitlines() if not line.startswith("kmtrack ")]
    assert all(len(line) <= 80 for line in lines)
    if encoding not in {"cp437", "ascii"}:  # which lack the Danish letters
        assert "?" not in shown.text


@pytest.mark.everyday(2)
@pytest.mark.parametrize(("command", "encoding"), SHOWN)
def test_a_pipe_gets_every_line_unbroken_and_uncoloured(
    stocked: Runner, command: tuple[str, ...], encoding: str
) -> None:
    done = _process(stocked.ledger, "--lang", "da", *command, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert b"\x1b" not in done.stdout
    if encoding not in {"cp437", "ascii"}:
        assert b"?" not in done.stdout


@pytest.mark.slow
def test_a_pipe_has_no_width(stocked: Runner) -> None:
    for command in (("status",), ("why", "new-contacts"), ("company", "list")):
        narrow = _process(stocked.ledger, *command, COLUMNS="30")
        assert narrow.stdout == _process(stocked.ledger, *command, COLUMNS="300").stdout


def test_a_pipe_gets_a_line_a_record_with_tabs(stocked: Runner) -> None:
    lines = _process(stocked.ledger, "company", "list", COLUMNS="20").stdout.decode().splitlines()
    heads, *records = (line.split("\t") for line in lines)
    names = {one["name"] for one in json.loads(stocked.done("company", "list", "--json"))}
    assert {record[heads.index("Name")] for record in records} == names
    assert {len(record) for record in records} == {len(heads)}


def test_nothing_that_is_stored_breaks_a_line_of_a_pipe(stocked: Runner) -> None:
    stocked.done("contact", "add", "13748136", "--note", "one\ttwo three")
    done = _process(stocked.ledger, "contact", "list", "--company", "13748136")
    heads, *records = done.stdout.decode().splitlines()
    assert {line.count("\t") for line in records} == {heads.count("\t")}


@terminals.posix
@pytest.mark.parametrize("width", ["24", "40", "60", "79"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_narrow_console_gets_every_target_and_every_number(
    stocked: Runner, lang: str, width: str
) -> None:
    words = ("--lang", lang, "status")
    shown = seen(*words, columns=int(width), KMTRACK_LEDGER=str(stocked.ledger)).plain
    lines = shown.splitlines()
    texts = [line for line in lines if not line.startswith("kmtrack ")]
    assert all(len(line) <= int(width) for line in texts)
    found = " ".join(lines).split()
    for word in ("1000", "500", "300", "50"):
        assert word in found
    for word in ("kontakter", "samarbejder") if lang == "da" else ("contacts", "collaborations"):
        assert any(one.startswith(word) for one in found)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_csv_loses_no_letter_and_is_read_back(stocked: Runner, encoding: str) -> None:
    stocked.done("company", "add", "Łódź ☃ Værft", "--municipality", "Viborg")
    done = _process(stocked.ledger, "company", "list", "--csv", PYTHONIOENCODING=encoding)
    text = done.stdout.decode("utf-8-sig")
    assert "Łódź ☃ Værft" in text
    file = stocked.ledger.with_name("companies.csv")
    file.write_bytes(done.stdout)
    stocked.done("import", str(file), "--as", "company")


@terminals.posix
def test_a_console_without_blocks_gets_a_bar_of_other_signs(stocked: Runner) -> None:
    status = ("--ledger", str(stocked.ledger), "status")
    assert "......" in seen(*status, encoding="cp1252", columns=120).text
    assert "░" in seen(*status, columns=120).text


def test_a_refusal_goes_to_stderr_and_leaves_stdout_empty(stocked: Runner) -> None:
    done = _process(stocked.ledger, "--lang", "da", "contact", "add", "nobody")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().startswith("Fejl: ")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full disk to hand")  # noqa: PTH110
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["status"], "free some space\n"),
        (
            ["company", "add", "Ny", "--municipality", "Viborg"],
            "free some space. The change is stored: do not repeat it\n",
        ),
    ],
    ids=lambda each: each[0],
)
def test_a_full_disk_behind_stdout_is_said(stocked: Runner, words: list[str], told: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kmtrack", "--lang", "en", "--ledger", str(stocked.ledger)]
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [*command, *words], stdout=full, stderr=subprocess.PIPE, env=environment, check=False
        )
    assert done.returncode == 1
    assert done.stderr.decode().endswith(told)
    assert done.stderr.count(b"\n") == 1


def test_a_reader_that_goes_away_is_no_fault(stocked: Runner) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kmtrack", "--ledger", str(stocked.ledger), "status", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
