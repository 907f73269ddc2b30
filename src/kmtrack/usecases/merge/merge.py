"""Merging ledgers in one transaction, after telling what it will do."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from kmtrack.clock import here
from kmtrack.ledger.exchange import ends_by_token, tokens_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.store.address import ServerAddress
from kmtrack.ledger.store.backups import Backups
from kmtrack.ledger.store.copies import copy_ledger
from kmtrack.ledger.store.quarantine import copied_aside
from kmtrack.usecases.merge.apply import take_all
from kmtrack.usecases.merge.errors import OwnLedger
from kmtrack.usecases.merge.quarantine import judge_foreign
from kmtrack.usecases.merge.result import Merged, Source
from kmtrack.usecases.people.erase import erase_traces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.address import Place
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Desk


def merge_ledgers(desk: Desk, places: Sequence[Place], *, keep: bool = True) -> Merged:
    """Take what other brokers stated into this ledger, each command once.

    Without `keep` only to tell what it would do. Raises the refusals of merging.errors and what
    `copied_aside` raises.
    """
    with ExitStack() as opened:
        sources = [_opened(desk, place, opened) for place in places]
        kept = _backup(desk) if keep and _have_news(desk.store, sources) else None
        gone: list[Row] = []
        merged = desk._replace(backs_up=False).attempt(
            "merge",
            lambda change: take_all(change, sources, gone),
            reason=shown(", ".join(place.name for place in places)),
            keep=keep,
        )
    reached = erase_traces(desk, gone) if keep and gone else None
    return merged._replace(kept=kept, reached=reached)


def _opened(desk: Desk, place: Place, opened: ExitStack) -> Source:
    if _is_own(desk.store, place):
        raise OwnLedger(file=place)
    copy = opened.enter_context(copied_aside(place, desk.store.folder))
    judge_foreign(copy, place, desk.store, desk.clock.today)
    return Source(place, copy)


def _is_own(store: Store, place: Place) -> bool:
    if isinstance(place, ServerAddress) or store.is_served:
        return place == store.place
    return place.exists() and store.path.exists() and place.samefile(store.path)


def _have_news(store: Store, sources: Sequence[Source]) -> bool:
    known = tokens_of(store)
    return any(ends_by_token(source.store).keys() - known for source in sources)


def _backup(desk: Desk) -> Path:
    file = Backups(desk.store.path).of_moment(here(desk.clock.now()))
    copy_ledger(desk.store, file)
    return file
