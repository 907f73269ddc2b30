"""Companies: add, edit, link and withdraw; one record for each company."""

from __future__ import annotations

from datetime import date
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.dossiers import dossier_of
from kmtrack.ledger.name_words import has_words
from kmtrack.ledger.projection import reads_of_rewritten
from kmtrack.ledger.queries.companies import company_parts, live_companies_by_cvr
from kmtrack.ledger.queries.company_names import companies_of_name, companies_with_words
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.rows import current_facts, stated_from
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.company import DATED_FACTS, CompanyFacts
from kmtrack.ledger.schema.facts import named_fields
from kmtrack.ledger.schema.names import core_of, name_key, words_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.ledger.schema.values import clean_day, looks_like_cvr
from kmtrack.ledger.successions import StatedSuccessions
from kmtrack.ledger.verdicts import changes_of
from kmtrack.rules.dates import Reading
from kmtrack.rules.missing_facts import facts_missing
from kmtrack.rules.tallies import target_changes
from kmtrack.usecases.company_lookup import find_companies, find_company, main_record, place_of
from kmtrack.usecases.doubts import Doubt
from kmtrack.usecases.events import Withdrawal, state_event
from kmtrack.usecases.near_names import companies_like
from kmtrack.usecases.optimistic_reads import optimistic, rehearsed
from kmtrack.usecases.records import company_record, statements_on
from kmtrack.usecases.successions import refuse_in_succession, refuse_lost_succession
from kmtrack.usecases.unchanged_values import refuse_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.ledger.verdicts import VerdictChange
    from kmtrack.rules.tallies import TargetChange
    from kmtrack.usecases.confirmation import Confirmation
    from kmtrack.usecases.session import Session


# From this ratio on two names in one municipality are alike: one letter in six may differ.
ALIKE: Final = 0.84


def add_company(session: Session, values: Mapping[str, Any]) -> Row:
    """Store a new company; return its record.

    Raises Refusal `bad_option`, `cvr_taken`, and the Doubts `same_name` and `looks_alike`.
    """
    facts = company_facts(session, values)
    ahead = partial(refuse_known_company, session, facts)
    with session.unit_of_work("company add", ahead=ahead) as work:
        company_id = state_company(session, work, facts)
        work.judge()
        return company_record(session.store, company_id, session.clock.today)


def company_facts(session: Session, values: Mapping[str, Any]) -> CompanyFacts:
    """Return the facts of a new company. Raises Refusal `bad_option`."""
    return session.validate(CompanyFacts, values, typed_as={"name": Phrase("metavar.name")})


def state_company(session: Session, work: UnitOfWork, facts: CompanyFacts) -> str:
    """Store, in a unit of work, a new company as `add_company` does; return its id."""
    refuse_known_company(session, facts)
    return work.add("company", facts.stated())


def refuse_known_company(session: Session, facts: CompanyFacts) -> None:
    """Raise Refusal `cvr_taken`, or a Doubt, for a company that is already in the ledger."""
    session.store.foresee(
        partial(refuse_taken_cvr, session.store, facts.cvr),
        partial(_doubt_look_alike, session, facts),
    )
    refuse_taken_cvr(session.store, facts.cvr)
    _doubt_look_alike(session, facts)


def add_event_at_new_company(
    session: Session, noun: str, company: Mapping[str, Any], values: Mapping[str, Any]
) -> Confirmation:
    """Store a company and a contact, collaboration or hire of it, both or neither.

    One undo takes both back. Raises what `add_company` and `add_event` raise.
    """
    session = session.identified(values)
    facts = company_facts(session, company)
    with session.unit_of_work(f"{noun} add") as work:
        company_id = state_company(session, work, facts)
        work.flush()
        return state_event(session, work, noun, company_id, values)


def facts_missing_of(store: Store, company_id: str) -> list[str]:
    """Return the missing facts of a company that its records would wait for."""
    store.foresee(partial(contract_in_force, store), partial(dossier_of, store, company_id))
    dossier = dossier_of(store, company_id)
    return facts_missing(contract_in_force(store), dossier.company) if dossier else []


class EditedCompany(NamedTuple):
    """A company's record after an edit, and the counts of the targets before and after it.

    `since` is the day from which the new values hold, if it was given; `others` are the records
    whose verdicts changed.
    """

    record: Row
    changes: list[TargetChange]
    since: date | None
    others: list[VerdictChange]


class JoinedCompany(NamedTuple):
    """The record of two linked ones, the changed counts, and the facts in which the two differed."""

    record: Row
    changes: list[TargetChange]
    differences: list[LinkDifference]


