"""The plan of an erasure: the persons and texts to erase, where they occur, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

from kmtrack.errors import Refusal
from kmtrack.ledger.erasure import last_erased_person
from kmtrack.ledger.left_places import LASTING, left_places
from kmtrack.ledger.mentions import FoundName, Place, found_name, search
from kmtrack.ledger.near_forms import SHORTEST_TEXT, is_long_enough
from kmtrack.ledger.queries.people import number_of_contacts
from kmtrack.ledger.schema.plain_text import is_text, shown
from kmtrack.usecases.people import records_of_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.ledger.mentions import NearForm
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

LONGEST_TEXT: Final = 200


class ErasurePlan(NamedTuple):
    """What an erasure would reach: persons by their records, texts, and where the ledger contains each.

    `found` has the places of each name and text; `contacts` counts the contacts with the persons.
    """

    persons: list[Row]
    texts: list[str]
    contacts: int
    found: dict[str, FoundName]

    @property
    def times(self) -> int:
        """How often texts contain what would be removed."""
        return sum(found.times for found in self.found.values())

    @property
    def places(self) -> list[Place]:
        """Where it occurs now, each place once."""
        return list(dict.fromkeys(place for found in self.found.values() for place in found.places))

    @property
    def stays(self) -> list[Place]:
        """Where it occurs and stays."""
        return list(dict.fromkeys(place for found in self.found.values() for place in found.stays))

    @property
    def near(self) -> list[NearForm]:
        """What may mean it and stays, unless that is removed as well."""
        forms = {form.form: form for found in self.found.values() for form in found.near}
        return [form for text, form in forms.items() if text not in self.found]


def plan_of_person(session: Session, reference: str) -> ErasurePlan:
    """Return what the erasure of a person would reach.

    Raises as `records_of_person`, or Refusal `erasure_unfinished` if nobody has that name but an
    interrupted erasure may have removed it.
    """
    try:
        records = records_of_person(session, reference)
    except Refusal as refusal:
        if refusal.key == "unknown_person":
            _require_finished(session.store, reference)
        raise
    return _plan(session, records, [])


def _require_finished(store: Store, reference: str) -> None:
    """Raise Refusal `erasure_unfinished` if places left by an earlier erasure could be cleaned."""
    waiting = [
        place for place in left_places(store) if place.kind != "folder" and place.why not in LASTING
    ]
    last = last_erased_person(store)
    if waiting and last and store.is_owned:
        number = len(waiting)
        raise Refusal("erasure_unfinished", reference=shown(reference), number=number, id=last)


def plan_of_texts(session: Session, texts: Iterable[str]) -> ErasurePlan:
    """Return what would be reached if these texts were removed wherever they occur.

    Contact persons with exactly that name are erased as well. Raises Refusal `erased_text_short` or
    `erased_text_bad`.
    """
    return _plan(session, [], [checked_text(text) for text in texts])


def with_texts(session: Session, plan: ErasurePlan, texts: Sequence[str]) -> ErasurePlan:
    """Return the plan with further texts to remove."""
    return _plan(session, plan.persons, [*plan.texts, *texts]) if texts else plan


def checked_text(text: str) -> str:
    """Return a text to be removed, with single blanks.

    Raises Refusal for one that is too short or too long, or that no ledger could contain.
    """
    if not is_text(text):
        raise Refusal("erased_text_bad", text=shown(text))
    clean = normalize("NFC", " ".join(text.split()))
    if not is_long_enough(clean):
        raise Refusal("erased_text_short", text=shown(clean), shortest=SHORTEST_TEXT)
    if len(clean) > LONGEST_TEXT or not clean.isprintable():
        raise Refusal("erased_text_bad", text=shown(clean))
    return clean


def _plan(session: Session, persons: Sequence[Row], texts: Sequence[str]) -> ErasurePlan:
    store = session.store
    with store.reading():
        names = dict.fromkeys([*(person["name"] for person in persons), *texts])
        found = {name: search(store, found_name(store, name)) for name in names}
        known = {person["id"]: person for person in persons}
        for text in texts:
            for named in found[text].persons:
                known.setdefault(named.id, named._asdict())
        return ErasurePlan(
            list(known.values()), list(texts), number_of_contacts(store, list(known)), found
        )
