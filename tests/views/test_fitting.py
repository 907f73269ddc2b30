"""Tables on screens of any width: whole words and whole numbers, or lines."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from kmtrack.views.table import Table, cell
from kmtrack.views.terminal import Terminal

COUNTED, MINIMUM = "10809", "20500"


def _drawn(width: int) -> list[str]:
    table = Table()
    table.column("Target", wraps=True)
    table.column("Count", is_number=True)
    table.column("Mini-\nmum", is_number=True)
    table.column("%", is_number=True)
    table.column("")
    table.column("Note", wraps=True)
    table.row(*map(cell, ("New contacts", COUNTED, MINIMUM, "52%", "###...", "a b c " * 20)))
    table.row(*map(cell, ("Growth", "", "", "", "", "")))
    screen = Console(file=StringIO(), width=width)
    Terminal(screen).draw(table)
    text = screen.file.getvalue()  # type: ignore[attr-defined]
    return str(text).splitlines()


@pytest.mark.parametrize("width", range(12, 140, 3))
def test_no_line_is_longer_than_the_screen_and_no_number_is_cut(width: int) -> None:
    lines = _drawn(width)
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    assert COUNTED in words
    assert MINIMUM in words
    assert "contacts" in " ".join(words).replace(":", "").split()


def test_a_narrow_screen_gets_each_row_as_a_line_with_heads() -> None:
    text = " ".join(map(str.strip, _drawn(30)))
    assert "New contacts: Count: 10809 · Minimum: 20500 · 52% · Note: a b" in text
    assert "#" not in text
    assert "Growth:" in text


def test_heads_of_several_words_take_two_lines_before_they_take_room() -> None:
    table = Table()
    for head in ("New contacts", "Binding collaborations", "Hires of highly educated"):
        table.column(head, is_number=True, wraps=True)
    table.row(*map(cell, (1, 2, 3)))
    screen = Console(file=StringIO(), width=44)
    Terminal(screen).draw(table)
    lines = screen.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines[1].split()[-2:] == ["collaborations", "educated"]
    assert "─" in lines[2]


def test_a_name_stands_whole_beside_a_long_note() -> None:
    assert any(line.startswith("New contacts  ") for line in _drawn(70))


@pytest.mark.parametrize(("width", "drawn"), [(40, "both"), (24, "one"), (8, "neither")])
def test_a_narrower_table_takes_the_place_of_one_that_is_too_wide(width: int, drawn: str) -> None:
    whole, narrower = Table(), Table()
    for table, heads in ((whole, ("Company", "Municipality")), (narrower, ("Company",))):
        for head in heads:
            table.column(head)
        table.row(*map(cell, ("Hedelunds Maskinfab.", "Viborg")[: len(heads)]))
    screen = Console(file=StringIO(), width=width)
    Terminal(screen).list(whole, iter([narrower]))
    text = screen.file.getvalue()  # type: ignore[attr-defined]
    assert ("─" in text) == (drawn != "neither")
    assert ("Viborg" in text) == (drawn != "one")
