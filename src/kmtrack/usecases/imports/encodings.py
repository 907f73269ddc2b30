"""Encodings: find the encoding in which the words of a text file can be words.

No encoding is certain: bytes of Windows-1252 are letters in MS-DOS too. But a wrong one puts signs
and capitals where no word has them ("S›nderg†rd", "NygŒrd"), and UTF-8 that was read as something
else comes in pairs ("SÃ¸ndergÃ¥rd"), even if a program has stored such text as though it were
right.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# In the order in which they are preferred, with their names where a person should look.
LEGACY: Final = {
    "cp1252": None,
    "cp850": "MS-DOS (cp850)",
    "mac_roman": "Macintosh (Mac Roman)",
}
# The number of words beyond ASCII for each wrong one; with fewer the whole text is doubtful.
_RIGHT_FOR_EACH_WRONG: Final = 2
_REMEMBERED: Final = 4096
_LONGEST_WORD: Final = 100
# Only tried where a word begins, so that a long text costs no more than its length.
_WORD: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]*[^\x00-\x7f](?:[^\W\d_]|[^\x00-\x7f])*")
_DANISH: Final = "æøåÆØÅ"
_USUAL: Final = f"{_DANISH}éÉüÜöÖäÄ"
# What the pairs of spoilt UTF-8 stand for; other pairs may be an honest capital and a sign.
_PLAUSIBLE: Final = frozenset(
    f"{_USUAL}èêëáàâóòôíîïúùûñçßðþýšžÁÈÊËÓÍÚÑÇ€§°½²³µ–—‘’‚“”„•…·´©®™«»\xa0\ufeff"
)
_LOWER: Final = "a-zæøåéüöä"
_UPPER: Final = "A-ZÆØÅÉÜÖÄ"
_RARE_CAPITALS: Final = "ÀÁÂÃÇÈÊËÌÍÎÏÐÑÒÓÔÕÙÚÛÝÞŒŠŽŸ"
# Signs that are letters in another encoding, and those that only look odd within a word ("A•B").
_SIGNS: Final = "‚„†‹›”¯°µª¾¿‗√∞≈≠≤≥∆∫∑∏πΩ◊∂"
_ODD_SIGNS: Final = "‡ˆ‰‘“•˜™¡¢£¤¥¦§¨©«¬±²³¶¹º»¼½×÷ƒ"
# No program puts these characters into a word that it has read rightly.
_NEVER: Final = "[\x80-\x9f\ufffd\udc80-\udcff]"
_BOXES: Final = "[\u2500-\u259f]"
_IMPOSSIBLE: Final = re.compile(
    rf"{_NEVER}|(?<=\w){_BOXES}|{_BOXES}(?=\w)"
    rf"|(?<=[{_LOWER}{_UPPER}])[{_SIGNS}](?=[{_LOWER}{_UPPER}])"
    rf"|(?<=[{_LOWER}{_UPPER}])[‚„¿]"
    rf"|(?<=[{_LOWER}])[{_RARE_CAPITALS}](?=[{_LOWER}]|$)"
    rf"|(?<=[{_UPPER}][{_UPPER}])’(?=[{_UPPER}](?!$))|(?<![{_UPPER}])[A-CE-KMNP-Z]’(?=[{_UPPER}])"
)
# As above, but only what is certain: the text has been read once, in the encoding that it states.
_SPOILT: Final = re.compile(
    rf"{_NEVER}|(?<=[{_LOWER}{_UPPER}]){_BOXES}(?=[{_LOWER}{_UPPER}])"
    rf"|(?<=[{_LOWER}])[†‡‹›‚„¿¾¬√°{_RARE_CAPITALS}](?=[{_LOWER}])"
)
_ODD: Final = re.compile(
    rf"[^\W\d_a-zA-Z{_USUAL}]|(?<=[{_LOWER}])[ÆØÅÉÜÖÄ]|(?<=[A-Z])[ÆØÅÉÜÖÄ](?=[a-z])"
    rf"|(?<=[{_LOWER}{_UPPER}])[{_ODD_SIGNS}](?=[{_LOWER}{_UPPER}])"
    rf"|[¿¡¯¸¨ˆ˜¤¦¬®†‡‹›ƒ¢¥×÷](?=[{_LOWER}{_UPPER}])|(?<=[{_LOWER}{_UPPER}])[‹›ƒ¸¨¬†]"
)
# A question mark in the place of a letter: "S?ndergaard", "?nsker". It is none at the end of a word,
# by itself, or in the address of a page.
_LOST: Final = re.compile(
    r"(?<!\S)(?!\S*[/=@&])\S*?"
    r"(?:[a-zæøåé]\?[a-zæøåé]|[A-ZÆØÅÉ]\?[a-zæøåéA-ZÆØÅÉ]|(?<![\w?!.…])\?[a-zæøåé])\S*"
)
# Encodings in which a program may have read UTF-8 by mistake.
_MISTAKEN: Final = ("cp1252", "cp850", "mac_roman")


class TextReading(NamedTuple):
    """A way to read a text.

    Of its `words` beyond ASCII, some cannot be right; `odd` and `danish` count letters in them.
    """

    encoding: str
    words: int
    wrong: frozenset[str]
    odd: int
    danish: int

    @property
    def is_credible(self) -> bool:
        """Return whether so few words are wrong that the others are right."""
        if len(self.wrong) * (_RIGHT_FOR_EACH_WRONG + 1) > self.words:
            return False
        return LEGACY.get(self.encoding) is None or self.odd < self.words


def best_reading(words: Collection[bytes], *, is_utf8: bool) -> TextReading:
    """Return the best way to read the words beyond ASCII of a text; it may not be credible.

    `is_utf8` if the text says so or can be read as such; some of its words may still be wrong.
    """
    as_utf8 = _reading("utf-8", words)
    if is_utf8:
        return as_utf8
    readings = [_reading(encoding, words) for encoding in LEGACY]
    likeliest = readings[0]
    if not likeliest.wrong and not likeliest.odd:
        return likeliest
    return min(
        (as_utf8, *readings),
        key=lambda reading: (len(reading.wrong), reading.odd, -reading.danish),
    )


def words_beyond_ascii(text: str) -> Iterable[str]:
    """Yield the words of a text that have letters or signs beyond ASCII."""
    return (match[0] for match in _WORD.finditer(text))


def is_spoilt(text: str) -> bool:
    """Return whether letters in a text were corrupted before it was stored: "SÃ¸ndergÃ¥rd"."""
    return not text.isascii() and any(map(_is_spoilt_word, words_beyond_ascii(text)))


def has_lost_letters(text: str) -> bool:
    """Return whether a program that lacked such letters put question marks into words: "l?n"."""
    return _LOST.search(text) is not None


def readable(text: str) -> str:
    """Return a text with a visible sign in place of each unreadable byte."""
    return re.sub("[\udc80-\udcff]", "\ufffd", text)


def _reading(encoding: str, words: Collection[bytes]) -> TextReading:
    is_wrong = _is_spoilt_word if encoding == "utf-8" else _is_impossible
    texts = {word.decode(encoding, "surrogateescape") for word in words}
    found = {part for text in texts for part in words_beyond_ascii(text)}
    return TextReading(
        encoding,
        len(found),
        frozenset(filter(is_wrong, found)),
        sum(len(_ODD.findall(word)) for word in found),
        sum(letter in _DANISH for word in found for letter in word),
    )


def _is_impossible(word: str) -> bool:
    return _IMPOSSIBLE.search(word) is not None or _repaired(word) is not None


@lru_cache(_REMEMBERED)
def _is_spoilt_word(word: str) -> bool:
    return _SPOILT.search(word) is not None or _repaired(word) is not None


def _repaired(word: str) -> str | None:
    """Return the original of a word that was read in a wrong encoding and stored; None for others."""
    for encoding in _MISTAKEN if len(word) <= _LONGEST_WORD else ():
        try:
            repaired = b"".join(_byte(letter, encoding) for letter in word).decode()
        except UnicodeError:
            continue
        letters = {letter for letter in repaired if not letter.isascii()}
        if letters and (letters <= _PLAUSIBLE or _repaired(repaired)):
            return repaired
    return None


def _byte(letter: str, encoding: str) -> bytes:
    # Programs keep the few bytes that Windows-1252 leaves undefined as control characters.
    if "\x80" <= letter <= "\x9f":
        return letter.encode("latin-1")
    return letter.encode(encoding)
