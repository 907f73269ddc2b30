"""Near forms: other ways of writing a name that a text may contain, for a person to decide on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.common_names import GIVEN_NAMES, SURNAMES
from kmtrack.ledger.schema.plain_text import DASHES
from kmtrack.ledger.written_names import APOSTROPHES, Span, WrittenName, widened
from kmtrack.text import slips

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# A text that is taken out has so many letters and digits at least.
SHORTEST_TEXT: Final = 3
_SIGN: Final = r"[^\W_]"
_LETTER: Final = r"[^\W\d_]"
_SHORTEST_SLIPPED: Final = 4
_NO_SIGN: Final = "\x00"
_ACCENT: Final = "[\u0300-\u036f]?"
# Letters that are written for one another, where a keyboard or a file had no others.
_WRITTEN_FOR: Final = {
    "a": "[aáàâ]|aa|å",
    "å": "å|aa|a",
    "aa": "aa|å|a",
    "æ": "æ|ae|ä|e",
    "ä": "ä|æ|ae|a",
    "ae": "ae|æ|ä",
    "e": "[eéèêë]",
    "é": "[eé]",
    "è": "[eè]",
    "ø": "ø|oe|ö|o",
    "ö": "ö|ø|oe|o",
    "oe": "oe|ø|ö",
    "o": "[oóòô]|ø|ö|oe",
    "u": "[uúùü]",
    "ü": "ü|u|ue|y",
    "c": "[cçč]",
    "n": "[nñ]",
    "s": "[sš]",
    "i": "[iíìï]",
}
_NO_VOWELS: Final = str.maketrans(
    {"š": "s", "č": "c", "ç": "c", "ñ": "n"}
    | dict.fromkeys("aeiouyæøåäöüáàâéèêëíìïóòôúù", "")
    | dict.fromkeys(map(chr, range(0x300, 0x370)), "")
)
_LETTERS: Final = re.compile("aa|ae|oe|.", re.DOTALL)
# Between the words of a name: nothing, a blank, or what parts them in addresses and names of files.
_PARTING: Final = rf"[\s_.,+{DASHES}]{{0,3}}"
_ANY_CAPITAL: Final = "(?-i:[A-ZÆØÅÉÖÜ])"
_BETWEEN: Final = rf"{_PARTING}(?:{_ANY_CAPITAL}[^\W\d_]*{_PARTING}){{0,2}}"
_BLANKS: Final = r"\.?\s{0,2}"


class NearForms:
    """Finds the near forms of a name: an address, its words in another order, initials, one word of it."""

    def __init__(self, name: WrittenName) -> None:
        self._name = name
        words = self._words = _in_order(name.words) if name.is_name else []
        self._patterns = _compiled(_patterns(words)) if len(words) > 1 else []
        ends = {*words[:1], *words[-1:]}
        beginnings = "|".join(re.escape(_beginning(word)) for word in ends)
        self._skeletons = re.compile(rf"(?<!{_SIGN})(?:{beginnings})")
        self._initials = re.compile(_initials(words))
        self._addresses = _compiled([_in_address(words)] if len(words) > 1 else [])
        self._single = _compiled(_bounded(_loose(word)) for word in ends)

    def _may_be_in(self, text: str) -> bool:
        """Return quickly whether a text may have a near form: most have none."""
        if self._single and self._skeletons.search(_skeleton(text)):
            return True
        return bool(self._patterns) and (
            self._initials.search(text) is not None
            or ("@" in text and any(each.search(text) for each in self._addresses))
        )

    def spans(self, text: str, taken: Collection[Span], *, titled: bool = False) -> list[Span]:
        """Return the parts of a text that may mean the name, in order, besides those that are the name (`taken`)."""
        found: list[Span] = []
        in_order = []
        if self._words and self._words != self._name.words:
            in_order = self._name.beside(" ".join(self._words)).spans(text, titled=titled)
        for near in (*in_order, *self._name.parts_of_longer(text, titled=titled)):
            if not any(near.overlaps(other) for other in (*taken, *found)):
                found.append(near)
        if not self._may_be_in(text):
            return found
        rest = _without(text, (*taken, *found))
        for pattern in (*self._patterns, *self._single):
            for match in pattern.finditer(rest):
                span = Span(*match.span())
                near = widened(rest, span)
                if (
                    pattern in self._patterns
                    or not _is_of_another(text, span, near)
                    or self._is_slip(text[near.start : near.end])
                ):
                    found.append(near)
            rest = _without(rest, found)
        return sorted(set(found))

    def _is_slip(self, form: str) -> bool:
        """Return whether a name is this one with a slip in one of its words, and not a common other one."""
        words = form.casefold().split()
        pairs = zip((word.casefold() for word in self._words), words, strict=False)
        others = [(mine, its) for mine, its in pairs if mine != its]
        if len(words) != len(self._words) or len(others) != 1:
            return False
        [(mine, its)] = others
        return (
            len(mine) >= _SHORTEST_SLIPPED
            and mine[0] == its[0]
            and its not in {*GIVEN_NAMES, *SURNAMES, f"{mine}s"}
            and mine in slips(its, mine)
        )


def form_to_type(text: str, span: Span, name: WrittenName, *, titled: bool = False) -> str:
    """Return what to type to remove a part of a text: long enough, and made of whole words.

    It is searched for with the same given names as the `name` that it may mean.
    """
    start, end = span
    while True:
        form = " ".join(text[start:end].split())
        if is_long_enough(form) and any(
            each.overlaps(span) for each in name.beside(form).spans(text, titled=titled)
        ):
            return form
        before = re.search(r"\S+\s*\Z", text[:start])
        behind = re.match(r"\s*\S+", text[end:])
        if before and (behind is None or before[0].strip().isalpha()):
            start = before.start()
        elif behind:
            end += behind.end()
        else:
            return form


def is_long_enough(text: str) -> bool:
    """Return whether a text has enough letters and digits to be removed wherever it occurs."""
    return sum(map(str.isalnum, text)) >= SHORTEST_TEXT


def _without(text: str, spans: Iterable[Span]) -> str:
    """Return a text of the same length, with these parts replaced by signs that belong to no word."""
    for start, end in spans:
        text = f"{text[:start]}{_NO_SIGN * (end - start)}{text[end:]}"
    return text


def _is_of_another(text: str, word: Span, near: Span) -> bool:
    """Return whether a single word, which is all of `near`, occurs in the name of another person."""
    if "@" in text[near.start : near.end]:
        return False
    behind = re.sub(rf"\A[{APOSTROPHES}]s\b", "", text[word.end : near.end])
    around = text[near.start : word.start] + behind
    return re.search(rf"[\s{DASHES}{APOSTROPHES}]", around) is not None


def _in_order(words: list[str]) -> list[str]:
    """Return the words of a name with the surname last, where it stands in front of a comma."""
    first, *others = words
    return [*others, first.rstrip(",")] if first.endswith(",") and others else words


def _compiled(patterns: Iterable[str]) -> list[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE) for pattern in patterns]


def _patterns(words: list[str]) -> Iterator[str]:
    """Yield patterns for the forms of a name of several words, those that contain most of it first."""
    first, last = _loose(words[0]), _loose(words[-1])
    yield _bounded(first + _BETWEEN + last)
    yield _bounded(last + _BETWEEN + first)
    initials = [word[0] for word in words if word[0].isalpha()]
    if len(initials) > 1:
        one, other = initials[0], initials[-1]
        yield _bounded(rf"{_capital(one)}{_BLANKS}(?:{_ANY_CAPITAL}{_BLANKS}){{0,2}}{last}")
        yield _bounded(rf"{one}[._{DASHES}]{last}")
        yield _bounded(rf"{first}{_BLANKS}(?:{_ANY_CAPITAL}\.\s?){{0,2}}{_capital(other)}\.?")
        yield _bounded(rf"{first}[._{DASHES}]{other}")
        yield _bounded(rf"{_BLANKS.join(map(_capital, initials))}\.?")
        yield _in_address(words)


def _skeleton(text: str) -> str:
    """Return a text without vowels and accents: the same for all spellings of a name."""
    return text.casefold().translate(_NO_VOWELS)


def _beginning(word: str) -> str:
    """Return the first part with a consonant of a double name, or of one like O'Neill."""
    parts = map(_skeleton, re.split(f"[{DASHES}{APOSTROPHES}]", word))
    return next(filter(None, parts), "")


