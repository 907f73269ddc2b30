"""Nouns of the ledger: their facts, columns, SQL and references to each other."""

from __future__ import annotations

from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.schema.company import CompanyFacts, SuccessionFacts
from kmtrack.ledger.schema.deliverables import DeliveryFacts
from kmtrack.ledger.schema.events import CollaborationFacts, ContactFacts, HireFacts
from kmtrack.ledger.schema.facts import named_fields
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.methods import (
    AssessmentFacts,
    DisseminationFacts,
    MethodFacts,
    UsageFacts,
)
from kmtrack.ledger.schema.people import BrokerFacts, PersonFacts
from kmtrack.ledger.schema.surveys import SurveyFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.schema.fields import Field

# The noun of the entries that are about a command; the id of their record is its token.
COMMAND: Final = "command"
RECORD_COLUMNS: Final = ("id", "recorded_at", "withdrawn")
# Texts besides the facts: why a record was withdrawn, the later facts of a company as JSON, and
# what an erasure left of another text.
_OF_EVERY_RECORD: Final = ("reason", "withdrawn", "later", "left")


class Noun:
    """A kind of record: its table's name, its facts, and the columns that are not facts."""

    def __init__(self, name: str, facts: type[Facts] | None, *others: str) -> None:
        self.name = name
        self.facts = facts
        self.others = others

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of its facts, in the order in which entries hold them."""
        return tuple(field.name for field in fields_of(self.facts)) if self.facts else ()

    def field(self, name: str) -> Field | None:
        """Return the metadata of a field; None for a name that is not one of its facts."""
        return self._named.get(name)

    @cached_property
    def _named(self) -> dict[str, Field]:
        return named_fields(self.facts) if self.facts else {}

    @cached_property
    def texts(self) -> frozenset[str]:
        """The keys under which its entries hold free text."""
        return frozenset((*self.facts.texts(), *_OF_EVERY_RECORD)) if self.facts else frozenset()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns of its table."""
        return tuple(dict.fromkeys((*RECORD_COLUMNS, *self.others, *self.fields)))

    @cached_property
    def blank(self) -> dict[str, object]:
        """A row without any value."""
        return dict.fromkeys(self.columns)

    @cached_property
    def values(self) -> Callable[[Any], tuple[Any, ...]]:
        """A function that picks the values from a row or mapping, in the order of the columns."""
        return itemgetter(*self.columns)

    @cached_property
    def select(self) -> str:
        """The query for all rows of its table, to which conditions can be appended."""
        return f"SELECT * FROM {self.name}"  # noqa: S608 - names of ours

    @cached_property
    def count(self) -> str:
        """The query for the number of rows in its table, to which conditions can be appended."""
        return f"SELECT count(*) FROM {self.name}"  # noqa: S608 - names of ours

    @cached_property
    def upsert(self) -> str:
        """The SQL that inserts a row or replaces the one with its id."""
        names = ", ".join(f'"{column}"' for column in self.columns)
        values = ", ".join(f":{column}" for column in self.columns)
        sets = ", ".join(f'"{c}" = excluded."{c}"' for c in self.columns if c != "id")
        return (
            f"INSERT INTO {self.name} ({names}) VALUES ({values})"  # noqa: S608 - names of ours
            f" ON CONFLICT (id) DO UPDATE SET {sets}"
        )


NOUNS: Final[Mapping[str, Noun]] = {
    noun.name: noun
    for noun in (
        Noun("company", CompanyFacts, "later", "name_key", "joined", "part_of", "other_names"),
        Noun("succession", SuccessionFacts, "company_id"),
        Noun("person", PersonFacts, "company_id", "secret"),
        Noun("contact", ContactFacts, "company_id", "person_id"),
        Noun("collaboration", CollaborationFacts, "company_id"),
        Noun("hire", HireFacts, "company_id"),
        Noun("method", MethodFacts),
        Noun("assessment", AssessmentFacts),
        Noun("dissemination", DisseminationFacts),
        Noun("usage", UsageFacts),
        Noun("delivery", DeliveryFacts),
        Noun("survey", SurveyFacts, "company_id"),
        Noun("broker", BrokerFacts),
        Noun("contract", None, "document"),
    )
}


# What a redaction left of the reason of a command, in an entry that is about the command.
_OF_COMMANDS: Final = frozenset({"left"})
# The texts that are kept as JSON.
JSON_TEXTS: Final[Mapping[str, str]] = {"company": "later", "survey": "answers"}


def text_columns_of(noun: str) -> frozenset[str]:
    """Return the columns that hold free text; `noun` may be "command" too."""
    return NOUNS[noun].texts if noun in NOUNS else _OF_COMMANDS


# Nouns whose records belong to a method.
OF_METHODS: Final = ("assessment", "dissemination", "usage")
# Nouns whose records belong to a company and count for a target.
EVENTS: Final = ("contact", "collaboration", "hire")


class Reference(NamedTuple):
    """A column with which the records of a noun refer to those of another."""

    noun: str
    column: str
    refers_to: str


# Every column that refers to a record, with the noun of that record.
REFERENCE_COLUMNS: Final[Mapping[str, str]] = {
    "company_id": "company",
    **{
        field.name: field.kind.reference
        for noun in NOUNS.values()
        for field in (fields_of(noun.facts) if noun.facts else ())
        if field.kind.reference
    },
}
REFERENCES: Final = tuple(
    Reference(noun.name, column, REFERENCE_COLUMNS[column])
    for noun in NOUNS.values()
    for column in noun.columns
    if column in REFERENCE_COLUMNS
)
# A record stays while one of these refers to it. A person is there only for the contacts with them.
KEEPING: Final = tuple(reference for reference in REFERENCES if reference.noun != "person")
# The nouns whose records are of a company, each with the columns that refer to one.
COMPANY_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    noun.name: columns
    for noun in NOUNS.values()
    if (
        columns := tuple(
            r.column for r in REFERENCES if r.noun == noun.name and r.refers_to == "company"
        )
    )
}
AT_COMPANIES: Final = tuple(COMPANY_COLUMNS)

# Every table of a ledger with its columns, known without SQLModel.
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "command": (
        "number",
        "token",
        "recorded_at",
        "recorded_by",
        "name",
        "reason",
        "previous",
        "arrived_at",
        "login",
        "reason_secret",
        "digest",
        "follows",
        "stated_at",
    ),
    "entry": ("number", "command", "noun", "record_id", "action", "facts", "secret", "digest"),
    **{noun.name: noun.columns for noun in NOUNS.values()},
    "verdict": (
        "company_id",
        "record_id",
        "target",
        "noun",
        "day",
        "outcome",
        "reasons",
        "municipality",
        "brokers",
    ),
    "tally": ("target", "outcome", "day", "number"),
    "name_word": ("word", "company_id"),
    "imported_row": ("record_id", "place"),
    "setting": ("name", "value"),
}
