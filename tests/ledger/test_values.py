"""Typed values and spreadsheet cells: clean values, refusals and their facts."""

from __future__ import annotations

import inspect
import string
import sys
import unicodedata
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmtrack.cli import parse
from kmtrack.errors import BadValue
from kmtrack.ledger.schema import plain_text, values
from kmtrack.ledger.schema.plain_text import clean_line, clean_note, find_cpr, shown
from kmtrack.ledger.schema.values import (
    clean_amount,
    clean_count,
    clean_cvr,
    clean_day,
    clean_headcount,
    clean_initials,
    clean_initials_list,
    looks_like_cvr,
)
from kmtrack.rules import meant_days, written_days
from kmtrack.rules.dates import Reading
from kmtrack.texts.da.value_errors import VALUE_ERRORS as DANISH
from kmtrack.texts.en.value_errors import VALUE_ERRORS as ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TODAY = date(2011, 6, 30)
READING = Reading("since", TODAY)
ANY_TEXT = st.text(st.characters(codec=None))
SECRET = "010203-1234"  # noqa: S105 - stands for a CPR number, and is nobody's
HIDDEN = "******-****"


def refusal(call: Callable[[], object]) -> BadValue:
    with pytest.raises(BadValue) as caught:
        call()
    return caught.value


# --- lines and notes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        ("   ", None),
        (" \xa0\t\n", None),
        ("Agerklint ApS", "Agerklint ApS"),
        ("  Agerklint   ApS ", "Agerklint ApS"),
        ("Agerklint\xa0ApS", "Agerklint ApS"),
        ("Agerklint\r\n\tApS\u2028", "Agerklint ApS"),
        ("A\u202f\u2009\u3000B", "A B"),
        ("A\u030aben", "Åben"),
        ("Å", "Å"),
        ("50 % – “let” · ½ €", "50 % – “let” · ½ €"),
        ("日本 Ελλάς עברית", "日本 Ελλάς עברית"),
        ("Kaffe ☕", "Kaffe ☕"),
    ],
)
def test_a_line_is_composed_trimmed_and_folded(text: str, line: str | None) -> None:
    assert clean_line(text, 200) == line


@pytest.mark.parametrize(
    "character",
    [
        *("\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\x85", "\x9b"),
        *("\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c"),
        *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\xad"),
        *("\ud800", "\udfff", "\ue000", "\ufdd0", "\uffff", "\U0010ffff", "\U000e0041"),
        *("\u034f", "\u115f", "\u2800", "\u3164", "\ufe0f", "\uffa0", "\U000e0101"),
    ],
)
@pytest.mark.parametrize("clean", [clean_line, clean_note])
def test_a_character_that_cannot_be_seen_is_refused(
    clean: Callable[[str, int], str | None], character: str
) -> None:
    error = refusal(lambda: clean(f"  Å\nb{character}c", 200))
    assert error.key == "bad_character"
    assert error.facts == {"character": f"U+{ord(character):04X}", "position": 6}


@pytest.mark.slow
def test_no_character_at_all_slips_through_or_breaks() -> None:
    # Beyond these planes only one in a hundred: private, unassigned, or alike.
    for number in (*range(0x20000), *range(0xE0000, 0xE0200), *range(0x20000, sys.maxunicode, 97)):
        try:
            line = clean_line(f"a{chr(number)}b", 20)
        except BadValue as error:
            if error.key != "bad_character":
                raise
            continue
        assert line is not None
        assert line.isprintable()


def test_the_longest_text_is_measured_when_clean() -> None:
    assert clean_line(" " + "å" * 200 + " ", 200) == "å" * 200
    error = refusal(lambda: clean_line("å" * 201, 200))
    assert error.key == "text_too_long"
    assert error.facts == {"longest": 200, "length": 201}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", None),
        ("\n \n", None),
        ("one line", "one line"),
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("\n  a  b \n\n\tc\n\n", "a b\n\nc"),
    ],
)
def test_a_note_keeps_its_line_breaks(text: str, note: str | None) -> None:
    assert clean_note(text, 2000) == note


