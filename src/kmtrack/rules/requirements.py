"""The requirements of the note: each looks at one record of a dossier and answers yes, no or unknown.

A requirement is written once, as a function registered by `requirement`: here, or beside the
contact history that it concerns. A contract names it for a target. Its texts are "rule.NAME",
"definition.NAME", "why.REASON" for each answer, and for an answer other than yes "reason.REASON"
and, if something can be done, "remedy.REASON"; an unknown that no fact of the company settles also
has "check.missing_REASON".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from kmtrack.rules.contact_history import one_per_day, visited_earlier
from kmtrack.rules.headcount_format import headcount_bounds
from kmtrack.rules.requirement_registry import (
    REQUIREMENTS,
    Answer,
    FieldValue,
    Subject,
    company_fact_for,
    requirement,
)

if TYPE_CHECKING:
    from kmtrack.rules.contract import Lasting
    from kmtrack.rules.dossier import Hire

# Whoever asks for the requirements here has them all registered.
__all__ = ["NOT_AGREED", "REQUIREMENTS", "company_fact_for", "one_per_day", "visited_earlier"]

NOT_AGREED: Final = Answer("unknown", "not_agreed")


@requirement(company_facts={"no_cvr": "cvr"})
def identified(subject: Subject) -> Answer:
    """The company has a CVR number; without it no number can be traced to one company."""
    if subject.company.cvr is None:
        return Answer("unknown", "no_cvr")
    return Answer("yes", "cvr", (subject.company.cvr,))


@requirement()
def in_period(subject: Subject) -> Answer:
    """The record's day is within the contract period ("i projektperioden 2011-12")."""
    day, contract = subject.day, subject.contract
    if day is None:
        return NOT_AGREED
    if day < contract.first_day:
        return Answer("no", "before_period", (day, contract.first_day))
    if day > contract.last_day:
        return Answer("no", "after_period", (day, contract.last_day))
    return Answer("yes", "in_period", (day,))


@requirement(nouns=["contact"])
def countable_channel(subject: Subject) -> Answer:
    """The contact was made through a channel that the contract counts ("gennemføre")."""
    channel = getattr(subject.record, "channel", "")
    looked_at = (FieldValue("contact", "channel", channel),)
    if channel in subject.contract.channels:
        return Answer("yes", "channel_counts", looked_at)
    return Answer("no", "channel_does_not_count", looked_at)


@requirement(company_facts={"no_municipality": "municipality"})
def participating(subject: Subject) -> Answer:
    """The record's municipality took part on that day ("i de deltagende kommuner").

    That is the municipality of the workplace if the record states it (a plant), else the company's.
    If it takes part on no day at all, no agreed day would help.
    """
    municipality, day = subject.municipality, subject.day
    if not subject.contract.participation:
        return Answer("unknown", "no_participation_set")
    if municipality is None:
        return Answer("unknown", "no_municipality")
    place = FieldValue("company", "municipality", municipality)
    whose = "place_" if subject.record.municipality else ""
    spans = [span for span in subject.contract.participation if span.municipality == municipality]
    if day is None:
        return NOT_AGREED if spans else Answer("no", f"{whose}never_takes_part", (place,))
    if any(span.covers(day) for span in spans):
        return Answer("yes", "takes_part", (place, day))
    return Answer("no", f"{whose}takes_no_part", (place, day))


@requirement(
    company_facts={
        "no_headcount": "employees",
        "band_straddles": "employees",
        "balance_unknown": "balance",
        "turnover_unknown": "turnover",
    }
)
def sme(subject: Subject) -> Answer:  # noqa: PLR0911 - one return for each line of the rule
    """The company is small or medium-sized: Recommendation 2003/361/EC, annex, articles 2 to 4.

    A declaration settles what headcount and amounts cannot (linked companies); a public body or an
    association is never an enterprise in the note's sense.
    """
    version, limits = subject.version, subject.contract.sme
    if version.kind != "company":
        return Answer("no", "not_a_company", (FieldValue("company", "kind", version.kind),))
    if version.sme is not None:
        return Answer("yes", "declared_sme") if version.sme else Answer("no", "declared_not_sme")
    turnover, balance = version.turnover, version.balance
    over_turnover = turnover is not None and turnover > limits.turnover_at_most
    over_balance = balance is not None and balance > limits.balance_at_most
    if over_turnover and over_balance:
        return Answer("no", "both_sums_over", (turnover, balance))
    headcount = _headcount(version.employees, limits.employees_below)
    if headcount.outcome != "yes":
        return headcount
    if over_turnover and balance is None:
        return Answer("unknown", "balance_unknown", (turnover,))
    if over_balance and turnover is None:
        return Answer("unknown", "turnover_unknown", (balance,))
    return headcount


