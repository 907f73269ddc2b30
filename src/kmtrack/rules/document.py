"""Read parsed TOML or JSON documents, and report errors with the path of the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from math import inf
from typing import Any, Final, NamedTuple

Document = Mapping[str, Any]

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST: Final = 10**15 - 1
_MOST_TABLES: Final = 1000
_IDENTIFIER: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


class Wording(NamedTuple):
    """A text in Danish and English."""

    da: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in `language`, "da" or "en"."""
        return self.da if language == "da" else self.en


class DocumentMistake(ValueError):
    """A key of a document is missing, unknown or has an invalid value.

    `key` is its path ("target[2].minimum"), `expected` the last part of a text key "expected.…",
    and `among` the allowed values, if they can be listed.
    """

    def __init__(self, key: str, expected: str, among: Iterable[str] = ()) -> None:
        super().__init__(key, expected)
        self.key = key
        self.expected = expected
        self.among = tuple(among)


class DocumentTable:
    """A table of a document with its path, for error messages.

    Every method that reads a key raises DocumentMistake if the value is invalid.
    """

    def __init__(self, content: Any, path: str) -> None:
        if not isinstance(content, Mapping):
            raise DocumentMistake(path or "format", "table")
        self.content: Mapping[str, Any] = content
        self.path = path

    def key(self, name: str) -> str:
        """Return the path of a key of this table."""
        return f"{self.path}.{name}" if self.path else name

    def only(self, *names: str) -> None:
        """Raise DocumentMistake if the table has a key that is not among `names`."""
        for name in self.content:
            if name not in names:
                raise DocumentMistake(self.key(name), "known_key", names)

    def value(self, name: str, kind: type | tuple[type, ...], expected: str) -> Any:
        """Return a value of type `kind`; a `bool` is not accepted as a number."""
        found = self.content.get(name)
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise DocumentMistake(self.key(name), expected)
        return found

    def text(self, name: str) -> str:
        """Return a non-empty text; only an operator's name may be empty."""
        found: str = self.value(name, str, "text")
        if not found and name != "operator":
            raise DocumentMistake(self.key(name), "text")
        return found

    def identifier(self, name: str) -> str:
        """Return an identifier: lower-case words and digits joined by hyphens."""
        found = self.text(name)
        if not _IDENTIFIER.fullmatch(found):
            raise DocumentMistake(self.key(name), "identifier")
        return found

    def whole(self, name: str) -> int:
        """Return an integer of 1 or more, of 15 digits at most."""
        found: int = self.value(name, int, "whole_number")
        if found < 1:
            raise DocumentMistake(self.key(name), "whole_number")
        self._refuse_large(name, found)
        return found

    def amount(self, name: str) -> float:
        """Return a finite number greater than 0, with 15 digits at most."""
        found: int | float = self.value(name, (int, float), "amount")
        if not (found > 0 and found != inf):
            raise DocumentMistake(self.key(name), "amount")
        self._refuse_large(name, found)
        return float(found)

    def _refuse_large(self, name: str, found: float) -> None:
        """Refuse a number too large for sums and shares."""
        if found > _LARGEST:
            raise DocumentMistake(self.key(name), "smaller_number")

    def day(self, name: str) -> date:
        """Return a date that is given as a TOML date or as an ISO text."""
        found = self.value(name, (str, date), "day")
        if type(found) is date:
            return found
        # `fromisoformat` accepts forms, such as 20110304, that SQLite and a person do not.
        if not (isinstance(found, str) and _DAY.fullmatch(found)):
            raise DocumentMistake(self.key(name), "day")
        try:
            return date.fromisoformat(found)
        except ValueError:
            raise DocumentMistake(self.key(name), "day") from None

    def optional_day(self, name: str) -> date | None:
        """Return a date, or None if the key is absent."""
        return self.day(name) if name in self.content else None

    def choice(self, name: str, among: Iterable[str]) -> str:
        """Return a text that is one of `among`."""
        found: str = self.value(name, str, "one_of") if name in self.content else ""
        if found not in among:
            raise DocumentMistake(self.key(name), "one_of", among)
        return found

    def choices(self, name: str, among: Iterable[str]) -> frozenset[str]:
        """Return the texts of a list, each one of `among`."""
        found = self.value(name, list, "list_of")
        for entry in found:
            if entry not in among:
                raise DocumentMistake(self.key(name), "list_of", among)
        return frozenset(found)

    def wording(self, name: str) -> Wording:
        """Return a text in both languages."""
        table = self.table(name)
        table.only("da", "en")
        return Wording(table.text("da"), table.text("en"))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of non-empty texts; an empty one if the key is absent."""
        if name not in self.content:
            return ()
        found = self.value(name, list, "list_of")
        if not all(isinstance(entry, str) and entry for entry in found):
            raise DocumentMistake(self.key(name), "text")
        return tuple(found)

    def table(self, name: str, *, optional: bool = False) -> DocumentTable:
        """Return the table of a key; an empty one if it is `optional` and absent."""
        if optional and name not in self.content:
            return DocumentTable({}, self.key(name))
        return DocumentTable(self.content.get(name), self.key(name))

    def flag(self, name: str) -> bool:
        """Return a `bool`."""
        found: bool = self.value(name, bool, "yes_or_no")
        return found

    def tables(self, name: str, *, optional: bool = False) -> list[DocumentTable]:
        """Return the tables of a key; none if it is `optional` and absent."""
        if optional and name not in self.content:
            return []
        found = self.value(name, list, "list_of_tables")
        if not (found or optional):
            raise DocumentMistake(self.key(name), "list_of_tables")
        if len(found) > _MOST_TABLES:
            raise DocumentMistake(self.key(name), "fewer_tables")
        return [
            DocumentTable(entry, f"{self.key(name)}[{n}]") for n, entry in enumerate(found, start=1)
        ]
