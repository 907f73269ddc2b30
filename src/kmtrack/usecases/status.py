"""The status of a ledger: added up from the stored verdicts, never judged anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.ledger.contracts import contract_in_force
from kmtrack.places import municipality_name
from kmtrack.rules.status import Group, Status, Tally, status_from
from kmtrack.usecases.tallies import by_group, totals

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.store import Store


def status_of(store: Store, as_of: date, grouping: str | None = None) -> Status:
    """The status on `as_of`, with the groups of `grouping` (one of tallies.GROUPINGS) if asked."""
    with store.reading():
        contract = contract_in_force(store)
        tallies = totals(store, as_of)
        grouped = by_group(store, as_of, grouping) if grouping else {}
    groups = {target: _groups(grouping, found) for target, found in grouped.items()}
    return status_from(contract, as_of, tallies, grouping, groups)


def _groups(grouping: str | None, tallies: dict[str, Tally]) -> list[Group]:
    groups = [
        Group(key, municipality_name(key) if grouping == "municipality" and key else key, tally)
        for key, tally in tallies.items()
    ]
    return sorted(groups, key=lambda group: (not group.key, group.name))
