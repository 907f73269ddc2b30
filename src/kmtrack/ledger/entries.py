"""Entries: what was stated, in a form that never changes, with the digest that chains it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final, Literal, NamedTuple

Action = Literal["add", "edit", "withdraw"]
FIRST_DIGEST: Final = ""
_SEPARATOR: Final = "\x1f"  # cannot stand in any part: text is cleaned of control characters

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
    return _encode(value)


def digest_of(previous: str, heading: Heading, entry: Entry) -> str:
    """The digest of an entry over itself, its command and the entry before it."""
    text = _SEPARATOR.join((previous, *heading, *entry))
    return hashlib.sha256(text.encode()).hexdigest()
