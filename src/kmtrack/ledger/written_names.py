"""Written names: where a text contains a name, as it was typed, and not as part of a longer one."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

from kmtrack.ledger.common_names import GIVEN_NAMES, SURNAMES, TITLES
from kmtrack.ledger.schema.plain_text import DASHES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Replaces a name.
MARK: Final = "***"
APOSTROPHES: Final = "'`\u2019\u00b4\u02bc"
# A letter or digit; an underscore parts words, as in the names of files.
_SIGN: Final = r"[^\W_]"
_ACCENTS: Final = "\u0300-\u036f"
_JOINED_BEFORE: Final = rf"(?:{_SIGN}|{_SIGN}[{DASHES}{APOSTROPHES}])\Z"
_JOINED_BEHIND: Final = rf"(?:[{_ACCENTS}]|{_SIGN}|[{DASHES}{APOSTROPHES}]{_SIGN})"
_GENITIVE: Final = rf"(?i)[{APOSTROPHES}]?s(?!{_SIGN})"
# What may stand in an address of e-mail, and the ending of a file.
_IN_ADDRESS: Final = r"[\w.+@\-]*"
FILE_ENDING: Final = (
    r"(?i)\.(?:pdf|docx?|xls[xmb]?|csv|txt|odt|ods|rtf|pptx?|msg|eml|jpe?g|png|zip|db)\b"
)
_BLANK: Final = "[ \t\xa0\u2007\u202f]"
_WORD: Final = rf"[^\W\d_]{_SIGN}*(?:[{DASHES}{APOSTROPHES}]{_SIGN}+)*"
_WORD_BEFORE: Final = rf"(?:^|(?<=[^\w{_ACCENTS}]))({_WORD})(\.?){_BLANK}+\Z"
_WORD_BEHIND: Final = rf"{_BLANK}+({_WORD})(\.?)(/?)"
# In front of a word that is not the first of its sentence.
_WITHIN_SENTENCE: Final = rf"(?:{_SIGN}|[,)]){_BLANK}*\Z"
_JOINING: Final = rf".+@{DASHES}{APOSTROPHES}"
_MOST_WORDS: Final = 3
_LEGAL_FORMS: Final = frozenset({"aps", "as", "is", "ivs", "ks", "ps", "amba", "smba", "fmba", "i"})
_SHORTEST_SEN: Final = 5
# How many letters of a name are looked for before the others.
_MOST_COMPARED: Final = 50
# How many letters around a name are looked at.
_SEEN: Final = 200


class Span(NamedTuple):
    """A part of a text, from its first letter to just after its last."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Return whether two parts of a text have a letter in common."""
        return self.start < other.end and other.start < self.end


class WrittenName:
    """A name to search for: any case, any blanks, any form of Unicode, with or without the genitive.

    `given` are known given names (lower case), in addition to the common ones. Any other text can
    be searched for as well.
    """

    def __init__(self, name: str, given: Collection[str] = frozenset()) -> None:
        self.name = normalize("NFC", " ".join(name.split()))
        self.words = self.name.split(" ")
        self._given = given
        self._pattern = re.compile(r"\s+".join(map(_any_form, self.words)), re.IGNORECASE)
        self.is_name = not any(sign.isdigit() or sign == "@" for sign in self.name)

    def beside(self, name: str) -> WrittenName:
        """Return another name to search for, with the same given names known."""
        return WrittenName(name, self._given)

    @cached_property
    def like(self) -> str:
        """A pattern of LIKE that fits every text with the name, however that is encoded."""
        # Regular expressions take some other letters for an i, a k or an s.
        found = re.findall(r"[a-z0-9]+", self.words[0], re.ASCII | re.IGNORECASE)
        longest = max(found, key=len, default="")[:_MOST_COMPARED]
        return f"%{re.sub('[iks]', '_', longest, flags=re.IGNORECASE)}%"

    def spans(self, text: str, *, titled: bool = False) -> list[Span]:
        """Return where a text contains the name and no longer one; `titled` if every word may be capitalised."""
        return [span for span, is_whole in self._found(text, titled=titled) if is_whole]

    def parts_of_longer(self, text: str, *, titled: bool = False) -> list[Span]:
        """Return where the name is part of a longer one, each time with all of the longer name."""
        found = self._found(text, titled=titled)
        return [widened(text, span) for span, is_whole in found if not is_whole]

    def without(self, text: str, *, titled: bool = False) -> tuple[str, int]:
        """Return a text with the mark in place of the name, and how often it occurred."""
        spans = self.spans(text, titled=titled)
        for span in reversed(spans):
            text = f"{text[: span.start]}{MARK}{text[span.end :]}"
        return text, len(spans)

    def _found(self, text: str, *, titled: bool) -> Iterator[tuple[Span, bool]]:
        """Yield where the words of the name occur, each time with whether they are the whole name."""
        for match in self._pattern.finditer(text):
            start, end = match.span()
            before, behind = text[max(0, start - _SEEN) : start], text[end : end + _SEEN]
            genitive = re.match(_GENITIVE, behind)
            ended = behind[genitive.end() :] if genitive else behind
            if _is_inside_word(before[-1:], match[0][0]) or _is_inside_word(
                match[0][-1], ended[:1]
            ):
                continue
            is_longer = (
                (match[0][0].isalnum() and re.search(_JOINED_BEFORE, before))
                or (match[0][-1].isalnum() and re.match(_JOINED_BEHIND, ended))
                or self._is_in_address(before, ended)
                or (self.is_name and self._has_name_before(before, match[0], titled=titled))
                or (
                    self.is_name
                    and not genitive
                    and self._has_name_behind(behind, match[0], titled=titled)
                )
            )
            yield Span(start, end), not is_longer

    def _is_in_address(self, before: str, behind: str) -> bool:
        """Return whether a match is part of an address, or of another word with dots."""
        run = re.search(rf"{_IN_ADDRESS}\Z", before)
        left = run[0] if run else ""
        run = re.match(_IN_ADDRESS, behind)
        right = run[0] if run else ""
        if "@" in left or "@" in right:
            return True
        if len(self.words) > 1:
            return False
        if re.search(rf"{_SIGN}\.\Z", left):
            return True
        return bool(re.match(rf"\.{_SIGN}", right)) and not re.match(FILE_ENDING, right)

    def _has_name_before(self, before: str, match: str, *, titled: bool) -> bool:
        """Return whether the word before a match belongs to a longer name with it."""
        word = re.search(_WORD_BEFORE, before)
        if word is None:
            return False
        spelled, dot, folded = word[1], word[2], word[1].casefold()
        if dot:  # an initial; other words with a dot are short for something
            return len(spelled) == 1 and spelled.isupper()
        first = re.split(r"\s", match, maxsplit=1)[0]
        is_given = self._is_given(folded)
        if titled or not _is_capitalised(first) or not _is_capitalised(spelled):
            return is_given
        if folded in TITLES or folded in _LEGAL_FORMS:
            return False
        starts = re.search(_WITHIN_SENTENCE, before[: -len(word[0])]) is None
        if starts and (len(self.words) > 1 or self._is_given(first.casefold())):
            return is_given
        return True

    def _has_name_behind(self, behind: str, match: str, *, titled: bool) -> bool:
        """Return whether the word after a match belongs to a longer name with it."""
        word = re.match(_WORD_BEHIND, behind)
        if word is None or word[3]:  # A/S
            return False
        spelled, dot, folded = word[1], word[2], word[1].casefold()
        if len(spelled) == 1:
            return bool(dot) and spelled.isupper()
        last = re.split(r"\s", match)[-1]
        if titled or not _is_capitalised(last) or not _is_capitalised(spelled):
            return _is_surname(folded)
        return folded not in TITLES and folded not in _LEGAL_FORMS

    def _is_given(self, folded: str) -> bool:
        parts = re.split(f"[{DASHES}]", folded)
        return any(part in GIVEN_NAMES or part in self._given for part in parts)


