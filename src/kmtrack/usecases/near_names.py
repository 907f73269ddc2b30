"""Near names: companies and other things whose names are nearly what was typed.

A typed word may be inside a word of the name, or one typing error away from a word or its
beginning: one letter too many, missing, wrong or exchanged with the next, or a space too many or
missing.
"""

from __future__ import annotations

from itertools import pairwise
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from kmtrack.ledger.name_words import has_words, names_of
from kmtrack.ledger.queries.company_names import (
    companies_by_word,
    companies_with_any,
    companies_with_parts,
    companies_with_words,
    first_letters,
    words_among,
    words_begun,
)
from kmtrack.ledger.schema.names import Word, stems_of, whole_name, words_of
from kmtrack.text import slips

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_T = TypeVar("_T")
_MOST: Final = 200
_SHORTEST_PART: Final = 3
# In a shorter word one letter is too large a part, unless another word shows what is meant.
_SHORTEST_MISTYPED: Final = 4
_SHORTEST_MISTYPED_OF_SEVERAL: Final = 3
_LONGEST_MISTYPED: Final = 40
# More words are a text rather than a name, and each would be compared with every known word.
_MOST_WORDS: Final = 8
_MOST_CORRECTIONS: Final = 50
# A word that more companies have says little; two such words say enough.
_MOST_OF_WORD: Final = 2000
_LETTERS: Final = frozenset(ascii_lowercase + digits)
# Latin letters that are no others with an accent: names have them inside of words too.
_OTHER_LATIN: Final = "đðħıłœþ"


class _Known(Protocol):
    """The words that names are made of."""

    def letters(self) -> Iterable[str]:
        """Return the letters from other alphabets that they contain."""

    def begun(self, beginnings: Collection[str]) -> Iterable[str]:
        """Return the words with one of these beginnings, up to a limit."""

    def among(self, words: Collection[str]) -> Collection[str]:
        """Return those of these words that are known."""


def companies_near(store: Store, words: Sequence[Word]) -> list[Row]:
    """Return the live companies whose names are nearly these words, or [] if there are none."""
    if len(words) > _MOST_WORDS:
        return []
    return _with_parts(store, words) or _mistyped(store, words)


def companies_like(store: Store, name: str, municipality: str | None) -> list[Row]:
    """Return live companies that may be in a municipality and have a name like this one.

    Theirs is the same but for one typing error, or shares a word that few have, or two that many
    have; in each word one typing error is tolerated.
    """
    words = words_of(name)[:_MOST_WORDS]
    meant = [_meant(word) for word in words]
    wholes = _whole_names(words, meant)
    meant += [{_joined(*pair).stem} for pair in pairwise(words)]
    known = companies_by_word(store, wholes.union(*meant), _MOST_OF_WORD)
    numbers = [sum(known.get(each, 0) for each in each_word) for each_word in meant]
    order = sorted(range(len(meant)), key=numbers.__getitem__)
    telling = [meant[at] for at in order if numbers[at] < _MOST_OF_WORD]
    common = [meant[at] for at in order if numbers[at] >= _MOST_OF_WORD]
    sought = [[wholes.union(*telling)], *([common[:2]] if len(common) > 1 else [])]
    found = {
        row["id"]: row
        for each in sought
        for row in companies_with_any(
            store, [ways.intersection(known) for ways in each], municipality, _MOST_OF_WORD
        )
    }
    return [found[id_] for id_ in sorted(found)]


def _meant(word: Word) -> set[str]:
    """Return the stems that a word may mean with one typing error, if it is long enough."""
    return slips(word.stem, _LETTERS) if len(word.stem) >= _SHORTEST_MISTYPED else {word.stem}


def _joined(one: Word, other: Word) -> Word:
    [joined] = _as_words([one.spelled + other.spelled])
    return joined


def _whole_names(words: Sequence[Word], meant: Sequence[Collection[str]]) -> set[str]:
    """Return the complete names that words may mean, if one letter or one blank was mistyped."""
    stems = [word.stem for word in words]
    found: set[str] = set()
    for at, word in enumerate(words):
        before, behind = stems[:at], stems[at + 1 :]
        found.update(whole_name([*before, each, *behind]) for each in meant[at])
        for cut in range(1, len(word.spelled)):  # a blank is missing
            parts = _as_words([word.spelled[:cut], word.spelled[cut:]])
            found.add(whole_name([*before, *(part.stem for part in parts), *behind]))
    for at, pair in enumerate(pairwise(words)):  # there is a blank too many
        found.add(whole_name([*stems[:at], _joined(*pair).stem, *stems[at + 2 :]]))
    return found