@pytest.mark.parametrize("clean", [clean_line, clean_note])
@pytest.mark.parametrize(
    "text", [SECRET, f"Mødte Ida, {SECRET}.", "010203\n1234", "０１０２０３1234"]
)
def test_a_text_with_a_cpr_number_is_refused_and_not_repeated(
    clean: Callable[[str, int], str | None], text: str
) -> None:
    error = refusal(lambda: clean(text, 200))
    assert error.key == "cpr_number"
    assert error.facts == {}


@given(ANY_TEXT)
def test_a_clean_line_stays_as_it_is(text: str) -> None:
    try:
        line = clean_line(text, 200)
    except BadValue:
        return
    assert line is None or (line.isprintable() and clean_line(line, 200) == line)


@given(ANY_TEXT)
def test_a_clean_note_stays_as_it_is(text: str) -> None:
    try:
        note = clean_note(text, 2000)
    except BadValue:
        return
    if note is not None:
        assert clean_note(note, 2000) == note
        assert all(unicodedata.category(one)[0] != "C" for one in note.replace("\n", ""))


@pytest.mark.parametrize(
    "text",
    ["postgresql://op:hemmelig@h/x", "se http://jh:ord@viborg.dk", "a://:hemmelig@b"],
)
def test_a_password_in_an_address_is_refused_in_a_text(text: str) -> None:
    assert refusal(lambda: clean_line(text, 200)).key == "password_in_text"


@pytest.mark.parametrize(
    "text", ["https://viborg.dk:8080/@56,9", "https://viborg.dk/a:b", "jh@viborg.dk, http://x"]
)
def test_an_address_without_a_password_is_a_text(text: str) -> None:
    assert clean_line(text, 200) == text


# --- CPR numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "010203-1234",
        "0102031234",
        "010203 1234",
        "010203 - 1234",
        "010203\xa01234",
        "010203–1234",
        "010203\u22121234",
        "010203—1234",
        "３１１２９９－１２３４",
        "٠١٠٢٠٣-١٢٣٤",
        "⁰¹⁰²⁰³⁻¹²³⁴",
        "½010203-1234",
        "010203-1234½",
        "CPR010203-1234",
        "(010203-1234)",
        "290200-1234",
        "290296-1234",
        "311299-9999",
        "+45 0102031234",
        "12 010203-1234",
        "01 02 03 1234",
        "01.02.03-1234",
        "01-02-03-1234",
        "01/02/03 - 1234",
        "01.02.03.1234",
        "010203.1234",
        "010203/1234",
        "010203_1234",
        # with the year in full
        "01021990-1234",
        "010219901234",
        "01021990 1234",
        "01.02.1990-1234",
        "01-02-1990-1234",
        "1/2/1990-1234",
        "01.02.2003-1234",
        # without zeros at the beginning
        "10290-1234",
        "102901234",
        "1-2-90-1234",
        "1.2.90-1234",
        "(10290-1234)",
        # a telephone number of Denmark has 8 digits
        "+45 010290-1234",
        "P 010290-1234",
    ],
)
def test_finds_a_cpr_number(text: str) -> None:
    assert find_cpr(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13748136",
        "DK 13 74 81 36",
        "+45 8728 5000",
        "+4587285000",
        "+45 20 12 11 12",
        "004520121112",
        "+1 2105121234",
        "+12105121234",
        "+358 0102031234",
        "320203-1234",
        "000203-1234",
        "011303-1234",
        "310403-1234",
        "290297-1234",
        "1010203-1234",
        "010203-12345",
        "20110304 1200",
        "2011-03-04 10:11:12",
        "01.02.03 1234",
        "01-02-03 1400",
        "01.02-03-1234",
        "4.3.2011 1200",
        "32.02.03-1234",
        "01020-31234",
        "1003 123456",
        "9203041234",
        # with a country code
        "+49 151 0102031234",
        "+46-0701011234",
        "+46 (0)70 101 12 34",
        "0046 0701011234",
        "0046701011234",
        # numbers of companies that are named as such
        "P-nr. 1012901234",
        "P-nummer: 1012901234",
        "p nr 1012901234",
        "pnr. 1012901234",
        "P-enhed 1012901234",
        "Produktionsenhed: 1012901234",
        "CVR-nr. 12101990 8800 Viborg",
        # digits of no date
        "3213901234",
        "01131990-1234",
        "41390-1234",
        "913901234",
        "01.02.1790-1234",
        "01.01.2009-2010",
        "1.1.09-2010",
        "10209-2010",
        "12345678901",
    ],
)
def test_leaves_other_numbers_alone(text: str) -> None:
    assert not find_cpr(text)


