"""Trust: use cases that write by what they read before the lock, and run again where that did not hold."""

from __future__ import annotations

from contextlib import suppress
from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from kmtrack.ledger.store.errors import Outdated

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.usecases.session import Session

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def trusting(
    use_case: Callable[Concatenate[Session, _Given], _Made],
) -> Callable[Concatenate[Session, _Given], _Made]:
    """Let a use case of one transaction hold a server's lock for a trip less.

    What it reads ahead of the lock it does not read again; where somebody else stored something in
    between, nothing is stored, and the use case runs once more, now without trust.
    """

    def run(session: Session, /, *given: _Given.args, **named: _Given.kwargs) -> _Made:
        if session.store.is_served:
            with suppress(Outdated):
                return use_case(session._replace(trusts_ahead=True), *given, **named)
        return use_case(session, *given, **named)

    update_wrapper(run, use_case)
    return run
