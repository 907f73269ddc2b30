"""What is doubtful or missing: probable duplicates, facts that records wait for, CPR numbers."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kmtrack.i18n import say
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.names import BY_NAME, core_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.plain_text import find_cpr
from kmtrack.rules.explanation import FACT_OF_COMPANY
from kmtrack.usecases.check.issue import Issue
from kmtrack.usecases.companies import are_alike
from kmtrack.usecases.options import to_fill_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_WAITING: Final = """
    SELECT verdict.company_id, company.name, company.cvr, verdict.record_id, verdict.reasons
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.outcome = 'waiting' ORDER BY {by_name}, company.id, verdict.record_id
"""
_SAME_COLLABORATION: Final = """
    SELECT one.id AS one, other.id AS other, company.name AS name
    FROM collaboration AS one
    JOIN collaboration AS other ON other.company_id = one.company_id AND other.id > one.id
    JOIN company ON company.id = one.company_id
    WHERE one.withdrawn IS NULL AND other.withdrawn IS NULL AND other.kind = one.kind
      AND coalesce(other.agreed, '') = coalesce(one.agreed, '')
      AND coalesce(other.title, '') = coalesce(one.title, '')
    ORDER BY {by_name}, one.id, other.id
"""
_SAME_HIRE: Final = """
    SELECT one.id AS one, other.id AS other, company.name AS name
    FROM hire AS one
    JOIN hire AS other ON other.company_id = one.company_id AND other.id > one.id
    JOIN company ON company.id = one.company_id
    WHERE one.withdrawn IS NULL AND other.withdrawn IS NULL
      AND coalesce(other.level, '') = coalesce(one.level, '')
      AND coalesce(other.agreed, '') = coalesce(one.agreed, '')
      AND coalesce(other.field, '') = coalesce(one.field, '')
    ORDER BY {by_name}, one.id, other.id
"""
# What cannot be edited is withdrawn and stated again, by a command of the noun that it belongs to.
_WITHDRAWN_BY: Final = {
    "assessment": "method",
    "dissemination": "method",
    "delivery": "deliverable",
    "survey": "survey",
}


def doubts_in(store: Store) -> Iterator[Issue]:
    """Everything that a person should look at."""
    yield from alike_companies(store)
    for noun, statement in (("collaboration", _SAME_COLLABORATION), ("hire", _SAME_HIRE)):
        for row in store.each(statement.format(by_name=BY_NAME)):
            facts = {"noun": noun, **dict(row)}
            yield Issue(f"same_{noun}", facts, (row["one"], row["other"]))
    yield from _missing_facts(store)
    yield from _cpr_numbers(store)


def alike_companies(store: Store) -> Iterator[Issue]:
    """Companies of one municipality whose names are alike or nearly so, unless both have a CVR."""
    by_place: dict[str | None, list[tuple[str, Row]]] = defaultdict(list)
    by_cvr: dict[str, Row] = {}
    for stored in store.each("SELECT * FROM company WHERE withdrawn IS NULL ORDER BY name_key, id"):
        row = current_facts(dict(stored))
        by_place[row["municipality"]].append((core_of(row["name_key"]), row))
        if row["cvr"] and row["cvr"] in by_cvr:
            yield _pair("one_cvr_two_names", by_cvr[row["cvr"]], row)
        elif row["cvr"]:
            by_cvr[row["cvr"]] = row
    for companies in by_place.values():
        # Names that are alike stand next to each other in the order of the alphabet, nearly always.
        for (key, one), (next_key, other) in pairwise(sorted(companies, key=lambda c: c[0])):
            if not (one["cvr"] and other["cvr"]) and are_alike(key, next_key):
                yield _pair("alike_companies", one, other)


def _pair(kind: str, one: Row, other: Row) -> Issue:
    facts = {
        "one": one["name"],
        "one_id": one["id"],
        "other": other["name"],
        "other_id": other["id"],
    }
    return Issue(kind, facts, (one["id"], other["id"]))


def _missing_facts(store: Store) -> Iterator[Issue]:
    """For each company the facts that its records wait for, with the command that states them."""
    waiting: dict[tuple[str, str, str | None], Counter[str]] = defaultdict(Counter)
    nobody_takes_part = False
    for row in store.each(_WAITING.format(by_name=BY_NAME)):
        for reason in sorted({reason for _, reason in json.loads(row["reasons"])}):
            if reason in FACT_OF_COMPANY:
                key = (row["company_id"], row["name"], row["cvr"])
                waiting[key][FACT_OF_COMPANY[reason]] += 1
            elif reason == "no_participation_set":
                nobody_takes_part = True
            else:
                id_ = row["record_id"]
                facts = {"id": id_, "name": row["name"], "noun": noun_of(id_)}
                yield Issue(f"missing_{reason}", facts, (row["record_id"],))
    if nobody_takes_part:
        yield Issue("missing_participation", {}, ())
    for (company_id, name, cvr), missing in waiting.items():
        facts = {
            "name": name,
            "number": max(missing.values()),
            "company": cvr or company_id,
            "options": to_fill_in("company", *sorted(missing)),
        }
        yield Issue("missing_of_company", facts, (company_id,))


def _cpr_numbers(store: Store) -> Iterator[Issue]:
    for noun in NOUNS.values():
        fields = noun.facts.texts() if noun.facts else ()
        for row in store.each(noun.select) if fields else ():
            for field in fields:
                if row[field] and find_cpr(row[field]):
                    facts = {
                        "noun": noun.name,
                        "id": row["id"],
                        "field": field,
                        "command": _removing(noun.name, dict(row), field),
                    }
                    yield Issue("cpr_number", facts, (row["id"],))


def _removing(noun: str, row: Row, field: str) -> str:
    """The command that takes a text out of a record, as far as it goes."""
    if noun in _WITHDRAWN_BY:
        return say("check.by_withdrawing", noun=_WITHDRAWN_BY[noun], id=row["id"])
    if noun == "person":
        return say("check.by_looking", company=row["company_id"])
    named = row["initials"] if noun == "broker" else row["id"]
    return say("check.by_editing", noun=noun, id=named, options=to_fill_in(noun, field))
