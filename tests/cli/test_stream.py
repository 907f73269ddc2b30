"""Long answers go out while they are read, and whoever reads them keeps nobody from writing."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING

import pytest

from builders import CVR, session_over
from kmtrack.cli import stream
from kmtrack.cli.output import show_json
from kmtrack.cli.stream import streamed
from kmtrack.usecases.companies import add_company

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

ITEMS = 40_000  # more than any pipe takes


def _items(session: Session) -> Iterator[int]:
    for number in range(ITEMS):
        session.store.get("SELECT count(*) FROM company")
        yield number


@pytest.mark.skipif(os.name == "nt", reason="no pipe can be asked there whether it is full")
def test_who_stops_reading_keeps_nobody_from_writing(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_SECONDS", 0.05)
    ours, theirs = os.pipe()
    was_read = threading.Event()

    def print_all(to: int) -> None:
        with session_over(ledger) as session, os.fdopen(to, "w") as stdout:
            monkeypatch.setattr("sys.stdout", stdout)
            with streamed(session.store):
                show_json(_items(session))
                was_read.set()

    thread = threading.Thread(target=print_all, args=[theirs])
    thread.start()
    # Nothing is read from the pipe, and yet the whole is read from the ledger.
    assert was_read.wait(120)
    with session_over(ledger) as session:
        add_company(session, {"name": "Hedelund", "cvr": CVR})
    with os.fdopen(ours) as pipe:
        text = pipe.read()
    thread.join()
    assert json.loads(text) == list(range(ITEMS))
    assert text == json.dumps(list(range(ITEMS)), indent=2) + "\n"


@pytest.mark.skipif(os.name == "nt", reason="no pipe can be asked there whether it is full")
def test_what_is_printed_goes_out_before_the_whole_is_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "w") as stdout:
        monkeypatch.setattr("sys.stdout", stdout)
        with streamed(session.store):
            items = _items(session)
            show_json([next(items) for _ in range(4000)])
            assert os.read(ours, 9) == b"[\n  0,\n  "
    os.close(ours)


@pytest.mark.parametrize("data", [[], [1, "æ\u200b"], {"a": [], "b": [{}, {"c": None}]}])
def test_a_list_that_is_yet_to_be_made_is_printed_as_one_that_is_there(
    data: object, capsys: pytest.CaptureFixture[str]
) -> None:
    show_json(data)
    there = capsys.readouterr().out
    show_json(_as_iterators(data))
    assert capsys.readouterr().out == there


def _as_iterators(data: object) -> object:
    if isinstance(data, list):
        return map(_as_iterators, data)
    if isinstance(data, dict):
        return {name: _as_iterators(value) for name, value in data.items()}
    return data
