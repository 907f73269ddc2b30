"""The tables: the schema of a ledger, inherited from the facts. Loaded only to make or move one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.deliverables import DeliveryFacts
from kmtrack.ledger.schema.events import CollaborationFacts, ContactFacts, HireFacts
from kmtrack.ledger.schema.methods import (
    AssessmentFacts,
    DisseminationFacts,
    MethodFacts,
    UsageFacts,
)
from kmtrack.ledger.schema.people import BrokerFacts, PersonFacts
from kmtrack.ledger.schema.surveys import SurveyFacts


def _is_day(column: str) -> CheckConstraint:
    # date(d) alone accepts 2011-02-31; adding no days makes SQLite reckon it.
    return CheckConstraint(f"{column} IS date({column}, '+0 days')", name=f"{column}_is_a_day")


def _index_where(name: str, condition: str, *columns: str, is_unique: bool = False) -> Index:
    """An index of the rows that meet a condition."""
    where = text(condition)
    return Index(name, *columns, unique=is_unique, sqlite_where=where, postgresql_where=where)


class RecordRow(SQLModel):
    """What every record has besides its facts; `recorded_at` is UTC, `withdrawn` the reason."""

    id: str = Field(primary_key=True)
    recorded_at: str
    withdrawn: str | None = None


class Company(CompanyFacts, RecordRow, table=True):  # type: ignore[misc]  # both set model_config
    """A company; `later` holds, as JSON by day, the facts that are in force from that day on.

    `name_key` is the name as it is searched and compared. `joined` are the other records that this
    one was stated to be the same company as, with a blank between; `part_of` is the record that
    stands for all of them, where this is not the one. Such a record counts as withdrawn.
    """

    __tablename__ = "company"
    __table_args__ = (
        _index_where("company_cvr", "withdrawn IS NULL", "cvr", is_unique=True),
        Index("company_name_key", "name_key"),
        _is_day("visited_before"),
    )
    later: str | None = None
    name_key: str
    joined: str | None = None
    part_of: str | None = None


class Person(PersonFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A contact person; the only table with personal data. `secret` keys the entry's commitment.

    Both `name` and `secret` are missing once the person is erased.
    """

    __tablename__ = "person"
    company_id: str = Field(foreign_key="company.id", index=True)
    name: str | None = None  # type: ignore[assignment]  # stated of everybody, erased of some
    secret: str | None = None


class Contact(ContactFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A contact."""

    __tablename__ = "contact"
    __table_args__ = (Index("contact_date", "date"), _is_day("date"), _is_day("next"))
    company_id: str = Field(foreign_key="company.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id")


class Collaboration(CollaborationFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A collaboration."""

    __tablename__ = "collaboration"
    __table_args__ = (_is_day("agreed"), _is_day("start"), _is_day("end"))
    company_id: str = Field(foreign_key="company.id", index=True)


class Hire(HireFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A hire."""

    __tablename__ = "hire"
    __table_args__ = (_is_day("agreed"), _is_day("start"), _is_day("end"))
    company_id: str = Field(foreign_key="company.id", index=True)


class Method(MethodFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A method of the initiative."""

    __tablename__ = "method"
    __table_args__ = (_is_day("date"),)


class Assessment(AssessmentFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """An assessment of a method."""

    __tablename__ = "assessment"
    __table_args__ = (_is_day("date"),)
    method_id: str = Field(foreign_key="method.id", index=True)


class Dissemination(DisseminationFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A dissemination of a method."""

    __tablename__ = "dissemination"
    __table_args__ = (_is_day("date"),)
    method_id: str = Field(foreign_key="method.id", index=True)


class Usage(UsageFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """The use of a method in a contact."""

    __tablename__ = "usage"
    method_id: str = Field(foreign_key="method.id", index=True)
    contact_id: str = Field(foreign_key="contact.id")


class Delivery(DeliveryFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A step towards a deliverable."""

    __tablename__ = "delivery"
    __table_args__ = (_is_day("date"),)


class Survey(SurveyFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A filled questionnaire; `company_id` is missing where a municipality answered."""

    __tablename__ = "survey"
    __table_args__ = (_is_day("date"),)
    company_id: str | None = Field(default=None, foreign_key="company.id", index=True)
    hire_id: str | None = Field(default=None, foreign_key="hire.id")


class Broker(BrokerFacts, RecordRow, table=True):  # type: ignore[misc]  # as Company
    """A broker, whose id is the initials."""

    __tablename__ = "broker"


class Contract(RecordRow, table=True):
    """The contract in force, as a JSON document; there is one."""

    __tablename__ = "contract"
    document: str


class Setting(SQLModel, table=True):
    """What belongs to this ledger file and not to the contract: its id, and whose it is."""

    __tablename__ = "setting"
    name: str = Field(primary_key=True)
    value: str


class Command(SQLModel, table=True):
    """One command that changed the ledger: its token, when (UTC), by whom, which, and why.

    `previous` is the digest of the entry before its first one, of the same person. `arrived_at` is
    when (UTC) it was merged into this ledger, if it was not made here.
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


class Entry(SQLModel, table=True):
    """One statement of one command; never changed but by a redaction. `facts` is JSON.

    `digest` is over the facts, the command and the digest of the entry before it of the same
    person, so that an entry changed or removed behind the program's back is found. `secret` keys
    the commitments to texts that it is over in their place.
    """

    __tablename__ = "entry"
    number: int | None = Field(default=None, primary_key=True)
    command: int = Field(foreign_key="command.number", index=True)
    noun: str
    record_id: str = Field(index=True)
    action: str
    facts: str
    secret: str | None = None
    digest: str


class Verdict(SQLModel, table=True):
    """How one record stands to one target; `day` is "" where nothing is agreed yet."""

    __tablename__ = "verdict"
    __table_args__: Any = (
        # Who has hired is asked by every status, among a million contacts.
        _index_where("verdict_hired", "noun = 'hire' AND outcome = 'counted'", "company_id", "day"),
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


SCHEMA = SQLModel.metadata
