"""Contact history of a company: which contact came first, and that one counts for each day."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.rules.dossier import Contact, ContactPosition
from kmtrack.rules.requirement_registry import Answer, requirement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kmtrack.rules.contract import Contract
    from kmtrack.rules.dossier import Dossier
    from kmtrack.rules.requirement_registry import Subject

# By date, then by the moment it was recorded, then by the order of entry within one command.
_sort_key = itemgetter(*map(Contact._fields.index, ("day", "recorded_at", "place", "id")))


class EarlierContact(NamedTuple):
    """A time that a company was met: by the contact of that id, "" for the visit before the ledger."""

    day: date
    contact_id: str


def contact_positions(
    dossier: Dossier, contract: Contract
) -> Iterator[tuple[Contact, ContactPosition]]:
    """Yield each contact in chronological order with its position.

    Contacts through a channel that does not count are no earlier contact of any other. The visit
    before the ledger began is an earlier contact on its day.
    """
    earlier = None
    last_id = ""
    visited, channels = dossier.company.visited_before, contract.channels
    for contact in sorted(dossier.contacts, key=_sort_key):
        day = contact.day
        if visited is not None and visited <= day and (earlier is None or earlier < visited):
            earlier, last_id = visited, ""
        yield contact, ContactPosition(earlier, last_id if earlier == day else None)
        if earlier != day and contact.channel in channels:
            earlier, last_id = day, contact.id


def first_contact_day(dossier: Dossier, contract: Contract) -> date | None:
    """Return the day of the first countable contact or of the visit before the ledger, if any."""
    days = [c.day for c in dossier.contacts if c.channel in contract.channels]
    if dossier.company.visited_before is not None:
        days.append(dossier.company.visited_before)
    return min(days, default=None)


def first_contact_before(
    dossier: Dossier, contract: Contract, contact: Contact
) -> EarlierContact | None:
    """Return the first time that the company was met before `contact`; None for a first contact.

    It is the earlier contact that `contact_positions` finds, or the first of several.
    """
    visited = dossier.company.visited_before
    if visited is not None and visited > contact.day:
        visited = None
    for other in sorted(dossier.contacts, key=_sort_key):
        if _sort_key(other) >= _sort_key(contact) or (visited and visited <= other.day):
            break
        if other.channel in contract.channels:
            return EarlierContact(other.day, other.id)
    return EarlierContact(visited, "") if visited else None


@requirement(nouns=["contact"])
def one_per_day(subject: Subject) -> Answer:
    """The contact is the first countable one to that company on that day."""
    same = subject.position.same_day_as if subject.position else None
    if same is None:
        return Answer("yes", "only_one_that_day", (subject.day,))
    if same == "":
        return Answer("no", "same_day_as_visit_before", (subject.day,))
    return Answer("no", "same_day", (subject.day, same))
