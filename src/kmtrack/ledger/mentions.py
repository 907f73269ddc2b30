"""Mentions: every place in a ledger where a person typed a text, and where these texts hold a name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.commitments import LEFT, legible
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.near_forms import NearForms, form_to_type
from kmtrack.ledger.queries.people import named_people
from kmtrack.ledger.schema.ids import batches
from kmtrack.ledger.schema.nouns import COMMAND, JSON_TEXTS, text_columns_of
from kmtrack.ledger.written_names import FILE_ENDING, WrittenName, given_name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from kmtrack.ledger.store.base import Store

_ENTRIES: Final = """
    SELECT number, noun, record_id, facts, digest FROM entry WHERE facts LIKE :like ORDER BY number
"""
_REASONS: Final = """
    SELECT number, token, reason FROM command WHERE reason IS NOT NULL ORDER BY number
"""
_NAMES_OF_PERSONS: Final = """
    SELECT person.id, person.name, company.name AS company FROM person
    JOIN company ON company.id = person.company_id WHERE person.name IS NOT NULL ORDER BY person.id
"""
_REGISTERED: Final = """
    SELECT own.id FROM company AS own
    WHERE own.id IN (SELECT value FROM json_each(:ids)) AND EXISTS (
        SELECT 1 FROM company AS record WHERE record.cvr IS NOT NULL AND (
            record.part_of = coalesce(own.part_of, own.id)
            OR record.id = coalesce(own.part_of, own.id) AND record.part_of IS NULL))
"""
# The texts of so many entries are looked at together.
_TOGETHER: Final = 1000
_CONTRACT: Final = "SELECT document FROM contract"
_CONTRACTS: Final = """
    SELECT command, facts FROM entry WHERE noun = 'contract' ORDER BY number DESC
