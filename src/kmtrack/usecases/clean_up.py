"""Clean-up: take erased names out of the ledger's file and out of every copy that kmtrack made of it.

What remains to be cleaned is noted with the erasure itself, and crossed off place by place: the
next command that writes goes on with it.
"""

from __future__ import annotations

import os
from contextlib import nullcontext, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Phrase, Refusal
from kmtrack.files import begun_as, is_abandoned, sweep
from kmtrack.ledger.copy_origin import (
    Origin,
    commands_by_place,
    is_copy_of,
    is_here,
    keep_copy,
    origin_of,
    tokens_after,
    was_here,
)
from kmtrack.ledger.erasure import holds_name, require_compaction
from kmtrack.ledger.erasure_in_copies import erase_as_in
from kmtrack.ledger.left_places import LASTING, LeftPlace, add_left, left_places, settle_left
from kmtrack.ledger.queries.commands import first_token
from kmtrack.ledger.settings import is_bundle
from kmtrack.ledger.store.copies import copies_folders, forget_folder, maker_at, under_all_names
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.ledger.store.sqlite import play_back_journal
from kmtrack.ledger.store.untrusted_file import (
    glimpsed,
    has_journal,
    is_plain_file,
    looks_like_ledger,
)
from kmtrack.ledger.voids import ERASING
from kmtrack.usecases.copy_places import (
    erased_in,
    forms_with,
    ledgers_with,
    others_back,
    places_in,
    places_of,
    stamp_of,
    without_link,
)
from kmtrack.usecases.survey_form_files import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

# An everyday command cleans one place, and others while it has taken no longer than this (seconds).
_SHORT: Final = 10.0
_WHY: Final = {
    "ledger_newer": "newer",
    "ledger_busy": "busy",
    "ledger_read": "busy",
    "file_too_large": "too_large",
    "disk_full": "no_room",
    "no_room_aside": "no_room",
    "copy_failed": "not_writable",
    "ledger_not_readable": "not_readable",
    "ledger_read_only": "not_writable",
    "no_ledger_in_file": "damaged",
    "foreign_schema": "damaged",
}


class ErasureReport(NamedTuple):
    """How far an erasure reached: the copies that are clean now, and the others.

    `held` are those of the clean copies in which something was erased. `why` has the reason for
    each of the `remaining`. `away` are folders of copies that are missing or unreadable. `traces`
    is what kept the ledger's file from being compacted, or the list of places from being kept.
    """

    cleaned: list[Path]
    remaining: list[Path]
    away: list[Path]
    traces: Refusal | None = None
    why: dict[Path, str] = {}  # noqa: RUF012 - a NamedTuple's default is never changed
    held: Sequence[Path] = ()


def note_left(session: Session, names: Iterable[str] = ()) -> None:
    """Note every place that an erasure must reach, in its own transaction.

    That includes survey forms with one of these names, though only their owner can clean them.
    """
    store, known = session.store, list(names)
    places = [*places_of(store), *forms_with(store, known), *ledgers_with(store, known)]
    add_left(store, places)
    session.change.leave(len(places))


def clean_up(
    session: Session, names: Iterable[str] = (), *, is_passing: bool = False
) -> ErasureReport:
    """Clean the remaining places, each by itself: one that cannot be cleaned does not stop the others.

    `names` are those known to be erased. In passing, the command under way is delayed only for a
    moment. An interrupt is held off while a place is being cleaned. A ledger that cannot be read or
    written does not take back an erasure that is stored: that is reported, and in passing it is
    refused.
    """
    work = _CleanUp(session, names)
    try:
        work.run(_SHORT if is_passing else None)
    except Refusal as error:
        work.failure = error
    if work.failure is None:
        return work.report
    if is_passing:
        raise work.failure
    return work.report._replace(traces=_not_compacted(session.store, work.failure))


def clean_up_in_passing(session: Session) -> None:
    """Continue with the places left by earlier erasures before another change; no failure stops that."""
    if not session.store.is_owned:
        return
    try:
        clean_up(session, is_passing=True)
    except Exception as error:  # noqa: BLE001 - it is not what the broker is about
        cause = _cause(error) if isinstance(error, Refusal) else Phrase("left.failed")
        session.warn(Refusal("clean_up_failed", cause=cause))


