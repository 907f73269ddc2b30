"""Suggestions: what the text typed so far may mean in a ledger, for Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.queries.company_names import (
    companies_by_beginning_of_cvr,
    companies_with_words,
)
from kmtrack.ledger.queries.record_names import RecordName, last_added_records, record_names
from kmtrack.ledger.schema.names import name_key, stems_of, words_of
from kmtrack.usecases.company_lookup import CompanyMatch, suggested_companies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

_MOST: Final = 20  # more nobody reads below a command line
_EDGES: Final = ",.;:()\"'"


class CompanySuggestion(NamedTuple):
    """What can be typed for a company: a word that only it has, its name, or its CVR number."""

    word: str
    company: CompanyMatch


class RecordSuggestion(NamedTuple):
    """A record that the current broker entered recently: its id, and what people call it."""

    id: str
    name: RecordName


def companies_begun(session: Session, before: str, current: str) -> list[CompanySuggestion]:
    """Return what can be typed for the word `current` of a company; `before` are the words typed already.

    Those met recently come first.
    """
    digits = current.replace(" ", "")
    if digits.isdecimal() and not before:
        rows = companies_by_beginning_of_cvr(session.store, digits, _MOST)
        of_number = [CompanyMatch(row["id"], row["name"], row["cvr"], None, None) for row in rows]
        if of_number:  # else it may be a number in a name
            return [CompanySuggestion(match.cvr or "", match) for match in of_number]
    found = suggested_companies(session, f"{before} {current}".strip(), _MOST)
    suggestions = (
        CompanySuggestion(_word_of(session.store, match.name, before, current), match)
        for match in found
    )
    # Two companies may share what is typed; a question then asks which is meant.
    return list({each.word: each for each in suggestions if each.word}.values())


def records_begun(session: Session, nouns: Sequence[str], current: str) -> list[RecordSuggestion]:
    """Return the records of these nouns that the current broker entered here last, the last one first."""
    added = last_added_records(session.store, session.who, nouns, _MOST)
    ids = [id_ for id_ in added if id_.startswith(current.strip().lower())]
    names = record_names(session.store, ids)
    return [RecordSuggestion(id_, names[id_]) for id_ in ids if id_ in names]


def _word_of(store: Store, name: str, before: str, current: str) -> str:
    """Return what to type for a company in place of `current`; "" if nothing continues it."""
    parts = [part.strip(_EDGES) for part in name.split()]
    if " " in current.strip():  # within quotation marks
        return name
    typed = words_of(current) if current else []
    begun = [part for part in parts if not typed or _begins(part, current)]
    if before:
        stems = set(stems_of(before))
        return next((part for part in begun if not stems.intersection(stems_of(part))), "")
    return next((part for part in begun if _is_of_one_company(store, part)), name)


def _begins(part: str, current: str) -> bool:
    """Return whether a word of a name begins with what is typed, in any spelling."""
    wanted = words_of(current)
    own = stems_of(part)
    if not (wanted and own):
        return name_key(part).startswith(name_key(current))
    last = wanted[-1].as_beginning()
    return any(last.fits(stem) for stem in own)


def _is_of_one_company(store: Store, part: str) -> bool:
    words = words_of(part)
    if sum(len(word.spelled) for word in words) <= 1:  # too little to go by
        return False
    return len(companies_with_words(store, words, 2)) == 1
