"""Headcounts: everything that the register and people write, its stored form and its bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmtrack.rules.headcount_format import (
    MOST_EMPLOYEES,
    NotAHeadcount,
    headcount_bounds,
    read_headcount,
)

WRITTEN = [
    ("0", "0"),
    ("40", "40"),
    ("  40  ", "40"),
    ("007", "7"),
    ("500000", "500000"),
    ("1.250", "1250"),
    ("1 250", "1250"),
    ("1\xa0250", "1250"),
    ("200-499", "200-499"),
    ("200 - 499", "200-499"),
    ("200–499", "200-499"),
    ("200 til 499", "200-499"),
    ("1.000-1.999", "1000-1999"),
    ("1 000 - 1 999", "1000-1999"),
    ("7-7", "7"),
    ("3-8", "3-8"),
    ("1000+", "1000+"),
    ("1000 +", "1000+"),
    ("0+", "0+"),
    ("5-9 ansatte", "5-9"),
    ("5-9 Employees", "5-9"),
    ("40 ansatte", "40"),
    ("1 ansat", "1"),
    ("12 a\u030arsværk", "12"),
    ("1000+ ansatte", "1000+"),
]

REGISTER_BANDS = [
    ("0_0", "0"),
    ("1_1", "1"),
    ("2_4", "2-4"),
    ("5_9", "5-9"),
    ("10_19", "10-19"),
    ("20_49", "20-49"),
    ("50_99", "50-99"),
    ("100_199", "100-199"),
    ("200_499", "200-499"),
    ("500_999", "500-999"),
    ("1000_999999", "1000+"),
    ("1000_", "1000+"),
]

UNREADABLE = [
    "",
    "x",
    "ca. 40",
    "40,0",
    "40.0",
    "1,250",
    "1.25",
    "12.50",
    "0.250",
    "1250.000.1",
    "40 50",
    "499-200",
    "5--9",
    "5-",
    "+40",
    "1e3",
    "1000-+",
    "４０",
    "٤٠",
    "²",
    "9" * 61,
]

ABSURD = ["-5", "\u22125", "500001", "999999", "1.000.000", "9" * 30, "200-600000", "600000+"]


@pytest.mark.parametrize(("text", "stored"), WRITTEN)
def test_reads_what_people_write(text: str, stored: str) -> None:
    assert read_headcount(text) == stored


@pytest.mark.parametrize(("band", "stored"), REGISTER_BANDS)
@pytest.mark.parametrize("prefix", ["", "ANTAL_", "antal_"])
def test_reads_the_bands_of_the_register(prefix: str, band: str, stored: str) -> None:
    assert read_headcount(prefix + band) == stored


@pytest.mark.parametrize("text", UNREADABLE)
def test_refuses_what_is_no_headcount(text: str) -> None:
    with pytest.raises(NotAHeadcount) as caught:
        read_headcount(text)
    assert (caught.value.reason, caught.value.text) == ("unreadable", text)


def test_an_underscore_makes_a_band_never_thousands() -> None:
    with pytest.raises(NotAHeadcount):
        read_headcount("1_000")


@pytest.mark.parametrize("text", ABSURD)
def test_refuses_a_headcount_that_no_company_has(text: str) -> None:
    with pytest.raises(NotAHeadcount) as caught:
        read_headcount(text)
    assert caught.value.reason == "absurd"


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("0", (0, 0)),
        ("40", (40, 40)),
        ("200-499", (200, 499)),
        ("1000+", (1000, None)),
    ],
)
def test_bounds(text: str, bounds: tuple[int, int | None]) -> None:
    assert headcount_bounds(text) == bounds


@given(st.integers(0, MOST_EMPLOYEES), st.integers(0, MOST_EMPLOYEES))
def test_every_band_keeps_its_bounds(one: int, other: int) -> None:
    low, high = sorted((one, other))
    grouped = f"{low:,} – {high:,}".replace(",", ".")
    for written in (f"{low}-{high}", f"ANTAL_{low}_{high}", grouped):
        assert headcount_bounds(read_headcount(written)) == (low, high)
    assert headcount_bounds(read_headcount(f"{low}+")) == (low, None)


@given(st.text())
def test_whatever_is_read_is_stored_in_one_form(text: str) -> None:
    try:
        stored = read_headcount(text)
    except NotAHeadcount:
        return
    assert read_headcount(stored) == stored
    low, high = headcount_bounds(stored)
    assert high is None or 0 <= low <= high <= MOST_EMPLOYEES
