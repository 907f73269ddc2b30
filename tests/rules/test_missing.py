"""What is missing of a company, by what the targets of its contract require."""

from __future__ import annotations

import pytest

from builders import SMALL, VIBORG, company, contract
from kmtrack.rules.dossier import Company, CompanyVersion
from kmtrack.rules.missing_facts import facts_missing


def _missing(whose: Company, *required: str) -> list[str]:
    """What is missing where the only target requires just that; all of the note's where nothing."""
    by = contract()
    if required:
        first = by.targets[0]
        requires = {rule: first.requires[rule] for rule in required}
        by = by._replace(targets=(first._replace(requires=requires),))
    return facts_missing(by, whose)


NOTHING = CompanyVersion()


@pytest.mark.parametrize(
    ("whose", "missing"),
    [
        (company(), []),
        (company(cvr=None), ["cvr"]),
        (company(version=NOTHING, cvr=None), ["cvr", "municipality", "employees"]),
        (company(version=SMALL._replace(employees="200-499")), ["employees"]),
        (company(version=SMALL._replace(turnover=51.0)), ["balance"]),
        (company(version=SMALL._replace(balance=44.0)), ["turnover"]),
        (company(version=CompanyVersion(VIBORG, sme=True)), []),
        (company(version=CompanyVersion(VIBORG, kind="public")), []),
        (company(("2011-05-01", SMALL), version=NOTHING), []),
    ],
    ids=[
        "nothing",
        "the CVR number",
        "all",
        "a band across the limit",
        "the balance",
        "the turnover",
        "declared",
        "public",
        "known from a day on",
    ],
)
def test_what_the_note_requires(whose: Company, missing: list[str]) -> None:
    assert _missing(whose) == missing


@pytest.mark.parametrize(
    ("required", "missing"),
    [
        (["in_period", "one_per_day"], []),
        (["participating"], ["municipality"]),
        (["sme"], ["employees"]),
        (["identified"], ["cvr"]),
    ],
)
def test_only_what_a_target_requires_is_missing(required: list[str], missing: list[str]) -> None:
    assert _missing(company(version=NOTHING, cvr=None), *required) == missing


def test_the_municipality_is_missing_though_nobody_takes_part_yet() -> None:
    by = contract()._replace(participation=())
    assert facts_missing(by, company(version=CompanyVersion(None, "40"))) == ["municipality"]
