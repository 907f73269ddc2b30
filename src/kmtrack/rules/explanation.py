"""Explanations: a record with the answers to its requirements, a target with its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.rules.contact_history import FirstContacts
from kmtrack.rules.contract import Participation
from kmtrack.rules.dossier import Hire
from kmtrack.rules.judgement import Judge
from kmtrack.rules.requirement_registry import Subject, company_fact_for
from kmtrack.rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract, SmeLimits, Target
    from kmtrack.rules.dossier import Company, CompanyVersion, Dossier
    from kmtrack.rules.judgement import Verdict
    from kmtrack.rules.methods import Method
    from kmtrack.rules.status import DeliveredStatus


class RecordExplanation(NamedTuple):
    """A record with its verdicts and every answer in them, under the contract in force.

    `met_before` is the first contact with the company before this contact; None for a first one.
    `predecessors` are the companies that it had succeeded by then: id, name, CVR number, since when.
    """

    contract: Contract
    record: dict[str, Any]
    verdicts: list[tuple[Target, Verdict]]
    met_before: EarlierContact | None = None
    predecessors: Sequence[dict[str, Any]] = ()


class Member(NamedTuple):
    """A record for a target: its id, day ("" if not agreed) and company."""

    record_id: str
    day: str
    company: str
    company_id: str
    cvr: str | None


class ReasonGroup(NamedTuple):
    """Records with the same outcome for the same reasons.

    `reasons` pairs requirements with why they did not answer yes; there are none for "counted".
    `members` are the first of them by day, or all, which are read each time; `number` is how many
    there are.
    """

    outcome: str
    reasons: tuple[tuple[str, str], ...]
    members: Iterable[Member]
    number: int


class Unmet(NamedTuple):
    """How many records of a target do not meet a requirement, and how many of these count.

    Some do where the contract does not require it. `ids` are those of the records, read each time.
    """

    requirement: str
    ids: Iterable[str]
    number: int
    counted: int


class TargetExplanation(NamedTuple):
    """A target with all its records, grouped by reason.

    `unmet` has the requirements of which it is told for the target in any case.
    """

    contract: Contract
    target: Target
    as_of: date
    groups: list[ReasonGroup]
    unmet: list[Unmet]


class DeliveredExplanation(NamedTuple):
    """A delivered target with its status and the records behind it, as of a day.

    `methods` are those of the methods target, `steps` those of a deliverable, `hired` the companies
    of growth, each with its first hire that counts; the others are empty.
    """

    target: Target
    as_of: date
    status: DeliveredStatus
    methods: list[Method]
    steps: list[dict[str, Any]]
    hired: list[Member]


class SmeBasis(NamedTuple):
    """What made a company an SME: fewer employees than `below`, or the basis of a declaration.

    The sums (millions of euro) are there where one of them is over its limit and the other is not.
    """

    below: int
    declared: str | None = None
    turnover: float | None = None
    balance: float | None = None


class Proof(NamedTuple):
    """What decided a verdict: the company on the record's day, and the contact that came before.

    `sme` is None where the target does not require an SME, or it is none. `met` is the earlier
    contact that makes a contact a follow-up, or the one that brokered an agreement.
    """

    verdict: Verdict
    version: CompanyVersion
    sme: SmeBasis | None
    met: EarlierContact | None

    def meets(self, requirement: str) -> bool | None:
        """Tell whether the record meets a requirement; None where the target does not require it."""
        answer = dict(self.verdict.answers).get(requirement)
        return answer and answer.outcome == "yes"


class Prover:
    """Proves the verdicts on dossiers by one contract, as they are judged."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._judge = Judge(contract)
        # An earlier contact of another kind is not what makes these follow-ups.
        self._by_visit = {t.id for t in contract.targets if "visited_earlier" in t.requires}

    def proofs(self, dossier: Dossier) -> Iterator[Proof]:
        """Yield every verdict on the records of a dossier with what decided it."""
        verdicts = self._judge.verdicts(dossier)
        if not verdicts:
            return
        contract, company = self._contract, dossier.company
        contacts = {contact.id: contact for contact in dossier.contacts}
        met = FirstContacts(dossier, contract.channels)
        visited = FirstContacts(dossier, contract.visits) if self._by_visit else met
        for verdict in verdicts:
            day = verdict.day
            if verdict.noun == "contact":
                earlier = visited if verdict.target in self._by_visit else met
                first = earlier.before(contacts[verdict.record_id])
            else:
                first = met.known_on(day)
                if first is not None and (day is None or first.day > day):
                    first = None
            version = company.version_on(day)
            yield Proof(verdict, version, _sme_basis(verdict, version, contract.sme), first)


def _sme_basis(verdict: Verdict, version: CompanyVersion, limits: SmeLimits) -> SmeBasis | None:
    reason = next((answer.reason for rule, answer in verdict.answers if rule == "sme"), None)
    if reason == "declared_sme":
        return SmeBasis(limits.employees_below, version.basis or "")
    if reason != "few_employees":
        return None
    sums = (version.turnover, version.balance)
    is_over = (version.turnover or 0) > limits.turnover_at_most or (
        (version.balance or 0) > limits.balance_at_most
    )
    return SmeBasis(limits.employees_below, None, *sums if is_over else ())


def told_requirements(target: Target) -> list[str]:
    """Return the requirements of which it is told how many records of a target do not meet them."""
    return [rule.name for rule in REQUIREMENTS.values() if rule.is_told_of(target)]


def answered_no(
    requirement: str, target: Target, contract: Contract, dossiers: Iterable[Dossier]
) -> dict[str, str]:
    """Return the records for a target to which a requirement answers no, asked or not.

    They are the ids of the companies by the ids of the records.
    """
    asking = target._replace(requires={requirement: target.words})
    judge = Judge(contract._replace(targets=(asking,)))
    return {
        verdict.record_id: dossier.company.id
        for dossier in dossiers
        for verdict in judge.verdicts(dossier)
        if verdict.outcome == "excluded"
    }


# Nothing is known of this record, so that its requirements ask for its company alone.
_ANY_RECORD: Final = Hire("", "", None, None)


def facts_missing(contract: Contract, company: Company) -> list[str]:
    """Return the facts that a company lacks today and for which a record of some target would wait."""
    if not contract.participation:
        # Until somebody takes part, the requirement does not ask for the municipality.
        contract = contract._replace(participation=(Participation(""),))
    subject = Subject(
        contract,
        company,
        company.version_on(None),
        _ANY_RECORD,
        day=None,
        position=None,
        first_contact_day=None,
    )
    asked = dict.fromkeys(rule for target in contract.targets for rule in target.requires)
    answers = [REQUIREMENTS[rule](subject) for rule in asked if REQUIREMENTS[rule].is_about_company]
    facts = [company_fact_for(answer.reason) for answer in answers if answer.outcome == "unknown"]
    return list(dict.fromkeys(fact for fact in facts if fact is not None))
