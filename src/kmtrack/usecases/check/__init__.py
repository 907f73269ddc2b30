"""Check a ledger: damage to what was recorded, and warnings that a person should look at."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.open import open_store
from kmtrack.ledger.queries.integrity import count_records, coverage
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.usecases.check.entries import missing_digests
from kmtrack.usecases.check.integrity import faults_in, is_damaged
from kmtrack.usecases.check.issues import Issue
from kmtrack.usecases.check.warnings import warnings_in
from kmtrack.usecases.check.writers import with_writers
from kmtrack.usecases.wrong_clock import ahead_of_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kmtrack.ledger.queries.integrity import Coverage
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store

# A smaller ledger is checked before another process would have started.
_LARGE: Final = 16 << 20
# What a process of `python -m kmtrack.usecases.check` ends with; Python itself ends with 1 or 2.
WHOLE, DAMAGED = 0, 3
BUT_VERDICTS: Final = "but-verdicts"


class CheckResult(NamedTuple):
    """What a check found: `damage` or, if there is none, `warnings`.

    `coverage` says from which command of each person on the chain covers reasons and order. Of
    `records` contacts, collaborations and hires, `affected` are touched by damage; both are None if
    the file is too damaged to tell.
    """

    damage: list[Issue]
    warnings: list[Issue]
    records: int | None = None
    affected: int | None = None
    coverage: Sequence[Coverage] = ()


def check_ledger(
    store: Store,
    digests: Sequence[str] = (),
    advance: Callable[[int], None] | None = None,
    now: str | None = None,
) -> CheckResult:
    """Check the whole ledger as of one moment, and that it has the entries with these digests.

    A digest is hex and may be cut off after 16 digits or more, as a workbook prints it. `advance`
    is called with the percentage done. Commands dated after `now` (UTC) cause a warning.
    """
    with store.reading():
        faults = [*faults_in(store, advance), *missing_digests(store, digests)]
        damage = [issue.legible() for issue in faults]
        if not damage:
            found = [*_ahead(store, now), *warnings_in(store)]
            return CheckResult([], found, coverage=coverage(store))
        if _is_beyond_counting(damage):
            return CheckResult(damage, [])
        damage = with_writers(store, damage)
        named = sorted({id_ for issue in damage for id_ in issue.records})
        counts = [count_records(store, noun, named) for noun in EVENTS]
        records, affected = map(sum, zip(*counts, strict=True))
        return CheckResult(damage, [], records, affected)


def _ahead(store: Store, now: str | None) -> Iterator[Issue]:
    for each in ahead_of_clock(store, now) if now else ():
        facts = {"by": each.by, "numbers": each.commands, "at": each.last, "now": now}
        yield Issue("ahead_of_clock", facts)


def _is_beyond_counting(damage: list[Issue]) -> bool:
    """Return whether pages are broken, or a table needed for counting records is missing."""
    lost = {
        issue.facts["table"]
        for issue in damage
        if issue.kind in {"table_missing", "column_missing"}
    }
    return not lost.isdisjoint({"command", "entry", *EVENTS}) or any(
        issue.kind == "integrity" for issue in damage
    )


def is_found_damaged(location: Location) -> bool:
    """Return whether the ledger at a location is damaged; False if that cannot be found out."""
    try:
        with closing(open_store(location)) as store:
            return is_damaged(store)
    except LedgerDamaged:
        return True
    except Exception:  # noqa: BLE001 - the caller has an error of its own to report
        return False


@contextmanager
def is_damaged_meanwhile(
    store: Store, *, but_verdicts: bool = False
) -> Iterator[Callable[[], bool]]:
    """Check a ledger while it is being read; yield a function that returns whether it is damaged.

    Use it inside `store.reading()`. Another process checks a large file: nobody can change it while
    this one reads. It looks for damage only, not for what `check` warns of, and with `but_verdicts`
    not at the verdicts, which the caller compares.
    """
    if store.is_served or store.path.stat().st_size < _LARGE:
        yield lambda: bool(faults_in(store, but_verdicts=but_verdicts))
        return
    command = [sys.executable, "-m", "kmtrack.usecases.check", str(store.path)]
    command += [BUT_VERDICTS] if but_verdicts else []
    check = subprocess.Popen(  # noqa: S603 - this very program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield lambda: _is_damage(check.wait(), store)
    finally:
        check.kill()
        check.wait()


def _is_damage(exit_code: int, store: Store) -> bool:
    if exit_code in {WHOLE, DAMAGED}:
        return exit_code == DAMAGED
    return bool(faults_in(store))  # something else ended the other process
