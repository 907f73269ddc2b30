"""The words of the demonstration, out of its data file."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any, Final, NamedTuple

from kmtrack.resources import DATA_FOLDER

_FILE: Final = DATA_FOLDER / "demonstration.toml"


class Words(NamedTuple):
    """Everything invented that the demonstration is made of, each by the name it has in the file."""

    name_roots: list[str]
    name_trades: list[str]
    name_forms: dict[str, int]
    municipalities: list[str]
    brokers: list[dict[str, str]]
    persons: list[str]
    notes_contact: list[str]
    titles_project: list[str]
    fields_of_study: list[str]
    institutions: list[str]
    methods: list[dict[str, Any]]
    project_management: list[dict[str, Any]]
    continuation_model: dict[str, Any]


@cache
def words() -> Words:
    """The words."""
    with _FILE.open("rb") as file:
        content: dict[str, Any] = tomllib.load(file)
    return Words(**{name: content[name] for name in Words._fields})
