"""Context: what every command needs: where the ledger is, what day it is, and the session."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from kmtrack.cli.errors import CHANGE, is_fault, never_known
from kmtrack.clock import Clock, clock_from

if TYPE_CHECKING:
    from kmtrack.errors import Refusal
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session


class Globals(NamedTuple):
    """The options before the noun, with the environment they fall back on."""

    ledger: Location
    clock: Clock
    is_password_typed: bool = False
    asks_nothing: bool = False


def from_options(ledger: str | None, *, no_input: bool = False) -> Globals:
    """Return the globals of this run; `ledger` is as typed, and with `no_input` nothing is asked."""
    if ledger:
        from kmtrack.cli.parse import has_password, parse_location

        location = parse_location(ledger)
        is_typed = has_password(location)
        return Globals(location, clock_from(os.environ), is_typed, no_input)
    from kmtrack.usecases.location import default_ledger

    return Globals(default_ledger(os.environ), clock_from(os.environ), asks_nothing=no_input)


def globals_of(context: typer.Context) -> Globals:
    """Return the globals that the root command was called with."""
    found = context.find_root().obj
    return found if isinstance(found, Globals) else from_options(found)


@contextmanager
def open_session(context: typer.Context) -> Iterator[Session]:
    """Open the session in the ledger that this command is for."""
    from kmtrack.usecases.location import session_at

    given = globals_of(context)
    _warn_of_shared_place(given.ledger)
    with (
        reporting_damage(given.ledger),
        session_at(given.ledger, given.clock, os.environ, _warn) as session,
    ):
        _warn_of_password(given)
        try:
            yield session._replace(change=CHANGE)
        except KeyboardInterrupt:
            CHANGE.settle()
            raise


@contextmanager
def at_ledger(context: typer.Context) -> Iterator[Store]:
    """Open the ledger without a session, which needs less of a damaged one to be readable."""
    from kmtrack.usecases.location import ledger_at

    given = globals_of(context)
    _warn_of_shared_place(given.ledger)
    with reporting_damage(given.ledger), ledger_at(given.ledger) as store:
        _warn_of_password(given)
        yield store


def _warn_of_password(given: Globals) -> None:
    if given.is_password_typed:
        from kmtrack.cli.output import notify

        notify("warning.password_typed")


def _warn_of_shared_place(ledger: Location) -> None:
    from kmtrack.ledger.store.address import is_shared

    if isinstance(ledger, Path) and is_shared(ledger):
        from kmtrack.cli.output import notify

        notify("warning.shared_place", path=ledger)


def appears_at(location: Location) -> Callable[[], bool]:
    """Return what tells whether there is a file that is not there yet; of a server nothing does."""
    if not isinstance(location, Path) or location.exists():
        return never_known
    return location.exists


@contextmanager
def reporting_damage(ledger: Location) -> Iterator[None]:
    """Report a fault of kmtrack as damage where the ledger proves to be damaged.

    Nothing else guards against what a ledger may hold that kmtrack never wrote.
    """
    try:
        yield
    except Exception as error:
        if not is_fault(error):
            raise
        from kmtrack.ledger.store.errors import LedgerDamaged
        from kmtrack.usecases.check import is_found_damaged

        if is_found_damaged(ledger):
            raise LedgerDamaged("ledger_damaged", path=ledger) from error
        raise


def _warn(error: Refusal) -> None:
    from kmtrack.cli.output import notify

    if error.key == "older_kept":
        notify("warning.older_kept", sentence=error.sentence())
    else:
        notify("warning.no_backup", sentence=error.cause())
