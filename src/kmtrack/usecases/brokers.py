"""The brokers and the business councils where they are stationed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.errors import Refusal
from kmtrack.i18n import say
from kmtrack.ledger.queries.brokers import live_brokers
from kmtrack.ledger.schema.people import BrokerFacts
from kmtrack.usecases.unchanged_values import refuse_what_stands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.usecases.session import Session


def add_broker(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """Store a broker; the record. Raises Refusal `broker_exists`."""
    facts = session.validate(BrokerFacts, values, typed_as={"initials": say("metavar.initials")})
    with session.unit_of_work("broker add") as work:
        if session.store.one("SELECT 1 FROM broker WHERE id = :id", id=facts.initials):
            raise Refusal("broker_exists", initials=facts.initials)
        work.add("broker", facts.stated(), facts.initials)
    return dict(vars(facts))


def edit_broker(session: Session, initials: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Correct where a broker is stationed; the record.

    Raises Refusal `unknown_broker`, `nothing_to_edit`, `stands_already`.
    """
    if not values:
        raise Refusal("nothing_to_edit")
    facts = session.validate(
        BrokerFacts,
        {"initials": initials, **values},
        typed_as={"initials": say("metavar.initials")},
    )
    with session.unit_of_work("broker edit") as work:
        row = session.store.one("SELECT * FROM broker WHERE id = :id", id=facts.initials)
        if row is None:
            raise Refusal("unknown_broker", initials=facts.initials)
        stated = {name: facts.stated().get(name) for name in values}
        refuse_what_stands("broker", dict(row), stated)
        work.edit("broker", dict(row), stated)
    return dict(vars(facts))


def brokers(session: Session) -> list[dict[str, Any]]:
    """All brokers, by their initials."""
    return live_brokers(session.store)
