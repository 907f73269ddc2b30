"""A foreign ledger, judged whole before anything of it is taken."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.usecases.check.integrity import altered_entries
from kmtrack.usecases.check.people import altered_persons
from kmtrack.usecases.history.commands import steps_on
from kmtrack.usecases.merge.bundle import heads_of_bundle, is_bundle
from kmtrack.usecases.merge.validation import (
    UNFIT,
    check_command,
    check_entry,
    check_name,
    check_step,
    furthest,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store

_COMMANDS: Final = "SELECT token, recorded_at, recorded_by, name, reason FROM command"
_AHEAD: Final = """
    SELECT recorded_by, recorded_at FROM command WHERE recorded_at > :moment
    ORDER BY recorded_at LIMIT 1
"""
_ENTRIES: Final = "SELECT number, noun, record_id, action, facts FROM entry"
_NAMES: Final = "SELECT id, name FROM person WHERE name IS NOT NULL"
_IDS: Final = "SELECT DISTINCT record_id FROM entry WHERE noun = :noun"


def judge_foreign(store: Store, file: Location, own: Store, today: date) -> None:
    """Raise Refusal `foreign_damaged` or `other_contract` unless kmtrack wrote every entry.

    `store` is the copy of what lies at `file`; it may go on from entries that are elsewhere. Raises
    `clock_far_ahead` for what was recorded at a moment of no use.
    """
    number: Any = "-"
    try:
        heads_of_bundle(store)
        for row in store.each(_COMMANDS):
            check_command(dict(row))
        for row in store.each(_ENTRIES):
            number = row["number"]
            check_entry(dict(row))
        for row in store.each(_NAMES):
            number = row["id"]
            check_name(row["name"], today)
        for noun in NOUNS:
            ids = [row["record_id"] for row in store.each(_IDS, noun=noun)]
            for steps in steps_on(store, noun, ids):
                for step in steps:
                    number = step.stated.record_id
                    check_step(step, today)
    except UNFIT as error:
        raise Refusal("foreign_damaged", file=file, what=str(number)[:40]) from error
    for finding in (
        *altered_entries(store, is_whole=not is_bundle(store)),
        *altered_persons(store),
    ):
        raise Refusal("foreign_damaged", file=file, what=finding.records[0])
    _refuse_far_ahead(store, file, today)
    theirs, ours = _contract_id(store), _contract_id(own)
    if theirs is not None and theirs != ours:
        raise Refusal("other_contract", file=file)


def _refuse_far_ahead(store: Store, file: Location, today: date) -> None:
    row = store.one(_AHEAD, moment=f"{furthest(today).isoformat()}U")
    if row is not None:
        day = date.fromisoformat(row["recorded_at"][:10])
        raise Refusal(
            "clock_far_ahead",
            file=file,
            by=row["recorded_by"],
            day=day,
            at=row["recorded_at"][11:16],
        )


def _contract_id(store: Store) -> str | None:
    for steps in steps_on(store, "contract", [CONTRACT_ID]):
        for step in steps:
            facts: Mapping[str, Any] = step.stated.facts
            return str(facts.get("id"))
    return None
