"""A dossier: one company with everything known of it that a rule may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class CompanyVersion(NamedTuple):
    """What holds of a company from one day until its next version; None is not known.

    `employees` is a canonical headcount ("40", "200-499", "1000+"); sums in millions of euro.
    """

    municipality: str | None = None
    employees: str | None = None
    turnover: float | None = None
    balance: float | None = None
    sme: bool | None = None
    kind: str = "company"


class Company(NamedTuple):
    """A company; `versions` is ascending by day, and the first holds from the beginning (None).

    `visited_before` is the day of a visit in the earlier phase; the first day of the calendar
    (date.min) says that it was visited but nobody knows when.
    """

    id: str
    cvr: str | None
    visited_before: date | None
    versions: tuple[tuple[date | None, CompanyVersion], ...]

    def version_on(self, day: date | None) -> CompanyVersion:
        """The version in force on `day`, or the latest one where there is no day."""
        versions = self.versions
        if day is None:
            return versions[-1][1]
        for first_day, version in reversed(versions):
            if first_day is None or first_day <= day:
                return version
        return versions[0][1]


class Contact(NamedTuple):
    """A contact, an event between a broker and a company."""

    id: str
    recorded_at: str
    day: date
    channel: str
    brokers: str = ""


class Collaboration(NamedTuple):
    """A committing collaboration; `day` is the day both parties committed."""

    id: str
    recorded_at: str
    day: date | None
    kind: str
    brokers: str = ""


class Hire(NamedTuple):
    """A hire; `day` is the day both parties committed."""

    id: str
    recorded_at: str
    day: date | None
    level: str | None
    terms: str = "ordinary"
    brokers: str = ""


Record = Contact | Collaboration | Hire


class Dossier(NamedTuple):
    """One company and its records, withdrawn ones left out, in any order."""

    company: Company
    contacts: tuple[Contact, ...] = ()
    collaborations: tuple[Collaboration, ...] = ()
    hires: tuple[Hire, ...] = ()
