"""The brokers and the business councils where they are stationed."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.ledger.queries.brokers import broker_row, live_brokers
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.people import BrokerFacts
from kmtrack.ledger.schema.plain_text import clean_line
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.settings import LOGIN_PREFIX, OWN_BROKER, put_setting, setting
from kmtrack.usecases.doubts import Doubt
from kmtrack.usecases.known_brokers import nearest
from kmtrack.usecases.location import broker_of_login
from kmtrack.usecases.unchanged_values import refuse_unchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.usecases.session import Session

_LONGEST_LOGIN: Final = 63  # bytes, on a server


def add_broker(
    session: Session, values: Mapping[str, Any], login: str | None = None
) -> dict[str, Any]:
    """Store a broker, with the `login` on a server that is theirs, and return the record.

    Raises Refusal `broker_exists`, and as `_login_typed` and `_put_login`.
    """
    facts = session.validate(BrokerFacts, values, typed_as={"initials": Phrase("metavar.initials")})
    name = _login_typed(session, login)
    with session.unit_of_work("broker add") as work:
        row = broker_row(session.store, facts.initials)
        if row is not None and row["withdrawn"] != UNDONE:
            raise Refusal("broker_exists", initials=facts.initials)
        add = work.add if row is None else work.add_again
        add("broker", facts.stated(), facts.initials)
        if name:
            _put_login(session, facts.initials, name)
    return dict(vars(facts))


def edit_broker(
    session: Session, initials: str, values: Mapping[str, Any], login: str | None = None
) -> dict[str, Any]:
    """Correct where a broker is stationed, or which `login` on a server is theirs; return the record.

    Raises Refusal `unknown_broker`, `nothing_to_edit`, `stands_already`, and as `_login_typed` and
    `_put_login`.
    """
    if not values and login is None:
        raise Refusal("nothing_to_edit")
    name = _login_typed(session, login)
    if name and not values:
        return _give_login(session, initials, name)
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
        if name:
            _put_login(session, facts.initials, name)
    return dict(vars(facts))


def _login_typed(session: Session, text: str | None) -> str | None:
    """Return the name of a server login as typed. Raises Refusal.

    That is `no_logins` for a ledger in a file, `not_allowed` for anyone but its owner, or
    `bad_option`.
    """
    if text is None:
        return None
    store = session.store
    if not store.is_served:
        raise Refusal("no_logins", path=store.location)
    if not store.is_owned:
        raise Refusal("not_allowed", path=store.location)
    try:
        name = clean_line(text, _LONGEST_LOGIN)
    except BadValue as error:
        raise Refusal("bad_option", option="--login", sentence=error.sentence()) from None
    if not name:
        raise Refusal("nothing_to_edit")
    return name


def _put_login(session: Session, initials: str, login: str) -> None:
    """Store whose a login is. Raises the Doubt `login_of_another` where it records as another broker."""
    other = setting(session.store, LOGIN_PREFIX + login)
    if other is None:
        with suppress(BadValue):
            row = broker_row(session.store, clean_initials(login))
            other = row["initials"] if row is not None and row["withdrawn"] is None else None
    if other is not None and other != initials:
        session.settle(
            Doubt(
                "login_of_another",
                login,
                yes_settles=True,
                login=login,
                other=other,
                initials=initials,
            )
        )
    put_setting(session.store, LOGIN_PREFIX + login, initials)


def _give_login(session: Session, initials: str, login: str) -> dict[str, Any]:
    """Store which broker a login belongs to; return the broker's record.

    Raises Refusal `unknown_broker`, and as `_put_login`.
    """
    typed_as = {"initials": Phrase("metavar.initials")}
    facts = session.validate(BrokerFacts, {"initials": initials}, typed_as=typed_as)
    row = broker_row(session.store, facts.initials)
    if row is None or row["withdrawn"] is not None:
        raise Refusal("unknown_broker", initials=facts.initials)
    _put_login(session, facts.initials, login)
    return {name: row[name] for name in NOUNS["broker"].fields}


class CurrentBroker(NamedTuple):
    """The current user: their initials, if known, and the source of that knowledge.

    `overruled` are the initials in KMTRACK_BROKER where a server goes by the login only.
    """

    initials: str | None
    council: str | None
    is_registered: bool
    said_by: Literal["environment", "login", "ledger"] | None
    overruled: str | None = None


def current_broker(session: Session, environment: Mapping[str, str]) -> CurrentBroker:
    """Return the current user, by KMTRACK_BROKER, the user on a server, or this ledger's setting.

    A server records by the user only, but for the owner of the tables.
    """
    store, initials, overruled = session.store, session.broker, None
    said_by: Literal["environment", "login", "ledger"] | None = None
    if environment.get("KMTRACK_BROKER"):
        said_by = "environment"
        own = initials if store.is_owned else broker_of_login(store)
        if own != initials:
            said_by, initials, overruled = "login", own, initials
    elif initials:
        said_by = "login" if store.is_served else "ledger"
    row = broker_row(store, initials) if initials else None
    is_registered = row is not None and row["withdrawn"] is None
    council = row["council"] if row and is_registered else None
    return CurrentBroker(initials, council, is_registered, said_by, overruled)


def set_current_broker(
    session: Session, initials: str, environment: Mapping[str, str]
) -> CurrentBroker:
    """Remember the current user in this ledger, and register them; return who that is now.

    KMTRACK_BROKER takes precedence. New initials that resemble known ones are doubted, and only
    reported if nobody can be asked. Raises Refusal `bad_option`, and `me_on_server` on a server,
    where the login identifies the user.
    """
    stated = {"initials": initials}
    typed_as = {"initials": Phrase("metavar.initials")}
    me = session.validate(BrokerFacts, stated, typed_as=typed_as).initials
    store = session.store
    if store.is_served and me != session.broker:
        raise Refusal("me_on_server", initials=me, user=store.login)
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
    return current_broker(session, environment)


def brokers(session: Session) -> list[dict[str, Any]]:
    """Return all brokers, by initials."""
    return live_brokers(session.store)
