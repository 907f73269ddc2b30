"""Amending the contract while it runs: an entry with its reason, after which the count follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.ledger.contracts import contract_in_force, document_in_force, row_in_force
from kmtrack.ledger.facts.others import ReasonFacts
from kmtrack.rules.amending import amended
from kmtrack.rules.contract_document import read_contract
from kmtrack.rules.document import DocumentMistake
from kmtrack.usecases.companies import NothingToEdit
from kmtrack.usecases.founding import contract_wrong
from kmtrack.usecases.tallies import totals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.rules.contract import Contract
    from kmtrack.rules.status import Tally
    from kmtrack.usecases.desk import Desk


class Amendment(NamedTuple):
    """The amended contract, and the tallies of its targets before and after."""

    contract: Contract
    before: dict[str, Tally]
    after: dict[str, Tally]


def amend_contract(desk: Desk, changes: Mapping[str, Any], reason: str | None) -> Amendment:
    """Amend the contract and judge every record anew.

    `changes` as `rules.amending.amended` takes them. Raises ContractWrong, NothingToEdit.
    """
    if not changes:
        raise NothingToEdit
    why = desk.state(ReasonFacts, {"reason": reason}).reason if reason else None
    far: date = desk.clock.today.max
    with desk.change("contract amend", why) as change:
        before = totals(desk.store, far)
        try:
            read_contract(amended(document_in_force(desk.store), changes))
        except DocumentMistake as mistake:
            raise contract_wrong("contract amend", mistake) from mistake
        change.edit("contract", row_in_force(desk.store), changes)
        change.judge()
        return Amendment(contract_in_force(desk.store), before, totals(desk.store, far))
