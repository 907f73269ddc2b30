"""The proofs of the region's workbook: what decided each record, by the rules that judged it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from kmtrack.ledger.dossiers import all_dossiers
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.rules.proofs import Prover

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.store.scratch_table import ScratchTable
    from kmtrack.ledger.verdicts import VerdictComparison
    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.proofs import Proof

Item = TypeVar("Item")

VALUES_ASIDE: Final = 3  # of each record
_SHOWN: Final = ("employees", "sme", "met_day", "met")
# The requirements whose answer stands in a column of its own where a target has them, in place of
# the facts about a person's employment that they look at.
_ANSWERED: Final = ("paid", "lasting")

# Many records share a day.
_iso = lru_cache(maxsize=4096)(date.isoformat)


class MetBefore(NamedTuple):
    """How a company was met before, if that was not by a contact of its own.

    `contact_id` is "" for the visit before the ledger began, whose day may be unknown; `company` is
    the name of the company that was met if it has been taken over since.
    """

    contact_id: str
    is_day_known: bool
    company: str


class RecordProofs:
    """The proofs of all records dated `as_of` or before, judged company by company.

    `predecessors` has the names of companies that were taken over, by id. What is particular to a
    record is kept in `scratch`; the rest is shared by many. `comparison` receives the verdicts.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is asked of it once
        self,
        store: Store,
        contract: Contract,
        as_of: date,
        predecessors: Mapping[str, str],
        scratch: ScratchTable,
        comparison: VerdictComparison | None,
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
        self._scratch = scratch
        self._companies = _Numbered[tuple[Any, ...]]()
        self._met_before = _Numbered[MetBefore]()
        prover = Prover(contract)
        for dossier in all_dossiers(store):
            proofs = list(prover.proofs(dossier))
            if comparison is not None:
                comparison.add(dossier.company.id, (proof.verdict for proof in proofs))
            for proof in proofs:
                verdict = proof.verdict
                if verdict.day is None:
                    # Not agreed yet: the company is shown as of the report's day, not of a later one.
                    version = dossier.company.version_on(as_of)
                    self._put(proof._replace(version=version))
                elif verdict.day <= as_of:
                    self._put(proof)

    def fields(self, noun: str) -> tuple[str, ...]:
        """Return the columns that show the proofs of a noun."""
        return (*_SHOWN, *self._answered[noun])

    def of(self, target: str, record_id: str) -> Sequence[Any] | None:
        """Return the values of these columns for a record; None if the rules do not judge it.

        They are the headcount, an SmeBasis (None if none is required), the day (ISO) of the earlier
        contact, its id or a MetBefore, and whether the other requirements are met.
        """
        found = self._scratch.find(f"{record_id} {target}")
        if found is None:
            return None
        company, met_day, met = found
        employees, sme, *answers = self._companies[company]
        if type(met) is int:
            met = self._met_before[met]
        return (employees, sme, met_day, met, *answers)

    def _put(self, proof: Proof) -> None:
        verdict, version, sme, met = proof
        answers = [proof.meets(rule) for rule in self._answered[verdict.noun]]
        self._scratch.put(
            f"{verdict.record_id} {verdict.target}",
            self._companies.number((headcount_cell(version.employees), sme, *answers)),
            _iso(met.day) if met and met.day != date.min else None,
            self._met(met),
        )

    def _met(self, met: EarlierContact | None) -> str | int | None:
        if met is None or (met.contact_id and not met.predecessor):
            return met and met.contact_id
        company = self._predecessors.get(met.predecessor, "")
        before = MetBefore(met.contact_id, met.day != date.min, company)
        return self._met_before.number(before)


class _Numbered(Generic[Item]):
    """Numbers values; equal values get the same number."""

    def __init__(self) -> None:
        self._numbers: dict[Item, int] = {}
        self._items: list[Item] = []

    def __getitem__(self, number: int) -> Item:
        return self._items[number]

    def number(self, item: Item) -> int:
        """Return the number of a value."""
        number = self._numbers.setdefault(item, len(self._items))
        if number == len(self._items):
            self._items.append(item)
        return number


def headcount_cell(employees: str | None) -> str | int | None:
    """Return a headcount as a number if it is one, else the stored range."""
    return int(employees) if employees is not None and employees.isdigit() else employees
