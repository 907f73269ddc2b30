"""Alike companies: those that may be the same, by their names, municipalities and CVR numbers."""

from __future__ import annotations

from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.queries.companies import company_row
from kmtrack.ledger.queries.integrity import companies_by_key, companies_of_one_number
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.names import core_of
from kmtrack.usecases.check.issues import Issue
from kmtrack.usecases.companies import are_alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow

_SEPARATOR: Final = "\x1f"  # occurs in no part: control characters are removed from texts


class _Company(NamedTuple):
    """What is compared of a company: the core of its name, and where and whether it is registered.

    `order` is the position of the company in the order of names, since several may have the same
    core.
    """

    core: str
    order: str
    municipality: str
    number: str
    id: str

    @classmethod
    def of(cls, text: str) -> _Company:
        """Parse the text that `_text_of` made."""
        return cls(*text.rsplit(_SEPARATOR, 4))


def alike_companies(store: Store) -> Iterator[Issue]:
    """Find companies with similar names in one municipality, or with the same name in two.

    Two companies with CVR numbers are never the same. A company without one is named last, as the
    other's number may be given to it.
    """
    for one, other in companies_of_one_number(store):
        yield _pair("one_cvr_two_names", company_row(store, one), company_row(store, other))
    # One short text for each company, to spare memory: a ledger may have half a million.
    texts = [_text_of(order, row) for order, row in enumerate(companies_by_key(store))]
    texts.sort()
    for _, of_name in groupby(map(_Company.of, texts), attrgetter("core")):
        for one, other in pairwise(of_name):
            if one.municipality != other.municipality and not (one.number and other.number):
                yield _found(store, "one_name_twice", one, other)
    texts.sort(key=_municipality_in)
    for _, of_place in groupby(map(_Company.of, texts), attrgetter("municipality")):
        # Similar names nearly always stand next to each other in alphabetical order.
        for one, other in pairwise(of_place):
            if not (one.number and other.number) and are_alike(one.core, other.core):
                yield _found(store, "alike_companies", one, other)


def _text_of(order: int, row: StoredRow) -> str:
    core = core_of(row["name_key"])
    if not any(map(str.isalnum, core)):
        core = str(row["id"])  # an erasure left nothing of the name
    municipality = current_facts(dict(row))["municipality"] if row["later"] else row["municipality"]
    parts = (core, f"{order:09}", municipality or "", row["cvr"] or "", row["id"])
    return _SEPARATOR.join(parts)


def _municipality_in(text: str) -> str:
    return text.rsplit(_SEPARATOR, 3)[1]


def _found(store: Store, kind: str, one: _Company, other: _Company) -> Issue:
    first, last = (other, one) if other.number else (one, other)
    return _pair(kind, company_row(store, first.id), company_row(store, last.id))


def _pair(kind: str, one: Row, other: Row) -> Issue:
    facts = {
        "one": one["name"],
        "one_id": one["id"],
        "other": other["name"],
        "other_id": other["id"],
    }
    return Issue(kind, facts, (one["id"], other["id"]))
