"""Tables: the schema of a ledger, made from the fields of its facts; loaded only to create or migrate one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import Field, SQLModel

from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.names import in_order_of_names
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.readable import SQLITE, views
from kmtrack.ledger.schema.values import in_order_of_headcounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.ledger.schema.nouns import Noun


def _is_day(column: str) -> CheckConstraint:
    # date(d) alone accepts 2011-02-31; adding zero days makes SQLite normalise it.
    return CheckConstraint(f"{column} IS date({column}, '+0 days')", name=f"{column}_is_a_day")


def _index_where(name: str, condition: str, *columns: str, is_unique: bool = False) -> Index:
    """Return an index on the rows that meet a condition."""
    where = text(condition)
    return Index(name, *columns, unique=is_unique, sqlite_where=where, postgresql_where=where)


def _withdrawn_of(noun: str) -> Index:
    """Return an index on the withdrawn records; they are few, so the others can be counted at once."""
    return _index_where(f"{noun}_withdrawn", "withdrawn IS NOT NULL", "withdrawn")


class RecordRow(SQLModel):
    """The columns that every record has in addition to its facts.

    `recorded_at` is UTC, `withdrawn` the reason of a withdrawal.
    """

    id: str = Field(primary_key=True)
    recorded_at: str
    withdrawn: str | None = None


# The columns of a table other than those of every record and those of its facts, in order.
_OTHERS: Final[Mapping[str, Mapping[str, tuple[Any, Any]]]] = {
    # `later` holds, as JSON by day, the facts that are in force from that day on; `name_key` is the
    # name as it is searched and compared. `joined` are the ids of the records that a user
    # declared to be the same company, separated by blanks; `part_of` is the main record of a
    # duplicate, which counts as withdrawn. `other_names` of a main record are the other names that
    # its records have had, as JSON.
    "company": {
        "later": (str | None, None),
        "name_key": (str, ...),
        "joined": (str | None, None),
        "part_of": (str | None, None),
        "other_names": (str | None, None),
    },
    # `company_id` is the company that was taken over.
    "succession": {"company_id": (str, Field(foreign_key="company.id", index=True))},
    # The only table with personal data; `secret` keys the entry's commitment. Both `name` and
    # `secret` are missing once the person is erased.
    "person": {
        "company_id": (str, Field(foreign_key="company.id", index=True)),
        "name": (str | None, None),
        "secret": (str | None, None),
    },
    "contact": {"company_id": (str, Field(foreign_key="company.id"))},
    **{
        noun: {"company_id": (str, Field(foreign_key="company.id", index=True))}
        for noun in ("collaboration", "hire")
    },
    # `company_id` is missing where a municipality answered.
    "survey": {
        "company_id": (str | None, Field(default=None, foreign_key="company.id", index=True))
    },
    "contract": {"document": (str, ...)},
}
_INDEXES: Final[Mapping[str, tuple[Index, ...]]] = {
    "company": (
        _index_where("company_cvr", "withdrawn IS NULL", "cvr", is_unique=True),
        # Those of one number were one company until they were withdrawn.
        _index_where("company_withdrawn", "withdrawn IS NOT NULL", "cvr"),
        _index_where("company_part_of", "part_of IS NOT NULL", "part_of"),
        Index("company_name_key", "name_key"),
        # The pages of lists are in the order of names, or narrowed and sorted by the others.
        Index("company_by_name", text(in_order_of_names("name")), "id"),
        Index("company_by_employees", text(f"({in_order_of_headcounts('employees')})")),
        Index("company_by_place", "municipality"),
        _index_where("company_later", "later IS NOT NULL", "later"),
    ),
    # Which contacts are due, and what ends soon, is asked each morning.
    "contact": (
        Index("contact_date", "date"),
        # Each follow-up asks whether its company was visited before: this index alone tells.
        Index("contact_of_company", "company_id", "date", "channel", "withdrawn"),
        _index_where("contact_place", "municipality IS NOT NULL", "municipality"),
        _index_where("contact_next", "next IS NOT NULL AND withdrawn IS NULL", "next"),
        _withdrawn_of("contact"),
    ),
    "collaboration": (Index("collaboration_end", "end"), _withdrawn_of("collaboration")),
    "hire": (Index("hire_end", "end"), _withdrawn_of("hire")),
}


def _table_of(noun: Noun) -> None:
    """Make the table of a noun from its facts: a column for each field, a check for each day."""
    columns: dict[str, tuple[Any, Any]] = {}
    references: dict[str, tuple[Any, Any]] = {}  # optional ones come last
    checks = []
    for field in fields_of(noun.facts) if noun.facts else ():
        is_nullable = not field.is_required and field.default is None
        default = ... if field.is_required else field.default
        annotation = field.type | None if is_nullable else field.type
        if reference := field.kind.reference:
            is_indexed = field.details.is_indexed
            default = Field(default, foreign_key=f"{reference}.id", index=is_indexed)
        place = references if reference and is_nullable else columns
        place[field.name] = (annotation, default)
        checks += [_is_day(field.name)] if field.type is date else []
    others = _OTHERS.get(noun.name, {})
    own = {name: column for name, column in columns.items() if name not in others}
    columns = {**own, **others, **references}
    namespace: dict[str, Any] = {
        "__module__": __name__,
        "__qualname__": noun.name.capitalize(),
        "__tablename__": noun.name,
        "__table_args__": (*_INDEXES.get(noun.name, ()), *checks),
        "__annotations__": {name: annotation for name, (annotation, _) in columns.items()},
        **{name: default for name, (_, default) in columns.items() if default is not ...},
    }
    metaclass: Any = type(SQLModel)
    metaclass(noun.name.capitalize(), (RecordRow,), namespace, table=True)


for _noun in NOUNS.values():
    _table_of(_noun)


class Setting(SQLModel, table=True):
    """A setting of this ledger, such as its id and whose it is; no part of the contract."""

    __tablename__ = "setting"
    name: str = Field(primary_key=True)
    value: str


class Command(SQLModel, table=True):
    """One command that changed the ledger: its token, when (UTC), by whom, which, and why.

    `previous` is the digest of the entry before its first one, of the same person. `arrived_at` is
    when (UTC) it was merged into this ledger, if it was not made here. `login` is who was logged in
    on a server. `reason_secret` keys the commitment to the reason, or is that commitment once the
    reason is redacted. `digest` is over the command itself, and `follows` the digest with which the
    command before it ended in the ledger where it was made; older versions made neither.
    `stated_at` is the moment that the clock gave, where `recorded_at` was put right later.
    """

    __tablename__ = "command"
    __table_args__ = (
        Index("command_recorded_by", "recorded_by", "number"),
        Index("command_recorded_at", "recorded_at"),
    )
    number: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    recorded_at: str
    recorded_by: str
    name: str
    reason: str | None = None
    previous: str
    arrived_at: str | None = None
    login: str | None = None
    reason_secret: str | None = None
    digest: str | None = None
    follows: str | None = None
    stated_at: str | None = None


class Entry(SQLModel, table=True):
    """An entry of a command; never changed except by a redaction. `facts` is JSON.

    `digest` is over the facts, the command and the digest of the entry before it of the same
    user, so that an entry changed or removed outside kmtrack is found. `secret` keys
    the commitments to texts that it is over in their place.
    """

    __tablename__ = "entry"
    # The history shows a command's first records and their number.
    __table_args__ = (Index("entry_of_command", "command", "noun", "record_id"),)
    number: int | None = Field(default=None, primary_key=True)
    command: int = Field(foreign_key="command.number")
    noun: str
    record_id: str = Field(index=True)
    action: str
    facts: str
    secret: str | None = None
    digest: str


class Verdict(SQLModel, table=True):
    """The verdict on one record for one target; `day` is "" if no day is agreed yet."""

    __tablename__ = "verdict"
    __table_args__: Any = (
        # Who has hired is asked by every status, among a million contacts.
        _index_where("verdict_hired", "noun = 'hire' AND outcome = 'counted'", "company_id", "day"),
        _index_where("verdict_waiting", "outcome = 'waiting'", "day"),  # they are few
        # `why` groups the records that do not count by reason.
        _index_where(
            "verdict_left_out",
            "outcome <> 'counted'",
            *("target", "outcome", "reasons", "day", "record_id"),
        ),
        {"sqlite_with_rowid": False},
    )
    company_id: str = Field(primary_key=True, foreign_key="company.id")
    record_id: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    noun: str
    day: str
    outcome: str
    reasons: str
    municipality: str | None = None
    brokers: str


class Tally(SQLModel, table=True):
    """The verdicts of one target, outcome and day, counted as they are stored."""

    __tablename__ = "tally"
    __table_args__: Any = {"sqlite_with_rowid": False}
    target: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    number: int


class NameWord(SQLModel, table=True):
    """A word of a name that a company has or had, folded; after "=" all its words together.

    By these a company is found by some words of its name. They follow from its row.
    """

    __tablename__ = "name_word"
    __table_args__: Any = {"sqlite_with_rowid": False}
    word: str = Field(primary_key=True)
    company_id: str = Field(primary_key=True)  # no foreign key: an import writes four for a company


class ImportedRow(SQLModel, table=True):
    """Where a record was last read from: a keyed digest of the name of the file, the sheet and the line.

    It belongs to this copy of the ledger, like a setting: no entry holds it, and no merge takes it along.
    """

    __tablename__ = "imported_row"
    __table_args__: Any = {"sqlite_with_rowid": False}
    record_id: str = Field(primary_key=True)
    place: str


SCHEMA = SQLModel.metadata


def statements() -> Iterator[str]:
    """Yield the CREATE statements for SQLite, tables before what refers to them, and views last."""
    dialect = sqlite.dialect()
    for table in SCHEMA.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))
    for name, select in views(SQLITE):
        yield f"CREATE VIEW {name} AS {select}"
