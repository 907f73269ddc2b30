"""The companies of the demonstration: names, numbers, sizes, and what is peculiar about some."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.facts.company import CompanyFacts
from kmtrack.usecases.demonstration import phrases
from kmtrack.usecases.demonstration.chance import Chance, known_id
from kmtrack.usecases.demonstration.people import brokers
from kmtrack.usecases.demonstration.story import Company, stated
from kmtrack.usecases.demonstration.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator


# How many companies have each peculiarity; the first is to have none.
NUMBERS: Final = {
    "plain": 1046,
    "visited_before": 64,
    "visited_some_time": 9,
    "no_cvr": 5,
    "cvr_later": 6,
    "no_headcount": 8,
    "headcount_later": 8,
    "straddles": 4,
    "balance_unknown": 2,
    "turnover_unknown": 1,
    "no_municipality": 2,
    "large": 14,
    "sums_over": 3,
    "declared": 9,
    "declared_large": 3,
    "public": 11,
    "association": 8,
    "neighbour": 13,
    "too_early": 3,
    "before_period": 3,
    "written_only": 9,
    "twin": 3,
    "not_met": 5,
}
_HEADCOUNTS: Final = {
    (1, 4): 24,
    (5, 9): 23,
    (10, 19): 21,
    (20, 49): 19,
    (50, 99): 8,
    (100, 199): 4,
    (200, 249): 1,
}
_BANDS: Final = list(_HEADCOUNTS)[1:-1]  # those that the register has too
_CVR_WEIGHTS: Final = (2, 7, 6, 5, 4, 3, 2)


def companies() -> list[Company]:
    """All companies, in the order of their numbers."""
    chance = Chance("companies")
    peculiarities = [name for name, number in NUMBERS.items() for _ in range(number)]
    chance.shuffle(peculiarities)
    names, numbers, staff = _names(chance), cvr_numbers(chance, set()), brokers()
    shares = [broker.share for broker in staff]
    late = next(b for b in staff if b.municipality == phrases.LATE_MUNICIPALITY)
    result = []
    for number, peculiarity in enumerate(peculiarities, start=1):
        broker = chance.choices(staff, shares)[0]
        place = late.municipality if peculiarity == "too_early" else broker.municipality
        if peculiarity == "too_early" and broker is late:
            broker = staff[0]
        values = {"name": next(names), "cvr": next(numbers), "municipality": place}
        values |= _size(chance) | _peculiar(chance, peculiarity, values["name"])
        facts = stated(CompanyFacts, date(2012, 12, 31), **values)
        result.append(Company(known_id("company", number), facts, peculiarity, broker))
    return result


def cvr_numbers(chance: Chance, taken: set[str]) -> Iterator[str]:
    """More numbers that pass the check but begin with 9, so that they are nobody's."""
    while True:
        digits = [9, *(chance.randrange(10) for _ in range(6))]
        last = -sum(w * d for w, d in zip(_CVR_WEIGHTS, digits, strict=True)) % 11
        number = "".join(map(str, [*digits, last]))
        if last <= 9 and number not in taken:  # noqa: PLR2004 - a check of 10 is no digit
            taken.add(number)
            yield number


def twin_of(company: Company, number: int) -> Company:
    """The same company once more, by somebody who had neither its number nor its exact name."""
    core = " ".join(company.facts["name"].split()[:2])
    facts = {**company.facts, "name": core}
    facts.pop("cvr", None)
    return Company(known_id("company", number), facts, "twin", company.broker)


def _names(chance: Chance) -> Iterator[str]:
    given = words()
    cores = [f"{root} {trade}" for root in given.name_roots for trade in given.name_trades]
    chance.shuffle(cores)
    for core in cores:
        yield f"{core} {chance.weighted(given.name_forms)}".strip()


def _size(chance: Chance) -> dict[str, Any]:
    lowest, highest = chance.weighted(_HEADCOUNTS)
    employees = chance.randint(lowest, highest)
    values: dict[str, Any] = {"employees": employees}
    if chance.happens(22) and (lowest, highest) in _BANDS:
        values["employees"] = f"{lowest}-{highest}"
    if chance.happens(9):
        values["turnover"] = round(employees * chance.uniform(0.08, 0.19), 1)
        values["balance"] = round(values["turnover"] * chance.uniform(0.4, 0.9), 1)
    return values


def _peculiar(chance: Chance, peculiarity: str, name: str) -> dict[str, Any]:
    root = name.split(maxsplit=1)[0]
    visited = date(2009, 3, 2) + timedelta(days=chance.randrange(600))
    facts: dict[str, dict[str, Any]] = {
        "visited_before": {"visited_before": visited},
        "visited_some_time": {"visited_before": "yes"},
        "no_cvr": {"cvr": None},
        "cvr_later": {"cvr": None},
        "no_headcount": {"employees": None},
        "headcount_later": {"employees": None},
        "straddles": {"employees": "200-499"},
        "balance_unknown": {"employees": 187, "turnover": 63.5, "balance": None},
        "turnover_unknown": {"employees": 205, "turnover": None, "balance": 51.0},
        "no_municipality": {"municipality": None},
        "large": {"employees": chance.choice((262, 280, 310, 340, 420, "500-999", "1000+"))},
        "sums_over": {"employees": chance.randint(150, 240), "turnover": 74.0, "balance": 48.5},
        "declared": {"employees": "200-499", "sme": "yes", "basis": phrases.DECLARED},
        "declared_large": {"employees": 38, "sme": "no", "basis": phrases.DECLARED_LARGE},
        "public": {"name": f"{root} {chance.choice(phrases.PUBLIC_KINDS)}", "kind": "public"},
        "association": {
            "name": f"{root} {chance.choice(phrases.ASSOCIATION_KINDS)}",
            "kind": "association",
        },
        "neighbour": {"municipality": chance.choice(phrases.NEIGHBOURS)},
    }
    return facts.get(peculiarity, {})
