"""Spelling: columns of facts as the JSON of the entries that state them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.entries import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Column = Sequence[Any]

_REMEMBERED: Final = 4096
_IDS: Final = "_id"


class Spelling:
    """Spells columns of facts, with a value for every record; None is not stated.

    It knows again the column of each fact that it spelled last.
    """

    def __init__(self) -> None:
        self._facts: dict[str, _Fact] = {}
        self._last: dict[str, tuple[Column, list[str]]] = {}

    def spell(self, columns: Mapping[str, Column]) -> dict[str, list[str]]:
        """How each fact of each record is spelled, with a comma before it; "" if it is not stated."""
        return {name: self._column(name, column) for name, column in columns.items()}

    def _column(self, name: str, column: Column) -> list[str]:
        last = self._last.get(name)
        if last is not None and last[0] is column:
            return last[1]
        if name.endswith(_IDS):  # they need no escaping, and are too many to be remembered
            spelled = [f',"{name}":"{id_}"' if id_ else "" for id_ in column]
        else:
            if name not in self._facts:
                self._facts[name] = _Fact(name)
            spelled = list(map(self._facts[name].__getitem__, column))
        self._last[name] = (column, spelled)
        return spelled


def in_braces(spelled: Mapping[str, Sequence[str]]) -> list[str]:
    """The facts of each record, spelled, as `as_json` spells them all."""
    return [f"{{{facts[1:]}}}" for facts in map("".join, zip(*spelled.values(), strict=True))]


class _Fact(dict[object, str]):
    """How one fact is spelled by its value; all values are of one type, so none passes for another."""

    def __init__(self, name: str) -> None:
        super().__init__({None: ""})
        self._before = f",{as_json(name)}:"

    def __missing__(self, value: object) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
            self[None] = ""
        spelled = self[value] = self._before + as_json(value)
        return spelled
