"""Plain text: cleaned to composed, visible characters; refused if too long or with a CPR number."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from unicodedata import is_normalized, normalize

from kmtrack.errors import BadValue
from kmtrack.text import EMOJI_JOINERS

_SHOWN: Final = 60

# What nearly every text meets is compiled here. The rest stays text, which `re` compiles and keeps
# when first used.
_SIX_DIGITS: Final = re.compile(r"\d\d\D?\d\d\D?\d\d")

# Listed, since \s takes control characters.
_BLANKS: Final = "[ \t\n\r\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
_LINE_BREAK: Final = "\r\n|[\n\r\u2028\u2029]"
# Invisible characters that `str.isprintable` accepts; it rejects all others.
_UNSEEN: Final = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# \d takes the digits of all scripts, which is right for what must not slip through, and only there.
DASHES: Final = r"\-\u2010-\u2015\u2212"
_WITH_CREDENTIAL: Final = r"://[^\s/:@]*:[^\s/@]+@"
_BEHIND: Final = rf"\s{{0,9}}[{DASHES}./_]?\s{{0,9}}\d{{4}}(?!\d)"
_DASH: Final = rf"\s{{0,9}}[{DASHES}]\s{{0,9}}"
_SIGN: Final = rf"(?P<s>[{DASHES}./])"
# Four digits that are a year are the end of a span: 01.01.2009-2010.
_LAST_FOUR: Final = r"(?!(?:19|20)\d\d(?!\d))\d{4}(?!\d)"
# Day, month and year of each form. Behind a day with signs of its own and a blank, four digits are the
# time of that day.
_CPR: Final = (
    rf"(?<![\d+])(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d\d){_BEHIND}",
    rf"(?<![\d+])(?P<d>\d\d)(?P<s>[{DASHES}./\s])(?P<m>\d\d)(?P=s)(?P<y>\d\d)(?:{_DASH}|(?P=s))\d{{4}}(?!\d)",
)
# Found since version 4 of the schema: with the year in full, and without zeros at the beginning.
_FURTHER_CPR: Final = (
    rf"(?<![\d+])(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d{{4}}){_BEHIND}",
    rf"(?<![\d+])(?P<d>\d\d?){_SIGN}(?P<m>\d\d?)(?P=s)(?P<y>\d\d(?:\d\d)?)(?:{_DASH}|(?P=s)){_LAST_FOUR}",
    rf"(?<![\d+])(?P<d>\d)(?P<m>\d\d)(?P<y>\d\d)(?:{_DASH}{_LAST_FOUR}|\d{{4}}(?!\d))",
)
_YEARS: Final = range(1858, 2058)  # of birth, in a CPR number
# What is written before other numbers: a country code but the Danish one, whose numbers have only 8
# digits, and the name of a number of a company.
_OTHER_NUMBER: Final = (
    rf"(?:\+|(?<!\d)00)(?!45)[1-9][\d\s()./{DASHES}]{{0,12}}$",
    rf"(?i)(?<!\w)(?:p|cvr|se)[\s.{DASHES}]{{0,2}}(?:nr|nummer|no|number|enhed(?:snr|snummer)?)[\s.:#]{{0,3}}$",
    r"(?i)produktionsenhed(?:snr|snummer)?[\s.:#]{0,3}$",
)
_LONGEST_NAME: Final = 30


def clean_line(text: str, longest: int) -> str | None:
    """Return one line of composed (NFC) text with single blanks, or None if it is empty.

    Raises BadValue `bad_character`, `text_too_long` (more than `longest` characters) or
    `cpr_number`.
    """
    return _within(text if _is_clean(text) else _folded(text, text), longest)


def clean_note(text: str, longest: int) -> str | None:
    """Return text like `clean_line` does, but keep line breaks, as newlines."""
    if _is_clean(text):
        return _within(text, longest)
    lines = (_folded(line, text) for line in re.split(_LINE_BREAK, text))
    return _within("\n".join(lines).strip("\n"), longest)


def find_cpr(text: str) -> bool:
    """Return whether some part of `text` looks like a CPR number: DDMMYY-NNNN with a valid date.

    The check digit is ignored, as numbers issued since 2007 may fail it.
    """
    return _has_cpr(text, (*_CPR, *_FURTHER_CPR))


def find_plain_cpr(text: str) -> bool:
    """Return the same as `find_cpr`, but only for the forms that no version of kmtrack has stored."""
    return _has_cpr(text, _CPR)


def shown(value: object) -> str:
    """Return a value as an error message may repeat it: short, visible, without a CPR number."""
    text = re.sub(_BLANKS, " ", str(value)).strip(" ")
    if find_cpr("".join(filter(str.isprintable, text))):
        return "******-****"
    seen = "".join(letter if letter.isprintable() else "\ufffd" for letter in text[: _SHOWN + 1])
    seen = re.sub(_UNSEEN, "\ufffd", seen)
    return seen if len(seen) <= _SHOWN else seen[: _SHOWN - 1] + "…"


def is_text(typed: str) -> bool:
    """Return whether typed input is valid text; invalid bytes arrive as lone surrogates."""
    try:
        typed.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_clean(text: str) -> bool:
    if not text.isprintable() or "  " in text or text != text.strip(" "):
        return False
    return text.isascii() or (is_normalized("NFC", text) and not re.search(_UNSEEN, text))


def _folded(part: str, text: str) -> str:
    folded = normalize("NFC", re.sub(_BLANKS, " ", part).strip(" "))
    seen = re.sub(EMOJI_JOINERS, "", folded)
    if seen.isprintable() and not re.search(_UNSEEN, seen):
        return folded
    raise _bad_character(text)


def _bad_character(text: str) -> BadValue:
    joined = {match.end() for match in re.finditer(EMOJI_JOINERS, text)}
    for position, letter in enumerate(text, start=1):
        if position in joined:
            continue
        if re.match(_UNSEEN, letter) or not (letter.isprintable() or re.match(_BLANKS, letter)):
            return BadValue("bad_character", character=f"U+{ord(letter):04X}", position=position)
    raise AssertionError(text)


def _within(text: str, longest: int) -> str | None:
    if len(text) > longest:
        raise BadValue("text_too_long", longest=longest, length=len(text))
    if find_cpr(text):
        raise BadValue("cpr_number")
    if "://" in text and re.search(_WITH_CREDENTIAL, text):
        raise BadValue("password_in_text")
    return text or None


def _has_cpr(text: str, forms: tuple[str, ...]) -> bool:
    spellings = (text,) if text.isascii() else (text, normalize("NFKC", text))
    return any(
        _is_birthday(match) and not _is_other_number(spelled[: match.start()])
        for spelled in spellings
        if _SIX_DIGITS.search(spelled)
        for form in forms
        for match in re.finditer(form, spelled)
    )


def _is_other_number(before: str) -> bool:
    """Return whether the text before a number shows that it is a telephone or company number."""
    return any(re.search(form, before[-_LONGEST_NAME:]) for form in _OTHER_NUMBER)


def _is_birthday(match: re.Match[str]) -> bool:
    # 2000 was a leap year: a day that exists in any century exists in this one.
    year = int(match["y"]) if len(match["y"]) > len("00") else 2000 + int(match["y"])
    try:
        date(year, int(match["m"]), int(match["d"]))
    except ValueError:
        return False
    return year in _YEARS or len(match["y"]) == len("00")
