"""What is stated of the things that happen at a company: contacts, collaborations and hires."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from kmtrack.errors import FieldsDisagree
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import (
    Channel,
    CollaborationKind,
    Day,
    Hours,
    Initials,
    InitialsList,
    Level,
    Line,
    Note,
    PastDay,
    RequiredPastDay,
    Students,
    Terms,
)
from kmtrack.ledger.schema.values import besides


class ContactFacts(Facts):
    """A contact: when, how and by whom a company was met, and when to meet it next.

    `broker` led it; `others` are the further brokers who took part, their initials with a blank
    between. Whom they met is a reference to a person, kept apart from the facts.
    """

    date: RequiredPastDay
    channel: Channel = "visit"
    broker: Initials = None
    others: InitialsList = None
    person_id: str | None = None
    note: Note = None
    next: Day = None

    @model_validator(mode="after")
    def _others_besides_the_broker(self) -> Self:
        if self.others is not None:
            self.others = besides(self.broker, self.others)
        return self

    @model_validator(mode="after")
    def _next_comes_after(self) -> Self:
        if self.next is not None and self.next <= self.date:
            raise FieldsDisagree("next_before_contact", field="next", next=self.next, day=self.date)
        return self


class Agreement(Facts):
    """What collaborations and hires share; `agreed` is the day both parties committed."""

    agreed: PastDay = None
    start: Day = None
    end: Day = None
    institution: Line = None
    broker: Initials = None
    note: Note = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise FieldsDisagree("end_before_start", field="end", start=self.start, end=self.end)
        return self


class CollaborationFacts(Agreement):
    """A committing collaboration: a student project, a student job or an internship."""

    kind: CollaborationKind
    title: Line = None
    students: Students = None


class HireFacts(Agreement):
    """A hire of a highly educated person; `hours` a week."""

    level: Level = None
    field: Line = None
    terms: Terms = "ordinary"
    hours: Hours = None
