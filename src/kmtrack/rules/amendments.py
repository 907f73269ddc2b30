"""Amending a contract document: the changes that a region can agree to while the contract runs."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from kmtrack.rules.document import DocumentMistake

if TYPE_CHECKING:
    from kmtrack.rules.document import Document


def amended(document: Document, changes: Document) -> dict[str, Any]:
    """The document with `changes` made; days in both are ISO texts.

    `changes` may hold first_day, last_day, region, operator, minimums ({target: number or None}),
    due_days ({target: day}), participation (a list of {municipality, from, until}, each in place of
    what was said of that municipality), and without (municipalities that take no part at all).
    """
    result: dict[str, Any] = deepcopy(dict(document))
    for key in ("first_day", "last_day"):
        if key in changes:
            result["period"][key] = changes[key]
    for key in ("region", "operator"):
        if key in changes:
            result["parties"][key] = changes[key]
    for target_id, minimum in changes.get("minimums", {}).items():
        _set(_target(result, target_id, "minimum"), "minimum", minimum)
    for target_id, due in changes.get("due_days", {}).items():
        _set(_target(result, target_id, "due"), "due", due)
    _move_due_days(result, document, changes)
    for span in changes.get("participation", []):
        result["participation"] = _participating(result.get("participation", []), span)
    if "without" in changes:
        result["participation"] = [
            span
            for span in result.get("participation", [])
            if span["municipality"] not in changes["without"]
        ]
    return result


def _set(table: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _target(document: dict[str, Any], target_id: str, key: str) -> dict[str, Any]:
    for target in document["target"]:
        if target["id"] == target_id:
            found: dict[str, Any] = target
            return found
    among = [target["id"] for target in document["target"]]
    raise DocumentMistake(f"{key} {target_id}", "one_of", among)


def _move_due_days(result: dict[str, Any], before: Document, changes: Document) -> None:
    """A target that was due on the contract's last day stays due on it when that day moves."""
    if "last_day" not in changes:
        return
    for target in result["target"]:
        if target["id"] in changes.get("due_days", {}):
            continue
        if target.get("due") == before["period"]["last_day"]:
            target["due"] = changes["last_day"]


def _participating(spans: list[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """The spans with `new` in place of what was said of its municipality.

    A span that only says when it ends keeps the day on which the municipality joined.
    """
    others = [span for span in spans if span["municipality"] != new["municipality"]]
    said = [span for span in spans if span["municipality"] == new["municipality"]]
    if said and "until" in new and "from" not in new and "from" in said[0]:
        new = {**new, "from": said[0]["from"]}
    return [*others, new]
