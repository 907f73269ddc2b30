"""Files of survey forms: where they were written, and which of them contain an erased name."""

from __future__ import annotations

import os
import zipfile
from contextlib import suppress
from html import unescape
from typing import TYPE_CHECKING, Final

from kmtrack.archives import BROKEN_ARCHIVE
from kmtrack.errors import Refusal
from kmtrack.ledger.left_places import LeftPlace, left_places, settle_left
from kmtrack.ledger.store.copies import remember_folder
from kmtrack.ledger.store.untrusted_file import is_plain_file
from kmtrack.named_files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

SUFFIX: Final = ".xlsx"
_PROPERTIES: Final = "docProps/core.xml"
_MAKER: Final = b">kmtrack "
_LARGEST: Final = 8 << 20
_MOST_PARTS: Final = 500


def note_form(session: Session, file: Path) -> None:
    """Remember the folder of a file of forms before it is written.

    So an erasure also finds what an interrupted command left of them.
    """
    with suppress(Refusal):  # where nobody may write here nobody erases
        remember_folder(session.store, file.parent)


def settle_form(session: Session, file: Path) -> None:
    """Note that a file of forms was written anew, and contains no erased name."""
    place, store = LeftPlace("file", str(file.resolve())), session.store
    with suppress(Refusal):  # the forms are written
        if any(each[:2] == place[:2] for each in left_places(store)) and store.is_owned:
            with store.writing(os.urandom(16).hex()):
                settle_left(store, place, None)


def may_hold(file: Path, names: Iterable[str]) -> bool:
    """Return whether a form that kmtrack wrote contains one of these names; False for any other file."""
    words = [" ".join(name.split()).casefold() for name in names]
    return any(_names(part, words) for part in _parts(file))


def is_form(file: Path) -> bool:
    """Return whether kmtrack wrote a file as a survey form."""
    from kmtrack.usecases.surveys.form_sheet import MARK

    return any(f"{MARK}:".encode() in part for part in _parts(file))


def _parts(file: Path) -> Iterator[bytes]:
    """Yield the parts of a workbook that kmtrack wrote; none of another file."""
    if file.suffix.lower() != SUFFIX or not is_plain_file(file):
        return
    with (
        suppress(*BROKEN_ARCHIVE),
        open_regular(file) as stream,
        zipfile.ZipFile(stream) as archive,
    ):
        if _MAKER in _part(archive, _PROPERTIES):
            yield from (_part(archive, part) for part in archive.namelist()[:_MOST_PARTS])


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_LARGEST)


def _names(part: bytes, words: list[str]) -> bool:
    text = " ".join(unescape(part.decode(errors="replace")).split()).casefold()
    return any(each in text for each in words)
