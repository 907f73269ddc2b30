"""Look-up: the method, person, target or point that a person names, among all there are.

Complete names precede beginnings, in any order of words. A near match, or several, is a doubt: a
person at a terminal settles it, and in a pipe it is refused with what to type.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.record_names import last_added
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.names import fits_all, name_key, stems_of, words_of
from kmtrack.ledger.schema.plain_text import is_text, shown
from kmtrack.usecases.company_lookup import is_last
from kmtrack.usecases.doubts import Choice, Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.rules.contract import Contract, Point, Target
    from kmtrack.usecases.session import Session

    Settle = Callable[[Doubt], str]

_SHOWN: Final = 5

_T = TypeVar("_T")
_InContract = TypeVar("_InContract", bound="Target | Point")


class Named(NamedTuple):
    """Something that can be named: the thing itself, its id, and its names."""

    item: Any
    id: str
    names: tuple[str, ...]
    label: object


def fitting(text: str, among: Sequence[Named], noun: str | None = None) -> list[Named]:
    """Return those that `text` names, by the first kind of search that finds any.

    These are: an id or a name, then words of their names or beginnings of these, then for records
    of a `noun` the beginning of an id.
    """
    key, words = name_key(text), words_of(text) if is_text(text) else []
    stems = sorted(word.stem for word in words)
    beginning = text.strip().lower()
    return _first_match(
        lambda: [one for one in among if key and key in {name_key(one.id), *_keys(one)}],
        lambda: [one for one in among if stems and any(sorted(s) == stems for s in _stems(one))],
        lambda: [one for one in among if words and any(fits_all(words, s) for s in _stems(one))],
        lambda: [
            one for one in among if noun and noun_of(text) == noun and one.id.startswith(beginning)
        ],
    )


def _first_match(*searches: Callable[[], list[_T]]) -> list[_T]:
    """Return the results of the first search that finds anything."""
    return next((found for search in searches if (found := search())), [])


def _keys(one: Named) -> set[str]:
    return {name_key(name) for name in one.names}


def _stems(one: Named) -> list[list[str]]:
    return [stems_of(name) for name in (*one.names, one.id)]


def near(text: str, among: Sequence[Named]) -> list[Named]:
    """Return those whose names are nearly `text`."""
    # The search for slips takes a while to load.
    from kmtrack.usecases.near_names import nearest

    words = words_of(text) if is_text(text) else []
    return nearest(words, among, _stems) if words else []


def _only(
    text: str, found: Sequence[Named], settle: Settle, ambiguous: str, near_key: str = ""
) -> Any:
    """Return the one that is meant. Raises the doubt to ask for it.

    With `near_key` the names only nearly match, so that even a single one is doubtful.
    """
    if len(found) == 1 and near_key:
        [one] = found
        settle(Doubt(near_key, text, reference=shown(text), name=one.label, id=one.id))
    elif len(found) > 1:
        among: list[object] = [one.label for one in found[:_SHOWN]]
        choices = [Choice(one.id, one.label) for one in found]
        doubt = Doubt(
            ambiguous, text, choices=choices, reference=shown(text), value=shown(text), among=among
        )
        id_ = settle(doubt)
        return next(one.item for one in found if one.id == id_)
    return found[0].item


def _found_or_near(
    text: str, among: Sequence[Named], settle: Settle, ambiguous: str, near_key: str
) -> Any:
    """Return the one that `text` names, exactly or nearly; None if there is none. Raises the doubts."""
    if found := fitting(text, among):
        return _only(text, found, settle, ambiguous)
    nearly = near(text, among)
    return _only(text, nearly, settle, ambiguous, near_key) if nearly else None


def find_method(session: Session, reference: str) -> Row:
    """Return the one method that `reference` names: an id, its beginning, or enough of the name.

    `last`, in either language, is the method that this person entered last. Raises Refusal
    `unknown_method`, and the Doubts `ambiguous_method` and `method_near`.
    """
    from kmtrack.ledger.queries.methods import live_methods

    methods = live_methods(session.store)
    among = _rows_named(methods)
    found = fitting(reference, among, "method")
    if not found and is_last(reference):
        last = last_added(session.store, session.who, ["method"])
        found = [one for one in among if last and one.id == last[1]]
    choose = partial(_only, reference, settle=session.settle, ambiguous="ambiguous_method")
    if found:
        return dict(choose(found))
    if nearly := near(reference, among):
        return dict(choose(nearly, near_key="method_near"))
    raise Refusal("unknown_method", reference=shown(reference))


def _rows_named(rows: Iterable[Row]) -> list[Named]:
    return [Named(row, row["id"], (row["name"],), f"{row['name']} ({row['id']})") for row in rows]


def rows_named(rows: Sequence[Row], noun: str, reference: str) -> list[Row]:
    """Return the rows of a noun with that name or id, else those with these words in their names."""
    return [one.item for one in fitting(reference, _rows_named(rows), noun)]


def rows_near(rows: Sequence[Row], reference: str) -> list[Row]:
    """Return the rows whose names nearly match these words."""
    return [one.item for one in near(reference, _rows_named(rows))]


def find_target(
    settle: Settle, text: str, targets: Sequence[Target], unknown: str = "unknown_target"
) -> Target:
    """Return the one of `targets` that `text` names.

    Raises Refusal `unknown`, and the Doubts `ambiguous_target` and `target_near`.
    """
    found = _found_or_near(text, _in_contract(targets), settle, "ambiguous_target", "target_near")
    if found is None:
        raise Refusal(unknown, value=shown(text), among=ids_and_names(targets))
    target: Target = found
    return target


def find_deliverable(settle: Settle, contract: Contract, text: str) -> Target:
    """Return the deliverable that `text` names. Raises as `find_target`, but `unknown_deliverable`."""
    targets = [target for target in contract.targets if target.counts == "deliverable"]
    return find_target(settle, text, targets, "unknown_deliverable")


def find_point(settle: Settle, target: Target, text: str) -> str:
    """Return the id of the one point that `text` names; the text itself for none.

    Raises the doubts `ambiguous_point` and `point_near`.
    """
    points = _in_contract(target.points)
    point = _found_or_near(text, points, settle, "ambiguous_point", "point_near")
    return str(point.id) if point else text


def named_by(text: str, among: Sequence[_InContract]) -> list[_InContract]:
    """Return those that `text` names: by id or name in either language, complete or by words of it."""
    return [one.item for one in fitting(text, _in_contract(among))]


def is_whole_name(text: str, among: Iterable[Target | Point]) -> bool:
    """Return whether `text` is the complete id or name of one of them."""
    return any(name_key(text) in {name_key(name) for name in (one.id, *one.name)} for one in among)


def ids_and_names(among: Iterable[Target | Point]) -> list[Phrase]:
    """Return each id with its name, as choices."""
    return [Phrase("word.with_id", id=one.id, name=one.name) for one in among]


def _in_contract(among: Iterable[Target | Point]) -> list[Named]:
    return [
        Named(one, one.id, tuple(one.name), Phrase("word.with_id", id=one.id, name=one.name))
        for one in among
    ]
