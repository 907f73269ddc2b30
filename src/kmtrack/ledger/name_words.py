"""Name words: the table by which a company is found by words of its names, kept beside the rows."""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.names import fits_all, stems_of, whole_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kmtrack.ledger.rows import Columns
    from kmtrack.ledger.schema.names import Word
    from kmtrack.ledger.store.base import Store, StoredRow

_NAMES: Final = "SELECT id, name, other_names FROM company"
_NAMES_BY_ID: Final = f"{_NAMES} ORDER BY id"
_BY_COMPANY: Final = "SELECT company_id, word FROM name_word ORDER BY company_id"
_NONE: Final[tuple[str | None, Iterable[StoredRow]]] = (None, ())


def names_of(row: Columns) -> list[str]:
    """Return the names of a company by its row: the one that it has, and the others of its records."""
    return [row["name"], *json.loads(row["other_names"] or "[]")]


def has_words(row: Columns, words: Sequence[Word]) -> bool:
    """Tell whether one of the names of a company has all these words, or words that begin so."""
    return any(fits_all(words, stems_of(name)) for name in names_of(row))


def insert_name_words(store: Store, rows: Iterable[Columns]) -> None:
    """Store the words of companies that are new to the table."""
    store.replace_name_words((), sorted(_words(rows)))


def replace_name_words(store: Store, before: Iterable[Columns], after: Iterable[Columns]) -> None:
    """Store the words of companies whose rows are as `after`, and were as `before`, if they had any."""
    old, new = _words(before), _words(after)
    if old != new:
        store.replace_name_words(sorted(old - new), sorted(new - old))


def rewrite_name_words(store: Store) -> None:
    """Store the words of all companies, in place of what is there."""
    store.run("DELETE FROM name_word")
    insert_name_words(store, store.all(_NAMES))


def wrong_name_words(store: Store) -> Iterator[str]:
    """Yield the ids of companies whose stored words are not those of their rows, in order."""
    stored = groupby(store.each(_BY_COMPANY), itemgetter(0))
    id_, words = next(stored, _NONE)
    for row in store.each(_NAMES_BY_ID):
        while id_ is not None and id_ < row["id"]:
            yield id_
            id_, words = next(stored, _NONE)
        are_stored = {tuple(pair) for pair in words} if id_ == row["id"] else set()
        if are_stored != {(company_id, word) for word, company_id in _words([row])}:
            yield row["id"]
        if id_ == row["id"]:
            id_, words = next(stored, _NONE)
    while id_ is not None:
        yield id_
        id_, words = next(stored, _NONE)


def _words(rows: Iterable[Columns]) -> set[tuple[str, str]]:
    """Return the rows of the table for these companies."""
    found: set[tuple[str, str]] = set()
    for row in rows:
        id_ = row["id"]
        for name in names_of(row) if row["other_names"] else (row["name"],):
            stems = stems_of(name)
            if stems:
                found.update((stem, id_) for stem in stems)
                found.add((whole_name(stems), id_))
    return found