BIRTHDAYS = st.dates(date(1858, 1, 1), date(2057, 12, 31))
BETWEEN = st.sampled_from(["", "-", " ", "–", " - ", "\xa0", ".", "/", "_"])
AROUND = st.text(string.ascii_letters + "æøå .,:;()!?-\n", max_size=30)


@given(
    BIRTHDAYS,
    st.integers(0, 9999),
    st.tuples(st.just(""), BETWEEN) | st.tuples(st.sampled_from("-./"), st.just("-")),
    AROUND,
    AROUND,
)
def test_finds_every_cpr_number_in_any_text(
    birthday: date, serial: int, signs: tuple[str, str], before: str, after: str
) -> None:
    sign, between = signs
    number = f"{birthday:%d}{sign}{birthday:%m}{sign}{birthday.year % 100:02}{between}{serial:04}"
    text = before + number + after
    assert find_cpr(text)
    assert refusal(lambda: clean_note(text, 2000)).key == "cpr_number"
    assert shown(text) == HIDDEN


@given(st.text("0123456789 -", max_size=40))
def test_looking_for_cpr_numbers_ends(text: str) -> None:
    assert find_cpr(text) in {True, False}


# --- repeating a value -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("31.2.2011", "31.2.2011"),
        (40.5, "40.5"),
        (None, "None"),
        ("a\n\t b", "a b"),
        ("a\x1b[31mb\u202e\u200b\ud800\ufe0f", "a\ufffd[31mb" + "\ufffd" * 4),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        (SECRET, HIDDEN),
        ("0102\u200b03-1234", HIDDEN),
        ("x" * 57 + f" {SECRET}", HIDDEN),
        (date(2011, 3, 4), "2011-03-04"),
        ("{value}", "{value}"),
    ],
)
def test_a_value_is_repeated_safe_and_short(value: object, text: str) -> None:
    assert shown(value) == text


@given(ANY_TEXT)
def test_what_is_repeated_can_be_printed(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) <= 60


# --- CVR numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "13748136",
        " 13748136 ",
        "13 74 81 36",
        "13.74.81.36",
        "13-74-81-36",
        "13\xa074\xa081\xa036",
        "DK13748136",
        "DK 13 74 81 36",
        "dk-13748136",
        "CVR 13748136",
        "CVR13748136",
        "CVR: 13748136",
        "CVR-nr.: 13748136",
        "cvr nr. DK-13748136",
        "CVR-nummer 13748136",
        "13748136.0",
    ],
)
def test_reads_a_cvr_number(text: str) -> None:
    assert clean_cvr(text) == "13748136"
    assert looks_like_cvr(text) == "13748136"


@pytest.mark.parametrize("number", ["13585628", "24256790"])
def test_takes_numbers_that_pass_the_check(number: str) -> None:
    assert clean_cvr(number) == number


