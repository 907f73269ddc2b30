"""Contract format: validate a contract document (parsed TOML or JSON) and make the contract of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.rules.contract import (
    COUNTED_NOUNS,
    DELIVERED_NOUNS,
    Contract,
    Lasting,
    Participation,
    Point,
    Selection,
    SmeLimits,
    Target,
    YearDay,
    alike,
)
from kmtrack.rules.document import DocumentMistake, DocumentTable, Wording
from kmtrack.rules.report_days import is_every_year
from kmtrack.rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from kmtrack.rules.document import Document

FORMAT: Final = 1
CHANNELS: Final = ("visit", "meeting", "phone", "online", "email", "letter", "event")
COLLABORATION_KINDS: Final = ("project", "student-job", "internship")
LEVELS: Final = ("kvu", "mvu", "bachelor", "master", "phd")
TERMS: Final = ("ordinary", "subsidised", "unpaid")


def read_contract(document: Document) -> Contract:
    """Return the contract of a document. Raises DocumentMistake at its first mistake."""
    root = DocumentTable(document, "")
    root.only(
        *("format", "id", "name", "parties", "period", "participation", "counting", "sme"),
        *("lasting", "reporting", "target"),
    )
    if root.value("format", int, "format") != FORMAT:
        raise DocumentMistake("format", "format", [str(FORMAT)])
    parties, period = root.table("parties"), root.table("period")
    counting, sme = root.table("counting"), root.table("sme")
    parties.only("region", "operator")
    period.only("first_day", "last_day")
    counting.only("channels", "visits", "highly_educated", "paid_terms")
    sme.only("employees_below", "turnover_at_most", "balance_at_most")
    first_day, last_day = period.day("first_day"), period.day("last_day")
    if last_day < first_day:
        raise DocumentMistake("period.last_day", "not_before_first_day")
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
    if "visits" in counting.content:
        contract = contract._replace(visits=counting.choices("visits", CHANNELS))
    if "lasting" in root.content or any("lasting" in each.requires for each in contract.targets):
        contract = contract._replace(lasting=_lasting(root.table("lasting")))
    if "reporting" in root.content:
        contract = _with_reporting(contract, root.table("reporting"))
    _refuse_doubles(contract)
    return contract


def _with_reporting(contract: Contract, table: DocumentTable) -> Contract:
    table.only("questions_to", "days")
    days = tuple(map(_year_day, table.tables("days", optional=True)))
    questions_to = table.text("questions_to") if "questions_to" in table.content else ""
    return contract._replace(questions_to=questions_to, report_days=days)


def _year_day(table: DocumentTable) -> YearDay:
    table.only("month", "day")
    found = YearDay(table.whole("month"), table.whole("day"))
    if not is_every_year(*found):
        raise DocumentMistake(table.key("day"), "year_day")
    return found


def refuse_equal_names(contract: Contract) -> None:
    """Refuse targets that readers cannot tell apart. Raises DocumentMistake.

    Only a new contract is checked: a ledger may have one that was accepted before this check
    existed.
    """
    for language in Wording._fields:
        seen: set[str] = set()
        for number, target in enumerate(contract.targets, start=1):
            name = alike(target.name.in_language(language))
            if name in seen:
                raise DocumentMistake(f"target[{number}].name.{language}", "name_once")
            seen.add(name)


def _participation(table: DocumentTable) -> Participation:
    table.only("municipality", "from", "until")
    first_day, last_day = table.optional_day("from"), table.optional_day("until")
    if first_day and last_day and last_day < first_day:
        raise DocumentMistake(table.key("until"), "not_before_first_day")
    return Participation(table.text("municipality"), first_day, last_day)


def _lasting(table: DocumentTable) -> Lasting:
    table.only("weeks", "hours")
    return Lasting(table.whole("weeks"), table.whole("hours"))


def _target(table: DocumentTable) -> Target:
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


def _points(table: DocumentTable, counts: str) -> tuple[Point, ...]:
    found = table.tables("point", optional=True)
    if found and counts != "deliverable":
        raise DocumentMistake(table.key("point"), "of_deliverable")
    points = tuple(map(_point, found))
    ids = [point.id for point in points]
    for number, point in enumerate(points):
        key = f"{table.key('point')}[{number + 1}]"
        if point.id in ids[:number]:
            raise DocumentMistake(f"{key}.id", "only_once")
        if point.demand not in ids:
            raise DocumentMistake(f"{key}.instead_of", "one_of", ids)
    return points


def _point(table: DocumentTable) -> Point:
    table.only("id", "instead_of", "name", "words")
    point_id = table.identifier("id")
    demand = table.identifier("instead_of") if "instead_of" in table.content else point_id
    return Point(point_id, demand, table.wording("name"), table.wording("words"))


def _logged_every_days(table: DocumentTable, counts: str) -> int | None:
    if "logged_every_days" not in table.content:
        return None
    if counts != "deliverable":
        raise DocumentMistake(table.key("logged_every_days"), "of_deliverable")
    return table.whole("logged_every_days")


def _selection(table: DocumentTable, counts: str) -> Selection:
    allowed = {"contact": ["history"], "collaboration": ["kind"], "hire": ["level"]}
    table.only(*allowed.get(counts, []))
    history = table.choice("history", ["first", "later"]) if "history" in table.content else None
    kinds = table.choices("kind", COLLABORATION_KINDS) if "kind" in table.content else frozenset()
    levels = table.choices("level", LEVELS) if "level" in table.content else frozenset()
    return Selection(history, kinds, levels)


def _requires(table: DocumentTable, counts: str) -> dict[str, Wording]:
    suited = [rule.name for rule in REQUIREMENTS.values() if counts in rule.nouns]
    table.only(*suited)
    return {rule: table.wording(rule) for rule in table.content}


def _refuse_doubles(contract: Contract) -> None:
    seen: set[str] = set()
    for number, target in enumerate(contract.targets, start=1):
        if target.id in seen:
            raise DocumentMistake(f"target[{number}].id", "only_once")
        seen.add(target.id)
