"""Shared history: commands that two ledgers have in common, though with different digests.

A migration from version 1 gives every text a random key: if keys were derived from what stays in
the ledger, an erased text could be guessed by trying until its commitment fits. So ledgers that
were migrated one by one have different digests for the history that they share, and for everything
chained to it since.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.commitments import is_redacted, legible, reason_commitment
from kmtrack.ledger.entries import Chain, CommandHeader, Entry, Links, command_digest
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.redactions import may_be_of_one_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kmtrack.ledger.store.base import Store, StoredRow

_COMMANDS: Final = """
    SELECT number, token, coalesce(stated_at, recorded_at) AS recorded_at, recorded_by, name, reason,
           reason_secret, login, previous, follows, digest
    FROM command WHERE {wanted} ORDER BY number
"""
_THESE: Final = "token IN (SELECT value FROM json_each(:tokens))"
_ENTRIES: Final = """
    SELECT number, noun, record_id, action, facts, secret, digest FROM entry
    WHERE command = :command ORDER BY number
"""
_PUT_COMMAND: Final = """
    UPDATE command SET previous = :previous, follows = :follows, digest = :digest WHERE number = :number
"""
_ABOUT: Final = itemgetter("noun", "record_id", "action")
_PUT_ENTRY: Final = "UPDATE entry SET facts = :facts, digest = :digest WHERE number = :number"


class HistoriesDiffer(ValueError):
    """A command of one ledger states something else in the other."""


class _Stated(NamedTuple):
    """A command with its entries."""

    command: StoredRow
    entries: list[StoredRow]

    @property
    def header(self) -> CommandHeader:
        return CommandHeader(*(self.command[name] for name in CommandHeader._fields))


def adopt_digests(own: Store, copy: Store, tokens: Collection[str]) -> None:
    """Give the commands of these tokens in a copy of another ledger the digests that they have here.

    What is chained to them is chained again, with its keys unchanged, so that it can be merged.
    Raises HistoriesDiffer unless each of them states the same in both; a text erased in one may be
    any text that fits. The copy is good for nothing but the merge.
    """
    these = own.all(_COMMANDS.format(wanted=_THESE), tokens=json.dumps(sorted(tokens)))
    ours = {command["token"]: command for command in these}
    new: dict[str, str] = {}
    for command in copy.all(_COMMANDS.format(wanted="TRUE")):
        stated, known = _stated(copy, command), ours.get(command["token"])
        if known is None:
            _chain_again(copy, stated, new)
        else:
            _adopt(copy, stated, _stated(own, known), new)


def _stated(store: Store, command: StoredRow) -> _Stated:
    return _Stated(command, store.all(_ENTRIES, command=command["number"]))


def _adopt(copy: Store, theirs: _Stated, ours: _Stated, new: dict[str, str]) -> None:
    """Give a command and its entries our digests; `new` maps their former digests to these."""
    if not _are_alike(theirs, ours, new):
        raise HistoriesDiffer(theirs.command["token"])
    links = {name: ours.command[name] for name in ("previous", "follows", "digest")}
    copy.run(_PUT_COMMAND, number=theirs.command["number"], **links)
    _note(new, theirs.command["digest"], links["digest"])
    for entry, own in zip(theirs.entries, ours.entries, strict=True):
        copy.run(_PUT_ENTRY, number=entry["number"], facts=entry["facts"], digest=own["digest"])
        _note(new, entry["digest"], own["digest"])


def _are_alike(theirs: _Stated, ours: _Stated, new: Mapping[str, str]) -> bool:
    """Return whether a command states the same in both, apart from what was erased in one of them."""
    statements = [
        (stated.header, stated.command["login"], list(map(_ABOUT, stated.entries)))
        for stated in (theirs, ours)
    ]
    return (
        statements[0] == statements[1]
        and _fit(theirs.command["reason"], ours.command["reason"])
        and all(
            _facts_fit(_facts(entry, new), json.loads(own["facts"]))
            for entry, own in zip(theirs.entries, ours.entries, strict=True)
        )
    )


def _facts_fit(theirs: dict[str, Any], ours: dict[str, Any]) -> bool:
    if theirs.keys() != ours.keys():
        return False
    left, own_left = legible(theirs), legible(ours)
    return all(
        _fit(left[name], own_left[name])
        if is_redacted(theirs[name]) or is_redacted(ours[name])
        else theirs[name] == ours[name]
        for name in theirs
    )


def _fit(one: object, other: object) -> bool:
    """Return whether both can be what was left of one text."""
    if isinstance(one, str) and isinstance(other, str):
        return may_be_of_one_text(one, other)
    return one == other


def _chain_again(copy: Store, stated: _Stated, new: dict[str, str]) -> None:
    """Chain a command that is not here to its predecessors' new digests."""
    command = stated.command
    previous, follows = (new.get(command[name], command[name]) for name in ("previous", "follows"))
    digest = command["digest"]
    if digest is not None:
        commitment = reason_commitment(command["reason"], command["reason_secret"])
        digest = command_digest(
            stated.header, Links(previous, follows), commitment, command["login"]
        )
        _note(new, command["digest"], digest)
    copy.run(
        _PUT_COMMAND, number=command["number"], previous=previous, follows=follows, digest=digest
    )
    chain = Chain(stated.header, digest or previous)
    for row in stated.entries:
        facts = as_json(_facts(row, new))
        entry = Entry(row["noun"], row["record_id"], row["action"], facts, row["secret"])
        end = chain.add(entry)
        copy.run(_PUT_ENTRY, number=row["number"], facts=facts, digest=end)
        _note(new, row["digest"], end)


def _facts(entry: StoredRow, new: Mapping[str, str]) -> dict[str, Any]:
    """Return the facts of an entry; a redaction names its entry by the digest which that has now."""
    facts: dict[str, Any] = json.loads(entry["facts"])
    if entry["action"] == "redact" and "entry" in facts:
        facts["entry"] = new.get(facts["entry"], facts["entry"])
    return facts


def _note(new: dict[str, str], before: str | None, after: str | None) -> None:
    if before is not None and after is not None and before != after:
        new[before] = after
