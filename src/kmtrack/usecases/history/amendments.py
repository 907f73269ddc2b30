"""Amendments: what was stated of the contract, and what each statement changed of its terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.i18n import current, say
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.rules.amendments import changed_terms
from kmtrack.rules.contract_format import read_contract
from kmtrack.usecases.history.commands import steps_on
from kmtrack.usecases.records import statements_on
from kmtrack.views.contract import changes_in_words, terms_in_words

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange
    from kmtrack.rules.amendments import Term, TermChange


class Amended(NamedTuple):
    """A statement on the contract as data, and in words what it changed; the first changes nothing."""

    statement: dict[str, Any]
    lines: list[str]


def amendments(store: Store) -> list[Amended]:
    """All that was stated of the contract in force, oldest first."""
    [steps] = steps_on(store, "contract", [CONTRACT_ID])
    return [
        Amended(
            {**stated, "changes": amendment_data(step)},
            amendment_lines(step) if step.before else [],
        )
        for stated, step in zip(statements_on(store, CONTRACT_ID), steps, strict=True)
    ]


def amendment_data(step: RecordChange) -> dict[str, list[Any]]:
    """The terms that a step changed by their names, each with its old and its new value."""
    return {term.key: list(values) for term, values in _terms(step).items()}


def amendment_lines(step: RecordChange) -> list[str]:
    """What a step changed of the contract; of what it began with, the gist."""
    contract = read_contract(json.loads(step.after["document"]))
    if step.before is not None:
        return changes_in_words(contract, _terms(step))
    places = {span.municipality for span in contract.participation}
    return [
        contract.name.in_language(current()),
        f"{say('contract.period')}: {terms_in_words(contract)['period']}",
        f"{say('contract.participation')}: {len(places)}",
    ]


def _terms(step: RecordChange) -> dict[Term, TermChange]:
    before = json.loads(step.before["document"]) if step.before else None
    return changed_terms(before, json.loads(step.after["document"]))
