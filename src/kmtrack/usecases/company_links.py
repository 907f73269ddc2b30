"""Company links: what was stated about separate companies while they were one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.queries.commands import additions_at
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.nouns import AT_COMPANIES
from kmtrack.ledger.stored_entries import entries_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.undo_snapshot import Snapshot

# A contact person is not an event at a company.
_HAPPENING: Final = tuple(noun for noun in AT_COMPANIES if noun != "person")


class JointStatement(NamedTuple):
    """A statement about companies as one: an edit of `company`, or a record (noun and id) at it."""

    command: int
    company: str
    record: tuple[str, str] | None = None


def parted_sides(before: Snapshot, after: Snapshot) -> list[tuple[str, list[str]]]:
    """Return the companies that separate: their former main record, and the records still on its side."""
    found: dict[str, list[str]] = {}
    for id_ in before.records.get("company", ()):
        group = before.together(id_)
        main = before.main_of.get(id_, id_)
        if main in found or len(group) == 1:
            continue
        remaining = {each for each in group if after.withdrawn.get(each) != UNDONE}
        side = after.together(main) & remaining
        if main in remaining and side != remaining:
            found[main] = sorted(side)
    return list(found.items())


def statements_as_one(
    store: Store, side: tuple[str, Sequence[str]], since: int
) -> Iterator[JointStatement]:
    """Yield what was stated since a command (number) on a main record that stood for several companies.

    Nobody knows which of them was meant.
    """
    main, own = side
    store.foresee(*(partial(additions_at, store, noun, main, since) for noun in _HAPPENING))
    for noun in _HAPPENING:
        for row in additions_at(store, noun, main, since):
            yield JointStatement(row["command"], main, (noun, row["record_id"]))
    for entry in entries_on(store, "company", own):
        if entry.command > since and entry.action in {"edit", "withdraw"}:
            yield JointStatement(entry.command, main)