def given_name_of(name: str) -> str:
    """Return the given name (lower case) of a person; "" if the first word is none.

    Some type "Direktør Holm", "reception" or "x" as a name.
    """
    first, *others = name.casefold().split() or [""]
    return first if others and len(first) > 1 and first not in TITLES else ""


def _is_inside_word(one: str, other: str) -> bool:
    """Return whether no word ends between two signs; a number may be joined to a name."""
    return one.isalnum() and other.isalnum() and (one.isdigit() == other.isdigit())


def _is_capitalised(word: str) -> bool:
    """Return whether a word is written like a name: with one capital letter, the first."""
    return word[:1].isupper() and (len(word) == 1 or not word.isupper())


def _is_surname(folded: str) -> bool:
    return any(
        part in SURNAMES or (part.endswith("sen") and len(part) >= _SHORTEST_SEN)
        for part in re.split(f"[{DASHES}]", folded)
    )


def widened(text: str, span: Span) -> Span:
    """Return a part of a text extended by all that is joined to it, and by the words of a name around it."""
    start, end = span
    for _ in range(_MOST_WORDS):
        start -= len(_matched(rf"[\w{_JOINING}]*\Z", text[:start]))
        end += len(_matched(rf"[\w{_JOINING}]*", text[end:], at_start=True))
        before = re.search(_WORD_BEFORE, text[:start])
        behind = re.match(_WORD_BEHIND, text[end:])
        if before and _may_be_of_name(before[1]):
            start = before.start(1)
        if behind and not behind[3] and _may_be_of_name(behind[1]):
            end += behind.end(2) if len(behind[1]) == 1 else behind.end(1)
    while start < span.start and not text[start].isalnum():
        start += 1
    while end > span.end and not text[end - 1].isalnum():
        end -= 1
    return Span(start, end)


def _matched(pattern: str, text: str, *, at_start: bool = False) -> str:
    found = re.match(pattern, text) if at_start else re.search(pattern, text)
    return found[0] if found else ""


def _may_be_of_name(word: str) -> bool:
    folded = word.casefold()
    if folded in TITLES or folded in _LEGAL_FORMS:
        return False
    return _is_capitalised(word) or folded in GIVEN_NAMES or _is_surname(folded)


@cache
def _any_form(word: str) -> str:
    """Return a pattern for a word with composed or decomposed letters, and any dash and apostrophe."""
    return "".join(map(_any_form_of, word))


def _any_form_of(letter: str) -> str:
    if re.match(f"[{DASHES}]", letter):
        return f"[{DASHES}]"
    if letter in APOSTROPHES:
        return f"[{APOSTROPHES}]"
    spelled = normalize("NFD", letter)
    return re.escape(letter) if spelled == letter else f"(?:{letter}|{spelled})"
