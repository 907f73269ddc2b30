"""Places of copies: where copies of a ledger may be that an erasure must reach."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from kmtrack.files import begun_as, is_abandoned, is_private_folder
from kmtrack.ledger.arrived_erasures import removed_here
from kmtrack.ledger.copy_origin import is_copy_of, twins
from kmtrack.ledger.erasure import erased_persons, holds_name
from kmtrack.ledger.erasure_in_copies import names_of_erased
from kmtrack.ledger.left_places import LeftPlace
from kmtrack.ledger.near_forms import is_long_enough
from kmtrack.ledger.queries.commands import first_token
from kmtrack.ledger.store.copies import (
    Backups,
    CopiesFolder,
    copies_folders,
    is_named_as_copy,
    is_unfinished,
    last_part,
    note_moved_folder,
)
from kmtrack.ledger.store.untrusted_file import (
    glimpsed,
    has_journal,
    is_plain_file,
    looks_like_ledger,
)
from kmtrack.usecases.survey_form_files import is_form, may_hold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kmtrack.ledger.store.base import Store


def places_of(store: Store) -> Iterator[LeftPlace]:
    """Yield the file of a ledger and every place that may contain a copy of it."""
    yield LeftPlace("ledger", "")
    for folder in copies_folders(store):
        beside = store.path.resolve().parent / last_part(
            folder.path
        )  # of a drive itself it has none
        if _has_moved_along(store, folder, beside):
            note_moved_folder(store, folder, beside)
    for path in twins(store):
        yield LeftPlace("file", str(path), "another", stamp_of(path))
    for folder in copies_folders(store):
        yield from places_in(store, folder)


def forms_with(store: Store, names: list[str]) -> Iterator[LeftPlace]:
    """Yield the survey forms in these folders that contain one of these names."""
    for path in _beside_copies(store) if names else ():
        if may_hold(path, names):
            yield LeftPlace("file", str(path), "form", stamp_of(path))


def ledgers_with(store: Store, names: list[str]) -> Iterator[LeftPlace]:
    """Yield the ledgers in these folders that began as this one, like a copy made by hand, and contain a name."""
    for path in _beside_copies(store) if names else ():
        if not _is_ledger_itself(store, path) and _is_other(
            store, path, lambda other: any(holds_name(other, name) for name in names)
        ):
            yield LeftPlace("file", str(path), "another", stamp_of(path))


def others_back(store: Store, folder: Path) -> Iterator[LeftPlace]:
    """Yield what may hold erased names in a folder that was away, though it is no copy.

    The names are not known any more: so that is every survey form, and each ledger that began as this
    one and has somebody, or a text, that is erased here.
    """
    for path in _files_in(folder):
        if is_form(path):
            yield LeftPlace("file", str(path), "form", stamp_of(path))
        elif not _is_ledger_itself(store, path) and _is_other(
            store, path, lambda other: bool(erased_in(other, store))
        ):
            yield LeftPlace("file", str(path), "another", stamp_of(path))


def erased_in(copy: Store, store: Store) -> set[str]:
    """Return the names and texts that a copy still has and that are erased here."""
    names = names_of_erased(copy, erased_persons(store)).values()
    return {*filter(None, names), *filter(is_long_enough, removed_here(store, copy))}


def _beside_copies(store: Store) -> Iterator[Path]:
    """Yield the files in the folders of copies, as far as they can be read."""
    for folder in copies_folders(store):
        yield from _files_in(folder.path)


def _files_in(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from map(without_link, sorted(folder.iterdir()))


def without_link(path: Path) -> Path:
    """Return the file itself that a link in a folder of copies leads to; any other path as it is."""
    with suppress(OSError, RuntimeError):  # links that lead to each other
        if path.is_symlink() and path.exists():
            return path.resolve()
    return path


def _is_other(store: Store, path: Path, holds: Callable[[Store], bool]) -> bool:
    if looks_like_ledger(path):
        with suppress(Exception), glimpsed(path) as other:
            if first_token(other) == first_token(store) and not is_copy_of(other, path, store):
                return holds(other)
    return False


def _has_moved_along(store: Store, folder: CopiesFolder, beside: Path) -> bool:
    """Return whether a missing folder of backups was moved together with its ledger."""
    if os.path.lexists(folder.path) or store.is_served or not beside.is_dir():
        return False
    return any(
        Backups(store.path.with_name(last_part(ledger))).folder.name == last_part(folder.path)
        and not os.path.lexists(ledger)
        for ledger in folder.ledgers
    )


def places_in(store: Store, folder: CopiesFolder) -> Iterator[LeftPlace]:
    """Yield the copies in a folder, or the folder itself if it is missing or unreadable."""
    if folder.is_away:
        yield LeftPlace("folder", str(folder.path), "away")
        return
    try:
        there = sorted(folder.path.iterdir())
    except OSError:
        yield LeftPlace("folder", str(folder.path), "not_readable")
        return
    places = (_place_at(store, folder, path) for path in map(without_link, there))
    yield from filter(None, places)


def _place_at(store: Store, folder: CopiesFolder, path: Path) -> LeftPlace | None:
    """Return what is to be cleaned in a folder at a path, if anything."""
    if is_private_folder(path) or begun_as(path) is not None:
        is_left = _is_left_unfinished(store, folder, path)
        return LeftPlace("unfinished", str(path)) if is_left else None
    if path.is_symlink():
        is_named = _is_named_as_copy(store, folder, path)
        return LeftPlace("file", str(path), "away") if is_named else None
    if not is_plain_file(path) or _is_ledger_itself(store, path):
        return None
    why = _first_look(store, folder, path)
    return None if why is None else LeftPlace("file", str(path), why, stamp_of(path) if why else "")


def _first_look(store: Store, folder: CopiesFolder, path: Path) -> str | None:
    """Return "" for a copy, the reason if a file named like one cannot be read, None for any other file."""
    is_named = _is_named_as_copy(store, folder, path)
    if not looks_like_ledger(path):
        return "damaged" if is_named else None
    # A damaged ledger among the backups is a former backup, whatever its name.
    is_named |= folder.path == Backups(store.path).folder.resolve()
    if has_journal(path):
        return ""  # it is looked at once it is whole
    try:
        with glimpsed(path) as file:
            return "" if is_copy_of(file, path, store) else None
    except Exception:  # noqa: BLE001 - a file may be anything
        return "damaged" if is_named else None


def _is_named_as_copy(store: Store, folder: CopiesFolder, path: Path) -> bool:
    return any(is_named_as_copy(store.path.with_name(name), path.name) for name in folder.names)


def _is_own_folder(store: Store, folder: Path) -> bool:
    return folder == store.path.parent.resolve() or folder.name.endswith("-backups")


def _is_left_unfinished(store: Store, folder: CopiesFolder, path: Path) -> bool:
    """Return whether a temporary file or folder may be what is left of a copy, or of a form."""
    if is_private_folder(path):
        return _is_own_folder(store, folder.path)
    return is_abandoned(path) or any(
        is_unfinished(store.path.with_name(name), path) for name in folder.names
    )


def _is_ledger_itself(store: Store, path: Path) -> bool:
    if store.is_served:
        return False
    with suppress(OSError):
        return path.samefile(store.path)
    return False


def stamp_of(path: Path) -> str:
    """Return the time and size of a file, which show whether it was changed; "" if there is none."""
    try:
        found = path.lstat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns}-{found.st_size}"
