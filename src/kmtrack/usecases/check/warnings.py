"""Warnings of a check: probable duplicates, missing facts, CPR numbers, erased people named again."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Phrase
from kmtrack.ledger.erasure import erased_persons_with_names
from kmtrack.ledger.left_places import LASTING, left_places
from kmtrack.ledger.queries.brokers import (
    brokers_of_records,
    events_without_broker,
    live_brokers,
)
from kmtrack.ledger.queries.companies import company_row
from kmtrack.ledger.queries.institutions import (
    AGREEMENTS,
    institutions_used,
    records_naming,
    started_before_agreed,
)
from kmtrack.ledger.queries.integrity import (
    all_records,
    same_pairs,
    waiting_records,
)
from kmtrack.ledger.rows import in_force_since, later_facts
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.schema.plain_text import find_cpr
from kmtrack.rules.requirements import company_fact_for
from kmtrack.text import as_typed
from kmtrack.usecases.check.alike_companies import alike_companies
from kmtrack.usecases.check.issues import Issue, OptionsOf
from kmtrack.usecases.check.undos import undo_warnings
from kmtrack.usecases.institutions import alike_pairs
from kmtrack.usecases.known_brokers import nearest
from kmtrack.usecases.successions import companies_typed, ineffective, late_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# Records that cannot be edited are withdrawn with a command of another noun, and added again.
_WITHDRAWN_BY: Final = {
    "assessment": "method",
    "dissemination": "method",
    "delivery": "deliverable",
    "survey": "survey",
}
_MOST_NAMED: Final = 5
# A start this many days before the agreement is probably a slip.
_EARLY: Final = 31
# No fact of a company is stated from so early a day.
_BEFORE_ALL: Final = "0"


def warnings_in(store: Store) -> Iterator[Issue]:
    """Find everything in an undamaged ledger that a person should look at."""
    for row in erased_persons_with_names(store):
        yield Issue("erased_but_named", {"id": row["id"]}, (row["id"],))
    yield from _left_places(store)
    yield from undo_warnings(store)
    yield from alike_companies(store)
    for noun in ("collaboration", "hire"):
        for pair in same_pairs(store, noun):
            facts = {"noun": noun, **dict(pair)}
            yield Issue(f"same_{noun}", facts, (pair["one"], pair["other"]))
    yield from succession_issues(store)
    yield from _alike_institutions(store)
    yield from _early_starts(store)
    yield from _brokers(store)
    yield from _missing_facts(store)
    yield from _cpr_numbers(store)


def _left_places(store: Store) -> Iterator[Issue]:
    """Find the places where an erased name may remain."""
    for place in left_places(store):
        path = place.path or str(store.location)
        reason = Phrase(f"left.{place.why or 'waiting'}")
        of = "file" if place.kind == "unfinished" else place.kind
        kind = f"left_{of}{'_as_it_is' if place.why in LASTING else ''}"
        facts: dict[str, object] = {"path": path, "why": reason}
        if place.kind == "folder":
            facts["command"] = as_typed(["kmtrack", "backup", "--forget", path])
        yield Issue(kind, facts)


def _alike_institutions(store: Store) -> Iterator[Issue]:
    """Find institutions whose names may mean the same one; the more frequent name is suggested.

    No name is suggested that is to be replaced itself.
    """
    used = institutions_used(store)
    alike: dict[str, set[str]] = defaultdict(set)
    for pair in alike_pairs(used):
        for name in pair:
            alike[name].update(pair)
    kept: list[str] = []
    for one in sorted(alike, key=lambda name: (-used[name], -len(name), name)):
        other = next((name for name in kept if name in alike[one]), None)
        if other is None:
            kept.append(one)
            continue
        records = records_naming(store, one)
        noun, id_ = records[0]
        facts = {"one": one, "number": used[one], "other": other, "number_of_other": used[other]}
        command = as_typed(["kmtrack", noun, "edit", id_, "--institution", other])
        ids = tuple(record_id for _, record_id in records)
        yield Issue("alike_institutions", {**facts, "command": command}, ids)


def _early_starts(store: Store) -> Iterator[Issue]:
    """Find collaborations and hires that start long before the day on which they were agreed."""
    for noun in AGREEMENTS:
        for row in started_before_agreed(store, noun):
            agreed, start = (date.fromisoformat(row[name]) for name in ("agreed", "start"))
            if (days := (agreed - start).days) > _EARLY:
                facts = {"noun": noun, "id": row["id"], "name": row["name"], "days": days}
                dates = {"since": row["start"], "day": row["agreed"]}
                typed = OptionsOf(noun, ("start",))
                yield Issue("early_start", {**facts, **dates, "options": typed}, (row["id"],))


def succession_issues(store: Store) -> Iterator[Issue]:
    """Find takeovers that do not hold, and records at the earlier company dated after one."""
    for each, holding in ineffective(store):
        company, successor = (company_row(store, id_) for id_ in (each.company, each.successor))
        facts = {
            "company": company["name"],
            "successor": successor["name"],
            "since": each.since.isoformat(),
            **companies_typed(company, successor),
        }
        records = [each.id, company["id"], successor["id"]]
        if company["withdrawn"] is not None or successor["withdrawn"] is not None:
            kind = "succession_of_withdrawn"
        elif holding is None:
            is_one = company["id"] == successor["id"]
            kind = "succession_within_one" if is_one else "succession_circle"
        else:
            is_twin = holding.successor == each.successor
            kind = "succession_twice" if is_twin else "second_successor"
            records.append(holding.id)
            facts["holding"] = company_row(store, holding.successor)["name"]
            facts["holding_since"] = holding.since.isoformat()
        yield Issue(kind, facts, tuple(records))
    for late in late_events(store):
        facts = {
            "noun": late.noun,
            "id": late.id,
            "day": late.day,
            "company": late.company["name"],
            "successor": late.successor["name"],
            "since": late.since.isoformat(),
        }
        yield Issue("late_event", facts, (late.id, late.company["id"], late.successor["id"]))


def _brokers(store: Store) -> Iterator[Issue]:
    """Find initials that nobody registered, as a merge may bring them, and events without a broker."""
    known = {broker["initials"] for broker in live_brokers(store)}
    strangers: Counter[str] = Counter()
    for initials, number in brokers_of_records(store):
        if initials not in known:
            strangers[initials] += number
    for initials, number in sorted(strangers.items()):
        near = nearest(initials, known)
        facts = {"initials": initials, "number": number, "near": near or ""}
        yield Issue("stranger_near" if near else "stranger", facts, (initials,))
    for noun in EVENTS:
        ids = events_without_broker(store, noun)
        if ids:
            more = "" if len(ids) <= _MOST_NAMED else ", …"
            facts = {
                "noun": noun,
                "counted": Phrase(f"count.{noun}", number=len(ids)),
                "ids": ", ".join(ids[:_MOST_NAMED]) + more,
                "id": ids[0],
            }
            yield Issue("no_broker", facts, tuple(ids))


def _missing_facts(store: Store) -> Iterator[Issue]:
    """Find the facts that records wait for; those of one company and stretch of time make one warning."""
    waiting: dict[tuple[str, str, str | None, str | None], dict[str, set[str]]] = {}
    nobody_takes_part = False
    named: set[str] = set()
    last_id = None
    for row in waiting_records(store):  # a record that is for several targets has several rows
        named, last_id = named if row["record_id"] == last_id else set(), row["record_id"]
        reasons = {reason for _, reason in json.loads(row["reasons"])} - named
        named |= reasons
        for reason in sorted(reasons):
            if fact := company_fact_for(reason):
                since = in_force_since(row, fact, row["day"])
                key = (row["company_id"], row["name"], row["cvr"], since)
                facts_of = waiting.setdefault(key, defaultdict(set))
                facts_of[fact].add(row["record_id"])
            elif reason == "no_participation_set":
                nobody_takes_part = True
            else:
                record_id = row["record_id"]
                facts = {"id": record_id, "name": row["name"], "noun": noun_of(record_id)}
                yield Issue(f"missing_{reason}", facts, (record_id,))
    if nobody_takes_part:
        yield Issue("missing_participation", {}, ())
    for (company_id, name, cvr, since), missing in waiting.items():
        facts = {
            "name": name,
            "number": max(map(len, missing.values())),
            "company": cvr or company_id,
            "options": OptionsOf("company", tuple(sorted(missing)), since),
        }
        yield Issue("missing_of_company", facts, (company_id,))


def _cpr_numbers(store: Store) -> Iterator[Issue]:
    for noun in NOUNS.values():
        fields = noun.facts.texts() if noun.facts else ()
        found = []
        for row in all_records(store, noun.name) if fields else ():
            for field, since, text in _texts(noun.name, dict(row), fields):
                if text and find_cpr(text):
                    facts = {
                        "noun": noun.name,
                        "id": row["id"],
                        "field": field,
                        "command": _removal(noun.name, dict(row), field, since),
                    }
                    found.append(Issue("cpr_number", facts, (row["id"],)))
        yield from sorted(found, key=attrgetter("records"))


def _texts(
    noun: str, row: Row, fields: Iterable[str]
) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield the texts of a record, for a company also those from later days, each with its first day."""
    for field in fields:
        since = in_force_since(row, field, _BEFORE_ALL) if noun == "company" else None
        yield field, since, row[field]
    for day, facts in (later_facts(row) if noun == "company" else {}).items():
        yield from ((field, day, facts[field]) for field in fields if field in facts)


def _removal(noun: str, row: Row, field: str, since: str | None) -> Phrase:
    """Return the command that removes a text from a record."""
    if noun in _WITHDRAWN_BY:
        return Phrase("check.by_withdrawing", noun=_WITHDRAWN_BY[noun], id=row["id"])
    if noun == "person":
        return Phrase("check.by_looking", company=row["company_id"])
    named = row["initials"] if noun == "broker" else row["id"]
    options = OptionsOf(noun, (field,), since)
    return Phrase("check.by_editing", noun=noun, id=named, options=options)
