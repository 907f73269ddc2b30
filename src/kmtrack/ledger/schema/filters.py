"""Filters: how the records of a list can be selected and sorted, derived from the fields of their nouns."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS

if TYPE_CHECKING:
    from kmtrack.ledger.schema.fields import Field

# The filters that are no field of their own, in the order of help. Those of a noun are in `Filters.names`.
NAMES: Final = ("company", "broker", "mine", "council", "municipality", "since", "until", "status")
# What is listed under another name than that of its noun.
NOUN_OF: Final = {"followup": "contact", "due": "contact"}
LISTS: Final = ("company", "contact", "followup", "collaboration", "hire", "survey", "method")
# A company is chosen by the contacts with it; the day of a list of what is due is its own option.
_BY_CONTACTS: Final = ("broker", "mine", "council", "since", "until")
_NOT_OF_DUE: Final = frozenset({"since", "until", "status"})


class Filters(NamedTuple):
    """The filters of a list: those of `NAMES` that apply, fields of fixed words, and fields to sort by.

    `texts` are the columns with free text, which are searched for words.
    """

    noun: str
    names: tuple[str, ...]
    chosen: tuple[Field, ...]
    texts: tuple[str, ...]
    sorts: tuple[Field, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """The options of all filters, without the leading dashes."""
        return (*self.names, *(field.option for field in self.chosen))


@cache
def filters_of(name: str) -> Filters:
    """Return the filters of a list; a field has one because of its kind, whatever its noun."""
    noun = NOUNS[NOUN_OF.get(name, name)]
    fields = fields_of(noun.facts) if noun.facts else ()
    names = {"company"} if "company_id" in noun.columns else set()
    if noun.name == "company":
        names.update(_BY_CONTACTS)
    if noun.name in EVENTS:
        names.add("status")
    for field in fields:
        if field.kind.metavar == "initials":
            names.update(("broker", "mine", "council"))
        elif field.kind.metavar == "municipality":
            names.add("municipality")
        elif field.kind.day_use == "happened":
            names.update(("since", "until"))
    chosen = tuple(field for field in fields if field.kind.choice)
    if name == "method":  # there are few, and in Danish --til is for whom they are
        names -= {"since", "until"}
    if name == "due":
        names, chosen = names - _NOT_OF_DUE, ()
    texts = tuple(f.name for f in fields if f.kind.is_free_text and f.kind.cell == "text")
    sorts = (
        tuple(f for f in fields if f.details.is_listed or f.kind.choice) if name != "due" else ()
    )
    return Filters(noun.name, tuple(n for n in NAMES if n in names), chosen, texts, sorts)


def lists_with(option: str) -> list[str]:
    """Return the lists that have the filter with this option."""
    return [name for name in LISTS if option in filters_of(name).options]
