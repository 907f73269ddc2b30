"""The methods and deliverables of the demonstration, as the operator stated them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import count
from typing import TYPE_CHECKING, Any

from kmtrack.ledger.facts.deliverables import DeliveryFacts
from kmtrack.ledger.facts.methods import (
    AssessmentFacts,
    DisseminationFacts,
    MethodFacts,
    UsageFacts,
)
from kmtrack.usecases.demonstration import phrases
from kmtrack.usecases.demonstration.chance import Chance, known_id
from kmtrack.usecases.demonstration.story import Statement, stated
from kmtrack.usecases.demonstration.telling import Command
from kmtrack.usecases.demonstration.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kmtrack.usecases.demonstration.people import Broker

_TYPED_AT = time(15, 20, tzinfo=UTC)
_USED = 6  # in a hundred contacts a broker notes which method was used


def deliveries(broker: Broker) -> list[Command]:
    """What the operator stated of methods and deliverables; `broker` stands in for no one."""
    told = [*_methods(), *_deliverables()]
    numbers: dict[str, Iterator[int]] = {}
    commands: list[Command] = []
    for day, noun, name, facts in sorted(told, key=lambda one: one[0]):
        number = next(numbers.setdefault(noun, count(1)))
        record_id = facts.pop("id", None) or known_id(noun, number)
        statement = Statement(day, broker, noun, record_id, facts)
        moment = datetime.combine(day, _TYPED_AT).replace(microsecond=7919 * len(commands) + 1)
        commands.append(Command(moment, phrases.MANAGER, name, None, [statement]))
    return commands


def usages(story: list[Statement]) -> list[Statement]:
    """Which methods were used in some of the contacts of a story, noted by whoever made them."""
    chance, numbers = Chance("usages"), count(1)
    found = []
    for contact in story:
        if contact.noun != "contact" or contact.action != "add" or not chance.happens(_USED):
            continue
        known = [n for n, one in _numbered() if one["collected"] <= contact.day]
        if known:
            facts = {"method_id": _method_id(chance.choice(known)), "contact_id": contact.record_id}
            checked = stated(UsageFacts, contact.day, **facts)
            record_id = known_id("usage", next(numbers))
            found.append(Statement(contact.day, contact.broker, "usage", record_id, checked))
    return found


_Told = tuple["date", str, str, dict[str, Any]]


def _numbered() -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(words().methods, start=1))


def _method_id(number: int) -> str:
    return known_id("method", number)


def _methods() -> Iterator[_Told]:
    for number, one in _numbered():
        method_id, day = _method_id(number), one["collected"]
        fields = {name: one[name] for name in ("name", "kind", "audience", "description")}
        facts = stated(MethodFacts, day, date=day, broker=phrases.MANAGER, **fields)
        yield day, "method", "method add", {"id": method_id, **facts}
        for found in one.get("assessed", ()):
            facts = {"verdict": found["verdict"], "text": found["text"]}
            yield _of_method(AssessmentFacts, method_id, "assess", found["day"], facts)
        for found in one.get("told", ()):
            facts = {"audience": found["to"], "how": found["how"]}
            facts["institution"] = found.get("institution")
            yield _of_method(DisseminationFacts, method_id, "disseminate", found["day"], facts)


def _of_method(
    kind: type[AssessmentFacts | DisseminationFacts],
    method_id: str,
    verb: str,
    day: date,
    facts: dict[str, Any],
) -> _Told:
    noun = "assessment" if kind is AssessmentFacts else "dissemination"
    shared = {"method_id": method_id, "date": day, "broker": phrases.MANAGER}
    return day, noun, f"method {verb}", stated(kind, day, **shared, **facts)


def _deliverables() -> Iterator[_Told]:
    for one in words().project_management:
        yield _step("project-management", "log", one["day"], text=one["text"])
    model = words().continuation_model
    for one in model["points"]:
        yield _step("continuation-model", "check", one["day"], point=one["point"])
    yield _step("continuation-model", "submit", model["submitted"], text=model["text"])


def _step(target: str, step: str, day: date, **facts: str) -> _Told:
    shared = {"target": target, "step": step, "date": day, "broker": phrases.MANAGER}
    return day, "delivery", f"deliverable {step}", stated(DeliveryFacts, day, **shared, **facts)
