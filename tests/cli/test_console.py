"""The real process: what leaves it in the encodings of old consoles, in pipes and on full disks."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner


def _process(ledger: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
    command = [sys.executable, "-m", "kmtrack", "--ledger", str(ledger), *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=False)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "cp437", "ascii"])
@pytest.mark.parametrize(
    "command", [("status",), ("why", "new-contacts"), ("company", "list"), ("contact", "--help")]
)
def test_every_console_gets_all_lines(
    stocked: Runner, encoding: str, command: tuple[str, ...]
) -> None:
    done = _process(stocked.ledger, "--lang", "da", *command, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode(encoding)
    assert b"\x1b" not in done.stdout
    assert all(len(line) <= 80 for line in text.splitlines())
    if encoding not in {"cp437", "ascii"}:  # which lack the Danish letters
        assert "?" not in text


@pytest.mark.parametrize("width", ["24", "40", "60", "79"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_narrow_console_gets_every_target_and_every_number(
    stocked: Runner, lang: str, width: str
) -> None:
    done = _process(stocked.ledger, "--lang", lang, "status", "--by", "broker", COLUMNS=width)
    lines = done.stdout.decode().splitlines()
    assert all(len(line) <= int(width) for line in lines)
    words = " ".join(lines).split()
    for word in ("1000", "500", "300", "50"):
        assert word in words
    for word in ("kontakter", "samarbejder") if lang == "da" else ("contacts", "collaborations"):
        assert any(found.startswith(word) for found in words)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_csv_loses_no_letter_and_is_read_back(stocked: Runner, encoding: str) -> None:
    stocked.done("company", "add", "Łódź ☃ Værft", "--municipality", "Viborg")
    done = _process(stocked.ledger, "company", "list", "--csv", PYTHONIOENCODING=encoding)
    text = done.stdout.decode("utf-8-sig")
    assert "Łódź ☃ Værft" in text
    file = stocked.ledger.with_name("companies.csv")
    file.write_bytes(done.stdout)
    stocked.done("import", str(file), "--as", "company")


def test_a_console_without_blocks_gets_a_bar_of_other_signs(stocked: Runner) -> None:
    done = _process(stocked.ledger, "status", PYTHONIOENCODING="cp1252")
    text = done.stdout.decode("cp1252")
    assert "......" in text
    assert "░" in _process(stocked.ledger, "status", PYTHONIOENCODING="utf-8").stdout.decode()


def test_a_refusal_goes_to_stderr_and_leaves_stdout_empty(stocked: Runner) -> None:
    done = _process(stocked.ledger, "--lang", "da", "contact", "add", "nobody")
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().startswith("Fejl: ")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full disk to hand")  # noqa: PTH110
def test_a_full_disk_behind_stdout_is_said(stocked: Runner) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "kmtrack", "--ledger", str(stocked.ledger), "status"]
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env=environment, check=False
        )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
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
