"""Undoing: one command taken back by new entries, unless something was built upon it since."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.i18n import say
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.schema.nouns import REFERENCES
from kmtrack.ledger.store.copies import Backups
from kmtrack.ledger.timeline import COMMAND_FIELDS, Command, as_list, changed_between, steps_on
from kmtrack.usecases.history import steps_of
from kmtrack.usecases.target_changes import TargetChange, target_changes
from kmtrack.usecases.undo_conflicts import RecordRef, refuse_changed, refuse_gone, refuse_used
from kmtrack.usecases.undo_join import part

if TYPE_CHECKING:
    from collections.abc import Collection

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange
    from kmtrack.usecases.session import Session

_MET: Final = """
    SELECT DISTINCT person_id FROM contact
    WHERE withdrawn IS NULL AND person_id IN (SELECT value FROM json_each(:persons))
    AND id NOT IN (SELECT value FROM json_each(:contacts))
"""
# Not those of persons: whoever is met nowhere else goes out with the contact.
_REFERENCES: Final = tuple(r for r in REFERENCES if "person" not in {r.noun, r.refers_to})


class Undone(NamedTuple):
    """What an undo takes back: the command, its records with how each goes back, and the counts."""

    command: Command
    records: list[Reversal]
    targets: list[TargetChange]


class Reversal(NamedTuple):
    """A record on its way back: `taken_out`, put back, or with columns as they were."""

    noun: str
    id: str
    facts: dict[str, Any]

    @property
    def way(self) -> str:
        """Which way it goes: "out", "in" or "changed"."""
        if "withdrawn" not in self.facts:
            return "changed"
        return "in" if self.facts["withdrawn"] is None else "out"


def undo_command(session: Session, number: int | None = None, *, keep: bool = True) -> Undone:
    """Take back the command of that number, or the last one of who sits here.

    Without `keep` only to tell what it would do. Raises the refusals of this module.
    """
    command = chosen_command(session, number)

    with session.unit_of_work("undo", command.name, dry_run=not keep) as work:
        before = totals(session.store, date.max)
        backs = _backs(session.store, command)
        for back in backs:
            work.append(back.noun, back.id, "undo", back.facts)
        work.judge()
        _refuse_dangling(session.store, backs)
        moves = target_changes(work.contract, before, totals(session.store, date.max))
        return Undone(command, backs, moves)


def _backs(store: Store, command: Command) -> list[Reversal]:
    """How each record of a command goes back. Raises the refusals of this module."""
    by_noun: dict[str, set[str]] = defaultdict(set)
    entries = store.all(ENTRIES, number=command.number)
    if not entries:
        raise _by_restoring(store, command)
    for row in entries:
        if row["action"] in FOR_GOOD or (row["noun"] == "contract" and row["action"] == "add"):
            raise Refusal("not_undoable", number=command.number, command=command.name)
        by_noun[row["noun"]].add(row["record_id"])
    backs: list[Reversal] = []
    for noun, ids in by_noun.items():
        # Of several records that are one company the number that was stated last stands.
        for steps in sorted(steps_on(store, noun, ids), key=partial(_numbered_at, command)):
            facts = _back(store, noun, list(map(_by_itself, steps)), command)
            if facts:
                backs.append(Reversal(noun, steps[0].after["id"], facts))
    backs = _with_what_parts(store, _without_persons_met_elsewhere(store, backs), command)
    if not backs:
        raise Refusal("undone_already", number=command.number, command=command.name)
    return backs


def _with_what_parts(store: Store, backs: list[Reversal], command: Command) -> list[Reversal]:
    """The backs, and what else goes back where joined companies are to be two again."""
    others: dict[str, Row] = {}
    for back in backs:
        if back.noun == "company" and "joined" in back.facts:
            now = store.get("SELECT joined FROM company WHERE id = :id", id=back.id)["joined"]
            stays = (back.facts["joined"] or "").split()
            gone = [id_ for id_ in (now or "").split() if id_ not in stays]
            if gone:
                others.update(part(store, back.id, gone, command))
    united = {back.id: back for back in backs}
    for id_, facts in others.items():
        known = united.get(id_, Reversal("company", id_, {}))
        united[id_] = known._replace(facts={**facts, **known.facts})
    return list(united.values())


def _by_restoring(store: Store, command: Command) -> Refusal:
    """The refusal of a command that states nothing of its own: it took in what others stated."""
    backups, facts = Backups(store.path), {"number": command.number, "command": command.name}
    arrived = here(command.recorded_at)
    copy = backups.last_until(arrived)
    if copy is None:
        return Refusal("copy_gone", **facts, folder=backups.folder)
    return Refusal("undone_by_restoring", **facts, file=copy)


def _numbered_at(command: Command, steps: list[RecordChange]) -> tuple[str, int, int]:
    """When and where the number that a company had before a command was stated of this record of it."""
    earlier = takewhile(lambda stated: stated.command != command.number, (s.stated for s in steps))
    stated = [
        (each.recorded_at, each.command, each.entry) for each in earlier if "cvr" in each.facts
    ]
    return max(stated, default=("", 0, 0))


def _by_itself(step: RecordChange) -> RecordChange:
    """A step with the number of this very record, which tells of which company it is one."""
    if step.noun != "company":
        return step
    before, after = step.own_cvr
    return step._replace(
        before=step.before and {**step.before, "cvr": before}, after={**step.after, "cvr": after}
    )


def _without_persons_met_elsewhere(store: Store, backs: list[Reversal]) -> list[Reversal]:
    """Leave a person where another contact refers to them, whichever command named them first."""
    persons = [back.id for back in backs if back.noun == "person" and back.way == "out"]
    contacts = [back.id for back in backs if back.noun == "contact" and back.way == "out"]
    rows = store.all(_MET, persons=as_list(persons), contacts=as_list(contacts)) if persons else []
    met = {row["person_id"] for row in rows}
    return [back for back in backs if back.id not in met]


def _back(store: Store, noun: str, steps: list[RecordChange], command: Command) -> dict[str, Any]:
    """The columns of a record with what they were before a command."""
    mine = [step for step in steps if step.stated.command == command.number]
    if not mine:
        return {}
    before, after = mine[0].before, mine[-1].after
    changed = changed_between(noun, before, after)
    now = _now(store, noun, steps[-1].after)
    if _is_back(now, before, changed.keys()):
        return {}
    since = changed_between(noun, after, now)
    built_upon = since.keys() if before is None else since.keys() & changed.keys()
    if built_upon:
        later = steps[steps.index(mine[-1]) + 1 :]
        upon = [step for step in later if built_upon & step.changed().keys()]
        number = upon[-1].stated.command if upon else None
        refuse_changed(store, RecordRef(noun, after["id"]), number)
    if before is None:
        return {"withdrawn": say("undo.reason")}
    return {column: old for column, (old, _) in changed.items()}


def _is_back(now: Row, before: Row | None, columns: Collection[str]) -> bool:
    """Whether a record is as it was before, or taken out again where there was none."""
    if before is None:
        return now["withdrawn"] is not None
    return all(now[column] == before[column] for column in columns)


def _now(store: Store, noun: str, last: Row) -> Row:
    """The row of a record as it is; what stands for several holds what was stated of them all."""
    if noun != "company":
        return last
    row = dict(store.get("SELECT * FROM company WHERE id = :id", id=last["id"]))
    own = {name: last[name] for name in ("joined", "withdrawn", "cvr")}
    return {**(last if row["part_of"] else row), **own}


def _refuse_dangling(store: Store, backs: list[Reversal]) -> None:
    """Refuse to take out what a standing record refers to, and to put back what refers to nothing."""
    turned: dict[tuple[str, str], list[str]] = defaultdict(list)
    for back in backs:
        turned[back.noun, back.way].append(back.id)
    for child, column, parent in _REFERENCES:
        hanging = f"""
            FROM {child} AS child JOIN {parent} AS parent ON parent.id = child."{column}"
            WHERE child.withdrawn IS NULL AND parent.withdrawn IS NOT NULL
        """
        for own, key in (("parent", (parent, "out")), ("child", (child, "in"))):
            row = turned[key] and store.one(
                f"SELECT child.id AS child, parent.id AS parent {hanging} AND {own}.id IN (SELECT value FROM json_each(:ids))",  # noqa: S608 - names of ours
                ids=as_list(turned[key]),
            )
            if row:
                ends = RecordRef(parent, row["parent"]), RecordRef(child, row["child"])
                if own == "parent":
                    refuse_used(store, *ends)
                refuse_gone(store, *reversed(ends))


_NONE_SO_HIGH: Final = 1_000_000_000
_LAST: Final = f"""
    SELECT {COMMAND_FIELDS} FROM command WHERE recorded_by = :by AND arrived_at IS NULL
    AND number < :below ORDER BY number DESC LIMIT 1
