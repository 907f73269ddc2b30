"""Merging ledgers in one transaction, after telling what it will do."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.exchange import ends_by_token, tokens_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.store.address import ServerAddress
from kmtrack.ledger.store.copies import Backups, copy_ledger
from kmtrack.ledger.store.quarantine import copied_aside
from kmtrack.usecases.merge.apply import take_all
from kmtrack.usecases.merge.quarantine import judge_foreign
from kmtrack.usecases.merge.result import Merged, Source
from kmtrack.usecases.people.erase import erase_traces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session


def merge_ledgers(session: Session, places: Sequence[Location], *, keep: bool = True) -> Merged:
    """Take what other brokers stated into this ledger, each command once.

    Without `keep` only to tell what it would do. Raises the refusals of merging.errors and what
    `copied_aside` raises.
    """
    with ExitStack() as opened:
        sources = [_opened(session, place, opened) for place in places]
        kept = _backup(session) if keep and _have_news(session.store, sources) else None
        gone: list[Row] = []
        reason = shown(", ".join(place.name for place in places))
        backed_up = session._replace(backs_up=False)  # above, whatever the day
        with backed_up.unit_of_work("merge", reason, dry_run=not keep) as work:
            merged = take_all(work, sources, gone)
    reached = erase_traces(session, gone) if keep and gone else None
    return merged._replace(kept=kept, reached=reached)


def _opened(session: Session, place: Location, opened: ExitStack) -> Source:
    if _is_own(session.store, place):
        raise Refusal("own_ledger", file=place)
    copy = opened.enter_context(copied_aside(place, session.store.folder))
    judge_foreign(copy, place, session.store, session.clock.today)
    return Source(place, copy)


def _is_own(store: Store, place: Location) -> bool:
    if isinstance(place, ServerAddress) or store.is_served:
        return place == store.place
    return place.exists() and store.path.exists() and place.samefile(store.path)


def _have_news(store: Store, sources: Sequence[Source]) -> bool:
    known = tokens_of(store)
    return any(ends_by_token(source.store).keys() - known for source in sources)


def _backup(session: Session) -> Path:
    file = Backups(session.store.path).of_moment(here(session.clock.now()))
    copy_ledger(session.store, file)
    return file
