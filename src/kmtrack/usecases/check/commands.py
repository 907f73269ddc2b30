"""The integrity of commands: their reasons, order and moments of arrival, as their digests cover them.

Commands of older versions have no digest of their own: the chain covers their entries only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kmtrack.errors import Phrase
from kmtrack.ledger.commitments import is_commitment, is_key, legible, reason_commitment
from kmtrack.ledger.entries import FIRST_DIGEST, Links, arrival_facts, command_digest
from kmtrack.ledger.queries.integrity import arrival_entries, chained_commands, redaction_entries
from kmtrack.ledger.schema.nouns import COMMAND
from kmtrack.ledger.written_names import MARK
from kmtrack.usecases.check.issues import UNREADABLE, Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kmtrack.ledger.queries.integrity import ChainedCommand
    from kmtrack.ledger.store.base import Store


def altered_commands(store: Store, *, is_whole: bool = True) -> Iterator[Issue]:
    """Find commands that do not match their digest, and those added, removed or renumbered.

    Pass `is_whole=False` for a bundle, which has only some of the commands.
    """
    left = _reasons_left(store)
    order = _Order(arrival_entries(store)) if is_whole else None
    for command in chained_commands(store):
        if not _matches_digest(command, left.get(command.header.token, ())):
            yield _issue("command_altered", command)
        if order is not None:
            yield from order.issues(command)
    if order is not None:
        yield from order.issues_at_the_end()


def _reasons_left(store: Store) -> Mapping[str, set[str]]:
    """Return what redactions left of the reasons of commands, by the commands' tokens."""
    left: dict[str, set[str]] = defaultdict(set)
    for row in redaction_entries(store):
        if row["noun"] == COMMAND:
            with suppress(*UNREADABLE):  # reported as an altered entry
                left[row["record_id"]].add(legible(json.loads(row["facts"]))["left"])
    return left


def _matches_digest(command: ChainedCommand, left: Sequence[str] | set[str]) -> bool:
    """Return whether a command matches its digest; `left` is what redactions left of its reason."""
    reason, secret = command.reason, command.reason_secret
    if not _is_as_written(command):
        return False
    if command.digest is None or command.follows is None:
        parts = (command.digest, command.follows, secret)
        return parts == (None, None, None) and command.login is None
    if (reason is None) != (secret is None):
        return False
    is_redacted = secret is not None and is_commitment(secret)
    if is_redacted and (reason not in left or MARK not in str(reason)):
        return False
    try:
        commitment = reason_commitment(reason, secret)
        links = Links(command.previous, command.follows)
        due = command_digest(command.header, links, commitment, command.login)
    except UNREADABLE:
        return False
    return due == command.digest


def _is_as_written(command: ChainedCommand) -> bool:
    """Return whether a command has the form that kmtrack writes, as far as its digest would not tell."""
    is_stated_twice = command.stated_at == command.recorded_at
    has_key = command.reason_secret is None or is_key(command.reason_secret)
    return has_key and not is_stated_twice and command.login != ""


class _Order:
    """Follows the order of all commands of a ledger, from the first one that covers it.

    From there on numbers have no gap, and each command that was made here follows the one before
    it; commands that a merge brought come right before the merge, as its entry says.
    """

    def __init__(self, arrivals: Mapping[int, Mapping[str, Any]]) -> None:
        self._arrivals = arrivals
        self._is_covered = False
        self._number = 0
        self._link = FIRST_DIGEST
        # Commands that came from elsewhere since the last one that was made here.
        self._arrived: list[ChainedCommand] = []
        self._arrived_before = 0  # how many of these an older version may have brought

    def issues(self, command: ChainedCommand) -> Iterator[Issue]:
        """Find what is wrong with the place of the next command."""
        is_of_here = command.arrived_at is None
        covers = is_of_here and command.digest is not None
        is_next = not (covers or self._is_covered) or command.number == self._number + 1
        if covers and command.follows != self._link:
            is_next = False
        if not is_next:
            yield _issue("command_order", command)
        if (self._is_covered and is_of_here and not covers) or (
            command.digest is not None and command.last is None
        ):
            yield _issue("command_added", command)
        if not is_of_here:
            self._arrived.append(command)
            self._arrived_before += command.digest is None and not self._is_covered
        elif covers and not self._brought_all(command):
            yield _issue("arrival_altered", command)
        if is_of_here:
            self._arrived.clear()
            self._arrived_before = 0
        self._is_covered |= covers
        self._number, self._link = command.number, command.link

    def issues_at_the_end(self) -> Iterator[Issue]:
        """Find commands that arrived without a merge."""
        for command in self._arrived[self._arrived_before :]:
            yield _issue("command_added", command)

    def _brought_all(self, merge: ChainedCommand) -> bool:
        """Return whether the commands that arrived are those that this one brought, with its moment."""
        arrival = self._arrivals.get(merge.number)
        if arrival is None:
            return len(self._arrived) == self._arrived_before
        before = max(0, len(self._arrived) - int(arrival["commands"]))
        brought = self._arrived[before:]
        moments = {merge.recorded_at, merge.header.recorded_at}
        return (
            before <= self._arrived_before
            and arrival_facts([each.header.token for each in brought]) == arrival
            and all(each.arrived_at in moments for each in brought)
        )


def _issue(kind: str, command: ChainedCommand) -> Issue:
    header, login = command.header, command.login
    who = Phrase("check.by", by=header.recorded_by)
    if login is not None:
        who = Phrase("check.by_login", by=header.recorded_by, login=login)
    return Issue(
        kind,
        {
            "number": command.number,
            "name": header.name,
            "by": header.recorded_by,
            "login": login,
            "who": who,
            "at": command.recorded_at,
        },
    )
