"""Names for searching, comparing and sorting: one key, and the same words, for all spellings."""

from __future__ import annotations

import re
import unicodedata
from functools import reduce
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.text import ACCENTED_LETTERS, LAST_LETTERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_DANISH: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe"})
# As Danish names are written where there is no æ, ø and å.
_TRANSCRIBED: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_NOT_A_WORD: Final = r"[\W_]+"
_NOT_A_LETTER: Final = r"[^0-9a-z]+"
_FORMS: Final = frozenset({"aps", "as", "is", "ivs", "ks", "ps", "amba", "smba", "fmba", "holding"})
_SLASHED_FORMS: Final = r"\b([akip])/s\b"
# Words are folded further than keys: ø, oe and o are one letter, and so are å, aa and a.
_FOLDED: Final = str.maketrans(
    {"æ": "ae", "ä": "ae", "ø": "o", "ö": "o", "å": "a", "&": " og "}
    | dict.fromkeys("'`\N{RIGHT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}", "")
)
_ONE_LETTER: Final = r"(a)a+|(o)e+"
_WORD: Final = r"[^\W_]+"
# "is" is a word of its own, so only I/S is left out.
_LEFT_OUT: Final = frozenset({"aps", "as", "ks", "ps", "ivs", "amba", "smba", "fmba", "og"})
_GENITIVE: Final = 4  # of shorter words the s belongs to the word: gas, bus
_SHORTEST_BEGINNING: Final = 3
_FIRST, LAST_OF_ALL = "\x01", "\U0010ffff"  # no word has a control character, or the last of all
# Marks all words of a name together, in order; no word has this sign.
WHOLE: Final = "="


def in_order_of_names(column: str) -> str:
    """Return the SQL that sorts the names in a column as Danish does; SQLite only knows ASCII."""
    return reduce(
        lambda expression, letter: f"replace({expression}, '{letter[0]}', '{letter[1]}')",
        (LAST_LETTERS | ACCENTED_LETTERS).items(),
        f"lower({column})",
    )


BY_NAME: Final = in_order_of_names("company.name")


def name_key(name: str) -> str:
    """Return the key of a name: lower case, æøå spelled out, no accents, no punctuation, single blanks.

    Composed and decomposed Unicode give the same key, and so do Århus and Aarhus.
    """
    folded = unicodedata.normalize("NFC", name).casefold().translate(_DANISH)
    folded = re.sub(_SLASHED_FORMS, r"\1s", folded)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return re.sub(_NOT_A_LETTER, " ", plain).strip() or folded


def spelling_of(name: str) -> str:
    """Return the spelling of a name: its key, but with the accents and letters that Danish does not have.

    Møller and Moeller are one spelling, Möller is another, and so are Müller and Muller.
    """
    folded = unicodedata.normalize("NFC", name).casefold().translate(_TRANSCRIBED)
    return re.sub(_NOT_A_WORD, " ", re.sub(_SLASHED_FORMS, r"\1s", folded)).strip()


def core_of(key: str) -> str:
    """Return a name key without its legal form (ApS, A/S, I/S, …), so that similar names can be compared."""
    words = [word for word in key.split() if word not in _FORMS]
    return " ".join(words) or key


class Word(NamedTuple):
    """A word of a name: as it is spelled, folded, and without the s of a genitive.

    It stands for every word that begins with it and has at least `shortest` letters.
    """

    spelled: str
    stem: str
    shortest: int = _SHORTEST_BEGINNING

    @property
    def may_begin_others(self) -> bool:
        """Whether it is long enough to stand for every word that begins with it."""
        return len(self.spelled) >= self.shortest

    def as_beginning(self) -> Word:
        """Return the word as an unfinished one, which may begin any other."""
        return self._replace(shortest=1)

    def as_whole(self) -> Word:
        """Return the word as a complete one, which only matches itself."""
        return self._replace(shortest=len(self.spelled) + 1)

    @property
    def range(self) -> tuple[str, str]:
        """The first of the stems that it may match, and the end of these, in the order of both databases."""
        return self.stem, (
            self.spelled + LAST_OF_ALL if self.may_begin_others else self.stem + _FIRST
        )

    def fits(self, stem: str) -> bool:
        """Return whether this word, as typed, equals or begins a word of a name."""
        return self.stem == stem or (self.may_begin_others and stem.startswith(self.spelled))


def fits_all(words: Iterable[Word], stems: Collection[str]) -> bool:
    """Return whether a name with these stems has all the typed words, or words that begin with them."""
    return all(any(word.fits(stem) for stem in stems) for word in words)


def words_of(name: str) -> list[Word]:
    """Return the words of a name, in order: lower case, without accents, legal form and "og".

    ø, oe and o are the same, å, aa and a, æ and ae, & and og. Single letters are joined to one word
    (A.P.). A text without any word has none.
    """
    return [Word(word, _stem(word)) for word in _spelled_words(name)]


def stems_of(name: str) -> list[str]:
    """Return the stems of the words of a name."""
    return list(map(_stem, _spelled_words(name)))


def _spelled_words(name: str) -> list[str]:
    text = name.casefold()
    if "/" in text:
        text = re.sub(_SLASHED_FORMS, " ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = text.translate(_FOLDED)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    words = re.findall(_WORD, re.sub(_ONE_LETTER, r"\1\2", text))
    if 1 in map(len, words):
        words = [
            word
            for are_letters, group in groupby(words, _is_letter)
            for word in (["".join(group)] if are_letters else group)
        ]
    return [word for word in words if word not in _LEFT_OUT] or words


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _stem(word: str) -> str:
    return word[:-1] if len(word) >= _GENITIVE and word.endswith("s") else word


def whole_name(stems: Iterable[str]) -> str:
    """Return all words of a name as one text, independent of their order."""
    return WHOLE + " ".join(sorted(stems))
