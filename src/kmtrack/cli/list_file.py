"""List files: a list written as a CSV file that a spreadsheet opens with a double click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.cli.output import show, write_csv
from kmtrack.cli.parse import parse_path
from kmtrack.errors import NO_ROOM, Refusal, WrongUsage
from kmtrack.files import empty_beside, move_into
from kmtrack.i18n import say
from kmtrack.named_files import open_regular
from kmtrack.usecases.doubts import Doubt
from kmtrack.views.lists import list_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from kmtrack.usecases.session import Session

_ENDING: Final = ".csv"
# The mark in front tells a spreadsheet that it is UTF-8.
_ENCODING: Final = "utf-8-sig"
_OF_A_LEDGER: Final = b"SQLite format 3\x00"


def write_list(
    session: Session,
    file: str,
    noun: str,
    fields: Sequence[str],
    records: Iterable[Mapping[str, Any]],
    *,
    is_json: bool,
) -> None:
    """Write records in words to a CSV file that only its owner may read, and report it.

    The file is moved into place when it is whole; an existing one is replaced if the user agrees.
    Raises WrongUsage `json_and_out`, Refusal `file_not_csv`, `folder_missing`, `file_is_folder`,
    `file_there`, `ledger_in_the_way`, `folder_not_writable`, `no_room`, and the Doubt `list_there`.
    """
    if is_json:
        raise WrongUsage("json_and_out")
    path = parse_path(file)
    _refuse_place(path)
    if path.exists():
        session.settle(Doubt("list_there", str(path), yes_settles=True, file=path))
    headings, rows = list_in_words(noun, fields, records)
    try:
        with empty_beside(path) as beside:
            with beside.open("w", encoding=_ENCODING, newline="") as stream:
                number = write_csv(stream, fields, rows, headings)
            move_into(beside, path)
    except OSError as error:
        key = "no_room" if error.errno in NO_ROOM else "folder_not_writable"
        raise Refusal(key, file=path) from error
    show(say("list.written", file=path, number=number))


def _refuse_place(path: Path) -> None:
    if path.suffix.lower() != _ENDING:
        raise Refusal("file_not_csv", file=path)
    if not path.parent.is_dir():
        raise Refusal("folder_missing", folder=path.parent)
    if path.is_dir():
        raise Refusal("file_is_folder", file=path)
    if path.exists() and not path.is_file():
        raise Refusal("file_there", file=path)
    if _is_ledger(path):
        raise Refusal("ledger_in_the_way", file=path)


def _is_ledger(path: Path) -> bool:
    """Return whether a file is a ledger, this one or another, whatever its name."""
    try:
        with open_regular(path) as file:
            return file.read(len(_OF_A_LEDGER)) == _OF_A_LEDGER
    except OSError:
        return False
