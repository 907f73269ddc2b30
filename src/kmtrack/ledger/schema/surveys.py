"""Facts of a completed questionnaire."""

from typing import Annotated

from kmtrack.ledger.schema import headings
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import Details
from kmtrack.ledger.schema.kinds import (
    Answers,
    HireId,
    Id,
    Initials,
    Municipality,
    RequiredPastDay,
    Wave,
)


class RespondentFacts(Facts):
    """The columns of a list of answers that are not answers: municipality, date, wave."""

    municipality: Municipality = None
    wave: Wave
    date: Annotated[RequiredPastDay, Details(headings=headings.DAY)]


class SurveyFacts(Facts):
    """One questionnaire completed by a company or a municipality, in one wave.

    `questionnaire` is its id and version; `answers` is JSON by the ids of the questions, unanswered
    ones left out. `hire_id` is the hire that a company's answers concern.
    """

    questionnaire: Id
    asks: Id
    wave: Wave
    date: RequiredPastDay
    municipality: Municipality = None
    hire_id: HireId = None
    answers: Answers
    broker: Initials = None
