"""Conflicts: the refusals to undo a command, each naming the later command that prevents it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.company_identity import RecordGroups, links_of
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.kept_records import commands_referring
from kmtrack.ledger.queries.commands import command_numbered
from kmtrack.ledger.queries.record_names import (
    broken_references,
    record_names,
    records_using,
    rows_of,
)
from kmtrack.ledger.rows import UNDONE, RowProjection
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.nouns import REFERENCES
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.ledger.voids import Voids
from kmtrack.usecases.company_links import parted_sides, statements_as_one
from kmtrack.usecases.record_validity import disagreement_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.undo_snapshot import Snapshot

# Not those to people: a person is there for the contacts that name them.
REFERENCES_TO_MIND: Final = tuple(r for r in REFERENCES if "person" not in {r.noun, r.refers_to})


class RecordRef(NamedTuple):
    """A record by its noun and id."""

    noun: str
    id: str


class UndoConflict(Exception):
    """A later command, by its number, that prevents an undo because of some records."""

    def __init__(self, key: str, number: int, **records: RecordRef) -> None:
        super().__init__(key, number, records)
        self._key = key
        self._number = number
        self._records = records

    def refusal(self, store: Store) -> Refusal:
        """Return the refusal that names the records as they are while nothing is undone."""
        command = command_numbered(store, self._number)
        names = record_names(store, (record.id for record in self._records.values()))
        phrases = {}
        for fact, (noun, id_) in self._records.items():
            shown = {"noun": Phrase(f"noun.{noun}"), "id": id_}
            name = [part for part in names.get(id_, ()) if part]
            key = "record.named" if name else "record.bare"
            phrases[fact] = Phrase(key, **shown, **({"name": name} if name else {}))
        named = {"command": command.name, "by": command.recorded_by} if command else {}
        return Refusal(self._key, **phrases, number=self._number, **named)


def refuse_conflicts(store: Store, before: Snapshot, after: Snapshot) -> None:
    """Refuse an undo that would leave a state which no command leaves, by snapshots before and after it.

    Raises UndoConflict `used_since` if a remaining record refers to one that would go,
    `belongs_to_gone` if a record would come back to one that is gone, `used_since` or `built_upon`
    if a company would separate although something was stated about it as one, `shares_number` if
    two would have one CVR number, and `edit_would_refuse` if the facts of a record would contradict
    each other.
    """
    _refuse_kept(store, before, after)
    _refuse_lost_links(store, before, after)
    _refuse_parted(store, before, after)
    _refuse_dangling(store, before, after)
    _refuse_shared_number(store, before, after)
    _refuse_disagreement(store, before, after)


def refuse_unreadable_contract(store: Store, command: int) -> None:
    """Refuse to undo a command if a later amendment would then leave no valid contract.

    Raises UndoConflict `edit_would_refuse`.
    """
    projection = RowProjection("contract", CONTRACT_ID)
    for entry in entries_on(store, "contract", [CONTRACT_ID]):
        projection.add(entry)
    later = [entry.command for entry in projection.left_out if entry.command > command]
    if later:
        record = RecordRef("contract", CONTRACT_ID)
        raise UndoConflict("edit_would_refuse", later[0], record=record)


def _refuse_kept(store: Store, before: Snapshot, after: Snapshot) -> None:
    """Refuse if a record would only be kept because another refers to it."""
    for id_ in sorted(after.kept.keys() - before.kept.keys()):
        record = RecordRef(after.kept[id_], id_)
        if before.withdrawn.get(id_, UNDONE) == UNDONE:  # it is what comes back that refers to it
            undo = max(Voids(store).undos_of_record(*record), key=lambda undo: undo.number)
            user = _user_of(store, record, after)
            raise UndoConflict("belongs_to_gone", undo.number, record=user, of=record)
        user = _user_of(store, record, after)
        raise UndoConflict("used_since", _stating(store, user, record.id), record=record, used=user)


def _user_of(store: Store, record: RecordRef, after: Snapshot) -> RecordRef:
    """Return a record that refers to a kept one."""
    among = after.together(record.id) if record.noun == "company" else {record.id}
    users = [RecordRef(*user) for user in records_using(store, record.noun, among)]
    stated = (user for user in users if commands_referring(store, *user, record.id))
    return next(stated, users[0])


def _stating(store: Store, user: RecordRef, id_: str) -> int:
    """Return the number of the last command that made a record refer to another."""
    stating = commands_referring(store, *user, id_)
    return max(stating) if stating else entries_on(store, user.noun, [user.id])[0].command


def _refuse_lost_links(store: Store, before: Snapshot, after: Snapshot) -> None:
    """Refuse if a company would go that was joined with one that remains."""
    for row in rows_of(store, "company", before.records.get("company", ())):
        if row["withdrawn"] == UNDONE and before.withdrawn[row["id"]] != UNDONE:
            for _, other in links_of(row):
                if after.withdrawn.get(other) != UNDONE and other in before.together(row["id"]):
                    record = RecordRef("company", row["id"])
                    joining = _stating(store, record, other)
                    used = RecordRef("company", other)
                    raise UndoConflict("used_since", joining, record=record, used=used)


def _refuse_parted(store: Store, before: Snapshot, after: Snapshot) -> None:
    """Refuse if companies would separate about which something was stated as one."""
    command = after.commands[-1]
    taken_back = [undo.number for undo in Voids(store).undos([command])]
    since = max([command, *sorted(taken_back)[:-1]])  # the last of them is this one
    for sides in parted_sides(before, after):
        uses = list(statements_as_one(store, sides, since))
        if uses:
            last = max(uses, key=lambda use: use.command)
            company = RecordRef("company", last.company)
            if last.record is None:
                raise UndoConflict("built_upon", last.command, record=company)
            used = RecordRef(*last.record)
            raise UndoConflict("used_since", last.command, record=company, used=used)


def _refuse_dangling(store: Store, before: Snapshot, after: Snapshot) -> None:
    """Refuse to withdraw what a live record refers to, or to bring back what refers to a withdrawn one."""
    changed = [id_ for id_ in before.rows if before.withdrawn[id_] != after.withdrawn[id_]]
    back = {id_ for id_ in changed if after.withdrawn[id_] is None}
    out = {id_ for id_ in changed if after.withdrawn[id_] not in {None, UNDONE}}
    nouns = {noun_of(id_) for id_ in back | out}
    for reference in REFERENCES_TO_MIND:
        if nouns.isdisjoint({reference.noun, reference.refers_to}):
            continue
        found = broken_references(store, reference, before.rows)
        broken = next((one for one in found if one.child in back or one.parent in out), None)
        if broken is None:
            continue
        child = RecordRef(reference.noun, broken.child)
        parent = RecordRef(reference.refers_to, broken.parent)
        if parent.id in out:
            using = _stating(store, child, parent.id)
            raise UndoConflict("used_since", using, record=parent, used=child)
        last = entries_on(store, parent.noun, [parent.id])[-1]
        raise UndoConflict("belongs_to_gone", last.command, record=child, of=parent)


def _refuse_shared_number(store: Store, before: Snapshot, after: Snapshot) -> None:
    """Refuse if companies would become one by nothing but their CVR number."""
    for id_ in before.records.get("company", ()):
        others = after.together(id_) - before.together(id_)
        if others:
            others -= _joined_with(store, id_, after.together(id_))
        entries = entries_on(store, "company", sorted(others))
        number = max((entry.command for entry in entries if entry.facts.get("cvr")), default=0)
        if number > after.commands[0]:  # else they were one before what is voided now
            record, used = RecordRef("company", id_), RecordRef("company", min(others))
            raise UndoConflict("shares_number", number, record=record, used=used)


def _joined_with(store: Store, company_id: str, ids: Iterable[str]) -> set[str]:
    """Return those of these records that users joined with this one, itself among them."""
    rows = rows_of(store, "company", ids)
    pairs = [pair for row in rows for pair in links_of(row)]
    groups = RecordGroups(pairs).all()
    return next((set(group) for group in groups if company_id in group), {company_id})


def _refuse_disagreement(store: Store, before: Snapshot, after: Snapshot) -> None:
    """Refuse if the facts of a record would contradict each other, as `edit` does."""
    for noun, ids in before.records.items():
        changed = [id_ for id_ in ids if before.rows[id_] != after.rows[id_]]
        for row in rows_of(store, noun, changed):
            if row["withdrawn"] is None and disagreement_in(noun, dict(row)):
                record = RecordRef(noun, row["id"])
                numbers = [entry.command for entry in entries_on(store, noun, [record.id])]
                raise UndoConflict("edit_would_refuse", max(numbers), record=record)
