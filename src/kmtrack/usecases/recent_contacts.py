"""Recent contacts: who was in touch with a company in the last three weeks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.queries.days import contacts_between

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.rules.dossier import Dossier
    from kmtrack.usecases.session import Session

LATELY: Final = timedelta(days=21)

# A contact: id, date, days_ago, channel, broker and others, as the fields of contacts are called.
Recent = dict[str, Any]


def recent_contacts(session: Session, company_ids: Iterable[str]) -> dict[str, list[Recent]]:
    """Return the recent contacts of these companies, by company: those of others first, the latest first."""
    today = session.clock.today
    found: dict[str, list[Recent]] = {}
    for row in contacts_between(session.store, company_ids, today - LATELY, today):
        brokers = " ".join(filter(None, (row["broker"], row["others"])))
        each = _recent(row["id"], date.fromisoformat(row["date"]), row["channel"], brokers, today)
        found.setdefault(row["company_id"], []).append(each)
    return {company: _told(session, each) for company, each in found.items()}


def recent_in(session: Session, dossier: Dossier, besides: str, day: date) -> list[Recent]:
    """Return the recent contacts in a dossier, without the one with the id `besides`.

    There are none for a contact whose `day` is longer ago than that.
    """
    today = session.clock.today
    if day < today - LATELY:
        return []
    contacts = [*dossier.contacts, *(c for each in dossier.predecessors for c in each.contacts)]
    found = [
        _recent(contact.id, contact.day, contact.channel, contact.brokers, today)
        for contact in sorted(contacts, key=lambda each: each.day, reverse=True)
        if contact.id != besides and today - LATELY <= contact.day <= today
    ]
    return _told(session, found)


def _recent(id_: str, day: date, channel: str, brokers: str, today: date) -> Recent:
    leading, *others = brokers.split() or [""]
    return {
        "id": id_,
        "date": day.isoformat(),
        "days_ago": (today - day).days,
        "channel": channel,
        "broker": leading or None,
        "others": " ".join(others) or None,
    }


def _told(session: Session, found: Iterable[Recent]) -> list[Recent]:
    others: list[Recent] = []
    own: list[Recent] = []
    for each in found:
        is_own = session.broker in {each["broker"], *(each["others"] or "").split()}
        if session.broker is None or not is_own:
            others.append(each)
        else:
            own.append(each)
    return others + own
