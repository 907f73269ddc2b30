"""Undo: take one command back by new entries, unless something was built upon it since."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.queries.commands import command_numbered, commands_given_here, entries_of
from kmtrack.ledger.queries.companies import company_row
from kmtrack.ledger.queries.people import people_met_elsewhere
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.store.copies import Backups
from kmtrack.ledger.timeline import changed_between, changes_on
from kmtrack.rules.status import TargetChange, target_changes
from kmtrack.usecases.history import changes_by
from kmtrack.usecases.undo_conflicts import RecordRef, changed_since, refuse_dangling
from kmtrack.usecases.undo_join import unlink

if TYPE_CHECKING:
    from collections.abc import Collection

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange
    from kmtrack.usecases.session import Session

# The default reason for withdrawing a record whose addition is undone.
UNDONE: Final = "fortrudt"
# Commands that remove data for good.
_FOR_GOOD: Final = frozenset({"erase", "redact"})


class Reversal(NamedTuple):
    """A record to be withdrawn, put back, or have columns as they were; `facts` are these."""

    noun: str
    id: str
    facts: dict[str, Any]

    @property
    def way(self) -> str:
        """What becomes of the record: "out", "in" or "changed"."""
        if "withdrawn" not in self.facts:
            return "changed"
        return "in" if self.facts["withdrawn"] is None else "out"


class Undone(NamedTuple):
    """What an undo takes back: the command, its records with how each goes back, and the targets."""

    command: Command
    records: list[Reversal]
    targets: list[TargetChange]


def undo_command(
    session: Session, number: int | None = None, *, keep: bool = True, reason: str = UNDONE
) -> Undone:
    """Take back the command of that number, or the session's last one that changed something.

    Without `keep` only report what it would do. `reason` is why a record is withdrawn. Raises
    Refusal `nothing_to_undo`, `unknown_command`, `command_of_another`, `not_undoable`,
    `undone_already`, `undone_by_restoring`, `copy_gone`, `built_upon`, `used_since` or
    `belongs_to_gone`.
    """
    command = _chosen(session, number)
    with session.unit_of_work("undo", command.name, dry_run=not keep) as work:
        before = totals(session.store, date.max)
        reversals = _reversals(session.store, command, reason)
        for reversal in reversals:
            work.append(reversal.noun, reversal.id, "undo", reversal.facts)
        work.judge()
        refuse_dangling(session.store, _ids(reversals, "out"), _ids(reversals, "in"))
        changes = target_changes(work.contract, before, totals(session.store, date.max))
        return Undone(command, reversals, changes)


def _chosen(session: Session, number: int | None) -> Command:
    store, who = session.store, session.who
    if number is None:
        for command in commands_given_here(store, who):
            if _changed_anything(store, command):
                return command
        raise Refusal("nothing_to_undo", by=who)
    found = command_numbered(store, number)
    if found is None:
        raise Refusal("unknown_command", number=number)
    if found.recorded_by != who:
        raise Refusal("command_of_another", number=number, by=found.recorded_by)
    return found


def _changed_anything(store: Store, command: Command) -> bool:
    """Return whether a command changed anything."""
    actions = {row["action"] for row in entries_of(store, command.number)}
    if not actions or not actions.isdisjoint({"add", *_FOR_GOOD}):
        return True
    changes = changes_by(store, [command])[command.number]
    return any(change.changed() or change.consequences for change in changes)


def _reversals(store: Store, command: Command, reason: str) -> list[Reversal]:
    """Return how each record of a command goes back."""
    by_noun: dict[str, set[str]] = defaultdict(set)
    for row in entries_of(store, command.number):
        if row["action"] in _FOR_GOOD or (row["noun"] == "contract" and row["action"] == "add"):
            raise Refusal("not_undoable", number=command.number, command=command.name)
        by_noun[row["noun"]].add(row["record_id"])
    if not by_noun:
        raise _undone_by_restoring(store, command)
    reversals: list[Reversal] = []
    for noun, ids in by_noun.items():
        # Of several records of one company, the CVR number entered last is in force.
        for changes in sorted(changes_on(store, noun, ids), key=partial(_cvr_stated_at, command)):
            facts = _facts_before(store, list(map(_with_own_cvr, changes)), command, reason)
            if facts:
                reversals.append(Reversal(noun, changes[0].after["id"], facts))
    reversals = _without_people_met_elsewhere(store, reversals)
    reversals = _with_unlinked_companies(store, reversals, command)
    if not reversals:
        raise Refusal("undone_already", number=command.number, command=command.name)
    return reversals


def _with_unlinked_companies(
    store: Store, reversals: list[Reversal], command: Command
) -> list[Reversal]:
    """Add what else goes back where joined companies are to be two again."""
    others: dict[str, Row] = {}
    for reversal in reversals:
        if reversal.noun == "company" and "joined" in reversal.facts:
            now = company_row(store, reversal.id)["joined"]
            kept = (reversal.facts["joined"] or "").split()
            gone = [id_ for id_ in (now or "").split() if id_ not in kept]
            if gone:
                others.update(unlink(store, reversal.id, gone, command))
    by_id = {reversal.id: reversal for reversal in reversals}
    for id_, facts in others.items():
        known = by_id.get(id_, Reversal("company", id_, {}))
        by_id[id_] = known._replace(facts={**facts, **known.facts})
    return list(by_id.values())


def _undone_by_restoring(store: Store, command: Command) -> Refusal:
    """Make the refusal for a command without entries of its own: it merged in those of others."""
    backups, facts = Backups(store.path), {"number": command.number, "command": command.name}
    copy = backups.last_until(here(command.recorded_at))
    if copy is None:
        return Refusal("copy_gone", **facts, folder=backups.folder)
    return Refusal("undone_by_restoring", **facts, file=copy)


def _cvr_stated_at(command: Command, changes: list[RecordChange]) -> tuple[str, int, int]:
    """Sort records by when the CVR number that they had before a command was entered."""
    entries = (change.entry for change in changes)
    earlier = takewhile(lambda entry: entry.command != command.number, entries)
    moments = [
        (entry.recorded_at, entry.command, entry.entry) for entry in earlier if "cvr" in entry.facts
    ]
    return max(moments, default=("", 0, 0))


def _with_own_cvr(change: RecordChange) -> RecordChange:
    """Return a change with this record's own CVR number, which identifies its company."""
    if change.noun != "company":
        return change
    before, after = change.own_cvr
    return change._replace(
        before=change.before and {**change.before, "cvr": before},
        after={**change.after, "cvr": after},
    )


