"""The person of a contact: found by name at the company or stored, and moved along with the contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Phrase
from kmtrack.ledger.queries.companies import company_by_id
from kmtrack.ledger.queries.people import (
    contacts_of_person,
    live_people_at,
    live_person_named,
    name_of,
    person_by_id,
)
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.people import PersonFacts
from kmtrack.usecases.doubts import YES, Choice, Doubt
from kmtrack.usecases.lookup import rows_named, rows_near

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.session import Session

_NEW: Final = "new"
# Whom a moved contact names where another contact still names the person: the same one, or nobody.
_MOVED: Final = ("both", "nobody")


class PersonAtCompany(NamedTuple):
    """The id of a contact person, and the names of others who may be the same, if nobody was asked."""

    id: str | None
    alike: Sequence[str] = ()


def person_at(
    session: Session,
    work: UnitOfWork,
    name: str | None,
    company_id: str,
    corrected: str | None = None,
) -> PersonAtCompany:
    """Return the contact person with that name at the company; a new one is stored.

    `corrected` is the id of the person who is replaced, so that nobody asks about them. Raises the
    Doubt `new_person` if others have nearly that name.
    """
    if not name or not name.strip():
        return PersonAtCompany(None)
    person = session.validate(PersonFacts, {"name": name}, typed_as={"name": "--person"}).name
    people = live_people_at(session.store, company_id)
    for row in people:
        if row["name"] == person:
            return PersonAtCompany(row["id"])
    others = [row for row in people if row["id"] != corrected]
    alike = rows_named(others, "person", person) or rows_near(others, person)
    answer = _NEW
    if alike:
        choices = [Choice(row["id"], row["name"]) for row in alike]
        choices.append(Choice(_NEW, Phrase("choice.new_person", name=person)))
        subject = ("new_person", company_id, person)
        names = [row["name"] for row in alike]
        answer = session.settle(
            Doubt(*subject, choices=choices, is_only_reported=True, name=person, others=names)
        )
        if answer not in {_NEW, YES}:
            return PersonAtCompany(answer)
    # YES is the answer if nobody was asked.
    not_asked = [row["name"] for row in alike] if answer == YES else []
    return PersonAtCompany(work.add_person(person, company_id), not_asked)


def moved_person(
    session: Session, work: UnitOfWork, contact: Mapping[str, Any], company_id: str
) -> str | None:
    """Return the person named by a contact that moves to another company.

    The person moves along, unless another contact names them: then somebody must say whether they
    are at both companies. Raises the Doubt `person_named_elsewhere`.
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
    choices = [Choice(each, Phrase(f"choice.moved_person.{each}", **names)) for each in _MOVED]
    doubt = Doubt("person_named_elsewhere", person_id, company_id, choices=choices, **names)
    if session.settle(doubt) == "both":
        return work.add_person(named["name"], company_id)
    return None
