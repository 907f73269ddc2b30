"""Entries: immutable facts of commands, each chained to the one before it."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kmtrack.ledger.commitments import with_commitments
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.schema.nouns import COMMAND, text_columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# An edit holds what changed, a join the other record of the same company; an erasure removes a person, a
# redaction holds what is left of a text. "void" is an undo: its record is a command, named by its token.
# "arrive" tells which commands a merge brought; its record is the merge itself.
# "undo" is one of the first versions: it holds the columns of a row as they were.
Action = Literal[
    "add", "edit", "withdraw", "undo", "join", "erase", "redact", "void", "arrive", "correct-time"
]
ARRIVE: Final = "arrive"
FIRST_DIGEST: Final = ""
_SEPARATOR: Final = "\x1f"  # occurs in no part: control characters are removed from texts


class Entry(NamedTuple):
    """An action on one record, with its facts as JSON.

    `secret` (hex) keys the commitments to the texts among the facts; None if there are none.
    """

    noun: str
    record_id: str
    action: Action
    facts: str
    secret: str | None = None

    @classmethod
    def new(
        cls, noun: str, record_id: str, action: Action, facts: Mapping[str, Any]
    ) -> tuple[Entry, str]:
        """Make an entry; return it with the text that its digest covers."""
        text, texts = as_json(facts), text_columns_of(noun)
        if texts.isdisjoint(facts):
            return cls(noun, record_id, action, text), text
        secret = os.urandom(16).hex()
        covered = as_json(with_commitments(facts, texts, secret))
        return cls(noun, record_id, action, text, secret), covered

    def covered(self, facts: Mapping[str, Any] | None = None) -> str:
        """Return the text that the digest of a stored entry covers: its facts, with commitments to its texts.

        `facts` are its parsed JSON, if the caller has them already.
        """
        texts = text_columns_of(self.noun)
        facts = json.loads(self.facts) if facts is None else facts
        return (
            self.facts
            if texts.isdisjoint(facts)
            else as_json(with_commitments(facts, texts, self.secret))
        )


class CommandHeader(NamedTuple):
    """What all entries of one command share; `recorded_at` is UTC, `token` names the command."""

    token: str
    recorded_at: str
    recorded_by: str
    name: str


class Links(NamedTuple):
    """The last digests that a command is chained to.

    `previous` is that of the same person's last command, `follows` that of the last command of
    anybody in the ledger where it is made.
    """

    previous: str
    follows: str


def command_digest(
    header: CommandHeader, links: Links, commitment: str | None, login: str | None
) -> str:
    """Return the digest of a command itself, which the digest of its first entry continues.

    `commitment` is that to its reason, `login` the user logged in to a server.
    """
    text = _SEPARATOR.join((COMMAND, *links, *header, commitment or "", login or ""))
    return sha256(text.encode()).hexdigest()


def arrival_facts(tokens: Sequence[str]) -> dict[str, Any]:
    """Return the facts of the entry that lists the commands a merge brought, in their order here."""
    return {"commands": len(tokens), "digest": sha256("\n".join(tokens).encode()).hexdigest()}


class Chain:
    """Computes the digests of the entries of one command."""

    def __init__(self, header: CommandHeader, previous: str) -> None:
        self._header = _SEPARATOR.join(header)
        self._digest = previous

    def add(self, entry: Entry, covered: str | None = None) -> str:
        """Return the digest of an entry, over itself, its command and the entry before it.

        `covered` is the text that the digest covers, if the caller has it already.
        """
        facts = entry.covered() if covered is None else covered
        text = _SEPARATOR.join((self._digest, self._header, *entry[:3], facts))
        self._digest = sha256(text.encode()).hexdigest()
        return self._digest

    @property
    def end(self) -> str:
        """The digest of the last entry."""
        return self._digest
