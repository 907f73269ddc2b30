"""Company look-up: the company that a person names by number, id or words of its name.

Complete names precede beginnings. A near match, or several, is a doubt: a person at a terminal
settles it, and in a pipe it is refused with what to type.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.name_words import has_words
from kmtrack.ledger.queries.companies import companies_by_cvr, company_by_id
from kmtrack.ledger.queries.company_names import (
    companies_by_beginning_of_cvr,
    companies_of_name,
    companies_with_words,
    last_contacts,
    latest_companies,
)
from kmtrack.ledger.queries.record_names import last_added, records_by_prefix
from kmtrack.ledger.rows import UNDONE, current_facts
from kmtrack.ledger.schema.ids import is_whole_id, noun_of
from kmtrack.ledger.schema.names import name_key, stems_of, whole_name, words_of
from kmtrack.ledger.schema.plain_text import is_text, shown
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.text import as_typed, in_danish_order
from kmtrack.usecases.doubts import Choice, Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import Any

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

_IN_SENTENCE: Final = 5
_TO_CHOOSE_FROM: Final = 9
# No more companies are offered as choices: a person types more of the name.
_MOST: Final = 200
_LAST: Final = frozenset({"last", "sidste"})
# How far back the companies of the latest contacts are looked at where very many fit.
_LATEST: Final = 500


class CompanyMatch(NamedTuple):
    """A company that may be meant, with the name of its municipality."""

    id: str
    name: str
    cvr: str | None
    municipality: str | None
    last_contact: date | None

    @property
    def described(self) -> list[object]:
        """What distinguishes it from others in a list."""
        number = Phrase("word.cvr_number", cvr=self.cvr) if self.cvr else self.id
        met = self.last_contact and Phrase("word.last_contact", day=self.last_contact)
        return [each for each in (self.name, self.municipality, number, met) if each]


def find_company(session: Session, reference: str, *, withdrawn: bool = False) -> Row:
    """Return the one company that `reference` names: a CVR number, an id, or enough of the name.

    Raises Refusal `unknown_company`, `company_withdrawn` unless `withdrawn` companies are accepted,
    and the Doubts `ambiguous_company` and `company_near`.
    """
    store = session.store
    found = _fitting(store, reference) if is_text(reference) else []
    if not found and is_last(reference):
        last = last_added(store, session.who, ["company"])
        found = [main_record(store, row) for row in by_id(store, *last)] if last else []
    live = [row for row in found if row["withdrawn"] is None]
    rows = live or found
    if not rows:
        return _near(session, reference)
    company = rows[0]
    if len(rows) > 1:
        company = _chosen(session, reference, rows, "ambiguous_company")
    if company["withdrawn"] is not None and not withdrawn:
        raise Refusal("company_withdrawn", name=company["name"], reason=why_withdrawn(company))
    return company


def find_companies(session: Session, *references: str, withdrawn: bool = False) -> list[Row]:
    """Return the company that each of these names. Raises as `find_company` does."""
    found = (partial(find_company, session, each, withdrawn=withdrawn) for each in references)
    session.store.foresee(*found)
    return [find_company(session, each, withdrawn=withdrawn) for each in references]


def _fitting(store: Store, reference: str) -> list[Row]:
    """Return the companies that `reference` names, by the first kind of search that finds any."""
    # One that was undone is found only where nothing else is.
    for is_wanted in (_is_not_undone, _is_undone):
        for rows in _searches(store, reference, is_undone=is_wanted is _is_undone):
            found = {
                main["id"]: main
                for row in rows
                if is_wanted(row)
                for main in [main_record(store, row)]
            }
            if found:
                return list(found.values())
    return []


def _searches(store: Store, reference: str, *, is_undone: bool) -> Iterator[list[Row]]:
    """Yield the results of each kind of search, the most certain first."""
    cvr = looks_like_cvr(reference)
    if cvr:
        yield companies_by_cvr(store, cvr)
    key, words = name_key(reference), words_of(reference)
    named = companies_of_name(store, reference, key) if key or words else []
    yield [row for row in named if row["name_key"] == key]
    if is_whole_id(reference):
        yield by_id(store, "company", reference)
    whole = whole_name(word.stem for word in words)
    yield [row for row in named if whole_name(stems_of(row["name"])) == whole]
    yield named  # as one of its other names
    if sum(len(word.spelled) for word in words) > 1:  # one letter is too little to go by
        for is_out in (True,) if is_undone else (False, True):
            rows = companies_with_words(store, words, _MOST, withdrawn=is_out)
            yield [row for row in rows if has_words(row, words)]
    yield by_id(store, "company", reference)


def is_last(text: str) -> bool:
    """Return whether a text is a word for the record that a person entered last."""
    return text.strip().casefold() in _LAST


def _is_undone(row: Row) -> bool:
    return bool(row["withdrawn"] == UNDONE)


def _is_not_undone(row: Row) -> bool:
    return not _is_undone(row)


def _chosen(session: Session, reference: str, rows: Sequence[Row], key: str) -> Row:
    """Return which of several companies is meant. Raises the doubt `key` to ask for it."""
    id_ = session.settle(
        Doubt(
            key,
            reference,
            choices=_choices(session, rows),
            reference=shown(reference),
            among=_among(rows),
            more=Phrase("word.latest_shown") if len(rows) > _TO_CHOOSE_FROM else "",
        )
    )
    return next(row for row in rows if row["id"] == id_)


def _among(rows: Sequence[Row]) -> list[str]:
    """Return the first of these companies by name, each with its number, as choices."""
    named = sorted((row["name_key"], row["id"], row) for row in rows)
    among = [f"{row['name']} ({row['cvr'] or row['id']})" for _, _, row in named[:_IN_SENTENCE]]
    return among + (["…"] if len(rows) > _IN_SENTENCE else [])


def _to_add(reference: str) -> object:
    """Return the arguments of `kmtrack company add` for an unknown company, as they are typed."""
    name = shown(reference)
    if not is_text(reference) or name != " ".join(reference.split()) or name.startswith("-"):
        return Phrase("metavar.name")
    cvr = looks_like_cvr(reference)
    return Phrase("lookup.to_add_by_cvr", cvr=cvr) if cvr else as_typed([name])


def _near(session: Session, reference: str) -> Row:
    """Return the company with nearly the name `reference`, if a person confirms it. Raises Refusal."""
    words = words_of(reference) if is_text(reference) else []
    # Slips are rare, and the search for them takes a while to load.
    from kmtrack.usecases.near_names import companies_near

    rows = companies_near(session.store, words) if words else []
    if not rows:
        raise Refusal("unknown_company", reference=shown(reference), new=_to_add(reference))
    if len(rows) > 1:
        return _chosen(session, reference, rows, "companies_near")
    [row] = rows
    doubt = Doubt(
        "company_near",
        reference,
        reference=shown(reference),
        company=[row["name"], *place_of(current_facts(row, session.clock.today))],
        number=row["cvr"] or row["id"],
    )
    session.settle(doubt)
    return row


def companies_named(session: Session, text: str) -> list[Row]:
    """Return all live companies that `text` may name: by number, id or words; else those nearly so named."""
    store = session.store
    words = words_of(text) if is_text(text) else []
    found = companies_with_words(store, words, EVERYTHING) if words else []
    found = [row for row in found if has_words(row, words)]
    if not found and is_text(text):
        from kmtrack.usecases.near_names import companies_near

        fitting = [row for row in _fitting(store, text) if row["withdrawn"] is None]
        found = fitting or (companies_near(store, words) if words else [])
    return sorted(found, key=lambda row: (in_danish_order(row["name"]), row["id"]))


def suggested_companies(session: Session, typed: str, most: int = 8) -> list[CompanyMatch]:
    """Return up to `most` companies that may be meant by what is typed so far.

    Those met recently come first, then the others by name. The last word may be a beginning of any
    length; with nothing typed the result is those met last.
    """
    store = session.store
    words = words_of(typed) if is_text(typed) else []
    if not words:
        return _matches(session, latest_companies(store, most * 10), most)
    *whole, last = words
    words = [*whole, last.as_beginning()]
    rows = [row for row in companies_with_words(store, words, _MOST) if has_words(row, words)]
    if len(rows) >= _MOST // 2:  # very many: those met of late are looked at first
        rows += (row for row in latest_companies(store, _LATEST) if has_words(row, words))
    digits = "".join(typed.split())
    if digits.isdecimal():
        rows += companies_by_beginning_of_cvr(store, digits, _MOST)
    return _matches(session, rows, most)


def _choices(session: Session, rows: Sequence[Row]) -> list[Choice]:
    matches = _matches(session, rows, _TO_CHOOSE_FROM)
    return [Choice(match.id, match.described) for match in matches]


def _matches(session: Session, rows: Iterable[Row], most: int) -> list[CompanyMatch]:
    """Return up to `most` companies, those met last before the others, by name."""
    by_id = {row["id"]: row for row in rows}
    met = last_contacts(session.store, by_id)
    found = sorted(by_id.values(), key=lambda row: (row["name_key"], row["id"]))
    found.sort(key=lambda row: -met[row["id"]].toordinal() if row["id"] in met else 0)
    return [
        CompanyMatch(
            row["id"],
            row["name"],
            row["cvr"],
            next(iter(place_of(current_facts(row, session.clock.today))), None),
            met.get(row["id"]),
        )
        for row in found[:most]
    ]


def place_of(facts: Mapping[str, Any]) -> list[str]:
    """Return the name of a company's municipality, if it is known."""
    if not facts["municipality"]:
        return []
    from kmtrack.municipalities import municipality_name

    return [municipality_name(facts["municipality"])]


def main_record(store: Store, row: Row) -> Row:
    """Return the main row of a company, given the row of any of its linked records."""
    if row["part_of"] is None:
        return row
    return company_by_id(store, row["part_of"]) or row


def why_withdrawn(row: Mapping[str, Any]) -> object:
    """Return the reason for a record's withdrawal, or the phrase for an undone record."""
    return Phrase("undo.reason") if row["withdrawn"] == UNDONE else row["withdrawn"]


def by_id(store: Store, noun: str, reference: str) -> list[Row]:
    """Return the records of a noun whose id is or begins with `reference`, up to a limit."""
    if noun_of(reference) != noun:
        return []
    return records_by_prefix(store, noun, reference.strip().lower(), _IN_SENTENCE + 1)
