"""Statements as PostgreSQL and its driver take them, from those that the rest of the ledger writes."""

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
_IS_NULL: Final = re.compile(r":([a-z_]+) IS NULL")


class Translated(NamedTuple):
    """A statement for the driver, and which of its parameters are lists."""

    text: str
    lists: frozenset[str]

    def parameters(self, named: Mapping[str, object]) -> Mapping[str, object]:
        """The parameters as the statement takes them: JSON lists as lists."""
        if not self.lists:
            return named
        return {
            name: json.loads(value) if name in self.lists and isinstance(value, str) else value
            for name, value in named.items()
        }


@cache
def translated(statement: str) -> Translated:
    """A statement with named parameters in the form of PostgreSQL's driver.

    Only what differs between the two databases is put otherwise: lists of values, and what is
    put together of several rows.
    """
    lists = frozenset(_IN_LIST.findall(statement))
    text = _NOT_IN_LIST.sub(r"<> ALL(:\1)", statement)
    text = _IN_LIST.sub(r"= ANY(:\1)", text)
    text = _IS_NULL.sub(lambda found: _typed(found[1], lists), text)
    text = text.replace("group_concat(", "string_agg(").replace("%", "%%")
    return Translated(_NAMED.sub(r"%(\1)s", text), lists)


def _typed(name: str, lists: frozenset[str]) -> str:
    # Of a parameter that is only ever compared with nothing PostgreSQL cannot tell the type.
    return f"CAST(:{name} AS {'text[]' if name in lists else 'text'}) IS NULL"
