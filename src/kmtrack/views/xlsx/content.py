"""What the workbook is made of: plain data, gathered before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from kmtrack.ledger.queries.commands import ChainHead
    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.rules.status import Status
    from kmtrack.rules.survey_results import SurveyReport


class DataSheet(NamedTuple):
    """A sheet of records: `fields` names the columns, each row has a value for each of them."""

    name: str
    noun: str
    fields: tuple[str, ...]
    rows: Iterable[list[Any]]


class Content(NamedTuple):
    """Everything that the workbook shows; each status is grouped in its own way."""

    made_at: datetime
    version: str
    status: Status
    by_municipality: Status
    by_broker: Status
    by_month: Status
    counted: list[DataSheet]
    others: DataSheet
    delivered: list[DataSheet]
    questionnaire: Questionnaire
    outcome: list[SurveyReport]
    heads: list[ChainHead]
    is_damaged: bool = False
