"""Dialect: translate the ledger's statements for PostgreSQL and its driver."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED: Final = re.compile(r"(?<![:\w]):([a-z_]+)")
_IN_LIST: Final = re.compile(r"\bIN \(SELECT value FROM json_each\(:([a-z_]+)\)\)")
_NOT_IN_LIST: Final = re.compile(r"\bNOT IN \(SELECT value FROM json_each\(:([a-z_]+)\)\)")
_EACH_OF_LIST: Final = re.compile(r"\bFROM json_each\(:([a-z_]+)\) AS ([a-z]+)")
_LIKE: Final = re.compile(r"\bLIKE (?=:)")  # SQLite knows no case there
_BYTES: Final = re.compile(r"\blength\(CAST\(([a-z_.]+) AS BLOB\)\)")
_IS_NULL: Final = re.compile(r":([a-z_]+) IS NULL")


class Translated(NamedTuple):
    """A statement for the driver, and which of its parameters are lists."""

    text: str
    lists: frozenset[str]

    def parameters(self, named: Mapping[str, object]) -> Mapping[str, object]:
        """Return the parameters as the driver takes them: JSON lists as lists."""
        if not self.lists:
            return named
        return {
            name: json.loads(value) if name in self.lists and isinstance(value, str) else value
            for name, value in named.items()
        }


@cache
def translated(statement: str) -> Translated:
    """Translate a statement with named parameters.

    Only constructs that differ between the two databases are rewritten: lists of values and
    aggregates of several rows.
    """
    walked = (name for name, _ in _EACH_OF_LIST.findall(statement))
    lists = frozenset([*_IN_LIST.findall(statement), *walked])
    text = _EACH_OF_LIST.sub(r"FROM unnest(CAST(:\1 AS text[])) AS \2 (value)", statement)
    text = _NOT_IN_LIST.sub(r"<> ALL(:\1)", text)
    text = _IN_LIST.sub(r"= ANY(:\1)", text)
    text = _IS_NULL.sub(lambda found: _with_type(found[1], lists), text)
    text = _BYTES.sub(r"octet_length(\1)", _LIKE.sub("ILIKE ", text))
    text = text.replace(" NOT INDEXED", "")  # there statistics tell how a table is walked through
    text = text.replace("group_concat(", "string_agg(").replace("%", "%%")
    return Translated(_NAMED.sub(r"%(\1)s", text), lists)


def _with_type(name: str, lists: frozenset[str]) -> str:
    # PostgreSQL cannot infer the type of a parameter that is only compared with NULL.
    return f"CAST(:{name} AS {'text[]' if name in lists else 'text'}) IS NULL"
