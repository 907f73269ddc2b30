"""The keys of the JSON are the same on every day: before anything was entered, in the middle, at the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files

DAYS: Final = ("2011-01-01", "2011-06-30", "2012-12-31", "2013-02-01")
# Keyed by what was changed, answered or chosen, by the target of a record, or by the facts of a finding.
_OPEN: Final = {"changes", "answers", "facts", "numbers", "standings", "verdicts"}
_TARGETS: Final = ("new-contacts", "follow-ups", "collaborations", "hires", "project-management")
_MORE_TARGETS: Final = ("continuation-model", "methods", "growth")


COMMANDS: Final = (
    ("status", "--as-of"),
    *(("status", "--by", by, "--as-of") for by in ("municipality", "broker", "council", "month")),
    ("survey", "report", "--as-of"),
    ("survey", "report", "--by", "municipality", "--as-of"),
    ("survey", "report", "--by", "level", "--as-of"),
    ("survey", "due", "--as-of"),
    ("deliverable", "list", "--as-of"),
    ("followup", "due", "--until"),
    ("today",),
    ("status", "--by", "kind", "--as-of"),
    *(("why", target) for target in (*_TARGETS, *_MORE_TARGETS)),
    ("method", "list"),
    ("survey", "list"),
    ("contact", "list", "--all"),
    ("hire", "list", "--all"),
    ("collaboration", "list", "--all"),
    ("company", "list", "--all"),
    ("broker", "list"),
    ("check",),
    ("today",),
    ("history",),
    ("person", "stale", "--before"),
)


@pytest.mark.everyday(4)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_key_comes_or_goes_with_the_day(
    command: tuple[str, ...],
    runner: Runner,
    worked: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes = []
    for ledger in (runner.ledger, worked):
        runner.ledger = ledger
        for day in DAYS:
            monkeypatch.setenv("KMTRACK_TODAY", day)
            words = (
                [*command, day] if command[-1] in {"--as-of", "--until", "--before"} else command
            )
            shapes.append(_shape(json.loads(runner.done(*words, "--json"))))
    whole = shapes[-2]
    assert [found for shape in shapes for found in _differences(shape, whole)] == []


def test_an_export_has_the_keys_of_a_status(runner: Runner, worked: Path, tmp_path: Path) -> None:
    shapes = []
    for ledger in (runner.ledger, worked):
        runner.ledger = ledger
        file = str(tmp_path / "region.xlsx")
        shapes.append(_shape(json.loads(runner.done("export", file, "--json"))))
    status = _shape(json.loads(runner.done("status", "--json")))
    assert list(_differences(*shapes)) == []
    assert status.items() <= shapes[1].items()


@pytest.mark.parametrize("noun", ["company", "contact", "hire", "survey", "method"])
def test_every_record_of_a_noun_is_shown_with_the_same_keys(
    noun: str, runner: Runner, worked: Path
) -> None:
    runner.ledger = worked
    every = () if noun in {"survey", "method"} else ("--all",)
    ids = [each["id"] for each in json.loads(runner.done(noun, "list", *every, "--json"))]
    shapes = [_shape(json.loads(runner.done(noun, "show", id_, "--json"))) for id_ in ids]
    assert shapes
    assert [found for shape in shapes for found in _differences(shape, shapes[0])] == []


def _shape(data: Any) -> Any:
    """Return the keys of JSON: of each target by its id, of other lists those of all entries."""
    if isinstance(data, dict):
        return {key: None if key in _OPEN else _shape(value) for key, value in data.items()}
    if isinstance(data, list):
        named = [each.get("id", each.get("target")) for each in data if isinstance(each, dict)]
        if set(named) & {*_TARGETS, *_MORE_TARGETS}:
            return {name: _shape(each) for name, each in zip(named, data, strict=True)}
        first: dict[str, Any] = {}  # of each noun: what a company did is of several
        for each in data:
            noun = each.get("noun", "") if isinstance(each, dict) else ""
            shape = _shape(each)
            assert list(_differences(shape, first.setdefault(noun, shape))) == []
        return list(first.values()) if len(first) == 1 else []
    return None


def _differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """Yield where one shape has a key that the other one lacks; null and [] stand for anything."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() ^ other.keys():
            yield f"{place}.{key}"
        for key in one.keys() & other.keys():
            yield from _differences(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        for each, its_like in zip(one, other, strict=False):
            yield from _differences(each, its_like, f"{place}[]")
