"""Queries about takeovers of companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.nouns import EVENTS

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow

_BY_ID: Final = "SELECT * FROM succession WHERE id = :id"
_EVENTS_FROM: Final = " UNION ALL ".join(
    f"""
    SELECT '{noun}' AS noun, id, {"date" if noun == "contact" else "agreed"} AS day FROM {noun}
    WHERE company_id = :company AND withdrawn IS NULL
      AND {"date" if noun == "contact" else "agreed"} >= :since
    """  # noqa: S608 - names of ours
    for noun in EVENTS
)


def succession_by_id(store: Store, succession_id: str) -> Row:
    """Return the row of a succession that is known to exist. Raise LookupError otherwise."""
    return dict(store.get(_BY_ID, id=succession_id))


def events_from(store: Store, company_id: str, since: date) -> list[StoredRow]:
    """Return noun, id and day of the events at a company on a day or later, by their days."""
    return store.all(
        f"SELECT noun, id, day FROM ({_EVENTS_FROM}) AS event ORDER BY day, id",  # noqa: S608 - ours
        company=company_id,
        since=since.isoformat(),
    )
