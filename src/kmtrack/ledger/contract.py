"""The contract in force in a ledger: as a row, as a document and parsed."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.document import DocumentMistake

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract

CONTRACT_ID: Final = "contract"


def row_in_force(store: Store) -> dict[str, Any]:
    """Read the contract's row. Raises LedgerDamaged if the ledger has none."""
    row = store.one("SELECT * FROM contract WHERE id = :id", id=CONTRACT_ID)
    if row is None:
        raise LedgerDamaged("ledger_damaged", path=store.location)
    return dict(row)


def document_in_force(store: Store) -> dict[str, Any]:
    """Read the contract's document."""
    document: dict[str, Any] = json.loads(row_in_force(store)["document"])
    return document


def contract_in_force(store: Store) -> Contract:
    """Return the contract with all its amendments. Raises LedgerDamaged."""
    try:
        return _parsed(row_in_force(store)["document"])
    except (DocumentMistake, ValueError) as error:
        raise LedgerDamaged("ledger_damaged", path=store.location) from error


# A report asks for the contract from several places. The whole text is the key, so that no
# amendment can be missed, and a contract cannot be changed by who gets it.
@lru_cache(maxsize=2)
def _parsed(document: str) -> Contract:
    return read_contract(json.loads(document))
