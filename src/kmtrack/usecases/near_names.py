"""Near names: companies and other things whose names are nearly what was typed.

A typed word may be inside a word of the name, or one typing error away from a word or its beginning: one
letter too many, missing, wrong or exchanged with the next, or a space too many or missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from kmtrack.ledger.name_words import has_words, names_of
from kmtrack.ledger.queries.company_names import (
    companies_with_parts,
    companies_with_words,
    words_of_names,
)
from kmtrack.ledger.schema.names import Word, stems_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_T = TypeVar("_T")
_MOST: Final = 200
_SHORTEST_PART: Final = 3
# In a shorter word one letter is too much of it, unless another word tells what is meant.
_SHORTEST_MISTYPED: Final = 4
_SHORTEST_MISTYPED_OF_SEVERAL: Final = 3
_LONGEST_MISTYPED: Final = 40
# More words are a text and no name, and each would be compared with every word that is known.
_MOST_WORDS: Final = 8
_MOST_CORRECTIONS: Final = 50


def companies_near(store: Store, words: Sequence[Word]) -> list[Row]:
    """Return the live companies whose names are nearly these words, or [] if none is."""
    if len(words) > _MOST_WORDS:
        return []
    return _with_parts(store, words) or _mistyped(store, words)


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
    known = frozenset(stem for _, names in named for stems in names for stem in stems)
    corrections = list(_corrections(words, known))
    return [
        each for each, names in named if any(_has(names, typed, Word.fits) for typed in corrections)
    ]


def _is_part(word: Word, stem: str) -> bool:
    return word.fits(stem) or (len(word.stem) >= _SHORTEST_PART and word.stem in stem)


def _with_parts(store: Store, words: Sequence[Word]) -> list[Row]:
    """Return the companies in whose words all these are, at any place."""
    rows = companies_with_parts(store, [word.stem for word in words], _MOST)
    return [row for row in rows if _has(map(stems_of, names_of(row)), words, _is_part)]


def _mistyped(store: Store, words: Sequence[Word]) -> list[Row]:
    """Return the companies of whose words one is mistyped."""
    found: dict[str, Row] = {}
    for corrected in _corrections(words, frozenset(words_of_names(store))):
        rows = companies_with_words(store, corrected, _MOST)
        found.update((row["id"], row) for row in rows if has_words(row, corrected))
    return list(found.values())


def _has(
    names: Iterable[Sequence[str]], words: Sequence[Word], fits: Callable[[Word, str], bool]
) -> bool:
    """Tell whether one of several names (as stems) has all these words."""
    return any(all(any(fits(word, stem) for stem in stems) for word in words) for stems in names)


def _corrections(words: Sequence[Word], known: frozenset[str]) -> Iterator[list[Word]]:
    """Yield the words with one typing error less, as far as `known` words come of it."""
    shortest = _SHORTEST_MISTYPED_OF_SEVERAL if len(words) > 1 else _SHORTEST_MISTYPED
    for at, word in enumerate(words):
        before, after = list(words[:at]), list(words[at + 1 :])
        for stem in _stems_near(word, known, shortest):
            yield [*before, Word(stem, stem), *after]
        for cut in range(1, len(word.spelled)):
            left, right = word.spelled[:cut], word.spelled[cut:]
            if left in known and len(right) >= _SHORTEST_PART:
                yield [*before, Word(left, left), *_as_words([right]), *after]
        if after:
            yield [*before, *_as_words([word.spelled + after[0].spelled]), *after[1:]]


def _stems_near(word: Word, known: Iterable[str], shortest: int) -> list[str]:
    """Return known words from which, or from whose beginnings, a word is one typing error away.

    There are none for a word with fewer letters than `shortest`.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    length = len(word.spelled)
    if not shortest <= length <= _LONGEST_MISTYPED:
        return []
    beginnings: dict[str, list[str]] = {}
    for stem in known:
        for end in {min(len(stem), length + more) for more in (-1, 0, 1)}:
            beginnings.setdefault(stem[:end], []).append(stem)
    found = {
        stem
        for typed in {word.spelled, word.stem}
        for beginning, _, _ in extract(
            typed, list(beginnings), scorer=OSA.distance, score_cutoff=1, limit=None
        )
        for stem in beginnings[beginning]
    }
    return sorted(found)[:_MOST_CORRECTIONS]


def _as_words(spelled: Iterable[str]) -> Iterator[Word]:
    for each in spelled:
        [stem] = stems_of(each) or [each]
        yield Word(each, stem)
