"""Dossier: a company and its records, which is all that a rule looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class CompanyVersion(NamedTuple):
    """Company attributes valid from a given day until the next version; None is unknown.

    `employees` is a canonical headcount ("40", "200-499", "1000+"); sums in millions of euro;
    `basis` is what a declaration rests on.
    """

    municipality: str | None = None
    employees: str | None = None
    turnover: float | None = None
    balance: float | None = None
    sme: bool | None = None
    kind: str = "company"
    basis: str | None = None


class Company(NamedTuple):
    """A company; `versions` are ascending by day, the first is valid from the beginning (None).

    `visited_before` is the day of a visit in the earlier phase; the first day of the calendar
    (date.min) stands for an unknown day.
    """

    id: str
    cvr: str | None
    visited_before: date | None
    versions: tuple[tuple[date | None, CompanyVersion], ...]

    def version_on(self, day: date | None) -> CompanyVersion:
        """Return the version in force on `day`, or the latest one for None."""
        versions = self.versions
        if day is None:
            return versions[-1][1]
        for first_day, version in reversed(versions):
            if first_day is None or first_day <= day:
                return version
        return versions[0][1]

    def versions_between(self, first: date, last: date) -> list[CompanyVersion]:
        """Return the versions in force on some day from the first to the last, in their order."""
        later = [version for day, version in self.versions if day and first < day <= last]
        return [self.version_on(first), *later]


class Contact(NamedTuple):
    """A contact between a broker and a company.

    `place` orders contacts of one day that were recorded at the same moment by their order of
    entry. The `municipality` of any record is where it took place, None if that is the company's
    own.
    """

    id: str
    recorded_at: str
    day: date
    channel: str
    brokers: str = ""
    municipality: str | None = None
    place: int = 0


class Collaboration(NamedTuple):
    """A binding collaboration; `day` is the day on which both parties committed."""

    id: str
    recorded_at: str
    day: date | None
    kind: str
    brokers: str = ""
    municipality: str | None = None


class Hire(NamedTuple):
    """A hire; `day` is the day on which both parties committed, `hours` are weekly."""

    id: str
    recorded_at: str
    day: date | None
    level: str | None
    terms: str = "ordinary"
    brokers: str = ""
    municipality: str | None = None
    start: date | None = None
    end: date | None = None
    hours: float | None = None
    permanent: bool | None = None


Record = Contact | Collaboration | Hire


class ContactPosition(NamedTuple):
    """A contact's position in the company's contact history.

    `earlier` is the day of an earlier countable contact, None for a first contact. `same_day_as` is
    the id of the countable contact before it on the same day, "" for the visit before the ledger
    began, None if there is neither. `visited` is the day of the first visit before it, by an
    earlier contact or before the ledger began.
    """

    earlier: date | None
    same_day_as: str | None
    visited: date | None = None


class Predecessor(NamedTuple):
    """A company that was taken over: its contacts belong to the successor's history from `since` on."""

    id: str
    since: date
    visited_before: date | None = None
    contacts: tuple[Contact, ...] = ()


class Dossier(NamedTuple):
    """One company and its records in any order, withdrawn ones left out.

    `predecessors` are all companies that it took over, directly or through others.
    """

    company: Company
    contacts: tuple[Contact, ...] = ()
    collaborations: tuple[Collaboration, ...] = ()
    hires: tuple[Hire, ...] = ()
    predecessors: tuple[Predecessor, ...] = ()