@pytest.mark.parametrize("number", ["12345678", "24256791", "35254119", "00000000"])
def test_refuses_numbers_that_fail_the_check(number: str) -> None:
    error = refusal(lambda: clean_cvr(f"DK {number}"))
    assert error.key == "cvr_fails_check"
    assert error.facts == {"value": number}
    assert looks_like_cvr(number) == number


@pytest.mark.parametrize(
    ("text", "kind", "facts"),
    [
        ("", "bad_cvr", {"value": ""}),
        ("1374813", "bad_cvr", {"value": "1374813"}),
        ("137481360", "bad_cvr", {"value": "137481360"}),
        ("13748136.5", "bad_cvr", {"value": "13748136.5"}),
        ("SE13748136", "bad_cvr", {"value": "SE13748136"}),
        ("13748136 ApS", "bad_cvr", {"value": "13748136 ApS"}),
        ("１３７４８１３６", "bad_cvr", {"value": "１３７４８１３６"}),
        ("1374_8136", "bad_cvr", {"value": "1374_8136"}),
        ("1\x1b[2J", "bad_cvr", {"value": "1\ufffd[2J"}),
        ("1013123456", "cvr_is_p_number", {"value": "1013123456"}),
        ("10 13 12 34 56", "cvr_is_p_number", {"value": "1013123456"}),
        ("0102031234", "cpr_number", {}),
        ("010203-1234", "cpr_number", {}),
        ("01 02 03 12 34", "cpr_number", {}),
        ("Ida 010203-1234", "cpr_number", {}),
    ],
)
def test_refuses_what_has_not_the_form(text: str, kind: str, facts: dict[str, object]) -> None:
    error = refusal(lambda: clean_cvr(text))
    assert (error.key, error.facts) == (kind, facts)
    assert looks_like_cvr(text) is None


@given(st.text("0123456789DKdkcvr-.: ", max_size=30))
def test_a_cvr_number_is_eight_digits(text: str) -> None:
    digits = looks_like_cvr(text)
    assert digits is None or (len(digits) == 8 and set(digits) <= set(string.digits))


# --- headcounts, amounts, counts ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "headcount"),
    [(40, "40"), (40.0, "40"), ("40", "40"), (0, "0"), ("1.250", "1250"), ("ANTAL_1000_", "1000+")],
)
def test_reads_a_headcount(value: object, headcount: str) -> None:
    assert clean_headcount(value) == headcount


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("mange", "bad_headcount"),
        ("40,0", "bad_headcount"),
        (40.5, "bad_headcount"),
        (float("nan"), "bad_headcount"),
        (float("inf"), "bad_headcount"),
        (True, "bad_headcount"),
        (None, "bad_headcount"),
        (time(5, 9), "bad_headcount"),
        ("４０", "bad_headcount"),
        (-1, "absurd_headcount"),
        (-1.0, "absurd_headcount"),
        ("-1", "absurd_headcount"),
        (500_001, "absurd_headcount"),
    ],
)
def test_refuses_what_is_no_headcount(value: object, kind: str) -> None:
    error = refusal(lambda: clean_headcount(value))
    assert (error.key, error.facts) == (kind, {"value": shown(value)})


@pytest.mark.parametrize("value", [date(2011, 9, 5), datetime.fromisoformat("2011-09-05")])
def test_says_that_a_band_became_a_date(value: date) -> None:
    error = refusal(lambda: clean_headcount(value))
    assert error.key == "headcount_became_date"
    assert error.facts == {"value": "2011-09-05"}


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0, 0.0),
        (-0.0, 0.0),
        (12, 12.0),
        (12.5, 12.5),
        ("12", 12.0),
        ("12,5", 12.5),
        ("12.5", 12.5),
        (" 12,5 ", 12.5),
        ("0,125", 0.125),
        ("0.125", 0.125),
        ("48,1250", 48.125),
        ("1200", 1200.0),
        ("1 200", 1200.0),
        ("1\xa0200,5", 1200.5),
        ("1.200,5", 1200.5),
        ("1,200.5", 1200.5),
        ("1200,500", 1200.5),
        ("12,5 mio. EUR", 12.5),
        ("12.5 MEUR", 12.5),
        ("12,5 m€", 12.5),
        ("1.000.000", 1_000_000.0),
    ],
)
def test_reads_an_amount(value: object, amount: float) -> None:
    assert str(clean_amount(value)) == str(amount)


