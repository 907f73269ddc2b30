"""Facts of brokers and contact persons."""

from typing import Annotated

from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import Details
from kmtrack.ledger.schema.kinds import Line, RequiredInitials, RequiredLine


class BrokerFacts(Facts):
    """A broker: initials, and the business council where the broker is stationed."""

    initials: Annotated[RequiredInitials, Details(argument="initials", is_always_argument=True)]
    council: Line = None


class PersonFacts(Facts):
    """A contact person at a company; personal data, kept in a table of its own."""

    name: RequiredLine


class ReasonFacts(Facts):
    """The reason for a withdrawal or an amendment."""

    reason: Annotated[RequiredLine, Details(question=1)]
