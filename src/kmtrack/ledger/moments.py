"""Moments: when each command was given, as its clock stated or as its author put it right since.

A correction is an entry on noun `command`: its record is the token of the command that it corrects,
its facts the moment, and how many corrections of that command it takes the place of. Which one is in
force depends on the set of entries only, so corrections may be merged in any order. What is in force
is kept in `command.recorded_at`, where every query reads it, and what the clock stated beside it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import later_than
from kmtrack.ledger.voids import Voids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork

CORRECTING: Final = "history correct-time"  # the command
CORRECT_TIME: Final = "correct-time"
_COMMANDS: Final = """
    SELECT number, token, recorded_by, recorded_at, coalesce(stated_at, recorded_at) AS stated_at
    FROM command WHERE token IN (SELECT value FROM json_each(:tokens)) ORDER BY number
"""
_CORRECTIONS: Final = """
    SELECT entry.record_id AS token, entry.facts, command.number, command.token AS correcting,
           command.recorded_by
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = 'command' AND entry.action = 'correct-time'
    AND entry.record_id IN (SELECT value FROM json_each(:tokens))
"""
_ALL_CORRECTIONS: Final = """
    SELECT entry.record_id AS token, entry.facts, command.number, command.token AS correcting
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = 'command' AND entry.action = 'correct-time'
"""
_CORRECTED_BY: Final = """
    SELECT DISTINCT record_id FROM entry
    WHERE noun = 'command' AND action = 'correct-time'
    AND command IN (SELECT value FROM json_each(:numbers))
"""
_ALL_CORRECTED: Final = """
    SELECT record_id FROM entry WHERE noun = 'command' AND action = 'correct-time'
    UNION SELECT token FROM command WHERE stated_at IS NOT NULL
"""
_LAST_OF_OTHERS: Final = """
    SELECT max(recorded_at) FROM command
    WHERE token NOT IN (SELECT value FROM json_each(:tokens))
