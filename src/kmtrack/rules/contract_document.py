"""Reading a contract document (parsed TOML or JSON) into a contract, and refusing its mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from math import isfinite
from typing import Any, Final

from kmtrack.rules.contract import (
    COUNTED_NOUNS,
    DELIVERED_NOUNS,
    Contract,
    Participation,
    Point,
    Selection,
    SmeLimits,
    Target,
    Wording,
)
from kmtrack.rules.requirements import REQUIREMENTS, SUITS

Document = Mapping[str, Any]

FORMAT: Final = 1
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IDENTIFIER: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
CHANNELS: Final = ("visit", "meeting", "phone", "online", "email", "letter", "event")
COLLABORATION_KINDS: Final = ("project", "student-job", "internship")
LEVELS: Final = ("kvu", "mvu", "bachelor", "master", "phd")
TERMS: Final = ("ordinary", "subsidised", "unpaid")


class ContractMistake(ValueError):
    """A place in a contract document that cannot be read, and what was expected there.

    `key` is the path ("target[2].minimum"); `expected` names a text "expected.…" and `among` the
    values allowed, if they can be listed.
    """

    def __init__(self, key: str, expected: str, among: Iterable[str] = ()) -> None:
        super().__init__(key, expected)
        self.key = key
        self.expected = expected
        self.among = tuple(among)


def read_contract(document: Document) -> Contract:
    """The contract that a document states. Raises ContractMistake at its first mistake."""
    root = _Table(document, "")
    root.only(
        "format", "id", "name", "parties", "period", "participation", "counting", "sme", "target"
    )
    if root.value("format", int, "format") != FORMAT:
        raise ContractMistake("format", "format", [str(FORMAT)])
    parties, period = root.table("parties"), root.table("period")
    counting, sme = root.table("counting"), root.table("sme")
    parties.only("region", "operator")
    period.only("first_day", "last_day")
    counting.only("channels", "highly_educated", "paid_terms")
    sme.only("employees_below", "turnover_at_most", "balance_at_most")
    first_day, last_day = period.day("first_day"), period.day("last_day")
    if last_day < first_day:
        raise ContractMistake("period.last_day", "not_before_first_day")
    contract = Contract(
        id=root.text("id"),
        name=root.wording("name"),
        region=parties.text("region"),
        operator=parties.text("operator"),
        first_day=first_day,
        last_day=last_day,
        participation=tuple(map(_participation, root.tables("participation", optional=True))),
        channels=counting.choices("channels", CHANNELS),
        highly_educated=counting.choices("highly_educated", LEVELS),
        paid_terms=counting.choices("paid_terms", TERMS),
        sme=SmeLimits(
            sme.whole("employees_below"),
            sme.amount("turnover_at_most"),
            sme.amount("balance_at_most"),
        ),
        targets=tuple(map(_target, root.tables("target"))),
    )
    _refuse_doubles(contract)
    return contract


def _participation(table: _Table) -> Participation:
    table.only("municipality", "from", "until")
    first_day, last_day = table.optional_day("from"), table.optional_day("until")
    if first_day and last_day and last_day < first_day:
        raise ContractMistake(table.key("until"), "not_before_first_day")
    return Participation(table.text("municipality"), first_day, last_day)


def _target(table: _Table) -> Target:
    table.only(
        *("id", "counts", "select", "minimum", "due", "name", "words", "requires"),
        *("point", "logged_every_days"),
    )
    nouns = sorted(COUNTED_NOUNS | DELIVERED_NOUNS)
    counts = table.choice("counts", nouns)
    return Target(
        id=table.identifier("id"),
        counts=counts,
        name=table.wording("name"),
        words=table.wording("words"),
        selection=_selection(table.table("select", optional=True), counts),
        minimum=table.whole("minimum") if "minimum" in table.content else None,
        due=table.optional_day("due"),
        requires=_requires(table.table("requires", optional=True), counts),
        points=_points(table, counts),
        logged_every_days=_logged_every_days(table, counts),
    )


def _points(table: _Table, counts: str) -> tuple[Point, ...]:
    found = table.tables("point", optional=True)
    if found and counts != "deliverable":
        raise ContractMistake(table.key("point"), "of_deliverable")
    points = tuple(map(_point, found))
    ids = [point.id for point in points]
    for number, point in enumerate(points):
        key = f"{table.key('point')}[{number + 1}]"
        if point.id in ids[:number]:
            raise ContractMistake(f"{key}.id", "only_once")
        if point.demand not in ids:
            raise ContractMistake(f"{key}.instead_of", "one_of", ids)
    return points


def _point(table: _Table) -> Point:
    table.only("id", "instead_of", "name", "words")
    point_id = table.identifier("id")
    demand = table.identifier("instead_of") if "instead_of" in table.content else point_id
    return Point(point_id, demand, table.wording("name"), table.wording("words"))


def _logged_every_days(table: _Table, counts: str) -> int | None:
    if "logged_every_days" not in table.content:
        return None
    if counts != "deliverable":
        raise ContractMistake(table.key("logged_every_days"), "of_deliverable")
    return table.whole("logged_every_days")


def _selection(table: _Table, counts: str) -> Selection:
    allowed = {"contact": ["history"], "collaboration": ["kind"], "hire": ["level"]}
    table.only(*allowed.get(counts, []))
    history = table.choice("history", ["first", "later"]) if "history" in table.content else None
    kinds = table.choices("kind", COLLABORATION_KINDS) if "kind" in table.content else frozenset()
    levels = table.choices("level", LEVELS) if "level" in table.content else frozenset()
    return Selection(history, kinds, levels)


def _requires(table: _Table, counts: str) -> dict[str, Wording]:
    suited = [rule for rule in REQUIREMENTS if counts in SUITS.get(rule, COUNTED_NOUNS)]
    table.only(*suited)
    return {rule: table.wording(rule) for rule in table.content}


def _refuse_doubles(contract: Contract) -> None:
    seen: set[str] = set()
    for number, target in enumerate(contract.targets, start=1):
        if target.id in seen:
            raise ContractMistake(f"target[{number}].id", "only_once")
        seen.add(target.id)


class _Table:
    """One table of the document with its path, so that a mistake can be named."""

    def __init__(self, content: Any, path: str) -> None:
        if not isinstance(content, Mapping):
            raise ContractMistake(path or "format", "table")
        self.content: Mapping[str, Any] = content
        self.path = path

    def key(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def only(self, *names: str) -> None:
        for name in self.content:
            if name not in names:
                raise ContractMistake(self.key(name), "known_key", names)

    def value(self, name: str, kind: type | tuple[type, ...], expected: str) -> Any:
        found = self.content.get(name)
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise ContractMistake(self.key(name), expected)
        return found

    def text(self, name: str) -> str:
        found: str = self.value(name, str, "text")
        if not found and name != "operator":
            raise ContractMistake(self.key(name), "text")
        return found

    def identifier(self, name: str) -> str:
        """A name that can be typed as one word and stands between others in a list."""
        found = self.text(name)
        if not _IDENTIFIER.fullmatch(found):
            raise ContractMistake(self.key(name), "identifier")
        return found

    def whole(self, name: str) -> int:
        found: int = self.value(name, int, "whole_number")
        if found < 1:
            raise ContractMistake(self.key(name), "whole_number")
        return found

    def amount(self, name: str) -> float:
        found = float(self.value(name, (int, float), "amount"))
        if not (found > 0 and isfinite(found)):
            raise ContractMistake(self.key(name), "amount")
        return found

    def day(self, name: str) -> date:
        found = self.value(name, (str, date), "day")
        if type(found) is date:
            return found
        # Python reads further forms, which SQLite and a reader of the file would not.
        if not (isinstance(found, str) and _DAY.fullmatch(found)):
            raise ContractMistake(self.key(name), "day")
        try:
            return date.fromisoformat(found)
        except ValueError:
            raise ContractMistake(self.key(name), "day") from None

    def optional_day(self, name: str) -> date | None:
        return self.day(name) if name in self.content else None

    def choice(self, name: str, among: Iterable[str]) -> str:
        found: str = self.value(name, str, "one_of") if name in self.content else ""
        if found not in among:
            raise ContractMistake(self.key(name), "one_of", among)
        return found

    def choices(self, name: str, among: Iterable[str]) -> frozenset[str]:
        found = self.value(name, list, "list_of")
        for entry in found:
            if entry not in among:
                raise ContractMistake(self.key(name), "list_of", among)
        return frozenset(found)

    def wording(self, name: str) -> Wording:
        table = self.table(name)
        table.only("da", "en")
        return Wording(table.text("da"), table.text("en"))

    def table(self, name: str, *, optional: bool = False) -> _Table:
        if optional and name not in self.content:
            return _Table({}, self.key(name))
        return _Table(self.content.get(name), self.key(name))

    def tables(self, name: str, *, optional: bool = False) -> list[_Table]:
        if optional and name not in self.content:
            return []
        found = self.value(name, list, "list_of_tables")
        if not (found or optional):
            raise ContractMistake(self.key(name), "list_of_tables")
        return [_Table(entry, f"{self.key(name)}[{n}]") for n, entry in enumerate(found, start=1)]
