"""Moments: when what is stated here is recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_LAST_MOMENT = "SELECT max(recorded_at) AS recorded_at FROM command"


def after_all_others(store: Store, moment: str) -> str:
    """A moment (UTC) that is later than all that is recorded here, were the clock set back.

    Whoever folds the entries of several ledgers then sees what a statement was built upon first.
    """
    return later_than(store.get(_LAST_MOMENT)["recorded_at"] or "", moment)


def later_than(last: str, moment: str) -> str:
    """A moment (UTC), or the one right after the last where a clock was set back."""
    if moment > last:
        return moment
    later = datetime.fromisoformat(last) + timedelta(microseconds=1)
    return later.isoformat(timespec="microseconds").replace("+00:00", "Z")
