"""Voids: which commands are void, and which undos have no effect.

An undo is one entry that names a command by its token. The command is void while at least one undo of
it is not void itself. The answer depends on the set of entries only, never on how they arrived.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.ledger.schema.ids import chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kmtrack.ledger.store.base import Store, StoredRow

# The commands that take back others, or bring them back.
UNDOING: Final = frozenset({"undo", "redo"})
# The command that erases persons and texts.
ERASING: Final = "person erase"
# Nobody may void these commands, nor any other with an entry that erases or adds a contract.
PROTECTED: Final = frozenset({"init", "merge", "restore", ERASING})
PROTECTING: Final = "action IN ('erase', 'redact') OR (noun = 'contract' AND action = 'add')"
# No index is over names, but few commands undo.
_STATED: Final = f"""
    SELECT undoing.number, stated.number AS entry, undoing.token, undoing.recorded_at,
           undoing.recorded_by, coalesce(undoing.arrived_at, undoing.recorded_at) AS known_since,
           undone.number AS undone, undone.name, undone.recorded_by AS given_by,
           EXISTS (
               SELECT 1 FROM entry AS kept WHERE kept.command = undone.number AND ({PROTECTING})
           ) AS is_protected
    FROM command AS undone
    JOIN entry AS stated ON stated.record_id = undone.token
    AND stated.noun = 'command' AND stated.action = 'void'
    JOIN command AS undoing ON undoing.number = stated.command
    AND undoing.name IN ('undo', 'redo')
"""  # noqa: S608 - ours
_OF: Final = f"{_STATED} WHERE undone.number IN (SELECT value FROM json_each(:numbers))"  # noqa: S608 - ours
_NAMED_BY: Final = """
    WITH RECURSIVE named (undoing, number) AS (
        SELECT stated.command, undone.number
        FROM entry AS stated JOIN command AS undone ON undone.token = stated.record_id
        WHERE stated.noun = 'command' AND stated.action = 'void'
        AND stated.command IN (SELECT value FROM json_each(:numbers))
        UNION
        SELECT stated.command, undone.number
        FROM named JOIN entry AS stated ON stated.command = named.number
        JOIN command AS undone ON undone.token = stated.record_id
        WHERE stated.noun = 'command' AND stated.action = 'void'
    )
    SELECT named.undoing, named.number, command.name, command.reason
    FROM named JOIN command ON command.number = named.number
"""
_CHAIN: Final = """
    SELECT number, previous,
           (SELECT digest FROM entry WHERE entry.command = command.number
            ORDER BY entry.number DESC LIMIT 1) AS digest
    FROM command WHERE recorded_by = :by AND number >= :first AND number <= :last
"""
_ADDS: Final = """
    SELECT record_id, command FROM entry
    WHERE noun = :noun AND action = 'add' AND record_id IN (SELECT value FROM json_each(:ids))
"""
_ADDED_BY: Final = """
    SELECT DISTINCT noun, record_id FROM entry
    WHERE action = 'add' AND command IN (SELECT value FROM json_each(:numbers))