@pytest.mark.parametrize(
    "value",
    [
        *("", "x", "-1", "+1", ",5", "12,", "1e3", "1_000", "nan", "inf", "12,5,1", "1.20.300"),
        *("1.200.5", "1.2000,5", "12,5 mio. kr.", "12,5 EUR", "１２", "1.000.001", "9" * 400),
        *(-0.1, 1_000_000.1, float("nan"), float("inf"), float("-inf"), True, None, TODAY),
    ],
)
def test_refuses_what_is_no_amount(value: object) -> None:
    error = refusal(lambda: clean_amount(value))
    assert (error.key, error.facts) == ("bad_amount", {"value": shown(value)})


@pytest.mark.parametrize(
    ("text", "large", "whole", "decimals"),
    [
        ("1.200", "1200", "1", "2"),
        ("1,200", "1200", "1", "2"),
        ("12.050", "12050", "12", "05"),
        ("48.125", "48125", "48", "1250"),
        ("1.000 mio. EUR", "1000", "1", "0"),
    ],
)
def test_asks_which_of_two_readings_is_meant(
    text: str, large: str, whole: str, decimals: str
) -> None:
    error = refusal(lambda: clean_amount(text))
    assert error.key == "ambiguous_amount"
    assert error.facts == {"value": text, "large": large, "whole": whole, "decimals": decimals}
    assert clean_amount(large) == float(large)
    for mark in ",.":
        assert clean_amount(f"{whole}{mark}{decimals}") == float(f"{whole}.{decimals}")


@given(st.decimals(0, 1_000_000, places=2))
def test_an_amount_reads_the_same_in_both_languages(amount: object) -> None:
    english = f"{amount:,.2f}"
    danish = english.translate(str.maketrans(",.", ".,"))
    assert clean_amount(english) == clean_amount(danish) == float(str(amount))


@pytest.mark.parametrize("value", [5, 5.0, "5", " 5 ", "05"])
def test_reads_a_count(value: object) -> None:
    assert clean_count(value, 1, 500) == 5


@pytest.mark.parametrize(
    "value", [0, 501, "0", "501", "", "x", "-5", "+5", "5,0", "1_0", "５", "²", 5.5, True, None]
)
def test_refuses_what_is_no_count(value: object) -> None:
    error = refusal(lambda: clean_count(value, 1, 500))
    assert error.key == "bad_count"
    assert error.facts == {"value": shown(value), "lowest": 1, "highest": 500}


