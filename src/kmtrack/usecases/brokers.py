"""The brokers and the business councils where they are stationed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.brokers import broker_row, live_brokers
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.people import BrokerFacts
from kmtrack.ledger.settings import OWN_BROKER, put_setting
from kmtrack.usecases.doubts import Doubt
from kmtrack.usecases.known_brokers import nearest
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


class Me(NamedTuple):
    """Who sits here, with initials if anything says so, and what says so."""

    initials: str | None
    council: str | None
    is_registered: bool
    said_by: Literal["environment", "login", "ledger"] | None


def who_sits_here(session: Session, environment: Mapping[str, str]) -> Me:
    """Tell who sits here: by KMTRACK_BROKER, the user on a server, or what this ledger was told."""
    row = broker_row(session.store, session.broker) if session.broker else None
    is_registered = row is not None and row["withdrawn"] is None
    said_by: Literal["environment", "login", "ledger"] | None = None
    if environment.get("KMTRACK_BROKER"):
        said_by = "environment"
    elif session.broker:
        said_by = "login" if session.store.is_served else "ledger"
    council = row["council"] if row and is_registered else None
    return Me(session.broker, council, is_registered, said_by)


def sit_here(session: Session, initials: str, environment: Mapping[str, str]) -> Me:
    """Remember in this ledger who sits here, and register them; tell who that is now.

    KMTRACK_BROKER goes before it. New initials near known ones are doubted, and only reported where
    nobody can be asked. Raises Refusal `bad_option`, and `me_on_server` on a server, where
    everybody is known by their user.
    """
    stated = {"initials": initials}
    typed_as = {"initials": Phrase("metavar.initials")}
    me = session.validate(BrokerFacts, stated, typed_as=typed_as).initials
    store = session.store
    if store.is_served and me != session.broker:
        raise Refusal("me_on_server", initials=me, user=session.broker or session.who)
    row = broker_row(store, me)
    near = None
    if row is None or row["withdrawn"] is not None:
        near = nearest(me, [one["initials"] for one in live_brokers(store)])
        if near is not None:
            doubt = Doubt("own_broker_near", me, is_only_reported=True, initials=me, near=near)
            session.settle(doubt)
        with session._replace(broker=me, who=me).unit_of_work("broker me") as work:
            work.register_broker(me)
            if not store.is_served:
                put_setting(store, OWN_BROKER, me)
    elif not store.is_served:
        with store.writing(os.urandom(16).hex()):
            put_setting(store, OWN_BROKER, me)
    if near is not None and not session.answers.can_ask:
        session.tell(Phrase("broker.me_near", initials=me, near=near))
    if not environment.get("KMTRACK_BROKER"):
        session = session._replace(broker=me, who=me)
    return who_sits_here(session, environment)


def brokers(session: Session) -> list[dict[str, Any]]:
    """Return all brokers, by initials."""
    return live_brokers(session.store)
