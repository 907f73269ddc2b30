"""The story: what is stated in the demonstration, before it is told to a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.ledger.entries import Action
    from kmtrack.ledger.facts.base import Facts
    from kmtrack.usecases.demonstration.people import Broker


class Statement(NamedTuple):
    """One thing that a broker states: on what day it happened, and the facts as they are stored.

    `person` is the name of the contact person; `reason` is why something was withdrawn.
    """

    day: date
    broker: Broker
    noun: str
    record_id: str
    facts: Mapping[str, Any]
    action: Action = "add"
    person: str | None = None
    reason: str | None = None


class Company(NamedTuple):
    """An invented company: the facts with which it is added, and what is peculiar about it."""

    id: str
    facts: Mapping[str, Any]
    peculiarity: str
    broker: Broker


class History(NamedTuple):
    """A company with the contacts made to it, in the order in which they were planned."""

    company: Company
    contacts: list[Statement]

    @property
    def meetings(self) -> list[Statement]:
        """The contacts that are more than a letter, an e-mail or an event."""
        return [contact for contact in self.contacts if contact.facts["channel"] in MEETINGS]


MEETINGS = ("visit", "meeting", "phone", "online")


def stated(facts: type[Facts], day: date, **values: Any) -> dict[str, Any]:
    """The facts that `values` state on `day`, checked like those that a person types."""
    return facts.state(values, day).stated()
