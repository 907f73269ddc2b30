"""Location: where the ledger is, and who is working on it."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from kmtrack.errors import BadValue, Refusal, WrongUsage
from kmtrack.files import data_folder, path_typed
from kmtrack.ledger.open import open_store
from kmtrack.ledger.queries.brokers import broker_row
from kmtrack.ledger.schema.plain_text import clean_line, shown
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.settings import (
    HEADS,
    LEFT_PLACES,
    LOGIN_PREFIX,
    OWN_BROKER,
    is_bundle,
    opening_settings,
)
from kmtrack.ledger.store.address import is_address, server_address
from kmtrack.usecases.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kmtrack.clock import Clock
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store


def default_ledger(environment: Mapping[str, str]) -> Location:
    """Return the ledger's default location: KMTRACK_LEDGER, or the user's own data folder."""
    named = environment.get("KMTRACK_LEDGER")
    return location_named(named, environment) if named else data_folder(environment) / "ledger.db"


def location_named(text: str, environment: Mapping[str, str]) -> Location:
    """Return the file, or the database on a server, that a person names.

    Raises WrongUsage `bad_server_address`.
    """
    if is_address(text):
        return server_address(text, data_folder(environment))
    return path_typed(text)


@contextmanager
def session_at(
    place: Location,
    clock: Clock,
    environment: Mapping[str, str],
    warn: Callable[[Refusal], None] = lambda _: None,
) -> Iterator[Session]:
    """Open a session on the ledger at `place`. Raises the refusals of `open_store`, and refuses a bundle.

    `warn` is called with the refusal if the backup of the day could not be made.
    """
    with ledger_at(place, opening_settings, partial(_own_broker, settings={})) as store:
        refuse_planted(store)
        settings = opening_settings(store)
        if HEADS in settings:
            raise _bundle_no_ledger(store)
        broker = environment.get("KMTRACK_BROKER") or _own_broker(store, settings)
        broker = clean_initials(broker) if broker else None
        who = broker or known_as(store, environment, settings)
        token = _token(environment)
        # A server's ledger is backed up there, not on every broker's machine.
        backs_up = not store.is_served
        session = Session(store, clock, broker, who, backs_up=backs_up, warn=warn, token=token)
        if LEFT_PLACES in settings:
            from kmtrack.usecases.clean_up import clean_up_in_passing

            session = session._replace(clean_left=clean_up_in_passing)
        yield session


@contextmanager
def ledger_at(place: Location, *ahead: Callable[[Store], object]) -> Iterator[Store]:
    """Open the ledger at `place` for the duration of the block, as `open_store` does."""
    store = open_store(place, *ahead)
    try:
        yield store
    finally:
        store.close()


def refuse_planted(store: Store) -> None:
    """Raise Refusal `planted` for a foreign trigger in a ledger: it would run with what a command writes."""
    if (name := store.planted()) is not None:
        raise Refusal("planted", path=store.location, name=shown(name))


def refuse_bundle(store: Store) -> None:
    """Raise Refusal `bundle_no_ledger` for a bundle, which can only be merged."""
    if is_bundle(store):
        raise _bundle_no_ledger(store)


def _bundle_no_ledger(store: Store) -> Refusal:
    return Refusal("bundle_no_ledger", file=store.location)


def _token(environment: Mapping[str, str]) -> str | None:
    """Return KMTRACK_TOKEN, the token of a command that is tried again. Raises WrongUsage `bad_token`."""
    token = environment.get("KMTRACK_TOKEN", "").strip().lower()
    if token and not re.fullmatch("[0-9a-f]{32}", token):
        raise WrongUsage("bad_token", value=shown(token))
    return token or None


def known_as(
    store: Store, environment: Mapping[str, str], settings: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return the name under which the entries of a person without known initials are recorded.

    A server's user is written like initials, so that it matches a broker who is added later.
    """
    user = clean_line(_name_of_login(store, settings), 60)
    if not user:
        return user_name(environment)
    with suppress(BadValue):
        return clean_initials(user)
    return user


def user_name(environment: Mapping[str, str]) -> str:
    """Return the user's name in the operating system."""
    import getpass

    try:
        return clean_line(getpass.getuser(), 60) or "?"
    except (OSError, KeyError, ImportError):
        return environment.get("USERNAME", "?")


def broker_of_login(store: Store) -> str | None:
    """Return the initials under which a server records what its user states."""
    return _own_broker(store, opening_settings(store))


def _own_broker(store: Store, settings: Mapping[str, str]) -> str | None:
    """Return the broker whose file it is, or whose initials are the server's user.

    An unregistered user is a new broker, except for the administrator, who owns the tables.
    """
    if not store.is_served:
        return settings.get(OWN_BROKER)
    try:
        initials = clean_initials(_name_of_login(store, settings))
    except BadValue:
        return None
    row = broker_row(store, initials)
    is_known = row is not None and row["withdrawn"] is None
    return None if not is_known and store.is_owned else initials


def _name_of_login(store: Store, settings: Mapping[str, str]) -> str:
    """Return the initials that the administrator gave to a server login; else the login's own name."""
    login = store.login or ""
    return settings.get(LOGIN_PREFIX + login, login)
