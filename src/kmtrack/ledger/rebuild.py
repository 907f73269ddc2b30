"""Rebuilding: every row and every verdict made anew from the entries."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.projected_rows import ExpectedRows
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.store.sqlite_file import scratch_like
from kmtrack.ledger.verdicts import rejudge_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_CHUNK: Final = 5000


@contextmanager
def as_known_at(store: Store, known_at: str) -> Iterator[Store]:
    """A ledger in memory as this one was at a moment (UTC). Raises Refusal `not_yet_made`."""
    first = store.get("SELECT min(recorded_at) FROM command WHERE arrived_at IS NULL")[0]
    if known_at < first:
        raise Refusal("not_yet_made", moment=here(first))
    with scratch_like(store) as scratch:
        rebuild(store, scratch, known_at)
        yield scratch


def rebuild(
    source: Store,
    target: Store,
    known_at: str | None = None,
    names: Callable[[Row], Row] = lambda person: person,
) -> None:
    """Fill the empty tables of `target` with what the entries of `source` add up to, and judge it.

    With `known_at` (UTC) as it was known at that moment. `names` gives the rows of persons what no
    entry holds. Foreign keys must not be enforced meanwhile.
    """
    expected = ExpectedRows(source, known_at)
    for noun in NOUNS.values():
        rows: Iterator[Row] = expected.of(noun.name)
        if noun.name == "person":
            rows = map(names, rows)
        while chunk := list(islice(rows, _CHUNK)):
            target.run_many(noun.insert, chunk)
    rejudge_all(target, contract_in_force(target))
