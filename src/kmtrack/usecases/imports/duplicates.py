"""Neighbours: companies of one municipality that may be each other's doubles."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.names import core_of, name_key
from kmtrack.usecases.companies import are_alike

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.store.base import Store


class Neighbour(NamedTuple):
    """A company as it is compared with others; `core` is its name without the legal form."""

    id: str
    name: str
    cvr: str | None
    core: str


class Neighbours:
    """The companies of each municipality, to see which new one looks like another."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_place: dict[tuple[str, str], list[Neighbour]] | None = None

    def meet(self, company_id: str, facts: Mapping[str, Any]) -> Neighbour | None:
        """Take in a new company; one that it looks like, unless both have a CVR number."""
        if self._by_place is None:
            self._by_place = defaultdict(list)
            for row in self._store.each("SELECT * FROM company WHERE withdrawn IS NULL"):
                self._take_in(row["id"], current_facts(dict(row)))
        others, new = self._take_in(company_id, facts)
        return next(
            (
                other
                for other in others
                if other is not new
                and not (other.cvr and new.cvr)
                and are_alike(other.core, new.core)
            ),
            None,
        )

    def _take_in(
        self, company_id: str, facts: Mapping[str, Any]
    ) -> tuple[list[Neighbour], Neighbour]:
        assert self._by_place is not None  # noqa: S101 - meet makes it
        core = core_of(name_key(facts["name"]))
        new = Neighbour(company_id, facts["name"], facts.get("cvr"), core)
        # Slips in the first two letters are rare; all pairs of a large file would take too long.
        others = self._by_place[facts.get("municipality") or "", core[:2]]
        others.append(new)
        return others, new
