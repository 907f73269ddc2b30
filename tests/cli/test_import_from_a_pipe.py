"""`import -` reads what another program prints."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from kmtrack.usecases.imports import file as file_import
from kmtrack.usecases.imports.table import Limits

if TYPE_CHECKING:
    from cli_runner import Runner

LIST = "Navn;CVR-nr.;Kommune;Ansatte;Type\nBjørns Møbler;13748136;Viborg;40;virksomhed\n"


def feed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_list_comes_through_a_pipe(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    feed(monkeypatch, LIST.encode(encoding))
    assert "Companies: 1 added" in runner.done("import", "-")
    assert "Bjørns Møbler" in runner.done("company", "list")


def test_a_refusal_calls_it_as_it_was_typed(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"nothing;known\n1;2\n")
    refused = runner("import", "-")
    assert refused.code == 1
    assert "kmtrack import - --as NOUN" in refused.err
    feed(monkeypatch, b"")
    assert "- is empty" in runner("import", "-").err
    feed(monkeypatch, b"%PDF-1.4")
    assert "- is a PDF" in runner("import", "-").err


def test_what_is_too_large_is_not_read_to_its_end(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_import, "LIMITS", Limits(packed=1000))
    feed(monkeypatch, LIST.encode() * 100)
    assert "too large" in runner("import", "-").err
    assert sys.stdin.buffer.tell() == 1001


def test_a_list_of_ours_goes_from_one_command_to_the_next(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.done("company", "add", "Hedelund ApS", "--cvr", "13748136", "--municipality", "Viborg")
    for form in ("--csv", "--json"):
        feed(monkeypatch, runner.done("company", "list", form).encode())
        assert "Companies: 0 added, 1 already here" in runner.done("import", "-")


def test_a_terminal_is_told_what_to_do(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    refused = runner("import", "-")
    assert refused.code == 1
    assert "kmtrack import - < FILE" in refused.err
