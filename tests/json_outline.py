"""The keys of the JSON of each command, as an outline of what the commands print."""

from __future__ import annotations

import textwrap
from typing import Any, Final

WIDTH: Final = 100
# Keyed by fields, answers, targets or nouns, or the contract's own document.
_OPEN: Final = frozenset(
    {
        *("answers", "changes", "company_changes", "facts", "first", "later", "new", "numbers"),
        *("values", "counting", "parties", "participation", "reporting", "requires", "select"),
        *("words", "sme", "target", "point", "name", "selects", "cause"),
    }
)
_BY_ID: Final = frozenset({"fields", "nouns", "targets"})
_ANY: Final = "…"


def outline(values: list[Any]) -> str:
    """Return the keys of several answers of one command, in the order in which they come."""
    text = _written(shape_of(values))
    return textwrap.fill(
        text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def keys_in(shape: Any) -> set[str]:
    """Return the keys of an outline's shape that are the same in every answer."""
    if isinstance(shape, dict):
        return {key for key in shape if key != _ANY}.union(*map(keys_in, shape.values()))
    return set().union(*map(keys_in, shape)) if isinstance(shape, list) else set()


def shape_of(values: list[Any]) -> Any:
    """Return the shape of several answers of one command."""
    return _shape(values)[0] if values else {}


def _shape(value: Any, key: str = "") -> Any:
    if isinstance(value, list):
        merged: Any = None
        for each in value:
            merged = _merged(merged, _shape(each, "" if key in _BY_ID else key))
        return [] if merged is None else [merged]
    if not isinstance(value, dict):
        return None
    if key in _OPEN or _is_by_target(value, key):
        return {_ANY: None}
    if key in _BY_ID:
        return {_ANY: next(iter(_shape(list(value.values()))), None)}
    return {name: _shape(each, name) for name, each in value.items()}


def _is_by_target(value: dict[str, Any], key: str) -> bool:
    """Tell whether this is what a record counts for, by target, and no number before or after."""
    return key in {"before", "after"} and not set(value) & {"companies", "counted"}


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: _merged(one.get(name), other.get(name)) for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [_merged(one[0], other[0])] if one and other else one or other
    return one or other


def _written(shape: Any) -> str:
    if isinstance(shape, list):
        return f"[{_written(shape[0]) if shape and shape[0] else ''}]"
    if not isinstance(shape, dict):
        return ""
    if _ANY in shape:
        inside = _written(shape[_ANY])
        return f"{{{_ANY}: {inside}}}" if inside else f"{{{_ANY}}}"
    parts = [
        f"{key}: {inside}" if (inside := _written(each)) else key for key, each in shape.items()
    ]
    return f"{{{', '.join(parts)}}}"
