"""Optimistic reads: a use case reads before a server's lock, trusting that nothing is stored meanwhile.

If somebody stored something in between, nothing is stored, and the use case runs again.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from kmtrack.ledger.store.errors import Outdated

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.usecases.session import Session

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
# How often everything is read before the lock, until it is read with it: others wait long for that.
_TRIES: Final = 2


def optimistic(
    use_case: Callable[Concatenate[Session, _Given], _Made],
) -> Callable[Concatenate[Session, _Given], _Made]:
    """Let a use case of one transaction do all its reads before a server's lock.

    Its writes are pending meanwhile: others wait for a single trip.
    """

    def run(session: Session, /, *given: _Given.args, **named: _Given.kwargs) -> _Made:
        for _ in range(_TRIES if session.store.is_served else 0):
            with suppress(Outdated):
                return use_case(session._replace(trusts_ahead=True), *given, **named)
        return use_case(session, *given, **named)

    update_wrapper(run, use_case)
    return run


def rehearsed(
    use_case: Callable[Concatenate[Session, _Given], _Made],
) -> Callable[Concatenate[Session, _Given], _Made]:
    """Let an optimistic use case of one transaction be gone through beforehand, without writing.

    All its reads are asked for in few trips, and then again only what its own writes may change.
    """

    def run(session: Session, /, *given: _Given.args, **named: _Given.kwargs) -> _Made:
        if not session.store.is_served:
            return use_case(session, *given, **named)
        ids = _KeptIds(session.new_id)
        kept = session._replace(new_id=ids)

        def rehearsal() -> None:
            ids.begin()
            try:
                use_case(kept.rehearsing(), *given, **named)
            finally:
                ids.begin()

        for _ in range(_TRIES):
            with suppress(Outdated):
                return use_case(
                    kept._replace(trusts_ahead=True, rehearsal=rehearsal), *given, **named
                )
        return use_case(session, *given, **named)

    update_wrapper(run, use_case)
    return run


class _KeptIds:
    """New ids of records by noun: the same ones each time that a command is gone through."""

    def __init__(self, new_id: Callable[[str], str]) -> None:
        self._new_id = new_id
        self._kept: dict[str, list[str]] = defaultdict(list)
        self._given: dict[str, int] = defaultdict(int)

    def begin(self) -> None:
        """Begin with the first id of each noun again."""
        self._given.clear()

    def __call__(self, noun: str) -> str:
        """Return the next id of a noun."""
        kept, at = self._kept[noun], self._given[noun]
        self._given[noun] = at + 1
        if at == len(kept):
            kept.append(self._new_id(noun))
        return kept[at]
