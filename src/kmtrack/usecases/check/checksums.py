"""The heads of the chains: the last entry of each person, by which anybody can tell what was removed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kmtrack.errors import WrongUsage
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.usecases.check.issue import Issue
from kmtrack.views.xlsx.content import Head

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.ledger.store.base import Store

_HEADS: Final = """
    SELECT command.recorded_by, count(*) AS entries, max(command.recorded_at) AS recorded_at,
           max(entry.number) AS last
    FROM entry JOIN command ON command.number = entry.command
    GROUP BY command.recorded_by ORDER BY command.recorded_by
"""
_DIGEST: Final = "SELECT digest FROM entry WHERE number = :number"
_ALL: Final = "SELECT digest FROM entry"
_SHOWN: Final = re.compile("[0-9a-f]{16,64}")


def heads_of(store: Store) -> list[Head]:
    """The head of everybody who recorded something."""
    return [
        Head(
            row["recorded_by"],
            row["entries"],
            row["recorded_at"],
            store.get(_DIGEST, number=row["last"])["digest"],
        )
        for row in store.all(_HEADS)
    ]


def missing_heads(store: Store, digests: Sequence[str]) -> Iterator[Issue]:
    """The heads, as `heads_typed` gives them, that no entry of the ledger has."""
    known = {row["digest"] for row in store.each(_ALL)} if digests else set()
    for digest in digests:
        if not any(each.startswith(digest) for each in known):
            yield Issue("head_missing", {"digest": digest})


def heads_typed(texts: Sequence[str]) -> list[str]:
    """The heads that are typed, as a workbook prints them. Raises WrongUsage `bad_head`."""
    heads = [text.strip().lower() for text in texts]
    for text, head in zip(texts, heads, strict=True):
        if not _SHOWN.fullmatch(head):
            raise WrongUsage("bad_head", value=shown(text))
    return heads