"""  # noqa: S608 - names of ours
_NUMBERED: Final = f"SELECT {COMMAND_FIELDS} FROM command WHERE number = :number"  # noqa: S608 - as above
ENTRIES: Final = "SELECT noun, record_id, action FROM entry WHERE command = :number"
# What takes away what somebody may never see again, and what a ledger begins with.
FOR_GOOD: Final = frozenset({"erase", "redact"})


def chosen_command(session: Session, number: int | None) -> Command:
    """The command of that number, or the last one of who sits here that changed something.

    Raises Refusal `nothing_to_undo`, `unknown_command`, `command_of_another`.
    """
    if number is None:
        return _last_of(session)
    row = session.store.one(_NUMBERED, number=number)
    if row is None:
        raise Refusal("unknown_command", number=number)
    if row["recorded_by"] != session.who:
        raise Refusal("command_of_another", number=number, by=row["recorded_by"])
    return Command.of(row)


def _last_of(session: Session) -> Command:
    """The last command of who sits here that changed something."""
    below = _NONE_SO_HIGH
    while row := session.store.one(_LAST, by=session.who, below=below):
        command = Command.of(row)
        if _changed_anything(session.store, command):
            return command
        below = command.number
    raise Refusal("nothing_to_undo", by=session.who)


def _changed_anything(store: Store, command: Command) -> bool:
    """Whether a command is more than an edit that stated what was known."""
    actions = {row["action"] for row in store.all(ENTRIES, number=command.number)}
    if not actions or not actions.isdisjoint({"add", *FOR_GOOD}):
        return True
    steps = steps_of(store, [command])[command.number]
    return any(step.changed() or step.follows for step in steps)