def forget_copies(store: Store, folder: Path) -> None:
    """Give up a folder of copies that is lost for good, so that no erasure waits for it.

    Raises the refusals of `require_compaction` and `forget_folder`.
    """
    require_compaction(store)
    with store.writing(os.urandom(16).hex()):
        path = forget_folder(store, folder)
        for place in left_places(store):
            if place.kind == "folder" and place.path == str(path):
                settle_left(store, place, None)


class _CleanUp:
    """The cleaning of all remaining places."""

    def __init__(self, session: Session, names: Iterable[str]) -> None:
        self._session = session
        self._store = session.store
        self._names = {*names}
        self._named: set[str] = set()
        self._done: set[Path] = set()
        self._held: list[Path] = []
        self.report = ErasureReport([], [], [], None, {}, self._held)
        self.failure: Refusal | None = None  # of the list of places

    def run(self, seconds: float | None) -> None:
        """Clean every place, or as many as there is time for. Raises the refusals of the ledger."""
        began, waiting = monotonic(), left_places(self._store)
        _sweep_beside(self._store, waiting)
        self._learn_names(waiting)
        worked = False
        while waiting:
            place, *waiting = sorted(waiting, key=self._order)
            if place.why in LASTING and place.stamp == stamp_of(Path(place.path)):
                self._tell(place)
                continue
            if seconds is not None and worked and monotonic() - began > seconds:
                break
            with self._session.change.held_off():
                now, found = self._clean(place)
                self._settle(place, now, found)
                worked |= now is None
            waiting += found
            self._learn_names(found)
            if now is not None:
                self._tell(now)
        self._session.change.leave(0)

    def _learn_names(self, places: Iterable[LeftPlace]) -> None:
        """Read the erased names of persons, and the erased texts, from copies."""
        for place in places:
            path = Path(place.path)
            if place.kind == "file" and looks_like_ledger(path):
                with suppress(Exception), glimpsed(path) as copy:
                    if is_copy_of(copy, path, self._store):
                        names = erased_in(copy, self._store)
                        self._names |= names
                        self._named |= {place.path} if names else set()

    def _order(self, place: LeftPlace) -> tuple[int, bool]:
        """Sort copies from which names can be learned last: a later attempt may need them."""
        kinds = ("ledger", "folder", "unfinished", "file")
        return kinds.index(place.kind), place.path in self._named

    def _settle(self, place: LeftPlace, now: LeftPlace | None, found: list[LeftPlace]) -> None:
        store = self._store
        if now == place and not found:
            return
        try:
            with store.writing(os.urandom(16).hex()):
                settle_left(store, place, now)
                add_left(store, found)
            self._session.change.leave(len(left_places(store)))
        except Refusal as error:  # it stays on the list, and is only cleaned once more
            self.failure = error

    def _tell(self, place: LeftPlace) -> None:
        path = Path(place.path)
        if place.kind == "folder":
            self.report.away.append(path)
        elif place.kind != "ledger":
            self.report.remaining.append(path)
            self.report.why[path] = place.why

    def _clean(self, place: LeftPlace) -> tuple[LeftPlace | None, list[LeftPlace]]:
        """Clean a place. Return it with the reason if it is not clean, and the places that it leads to."""
        path, why = Path(place.path), None
        found: list[LeftPlace] = []
        if place.kind == "ledger":
            why = self._wipe_ledger()
        elif place.kind == "folder":
            why, found = self._look_into(path)
        elif place.kind != "unfinished":
            why = self._clean_file(path)
        elif sweep(path):
            final = path.with_name(begun_as(path) or path.name)
            if is_plain_file(final) and final not in self._done:
                found = [LeftPlace("file", str(final))]
        else:
            why = "unfinished"
        if why is None:
            return None, found
        return place._replace(why=why, stamp=stamp_of(path) if place.kind == "file" else ""), found

    def _wipe_ledger(self) -> str | None:
        """Wipe what an erasure left in the ledger's file; return what prevented it, if anything."""
        try:
            self._store.compact()
        except Refusal as error:
            self.report = self.report._replace(traces=_not_compacted(self._store, error))
            return "busy"
        return None

    def _look_into(self, path: Path) -> tuple[str | None, list[LeftPlace]]:
        """Return the copies in a folder that was away, or the reason why it cannot be read."""
        for folder in copies_folders(self._store):
            if folder.path == path:
                found = list(places_in(self._store, folder))
                if found and found[0].kind == "folder":
                    return found[0].why, []
                return None, [*found, *others_back(self._store, path)]
        return None, []

    def _clean_file(self, path: Path) -> str | None:
        """Clean a copy; return why it is not clean, or None. Files that are not ours are left alone."""
        path = without_link(path)
        if not os.path.lexists(path) or path in self._done:
            return None
        if path.is_symlink():
            return "away"
        try:
            with under_all_names(path) if is_plain_file(path) else nullcontext():
                is_ours, held, why = self._rewrite(path)
        except Refusal as error:
            return "damaged" if isinstance(error, LedgerDamaged) else _WHY.get(error.key, "failed")
        except OSError:
            return "not_writable"
        except Exception:  # noqa: BLE001 - a copy may be damaged in any way: it is one that remains
            return "damaged"
        if is_ours and why is None:
            self._done.add(path)
            self.report.cleaned.append(path)
            self._held += [path] * held
        return why

    def _rewrite(self, path: Path) -> tuple[bool, bool, str | None]:
        """Replace a copy by a clean one.

        Return whether it is ours, whether it contained what was erased, and why it is not clean.
        """
        store = self._store
        if not is_plain_file(path):
            return False, False, None
        if not looks_like_ledger(path):
            return True, False, "form" if path.suffix.lower() == SUFFIX else "damaged"
        with quarantined(path, store.folder) as copy:
            if not is_copy_of(copy, path, store):
                return False, False, None
            if is_bundle(copy):
                from kmtrack.usecases.merge.bundle import rewrite_bundle

                held = bool(erased_in(copy, store)) or any(
                    holds_name(copy, name) for name in self._names
                )
                return True, held, None if rewrite_bundle(store, path, copy) else "uncertain"
            origin = self._origin(copy)
            # What the ledger lost by a restore may name somebody of whom nothing else tells.
            is_certain = bool(self._names) or is_here(store, origin.last)
            held = self._erase_in(copy)
            origin = origin._replace(cleaned=tuple(tokens_after(copy, origin.last.number)))
            copy.compact()
            if has_journal(path):
                play_back_journal(path)
            keep_copy(copy, path, origin)
        return True, held, None if is_certain else "uncertain"

    def _origin(self, copy: Store) -> Origin:
        """Return up to which command a file is a copy of this ledger; copies of older versions included."""
        noted = origin_of(copy)
        if noted is not None:
            return noted
        last = [each for each in commands_by_place(copy) if was_here(self._store, each)][-1]
        return Origin(first_token(self._store), maker_at(self._store.path), last)

    def _erase_in(self, copy: Store) -> bool:
        """Erase in a copy what is erased here; return whether there was anything."""
        with self._session.in_copy(copy).unit_of_work(ERASING) as work:
            erase_as_in(self._store, work, self._names)
            return work.is_begun


def _not_compacted(store: Store, error: Refusal) -> Refusal:
    return Refusal("not_compacted", path=store.location, cause=_cause(error))


def _cause(error: Refusal) -> str:
    """Return what is wrong, worded so that it is true of a list of places whose erasure is stored."""
    is_about_change = error.key in {"not_stored", "stored_unknown"}
    return str(error.facts["cause"]) if is_about_change else error.cause()


def _sweep_beside(store: Store, places: Iterable[LeftPlace]) -> None:
    """Remove what a killed clean-up left beside these places."""
    folders = {store.folder, *(Path(each.path).parent for each in places if each.kind == "file")}
    for folder in folders:
        with suppress(OSError):
            for path in folder.iterdir():
                if is_abandoned(path):
                    sweep(path)
