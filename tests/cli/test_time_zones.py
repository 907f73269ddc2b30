"""Time zones: any that there can be is used, and one that there cannot be is refused in one line."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import servers
import terminals
import workbooks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runner import Runner

pytestmark = terminals.posix

# Those that tell moments.
SHEETS = ("Definitions", "Outcome")


@pytest.fixture
def set_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set the time zone, as a user does, until the test is over."""

    def set_to(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield set_to
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("today", ["", "2011-06-30"])
@pytest.mark.parametrize("zone", ["XXX30", "XXX24", "XXX-24", "XXX20YYY30", "<+30>-30"])
def test_a_zone_that_cannot_be_is_refused(
    runner: Runner,
    set_zone: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    today: str,
) -> None:
    set_zone(zone)
    monkeypatch.setenv("KMTRACK_TODAY", today)
    for lang, said in (("en", f"TZ is “{zone}”"), ("da", f"TZ er »{zone}«")):
        outcome = runner("status", lang=lang)
        assert (outcome.code, outcome.out) == (2, "")
        assert said in outcome.err
        assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    "zone", ["XXX23:59:59", "XXX-23:59:59", "Europe/Copenhagen", "no/such", "/etc/hostname", ""]
)
def test_any_other_zone_is_used(runner: Runner, set_zone: Callable[[str], None], zone: str) -> None:
    set_zone(zone)
    runner.done("history")
    runner.done("status", "--known-at", "2011-07-02 14:00")


@pytest.mark.skipif(servers.IN_USE, reason="a server holds moments to its own clock")
@pytest.mark.parametrize(
    ("zone", "moment"),
    [("XXX-20", "9999-12-31T23:30:00.000000Z"), ("XXX20", "0001-01-01T00:30:00.000000Z")],
)
def test_a_false_moment_at_an_end_of_the_calendar_is_shown(
    stocked: Runner, set_zone: Callable[[str], None], zone: str, moment: str
) -> None:
    with closing(sqlite3.connect(stocked.ledger)) as ledger, ledger:
        ledger.execute("UPDATE command SET recorded_at = ? WHERE number = 2", [moment])
    set_zone(zone)
    assert moment[11:19] in stocked.done("history", "--all")
    assert stocked("check").code == 1


def test_a_workbook_tells_moments_in_utc_wherever_it_is_made(
    stocked: Runner, set_zone: Callable[[str], None], tmp_path: Path
) -> None:
    """They are read on other machines, and by `--known-at` of the operator's own."""
    told: list[list[str]] = []
    moment = ""
    for zone in ("UTC", "Europe/Copenhagen"):
        set_zone(zone)
        sent, file = (str(tmp_path / f"{len(told)}{name}.xlsx") for name in ("sent", "made"))
        known = ("--known-at", moment) if moment else ()
        moment = str(json.loads(stocked.done("export", sent, *known, "--json"))["known_at"])
        stocked.done("export", file, "--known-at", moment, "--sent", sent, lang="en")
        book = workbooks.opened(file)
        texts = [str(cell.value) for name in SHEETS for row in book[name] for cell in row]
        told.append([text for text in texts if moment[11:19] in text])
    assert len(told[0]) >= 2
    assert [text for text in told[0] if f"{moment[11:19]} UTC" not in text] == []
    assert told[1] == told[0]
