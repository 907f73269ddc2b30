"""Cleaners of numbers, days and initials: one clean value from what was typed or read, or a refusal."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from kmtrack.clock import YEARS
from kmtrack.errors import BadValue, Phrase
from kmtrack.ledger.schema.plain_text import DASHES, find_cpr, shown
from kmtrack.rules.headcount_format import NotAHeadcount, read_headcount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.rules.dates import Reading
    from kmtrack.rules.written_days import NotADay, WrittenDay

MOST_MILLIONS: Final = 1_000_000
MOST_HOURS: Final = 60

# What nearly every value meets is compiled here. The rest stays text, which `re` compiles and keeps
# when first used: compiling all of it would cost every command 4 ms.
_EIGHT_DIGITS: Final = re.compile("[0-9]{8}")
# [0-9] since \d also accepts the digits of other scripts.
_ISO: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FEBRUARY: Final = 2
_FEW_DIGITS: Final = re.compile("[0-9]{1,9}")

# A spreadsheet may hold the number as a fraction: 13748136.0.
_CVR: Final = (
    rf"(?i)\s*(?:(?:dk|cvr|nr|nummer|no|number)[\s.:{DASHES}]*)*"
    rf"([0-9](?:[\s.{DASHES}]*[0-9])*?)(?:(?<=[0-9]{{8}})\.0)?[\s.]*"
)
_INITIALS: Final = "(?!-)[-0-9A-ZÀ-ÖØ-ÞĀ-ƿǄ-ɏ\u1e00-\u1eff]{1,12}"
# "og" joins only between two others: alone, or in capitals, it is somebody's initials.
_BETWEEN_INITIALS: Final = r"[\s,;&/+]+(?:og[\s,;&/+]+)?"
_MILLIONS_OF_EURO: Final = r"\s?(?:mio\.?\s?|m\s?)(?:eur|euro|€)$"
_HOURS: Final = "[0-9]{1,2}(?:[.,][0-9]{1,2})?"
_TWO_READINGS: Final = "([1-9][0-9]{0,2})[.,]([0-9]{3})"
_PLAIN_AMOUNT: Final = "[0-9]+(?:[.,][0-9]+)?"
_DANISH_AMOUNT: Final = r"[1-9][0-9]{0,2}(?:[.\s][0-9]{3})+(?:,[0-9]+)?"
_ENGLISH_AMOUNT: Final = r"[1-9][0-9]{0,2}(?:[,\s][0-9]{3})+(?:\.[0-9]+)?"


class BadDay(BadValue):
    """A text or cell that names no day."""


def looks_like_cvr(text: str) -> str | None:
    """Return the 8 digits of a text with the form of a CVR number, whether or not the check digit is right."""
    digits = _cvr_digits(text)
    return digits if _EIGHT_DIGITS.fullmatch(digits) else None


def clean_cvr(text: str) -> str:
    """Return the 8 digits of a CVR number, written with DK, CVR-nr., blanks, dots or hyphens or without.

    Raises BadValue `bad_cvr`, `cvr_fails_check`, `cvr_is_p_number` or `cpr_number`.
    """
    digits = looks_like_cvr(text)
    if digits is None:
        raise _not_a_cvr(text)
    from stdnum.dk.cvr import is_valid  # 45 ms that only a new company must pay

    if not is_valid(digits):
        raise BadValue("cvr_fails_check", value=digits)
    return digits


def in_order_of_headcounts(column: str) -> str:
    """Return the SQL that sorts the headcounts in a column by their lower end, as a number."""
    return f"CAST(replace(replace({column}, '-', '.'), '+', '') AS REAL)"  # 20-49 is 20.49


def clean_headcount(value: object) -> str:
    """Return the headcount in its stored form: `40`, `200-499` or `1000+`; see `read_headcount`.

    Raises BadValue `bad_headcount`, `absurd_headcount` or `headcount_became_date`.
    """
    if isinstance(value, date):
        raise BadValue("headcount_became_date", value=value.isoformat()[:10])
    try:
        return read_headcount(value if isinstance(value, str) else str(_whole(value)))
    except NotAHeadcount as error:
        absurd = error.reason == "absurd"
        key = "absurd_headcount" if absurd else "bad_headcount"
        raise BadValue(key, value=shown(value)) from None


def clean_amount(value: object) -> float:
    """Return an amount in millions of euro, with a decimal comma or point: `12,5`, `12.5`, `1.200,5`.

    Raises BadValue `bad_amount`, or `ambiguous_amount` for `1.200` and `1,200`.
    """
    amount = _amount(value) if isinstance(value, str) else value
    if not isinstance(amount, (int, float)) or isinstance(amount, bool):
        raise BadValue("bad_amount", value=shown(value))
    if not 0 <= amount <= MOST_MILLIONS:
        raise BadValue("bad_amount", value=shown(value))
    return abs(float(amount))  # there is a minus zero


def clean_count(value: object, lowest: int, highest: int) -> int:
    """Return a whole number from `lowest` to `highest`. Raises BadValue `bad_count`."""
    count = _whole(value)
    if count is None or not lowest <= count <= highest:
        raise BadValue("bad_count", value=shown(value), lowest=lowest, highest=highest)
    return count


def clean_hours(value: object) -> float:
    """Return the weekly hours, with up to two decimals: `37`, `18,5`, `14.8`; an int if they are whole.

    Raises BadValue `bad_hours`.
    """
    text = value.strip() if isinstance(value, str) else str(_whole(value) or value)
    if re.fullmatch(_HOURS, text):
        hours = float(text.replace(",", "."))
        if 1 <= hours <= MOST_HOURS:
            return int(hours) if hours.is_integer() else hours
    raise BadValue("bad_hours", value=shown(value), lowest=1, highest=MOST_HOURS)


def read_day(value: object) -> date | WrittenDay:
    """Return the date that a text or a spreadsheet's date names in full, or the day as far as it is written.

    Raises BadDay if it names none, and BadValue for one that does not exist.
    """
    text = value.isoformat()[: len("2011-03-04")] if isinstance(value, date) else value
    if not isinstance(text, str):
        raise BadDay("bad_day", value=shown(value))
    day = _written_day(text)
    if isinstance(day, BadValue):
        raise day.with_traceback(None)
    return day


def day_meant(written: WrittenDay, reading: Reading, *, is_past: bool = False) -> date:
    """Return the date meant by an incomplete day; see `which_day`. Raises BadValue.

    With `is_past`, no future day is suggested.
    """
    from kmtrack.rules.meant_days import which_day
    from kmtrack.rules.written_days import NotADay

    try:
        return which_day(written, reading)
    except NotADay as error:
        choices = error.facts.get("choices")
        if is_past and isinstance(choices, list) and choices[1] > reading.today:
            first, second = choices
            days = {"first": first, "second": second, "today": reading.today}
            raise BadValue("needs_past_day", value=shown(error.text), **days) from None
        raise _bad_day(error) from None


def clean_day(value: object, reading: Reading) -> date:
    """Return the date that a text or a spreadsheet's date names. Raises BadDay or BadValue."""
    day = read_day(value)
    return day if isinstance(day, date) else day_meant(day, reading)