# --- days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "4.3.2011",
        "2011-03-04",
        date(2011, 3, 4),
        datetime.fromisoformat("2011-03-04"),
        datetime.fromisoformat("2011-03-04 23:59:59"),
    ],
)
def test_reads_a_day(value: object) -> None:
    day = clean_day(value, READING)
    assert (type(day), day) == (date, date(2011, 3, 4))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("x", "bad_day"),
        (SECRET, "bad_day"),
        (40606, "bad_day"),
        (40606.0, "bad_day"),
        (time(12), "bad_day"),
        (None, "bad_day"),
        ("31.2.2011", "impossible_day"),
        (date(1899, 12, 31), "no_such_year"),
        (datetime.fromisoformat("2101-01-01"), "no_such_year"),
    ],
)
def test_refuses_what_is_no_day(value: object, kind: str) -> None:
    error = refusal(lambda: clean_day(value, READING))
    assert error.key == kind
    assert error.facts["value"] in {shown(value), str(value)[:10]}
    assert SECRET not in str(error.facts)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("31.6.", "31.6. does not exist: June has 30 days"),
        ("31.6.2011", "31.6.2011 does not exist: June has 30 days"),
        ("30.2.2011", "30.2.2011 does not exist: February 2011 has 28 days"),
        ("30.2.2012", "30.2.2012 does not exist: February 2012 has 29 days"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_with_the_days_of_its_month(
    value: str, sentence: str
) -> None:
    assert refusal(lambda: clean_day(value, READING)).sentence() == sentence


# --- initials ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "initials"),
    [
        ("jhb", "JHB"),
        (" Jhb ", "JHB"),
        ("æøå", "ÆØÅ"),
        ("a\u030a", "Å"),
        ("éüł", "ÉÜŁ"),
        ("jhb-2", "JHB-2"),
        ("7", "7"),
        ("og", "OG"),
        ("x" * 12, "X" * 12),
        ("ß", "SS"),
    ],
)
def test_reads_initials(text: str, initials: str) -> None:
    assert clean_initials(text) == initials
    assert clean_initials(initials) == initials


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "-a", "x" * 13, "j h", "j.h.", "j_h"),
        *("日本", "жк", "×", "４", "j\x1b", "a\u200bb"),
    ],
)
def test_refuses_what_is_nobodys_initials(text: str) -> None:
    error = refusal(lambda: clean_initials(text))
    assert (error.key, error.facts) == ("bad_initials", {"value": shown(text)})


def test_a_cpr_number_is_nobodys_initials() -> None:
    assert refusal(lambda: clean_initials(SECRET)).key == "cpr_number"


@pytest.mark.parametrize(
    ("value", "initials"),
    [
        ("", ()),
        ([], ()),
        ("jhb", ("JHB",)),
        ("jhb, kst", ("JHB", "KST")),
        ("jhb kst;lmk/agd&svo+tbe", ("JHB", "KST", "LMK", "AGD", "SVO", "TBE")),
        ("jhb og kst", ("JHB", "KST")),
        ("jhb, kst, og lmk", ("JHB", "KST", "LMK")),
        ("jhb OG kst", ("JHB", "OG", "KST")),
        ("og", ("OG",)),
        ("jhb, JHB", ("JHB",)),
        (["jhb", "kst, lmk"], ("JHB", "KST", "LMK")),
        (("jhb", 7), ("JHB", "7")),
    ],
)
def test_reads_the_initials_of_several(
    value: str | Iterable[object], initials: tuple[str, ...]
) -> None:
    assert clean_initials_list(value) == initials


def test_one_bad_name_among_several_is_refused() -> None:
    assert refusal(lambda: clean_initials_list("jhb, k.s.")).facts == {"value": "k.s."}


# --- all of them -------------------------------------------------------------------------------

CLEANERS: list[Callable[[str], object]] = [
    lambda text: clean_line(text, 50),
    lambda text: clean_note(text, 50),
    clean_cvr,
    clean_headcount,
    clean_amount,
    lambda text: clean_count(text, 1, 60),
    lambda text: clean_day(text, READING),
    clean_initials,
    clean_initials_list,
]


@given(st.sampled_from(CLEANERS), ANY_TEXT | st.text("0123456789 .,-/", max_size=30))
def test_any_text_is_cleaned_or_refused_in_one_safe_line(
    clean: Callable[[str], object], text: str
) -> None:
    try:
        clean(text)
    except BadValue as error:
        for language in (DANISH, ENGLISH):
            sentence = language[f"error.{error.key}"].format(**error.facts)
            assert sentence.isprintable()
            assert not find_cpr(sentence)


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    assert set(DANISH) == set(ENGLISH)
    source = "".join(map(inspect.getsource, (values, plain_text, meant_days, written_days, parse)))
    assert [key for key in DANISH if f'"{key.removeprefix("error.")}"' not in source] == []
    for key, sentence in DANISH.items():
        assert placeholders(sentence) == placeholders(ENGLISH[key])


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
