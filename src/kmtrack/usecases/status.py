"""The status of a ledger: added up from the stored verdicts, never judged anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.alphabet import in_danish_order
from kmtrack.ledger.contract import contract_in_force
from kmtrack.municipalities import municipality_name
from kmtrack.rules.schedule import months_between
from kmtrack.rules.status import Group, Grouping, Status, Tally, status_from
from kmtrack.usecases.tallies import by_group, totals
from kmtrack.usecases.target_status import standings

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract


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
