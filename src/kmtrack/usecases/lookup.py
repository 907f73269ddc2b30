"""Look-up: the record, method, person, target or point that somebody names.

Each kind is searched in a few ways, of which the first that finds anything decides: what is whole
goes before what only begins so, and that before a part of a name. One match is what was meant;
none, or several, is refused with what there is to choose from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.methods import live_methods
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.plain_text import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract, Point, Target


_SHOWN: Final = 5
_T = TypeVar("_T")
_InContract = TypeVar("_InContract", bound="Target | Point")


def _first_match(*searches: Callable[[], list[_T]]) -> list[_T]:
    """Return what the first of the searches that finds anything finds."""
    return next((found for search in searches if (found := search())), [])


def _only_match(
    found: Sequence[_T], unknown: Refusal, ambiguous: Callable[[Sequence[_T]], Refusal]
) -> _T:
    """Return the one match. Raises the refusal for none, or the one for several."""
    if not found:
        raise unknown
    if len(found) > 1:
        raise ambiguous(found)
    return found[0]


def find_method(store: Store, reference: str) -> Row:
    """Return the one method that `reference` names: an id, its beginning, or enough of the name.

    Raises Refusal `unknown_method` or `ambiguous_method`.
    """

    def ambiguous(rows: Sequence[Row]) -> Refusal:
        among = [f"{row['name']} ({row['id']})" for row in rows[:_SHOWN]]
        return Refusal("ambiguous_method", reference=shown(reference), among=among)

    unknown = Refusal("unknown_method", reference=shown(reference))
    return _only_match(rows_named(live_methods(store), "method", reference), unknown, ambiguous)


def rows_named(rows: Sequence[Row], noun: str, reference: str) -> list[Row]:
    """Return the rows of that name or id, else those whose id begins so, else by part of the name."""
    key, text = name_key(reference), reference.strip().lower()
    return _first_match(
        lambda: [row for row in rows if name_key(row["name"]) == key or row["id"] == text],
        lambda: [row for row in rows if noun_of(text) == noun and row["id"].startswith(text)],
        lambda: [row for row in rows if key and key in name_key(row["name"])],
    )


def find_target(text: str, targets: Sequence[Target], unknown: str = "unknown_target") -> Target:
    """Return the one of `targets` that `text` names. Raises Refusal `unknown`, `ambiguous_target`."""

    def refusal(key: str, among: Sequence[Target]) -> Refusal:
        return Refusal(key, value=shown(text), among=ids_and_names(among))

    return _only_match(
        named_by(text, targets),
        refusal(unknown, targets),
        lambda found: refusal("ambiguous_target", found),
    )


def find_deliverable(contract: Contract, text: str) -> Target:
    """Return the deliverable that `text` names.

    Raises Refusal `unknown_deliverable`, `ambiguous_target`.
    """
    targets = [target for target in contract.targets if target.counts == "deliverable"]
    return find_target(text, targets, "unknown_deliverable")


def find_point(target: Target, text: str) -> str:
    """Return the id of the one point that `text` names; the text itself for none, or several."""
    found = named_by(text, target.points)
    return found[0].id if len(found) == 1 else text


def named_by(text: str, among: Sequence[_InContract]) -> list[_InContract]:
    """Return those that `text` names: by id, else by name in either language, else by a beginning."""
    key = name_key(text)
    if not key:
        return []
    return _first_match(
        lambda: [one for one in among if name_key(one.id) == key],
        lambda: [one for one in among if key in _keys(one)],
        lambda: [one for one in among if any(name.startswith(key) for name in _keys(one))],
    )


def is_whole_name(text: str, among: Iterable[Target | Point]) -> bool:
    """Return whether `text` is the whole id or name of one of them."""
    return any(name_key(text) in _keys(one) for one in among)


def ids_and_names(among: Iterable[Target | Point]) -> list[Phrase]:
    """Return each id with its name, to choose from."""
    return [Phrase("word.with_id", id=one.id, name=one.name) for one in among]


def _keys(one: Target | Point) -> set[str]:
    return {name_key(text) for text in (one.id, *one.name)}
