"""Bulk: new records that state the same facts, made into rows and entries column by column."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.entries import Spelled, as_json
from kmtrack.ledger.nouns import NOUNS
from kmtrack.ledger.sealing import commitment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Column = Sequence[Any]

_SECRET: Final = 16  # bytes, of two digits each


class Stated(NamedTuple):
    """What the entries of several records hold, as `Entry.stating` makes it for one."""

    facts: list[str]
    secrets: Sequence[str | None]
    covered: list[str]


class Bulk:
    """Makes columns of facts, each with a value for every record, into rows and entries of a noun.

    None is not stated.
    """

    def __init__(self, noun: str) -> None:
        self._noun = NOUNS[noun]
        self._spelled: dict[str, Spelled] = {}

    def stated(self, columns: Mapping[str, Column]) -> Stated:
        """What their entries hold, and what of it the digests are over."""
        spelled = {name: self._spell(name, column) for name, column in columns.items()}
        facts = _in_braces(spelled)
        texts = {n: column for n, column in columns.items() if n in self._noun.texts}
        secrets = _secrets([any(row) for row in zip(*texts.values(), strict=True)])
        if not any(secrets):
            return Stated(facts, [None] * len(facts), facts)
        spelled |= {name: _sealed(name, column, secrets) for name, column in texts.items()}
        return Stated(facts, secrets, _in_braces(spelled))

    def _spell(self, name: str, column: Column) -> list[str]:
        if name not in self._spelled:
            self._spelled[name] = Spelled(name)
        return list(map(self._spelled[name].__getitem__, column))


def _in_braces(spelled: Mapping[str, Column]) -> list[str]:
    return [f"{{{facts[1:]}}}" for facts in map("".join, zip(*spelled.values(), strict=True))]


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
