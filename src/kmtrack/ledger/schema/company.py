"""Facts of companies."""

from typing import Annotated, Any, Final

from kmtrack.errors import FieldsDisagree
from kmtrack.ledger.schema import headings
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import Details, fields_of
from kmtrack.ledger.schema.kinds import (
    Amount,
    CompanyId,
    CompanyKind,
    CvrNumber,
    Headcount,
    Line,
    Municipality,
    RequiredLine,
    SinceDay,
    VisitedBefore,
    YesNo,
)


class CompanyFacts(Facts):
    """A company; turnover and balance in millions of euro, `basis` is the ground for an SME declaration."""

    name: Annotated[
        RequiredLine,
        Details(
            argument="name",
            headings=headings.COMPANY_NAME,
            is_verbatim=True,
            width=38,
            sheet_width=34,
            is_listed=True,
            question=1,
        ),
    ]
    cvr: Annotated[CvrNumber, Details(is_listed=True, question=2)] = None
    municipality: Annotated[
        Municipality,
        Details(
            headings=headings.MUNICIPALITY,
            example="Viborg",
            is_listed=True,
            is_dated=True,
            question=3,
        ),
    ] = None
    employees: Annotated[Headcount, Details(is_listed=True, is_dated=True, question=4)] = None
    turnover: Annotated[
        Amount,
        Details(
            headings=headings.Headings(
                "omsætning|nettoomsætning|omsætning mio eur|omsætning mio euro|omsætning eur m"
                "|omsætning meur|årsomsætning mio eur|turnover|company turnover|turnover meur"
                "|turnover eur million|turnover million eur|turnover mio eur",
                doubtful="årsomsætning|årlig omsætning|annual revenue|revenue|annual turnover|sales"
                "|total revenue|salg|bruttofortjeneste",
            ),
            example=12.5,
            is_dated=True,
        ),
    ] = None
    balance: Annotated[
        Amount,
        Details(
            headings=headings.Headings(
                "balance|balancesum|balance mio eur|balancesum mio eur|balance sheet total"
                "|balance meur|balance sheet total meur|balance mio euro",
                doubtful="aktiver i alt|samlede aktiver|total assets|assets|aktiver|egenkapital",
            ),
            example=6.0,
            is_dated=True,
        ),
    ] = None
    sme: Annotated[
        YesNo,
        Details(headings=headings.Headings("smv|sme|er smv|is sme|smv ja/nej"), is_dated=True),
    ] = None
    basis: Annotated[
        Line,
        Details(
            headings=headings.Headings("grundlag for smv|smv grundlag|sme basis"),
            width=30,
            is_dated=True,
        ),
    ] = None
    kind: Annotated[
        CompanyKind,
        Details(
            headings=headings.Headings(
                "art|virksomhedstype|type virksomhed|company type|type of company"
            ),
            help="company_kind",
            is_dated=True,
        ),
    ] = "company"
    visited_before: Annotated[
        VisitedBefore,
        Details(
            headings=headings.Headings(
                "tidligere besøgt|besøgt tidligere|besøgt før registreringen|tidligere kontaktet"
                "|previously visited|visited earlier|earlier visit"
            )
        ),
    ] = None

    @classmethod
    def reconcile(cls, values: dict[str, Any]) -> None:
        """Refuse a declaration that a company is an SME if it has no basis."""
        if values["sme"] and values["basis"] is None:
            raise FieldsDisagree("declaration_needs_basis", field="basis")


class SuccessionFacts(Facts):
    """A takeover under a new CVR number: from the day `since` another company is the successor."""

    successor_id: Annotated[CompanyId, Details(is_indexed=True)]
    since: SinceDay


# What a move or growth from a day on can change; a name or a CVR number is only ever corrected.
DATED_FACTS: Final = tuple(
    field.name for field in fields_of(CompanyFacts) if field.details.is_dated
)
