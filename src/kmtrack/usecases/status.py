"""The status of a ledger: added up from the stored verdicts, never judged anew."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kmtrack.alphabet import in_danish_order
from kmtrack.ledger.contract import contract_in_force
from kmtrack.municipalities import municipality_name
from kmtrack.rules.deliverables import Step, deliverable_standing
from kmtrack.rules.growth import Rise, growth_standing
from kmtrack.rules.methods import Assessed, Method, PassedOn, methods_standing
from kmtrack.rules.status import Group, Grouping, Status, Tally, months_between, status_from
from kmtrack.usecases.tallies import by_group, totals

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.status import DeliveredStanding


def status_of(store: Store, as_of: date, grouping: str | None = None) -> Status:
    """The status on `as_of`, with the groups of `grouping` (a status_grouping of schema.choices) if asked."""
    with store.reading():
        contract = contract_in_force(store)
        tallies = totals(store, as_of)
        delivered = standings(store, contract, as_of)
        if grouping is None:
            return status_from(contract, as_of, tallies, delivered)
        grouped = by_group(store, as_of, grouping)
        known = _known_groups(store, contract, as_of, grouping)
    groups = {
        target.id: _groups(
            grouping, {**dict.fromkeys(known, Tally()), **grouped.get(target.id, {})}
        )
        for target in contract.targets
    }
    return status_from(contract, as_of, tallies, delivered, Grouping(grouping, groups))


def status_known_at(
    store: Store, known_at: str, as_of: date, grouping: str | None = None
) -> Status:
    """The status on `as_of` as far as the ledger knew it at the moment `known_at` (UTC).

    Raises Refusal `not_yet_made` for a moment before the ledger had its contract.
    """
    from kmtrack.ledger.projection import as_known_at

    with store.reading(), as_known_at(store, known_at) as then:
        return status_of(then, as_of, grouping)._replace(known_at=known_at)


def _known_groups(store: Store, contract: Contract, as_of: date, grouping: str) -> list[str]:
    """The groups that have their line though nothing may have happened in them: 0 is shown as 0."""
    if grouping == "municipality":
        return [span.municipality for span in contract.participation]
    if grouping == "month":
        return months_between(contract.first_day, min(as_of, contract.last_day))
    field = "initials" if grouping == "broker" else "council"
    rows = store.all("SELECT initials, council FROM broker WHERE withdrawn IS NULL")
    return [row[field] for row in rows if row[field]]


def _groups(grouping: str, tallies: dict[str, Tally]) -> list[Group]:
    groups = [
        Group(key, municipality_name(key) if grouping == "municipality" and key else key, tally)
        for key, tally in tallies.items()
    ]
    return sorted(groups, key=lambda group: (not group.key, in_danish_order(group.name)))


_METHODS: Final = "SELECT * FROM method WHERE withdrawn IS NULL ORDER BY recorded_at, id"
_ASSESSMENTS: Final = "SELECT * FROM assessment WHERE withdrawn IS NULL ORDER BY recorded_at, id"
_DISSEMINATIONS: Final = (
    "SELECT * FROM dissemination WHERE withdrawn IS NULL ORDER BY recorded_at, id"
)
_STEPS: Final = """
    SELECT * FROM delivery WHERE withdrawn IS NULL AND target = :target
    ORDER BY date, recorded_at, id
"""
# The condition of the index "verdict_hired", so that no contact is looked at.
_HIRED: Final = """
    SELECT count(DISTINCT company_id) FROM verdict
    WHERE noun = 'hire' AND outcome = 'counted' AND day <= :as_of
"""
_SURVEYED: Final = "SELECT count(*) FROM survey WHERE withdrawn IS NULL AND date <= :as_of"


def standings(store: Store, contract: Contract, as_of: date) -> dict[str, DeliveredStanding]:
    """How each delivered target of the contract stands on `as_of`, by its id."""
    return {
        target.id: standing_of(store, contract, target, as_of)
        for target in contract.targets
        if not target.is_counted
    }


def standing_of(store: Store, contract: Contract, target: Target, as_of: date) -> DeliveredStanding:
    """How one delivered target stands on `as_of`."""
    if target.counts == "method":
        return methods_standing(target, contract, methods_in(store), as_of)
    if target.counts == "deliverable":
        return deliverable_standing(target, contract, steps_of(store, target.id), as_of)
    hired = int(store.get(_HIRED, as_of=str(as_of))[0])
    return growth_standing(target, contract, hired, _rise(store, as_of), as_of)


def methods_in(store: Store) -> list[Method]:
    """The methods of the ledger with what was done about them, in the order recorded."""
    assessed: dict[str, list[Assessed]] = defaultdict(list)
    passed_on: dict[str, list[PassedOn]] = defaultdict(list)
    for row in store.each(_ASSESSMENTS):
        assessed[row["method_id"]].append(Assessed(_day(row), row["verdict"]))
    for row in store.each(_DISSEMINATIONS):
        passed_on[row["method_id"]].append(PassedOn(_day(row), row["audience"]))
    return [
        Method(
            row["id"],
            row["name"],
            _day(row),
            row["audience"],
            tuple(assessed[row["id"]]),
            tuple(passed_on[row["id"]]),
        )
        for row in store.each(_METHODS)
    ]


def steps_of(store: Store, target: str) -> list[Step]:
    """The steps towards a deliverable, by day."""
    rows = store.each(_STEPS, target=target)
    return [Step(row["step"], _day(row), row["point"]) for row in rows]


def _rise(store: Store, as_of: date) -> Rise:
    # Most ledgers hold no answers for long: the questionnaire is read where there are some.
    if not store.get(_SURVEYED, as_of=str(as_of))[0]:
        return Rise()
    from kmtrack.usecases.surveys.report import rise_of

    return rise_of(store, as_of)


def _day(row: Any) -> date:
    return date.fromisoformat(row["date"])