"""


class Retimed(NamedTuple):
    """A command (number) whose moment changed, with the old and the new moment (UTC)."""

    number: int
    before: str
    after: str


class _Correction(NamedTuple):
    """A correction, as the sort key that decides which one is in force; the moment comes last."""

    times: int
    correcting: str
    moment: str


def moments_in_force(
    store: Store, tokens: Iterable[str], turned: Collection[int] = ()
) -> dict[str, tuple[str, str]]:
    """Return, for those of these commands that are here, the moment in force and the one stated.

    Only the author of a command may correct its moment; other corrections have no effect. `turned`
    are corrections (numbers) to be taken as void if they are not, and the other way round.
    """
    named = json.dumps(sorted(set(tokens)))
    commands = store.all(_COMMANDS, tokens=named)
    rows = store.all(_CORRECTIONS, tokens=named) if commands else []
    void = Voids(store).among({row["number"] for row in rows}) if rows else set()
    void ^= {row["number"] for row in rows}.intersection(turned)
    found: dict[tuple[str, str], list[_Correction]] = defaultdict(list)
    for row in rows:
        if row["number"] not in void:
            facts = json.loads(row["facts"])
            correction = _Correction(facts["times"], row["correcting"], facts["moment"])
            found[row["token"], row["recorded_by"]].append(correction)
    due = {}
    for command in commands:
        corrections = found.get((command["token"], command["recorded_by"]))
        stated = command["stated_at"]
        due[command["token"]] = (max(corrections).moment if corrections else stated, stated)
    return due


def retime(store: Store, tokens: Iterable[str]) -> list[Retimed]:
    """Give those of these commands that are here the moments in force; return those that change.

    What a merge brought arrived at the moment of the merge.
    """
    wanted = set(tokens)
    if not wanted:
        return []
    due = moments_in_force(store, wanted)
    changed = []
    for command in store.all(_COMMANDS, tokens=json.dumps(sorted(due))):
        moment, stated = due[command["token"]]
        if moment != command["recorded_at"]:
            changed.append((Retimed(command["number"], command["recorded_at"], moment), stated))
    stored = [
        (each.number, each.after, stated if stated != each.after else None)
        for each, stated in changed
    ]
    if changed and changed[0][0].after > changed[0][0].before:
        stored.reverse()  # so that none gets the moment that the next one still has
    store.put_moments(stored)
    return [each for each, _ in changed]


def corrected_by(store: Store, numbers: Iterable[int]) -> set[str]:
    """Return the tokens of the commands that these commands (numbers) correct."""
    rows = store.all(_CORRECTED_BY, numbers=json.dumps(sorted(numbers)))
    return {row["record_id"] for row in rows}


def corrections_in(source: Store) -> dict[str, str]:
    """Return the moments (UTC) that the corrections of another ledger give to commands, by token."""
    rows = source.all(_ALL_CORRECTIONS)
    void = Voids(source).among({row["number"] for row in rows}) if rows else set()
    found: dict[str, _Correction] = {}
    for row in rows:
        if row["number"] not in void:
            facts = json.loads(row["facts"])
            one = _Correction(facts["times"], row["correcting"], facts["moment"])
            found[row["token"]] = max(one, found.get(row["token"], one))
    return {token: each.moment for token, each in found.items()}


def times_corrected(store: Store, token: str) -> int:
    """Return how many corrections of this command a new one supersedes, itself included."""
    rows = store.all(_CORRECTIONS, tokens=json.dumps([token]))
    return 1 + max((json.loads(row["facts"])["times"] for row in rows), default=0)


def last_of_others(store: Store, tokens: Iterable[str]) -> str:
    """Return the latest moment (UTC) of all commands except these; "" if there is none."""
    return str(store.get(_LAST_OF_OTHERS, tokens=json.dumps(sorted(tokens)))[0] or "")


def retime_all(store: Store) -> None:
    """Give every command the moment that is in force."""
    retime(store, _corrected(store))


def wrong_moments(store: Store) -> list[tuple[int, str, str]]:
    """Return the commands (numbers) whose moment is not the one in force, with both (UTC)."""
    corrected = _corrected(store)
    due = moments_in_force(store, corrected) if corrected else {}
    if not due:
        return []
    return [
        (command["number"], command["recorded_at"], due[command["token"]][0])
        for command in store.all(_COMMANDS, tokens=json.dumps(sorted(due)))
        if command["recorded_at"] != due[command["token"]][0]
    ]


def _corrected(store: Store) -> set[str]:
    """Return the tokens of all commands that were corrected, or appear to be."""
    return {row[0] for row in store.all(_ALL_CORRECTED)}


def correct_times(work: UnitOfWork, moments: Mapping[str, str]) -> list[Retimed]:
    """Correct the moments (UTC) of commands, by token; return what changes."""
    expect_times(work, moments)
    for token, moment in moments.items():
        facts = {"moment": moment, "times": times_corrected(work.store, token)}
        work.append_about(token, CORRECT_TIME, facts)
    work.flush()
    return _retimed(work, moments)


def void_correction(work: UnitOfWork, token: str, number: int) -> list[Retimed]:
    """Undo the command of a token, so that a correction of moments (number) becomes void or valid again.

    Return what changes.
    """
    tokens = corrected_by(work.store, [number])
    due = moments_in_force(work.store, tokens, turned=[number])
    before = work.recorded_at
    expect_times(work, {token: moment for token, (moment, _) in due.items()})
    work.date(min(before, work.recorded_at))  # not after what it puts back into the future
    work.void(token)
    return _retimed(work, tokens)


def expect_times(work: UnitOfWork, moments: Mapping[str, str]) -> None:
    """Date a command after all others, given that these tokens' commands get these moments (UTC)."""
    if moments:
        latest = max(last_of_others(work.store, moments), *moments.values())
        work.date(later_than(latest, work.given.clock))


def _retimed(work: UnitOfWork, tokens: Iterable[str]) -> list[Retimed]:
    """Give commands the moments in force, and have all their records projected again."""
    changed = retime(work.store, tokens)
    work.mark_commands_stale([each.number for each in changed])
    return changed