def _initials(words: list[str]) -> str:
    """Return a pattern that matches every text with the initials of a name."""
    return r"\W{0,4}".join(re.escape(word[0].upper()) for word in words if word[0].isalpha())


def _in_address(words: list[str]) -> str:
    """Return a pattern for an address of the initials of a name, or of one of them and a whole word."""
    first, last = _loose(words[0]), _loose(words[-1])
    one, *others = (re.escape(word[0]) for word in words)
    return rf"(?<!{_SIGN})(?:{one}(?:{last}|{''.join(others)})|{first}{others[-1]})[0-9]*(?=@)"


def _capital(letter: str) -> str:
    return f"(?-i:{letter.upper()})"


def _bounded(pattern: str) -> str:
    """Return a pattern for text that is not part of another word; a number or the s of a genitive may follow."""
    return rf"(?<!{_SIGN})(?:{pattern})(?=(?:[{APOSTROPHES}]?s)?(?!{_LETTER}))"


def _loose(word: str) -> str:
    """Return a pattern for a word however its letters are written."""
    return "".join(_loose_letter(letter) for letter in _LETTERS.findall(word.casefold()))


def _loose_letter(letter: str) -> str:
    if re.match(rf"[{DASHES}{APOSTROPHES}]", letter):
        return rf"[\s{DASHES}{APOSTROPHES}]?"
    return f"(?:{_WRITTEN_FOR.get(letter, re.escape(letter))}){_ACCENT}"
