"""Contact history of a company: which contact came first, and which one counts on each day."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.rules.dossier import Contact, ContactPosition, Predecessor
from kmtrack.rules.requirement_registry import Answer, requirement

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from kmtrack.rules.contract import Contract
    from kmtrack.rules.dossier import Dossier
    from kmtrack.rules.requirement_registry import Subject

# By date, then by the moment it was recorded, then by the order of entry within one command.
_sort_key = itemgetter(*map(Contact._fields.index, ("day", "recorded_at", "place", "id")))


class EarlierContact(NamedTuple):
    """A time that a company was met: the id of the contact, or "" for the visit before the ledger began.

    `predecessor` is the id of the company that was met, if it was one that has been taken over.
    """

    day: date
    contact_id: str
    predecessor: str = ""


def contact_positions(
    dossier: Dossier, contract: Contract
) -> Iterator[tuple[Contact, ContactPosition]]:
    """Yield each contact in chronological order with its position.

    Contacts through a channel that does not count are never earlier contacts of another. The visit
    before the ledger began is an earlier contact on its day. Contacts and visits of predecessors
    are earlier contacts from the day of the takeover on.
    """
    earlier = first_visit = None
    last_id = ""
    visits_before, channels, visits = _visits_before(dossier), contract.channels, contract.visits
    contacts, inherited = _as_known(dossier)
    for contact in contacts:
        day = contact.day
        if contact.id not in inherited:
            for known_from, visited in visits_before:
                if known_from <= day:
                    if earlier is None or earlier <= visited:  # before all contacts of its day
                        earlier, last_id = visited, ""
                    if first_visit is None or visited < first_visit:
                        first_visit = visited
            same_day = last_id if earlier == day else None
            yield contact, ContactPosition(earlier, same_day, first_visit)
        if (earlier is None or earlier < day) and contact.channel in channels:
            earlier, last_id = day, contact.id
        if contact.channel in visits and (first_visit is None or day < first_visit):
            first_visit = day


def _visits_before(dossier: Dossier) -> list[tuple[date, date]]:
    """List the visits before the ledger began: the day from which each belongs to the history, and its day."""
    return [
        (max(history.since, history.visited_before), history.visited_before)
        for history in (_own_history(dossier), *dossier.predecessors)
        if history.visited_before is not None
    ]


def _as_known(dossier: Dossier) -> tuple[list[Contact], Mapping[str, date]]:
    """List contacts in the order in which they belong to the company's history.

    Also return which of them are predecessors', by id: the day from which they belong to it.
    """
    if not dossier.predecessors:
        return sorted(dossier.contacts, key=_sort_key), {}
    since = {
        contact.id: history.since
        for history in dossier.predecessors
        for contact in history.contacts
    }

    def known_order(contact: Contact) -> tuple[object, ...]:
        order = _sort_key(contact)
        known_from = since.get(contact.id, date.min)
        return order if known_from <= contact.day else (known_from, "", 0, "", *order)

    own_and_theirs = (_own_history(dossier), *dossier.predecessors)
    contacts = (contact for history in own_and_theirs for contact in history.contacts)
    return sorted(contacts, key=known_order), since


def _own_history(dossier: Dossier) -> Predecessor:
    company = dossier.company
    return Predecessor("", date.min, company.visited_before, dossier.contacts)


class FirstContacts:
    """The first time that a company was met, in its own history and in that of each company it took over.

    Only contacts through one of the `channels` are considered, and visits before the ledger began.
    """

    def __init__(self, dossier: Dossier, channels: Container[str]) -> None:
        self._histories = [
            (history.since, found)
            for history in (_own_history(dossier), *dossier.predecessors)
            if (found := _first_in(history, channels))
        ]

    def known_on(self, day: date | None) -> EarlierContact | None:
        """Return the first contact in the history that the company had on a day; None is before any takeover."""
        return self._first(day, (date.max,))

    def before(self, contact: Contact) -> EarlierContact | None:
        """Return the first time that the company was met before `contact`; None if `contact` is the first.

        It is the earlier contact that `contact_positions` finds, or the first of several.
        """
        return self._first(contact.day, _sort_key(contact))

    def _first(self, day: date | None, end: tuple[Any, ...]) -> EarlierContact | None:
        known_until = day or date.min
        met = min(
            (
                first
                for since, firsts in self._histories
                if since <= known_until
                for first in firsts
                if first[0] < end
            ),
            default=None,
        )
        return met and EarlierContact(met[0][0], met[0][3], met[1])


def _first_in(history: Predecessor, channels: Container[str]) -> list[tuple[tuple[Any, ...], str]]:
    """List the sort keys of the visit before the ledger and of the first contact in a history.

    Each comes with the id of the company that was taken over, "" for the own history.
    """
    found: list[tuple[Any, ...]] = []
    if history.visited_before is not None:
        found.append((history.visited_before, "", 0, ""))
    keys = [_sort_key(contact) for contact in history.contacts if contact.channel in channels]
    if keys:
        found.append(min(keys))
    return [(key, history.id) for key in found]


def first_contact_day(dossier: Dossier, contract: Contract, on: date | None = None) -> date | None:
    """Return the first day in the history that the company had on a day; None is before any takeover."""
    met = FirstContacts(dossier, contract.channels).known_on(on)
    return met and met.day


def first_contact_before(
    dossier: Dossier, contract: Contract, contact: Contact
) -> EarlierContact | None:
    """Return the first time that the company was met before `contact`, as `FirstContacts.before` does."""
    return FirstContacts(dossier, contract.channels).before(contact)


@requirement(nouns=["contact"])
def one_per_day(subject: Subject) -> Answer:
    """The contact is the first countable one to that company on that day."""
    same = subject.position.same_day_as if subject.position else None
    if same is None:
        return Answer("yes", "only_one_that_day", (subject.day,))
    if same == "":
        return Answer("no", "same_day_as_visit_before", (subject.day,))
    return Answer("no", "same_day", (subject.day, same))


@requirement(nouns=["contact"], is_reported_for=lambda target: target.selection.history == "later")
def visited_earlier(subject: Subject) -> Answer:
    """The company was visited before, not only called ("til tidligere besøgte virksomheder")."""
    visited = subject.position.visited if subject.position else None
    return Answer("yes", "visited", (visited,)) if visited else Answer("no", "never_visited")
