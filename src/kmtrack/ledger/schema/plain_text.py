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
# After a foreign country code it is a telephone number; Danish ones (+45) have only 8 digits.
DASHES: Final = r"\-\u2010-\u2015\u2212"
_BEFORE: Final = r"(?<![\d+])(?<!\+\d\s)(?<!\+(?!45)\d\d\s)(?<!\+\d\d\d\s)"
# Behind a day with signs of its own and a blank, four digits are the time of that day.
_WITH_CREDENTIAL: Final = r"://[^\s/:@]*:[^\s/@]+@"
_CPR: Final = (
    rf"{_BEFORE}(\d\d)(\d\d)(\d\d)\s{{0,9}}[{DASHES}./_]?\s{{0,9}}\d{{4}}(?!\d)",
    rf"{_BEFORE}(\d\d)([{DASHES}./\s])(\d\d)\2(\d\d)(?:\s{{0,9}}[{DASHES}]\s{{0,9}}|\2)\d{{4}}(?!\d)",
)


def clean_line(text: str, longest: int) -> str | None:
    """Return one line of composed (NFC) text with single blanks, or None if it is empty.

    Raises BadValue `bad_character`, `text_too_long` (more than `longest` characters) or
    `cpr_number`.
    """
    return _within(text if _is_clean(text) else _folded(text, text), longest)


def clean_note(text: str, longest: int) -> str | None:
    """Return as `clean_line` does, but keep line breaks, as newlines."""
    if _is_clean(text):
        return _within(text, longest)
    lines = (_folded(line, text) for line in re.split(_LINE_BREAK, text))
    return _within("\n".join(lines).strip("\n"), longest)


def find_cpr(text: str) -> bool:
    """Tell whether something in `text` looks like a CPR number: DDMMYY-NNNN with a valid date.

    The check digit is ignored, as numbers issued since 2007 may fail it.
    """
    if _has_cpr(text):
        return True
    return not text.isascii() and _has_cpr(normalize("NFKC", text))


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


def _has_cpr(text: str) -> bool:
    if not _SIX_DIGITS.search(text):
        return False
    return any(_is_birthday(match) for form in _CPR for match in re.finditer(form, text))


def _is_birthday(match: re.Match[str]) -> bool:
    day, month, year = map(int, filter(str.isdecimal, match.groups()))
    try:
        # 2000 was a leap year: a day that exists in any century exists in this one.
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True
