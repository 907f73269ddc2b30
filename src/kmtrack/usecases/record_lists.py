"""Lists of records, newest first or in the order asked for, and the contacts that are due."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.ledger.queries.companies import (
    all_listed_companies,
    companies_with_later_facts,
    number_of_companies,
)
from kmtrack.ledger.queries.company_pages import listed_companies
from kmtrack.ledger.queries.events import (
    all_events,
    contacts_due,
    is_stated,
    number_of_events,
    number_of_verdicts,
)
from kmtrack.ledger.queries.pages import newest_events
from kmtrack.ledger.queries.record_filters import CompanyFilter
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.filters import NOUN_OF
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.store.base import EVERYTHING, Rereadable
from kmtrack.usecases.company_lookup import companies_named
from kmtrack.usecases.recent_contacts import recent_contacts
from kmtrack.usecases.record_filters import NOTHING, filter_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from kmtrack.ledger.queries.record_filters import RecordFilter
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.usecases.record_filters import Typed
    from kmtrack.usecases.session import Session

Listed = dict[str, Any]


class Listing(NamedTuple):
    """Some records of a noun, the fields to show, and how many there are in all.

    `number` is None if there are more and nobody has counted them. A list that `is_by_day` is
    reversed on a terminal.
    """

    noun: str
    fields: tuple[str, ...]
    records: Sequence[Listed]
    number: int | None
    is_by_day: bool = False

    @property
    def columns(self) -> dict[str, str]:
        """The fields of the records, except their outcome, each with its heading in an import."""
        return columns_of(self.noun, self.fields)


class WholeListing(NamedTuple):
    """All matching records of a noun, read anew at each iteration.

    `is_stated` says of a field whether any of them states it; None if only an iteration can tell.
    """

    noun: str
    fields: tuple[str, ...]
    records: Rereadable[Listed]
    is_stated: Callable[[str], bool | None] = lambda _: None

    @property
    def columns(self) -> dict[str, str]:
        """The columns, as those of a `Listing`."""
        return columns_of(self.noun, self.fields)


def columns_of(noun: str, fields: Iterable[str]) -> dict[str, str]:
    """Return the fields of a noun, except the outcome, each with its heading in an import."""
    known = ((name, NOUNS[noun].field(name)) for name in fields)
    return {name: field.column if field else name for name, field in known if name != "standings"}


def listing_of(session: Session, name: str, typed: Typed, limit: int) -> Listing:
    """Return the newest `limit` records of a noun (or "followup") that match the typed options.

    Companies come by name. Raises what `filter_of` raises.
    """
    if name == "company":
        return company_listing(session, typed, limit)
    store = session.store
    noun = NOUN_OF.get(name, name)
    with store.reading():
        sought = _sought_events(session, name, typed)
        # Those who are sought are not counted: all records would be read for it.
        more = 1 if sought.is_narrow and limit < EVERYTHING else 0
        rows = newest_events(store, noun, limit + more, sought)
        number: int | None = len(rows) if sought.is_narrow else _number(store, noun, sought)
        if len(rows) > limit:
            rows, number = rows[:limit], None
        records = [_listed(noun, row) for row in rows]
    is_by_day = sought.sort is None or sought.sort.key == "day"
    return Listing(noun, _event_fields(noun), records, number, is_by_day=is_by_day)


def whole_listing(session: Session, name: str, typed: Typed) -> WholeListing:
    """Return all records that `listing_of` finds without a limit; iterate over them inside a snapshot."""
    store = session.store
    if name == "company":
        companies, today = _sought_companies(session, typed), session.clock.today
        return WholeListing(
            "company",
            _company_fields(),
            Rereadable(
                lambda: (
                    _listed_company(row, today) for row in all_listed_companies(store, companies)
                )
            ),
        )
    noun = NOUN_OF.get(name, name)
    events = _sought_events(session, name, typed)
    records = Rereadable(lambda: (_listed(noun, row) for row in all_events(store, noun, events)))
    return WholeListing(
        noun, _event_fields(noun), records, partial(_is_stated, store, noun, events)
    )


def _is_stated(store: Store, noun: str, sought: RecordFilter, name: str) -> bool | None:
    """Return whether any matching record states a field; None if only an iteration can tell."""
    field = NOUNS[noun].field(name)
    # A zero and a no are values, but a column of these only is left out.
    if field is None or field.kind.cell == "number" or field.type is bool:
        return None
    return is_stated(store, noun, sought, name)


def _sought_events(session: Session, name: str, typed: Typed) -> RecordFilter:
    sought = filter_of(session, name, typed)
    if name == "followup":
        return sought._replace(targets=tuple(_later_targets(session.store)))
    return sought


def _event_fields(noun: str) -> tuple[str, ...]:
    return ("id", "company", "cvr", *listed_fields(noun), "standings")


def _number(store: Store, noun: str, sought: RecordFilter) -> int:
    """Return how many records there are of a noun, or of one of its companies or some targets."""
    if sought.targets is None:
        return number_of_events(store, noun, sought.company)
    return sum(number_of_verdicts(store, target, sought.company) for target in sought.targets)


def due_contacts(session: Session, until: date, typed: Typed = NOTHING) -> Listing:
    """Return the contacts that planned a next one for `until` or before which has not taken place."""
    with session.store.reading():
        rows = contacts_due(session.store, until, filter_of(session, "due", typed))
        lately = recent_contacts(session, {row["company_id"] for row in rows})
    fields = ("id", "next", "company", "cvr", "date", "broker", "others", "note")
    records = [
        {f: row[f] for f in fields}
        # The contact at which it was planned has a column of its own.
        | {"recent": [c for c in lately.get(row["company_id"], ()) if c["id"] != row["id"]]}
        for row in rows
    ]
    return Listing("contact", fields, records, len(rows))


@cache
def listed_fields(noun: str) -> tuple[str, ...]:
    """Return the fields that a list has: it may be passed on, so contact persons are not among them."""
    facts = NOUNS[noun].facts
    fields = fields_of(facts) if facts else ()
    return tuple(field.name for field in fields if field.kind.reference != "person")


def company_listing(session: Session, typed: Typed, limit: int) -> Listing:
    """Return the first `limit` matching companies, by name or in the order asked for.

    Words are those of their names; if no name has them, companies with nearly these names match.
    Raises what `filter_of` raises.
    """
    store, today = session.store, session.clock.today
    with store.reading():
        sought = _sought_companies(session, typed)
        is_narrow = sought.records.is_narrow
        more = 1 if is_narrow and limit < EVERYTHING else 0
        rows = listed_companies(store, limit + more, sought)
        number: int | None = len(rows)
        if not is_narrow:
            number = number_of_companies(store) if sought.ids is None else len(sought.ids)
        if len(rows) > limit:
            rows, number = rows[:limit], None
    records = [_listed_company(row, today) for row in rows]
    return Listing("company", _company_fields(), records, number)


def _sought_companies(session: Session, typed: Typed) -> CompanyFilter:
    words = typed.get("words")
    records = filter_of(session, "company", {**typed, "words": None})
    ids = None if words is None else [row["id"] for row in companies_named(session, words)]
    dated = _with_facts(session.store, records, session.clock.today)
    return CompanyFilter(records, dated, ids)


def _company_fields() -> tuple[str, ...]:
    return ("id", *NOUNS["company"].fields)


def _listed_company(row: Row, today: date) -> Listed:
    return {"id": row["id"], **CompanyFacts.shown(current_facts(row, today))}


def _with_facts(store: Store, sought: RecordFilter, today: date) -> list[str]:
    """Return the companies with facts of a later day whose facts match today."""
    wanted = dict(sought.chosen)
    if sought.municipality:
        wanted["municipality"] = sought.municipality
    if not wanted:
        return []
    return [
        row["id"]
        for row in companies_with_later_facts(store)
        for facts in [current_facts(row, today)]
        if all(facts[name] == value for name, value in wanted.items())
    ]


def _later_targets(store: Store) -> list[str]:
    from kmtrack.ledger.contract import contract_in_force

    contract = contract_in_force(store)
    return [target.id for target in contract.targets if target.selection.history == "later"]


def _listed(noun: str, row: StoredRow) -> Listed:
    listed: Listed = {name: row[name] for name in ("id", "company_id", "company", "cvr")}
    facts = NOUNS[noun].facts
    shown = facts.shown(dict(row)) if facts else {}
    listed.update((field, shown[field]) for field in listed_fields(noun))
    verdicts = _verdicts(row["standings"])
    listed["standings"] = [
        {"target": target, "outcome": outcome} for target, outcome, _ in verdicts
    ]
    listed["deciding_municipality"] = verdicts[0][2] or None if verdicts else None
    return listed


def _verdicts(text: str | None) -> list[list[str]]:
    """Return target, outcome and municipality of each verdict on a record."""
    return [part.split(" ") for part in sorted(text.split(","))] if text else []
