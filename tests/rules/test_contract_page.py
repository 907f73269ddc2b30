"""The page on the contract file: its requirements are the registered ones, its cases count as it says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from builders import (
    HIRES,
    LATER,
    NEW,
    VIBORG,
    company,
    contacts,
    contract,
    day,
    hire,
    shipped_document,
    tally_of,
)
from kmtrack.rules.contract import COUNTED_NOUNS, Contract, Lasting, Target
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.document import Wording
from kmtrack.rules.dossier import CompanyVersion, Contact, Dossier, Predecessor
from kmtrack.rules.requirements import REQUIREMENTS

CODES: Final = {"Viborg": VIBORG, "Odder": "727"}
PAGE: Final = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")


def _rows(heading: str) -> list[dict[str, str]]:
    """Return the rows of the table whose first heading it is; "-" is left empty."""
    names, _, *lines = PAGE[PAGE.index(f"| {heading} |") :].split("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in (names, *lines)]
    return [
        {name: "" if value == "-" else value for name, value in zip(cells[0], row, strict=True)}
        for row in cells[1:]
    ]


def _asking(target_id: str, requirement: str, **terms: Any) -> Contract:
    """Return the shipped contract whose target has one requirement more."""
    by = contract(**terms)
    targets = tuple(
        _with(target, requirement) if target.id == target_id else target for target in by.targets
    )
    return by._replace(targets=targets)


def _with(target: Target, requirement: str) -> Target:
    return target._replace(requires={**target.requires, requirement: Wording("", "")})


def test_it_lists_every_requirement_with_the_records_that_it_is_of() -> None:
    listed = {row["requirement"].strip("`"): row["of"] for row in _rows("requirement")}
    assert listed == {
        rule.name: "every record" if rule.is_about_company else ", ".join(sorted(rule.nouns))
        for rule in REQUIREMENTS.values()
    }
    assert {"contact", "collaboration", "hire"} == COUNTED_NOUNS


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_its_examples_are_taken(block: str) -> None:
    document, example = shipped_document(), tomllib.loads(block)
    for target in example.pop("target", []):
        [own] = [each for each in document["target"] if each["id"] == target["id"]]
        own["requires"] = {**own.get("requires", {}), **target.pop("requires", {})}
        own.update(target)
        if not own["requires"]:
            del own["requires"]
    for name, table in example.items():
        document[name] = {**document.get(name, {}), **table}
    assert read_contract(document) != read_contract(shipped_document())


@pytest.mark.parametrize("row", _rows("contacts"), ids=lambda row: row["contacts"])
def test_contacts_count_as_it_says(row: dict[str, str]) -> None:
    met = contacts(*row["contacts"].split(", "))
    dossier = Dossier(company(before=row["visited before"] or None), met)
    asking = _asking(LATER, "visited_earlier")
    found = (
        tally_of(dossier, NEW).counted,
        tally_of(dossier, LATER).counted,
        tally_of(dossier, LATER, asking).counted,
    )
    columns = ("new", "follow-up", "follow-up, asks for a visit")
    assert found == tuple(int(row[name]) for name in columns)
    assert tally_of(dossier, NEW, asking) == tally_of(dossier, NEW)


@pytest.mark.parametrize("row", _rows("company in"), ids=lambda row: " ".join(row.values()))
def test_plants_and_takeovers_count_as_it_says(row: dict[str, str]) -> None:
    old, new = (_placed(row[f"contacts of the {name}"]) for name in ("old company", "new one"))
    earlier = tuple(each._replace(id=f"old-{each.id}", recorded_at="2010") for each in old)
    taken_over = Predecessor("c0", day("2011-06-01"), None, earlier)
    in_ = CompanyVersion(CODES[row["company in"]], "40")
    dossier = Dossier(company(version=in_), new, predecessors=(taken_over,))
    asking = _asking(LATER, "visited_earlier")
    found = (
        tally_of(dossier, NEW).counted,
        tally_of(dossier, LATER).counted,
        tally_of(dossier, LATER, asking).counted,
    )
    columns = ("new", "follow-up", "follow-up, asks for a visit")
    assert found == tuple(int(row[name]) for name in columns)


def _placed(notations: str) -> tuple[Contact, ...]:
    """Return contacts from notations of the form "DAY CHANNEL [at MUNICIPALITY], …"."""
    parts = [notation.partition(" at ") for notation in notations.split(", ") if notation]
    met = contacts(*(notation for notation, _, _ in parts))
    return tuple(
        contact._replace(municipality=CODES.get(place))
        for contact, (_, _, place) in zip(met, parts, strict=True)
    )


@pytest.mark.parametrize("row", _rows("start"), ids=lambda row: " ".join(row.values()))
def test_hires_count_as_it_says(row: dict[str, str]) -> None:
    start, end = (row[name] or None for name in ("start", "end"))
    hours = int(row["hours"]) if row["hours"] else None
    permanent = {"yes": True, "no": False, "": None}[row["permanent"]]
    one = hire("2011-06-01", start=start, end=end, hours=hours, permanent=permanent)
    dossier = Dossier(company(), contacts("2011-05-01"), (), (one,))
    asking = _asking(HIRES, "lasting", lasting=Lasting(weeks=26, hours=30))
    for by, name in ((contract(), "shipped contract"), (asking, "asks for 26 weeks of 30 hours")):
        assert getattr(tally_of(dossier, HIRES, by), row[name]) == 1
        assert tally_of(dossier, HIRES, by).all == 1


@pytest.mark.parametrize("row", _rows("from the beginning"), ids=lambda row: " ".join(row.values()))
def test_hires_without_a_day_wait_as_it_says(row: dict[str, str]) -> None:
    since, told = row["later"].split(": ")
    of = company((since, _told(told)), version=_told(row["from the beginning"]))
    for heading, agreed in (("no day", None), ("agreed on 2011-03-01", "2011-03-01"),
                            ("agreed on 2011-07-01", "2011-07-01")):  # fmt: skip
        dossier = Dossier(of, contacts("2011-02-01"), hires=(hire(agreed),))
        tally = tally_of(dossier, HIRES)
        assert tally._asdict()[row[heading]] == 1, heading


def _told(words: str) -> CompanyVersion:
    employees, place = words.split(" in ")
    return CompanyVersion(CODES[place], employees)
