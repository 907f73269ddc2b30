"""The history of a company: which of its contacts came first, and on which days it was met."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kmtrack.rules.contract import Contract
    from kmtrack.rules.dossier import Contact, Dossier

# Contact is (id, recorded_at, day, …): by date, then by the time it was recorded, then by id.
_in_order = itemgetter(2, 1, 0)


class ContactPosition(NamedTuple):
    """Where one contact stands in its company's history.

    `earlier` is the day of an earlier countable contact, None for a first contact; `same_day_as`
    is the id of the countable contact that came before it on the same day ("" for the visit
    before the ledger began).
    """

    earlier: date | None
    same_day_as: str | None


class Meeting(NamedTuple):
    """One time that a company was met: by the contact of that id, "" for the visit before the ledger."""

    day: date
    contact_id: str


def places(
    dossier: Dossier, contract: Contract
) -> Iterator[tuple[Contact, date | None, str | None]]:
    """Each contact of the dossier, in order, and what makes up its place.

    Channels that do not count make none. The visit before the ledger began stands as an earlier
    contact on its day.
    """
    earlier = None
    last_id = ""
    visited, channels = dossier.company.visited_before, contract.channels
    for contact in sorted(dossier.contacts, key=_in_order):
        day = contact.day
        if visited is not None and visited <= day and (earlier is None or earlier < visited):
            earlier, last_id = visited, ""
        yield contact, earlier, last_id if earlier == day else None
        if earlier != day and contact.channel in channels:
            earlier, last_id = day, contact.id


def first_met(dossier: Dossier, contract: Contract) -> date | None:
    """The day of the first countable contact or of the visit before the ledger, if any."""
    days = [c.day for c in dossier.contacts if c.channel in contract.channels]
    if dossier.company.visited_before is not None:
        days.append(dossier.company.visited_before)
    return min(days, default=None)


def first_meeting_before(dossier: Dossier, contract: Contract, contact: Contact) -> Meeting | None:
    """The first time that the company was met before `contact`; None makes that a first contact.

    It is the contact that `places` has found earlier, or the first of several.
    """
    visited = dossier.company.visited_before
    if visited is not None and visited > contact.day:
        visited = None
    for other in sorted(dossier.contacts, key=_in_order):
        if _in_order(other) >= _in_order(contact) or (visited and visited <= other.day):
            break
        if other.channel in contract.channels:
            return Meeting(other.day, other.id)
    return Meeting(visited, "") if visited else None
