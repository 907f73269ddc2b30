"""Entries: what was stated, in a form that never changes, with the digest that chains it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple

from pydantic_core import to_json

Action = Literal["add", "edit", "withdraw"]
FIRST_DIGEST: Final = ""
_SEPARATOR: Final = "\x1f"  # cannot stand in any part: text is cleaned of control characters


class Entry(NamedTuple):
    """One statement: an action upon one record, with its facts as JSON."""

    noun: str
    record_id: str
    action: Action
    facts: str


class Heading(NamedTuple):
    """What all entries of one command share; `recorded_at` is UTC, `token` names the command."""

    token: str
    recorded_at: str
    recorded_by: str
    name: str


def as_json(value: Any) -> str:
    """A value as the JSON text that the ledger keeps."""
    return to_json(value).decode()


class Chain:
    """The entries of one command on their way into the ledger, each with its digest."""

    def __init__(self, heading: Heading, previous: str) -> None:
        self._heading = _SEPARATOR.join(heading)
        self._digest = previous

    def add(self, entry: Entry) -> str:
        """The digest of an entry over itself, its command and the entry before it."""
        text = _SEPARATOR.join((self._digest, self._heading, *entry))
        self._digest = sha256(text.encode()).hexdigest()
        return self._digest
