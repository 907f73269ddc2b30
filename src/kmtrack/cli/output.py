"""Output: data to stdout, messages to stderr."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from typing import Any

from kmtrack.i18n import current, say
from kmtrack.text import visible

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def show(line: str) -> None:
    """One line of data."""
    print(visible(line))


def show_lines(lines: Iterable[str]) -> None:
    """Print lines of data."""
    for line in lines:
        show(line)


def talk(key: str, **facts: object) -> None:
    """One line of talk, by its text."""
    print(visible(say(key, **facts)), file=sys.stderr)


def show_json(data: Any) -> None:
    """Data as JSON; with escapes where the terminal's encoding has not all characters."""
    text = json.dumps(data, ensure_ascii=not _is_unicode(), indent=2, default=str)
    print(text if text.replace("\n", "").isprintable() else _escaped(text))


def _escaped(text: str) -> str:
    """JSON with an escape for every character of its texts that nobody sees."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else json.dumps(letter)[1:-1]
        for letter in text
    )


def show_csv(fields: Sequence[str], records: Iterable[Mapping[str, Any]]) -> None:
    """Records as CSV under the names of their fields, with the separator that spreadsheets here use."""
    _take_every_letter()
    writer = csv.writer(
        sys.stdout, delimiter=";" if current() == "da" else ",", lineterminator="\n"
    )
    writer.writerow(fields)
    for record in records:
        writer.writerow([_harmless(record.get(field)) for field in fields])


def _take_every_letter() -> None:
    """Write to a file or a pipe in UTF-8 where its encoding lacks letters that names may have.

    On Windows it is the one of old programs; by the mark in front a spreadsheet knows it is not.
    """
    if not _is_unicode() and not sys.stdout.isatty() and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8-sig")


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def _harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula, and no terminal for a command."""
    if not isinstance(value, str):
        return value
    text = visible(value)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def tell(lines: Iterable[str]) -> None:
    """Lines of talk, such as a plan that somebody is to agree to."""
    for line in lines:
        print(visible(line), file=sys.stderr)
