"""Moved persons: the contact person of a contact that is moved to another company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.errors import Phrase
from kmtrack.ledger.queries.companies import company_by_id
from kmtrack.ledger.queries.people import (
    contacts_of_person,
    live_person_named,
    name_of,
    person_by_id,
)
from kmtrack.ledger.rows import UNDONE
from kmtrack.usecases.doubts import Choice, Doubt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.session import Session


def moved_person(
    session: Session, work: UnitOfWork, contact: Mapping[str, Any], company_id: str
) -> str | None:
    """Return the person whom a contact names once it is one of another company.

    The person moves along, unless another contact names them: then somebody must say whether they are
    at both companies. Raises the Doubt `person_named_elsewhere`.
    """
    store, person_id = session.store, str(contact["person_id"])
    named = name_of(store, person_id)
    if named is None:  # who was erased has no name by which they could be found
        return person_id
    if known := live_person_named(store, company_id, named["name"]):
        return known
    others = [
        each
        for each in contacts_of_person(store, person_id)
        if each["id"] != contact["id"] and each["withdrawn"] != UNDONE
    ]
    if not others:
        work.edit("person", person_by_id(store, person_id), {"company_id": company_id})
        return person_id
    before, after = (company_by_id(store, id_) for id_ in (contact["company_id"], company_id))
    names = {
        "name": named["name"],
        "company": before and before["name"],
        "other": after and after["name"],
    }
    choices = [Choice(each, Phrase(f"choice.moved_person.{each}", **names)) for each in _CHOICES]
    doubt = Doubt("person_named_elsewhere", person_id, company_id, choices=choices, **names)
    if session.settle(doubt) == "both":
        return work.add_person(named["name"], company_id)
    return None


_CHOICES = ("both", "nobody")