def day_with_weekday(day: date) -> Phrase:
    """Return a day in words with its weekday."""
    return Phrase("word.weekday_and_day", weekday=_weekday(day.weekday()), day=day)


def _weekday(number: int) -> Phrase:
    return Phrase(f"weekday.{number}")


def _bad_day(error: NotADay) -> BadValue:
    """Return the refusal of a text that is not a day, with its facts as they are shown."""
    facts = dict(error.facts)
    if error.reason == "bad_day":
        from kmtrack.rules.written_days import near_words

        if near := near_words(error.text):
            return BadDay("day_near", value=shown(error.text), near=near)
        return BadDay("bad_day", value=shown(error.text))
    if error.reason == "impossible_day":
        year, month = facts.pop("year"), Phrase(f"month.{facts['month']}")
        # Other months are as long every year, and the year may not have been typed.
        is_february = facts["month"] == _FEBRUARY
        facts["month"] = (
            Phrase("word.month_of_year", month=month, year=year) if is_february else month
        )
    elif error.reason == "wrong_weekday" and isinstance(day := facts["day"], date):
        facts.update(said=_weekday(int(str(facts["said"]))), weekday=_weekday(day.weekday()))
    elif isinstance(choices := facts.get("choices"), list):
        words = day_with_weekday if error.reason == "which_day" else lambda day: day
        facts = dict(zip(("first", "second"), map(words, choices), strict=True))
    return BadValue(error.reason, value=shown(error.text), **facts)


