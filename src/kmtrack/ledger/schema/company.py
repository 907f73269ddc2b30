"""What is stated of a company."""

from __future__ import annotations

from typing import Final

from pydantic import model_validator

from kmtrack.errors import FieldsDisagree
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import (
    Amount,
    CompanyKind,
    CvrNumber,
    Headcount,
    Line,
    Municipality,
    RequiredLine,
    VisitedBefore,
    YesNo,
)

# What a move or growth from a day on can change; a name or a CVR number is only ever corrected.
DATED_FACTS: Final = (
    "municipality",
    "employees",
    "turnover",
    "balance",
    "sme",
    "basis",
    "kind",
)


class CompanyFacts(Facts):
    """A company; turnover and balance in millions of euro, `basis` what an SME declaration rests on."""

    name: RequiredLine
    cvr: CvrNumber = None
    municipality: Municipality = None
    employees: Headcount = None
    turnover: Amount = None
    balance: Amount = None
    sme: YesNo = None
    basis: Line = None
    kind: CompanyKind = "company"
    visited_before: VisitedBefore = None

    @model_validator(mode="after")
    def _declared_with_basis(self) -> CompanyFacts:
        if self.sme and self.basis is None:
            raise FieldsDisagree("declaration_needs_basis", field="basis")
        return self
