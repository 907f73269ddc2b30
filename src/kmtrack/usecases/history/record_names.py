"""Naming records: by what a person knows them, since nobody knows an id by heart."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kmtrack.i18n import say
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.municipalities import municipality_name
from kmtrack.usecases.history.commands import as_list
from kmtrack.views.format import day_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.ledger.store.base import Store

# Of each noun the queries for the names of records and their days.
_AT_COMPANY: Final = """
    SELECT {noun}.id, company.name, {noun}.{day} AS day, NULL AS municipality
    FROM {noun} JOIN company ON company.id = {noun}.company_id
"""
_OF_METHOD: Final = """
    SELECT {noun}.id, method.name, {noun}.date AS day, NULL AS municipality
    FROM {noun} JOIN method ON method.id = {noun}.method_id
"""
_ALONE: Final = "SELECT {noun}.id, name, NULL AS day, NULL AS municipality FROM {noun}"
_NAMED: Final = {
    "company": _ALONE.format(noun="company"),
    "person": _ALONE.format(noun="person"),
    "method": _ALONE.format(noun="method"),
    "contact": _AT_COMPANY.format(noun="contact", day="date"),
    "collaboration": _AT_COMPANY.format(noun="collaboration", day="agreed"),
    "hire": _AT_COMPANY.format(noun="hire", day="agreed"),
    "assessment": _OF_METHOD.format(noun="assessment"),
    "dissemination": _OF_METHOD.format(noun="dissemination"),
    "usage": """
        SELECT usage.id, method.name || ', ' || company.name AS name, contact.date AS day,
               NULL AS municipality
        FROM usage JOIN method ON method.id = usage.method_id
        JOIN contact ON contact.id = usage.contact_id
        JOIN company ON company.id = contact.company_id
    """,
    "delivery": """
        SELECT delivery.id, target AS name, delivery.date AS day, NULL AS municipality FROM delivery
    """,
    "survey": """
        SELECT survey.id, company.name, survey.date AS day, survey.municipality
        FROM survey LEFT JOIN company ON company.id = survey.company_id
    """,
}


def names_of(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """What these records are called, by id: a name or a company's, with the day if it has one.

    Whoever was erased has no name any more.
    """
    by_noun: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(set(ids)):
        by_noun[noun_of(id_) or ""].append(id_)
    names: dict[str, str] = {}
    for noun, query in _NAMED.items():
        if not by_noun[noun]:
            continue
        where = f" WHERE {noun}.id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - a name of ours
        for row in store.all(query + where, ids=as_list(by_noun[noun])):
            name = row["name"] or municipality_name(row["municipality"] or "")
            if name:
                names[row["id"]] = ", ".join(filter(None, (name, day_in_words(row["day"]))))
    return names


def record_in_words(store: Store, noun: str, record_id: str) -> str:
    """A record as a person knows it: what it is, its id, and its name and day."""
    name = names_of(store, [record_id]).get(record_id)
    what = f"{say(f'noun.{noun}').capitalize()} {record_id}"
    return f"{what} ({name})" if name else what
