"""The brokers and the business councils where they are stationed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.brokers import broker_row, live_brokers
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.people import BrokerFacts
from kmtrack.usecases.unchanged_values import refuse_unchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.usecases.session import Session


def add_broker(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """Store a broker and return the record. Raises Refusal `broker_exists`."""
    facts = session.validate(BrokerFacts, values, typed_as={"initials": Phrase("metavar.initials")})
    with session.unit_of_work("broker add") as work:
        row = broker_row(session.store, facts.initials)
        if row is not None and row["withdrawn"] != UNDONE:
            raise Refusal("broker_exists", initials=facts.initials)
        add = work.add if row is None else work.add_again
        add("broker", facts.stated(), facts.initials)
    return dict(vars(facts))


def edit_broker(session: Session, initials: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Correct where a broker is stationed and return the record.

    Raises Refusal `unknown_broker`, `nothing_to_edit`, `stands_already`.
    """
    if not values:
        raise Refusal("nothing_to_edit")
    facts = session.validate(
        BrokerFacts,
        {"initials": initials, **values},
        typed_as={"initials": Phrase("metavar.initials")},
    )
    with session.unit_of_work("broker edit") as work:
        row = broker_row(session.store, facts.initials)
        if row is None or row["withdrawn"] == UNDONE:
            raise Refusal("unknown_broker", initials=facts.initials)
        facts = session.validate(BrokerFacts, {**BrokerFacts.from_row(row), **values})
        stated = {name: facts.stated().get(name) for name in values}
        refuse_unchanged("broker", row, stated)
        work.edit("broker", row, stated)
    return dict(vars(facts))


def brokers(session: Session) -> list[dict[str, Any]]:
    """Return all brokers, by initials."""
    return live_brokers(session.store)
