"""Person look-up: the contact person whom somebody names at a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Phrase
from kmtrack.ledger.queries.people import live_people_at
from kmtrack.ledger.schema.people import PersonFacts
from kmtrack.usecases.doubts import YES, Choice, Doubt
from kmtrack.usecases.lookup import rows_named, rows_near

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.session import Session

_NEW: Final = "new"


class NamedPerson(NamedTuple):
    """The id of a contact person, and the names of others that a new one may be, if nobody was asked."""

    id: str | None
    alike: Sequence[str] = ()


def person_at(
    session: Session,
    work: UnitOfWork,
    name: str | None,
    company_id: str,
    corrected: str | None = None,
) -> NamedPerson:
    """Return the contact person of that name at the company; a new one is stored.

    `corrected` is the id of the one whose place the person takes, so that nobody asks about them.
    Raises the Doubt `new_person` where others have nearly that name.
    """
    if not name or not name.strip():
        return NamedPerson(None)
    person = session.validate(PersonFacts, {"name": name}, typed_as={"name": "--person"}).name
    people = live_people_at(session.store, company_id)
    for row in people:
        if row["name"] == person:
            return NamedPerson(row["id"])
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
            return NamedPerson(answer)
    # Nobody was asked where the answer is YES.
    not_asked = [row["name"] for row in alike] if answer == YES else []
    return NamedPerson(work.add_person(person, company_id), not_asked)
