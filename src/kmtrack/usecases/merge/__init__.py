"""Merge other brokers' ledgers into this one, after a plan of what that does."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.copy_origin import keep_copy
from kmtrack.ledger.exchange import command_tokens
from kmtrack.ledger.queries.commands import last_entries
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.store.address import ServerAddress
from kmtrack.ledger.store.copies import Backups, remember_folder
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.usecases.clean_up import clean_up, note_left
from kmtrack.usecases.merge.apply import Source, apply_ledgers
from kmtrack.usecases.merge.validation import validate_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.merge.apply import MergeResult
    from kmtrack.usecases.session import Session


def merge_ledgers(
    session: Session, locations: Sequence[Location], *, keep: bool = True
) -> MergeResult:
    """Apply every command of the ledgers at these locations that is not here yet, all or none.

    With `keep=False` only return the plan. Raises Refusal for this ledger itself, and as
    `quarantined`, `validate_ledger` and `apply_ledgers`.
    """
    with ExitStack() as opened:
        sources = [_open(session, location, opened) for location in locations]
        kept = _back_up(session) if keep and _have_news(session.store, sources) else None
        reason = shown(", ".join(location.name for location in locations))
        backed_up = session._replace(backs_up=False)  # above, whatever the day
        with backed_up.unit_of_work("merge", reason, dry_run=not keep) as work:
            result = apply_ledgers(work, sources)
            if keep and result.erasures:
                note_left(session, result.erasures.texts)
    erasures = result.erasures
    reached = clean_up(session, erasures.texts) if keep and erasures else None
    return result._replace(kept=kept, reached=reached)


def _open(session: Session, location: Location, opened: ExitStack) -> Source:
    """Open a validated copy of a ledger: nothing is applied that was not validated."""
    if _is_own(session.store, location):
        raise Refusal("own_ledger", file=location)
    copy = opened.enter_context(quarantined(location, session.store.folder))
    validate_ledger(copy, location, session.store, session.clock.today)
    return Source(location, copy)


def _is_own(store: Store, location: Location) -> bool:
    if isinstance(location, ServerAddress) or store.is_served:
        return location == store.location
    return location.exists() and store.path.exists() and location.samefile(store.path)


def _have_news(store: Store, sources: Sequence[Source]) -> bool:
    known = command_tokens(store)
    return any(end.token not in known for source in sources for end in last_entries(source.store))


def _back_up(session: Session) -> Path:
    file = Backups(session.store.path).of_moment(here(session.clock.now()))
    remember_folder(session.store, file.parent)
    keep_copy(session.store, file)
    return file