def _without_people_met_elsewhere(store: Store, reversals: list[Reversal]) -> list[Reversal]:
    """Leave a person where another contact refers to them, whichever command named them first."""
    people, contacts = (_ids(reversals, "out", noun) for noun in ("person", "contact"))
    met = people_met_elsewhere(store, people, contacts)
    return [reversal for reversal in reversals if reversal.id not in met]


def _ids(reversals: list[Reversal], way: str, noun: str | None = None) -> list[str]:
    return [each.id for each in reversals if each.way == way and noun in {None, each.noun}]


def _facts_before(
    store: Store, changes: list[RecordChange], command: Command, reason: str
) -> dict[str, Any]:
    """Return the columns of a record with what they were before a command; none if they are again.

    `changes` are all of the record. Raises Refusal `built_upon`.
    """
    ours = [change for change in changes if change.entry.command == command.number]
    if not ours:
        return {}
    noun, before, after = ours[0].noun, ours[0].before, ours[-1].after
    changed = changed_between(noun, before, after)
    now = _row_now(store, changes[-1])
    if _is_back(now, before, changed.keys()):
        return {}
    since = changed_between(noun, after, now)
    built_upon = since.keys() if before is None else since.keys() & changed.keys()
    if built_upon:
        later = changes[changes.index(ours[-1]) + 1 :]
        numbers = [each.entry.command for each in later if built_upon & each.changed().keys()]
        raise changed_since(store, RecordRef(noun, after["id"]), numbers[-1] if numbers else None)
    if before is None:
        return {"withdrawn": reason}
    return {column: old for column, (old, _) in changed.items()}


def _is_back(now: Row, before: Row | None, columns: Collection[str]) -> bool:
    """Return whether a record is as it was before, or withdrawn if it did not exist before."""
    if before is None:
        return now["withdrawn"] is not None
    return all(now[column] == before[column] for column in columns)


def _row_now(store: Store, last: RecordChange) -> Row:
    """Return the current row of a record; a main record has the facts of all its duplicates."""
    if last.noun != "company":
        return last.after
    row = company_row(store, last.after["id"])
    own = {name: last.after[name] for name in ("joined", "withdrawn", "cvr")}
    return {**(last.after if row["part_of"] else row), **own}
