"""Context: what every command needs: the location of the ledger, the date, and the session."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kmtrack.cli.errors import CHANGE, is_fault, never_known
from kmtrack.cli.globals import can_ask, globals_of
from kmtrack.usecases.doubts import Doubt

if TYPE_CHECKING:
    from kmtrack.cli.globals import Globals
    from kmtrack.errors import Phrase, Refusal
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session


@contextmanager
def open_session(context: typer.Context) -> Iterator[Session]:
    """Open the session in the ledger of this command.

    Doubts of its use case are asked while the ledger is open, but outside any transaction: the
    answer goes with the Doubt to `cli/main.py`, which runs the command again.
    """
    from kmtrack.usecases.location import session_at

    _refuse_two_forms(context)
    given = globals_of(context)
    _warn_of_shared_place(given.ledger)
    with (
        reporting_damage(given.ledger),
        session_at(given.ledger, given.clock, os.environ, _warn) as session,
    ):
        _warn_of_password(given)
        answers = given.answers._replace(
            says_yes=bool(context.params.get("yes")), can_ask=can_ask(context)
        )
        try:
            yield session._replace(change=CHANGE, answers=answers, tell=_tell)
        except KeyboardInterrupt:
            CHANGE.settle()
            raise
        except Doubt as doubt:
            if not answers.can_ask:
                raise
            from kmtrack.cli.prompts import answer_to

            CHANGE.reset()  # what was begun is rolled back
            raise doubt.answered(answer_to(doubt, session.store)) from None


@contextmanager
def at_ledger(context: typer.Context) -> Iterator[Store]:
    """Open the ledger without a session, so that less of a damaged one has to be readable."""
    from kmtrack.usecases.location import ledger_at

    given = globals_of(context)
    _warn_of_shared_place(given.ledger)
    with reporting_damage(given.ledger), ledger_at(given.ledger) as store:
        _warn_of_password(given)
        yield store


def _refuse_two_forms(context: typer.Context) -> None:
    """Raise WrongUsage `json_and_csv` if the answer is requested in both forms."""
    if context.params.get("json") and context.params.get("csv"):
        from kmtrack.errors import WrongUsage

        raise WrongUsage("json_and_csv")


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
    """Return a function that tells whether a file has appeared that is not there yet; for a server it cannot."""
    if not isinstance(location, Path) or location.exists():
        return never_known
    return location.exists


@contextmanager
def reporting_damage(ledger: Location) -> Iterator[None]:
    """Report a fault of kmtrack as damage if the ledger proves to be damaged.

    Nothing else guards against content that kmtrack never wrote.
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


def _tell(what: Phrase) -> None:
    from kmtrack.cli.output import notify_line

    notify_line(str(what))


def _warn(error: Refusal) -> None:
    from kmtrack.cli.output import notify

    if error.key in {"older_kept", "clean_up_failed"}:
        notify("warning.as_it_is", sentence=error.sentence())
    else:
        notify("warning.no_backup", sentence=error.cause())