def nearest(
    words: Sequence[Word],
    among: Sequence[_T],
    stems_of_names: Callable[[_T], Sequence[Sequence[str]]],
) -> list[_T]:
    """Return those of a few things whose names are nearly these words."""
    # Worked out once: each correction is compared with all of them.
    named = [(each, stems_of_names(each)) for each in among]
    found = [each for each, names in named if _has(names, words, _is_part)]
    if found or len(words) > _MOST_WORDS:
        return found
    stems = frozenset(stem for _, names in named for stems in names for stem in stems)
    corrections = list(_corrections(words, _WordsOfFew(stems)))
    return [
        each for each, names in named if any(_has(names, typed, Word.fits) for typed in corrections)
    ]


def _is_part(word: Word, stem: str) -> bool:
    return word.fits(stem) or (len(word.stem) >= _SHORTEST_PART and word.stem in stem)


def _with_parts(store: Store, words: Sequence[Word]) -> list[Row]:
    """Return the companies whose words contain all these parts."""
    rows = companies_with_parts(store, [word.stem for word in words], _MOST)
    return [row for row in rows if _has(map(stems_of, names_of(row)), words, _is_part)]


def _mistyped(store: Store, words: Sequence[Word]) -> list[Row]:
    """Return the companies that match if one of the words is mistyped."""
    found: dict[str, Row] = {}
    for corrected in _corrections(words, _WordsOfCompanies(store)):
        rows = companies_with_words(store, corrected, _MOST)
        found.update((row["id"], row) for row in rows if has_words(row, corrected))
    return list(found.values())


def _has(
    names: Iterable[Sequence[str]], words: Sequence[Word], fits: Callable[[Word, str], bool]
) -> bool:
    """Return whether one of several names (as stems) has all these words."""
    return any(all(any(fits(word, stem) for stem in stems) for word in words) for stems in names)


class _WordsOfFew:
    """The words in the names of a few things."""

    def __init__(self, stems: frozenset[str]) -> None:
        self._stems = stems

    def letters(self) -> Iterable[str]:
        return "".join(self._stems)

    def begun(self, beginnings: Collection[str]) -> Iterable[str]:
        ways = tuple(beginnings)
        return [stem for stem in self._stems if stem.startswith(ways)]

    def among(self, words: Collection[str]) -> Collection[str]:
        return self._stems.intersection(words)


class _WordsOfCompanies:
    """The words in the names of companies, looked up in a table that may be very large."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def letters(self) -> Iterable[str]:
        first = first_letters(self._store)
        others = [letter for letter in first if not letter.isascii()]
        words = words_begun(self._store, others, _MOST) if others else ()
        return {*first, *_OTHER_LATIN}.union(*words)

    def begun(self, beginnings: Collection[str]) -> Iterable[str]:
        return words_begun(self._store, beginnings, _MOST_CORRECTIONS)

    def among(self, words: Collection[str]) -> Collection[str]:
        return words_among(self._store, words)


def _corrections(words: Sequence[Word], known: _Known) -> Iterator[list[Word]]:
    """Yield the words with one typing error corrected, as far as that gives `known` words."""
    shortest = _SHORTEST_MISTYPED_OF_SEVERAL if len(words) > 1 else _SHORTEST_MISTYPED
    letters = _LETTERS.union(filter(str.isalnum, known.letters()))
    cuts = {word.spelled: range(1, len(word.spelled) - _SHORTEST_PART + 1) for word in words}
    cut_off = known.among({spelled[:cut] for spelled, at in cuts.items() for cut in at})
    for at, word in enumerate(words):
        before, after = list(words[:at]), list(words[at + 1 :])
        for stem in _stems_near(word, known, shortest, letters):
            yield [*before, Word(stem, stem), *after]
        for cut in cuts[word.spelled]:
            left, right = word.spelled[:cut], word.spelled[cut:]
            if left in cut_off:
                yield [*before, Word(left, left), *_as_words([right]), *after]
        if after:
            yield [*before, *_as_words([word.spelled + after[0].spelled]), *after[1:]]


def _stems_near(word: Word, known: _Known, shortest: int, letters: Collection[str]) -> list[str]:
    """Return the known words that are, or begin with, something one typing error away from a word.

    There are none for a word with fewer letters than `shortest`.
    """
    length = len(word.spelled)
    if not shortest <= length <= _LONGEST_MISTYPED:
        return []
    meant = slips(word.spelled, letters) | slips(word.stem, letters)
    beginnings = {each for each in meant if len(each) >= length - 1}
    found = {*known.begun(beginnings), *known.among(meant - beginnings)}
    return sorted(found)[:_MOST_CORRECTIONS]


def _as_words(spelled: Iterable[str]) -> Iterator[Word]:
    for each in spelled:
        [stem] = stems_of(each) or [each]
        yield Word(each, stem)
