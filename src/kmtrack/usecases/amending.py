"""Amending the contract while it runs: an entry with its reason, after which the count follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.contracts import contract_in_force, document_in_force, row_in_force
from kmtrack.ledger.facts.others import ReasonFacts
from kmtrack.rules.amending import amended
from kmtrack.rules.contract_document import read_contract
from kmtrack.rules.document import DocumentMistake
from kmtrack.texts import current
from kmtrack.usecases.companies import NothingToEdit
from kmtrack.usecases.founding import contract_wrong
from kmtrack.usecases.tallies import totals
from kmtrack.usecases.targets import ids_and_names, target_named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.rules.contract import Contract
    from kmtrack.rules.status import Tally
    from kmtrack.usecases.desk import Desk


class NothingToCount(KmtrackError):
    """A minimum for a target against which nothing is counted."""


class Amendment(NamedTuple):
    """The amended contract, the changes made, and the tallies of its targets before and after."""

    contract: Contract
    made: Mapping[str, Any]
    before: dict[str, Tally]
    after: dict[str, Tally]


def amend_contract(desk: Desk, changes: Mapping[str, Any], reason: str | None) -> Amendment:
    """Amend the contract and judge every record anew.

    `changes` as `rules.amending.amended` takes them, but for targets, which may go by their names.
    Raises ContractWrong, NothingToEdit, NothingToCount, UnknownTarget, AmbiguousTarget.
    """
    if not changes:
        raise NothingToEdit
    why = desk.state(ReasonFacts, {"reason": reason}).reason if reason else None
    far: date = desk.clock.today.max
    with desk.change("contract amend", why) as change:
        before = totals(desk.store, far)
        made = _by_ids(change.contract, changes)
        _refuse_minimums(change.contract, made.get("minimums", {}))
        try:
            read_contract(amended(document_in_force(desk.store), made))
        except DocumentMistake as mistake:
            raise contract_wrong("contract amend", mistake) from mistake
        change.edit("contract", row_in_force(desk.store), made)
        change.judge()
        return Amendment(contract_in_force(desk.store), made, before, totals(desk.store, far))


def _by_ids(contract: Contract, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes with the ids of the targets that they name."""
    made = dict(changes)
    for key in made.keys() & {"minimums", "due_days"}:
        named = made[key].items()
        made[key] = {target_named(contract, text).id: value for text, value in named}
    return made


def _refuse_minimums(contract: Contract, minimums: Mapping[str, int | None]) -> None:
    for target in contract.targets:
        if minimums.get(target.id) is not None and not target.takes_minimum:
            able = [other for other in contract.targets if other.takes_minimum]
            name = target.name.in_language(current())
            raise NothingToCount(name=name, among=ids_and_names(able))