"""
# A text of JSON, and what stands behind one that names a value.
_JSON_TEXT: Final = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?')
_CHOSEN: Final = re.compile("[a-z0-9-]+")
_TITLED: Final = frozenset({"name", "title", "institution", "field", "council", "file"})
_MOST_PLACES: Final = 5


class Place(NamedTuple):
    """Where a text is: the record of a noun, or a command by its number, and the field."""

    noun: str
    id: str
    field: str


class Mention(NamedTuple):
    """An entry, or a command, with texts that contain a name, `times` in all; `left` is each text without it.

    What an earlier erasure left of a text counts where the text was. For a command, `record_id` is
    its token, and there is no digest.
    """

    number: int
    noun: str
    record_id: str
    digest: str
    left: dict[str, str]
    times: int
    places: list[Place]


class NearForm(NamedTuple):
    """A text that may mean a name: how to type it, how often it occurs, and the first places."""

    form: str
    times: int
    places: list[Place]

    @property
    def is_text(self) -> bool:
        """Whether it occurs in texts, not only as the name of a contact person."""
        return any((place.noun, place.field) != ("person", "name") for place in self.places)


class NamedPerson(NamedTuple):
    """A contact person, by the stored row."""

    id: str
    name: str
    company: str


class FoundName(NamedTuple):
    """Where a ledger contains a name: in texts that can be changed, and in those that stay.

    The changeable texts contain it `times` in all. `persons` are those with exactly that name.
    `stays` are the names of companies in the public register, and the texts of the contract.
    """

    times: int
    places: list[Place]
    persons: list[NamedPerson]
    stays: list[Place]
    near: list[NearForm]

    @property
    def is_nowhere(self) -> bool:
        """Whether the ledger contains the name neither in texts nor as that of a person."""
        return not (self.places or self.persons or self.stays)


class _Text(NamedTuple):
    """A text that somebody typed, with the entry or command that contains it."""

    number: int
    noun: str
    record_id: str
    digest: str
    texts: Mapping[str, str]
    places: Mapping[str, Place]


def found_name(store: Store, name: str) -> WrittenName:
    """Return a name ready to be searched for in a ledger, whose persons add to the known given names."""
    given = {given_name_of(row["name"]) for row in named_people(store)}
    return WrittenName(name, given - {""})


def named_persons(store: Store, name: WrittenName) -> list[NamedPerson]:
    """Return the contact persons with exactly this name."""
    people = (NamedPerson(*row) for row in store.each(_NAMES_OF_PERSONS))
    return [person for person in people if (0, len(person.name)) in name.spans(person.name)]


def mentions(store: Store, name: WrittenName) -> Iterator[Mention]:
    """Yield every entry and every command whose texts contain a name, except public names."""
    for held, registered in _texts_with_registered(store, name.like):
        mention = _mention(held, name, registered)
        if mention is not None:
            yield mention


def search(store: Store, name: WrittenName) -> FoundName:
    """Find a name, and its near forms, in every text of a ledger."""
    near_forms = NearForms(name)
    # Each place once: what earlier erasures left of a text is no place more.
    times = 0
    found: dict[Place, None] = {}
    stays: dict[Place, None] = {}
    near: dict[str, dict[Place, None]] = {}
    for held, registered in _texts_with_registered(store):
        mention = _mention(held, name, registered)
        if mention is not None:
            times += mention.times
            found.update(dict.fromkeys(mention.places))
        for field, text in held.texts.items():
            place = held.places[field]
            if not _is_public(place, registered):
                for form in _near_forms(place, text, name, near_forms):
                    near.setdefault(form, {})[place] = None
            elif name.spans(text, titled=True):
                stays[place] = None
    stays.update(dict.fromkeys(_in_contract(store, name)))
    persons = named_persons(store, name)
    for row in store.each(_NAMES_OF_PERSONS):
        person = NamedPerson(*row)
        if person not in persons and near_forms.spans(person.name, []):
            near.setdefault(person.name, {})[Place("person", person.id, "name")] = None
    listed = [
        NearForm(form, len(places), list(places)[:_MOST_PLACES]) for form, places in near.items()
    ]
    return FoundName(times, list(found), persons, list(stays), listed)


def _in_contract(store: Store, name: WrittenName) -> list[Place]:
    """Return where the contract in force, or else its last version that did, contains a name."""

    def is_held(text: str) -> bool:
        return any(name.spans(piece) for piece in _pieces_of_json(text))

    if any(is_held(row["document"]) for row in store.all(_CONTRACT)):
        return [Place("contract", CONTRACT_ID, "document")]
    for row in store.each(_CONTRACTS):
        if is_held(row["facts"]):
            return [Place("contract", str(row["command"]), "document")]
    return []


def _near_forms(place: Place, text: str, name: WrittenName, forms: NearForms) -> Iterator[str]:
    """Yield each near form of a name in a text, as it would be typed."""
    titled = _is_titled(place, text)
    for piece in _pieces(place, text):
        for span in forms.spans(piece, name.spans(piece, titled=titled), titled=titled):
            yield form_to_type(piece, span, name, titled=titled)


def _texts_with_registered(
    store: Store, like: str = "%"
) -> Iterator[tuple[_Text, Collection[str]]]:
    """Yield the texts, as `_texts` does, each with which of the companies near it have a CVR number."""
    for some in batches(_texts(store, like), _TOGETHER):
        ids = {held.record_id for held in some if held.noun == "company"}
        registered = registered_companies(store, ids)
        for held in some:
            yield held, registered


def _texts(store: Store, like: str) -> Iterator[_Text]:
    """Yield the texts of every entry that matches the pattern `like`, and of every command."""
    reasons = store.all(_REASONS)
    numbers = {row["token"]: str(row["number"]) for row in reasons}
    meant: dict[str, str] = {}  # of each redaction, by its digest, the field that it is about
    for row in store.each(_ENTRIES, like=like):
        noun = row["noun"]
        columns = text_columns_of(noun)
        if not columns:
            continue
        facts = legible(json.loads(row["facts"]))
        fields = sorted(columns & facts.keys())
        texts = {field: facts[field] for field in fields if isinstance(facts[field], str)}
        if texts:
            id_ = numbers.get(row["record_id"], row["record_id"])
            if LEFT in texts:
                meant[row["digest"]] = meant.get(str(facts.get("entry")), str(facts["field"]))
            about = {
                field: Place(noun, id_, meant[row["digest"]] if field == LEFT else field)
                for field in texts
            }
            yield _Text(row["number"], noun, row["record_id"], row["digest"], texts, about)
    for row in reasons:
        about = {"reason": Place(COMMAND, str(row["number"]), "reason")}
        yield _Text(row["number"], COMMAND, row["token"], "", {"reason": row["reason"]}, about)


def _mention(held: _Text, name: WrittenName, registered: Collection[str]) -> Mention | None:
    left, total, places = dict(held.texts), 0, []
    for field, text in held.texts.items():
        place = held.places[field]
        if not _is_public(place, registered):
            left[field], times = _without(name, place, text)
            total += times * (field != LEFT)
            places += [place] * bool(times)
    if not places:
        return None
    return Mention(held.number, held.noun, held.record_id, held.digest, left, total, places)


def _without(name: WrittenName, place: Place, text: str) -> tuple[str, int]:
    """Return a text without a name, and how often it contained the name; JSON stays JSON."""
    if not _is_json(place, text):
        return name.without(text, titled=_is_titled(place, text))
    times = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal times
        if match[2]:
            return match[0]
        stated = json.loads(match[1])
        # An answer that is one word of small letters is one of those to choose from, or "unknown".
        left, found = (stated, 0) if _CHOSEN.fullmatch(stated) else name.without(stated)
        times += found
        return json.dumps(left, ensure_ascii=False) if found else match[0]

    return _JSON_TEXT.sub(replaced, text), times


def _pieces(place: Place, text: str) -> list[str]:
    """Return the texts within a text: those of JSON, or the text itself."""
    return _pieces_of_json(text) if _is_json(place, text) else [text]


def _pieces_of_json(text: str) -> list[str]:
    return [json.loads(match[1]) for match in _JSON_TEXT.finditer(text) if not match[2]]


def _is_json(place: Place, text: str) -> bool:
    return JSON_TEXTS.get(place.noun) == place.field and text[:1] == "{"


def _is_titled(place: Place, text: str) -> bool:
    """Return whether the words of a text are capitalised like those of a title or of a file's name."""
    return place.field in _TITLED or re.search(FILE_ENDING, text) is not None


def _is_public(place: Place, registered: Collection[str]) -> bool:
    """Return whether a text is the name of a company in the public register, as its CVR number shows."""
    return (place.noun, place.field) == ("company", "name") and place.id in registered


def registered_companies(store: Store, ids: Collection[str]) -> set[str]:
    """Return which company records (ids) belong to one with a CVR number, so that its name is public."""
    if not ids:
        return set()
    return {row["id"] for row in store.all(_REGISTERED, ids=json.dumps(sorted(ids)))}
