"""Headings and names of Excel tables, which spreadsheets call damage if they are not as they should be."""

from __future__ import annotations

import pytest

from kmtrack.views.xlsx.tables import different_heads, table_name


def test_headings_that_are_alike_but_for_case_are_told_apart() -> None:
    assert different_heads(["Kommune", "kontakter", "Kontakter", "KOMMUNE"]) == [
        "Kommune",
        "kontakter",
        "Kontakter (2)",
        "KOMMUNE (2)",
    ]
    assert different_heads(["A", "A (2)", "a"]) == ["A", "A (2)", "a (3)"]


def test_a_heading_is_one_line_and_not_too_long() -> None:
    [head] = different_heads(["en\nto " + "x" * 400])
    assert head.startswith("en to x")
    assert len(head) <= 255
    assert different_heads(["0\u00a0%"]) == ["0\u00a0%"]


@pytest.mark.parametrize(
    ("title", "name"),
    [("Tæller ikke", "Tæller_ikke"), ("Kommuner", "Kommuner"), ("2011: alt", "_2011_alt")],
)
def test_a_table_is_named_as_formulas_write_it(title: str, name: str) -> None:
    assert table_name(title) == name
