"""Bulk: new records that state the same facts, stored column by column."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.commitments import commitment
from kmtrack.ledger.entries import INSERT_ENTRY, as_json
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.spelling import in_braces

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kmtrack.ledger.entries import Chain
    from kmtrack.ledger.spelling import Column, Spelling
    from kmtrack.ledger.store.base import Store

_SECRET: Final = 16  # bytes, of two digits each


class Stated(NamedTuple):
    """What the entries of several records hold, as `Entry.stating` makes it for one."""

    facts: list[str]
    secrets: Sequence[str | None]
    covered: list[str]


class Bulk:
    """Stores new records of one command: of each noun columns of facts, with a value for every record.

    None is not stated.
    """

    def __init__(
        self, store: Store, chain: Chain, command: int, recorded_at: str, spelling: Spelling
    ) -> None:
        self._store = store
        self._chain = chain
        self._command = command
        self._recorded_at = recorded_at
        self._spelling = spelling

    def add(self, noun: str, ids: Sequence[str], columns: Mapping[str, Column]) -> None:
        """Store records with their entries."""
        number = len(ids)
        rows = {"id": ids, "recorded_at": [self._recorded_at] * number, **columns}
        stated = self._stated(NOUNS[noun].texts, columns)
        digests = self._chain.add_all(noun, ids, stated.covered)
        command, named, action = ([each] * number for each in (self._command, noun, "add"))
        entries = zip(command, named, ids, action, *stated[:2], digests, strict=True)
        self._store.insert_rows(
            (NOUNS[noun].inserting(rows), zip(*rows.values(), strict=True)),
            (INSERT_ENTRY, entries),
        )

    def _stated(self, names: Collection[str], columns: Mapping[str, Column]) -> Stated:
        """What entries hold, and what of it the digests are over; texts have these `names`."""
        spelled = self._spelling.spell(columns)
        facts = in_braces(spelled)
        texts = {name: column for name, column in columns.items() if name in names}
        secrets = _secrets([any(row) for row in zip(*texts.values(), strict=True)])
        if not any(secrets):
            return Stated(facts, [None] * len(facts), facts)
        spelled |= {name: _sealed(name, column, secrets) for name, column in texts.items()}
        return Stated(facts, secrets, in_braces(spelled))


def _secrets(are_needed: Sequence[bool]) -> list[str | None]:
    """A secret for each record that states a text."""
    width = 2 * _SECRET
    digits = os.urandom(_SECRET * len(are_needed)).hex()
    return [
        digits[at * width : (at + 1) * width] if is_needed else None
        for at, is_needed in enumerate(are_needed)
    ]


def _sealed(name: str, texts: Column, secrets: Sequence[str | None]) -> list[str]:
    """How commitments to texts are spelled in their places."""
    before = f',{as_json(name)}:"'
    return [
        f'{before}{commitment(secret, name, text)}"' if text and secret else ""
        for secret, text in zip(secrets, texts, strict=True)
    ]
