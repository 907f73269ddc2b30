"""Output: data to stdout, messages to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TextIO

from kmtrack.i18n import csv_language, say
from kmtrack.preferences import is_plain
from kmtrack.text import visible, with_guard
from kmtrack.views.screen_lines import command_on_screen, on_screen
from kmtrack.views.table import BETWEEN_FACTS

if TYPE_CHECKING:
    from kmtrack.ledger.verdicts import VerdictChange
    from kmtrack.rules.contract import Target
    from kmtrack.rules.status import DeliveredStatus
    from kmtrack.rules.tallies import TargetChange

# The number of pieces of JSON that are printed together.
_PIECES: Final = 2000


def show(line: str) -> None:
    """Print a line of data; in plain pages, each of its facts on a line."""
    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    if is_plain(os.environ, at_terminal=at_terminal):
        print(visible(line).replace(BETWEEN_FACTS, "\n"))
    else:
        print(on_screen(line, sys.stdout))


def show_command(command: str, indent: str) -> None:
    """Print a command that can be copied, on one line."""
    print(command_on_screen(command, indent, sys.stdout))


def show_lines(lines: Iterable[str]) -> int:
    """Print lines of data; return how many there were."""
    number = 0
    for line in lines:
        show(line)
        number += 1
    return number


def notify(key: str, **facts: object) -> None:
    """Print a message on stderr, by the key of its text."""
    notify_line(say(key, **facts))


def notify_line(line: str) -> None:
    """Print a line on stderr; failing to do so is no fault of the command."""
    with suppress(OSError, ValueError):
        print(on_screen(line, sys.stderr), file=sys.stderr)


def show_json(data: Any) -> None:
    """Print data as JSON, with escapes if the terminal's encoding lacks characters.

    An iterator is printed as a list whose items are made meanwhile.
    """
    pieces: list[str] = []
    encoder = json.JSONEncoder(ensure_ascii=not _is_unicode(), indent=2, default=_in_json)
    for piece in encoder.iterencode(data):
        pieces.append(piece)
        if len(pieces) >= _PIECES:
            _print_json(pieces)
    pieces.append("\n")
    _print_json(pieces)


def _print_json(pieces: list[str]) -> None:
    text = "".join(pieces)
    pieces.clear()
    print(text if text.replace("\n", "").isprintable() else _escaped(text), end="")


def _in_json(value: Any) -> Any:
    return _Unread(value) if isinstance(value, Iterator) else str(value)


class _Unread(list[Any]):
    """A list of items yet to be made, for the JSON encoder, which iterates over it once."""

    def __init__(self, items: Iterator[Any]) -> None:
        super().__init__(islice(items, 1))  # the encoder asks first whether it is empty
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        yield from super().__iter__()
        yield from self._items


def show_withdrawal(
    records: Sequence[dict[str, Any]],
    changes: Sequence[TargetChange] = (),
    others: Sequence[VerdictChange] = (),
    statuses: Sequence[tuple[Target, DeliveredStatus]] = (),
    *,
    json: bool,
) -> None:
    """Print withdrawn records and what changes without them, as lines or as JSON."""
    from kmtrack.views.withdrawal import format_withdrawal, withdrawal_as_dict

    if json:
        show_json(withdrawal_as_dict(records, changes, others, statuses))
    else:
        show_lines(format_withdrawal(records, changes, others, statuses))


def _escaped(text: str) -> str:
    """Escape every invisible character of JSON."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else json.dumps(letter)[1:-1]
        for letter in text
    )


def show_csv(
    fields: Sequence[str],
    records: Iterable[Mapping[str, Any]],
    headings: Iterable[str] | None = None,
) -> None:
    """Print records as CSV under these headings, or under the names of their fields.

    The separator is that of `csv_language`.
    """
    _use_unicode()
    write_csv(sys.stdout, fields, records, headings)


def write_csv(
    stream: TextIO,
    fields: Sequence[str],
    records: Iterable[Mapping[str, Any]],
    headings: Iterable[str] | None = None,
) -> int:
    """Write records as CSV, as `show_csv` does, to an open file; return how many there were."""
    import csv

    delimiter = ";" if csv_language() == "da" else ","
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(headings or fields)
    number = 0
    for record in records:
        writer.writerow([_in_csv(record.get(field)) for field in fields])
        number += 1
    return number


def _in_csv(value: Any) -> Any:
    return with_guard(visible(value)) if isinstance(value, str) else value


def _use_unicode() -> None:
    """Write UTF-8 to a file or a pipe whose encoding lacks letters that names may have.

    On Windows that is the encoding of old programs; the leading mark tells a spreadsheet otherwise.
    """
    change = getattr(sys.stdout, "reconfigure", None)  # what tests put in its place has none
    if change is not None and not _is_unicode() and not sys.stdout.isatty():
        change(encoding="utf-8-sig")


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def notify_lines(lines: Iterable[str]) -> None:
    """Print lines on stderr, such as a plan that somebody is to agree to."""
    for line in lines:
        notify_line(line)