"""

# Why an undo has no effect.
Flaw = Literal["of_another", "protected", "before_its_command", "circle"]


class Undo(NamedTuple):
    """An undo of a command that is here: the numbers of both, and of its entry; moments are UTC.

    `flaw` is why it has no effect, as far as it shows by itself; None if it may have one.
    """

    number: int
    entry: int
    token: str
    recorded_at: str
    recorded_by: str
    known_since: str
    undone: int
    flaw: Flaw | None = None

    @property
    def order(self) -> tuple[str, str]:
        """The key that sorts commands in the same order in every ledger."""
        return self.recorded_at, self.token


class Voids:
    """The void commands of a ledger, now or at the moment `known_at` (UTC).

    `kept` are the ids of records that stay although every entry that adds them is void. What was
    read is remembered: use an instance for one reading or one projection, not for longer.
    """

    def __init__(self, store: Store, known_at: str | None = None) -> None:
        self.known_at = known_at
        self.kept: set[str] = set()
        self._store = store
        self._asked: set[int] = set()
        self._undos: dict[tuple[int, int], Undo] = {}
        self._void: set[int] | None = None
        self._is_whole = False

    def among(self, numbers: Iterable[int]) -> set[int]:
        """Return those of these commands that are void."""
        wanted = set(numbers)
        self._read(wanted)
        if self._void is None:
            self._void = void_commands(self._undos.values())
        return wanted & self._void

    def all(self) -> set[int]:
        """Return all void commands."""
        self._read_all()
        return set(self.among(undo.undone for undo in self._undos.values()))

    def undos(self, numbers: Iterable[int]) -> list[Undo]:
        """Return the undos of these commands, the undos of those, and so on, in order."""
        ahead = set(numbers)
        self._read(ahead)
        found: set[Undo] = set()
        while ahead:  # what was read may be of other commands too
            new = {undo for undo in self._undos.values() if undo.undone in ahead} - found
            found |= new
            ahead = {undo.number for undo in new}
        return sorted(found, key=lambda undo: undo.order)

    def without_add(self, noun: str, ids: Collection[str]) -> set[str]:
        """Return those of these records that only void commands add."""
        adds: dict[str, set[int]] = defaultdict(set)
        for chunk in chunks(ids):
            for row in self._store.all(_ADDS, noun=noun, ids=json.dumps(chunk)):
                adds[row["record_id"]].add(row["command"])
        void = self.among(number for numbers in adds.values() for number in numbers)
        return {id_ for id_, numbers in adds.items() if numbers <= void}

    def all_without_add(self) -> dict[str, set[str]]:
        """Return the ids of all records that only void commands add, by noun."""
        found: dict[str, set[str]] = defaultdict(set)
        void = self.all()
        for row in self._store.all(_ADDED_BY, numbers=json.dumps(sorted(void))) if void else ():
            found[row["noun"]].add(row["record_id"])
        return {noun: self.without_add(noun, ids) for noun, ids in found.items()}

    def undos_of_record(self, noun: str, record_id: str) -> list[Undo]:
        """Return the undos, not void themselves, of the commands that add a record."""
        rows = self._store.all(_ADDS, noun=noun, ids=json.dumps([record_id]))
        adds = {row["command"] for row in rows}
        void = self.among(adds) | self.among(undo.number for undo in self._undos.values())
        return [
            undo
            for undo in self._undos.values()
            if undo.undone in adds and undo.flaw is None and undo.number not in void
        ]

    def _read_all(self) -> None:
        if not self._is_whole:
            self._take(all_undos(self._store))
            self._is_whole = True

    def _read(self, numbers: Iterable[int]) -> None:
        """Read the undos of these commands, the undos of those, and so on; a server is asked for all at once."""
        if self._store.is_served:
            self._read_all()
            return
        ahead = set() if self._is_whole else set(numbers) - self._asked
        while ahead:
            self._asked |= ahead
            rows = self._store.all(_OF, numbers=json.dumps(sorted(ahead)))
            found = _undos(self._store, rows)
            self._take(found)
            ahead = {undo.number for undo in found} - self._asked

    def _take(self, undos: Iterable[Undo]) -> None:
        for undo in undos:
            if self.known_at is None or undo.known_since <= self.known_at:
                self._undos[undo.number, undo.undone] = undo
                self._void = None


def void_commands(undos: Iterable[Undo]) -> set[int]:
    """Return the commands that these undos void; undos in a circle void nothing."""
    effective = _effective(undos)
    circular = _circular(effective)
    undoing: dict[int, list[int]] = defaultdict(list)
    for undo in effective:
        if undo not in circular:
            undoing[undo.undone].append(undo.number)
    is_void: dict[int, bool] = {}
    for start in list(undoing):
        ahead = [start]
        while ahead:
            number = ahead[-1]
            unknown = [each for each in undoing.get(number, ()) if each not in is_void]
            if unknown and number not in is_void:
                ahead += unknown
                continue
            ahead.pop()
            is_void[number] = any(not is_void[each] for each in undoing.get(number, ()))
    return {number for number, void in is_void.items() if void}


def all_undos(store: Store) -> list[Undo]:
    """Return all undos of commands that are here."""
    return _undos(store, store.all(_STATED))


def undos_without_effect(store: Store) -> list[Undo]:
    """Return the undos that have no effect on a command that is here, each with its flaw, in order."""
    undos = all_undos(store)
    circular = _circular(_effective(undos))
    flawed = [
        undo._replace(flaw="circle") if undo in circular else undo
        for undo in undos
        if undo.flaw or undo in circular
    ]
    return sorted(flawed, key=lambda undo: undo.order)


def commands_reached(store: Store, undos: Iterable[int]) -> list[int]:
    """Return the commands that these undos (numbers) may make void, or valid again.

    These are the commands that the undos name; where that is an undo, the one which it names, and
    so on.
    """
    return UndoneCommands(store, undos).reached(undos)


class UndoneCommands:
    """The commands named by some undos (numbers), those named by these, and so on, read at once."""

    def __init__(self, store: Store, undos: Iterable[int]) -> None:
        self._by: dict[int, list[StoredRow]] = defaultdict(list)
        for row in store.all(_NAMED_BY, numbers=json.dumps(sorted(undos))):
            self._by[row["undoing"]].append(row)

    def reached(self, undos: Iterable[int]) -> list[int]:
        """Return the commands that some of the undos may make void, or valid again."""
        reached: list[int] = []
        seen: set[int] = set()
        ahead = set(undos)
        while ahead:
            seen |= ahead
            ahead = {row["number"] for each in ahead for row in self._by.get(each, ())} - seen
            reached += sorted(ahead)
        return reached

    def is_redo(self, number: int, reason: str | None) -> bool:
        """Return whether an undo brings something back: what it names is an undo that does not.

        An undo of an older version names nothing; its reason is the name of what it took back.
        """
        named = self._by.get(number)
        if not named:
            return reason in UNDOING
        [undone, *_] = named
        return undone["name"] in UNDOING and not self.is_redo(undone["number"], undone["reason"])


def circle_of(undo: Undo, among: Iterable[Undo]) -> set[int]:
    """Return the commands (numbers) of the circle that an undo belongs to; `among` has them all."""
    undone = {each.number: each.undone for each in among}
    found: set[int] = set()
    number = undo.number
    while number not in found:
        found.add(number)
        number = undone[number]
    return found


def _undos(store: Store, rows: Iterable[StoredRow]) -> list[Undo]:
    return [
        Undo(
            row["number"],
            row["entry"],
            row["token"],
            row["recorded_at"],
            row["recorded_by"],
            row["known_since"],
            row["undone"],
            _flaw(store, row),
        )
        for row in rows
    ]


def _flaw(store: Store, row: StoredRow) -> Flaw | None:
    if row["recorded_by"] != row["given_by"]:
        return "of_another"
    if row["is_protected"] or row["name"] in PROTECTED:
        return "protected"
    return "before_its_command" if _stands_before(store, row) else None


def _stands_before(store: Store, row: StoredRow) -> bool:
    """Return whether an undo precedes its command in the chain of their author.

    Nobody can know the token of a command that is yet to be given. A chain is stored in its order,
    so only the commands between the two can lead from one to the other; clocks are not compared.
    """
    first, last = int(row["number"]), int(row["undone"])
    if first >= last:
        return False
    chain = store.all(_CHAIN, by=row["recorded_by"], first=first, last=last)
    numbers: dict[str | None, int] = {each["digest"]: each["number"] for each in chain}
    previous = {each["number"]: each["previous"] for each in chain}
    number: int | None = last
    while number is not None and number != first:
        number = numbers.get(previous.pop(number, None))
    return number == first


def _effective(undos: Iterable[Undo]) -> list[Undo]:
    """Return the undos without a flaw, at most one for each command that undoes."""
    found: dict[int, Undo] = {}
    for undo in sorted(undos, key=lambda undo: undo.entry):
        if undo.flaw is None:
            found.setdefault(undo.number, undo)
    return list(found.values())


def _circular(undos: Iterable[Undo]) -> set[Undo]:
    """Return the undos that would void themselves in the end."""
    by_number = {undo.number: undo for undo in undos}
    found: set[Undo] = set()
    done: set[int] = set()
    for start in by_number:
        path: list[int] = []
        number = start
        while number in by_number and number not in done:
            done.add(number)
            path.append(number)
            number = by_number[number].undone
        if number in path:
            found.update(by_number[each] for each in path[path.index(number) :])
    return found
