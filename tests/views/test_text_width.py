"""Widths and lines of text in a column, measured against the typeface itself."""

from __future__ import annotations

import pytest

from kmtrack.views.xlsx.text_width import column_width, lines_in, text_width, width_for


@pytest.mark.parametrize(
    ("text", "digits"),
    [  # as Carlito, which has the widths of Calibri, sets them
        ("0123456789", 10.0),
        ("Ansættelser af højtuddannede", 24.45),
        ("WWWWW", 8.78),
        ("illi", 1.81),
        ("Opfølgende kontakter", 17.66),
        ("e\u0301", 0.98),
    ],
)
def test_a_text_is_as_wide_as_the_typeface_sets_it(text: str, digits: float) -> None:
    assert digits <= text_width(text) <= digits * 1.15


def test_scripts_that_fill_a_square_are_wide() -> None:
    assert text_width("漢字") > text_width("abcd") * 0.9


def test_a_text_fits_on_one_line_in_the_column_made_for_it() -> None:
    for text in ("Ringkøbing-Skjern", "Erhvervsakademi MidtVest", "1.000", "WWW Media ApS"):
        assert lines_in(text, column_width(text)) == 1
        assert lines_in(text, column_width(text) - 2) >= 1


def test_lines_break_between_words_and_a_long_word_anywhere() -> None:
    assert lines_in("kort ord kort ord", 9) == 2
    assert lines_in("a" * 40, 10) >= 4
    assert lines_in("en\nto", 30) == 2
    assert lines_in("", 10) == 1


def test_a_column_is_as_wide_as_its_content_and_its_headings_longest_word() -> None:
    assert width_for("Ansættelser af højtuddannede", ["1"], most=40) == pytest.approx(
        column_width("højtuddannede", bold=True), abs=0.1
    )
    assert width_for("By", ["x" * 200], most=30) == 30
    assert width_for("By", [], most=30) == 6