# An import asks for the same days and the same initials over and over.
@lru_cache(maxsize=4096)
def _written_day(text: str) -> date | WrittenDay | BadValue:
    """Return what a text says about a day, or the refusal of the text."""
    # Most days are in ISO form; what reads the others takes a millisecond to load.
    if _ISO.fullmatch(text):
        with suppress(ValueError):
            day = date.fromisoformat(text)
            if day.year in YEARS:
                return day
    from kmtrack.rules.written_days import NotADay, read_written_day

    try:
        return read_written_day(text)
    except NotADay as error:
        return _bad_day(error)


@lru_cache(maxsize=4096)
def clean_initials(text: str) -> str:
    """Return a broker's initials in capitals: 1-12 Latin letters, digits or hyphens.

    Raises BadValue `bad_initials`.
    """
    initials = normalize("NFC", text.strip()).upper()
    if find_cpr(initials):
        raise BadValue("cpr_number")
    if not re.fullmatch(_INITIALS, initials):
        raise BadValue("bad_initials", value=shown(text))
    return initials


def clean_initials_list(value: str | Iterable[object]) -> tuple[str, ...]:
    """Return the initials of several brokers, each once, in the order given.

    Raises BadValue `bad_initials`.
    """
    texts = [value] if isinstance(value, str) else [str(one) for one in value]
    parts = (part for text in texts for part in re.split(_BETWEEN_INITIALS, text))
    return tuple(dict.fromkeys(clean_initials(part) for part in parts if part))


def besides(broker: str | None, others: str | None) -> str | None:
    """Return the initials of the other brokers, separated by blanks, without those of the leading one."""
    return " ".join(one for one in (others or "").split() if one != broker) or None


def _cvr_digits(text: str) -> str:
    if _EIGHT_DIGITS.fullmatch(text):
        return text
    match = re.fullmatch(_CVR, text)
    return re.sub("[^0-9]+", "", match[1]) if match else ""


def _not_a_cvr(text: str) -> BadValue:
    digits = _cvr_digits(text)
    if find_cpr(text) or find_cpr(digits):
        return BadValue("cpr_number")
    if re.fullmatch("[0-9]{10}", digits):
        return BadValue("cvr_is_p_number", value=digits)
    return BadValue("bad_cvr", value=shown(text))


def _whole(value: object) -> int | None:
    """Return the whole number that a cell holds or a text spells in plain digits; None for anything else."""
    if isinstance(value, str):
        text = value.strip()
        return int(text) if _FEW_DIGITS.fullmatch(text) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _amount(value: str) -> float | None:
    text = re.sub(_MILLIONS_OF_EURO, "", value.strip().lower())
    if re.fullmatch(_PLAIN_AMOUNT, text):
        if match := re.fullmatch(_TWO_READINGS, text):
            raise _two_readings(value, match[1], match[2])
        return float(text.replace(",", "."))
    if re.fullmatch(_DANISH_AMOUNT, text):
        return float(re.sub(r"[.\s]", "", text).replace(",", "."))
    if re.fullmatch(_ENGLISH_AMOUNT, text):
        return float(re.sub(r"[,\s]", "", text))
    return None


def _two_readings(value: str, whole: str, decimals: str) -> BadValue:
    # A zero less or more, so that what is proposed is not ambiguous again.
    plain = decimals.rstrip("0") or "0"
    if len(plain) == len(decimals):
        plain += "0"
    large = whole + decimals
    return BadValue(
        "ambiguous_amount", value=shown(value), large=large, whole=whole, decimals=plain
    )