def _headcount(employees: str | None, below: int) -> Answer:
    if employees is None:
        return Answer("unknown", "no_headcount")
    lowest, highest = headcount_bounds(employees)
    looked_at = (FieldValue("company", "employees", employees), below)
    if lowest >= below:
        return Answer("no", "too_many_employees", looked_at)
    if highest is None or highest >= below:
        return Answer("unknown", "band_straddles", looked_at)
    return Answer("yes", "few_employees", looked_at)


@requirement(nouns=("collaboration", "hire"))
def binding(subject: Subject) -> Answer:
    """Both parties have committed on a known day ("forpligtende")."""
    return NOT_AGREED if subject.day is None else Answer("yes", "agreed", (subject.day,))


@requirement(
    nouns=("collaboration", "hire"), is_reported_for=lambda target: target.counts == "hire"
)
def brokered(subject: Subject) -> Answer:
    """The company was met on or before the agreed day, else nobody brokered it ("formidle")."""
    if subject.day is None:
        return NOT_AGREED
    met = subject.first_contact_day
    if met is None:
        return Answer("no", "never_met", (subject.day,))
    if met > subject.day:
        return Answer("no", "met_later", (met, subject.day))
    return Answer("yes", "met", (met,))


@requirement(nouns=["hire"])
def highly_educated(subject: Subject) -> Answer:
    """The level of education is one that the contract counts ("højtuddannede")."""
    level = getattr(subject.record, "level", None)
    if level is None:
        return Answer("unknown", "no_level")
    looked_at = (FieldValue("hire", "level", level),)
    if level in subject.contract.highly_educated:
        return Answer("yes", "level_counts", looked_at)
    return Answer("no", "level_does_not_count", looked_at)


@requirement(nouns=["hire"])
def paid(subject: Subject) -> Answer:
    """The employment is paid, with or without a subsidy ("ansættelser")."""
    terms = getattr(subject.record, "terms", "")
    looked_at = (FieldValue("hire", "terms", terms),)
    if terms in subject.contract.paid_terms:
        return Answer("yes", "terms_count", looked_at)
    return Answer("no", "terms_do_not_count", looked_at)


@requirement(nouns=["hire"])
def lasting(subject: Subject) -> Answer:
    """The hire lasts as many weeks, with as many hours in each, as the contract asks (our rule).

    Both its first and its last day count; without a start it begins on the agreed day.
    """
    hire, asked = cast("Hire", subject.record), subject.contract.lasting
    found = [answer for answer in (_too_short(hire, asked), _too_few_hours(hire, asked)) if answer]
    if found:
        return next((answer for answer in found if answer.outcome == "no"), found[0])
    if hire.permanent:
        return Answer("yes", "permanent", (hire.hours,))
    return Answer("yes", "lasts", (hire.hours, hire.start or hire.day, hire.end))


def _too_short(hire: Hire, asked: Lasting) -> Answer | None:
    """Answer why a hire does not last the weeks asked, or may not; None where it does."""
    first = hire.start or hire.day
    if hire.permanent:
        return None
    if hire.end is None:
        return Answer("unknown", "no_end")
    if first is None:
        return NOT_AGREED
    is_too_short = (hire.end - first).days + 1 < asked.weeks * 7
    return Answer("no", "too_short", (first, hire.end, asked.weeks)) if is_too_short else None


def _too_few_hours(hire: Hire, asked: Lasting) -> Answer | None:
    """Answer why a hire does not have the hours asked, or may not; None where it does."""
    if hire.hours is None:
        return Answer("unknown", "no_hours")
    is_too_few = hire.hours < asked.hours
    return Answer("no", "too_few_hours", (hire.hours, asked.hours)) if is_too_few else None
