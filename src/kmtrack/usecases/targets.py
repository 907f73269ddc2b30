"""Finding the target, or the point of one, that a person means by an id or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from kmtrack.errors import Refusal
from kmtrack.i18n import current
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.plain_text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.rules.contract import Contract, Point, Target

# What a contract gives an id, and a name in both languages.
Named: TypeAlias = "Target | Point"
Thing = TypeVar("Thing", bound="Target | Point")


def target_named(contract: Contract, text: str) -> Target:
    """The target that `text` names. Raises Refusal `unknown_target`, `ambiguous_target`."""
    return only_one(text, contract.targets, "unknown_target")


def only_one(text: str, targets: Sequence[Target], unknown: str) -> Target:
    """The one of `targets` that `text` names; a refusal `unknown`, or `ambiguous_target`."""
    found = meant(text, targets)
    if not found:
        raise Refusal(unknown, value=shown(text), among=ids_and_names(targets))
    if len(found) > 1:
        raise Refusal("ambiguous_target", value=shown(text), among=ids_and_names(found))
    return found[0]


def is_whole(text: str, named: Iterable[Named]) -> bool:
    """Whether `text` is the whole id or name of one of them."""
    return any(name_key(text) in _keys(one) for one in named)


def meant(text: str, named: Sequence[Thing]) -> list[Thing]:
    """Those that `text` may mean: its id, else its name in either language, else a beginning of one.

    What is whole goes before what only begins so, and an id before a name.
    """
    key = name_key(text)
    if not key:
        return []
    return (
        [one for one in named if name_key(one.id) == key]
        or [one for one in named if key in _keys(one)]
        or [one for one in named if any(other.startswith(key) for other in _keys(one))]
    )


def ids_and_names(named: Iterable[Named]) -> str:
    """Each id with its name in the language in use, to choose from."""
    return ", ".join(f"{one.id} ({one.name.in_language(current())})" for one in named)


def _keys(one: Named) -> set[str]:
    return {name_key(text) for text in (one.id, *one.name)}
