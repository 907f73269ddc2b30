"""Plain pages, for whoever has them read aloud: a fact a line, and nothing drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import terminals

if TYPE_CHECKING:
    from cli_runner import Runner

PAGES = (
    ("status",),
    ("today",),
    ("company", "list"),
    ("company", "show", "13748136"),
    ("why", "new"),
)
_DRAWN = "█░─│━┃┌╭"


@terminals.posix
@pytest.mark.parametrize("page", PAGES)
def test_a_plain_page_has_no_columns_bars_boxes_or_colours(
    stocked: Runner, page: tuple[str, ...]
) -> None:
    place = str(stocked.ledger)
    shown = terminals.seen(*page, "--plain", KMTRACK_LEDGER=place, KMTRACK_LANG="en", NO_COLOR="")
    assert shown.code == 0
    assert "\x1b" not in shown.text
    assert not set(_DRAWN) & set(shown.text)
    assert not any("  " in line.strip() for line in shown.text.splitlines())
    assert shown.text == stocked.done(*page, "--plain")  # in a pipe too
    assert (
        shown.text
        == terminals.seen(*page, KMTRACK_LEDGER=place, KMTRACK_PLAIN="1", KMTRACK_LANG="en").text
    )


def test_each_fact_of_a_row_is_on_a_line_with_its_heading(stocked: Runner) -> None:
    lines = stocked.done("status", "--plain").splitlines()
    at = lines.index("Target: New contacts")
    assert lines[at + 1 : at + 4] == ["  Count: 1", "  Min.: 1000", "  %: 0%"]


@terminals.posix
def test_what_is_set_holds_on_a_terminal_and_not_in_a_pipe(stocked: Runner) -> None:
    plain = stocked.done("status", "--plain")
    stocked.done("config", "plain", "yes")
    try:
        assert terminals.seen("status", KMTRACK_LEDGER=str(stocked.ledger)).text == plain
        assert stocked.done("status") != plain
    finally:
        stocked.done("config", "plain", "--reset")


@terminals.posix
@pytest.mark.parametrize("page", PAGES)
def test_no_colours_where_they_are_not_wanted(stocked: Runner, page: tuple[str, ...]) -> None:
    shown = terminals.seen(*page, KMTRACK_LEDGER=str(stocked.ledger), NO_COLOR="1")
    assert "[3" not in shown.text


def test_facts_side_by_side_are_read_one_after_the_other(stocked: Runner) -> None:
    shown = stocked.done("company", "show", "13748136", "--plain")
    assert "\nCVR number: 13748136\nMunicipality: Viborg\nEmployees: 40\n" in shown
    added = stocked.done("contact", "add", "13748136", "--date", "2011-05-02", "--plain")
    assert " · " not in shown + added


@terminals.posix
def test_questions_draw_nothing_below_the_line(stocked: Runner) -> None:
    place = str(stocked.ledger)
    with terminals.Terminal("contact", "add", "--plain", KMTRACK_LEDGER=place) as told:
        told.type("smedje")
        told.until("Virksomhed")
        assert "Århus Smedje ApS" not in told.text
        told.interrupt()
        assert told.ended() == 130
