"""What decided each record of the region's workbook, by the rules that judged it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.dossiers import all_dossiers
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.rules.explanation import Prover

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.explanation import Proof, SmeBasis

_SHOWN: Final = ("employees", "sme", "met_day", "met")
# The requirements whose answer stands in a column of its own where a target has them, in place of
# the facts about a person's employment that they look at.
_ANSWERED: Final = ("paid", "lasting")

# Many records have the same day.
_iso = lru_cache(maxsize=4096)(date.isoformat)


class MetBefore(NamedTuple):
    """How a company was met before where its own contact does not tell.

    `contact_id` is "" for the visit before the ledger began, whose day may not be known; `company` is
    the name of the company that was met where that is one which was taken over.
    """

    contact_id: str
    is_day_known: bool
    company: str


class RecordProofs:
    """The proofs of all records dated `as_of` or before, judged company by company.

    `predecessors` are the names of companies that were taken over, by id.
    """

    def __init__(
        self, store: Store, contract: Contract, as_of: date, predecessors: Mapping[str, str]
    ) -> None:
        self._predecessors = predecessors
        self._answered = {
            noun: [
                rule
                for rule in _ANSWERED
                if any(rule in t.requires for t in contract.targets if t.counts == noun)
            ]
            for noun in EVENTS
        }
        self._bases: dict[SmeBasis | None, SmeBasis | None] = {}  # few differ
        self._found: dict[str, dict[str, Sequence[Any]]] = defaultdict(dict)
        prover = Prover(contract)
        for dossier in all_dossiers(store):
            for proof in prover.proofs(dossier):
                verdict = proof.verdict
                if verdict.day is None:
                    # Not agreed yet: the company is shown as of the report's day, not of a later one.
                    version = dossier.company.version_on(as_of)
                    values = self._values(proof._replace(version=version))
                elif verdict.day <= as_of:
                    values = self._values(proof)
                else:
                    continue
                self._found[verdict.target][verdict.record_id] = values

    def fields(self, noun: str) -> tuple[str, ...]:
        """Return the columns in which the proofs of a noun are shown."""
        return (*_SHOWN, *self._answered[noun])

    def take(self, target: str, record_id: str) -> Sequence[Any] | None:
        """Return the values of these columns for a record, once; None where the rules do not judge it.

        They are the headcount, an SmeBasis (None where none is required), the day (ISO) of the earlier
        contact, its id or a MetBefore, and whether the other requirements are met.
        """
        return self._found[target].pop(record_id, None)

    def _values(self, proof: Proof) -> Sequence[Any]:
        verdict, version, sme, met = proof
        return (
            headcount_cell(version.employees),
            self._bases.setdefault(sme, sme),
            _iso(met.day) if met and met.day != date.min else None,
            self._met(met),
            *[proof.meets(rule) for rule in self._answered[verdict.noun]],
        )

    def _met(self, met: EarlierContact | None) -> str | MetBefore | None:
        if met is None or (met.contact_id and not met.predecessor):
            return met and met.contact_id
        company = self._predecessors.get(met.predecessor, "")
        return MetBefore(met.contact_id, met.day != date.min, company)


def headcount_cell(employees: str | None) -> str | int | None:
    """Return a headcount as a number where it is one, else the band as it is stored."""
    return int(employees) if employees is not None and employees.isdigit() else employees
