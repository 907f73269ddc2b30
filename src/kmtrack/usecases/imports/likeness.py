"""Likeness: whether a row of a file belongs to a record, though it says something else than before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.schema.values import besides
from kmtrack.usecases.institutions import is_alike

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.ledger.rows import Row

# A note of this length is not written twice by chance.
_TELLING_NOTE: Final = 10
_DAYS: Final = frozenset({"date", "next", "agreed", "start", "end"})
# The fact in which two agreements must be equal, by noun; and those of which one must be.
_SORT: Final = {"collaboration": "kind", "hire": "level"}
_TELLING: Final = ("agreed", "start", "title")


class KnownRecord(NamedTuple):
    """A record as rows are compared with it: its row, and what it states now (`stated`).

    `read` is what its row in a file said when that was last read, and `place` where; a record that
    is not `is_imported` never had a row in a file.
    """

    row: Row
    stated: Mapping[str, Any]
    read: Mapping[str, Any]
    place: str | None
    is_imported: bool

    @property
    def id(self) -> str:
        """The id of the record."""
        return str(self.row["id"])


class RowFacts(NamedTuple):
    """What a row says in the columns of its sheet, and its place."""

    noun: str
    values: Mapping[str, Any]
    fields: Sequence[str]
    place: str

    def against(self, known: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Return the row's and the record's value of each field that the row says something about.

        Whoever imports a file is the broker of a row that names none.
        """
        values = self.values
        pairs = {}
        for field in self.fields:
            value = values.get(field)
            if field == "broker" and value is None:
                continue
            if field == "others" and value is not None:
                value = besides(values.get("broker") or known.get("broker"), value)
            stated = known.get(field)
            if field == "institution" and value and stated and is_alike(value, stated):
                value = stated  # another spelling was chosen when the row was stored
            pairs[field] = value, stated
        return pairs


def keys_of(noun: str, facts: Mapping[str, Any], place: str | None) -> list[tuple[Any, ...]]:
    """Return keys, at least one of which a row shares with the record that it may belong to, closest first."""
    keys: list[tuple[Any, ...]]
    if noun == "contact":
        day, note = facts.get("date"), _folded(facts.get("note"))
        keys = [("date", day, note), ("note", note)] if note else []
        keys.append(("date", day))
    else:
        sort = facts.get(_SORT[noun])
        stated = [(name, facts[name]) for name in _TELLING if facts.get(name) is not None]
        keys = [(sort, *stated), *((sort, *each) for each in stated)]
    return [("place", place), *keys] if place else keys


class Likeness(NamedTuple):
    """How well a row matches a record; the higher, the better.

    `is_equal` says that the row states nothing else. One that is not `is_sure` matches by its place
    alone, apart from days: it belongs to the record only in a list that is still the same.
    """

    is_equal: bool
    is_sure: bool
    agreeing: int
    is_there: bool


def likeness(row: RowFacts, record: KnownRecord) -> Likeness | None:
    """Compare a row with a record of its noun and company; None if they do not belong together.

    Most facts must agree, the company being one of them. Facts that only one of the two states do
    not count.
    """
    is_there = record.place is not None and record.place == row.place
    found = _likeness(row, record.read, is_there=is_there)
    if record.stated is record.read:
        return found
    other = _likeness(row, record.stated, is_there=is_there)
    return max((each for each in (found, other) if each is not None), default=None)


def _likeness(row: RowFacts, known: Mapping[str, Any], *, is_there: bool) -> Likeness | None:
    pairs = row.against(known)
    if all(one == other for one, other in pairs.values()):
        return Likeness(is_equal=True, is_sure=True, agreeing=len(pairs), is_there=is_there)
    if "note" in pairs:
        one, other = pairs["note"]
        pairs["note"] = _folded(one) or None, _folded(other) or None
    both = [one == other for one, other in pairs.values() if not (one is None or other is None)]
    agreeing = 1 + sum(both)
    differing = len(both) + 1 - agreeing
    is_sure = _is_same(row, known, is_there=is_there)
    fits_there = is_there and not is_sure and _differs_in_days(row, known)
    # If both days of an agreement were corrected, its place counts as much as a fact.
    if agreeing + (fits_there and row.noun in _SORT) <= differing:
        return None
    if not (is_sure or fits_there):
        return None
    excess = agreeing - differing
    return Likeness(is_equal=False, is_sure=is_sure, agreeing=excess, is_there=is_there)


def _is_same(row: RowFacts, known: Mapping[str, Any], *, is_there: bool) -> bool:
    values = row.values
    if row.noun == "contact":
        note = _folded(values.get("note"))
        has_same_note = bool(note) and note == _folded(known.get("note"))
        if values.get("date") == known.get("date"):
            # Two brokers may have met a company on one day.
            brokers = {values.get("broker"), known.get("broker")} - {None}
            return len(brokers) < 2 or is_there or has_same_note  # noqa: PLR2004 - one and the other
        return has_same_note and (is_there or len(note) >= _TELLING_NOTE)
    sort = _SORT[row.noun]
    return values.get(sort) == known.get(sort) and any(
        values.get(name) is not None and values[name] == known.get(name) for name in _TELLING
    )


def _differs_in_days(row: RowFacts, known: Mapping[str, Any]) -> bool:
    """Return whether a row says the same as before except for days."""
    fields = tuple(field for field in row.fields if field not in _DAYS)
    return all(one == other for one, other in row._replace(fields=fields).against(known).values())


def _folded(note: str | None) -> str:
    return " ".join((note or "").casefold().split())
