"""Globals: the options before the noun, and whether somebody can be asked."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import Clock, clock_from
from kmtrack.usecases.doubts import NO_ANSWERS, Answers

if TYPE_CHECKING:
    import typer

    from kmtrack.ledger.store.address import Location


COMPLETION: Final = "_KMTRACK_COMPLETE"  # set by the shell where Tab was pressed
# They may stand anywhere on the command line: those with a value, and those without.
GLOBAL_OPTIONS: Final = frozenset({"--lang", "--ledger"})
GLOBAL_FLAGS: Final = frozenset({"--no-input", "--plain"})


class GlobalOptionInDanish(Exception):
    """An option that is read before Typer sees the command line was typed in Danish."""


class Globals(NamedTuple):
    """The options before the noun, with the environment as their fallback."""

    ledger: Location
    clock: Clock
    is_password_typed: bool = False
    asks_nothing: bool = False
    answers: Answers = NO_ANSWERS


def from_options(
    ledger: str | None, answers: Answers = NO_ANSWERS, *, no_input: bool = False
) -> Globals:
    """Return the globals of this run; `ledger` is as typed, and with `no_input` nothing is asked.

    `answers` are those to the questions that this command line was asked before.
    """
    if ledger:
        from kmtrack.cli.parse import has_password, parse_location

        location = parse_location(ledger)
        is_typed = has_password(location)
        return Globals(location, clock_from(os.environ), is_typed, no_input, answers)
    from kmtrack.usecases.location import default_ledger

    location = default_ledger(os.environ)
    return Globals(location, clock_from(os.environ), asks_nothing=no_input, answers=answers)


def globals_of(context: typer.Context) -> Globals:
    """Return the globals that the root command was called with."""
    found = context.find_root().obj
    return found if isinstance(found, Globals) else from_options(found)


def can_ask(context: typer.Context) -> bool:
    """Return whether somebody can be asked: at a terminal, without --no-input and --json."""
    if globals_of(context).asks_nothing or context.params.get("json"):
        return False
    return at_terminal()


def at_terminal() -> bool:
    """Return whether the command was typed at a terminal: stdin and stderr both are one."""
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr))
