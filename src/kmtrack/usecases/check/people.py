"""Whether every contact person has the name that was stated, as far as nobody was erased."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.erasure import erased_but_named
from kmtrack.usecases.check.issue import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store

_PERSONS: Final = """
    SELECT person.id, person.name, person.secret, entry.facts FROM person
    JOIN entry ON entry.noun = 'person' AND entry.record_id = person.id AND entry.action = 'add'
    WHERE coalesce(person.withdrawn, '') <> 'erased'
"""
_ERASED_BUT_NAMED: Final = """
    SELECT id FROM person
    WHERE withdrawn = 'erased' AND (name IS NOT NULL OR secret IS NOT NULL)
"""


def fits(name: object, secret: object, stated: object) -> bool:
    """Whether a name is the one that an entry holds the keyed commitment (hex) to."""
    if not (isinstance(name, str) and isinstance(secret, str) and isinstance(stated, str)):
        return False
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        return False
    return hmac.compare_digest(hmac.digest(key, name.encode(), "sha256").hex(), stated)


def persons_to_erase_again(store: Store) -> Iterator[Issue]:
    """Persons whom the ledger names though they were erased from it once."""
    for row in erased_but_named(store):
        yield Issue("erased_but_named", {"id": row["id"]}, (row["id"],))


def altered_persons(store: Store) -> Iterator[Issue]:
    """Persons whose name is not the one that was stated, or who have one though they are erased."""
    for row in store.each(_ERASED_BUT_NAMED):
        yield Issue("person_altered", {"id": row["id"]}, (row["id"],))
    for row in store.each(_PERSONS):
        stated = json.loads(row["facts"])["name"]
        stated = stated["erased"] if isinstance(stated, dict) else stated
        if not fits(row["name"], row["secret"], stated):
            yield Issue("person_altered", {"id": row["id"]}, (row["id"],))
