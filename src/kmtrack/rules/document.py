"""Documents that are data (parsed TOML or JSON): their tables, and the mistakes in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from math import isfinite
from typing import Any, Final, NamedTuple

Document = Mapping[str, Any]

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IDENTIFIER: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


class Wording(NamedTuple):
    """One text in both languages."""

    da: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in `language`, "da" or "en"."""
        return self.da if language == "da" else self.en


class DocumentMistake(ValueError):
    """A place in a document that cannot be read, and what was expected there.

    `key` is the path ("target[2].minimum"); `expected` names a text "expected.…" and `among` the
    values allowed, if they can be listed.
    """

    def __init__(self, key: str, expected: str, among: Iterable[str] = ()) -> None:
        super().__init__(key, expected)
        self.key = key
        self.expected = expected
        self.among = tuple(among)


class Table:
    """One table of the document with its path, so that a mistake can be named."""

    def __init__(self, content: Any, path: str) -> None:
        if not isinstance(content, Mapping):
            raise DocumentMistake(path or "format", "table")
        self.content: Mapping[str, Any] = content
        self.path = path

    def key(self, name: str) -> str:
        """The path of a key of this table."""
        return f"{self.path}.{name}" if self.path else name

    def only(self, *names: str) -> None:
        """Refuse every key that is none of `names`."""
        for name in self.content:
            if name not in names:
                raise DocumentMistake(self.key(name), "known_key", names)

    def value(self, name: str, kind: type | tuple[type, ...], expected: str) -> Any:
        """The value of a key that is of `kind`; a truth is no number."""
        found = self.content.get(name)
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise DocumentMistake(self.key(name), expected)
        return found

    def text(self, name: str) -> str:
        """A text with something in it; only an operator may be unnamed."""
        found: str = self.value(name, str, "text")
        if not found and name != "operator":
            raise DocumentMistake(self.key(name), "text")
        return found

    def identifier(self, name: str) -> str:
        """A name that can be typed as one word and stands between others in a list."""
        found = self.text(name)
        if not _IDENTIFIER.fullmatch(found):
            raise DocumentMistake(self.key(name), "identifier")
        return found

    def whole(self, name: str) -> int:
        """A whole number of 1 or more."""
        found: int = self.value(name, int, "whole_number")
        if found < 1:
            raise DocumentMistake(self.key(name), "whole_number")
        return found

    def amount(self, name: str) -> float:
        """A number above 0."""
        found = float(self.value(name, (int, float), "amount"))
        if not (found > 0 and isfinite(found)):
            raise DocumentMistake(self.key(name), "amount")
        return found

    def day(self, name: str) -> date:
        """A day, as one or as its ISO text."""
        found = self.value(name, (str, date), "day")
        if type(found) is date:
            return found
        # Python reads further forms, which SQLite and a reader of the file would not.
        if not (isinstance(found, str) and _DAY.fullmatch(found)):
            raise DocumentMistake(self.key(name), "day")
        try:
            return date.fromisoformat(found)
        except ValueError:
            raise DocumentMistake(self.key(name), "day") from None

    def optional_day(self, name: str) -> date | None:
        """A day, or None where the key is left out."""
        return self.day(name) if name in self.content else None

    def choice(self, name: str, among: Iterable[str]) -> str:
        """One of the texts `among`."""
        found: str = self.value(name, str, "one_of") if name in self.content else ""
        if found not in among:
            raise DocumentMistake(self.key(name), "one_of", among)
        return found

    def choices(self, name: str, among: Iterable[str]) -> frozenset[str]:
        """A list of texts, each of them `among` these."""
        found = self.value(name, list, "list_of")
        for entry in found:
            if entry not in among:
                raise DocumentMistake(self.key(name), "list_of", among)
        return frozenset(found)

    def wording(self, name: str) -> Wording:
        """A text in both languages."""
        table = self.table(name)
        table.only("da", "en")
        return Wording(table.text("da"), table.text("en"))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; none where the key is left out."""
        if name not in self.content:
            return ()
        found = self.value(name, list, "list_of")
        if not all(isinstance(entry, str) and entry for entry in found):
            raise DocumentMistake(self.key(name), "text")
        return tuple(found)

    def table(self, name: str, *, optional: bool = False) -> Table:
        """The table of a key; an empty one where it is `optional` and left out."""
        if optional and name not in self.content:
            return Table({}, self.key(name))
        return Table(self.content.get(name), self.key(name))

    def flag(self, name: str) -> bool:
        """Yes or no."""
        found: bool = self.value(name, bool, "yes_or_no")
        return found

    def tables(self, name: str, *, optional: bool = False) -> list[Table]:
        """The list of tables of a key; none where it is `optional` and left out."""
        if optional and name not in self.content:
            return []
        found = self.value(name, list, "list_of_tables")
        if not (found or optional):
            raise DocumentMistake(self.key(name), "list_of_tables")
        return [Table(entry, f"{self.key(name)}[{n}]") for n, entry in enumerate(found, start=1)]