@rehearsed
def join_companies(session: Session, one: str, other: str) -> JoinedCompany:
    """Link two records of one company; return the main record.

    Raises Refusal `same_company`, `two_numbers` if different CVR numbers show that they are two, or
    `join_ends_succession` if a takeover would no longer hold.
    """
    store = session.store
    ahead = partial(find_companies, session, one, other)
    with session.unit_of_work("company join", ahead=ahead) as work:
        first, second = find_company(session, one), find_company(session, other)
        if first["id"] == second["id"]:
            raise Refusal("same_company", name=first["name"], id=first["id"])
        if first["cvr"] and second["cvr"]:
            numbers = {"cvr": first["cvr"], "other_cvr": second["cvr"], "id": second["id"]}
            raise Refusal("two_numbers", name=first["name"], other=second["name"], **numbers)
        both = [first["id"], second["id"]]
        store.foresee(
            partial(totals, store, date.max),
            partial(StatedSuccessions, store),
            *reads_of_rewritten(store, both),
            *(partial(statements_on, store, *ids) for ids in (both, reversed(both))),
        )
        before = totals(store, date.max)
        takeovers = StatedSuccessions(store)
        work.append("company", second["id"], "join", {"with": first["id"]})
        work.mark_stale("company", both)
        work.judge()
        refuse_lost_succession(store, takeovers, first, second)
        changes = target_changes(work.contract, before, totals(store, date.max))
        current = find_company(session, first["id"])
        record = company_record(store, current["id"], session.clock.today)
        return JoinedCompany(record, changes, list(differences([first, second], current)))


@optimistic
def edit_company(
    session: Session,
    reference: str,
    values: Mapping[str, Any],
    since: str | None,
) -> EditedCompany:
    """Correct a company, or record what is valid from the day `since` on.

    `values` has the fields to change; an empty text removes a value. Raises Refusal `bad_option`,
    `cvr_taken`, `which_value` if a fact has had several values and `since` does not say which,
    `stands_already`, and the Doubts of `add_company` for a new name or municipality.
    """
    if not values:
        raise Refusal("nothing_to_edit")
    with session.unit_of_work("company edit", ahead=_to_change(session, reference)) as work:
        row = find_company(session, reference)
        known = current_facts(row)
        facts = session.validate(CompanyFacts, {**CompanyFacts.from_row(known), **values})
        stated = {name: facts.stated().get(name) for name in values}
        if "cvr" in stated and facts.cvr != row["cvr"]:
            refuse_taken_cvr(session.store, facts.cvr)
        if _is_called_anew(known, facts):
            _doubt_look_alike(session, facts, besides=row["id"])
        if since is None:
            _refuse_two_values(row, stated)
            day = None
        else:
            day = _day_from(session, since, stated)
        on = date.fromisoformat(day) if day else None
        refuse_unchanged("company", current_facts(row, on) if on else row, stated)
        if day:
            stated = {"from": day, **stated}
        before = totals(session.store, date.max)
        work.edit("company", row, stated)
        others = changes_of(work.judge())
        store, today = session.store, session.clock.today
        store.foresee(
            partial(totals, store, date.max), partial(company_record, store, row["id"], today)
        )
        changes = target_changes(work.contract, before, totals(session.store, date.max))
        record = company_record(session.store, row["id"], session.clock.today)
        return EditedCompany(record, changes, on, others)


def _to_change(session: Session, reference: str) -> Callable[[], object]:
    """Return a function that reads everything that can be read before a company is changed."""
    store = session.store

    def read() -> None:
        store.foresee(
            partial(contract_in_force, store),
            partial(totals, store, date.max),
            partial(company_parts, store),
        )
        find_company(session, reference)

    return read


@rehearsed
def withdraw_company(session: Session, reference: str, reason: str) -> Withdrawal:
    """Withdraw a company without records.

    Raises Refusal `company_has_records` or `company_in_succession`.
    """
    why = session.validate(ReasonFacts, {"reason": reason}).reason
    ahead = partial(find_companies, session, reference)
    with session.unit_of_work("company withdraw", why, ahead=ahead) as work:
        row = company_to_withdraw(session, reference)
        before = totals(session.store, date.max)
        work.withdraw("company", row, why)
        work.judge()
        changes = target_changes(work.contract, before, totals(session.store, date.max))
        # Records of one number are no company any more, but this is what it was called.
        record = company_record(session.store, row["id"], session.clock.today)
        record["name"] = row["name"]
        return Withdrawal([record], changes)


def company_to_withdraw(session: Session, reference: str) -> Row:
    """Return a company that can be withdrawn. Raises Refusal as `withdraw_company` does."""
    row = find_company(session, reference)
    records = company_record(session.store, row["id"], session.clock.today)["records"]
    if nouns := [noun for noun, number in records.items() if number]:
        facts = {"name": row["name"], "number": sum(records.values()), "id": row["id"]}
        raise Refusal("company_has_records", **facts, noun=nouns[0])
    refuse_in_succession(session.store, row)
    return row


def _is_called_anew(row: Mapping[str, Any], facts: CompanyFacts) -> bool:
    return (row["name"], row["municipality"]) != (facts.name, facts.municipality)


def refuse_taken_cvr(store: Store, cvr: str | None) -> None:
    """Raise Refusal `cvr_taken` if a company that is not withdrawn has this number."""
    if cvr is None:
        return
    for row in live_companies_by_cvr(store, cvr):
        raise Refusal("cvr_taken", cvr=cvr, name=row["name"], id=row["id"])


