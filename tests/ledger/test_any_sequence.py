"""Property test: after any commands, stored rows equal the projection, now and as of any moment."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from builders import TODAY, agreeing, cvr_number, ledger_in, session_over
from hypothesis_profiles import examples
from kmtrack.errors import Refusal
from kmtrack.ledger.projection import Projection
from kmtrack.ledger.rows import differing_columns
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.rules.contract_format import CHANNELS, COLLABORATION_KINDS, LEVELS, TERMS
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, withdraw_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import add_event, add_followup, edit_event, withdraw_event
from kmtrack.usecases.status import status_of
from kmtrack.usecases.successions import succeed_company
from kmtrack.usecases.undo import redo_command, undo_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.ledger.rows import Row

# A few days on both sides of what the contract and its amendments make of them.
DAYS = st.sampled_from(["2010-12-31", "2011-01-01", "2011-03-01", "2011-03-02", "2011-06-30"])
LATER_DAYS = st.sampled_from(["2011-02-01", "2011-03-02", "2012-01-01"])
SIZES = st.sampled_from(["", "40", "249", "250", "200-499"])
PLACES = st.sampled_from(["", "Viborg", "Silkeborg", "Aalborg"])
BROKERS = st.sampled_from(["JH", "MK", ""])
WHICH = st.integers(0, 1_000_000)


class AnySequence(RuleBasedStateMachine):
    """Commands of one session; `live` holds the records that are not withdrawn."""

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        folder = self._open.enter_context(tempfile.TemporaryDirectory())
        self.session = self._open.enter_context(session_over(ledger_in(Path(folder))))
        self.companies: list[str] = []
        self.live: list[tuple[str, str]] = []
        self._number = 0
        self._known: dict[str, dict[str, list[Row]]] = {}

    def teardown(self) -> None:
        with self._open:
            for moment, rows in self._known.items():
                then = Projection(self.session.store, moment)
                for noun, expected in rows.items():
                    projected = list(then.rows(noun))
                    assert [row["id"] for row in projected] == [row["id"] for row in expected]
                    for row, stored in zip(projected, expected, strict=True):
                        assert differing_columns(noun, row, stored) == []

    def attempt(self, command: Callable[[], Any]) -> Any:
        """Return the result of a command, or None if it is refused, which must leave no entry."""
        counting = "SELECT count(*) FROM entry"
        before = self.session.store.get(counting)[0]
        try:
            return command()
        except Refusal:
            assert self.session.store.get(counting)[0] == before
            return None

    def reported(self, command: Callable[[], Any]) -> Any:
        """Return what `attempt` returns; it must report every other record whose verdicts changed."""
        before = self._verdicts()
        result = self.attempt(command)
        if result is not None:
            after = self._verdicts()
            ids = {id_ for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_)}
            assert {other.id for other in result.others} == ids - {result.record["id"]}
            for other in result.others:
                assert (other.before, other.after) == (before[other.id], after[other.id])
        return result

    def _verdicts(self) -> dict[str, dict[str, str]]:
        """Return the outcome of each record for each of its targets."""
        found: dict[str, dict[str, str]] = {}
        query = "SELECT record_id, target, outcome FROM verdict"
        for record_id, target, outcome in self.session.store.all(query):
            found.setdefault(record_id, {})[target] = outcome
        return found

    @rule(size=SIZES, place=PLACES, numbered=st.booleans(), before=st.sampled_from(["", "yes"]))
    def add_a_company(self, size: str, place: str, numbered: bool, before: str) -> None:
        self._number += 1
        values = {
            "name": f"Firma {self._number:03}",
            "cvr": cvr_number(self._number) if numbered else "",
            "employees": size,
            "municipality": place,
            "visited_before": before,
        }
        added = add_company(agreeing(self.session), values)
        self.companies.append(added["id"])

    @precondition(lambda self: self.companies)
    @rule(
        which=WHICH,
        values=st.fixed_dictionaries({}, optional={"employees": SIZES, "municipality": PLACES}),
        since=st.none() | LATER_DAYS,
    )
    def edit_a_company(self, which: int, values: dict[str, str], since: str | None) -> None:
        company = self.companies[which % len(self.companies)]
        self.attempt(lambda: edit_company(self.session, company, values, since))

    @precondition(lambda self: self.companies)
    @rule(which=WHICH, other=WHICH, since=DAYS)
    def a_company_is_taken_over(self, which: int, other: int, since: str) -> None:
        old, new = (self.companies[number % len(self.companies)] for number in (which, other))
        self.reported(lambda: succeed_company(self.session, old, new, since))

    @precondition(lambda self: self.companies)
    @rule(
        which=WHICH,
        date=DAYS,
        channel=st.sampled_from(CHANNELS),
        broker=BROKERS,
        person=st.sampled_from(["", "Anne", "Bo"]),
        later=st.booleans(),
    )
    def add_a_contact(  # noqa: PLR0917 - what a contact is made of
        self, which: int, date: str, channel: str, broker: str, person: str, later: bool
    ) -> None:
        company = self.companies[which % len(self.companies)]
        values = {"date": date, "channel": channel, "broker": broker, "person": person}
        if later:
            added = self.reported(lambda: add_followup(self.session, company, values))
        else:
            added = self.reported(lambda: add_event(self.session, "contact", company, values))
        if added is not None:
            self.live.append(("contact", added.record["id"]))

    @precondition(lambda self: self.companies)
    @rule(which=WHICH, agreed=st.just("") | DAYS, kind=st.sampled_from(COLLABORATION_KINDS))
    def add_a_collaboration(self, which: int, agreed: str, kind: str) -> None:
        company = self.companies[which % len(self.companies)]
        values = {"agreed": agreed, "kind": kind}
        added = self.reported(lambda: add_event(self.session, "collaboration", company, values))
        self.live.append(("collaboration", added.record["id"]))

    @precondition(lambda self: self.companies)
    @rule(
        which=WHICH,
        agreed=st.just("") | DAYS,
        level=st.just("") | st.sampled_from(LEVELS),
        terms=st.sampled_from(TERMS),
    )
    def add_a_hire(self, which: int, agreed: str, level: str, terms: str) -> None:
        company = self.companies[which % len(self.companies)]
        values = {"agreed": agreed, "level": level, "terms": terms}
        added = self.reported(lambda: add_event(self.session, "hire", company, values))
        self.live.append(("hire", added.record["id"]))

    @precondition(lambda self: self.live)
    @rule(which=WHICH, date=st.just("") | DAYS, broker=BROKERS)
    def edit_a_record(self, which: int, date: str, broker: str) -> None:
        noun, record = self.live[which % len(self.live)]
        name = "date" if noun == "contact" else "agreed"
        values = {name: date, "broker": broker}
        self.reported(lambda: edit_event(self.session, noun, record, values))

    @precondition(lambda self: self.live)
    @rule(which=WHICH)
    def withdraw_a_record(self, which: int) -> None:
        noun, record = self.live.pop(which % len(self.live))
        self.reported(lambda: withdraw_event(self.session, noun, record, "typed twice"))

    @precondition(lambda self: self.companies)
    @rule(which=WHICH)
    def withdraw_a_company(self, which: int) -> None:
        company = self.companies[which % len(self.companies)]
        if self.attempt(lambda: withdraw_company(self.session, company, "closed")) is not None:
            self.companies.remove(company)

    @rule(which=st.none() | st.integers(2, 30))
    def undo_a_command(self, which: int | None) -> None:
        if self.attempt(lambda: undo_command(self.session, which)) is not None:
            self.companies = self._ids("company")
            self.live = [(noun, id_) for noun in EVENTS for id_ in self._ids(noun)]

    @rule()
    def redo(self) -> None:
        if self.attempt(lambda: redo_command(self.session)) is not None:
            self.companies = self._ids("company")
            self.live = [(noun, id_) for noun in EVENTS for id_ in self._ids(noun)]

    def _ids(self, noun: str) -> list[str]:
        rows = self.session.store.all(f"SELECT id FROM {noun} WHERE withdrawn IS NULL ORDER BY id")
        return [row["id"] for row in rows]

    @rule(
        changes=st.sampled_from(
            [
                {"first_day": "2011-03-02"},
                {"first_day": "2011-01-01"},
                {"last_day": "2011-03-01"},
                {"last_day": "2012-12-31"},
                {"last_day": "2010-01-01"},
                {"minimums": {"hires": 75}},
                {"participation": [{"municipality": "851"}]},
                {"participation": [{"municipality": "791", "from": "2011-03-02"}]},
                {"without": ["740"]},
            ]
        )
    )
    def amend(self, changes: dict[str, Any]) -> None:
        self.attempt(lambda: amend_contract(self.session, changes, "as agreed"))

    @invariant()
    def nothing_is_damaged(self) -> None:
        assert check_ledger(self.session.store).damage == []

    @invariant()
    def every_live_record_is_in_one_target_of_the_status(self) -> None:
        status = status_of(self.session.store, TODAY + timedelta(days=1000))
        assert sum(each.tally.all for each in status.targets) == len(self.live)

    @invariant()
    def rows_are_kept_to_be_compared(self) -> None:
        """Assert that the rows as of each moment equal the rows at that moment."""
        store = self.session.store
        moment = store.get("SELECT max(recorded_at) FROM command")[0]
        self._known[moment] = {
            noun: [dict(row) for row in store.all(NOUNS[noun].select + " ORDER BY id")]
            for noun in NOUNS
        }


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = examples(25, stateful_step_count=20)
