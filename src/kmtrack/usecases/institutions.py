"""Institutions: suggest the spelling that was used before."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Phrase
from kmtrack.ledger.queries.institutions import institutions_used
from kmtrack.ledger.schema.names import name_key
from kmtrack.usecases.doubts import YES, Choice, Doubt

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kmtrack.ledger.store.base import Store

# From this ratio on two words of a name are one, misspelled or in the other language.
_ALIKE: Final = 0.8
_SHORTEST: Final = 4  # of a word that may be misspelled
# Words in every second name do not distinguish institutions.
_SMALL_WORDS: Final = frozenset({"og", "and", "of", "i", "the", "for", "ved", "at"})
_OFFERED: Final = 5
# In alphabetical order, so many names are compared with each.
_NEAR: Final = 50


class Spellings:
    """The spellings of institutions in live records, and those that a file adds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settled: dict[str, tuple[str, str | None]] = {}

    @cached_property
    def _used(self) -> Counter[str]:
        return institutions_used(self._store)

    def of(
        self, institution: str, settle: Callable[[Doubt], str | None], own: str | None = None
    ) -> tuple[str, str | None]:
        """Return an institution in the spelling to store, and a similar one if the user did not choose it.

        `own` is what the record itself names so far. Raises the Doubt `institution_spelling` if
        `settle` does: another spelling was used before.
        """
        if institution not in self._settled:
            self._settled[institution] = self._settle(institution, settle, own)
            self._used[self._settled[institution][0]] += 1
        return self._settled[institution]

    def _settle(
        self, institution: str, settle: Callable[[Doubt], str | None], own: str | None
    ) -> tuple[str, str | None]:
        others = [name for name, number in self._used.items() if number > (name == own)]
        if institution in others:
            return institution, None
        alike = list(islice((one for one in others if is_alike(institution, one)), _OFFERED))
        if not alike:
            return institution, None
        typed = Choice(institution, Phrase("choice.institution.as_typed", value=institution))
        doubt = Doubt(
            "institution_spelling",
            institution,
            choices=(*(Choice(one, one) for one in alike), typed),
            is_only_reported=True,
            value=institution,
            other=alike[0],
        )
        answer = settle(doubt)
        if answer is None or answer == YES:
            return institution, alike[0]
        return answer, None


def alike_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of institutions that look alike, each pair once."""
    in_order = sorted(names, key=name_key)
    for at, one in enumerate(in_order):
        for other in in_order[at + 1 : at + 1 + _NEAR]:
            if is_alike(one, other):
                yield one, other


def is_alike(one: str, other: str) -> bool:
    """Return whether two names may mean the same institution.

    They may if the words of one are among those of the other, if a word abbreviates several (UC for
    University College), or if the words are nearly the same.
    """
    words, others = _words(one), _words(other)
    if not words or not others:
        return False
    if words == others or set(words) <= set(others) or set(others) <= set(words):
        return True
    return _stands_for(words, others) or _stands_for(others, words) or _is_misspelled(words, others)


def _words(name: str) -> list[str]:
    words = name_key(name).split()
    return [word for word in words if word not in _SMALL_WORDS] or words


def _stands_for(short: Sequence[str], long: Sequence[str]) -> bool:
    """Return whether words equal others in order, some of them by the initials of several."""
    if not short or not long:
        return not short and not long
    word = short[0]
    if word == long[0] and _stands_for(short[1:], long[1:]):
        return True
    size = len(word)
    initials = "".join(each[0] for each in long[:size])
    return size > 1 and word == initials and _stands_for(short[1:], long[size:])


def _is_misspelled(words: Sequence[str], others: Sequence[str]) -> bool:
    return len(words) == len(others) and all(map(_is_same_word, words, others))


def _is_same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORTEST:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
