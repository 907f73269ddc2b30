"""Objects of a ledger's schema: tables, indexes, views and triggers, as they are and as they should be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BLANKS: Final = re.compile(r"\s+")
_PUNCTUATION: Final = re.compile(r" ?([(),;]) ?")


class SchemaObject(NamedTuple):
    """Something in a schema: what it is (table, index, view, trigger, …), and its name."""

    kind: str
    name: str


class SchemaIssue(NamedTuple):
    """How an object differs from the expected one: it is missing, extra or different."""

    what: str
    object: SchemaObject


# The definition of each object, in SQL.
Schema = dict[SchemaObject, str]


def differing_objects(there: Mapping[SchemaObject, str], due: Schema) -> Iterator[SchemaIssue]:
    """Yield the objects that are missing, extra, or defined otherwise than expected."""
    for each in sorted(there.keys() | due.keys()):
        if each not in there:
            yield SchemaIssue("missing", each)
        elif each not in due:
            yield SchemaIssue("extra", each)
        elif plain(there[each]) != plain(due[each]):
            yield SchemaIssue("different", each)


def plain(definition: str) -> str:
    """Return a definition without line breaks and meaningless blanks."""
    return _PUNCTUATION.sub(r"\1", _BLANKS.sub(" ", definition)).strip()
