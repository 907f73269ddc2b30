"""Reading moments as people type them and as the program prints them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from builders import refuses
from kmtrack.cli.parse import parse_moment
from kmtrack.clock import Clock

if TYPE_CHECKING:
    from cli_runner import Runner

CLOCK = Clock(date(2011, 6, 30), is_set=True)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("30.6.2011", "2011-06-30T23:59:59.999999Z"),
        ("4. 3.11", "2011-03-04T23:59:59.999999Z"),
        ("30.6.2011 06:20:29", "2011-06-30T06:20:29.999999Z"),
        ("30.6.2011 6.20.29", "2011-06-30T06:20:29.999999Z"),
        ("2011-06-30 06:20", "2011-06-30T06:20:59.999999Z"),
        ("2011-06-30T06:20", "2011-06-30T06:20:59.999999Z"),
        ("30.6. kl. 06.20", "2011-06-30T06:20:59.999999Z"),
        ("30.6.2011, kl 6:20", "2011-06-30T06:20:59.999999Z"),
        ("i går kl. 06.20", "2011-06-29T06:20:59.999999Z"),
        ("yesterday at 6:20", "2011-06-29T06:20:59.999999Z"),
        ("mandag kl. 06.20", "2011-06-27T06:20:59.999999Z"),
        ("d. 4/3 kl. 06.20", "2011-03-04T06:20:59.999999Z"),
        ("4.7.", "2010-07-04T23:59:59.999999Z"),
        ("uge 12", "2011-03-27T23:59:59.999999Z"),
        ("kl. 06.20", "2011-06-30T06:20:59.999999Z"),
        ("Kl. 6.20", "2011-06-30T06:20:59.999999Z"),
        ("06:20", "2011-06-30T06:20:59.999999Z"),
        ("30.6.2011 00:00", "2011-06-30T00:00:59.999999Z"),
        ("2011-06-30T06:20:29.123456Z", "2011-06-30T06:20:29.123456Z"),
        (" 2011-06-30T06:20:29.123Z ", "2011-06-30T06:20:29.123999Z"),
        ("2011-06-30T06:20:29Z", "2011-06-30T06:20:29.999999Z"),
        ("2011-06-30T06:20+02:00", "2011-06-30T04:20:59.999999Z"),
    ],
)
def test_a_moment_is_the_last_one_of_what_is_typed(typed: str, moment: str) -> None:
    assert parse_moment("known-at", typed, CLOCK)[0] == moment


@pytest.mark.parametrize(
    "typed",
    ["", " ", "kl.", "30.6.2011 25:00", "x 14:00", "06:60", "9999-12-31T23:59:59Z",
     "0001-01-01T00:00:00+14:00", "1٤:00"],
)  # fmt: skip
def test_what_is_no_moment_is_refused_with_a_time_as_example(typed: str) -> None:
    with refuses("bad_option") as refused:
        parse_moment("known-at", typed, CLOCK)
    assert "14:00" in refused.value.sentence()


def test_a_day_that_does_not_exist_is_refused_as_such() -> None:
    with refuses("bad_option") as refused:
        parse_moment("known-at", "31.6.2011 14:00", CLOCK)
    assert "31.6.2011" in refused.value.sentence()


def test_the_second_that_history_prints_holds_its_own_commands(stocked: Runner) -> None:
    commands = [
        line for line in stocked.done("history").split("\n") if line.endswith("contact add")
    ]
    _, day, at, *_ = commands[-1].split()
    assert "1  1000" in stocked.done("status", "--known-at", f"{day} {at}")
    assert stocked("status", "--known-at", "").code == 1
    refusal = stocked("status", "--known-at", "1.1.2011", lang="da").err
    assert "først oprettet 30.06.2011 " in refusal
