"""Unit of work: the entries, rows and verdicts of one command, committed together or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import CONTRACT_ID, contract_in_force
from kmtrack.ledger.entries import ARRIVE, CommandHeader, arrival_facts
from kmtrack.ledger.name_words import insert_name_words, replace_name_words
from kmtrack.ledger.new_command import (
    NewCommand,
    TimeGiven,
    highest_and_latest,
    links_of_next,
)
from kmtrack.ledger.queries.brokers import initials_ever
from kmtrack.ledger.queries.companies import company_by_id, company_parts
from kmtrack.ledger.rows import new_row, row_after
from kmtrack.ledger.schema.ids import new_id
from kmtrack.ledger.schema.nouns import COMMAND, EVENTS, NOUNS, REFERENCE_COLUMNS
from kmtrack.ledger.verdicts import companies_reached, rejudge, rejudge_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.entries import Action
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.verdicts import JudgedCompany, OnVerdicts
    from kmtrack.rules.contract import Contract

_CHUNK: Final = 1000
# Up to so many records are projected in advance, so that a server is asked for all of them together.
_FEW: Final = 50

_STORED_BEFORE: Final = "SELECT 1 FROM command WHERE token = :token"


class _DryRun(Exception):
    """Rolls back a unit of work in which all went well."""


def reads_of_any(store: Store, recorded_by: str) -> tuple[Callable[[], object], ...]:
    """Return the reads that nearly every command needs."""
    return (
        lambda: highest_and_latest(store),
        lambda: links_of_next(store, recorded_by),
        lambda: initials_ever(store),
        lambda: contract_in_force(store),
    )


@contextmanager
def unit_of_work(  # noqa: PLR0913 - what a command is known by
    store: Store,
    recorded_at: str,
    recorded_by: str,
    command: str,
    reason: str | None = None,
    *,
    token: str | None = None,
    new_id: Callable[[str], str] = new_id,
    dry_run: bool = False,
) -> Iterator[UnitOfWork]:
    """Open the unit of work of one command.

    It is judged and committed when the block ends, and rolled back if the block raises, or for a
    `dry_run`. With the `token` of a command that is tried again, the command is stored only once:
    raises Refusal `stored_already`.
    """
    tried_before, token = token is not None, token or os.urandom(16).hex()
    with suppress(_DryRun), store.writing(token):
        if tried_before and store.one(_STORED_BEFORE, token=token) is not None:
            raise Refusal("stored_already", path=store.location)
        store.foresee(*reads_of_any(store, recorded_by))
        number, latest = highest_and_latest(store)
        given = TimeGiven(recorded_at, latest)
        header = CommandHeader(token, given.recorded_at, recorded_by, command)
        new_command = NewCommand(store, header, reason, count(number + 1), given)
        work = UnitOfWork(store, new_command, new_id)
        yield work
        if dry_run:
            raise _DryRun
        work.judge()


class UnitOfWork:
    """The changes of one command, inside its transaction.

    Each change is an entry and the row that results from it. The row is written with the entry if
    possible, otherwise it is projected from all entries of the record.
    """

    def __init__(
        self,
        store: Store,
        command: NewCommand,
        new_id: Callable[[str], str],
    ) -> None:
        self.store = store
        self._command = command
        self._new_id = new_id
        self._entries: list[tuple[object, ...]] = []
        self._new_rows: dict[str, list[Row]] = {noun: [] for noun in NOUNS}
        self._touched: set[str] = set()
        self._stale: dict[str, set[str]] = {}
        self._amended = False
        self._judged_by: Contract | None = None

    @cached_property
    def contract(self) -> Contract:
        """The contract in force, with an amendment of this unit of work once that is judged."""
        return contract_in_force(self.store)

    @cached_property
    def brokers(self) -> set[str]:
        """The initials of the registered brokers, including those registered in this unit of work."""
        return {initials for initials, is_there in self._initials_ever.items() if is_there}

    @cached_property
    def _initials_ever(self) -> dict[str, bool]:
        return initials_ever(self.store)

    def register_broker(self, initials: str) -> None:
        """Register a broker, or register them again if that was undone."""
        add = self.add_again if initials in self._initials_ever else self.add
        add("broker", {"initials": initials}, initials)
        self.brokers.add(initials)

    @property
    def is_begun(self) -> bool:
        """Whether it has any entries yet."""
        return self._command.is_stored

    def before(self, command: str) -> UnitOfWork:
        """Open the unit of work of a command that is stored together with this one, but before it.

        An undo of this one leaves it in place. Call it before this one `is_begun`: the entries of a
        person are a chain.
        """
        return UnitOfWork(self.store, self._command.before(command), self._new_id)

    @property
    def token(self) -> str:
        """The token, by which one can find out whether the command was stored."""
        return self._command.header.token

    @property
    def number(self) -> int:
        """The number that this command has here, once it `is_begun`."""
        return self._command.number

    @property
    def numbers(self) -> Iterator[int]:
        """The free numbers for commands."""
        return self._command.numbers

    @property
    def given(self) -> TimeGiven:
        """When the command is given."""
        return self._command.given

    @property
    def recorded_at(self) -> str:
        """The moment (UTC) at which all its entries are recorded."""
        return self._command.header.recorded_at

    def record_arrivals(self) -> None:
        """Append the entry that lists the commands which this one brought from other ledgers.

        It must be the first entry, after these commands are stored: it stays in this ledger.
        """
        from kmtrack.ledger.queries.commands import tokens_arrived_at

        facts = arrival_facts(tokens_arrived_at(self.store, self.recorded_at))
        self._append(COMMAND, self.token, ARRIVE, facts)

    def add(self, noun: str, facts: Mapping[str, Any], record_id: str | None = None) -> str:
        """Add a record and return its id. `facts` include its references (company_id, …)."""
        record_id = record_id or self._new_id(noun)
        self._append(noun, record_id, "add", facts)
        row = self._added_row(noun, record_id, facts)
        self._new_rows[noun].append(row)
        if noun != "company":  # it has nothing yet that could be judged
            self._touch(noun, row)
        return record_id

    def add_again(self, noun: str, facts: Mapping[str, Any], record_id: str) -> None:
        """Add a record that still has a row here, because the commands that added it were undone."""
        self._append(noun, record_id, "add", facts)
        self.flush()
        row = self._added_row(noun, record_id, facts)
        before = company_by_id(self.store, record_id) if noun == "company" else None
        self.store.put_rows(NOUNS[noun], [row])
        if noun == "company":
            replace_name_words(self.store, [before] if before else [], [row])
        else:
            self._touch(noun, row)

    def add_person(self, name: str, company_id: str) -> str:
        """Add a contact person; the entry holds a keyed commitment to the name, never the name."""
        import hmac

        record_id, secret = self._new_id("person"), os.urandom(32).hex()
        commitment = hmac.digest(bytes.fromhex(secret), name.encode(), "sha256").hex()
        self._append("person", record_id, "add", {"company_id": company_id, "name": commitment})
        facts = {"company_id": company_id, "name": name, "secret": secret}
        row = self._added_row("person", record_id, facts)
        self._new_rows["person"].append(row)
        return record_id

    def new_row(self, noun: str, record_id: str) -> Row:
        """Return the row of a record that was added but is not written yet."""
        return next(row for row in reversed(self._new_rows[noun]) if row["id"] == record_id)

    def is_to_be_projected(self, noun: str, record_id: str) -> bool:
        """Return whether the row of a record is only known once its entries are projected."""
        return record_id in self._stale.get(noun, ())

    def statement(self, action: Action) -> dict[str, Any]:
        """Return when, by whom and why this command makes an entry on a record."""
        return self._command.statement(action)

    def edit(self, noun: str, row: Mapping[str, Any], facts: Mapping[str, Any]) -> Row:
        """Change facts of the record with this `row`; None takes a fact back. Return the new row."""
        return self._change(noun, row, "edit", facts)

    def withdraw(self, noun: str, row: Mapping[str, Any], reason: str) -> Row:
        """Take a record out of every rule and count; it stays in the ledger with the reason."""
        return self._change(noun, row, "withdraw", {"reason": reason})

    def void(self, token: str, reached: Sequence[int] = ()) -> Sequence[int]:
        """Undo the command of a token; return the commands whose effect may change, itself first.

        `reached` are these commands, if the command is here and the caller knows them.
        """
        from kmtrack.ledger.voids import commands_reached

        self._append(COMMAND, token, "void", {})
        self.flush()
        reached = reached or commands_reached(self.store, [self.number])
        self.mark_commands_stale(reached)
        return reached

    def append_about(self, token: str, action: Action, facts: Mapping[str, Any]) -> None:
        """Append an entry that concerns the command of a token."""
        self._append(COMMAND, token, action, facts)

    def date(self, moment: str) -> None:
        """Record everything at another moment (UTC), before there is any entry."""
        self._command.date(moment)

    def append(self, noun: str, record_id: str, action: Action, facts: Mapping[str, Any]) -> None:
        """Append an entry whose effect can only be computed by projecting the whole record again."""
        self._append(noun, record_id, action, facts)
        if noun != COMMAND:
            self.mark_stale(noun, [record_id])

    def mark_commands_stale(self, commands: Iterable[int]) -> None:
        """Mark the records of these commands (numbers) to be projected again."""
        from kmtrack.ledger.queries.commands import records_of_commands

        for noun, ids in records_of_commands(self.store, commands).items():
            if noun != COMMAND:
                self.mark_stale(noun, ids)

    def mark_stale(self, noun: str, ids: Iterable[str]) -> None:
        """Mark records to be projected again from their entries before they are judged."""
        self._stale.setdefault(noun, set()).update(ids)
        if noun == "contract":
            self._amend()

    def judge(
        self, names: Callable[[Row], Row] | None = None, tell: OnVerdicts | None = None
    ) -> Mapping[str, JudgedCompany]:
        """Write what is pending, judge every company concerned, and return these as judged.

        If there are more than a few, they are judged but not returned (see `rejudge`, also for
        `tell`). `names` adds to the rows of persons from other ledgers the names, which no entry
        holds.
        """
        self._read_contract()
        self.flush()
        if self._stale:
            from kmtrack.ledger.projection import reproject

            rewrite = partial(reproject, self.store, self._stale, names)
            if sum(map(len, self._stale.values())) <= _FEW:
                self.store.foresee(rewrite, is_deep=True)
            self._touched |= rewrite()
            self._stale.clear()
            self.__dict__.pop("_parts", None)
        judged: Mapping[str, JudgedCompany] = {}
        reached = self._reached() if self._amended else ()
        if reached is None:
            rejudge_all(self.store, self.contract, tell)
        else:
            judged = rejudge(self.store, self.contract, self._touched.union(reached), tell)
        self._touched.clear()
        self._amended = False
        return judged

    def _amend(self) -> None:
        """Remember the contract that the stored verdicts were judged by, before it changes."""
        if not self._amended:
            self._judged_by = self.contract
        self._amended = True

    def _reached(self) -> Iterable[str] | None:
        """Return the companies that the amended contract may judge differently; None for all."""
        from kmtrack.rules.amendment_reach import reach_of_amendment

        before, self._judged_by = self._judged_by, None
        self.__dict__.pop("contract", None)
        reach = reach_of_amendment(before, self.contract) if before else None
        if reach is None or reach.is_whole:
            return None
        return () if reach.is_none else companies_reached(self.store, reach)

    def _read_contract(self) -> None:
        """Read the contract that this will be judged by, before anything is written.

        Until the first write, what a server has already sent still holds.
        """
        if not self._amended:
            _ = self.contract

    def flush(self) -> None:
        """Write pending entries and rows, so that queries see them."""
        for name, rows in self._new_rows.items():
            if rows:
                noun = NOUNS[name]
                self.store.add_rows(noun, rows)
                if name == "company":
                    insert_name_words(self.store, rows)
                rows.clear()
        if self._entries:
            self.store.append_entries(self._entries)
            self._entries.clear()

    def _added_row(self, noun: str, record_id: str, facts: Mapping[str, Any]) -> Row:
        return row_after(noun, new_row(noun, record_id, self.recorded_at), "add", facts)

    def _change(
        self, noun: str, row: Mapping[str, Any], action: Action, facts: Mapping[str, Any]
    ) -> Row:
        self._read_contract()
        self.flush()
        if noun == "company" and row["id"] in self._parts:
            return self._change_linked(row, action, facts)
        after = row_after(noun, row, action, facts)
        if self._refers_elsewhere(row, facts):
            # What it referred to may have been kept for its sake.
            self.append(noun, row["id"], action, facts)
            return after
        self._append(noun, row["id"], action, facts)
        if noun == "contract":
            self._amend()
        self.store.put_rows(NOUNS[noun], [after])
        if noun == "company":
            replace_name_words(self.store, [row], [after])
        self._touch(noun, after)
        return after

    @staticmethod
    def _refers_elsewhere(row: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
        """Return whether a change makes a record refer to another one than before."""
        return any(
            row[column] is not None and facts[column] != row[column]
            for column in facts.keys() & REFERENCE_COLUMNS.keys()
        )

    def _change_linked(
        self, row: Mapping[str, Any], action: Action, facts: Mapping[str, Any]
    ) -> Row:
        """Change a company of several records; they stay one company, whatever its number.

        A value that is taken back is taken back in all of them: a record that still stated it would
        prevail.
        """
        company_id = row["id"]
        self.append("company", company_id, action, facts)
        for part in self._parts[company_id]:
            shared = {
                name: value
                for name, value in facts.items()
                if action == "withdraw" or name == "cvr" or value is None
            }
            if shared:
                since = {"from": facts["from"]} if "from" in facts else {}
                self.append("company", part, action, {**since, **shared})
        self.judge()
        return dict(self.store.get("SELECT * FROM company WHERE id = :id", id=company_id))

    @cached_property
    def _parts(self) -> dict[str, list[str]]:
        """The duplicate records of each company that has several, by the id of the main record."""
        parts: dict[str, list[str]] = {}
        for part, whole in company_parts(self.store).items():
            parts.setdefault(whole, []).append(part)
        return parts

    def _append(self, noun: str, record_id: str, action: Action, facts: Mapping[str, Any]) -> None:
        self._entries.append(self._command.entry(noun, record_id, action, facts))
        if len(self._entries) >= _CHUNK:
            self.flush()

    def _touch(self, noun: str, row: Mapping[str, Any]) -> None:
        if noun in EVENTS:
            self._touched.add(row["company_id"])
        elif noun == "company":
            self._touched.add(row["id"])
        elif noun == "succession":
            self._touched |= {row["company_id"], row["successor_id"]}
        elif noun == "contract" and row["id"] == CONTRACT_ID:
            self._amended = True