def refuse_number_as_name(name: str) -> None:
    """Raise Refusal `name_is_number` for a CVR number given as a name."""
    number = looks_like_cvr(name)
    if number:
        raise Refusal("name_is_number", value=number)


def _doubt_look_alike(session: Session, facts: CompanyFacts, besides: str | None = None) -> None:
    """Settle whether this company is already in the ledger, by the same name or a very similar one.

    The company with the id `besides`, which is being renamed, is not compared. Companies with
    different CVR numbers are different, whatever their names. Raises the Doubts `same_name` and
    `looks_alike`.
    """
    seen = {besides}
    for key, rows in (
        ("same_name", _of_equal_name(session.store, facts)),
        ("looks_alike", _of_similar_name(session.store, facts)),
    ):
        for row in rows:
            if row["id"] in seen or (facts.cvr and row["cvr"]):
                continue
            seen.add(row["id"])
            about = [row["cvr"] or row["id"], *place_of(current_facts(row))]
            names = {"name": facts.name, "other": row["name"], "id": row["id"], "about": about}
            session.settle(Doubt(key, row["id"], yes_settles=True, **names))


def _of_equal_name(store: Store, facts: CompanyFacts) -> Iterator[Row]:
    """Yield the companies with this name, in any spelling, unless they are known to be elsewhere."""
    for row in companies_of_name(store, facts.name, name_key(facts.name)):
        if row["withdrawn"] is None:
            main = main_record(store, row)
            municipality = current_facts(main)["municipality"]
            if municipality == facts.municipality or None in {municipality, facts.municipality}:
                yield main


def _of_similar_name(store: Store, facts: CompanyFacts) -> Iterator[Row]:
    """Yield the companies in the municipality with a very similar name.

    If a name is all that is known, and lacks a legal form, the company may also be the only one
    with its words.
    """
    key = name_key(facts.name)
    wanted = core_of(key)
    for row in companies_like(store, facts.name, facts.municipality):
        if current_facts(row)["municipality"] == facts.municipality and are_alike(
            wanted, core_of(row["name_key"])
        ):
            yield row
    if facts.cvr is None and facts.municipality is None and wanted == key:
        whole_words = [word.as_whole() for word in words_of(facts.name)]
        rows = companies_with_words(store, whole_words, 2) if whole_words else []
        found = {row["id"]: row for row in (main_record(store, each) for each in rows)}
        if len(found) == 1:
            [row] = found.values()
            if has_words(row, whole_words):
                yield row


def are_alike(one: str, other: str) -> bool:
    """Return whether two names are nearly the same apart from their legal forms."""
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return (
        matcher.real_quick_ratio() >= ALIKE
        and matcher.quick_ratio() >= ALIKE
        and matcher.ratio() >= ALIKE
    )


def _refuse_two_values(row: Mapping[str, Any], stated: Mapping[str, Any]) -> None:
    """Raise Refusal `which_value` for a fact with several values, as it is unknown which one is wrong."""
    for name in stated:
        days = stated_from(row, name)
        if len(days) > 1:
            since = [date.fromisoformat(day) for day in days if day]
            raise Refusal(
                "which_value",
                option=named_fields(CompanyFacts)[name].option,
                days=[Phrase("choice.since.beginning"), *since],
            )


def _day_from(session: Session, since: str, stated: Mapping[str, Any]) -> str | None:
    """Return the day from which facts are valid, as ISO text; None for the beginning."""
    for name in stated:
        if name not in DATED_FACTS:
            raise Refusal("not_dated", option=named_fields(CompanyFacts)[name].option)
    if choose("since", since, strict=False):
        return None
    reading = Reading("happened", session.clock.today, first_day=session.first_day)
    try:
        return clean_day(since, reading).isoformat()
    except BadValue as error:
        raise Refusal("bad_option", option="--from", sentence=error.sentence()) from None


class LinkDifference(NamedTuple):
    """A fact in which two records of a company differ, and the value that is in force (`current`).

    `id` is the company's; `stated` has for each record its id, its name and its value. If the fact
    has had several values, `since` is the day (ISO) since which these are in force, "" for the
    beginning; otherwise it is None.
    """

    id: str
    field: str
    stated: list[tuple[str, str, Any]]
    current: Any
    since: str | None = None


def differences(records: Sequence[Row], current: Row) -> Iterator[LinkDifference]:
    """Yield the facts in which one of the records had another value than the linked company.

    Each stretch of time is compared by itself.
    """
    for field in NOUNS["company"].fields:
        days = sorted({day or "" for row in records for day in stated_from(row, field)})
        is_one_of_several = max(len(days), len(stated_from(current, field))) > 1
        before: list[Any] = []
        for day in days:
            on = date.fromisoformat(day) if day else date.min
            values = [current_facts(row, on)[field] for row in (*records, current)]
            if values != before and any(value not in {None, values[-1]} for value in values):
                stated = [
                    (row["id"], row["name"], value)
                    for row, value in zip(records, values, strict=False)
                ]
                since = day if is_one_of_several else None
                yield LinkDifference(current["id"], field, stated, values[-1], since)
            before = values
