"""What holds for every command: where the ledger is, what day it is, and how to get to the desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from kmtrack.cli.paths import has_password, place_typed
from kmtrack.clock import Clock, clock_from

if TYPE_CHECKING:
    from kmtrack.errors import KmtrackError
    from kmtrack.ledger.address import Place
    from kmtrack.usecases.desk import Desk


class Globals(NamedTuple):
    """The options before the noun, with the environment they fall back on."""

    ledger: Place
    clock: Clock
    is_password_typed: bool = False


def from_options(ledger: str | None) -> Globals:
    """The globals of this run; `ledger` as typed."""
    from kmtrack.usecases.opening import default_ledger

    place = place_typed(ledger) if ledger else default_ledger(os.environ)
    is_typed = bool(ledger) and has_password(place)
    return Globals(place, clock_from(os.environ), is_password_typed=is_typed)


def globals_of(context: typer.Context) -> Globals:
    """The globals that the root command was called with."""
    found = context.find_root().obj
    return found if isinstance(found, Globals) else from_options(found)


@contextmanager
def at_desk(context: typer.Context) -> Iterator[Desk]:
    """The desk over the ledger that this command is for."""
    from kmtrack.ledger.shared_places import is_shared
    from kmtrack.usecases.opening import desk_at

    given = globals_of(context)
    if isinstance(given.ledger, Path) and is_shared(given.ledger):
        from kmtrack.cli.output import talk

        talk("warning.shared_place", path=given.ledger)
    with desk_at(given.ledger, given.clock, os.environ, _warn) as desk:
        if given.is_password_typed:
            from kmtrack.cli.output import talk

            talk("warning.password_typed")
        yield desk


def _warn(error: KmtrackError) -> None:
    from kmtrack.cli.output import talk

    talk("warning.no_backup", sentence=error.cause())
