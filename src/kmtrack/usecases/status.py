"""The status of a ledger, added up from the stored verdicts without judging again."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.queries.brokers import live_brokers
from kmtrack.ledger.queries.deliverables import steps_towards
from kmtrack.ledger.queries.methods import methods_with_statements
from kmtrack.ledger.queries.surveys import number_of_surveys
from kmtrack.ledger.queries.targets import companies_that_hired, tallies_by_group, totals
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.municipalities import municipality_name
from kmtrack.rules.deliverables import DeliveryStep, deliverable_status
from kmtrack.rules.growth import Rise, growth_status
from kmtrack.rules.methods import methods_status
from kmtrack.rules.status import Group, Status, months_between, status_from, with_groups
from kmtrack.rules.tallies import Tally
from kmtrack.text import in_danish_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.status import DeliveredStatus

# The choice of which the kinds of a noun's records are.
KINDS: Final[Mapping[str, str]] = {
    "contact": "channel",
    "collaboration": "collaboration_kind",
    "hire": "level",
}


def status_of(store: Store, as_of: date, grouping: str | None = None) -> Status:
    """Return the status on `as_of`, with the groups of `grouping` (a status_grouping of schema.choices) if asked."""
    with store.reading():
        store.foresee(
            partial(contract_in_force, store),
            partial(totals, store, as_of),
            partial(methods_with_statements, store),
            partial(companies_that_hired, store, as_of),
            partial(number_of_surveys, store, as_of),
        )
        if grouping:
            store.foresee(partial(tallies_by_group, store, as_of, grouping))
        contract = contract_in_force(store)
        delivered = delivered_statuses(store, contract, as_of)
        status = status_from(contract, as_of, totals(store, as_of), delivered)
        return grouped_status(store, status, grouping) if grouping else status


def grouped_status(store: Store, status: Status, grouping: str) -> Status:
    """Return a status with its groups, read in the same snapshot as the status."""
    tallies = tallies_by_group(store, status.as_of, grouping)
    if grouping == "kind":
        return with_groups(status, grouping, _by_kind(status.contract, tallies))
    known = dict.fromkeys(_known_groups(store, status.contract, status.as_of, grouping), Tally())
    groups = {
        target.id: _groups(grouping, {**known, **tallies.get(target.id, {})})
        for target in status.contract.targets
    }
    return with_groups(status, grouping, groups)


def status_known_at(
    store: Store, known_at: str, as_of: date, grouping: str | None = None
) -> Status:
    """Return the status on `as_of` from what the ledger had at the moment `known_at` (UTC).

    Raises Refusal `not_yet_made` for a moment before the ledger had its contract.
    """
    from kmtrack.ledger.known_at import as_known_at

    with store.reading(), as_known_at(store, known_at) as then:
        return status_of(then, as_of, grouping)._replace(known_at=known_at)


def _known_groups(store: Store, contract: Contract, as_of: date, grouping: str) -> list[str]:
    """Return the groups that are listed even without records."""
    if grouping == "municipality":
        return [span.municipality for span in contract.participation]
    if grouping == "month":
        return months_between(contract.first_day, min(as_of, contract.last_day))
    field = "initials" if grouping == "broker" else "council"
    return [row[field] for row in live_brokers(store) if row[field]]


def _by_kind(contract: Contract, tallies: dict[str, dict[str, Tally]]) -> dict[str, list[Group]]:
    """Return the kinds of each target's records, in the order of the choices."""
    groups = {}
    for target in contract.targets:
        found = tallies.get(target.id, {})
        kinds = [*CHOICES[KINDS[target.counts]], ""] if target.is_counted else []
        groups[target.id] = [Group(kind, kind, found[kind]) for kind in kinds if kind in found]
    return groups


def _groups(grouping: str, tallies: dict[str, Tally]) -> list[Group]:
    groups = [
        Group(key, municipality_name(key) if grouping == "municipality" and key else key, tally)
        for key, tally in tallies.items()
    ]
    return sorted(groups, key=lambda group: (not group.key, in_danish_order(group.name)))


def delivered_statuses(store: Store, contract: Contract, as_of: date) -> dict[str, DeliveredStatus]:
    """Return the status of each delivered target of the contract on `as_of`, by its id."""
    steps = (each.id for each in contract.targets if each.counts == "deliverable")
    store.foresee(*(partial(steps_towards, store, target) for target in steps))
    return {
        target.id: delivered_status(store, contract, target, as_of)
        for target in contract.targets
        if not target.is_counted
    }


def statuses_for(
    store: Store, counts: str, as_of: date, target_id: str | None = None
) -> list[tuple[Target, DeliveredStatus]]:
    """Return the delivered targets for records of the noun `counts`, or one of them, with their status."""
    contract = contract_in_force(store)
    return [
        (target, delivered_status(store, contract, target, as_of))
        for target in contract.targets
        if target.counts == counts and target_id in {None, target.id}
    ]


def delivered_status(
    store: Store, contract: Contract, target: Target, as_of: date
) -> DeliveredStatus:
    """Return the status of one delivered target on `as_of`."""
    if target.counts == "method":
        return methods_status(target, contract, methods_with_statements(store), as_of)
    if target.counts == "deliverable":
        steps = [
            DeliveryStep(row["step"], date.fromisoformat(row["date"]), row["point"])
            for row in steps_towards(store, target.id)
        ]
        return deliverable_status(target, contract, steps, as_of)
    hired = companies_that_hired(store, as_of)
    return growth_status(target, contract, hired, _rise(store, as_of), as_of)


def _rise(store: Store, as_of: date) -> Rise | None:
    # The questionnaire is read only where there are answers; most ledgers have none for long.
    if not number_of_surveys(store, as_of):
        return Rise()
    from kmtrack.usecases.surveys.report import growth_of

    return growth_of(store, as_of).rise
