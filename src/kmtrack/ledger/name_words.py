"""Name words: the table that finds a company by words of its names, stored beside the rows."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.ids import batches
from kmtrack.ledger.schema.names import fits_all, stems_of, whole_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from kmtrack.ledger.rows import Columns
    from kmtrack.ledger.schema.names import Word
    from kmtrack.ledger.store.base import Store

_NAMES: Final = "SELECT id, name, other_names FROM company"
_WORDS: Final = "SELECT word, company_id FROM name_word"
# Companies are compared in so many groups, each by the sum of the hashes of its words.
_GROUPS: Final = 1 << 12
_AT_ONCE: Final = 5000


def names_of(row: Columns) -> list[str]:
    """Return the names of a company, from its row: its present name, and the others of its records."""
    return [row["name"], *json.loads(row["other_names"] or "[]")]


def has_words(row: Columns, words: Sequence[Word]) -> bool:
    """Return whether one of a company's names has all these words, or words that begin with them."""
    return any(fits_all(words, stems_of(name)) for name in names_of(row))


def insert_name_words(store: Store, rows: Iterable[Columns]) -> None:
    """Store the words of companies that are new to the table."""
    store.replace_name_words((), sorted(_words(rows)))


def replace_name_words(store: Store, before: Iterable[Columns], after: Iterable[Columns]) -> None:
    """Replace the stored words of companies whose rows were as `before`, if at all, and are now as `after`."""
    old, new = _words(before), _words(after)
    if old != new:
        store.replace_name_words(sorted(old - new), sorted(new - old))


def rewrite_name_words(store: Store) -> None:
    """Replace the whole table by the words of all companies."""
    store.run("DELETE FROM name_word")
    for rows in batches(store.each(_NAMES), _AT_ONCE):
        insert_name_words(store, rows)


def wrong_name_words(store: Store) -> Iterator[str]:
    """Yield the ids of companies whose stored words differ from those of their rows, in order.

    The words are stored by word, and sorting them by company would take as much memory as they do.
    So the words of all companies in a group are added up, in any order, and only groups with
    another sum are looked into.
    """
    due, stored = [0] * _GROUPS, [0] * _GROUPS
    for row in store.each(_NAMES):
        due[_group(row["id"])] += sum(map(hash, _words([row])))
    for word, id_ in store.each(_WORDS):
        stored[_group(id_)] += hash((word, id_)) if type(word) is type(id_) is str else 1
    wrong = {group for group in range(_GROUPS) if due[group] != stored[group]}
    if wrong:
        yield from _wrong_in(store, wrong)


def _wrong_in(store: Store, groups: Container[int]) -> Iterator[str]:
    """Yield the ids of the companies in these groups whose stored words differ from those of their rows."""
    left: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in store.each(_NAMES):
        if _group(row["id"]) in groups:
            left[row["id"]] = _words([row])
    for word, id_ in store.each(_WORDS):
        if _group(id_) in groups:
            left[id_] ^= {(word, id_)}
    yield from (id_ for id_ in sorted(left, key=str) if left[id_])


def _group(id_: str) -> int:
    return hash(id_) % _GROUPS


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
