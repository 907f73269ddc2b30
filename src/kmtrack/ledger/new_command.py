"""A new command: its place in the chain, and its row, which is stored with its first entry."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.clock import later_than
from kmtrack.ledger.commitments import reason_commitment
from kmtrack.ledger.entries import (
    FIRST_DIGEST,
    Chain,
    CommandHeader,
    Entry,
    Links,
    command_digest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.ledger.entries import Action
    from kmtrack.ledger.store.base import Store

_INSERT_COMMAND: Final = """
    INSERT INTO command (number, token, recorded_at, recorded_by, name, reason, previous, login,
                         reason_secret, digest, follows)
    VALUES (:number, :token, :recorded_at, :recorded_by, :name, :reason, :previous, :login,
            :reason_secret, :digest, :follows)
"""
_HIGHEST_AND_LATEST: Final = """
    SELECT (SELECT max(number) FROM command) AS number,
           (SELECT max(recorded_at) FROM command) AS recorded_at
"""
# Only this ledger lists what a merge brought: the chain of a person leaves that out.
_LINKS: Final = """
    SELECT (
        SELECT entry.digest FROM command JOIN entry ON entry.command = command.number
        WHERE command.recorded_by = :recorded_by AND entry.action <> 'arrive'
        ORDER BY command.number DESC, entry.number DESC LIMIT 1
    ) AS previous, (
        SELECT coalesce(
            (SELECT digest FROM entry WHERE entry.command = command.number
             ORDER BY entry.number DESC LIMIT 1),
            command.digest, command.token
        ) FROM command ORDER BY number DESC LIMIT 1
    ) AS follows
"""


def highest_and_latest(store: Store) -> tuple[int, str]:
    """Return the highest number and the latest moment (UTC) of any command; 0 and "" if there is none."""
    number, moment = store.get(_HIGHEST_AND_LATEST)
    return number or 0, moment or ""


def links_of_next(store: Store, recorded_by: str) -> Links:
    """Return the digests that a person's next command is chained to."""
    row = store.get(_LINKS, recorded_by=recorded_by)
    return Links(*(digest or FIRST_DIGEST for digest in row))


class TimeGiven(NamedTuple):
    """When a command is given: the time of the clock, and the latest moment before, "" for none (UTC)."""

    clock: str
    latest: str

    @property
    def recorded_at(self) -> str:
        """The moment at which it is recorded, later than those of all other commands.

        Entries are projected in the order of their moments, and this one may build on those before
        it, even if the clock was set back.
        """
        return later_than(self.latest, self.clock)


class NewCommand:
    """A command being given; it is chained to those before it once it has an entry.

    `numbers` yields the free numbers. `earlier` is a command given together with this one and
    stored before it.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it states, and what it follows
        self,
        store: Store,
        header: CommandHeader,
        reason: str | None,
        numbers: Iterator[int],
        given: TimeGiven,
        earlier: NewCommand | None = None,
    ) -> None:
        self.header = header
        self.given = given
        self.numbers = numbers
        self._store = store
        self._reason = reason
        self._earlier = earlier

    @cached_property
    def number(self) -> int:
        """The number of this command, which is stored when its number is first asked for."""
        number = next(self.numbers)
        self._store.run(
            _INSERT_COMMAND,
            number=number,
            **self.header._asdict(),
            **self._links._asdict(),
            reason=self._reason,
            reason_secret=self._reason_secret,
            login=self._store.login,
            digest=self._digest,
        )
        return number

    @property
    def is_stored(self) -> bool:
        """Whether it has a number, and so an entry."""
        return "number" in self.__dict__

    @cached_property
    def _links(self) -> Links:
        if end := self._earlier and self._earlier.end:
            return Links(end, end)
        return links_of_next(self._store, self.header.recorded_by)

    @property
    def end(self) -> str | None:
        """The digest that the next command is chained to; None if there is nothing new."""
        if self.is_stored:
            return self._chain.end
        return self._earlier.end if self._earlier else None

    @cached_property
    def _reason_secret(self) -> str | None:
        return None if self._reason is None else os.urandom(16).hex()

    @cached_property
    def _digest(self) -> str:
        """The digest of the command itself."""
        commitment = reason_commitment(self._reason, self._reason_secret)
        return command_digest(self.header, self._links, commitment, self._store.login)

    @cached_property
    def _chain(self) -> Chain:
        return Chain(self.header, self._digest)

    def entry(
        self, noun: str, record_id: str, action: Action, facts: Mapping[str, Any]
    ) -> tuple[object, ...]:
        """Return the row of the next entry of the command."""
        entry, covered = Entry.new(noun, record_id, action, facts)
        digest = self._chain.add(entry, covered)
        return (self.number, *entry, digest)

    def statement(self, action: Action) -> dict[str, Any]:
        """Return when, by whom and why this command makes an entry on a record."""
        return {
            "recorded_at": self.header.recorded_at,
            "recorded_by": self.header.recorded_by,
            "command": self.header.name,
            "action": action,
            "reason": self._reason,
        }

    def date(self, moment: str) -> None:
        """Give the command another moment (UTC), before it has any entry."""
        self.header = self.header._replace(recorded_at=moment)

    def before(self, name: str) -> NewCommand:
        """Return a command that is given together with this one but stored before it; this one moves on a moment."""
        header = self.header
        self.date(later_than(header.recorded_at, ""))
        earlier = header._replace(token=os.urandom(16).hex(), name=name)
        self._earlier = NewCommand(
            self._store, earlier, None, self.numbers, self.given, self._earlier
        )
        return self._earlier
