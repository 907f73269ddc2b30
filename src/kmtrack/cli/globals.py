"""What holds for every command: where the ledger is, what day it is, and how to get to the desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from kmtrack.clock import Clock, clock_from

if TYPE_CHECKING:
    from kmtrack.errors import KmtrackError
    from kmtrack.usecases.desk import Desk


class Globals(NamedTuple):
    """The options before the noun, with the environment they fall back on."""

    ledger: Path
    clock: Clock


def from_options(ledger: str | None) -> Globals:
    """The globals of this run; `ledger` as typed."""
    from kmtrack.usecases.opening import ledger_at

    return Globals(ledger_at(ledger, os.environ), clock_from(os.environ))


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
    if is_shared(given.ledger):
        from kmtrack.cli.output import talk

        talk("warning.shared_place", path=given.ledger)
    with desk_at(given.ledger, given.clock, os.environ, _warn) as desk:
        yield desk


def _warn(error: KmtrackError) -> None:
    from kmtrack.cli.output import talk

    talk("warning.no_backup", sentence=error.sentence())
