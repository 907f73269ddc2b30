"""Whatever brokers state on their laptops, and in whatever order it is merged, it adds up to the same."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import servers
from builders import add_contact, agreeing, cvr_number, ledger_in, session_over
from hypothesis_profiles import examples
from kmtrack.clock import moment_of
from kmtrack.errors import Refusal
from kmtrack.ledger import known_at
from kmtrack.ledger.order_of_entry import in_order_of_entry
from kmtrack.ledger.projection import Projection, project_companies, project_records
from kmtrack.ledger.rows import UNDONE, differing_columns
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.store.copies import copy_ledger
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies, withdraw_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.correct_time import MomentSpan, correct_time
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.methods import add_method
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.status import status_of
from kmtrack.usecases.successions import succeed_company, withdraw_succession
from kmtrack.usecases.undo import redo_command, undo_command

if TYPE_CHECKING:
    from random import Random

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

# JH has two laptops: what was given on one may be undone on the other.
BROKERS: Final = ("JH", "MK", "JH")
# While the deeds are done, and after all of them.
DAYS: Final = (date(2011, 3, 2), date(2012, 12, 31))
GROUPINGS: Final = (None, *CHOICES["status_grouping"])
NUMBERS: Final = ("", *(cvr_number(number) for number in range(3)))
AMENDMENTS: Final = (
    {"last_day": "2011-03-01"},
    {"last_day": "2012-12-31"},
    {"minimums": {"hires": 75}},
    {"participation": [{"municipality": "851"}]},
    {"without": ["791"]},
    {"participation": [{"municipality": "791", "from": "2011-03-02"}]},
)


class Deed(NamedTuple):
    """What one of the brokers does; `which` picks among what there is, `value` what is stated."""

    broker: int
    kind: str
    which: int
    value: int


KINDS: Final = (
    "company", "company", "contact", "contact", "contact", "hire", "edit", "number", "size",
    "withdraw", "withdraw company", "join", "succeed", "undo", "undo", "redo", "merge", "amend", "method",
    "erase",
)  # fmt: skip
# What reaches back behind what came after it, or is judged by what came after.
REACHING_BACK: Final = (
    "correct time", "correct time", "undo", "redo", "amend", "erase", "erase text", "not agreed", "size",
)  # fmt: skip


def _deeds(kinds: tuple[str, ...]) -> st.SearchStrategy[list[Deed]]:
    deed = st.builds(
        Deed,
        st.integers(0, 2),
        st.sampled_from(kinds),
        st.integers(0, 1000),
        st.integers(0, 1000),
    )
    return st.lists(deed, min_size=6, max_size=30)


DEEDS = _deeds(KINDS)


def _sessions(folder: Path, opened: ExitStack) -> list[Session]:
    return [
        opened.enter_context(session_over(ledger_in(folder, f"{name}{number}.db"), broker=name))
        for number, name in enumerate(BROKERS)
    ]


def _live(session: Session, noun: str) -> list[str]:
    rows = session.store.all(
        f"SELECT id FROM {noun} WHERE withdrawn IS NULL ORDER BY recorded_at, id"
    )
    return [row["id"] for row in rows]


def _own_command(session: Session, deed: Deed) -> int:
    """Return the number of any command of the broker, given here or on the other laptop."""
    own = "SELECT number FROM command WHERE recorded_by = :by ORDER BY number"
    numbers = [row["number"] for row in session.store.all(own, by=session.who)]
    return int(numbers[deed.value % len(numbers)]) if numbers else 1


def _do(sessions: list[Session], deed: Deed) -> None:  # noqa: C901, PLR0912 - one for each deed
    session = sessions[deed.broker]
    companies = _live(session, "company")
    events = [(noun, id_) for noun in EVENTS for id_ in _live(session, noun)]
    company = companies[deed.which % len(companies)] if companies else ""
    number = NUMBERS[deed.value % len(NUMBERS)]
    day = f"2011-0{1 + deed.value % 5}-0{1 + deed.which % 3}"
    if deed.kind == "company":
        values = {"name": f"Firma {deed.which % 5}", "cvr": number, "municipality": "Viborg"}
        add_company(agreeing(session), {**values, "employees": str(40 + deed.value)})
    elif deed.kind == "merge":
        others = [other.store.location for other in sessions if other is not session]
        merge_ledgers(session, [others[deed.which % 2]])
    elif deed.kind == "undo":
        undo_command(session, _own_command(session, deed) if deed.which % 2 else None)
    elif deed.kind == "redo":
        redo_command(session)
    elif deed.kind == "amend":
        amend_contract(session, AMENDMENTS[deed.which % len(AMENDMENTS)], "as agreed")
    elif deed.kind in {"correct time", "erase", "erase text", "not agreed"}:
        _do_late(session, deed, company)
    elif deed.kind == "method":
        add_method(session, {"name": f"Metode {deed.which}", "kind": "tool"})
    elif company and deed.kind == "contact":
        person = ("", "Inger Holm", "Bo Bæk")[deed.value % 3]
        note = f"{person} og Bo Bæk" if deed.which % 2 else ""
        add_contact(session, company, {"date": day, "person": person, "note": note})
    elif company and deed.kind == "hire":
        add_event(session, "hire", company, {"agreed": day, "level": "master"})
    elif company and deed.kind == "number":
        edit_company(agreeing(session), company, {"cvr": number}, None)
    elif company and deed.kind == "size":
        since = day if deed.which % 2 else None
        edit_company(session, company, {"employees": str(deed.value) * bool(deed.value % 4)}, since)
    elif company and deed.kind == "withdraw company":
        withdraw_company(session, company, "lukket")
    elif company and deed.kind == "join":
        join_companies(session, company, companies[deed.value % len(companies)])
    elif company and deed.kind == "succeed":
        other = companies[deed.value % len(companies)]
        if deed.which % 5:
            succeed_company(session, company, other, day)
        else:
            withdraw_succession(session, company, other, "forkert")
    elif events and deed.kind in {"edit", "withdraw"}:
        noun, record = events[deed.which % len(events)]
        if deed.kind == "withdraw":
            withdraw_event(session, noun, record, "aflyst")
        else:
            edit_event(session, noun, record, {"date" if noun == "contact" else "agreed": day})


def _do_late(session: Session, deed: Deed, company: str) -> None:
    """Do what concerns what was done before, or what will only be decided later."""
    if deed.kind == "correct time":
        own = _own_command(session, deed)
        found = session.store.get("SELECT recorded_at FROM command WHERE number = :own", own=own)
        by = (-1, 1, 3, 100_000)[deed.which % 4]
        first = datetime.fromisoformat(found["recorded_at"]) + timedelta(milliseconds=by)
        span = MomentSpan(moment_of(first), moment_of(first + timedelta(days=400)))
        correct_time(session, (own, own + deed.value % 2), span, "uret gik forkert")
    elif deed.kind == "erase":
        name = ("Inger Holm", "Bo Bæk")[deed.value % 2]
        erase_persons(session, find_persons(session, name)[0])
    elif deed.kind == "erase text":
        erase_persons(session, texts=["Bo Bæk"])
    elif company:
        noun, kind = (("hire", {"level": "phd"}), ("collaboration", {"kind": "project"}))[
            deed.value % 2
        ]
        add_event(session, noun, company, {"note": "med Bo Bæk", **kind})


def _try(sessions: list[Session], deeds: list[Deed]) -> None:
    for deed in deeds:
        with suppress(Refusal):
            _do(sessions, deed)


def _sum(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a ledger adds up to, in an order that does not depend on how it came about."""
    tables = [*NOUNS, "verdict"]
    found = {}
    for table in tables:
        rows = [tuple(row) for row in session.store.all(f"SELECT * FROM {table}")]
        found[table] = sorted(rows, key=repr)
    tally = session.store.all("SELECT * FROM tally WHERE number <> 0")
    return {**found, "tally": sorted(tuple(row) for row in tally)}


@examples(4 if servers.IN_USE else 12)
@given(deeds=DEEDS, together=st.booleans())
def test_three_ledgers_in_any_order_add_up_to_the_same(deeds: list[Deed], together: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        sessions = _sessions(Path(folder), opened)
        ledgers = [session.store.location for session in sessions]
        _try(sessions, deeds)
        for session in sessions:
            assert check_ledger(session.store).damage == []
        sums = []
        for order in permutations(range(3)):
            target = Path(folder) / f"{'-'.join(map(str, order))}.db"
            copy_ledger(sessions[order[0]].store, target)
            with session_over(target, broker=BROKERS[order[0]]) as session:
                others = [ledgers[other] for other in order[1:]]
                for files in [others] if together else [[other] for other in others]:
                    merge_ledgers(session, files)
                sums.append(_sum(session))
                assert check_ledger(session.store).damage == []
                again = merge_ledgers(session, [ledgers[other] for other in order])
                assert again.commands == 0
                assert _sum(session) == sums[-1]
        assert all(each == sums[0] for each in sums[1:])


@examples(4 if servers.IN_USE else 12)
@given(deeds=DEEDS, random=st.randoms(use_true_random=False))
def test_pieces_in_any_order_add_up_to_the_same(deeds: list[Deed], random: Random) -> None:
    """Bundles arrive before and after what they build upon, and the whole ledgers last."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        sessions = _sessions(Path(folder), opened)
        pieces: list[Path] = []
        for number, deed in enumerate(deeds):
            _try(sessions, [deed])
            if number % 4 == 3:
                file = Path(folder) / f"piece{number}.db"
                with suppress(Refusal):
                    write_bundle(sessions[deed.broker], file, None)
                    pieces.append(file)
        whole = [session.store.location for session in sessions]
        sums = []
        for number in range(3):
            target = ledger_in(Path(folder), f"target{number}.db")
            with session_over(target, broker="KP") as session:
                random.shuffle(pieces)
                for piece in pieces:
                    with suppress(Refusal):
                        merge_ledgers(session, [piece])
                random.shuffle(whole)
                for ledger in whole:
                    merge_ledgers(session, [ledger])
                sums.append(_sum(session))
                assert check_ledger(session.store).damage == []
        assert all(each == sums[0] for each in sums[1:])


def _assert_rows_are_projected(store: Store) -> None:
    """The rows as written are the projection of the whole, and that of each record by itself."""
    whole = Projection(store)
    for noun in NOUNS:
        stored = {row["id"]: dict(row) for row in store.all(NOUNS[noun].select)}
        rows = {row["id"]: row for row in whole.rows(noun)}
        assert rows.keys() == stored.keys()
        for id_, row in rows.items():
            if noun == "company":
                alone = project_companies(store, [id_]).rows
            else:
                alone = project_records(store, noun, [id_])
            assert alone[id_] == row
            assert differing_columns(noun, row, stored[id_]) == []


@examples(4 if servers.IN_USE else 12)
@given(deeds=DEEDS)
def test_a_record_is_projected_by_itself_as_with_all_others_and_as_it_was_written(
    deeds: list[Deed],
) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        sessions = _sessions(Path(folder), opened)
        _try(sessions, deeds)
        for session in sessions:
            _assert_rows_are_projected(session.store)


@examples(3 if servers.IN_USE else 8)
@given(deeds=DEEDS)
def test_a_ledger_as_it_was_known_is_as_it_was_then(deeds: list[Deed]) -> None:
    """Whatever is merged in, undone and brought back later."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        sessions = _sessions(Path(folder), opened)
        known: dict[tuple[int, str], dict[str, list[dict[str, Any]]]] = {}
        for deed in deeds:
            if deed.kind == "erase":  # it reaches back
                continue
            _try(sessions, [deed])
            store = sessions[deed.broker].store
            moment = store.get("SELECT max(coalesce(arrived_at, recorded_at)) FROM command")[0]
            known[deed.broker, moment] = {
                noun: [dict(row) for row in store.all(NOUNS[noun].select + " ORDER BY id")]
                for noun in NOUNS
            }
        for (broker, moment), rows in known.items():
            then = Projection(sessions[broker].store, moment)
            for noun, expected in rows.items():
                for row, stored in zip(then.rows(noun), expected, strict=True):
                    assert (row["id"], differing_columns(noun, row, stored)) == (stored["id"], [])


def _seen(store: Store) -> dict[str, Any]:
    """Return all that can be seen of a ledger, but for the names of people, which no entry holds."""
    columns = {noun: set(NOUNS[noun].columns) - {"secret"} for noun in NOUNS}
    columns["person"] -= {"name"}
    found: dict[str, Any] = {
        noun: [
            {column: row[column] for column in columns[noun]}
            for row in store.all(f"SELECT * FROM {noun} ORDER BY id")
        ]
        for noun in NOUNS
    }
    for table, order in (
        ("verdict", "company_id, record_id, target"),
        ("tally", "target, outcome, day"),
    ):
        rows = (tuple(row) for row in store.all(f"SELECT * FROM {table} ORDER BY {order}"))
        found[table] = list(rows)
    tally: Counter[tuple[str, str, str]] = Counter()
    for target, outcome, day, number in found["tally"]:
        tally[target, outcome, day] += number
    found["order"] = [
        in_order_of_entry(store, noun, [row["id"] for row in found[noun]]) for noun in EVENTS
    ]
    found["status"] = [status_of(store, day, grouping) for day in DAYS for grouping in GROUPINGS]
    return {**found, "tally": +tally}


@examples(3 if servers.IN_USE else 8)
@given(deeds=_deeds((*KINDS, *REACHING_BACK)))
def test_reckoned_back_a_ledger_is_as_projected_from_its_beginning(deeds: list[Deed]) -> None:
    """Whatever came later, and whatever reaches back: corrected clocks, their undo, erasures."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        sessions = _sessions(Path(folder), opened)
        _try(sessions, deeds)
        for session in sessions:
            store = session.store
            moments = "SELECT DISTINCT coalesce(arrived_at, recorded_at) AS at FROM command"
            for moment in [row["at"] for row in store.all(moments)]:
                seen = []
                for part, whole in ((-1.0, False), (2.0, False), (2.0, True)):
                    with store.reading(), pytest.MonkeyPatch.context() as patched:
                        patched.setattr(known_at, "_MUCH", part)
                        with known_at.as_known_at(store, moment, whole=whole) as then:
                            seen.append(_seen(then))
                assert seen[0] == seen[1] == seen[2], moment
            assert check_ledger(store).damage == []


def _standing(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Return all records but those that were undone, which leave only their rows."""
    found = _sum(session)
    for noun in NOUNS:
        column = NOUNS[noun].columns.index("withdrawn")
        found[noun] = [row for row in found[noun] if row[column] != UNDONE]
    return found


@examples(12)
@given(deeds=DEEDS, last=DEEDS.map(lambda deeds: deeds[0]))
def test_an_undo_gives_back_what_stood_before_and_its_undo_what_stood_after(
    deeds: list[Deed], last: Deed
) -> None:
    assume(last.kind not in {"merge", "erase", "undo", "redo"})
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        sessions = _sessions(Path(folder), opened)
        _try(sessions, deeds)
        session = sessions[last.broker]
        with session.unit_of_work("contract amend"):
            pass  # registers whoever sits there, which no undo of another command takes back
        before = _standing(session)
        _try(sessions, [last])
        after = _standing(session)
        if after == before:
            return  # it was refused, or changed nothing
        undo_command(session)
        assert _standing(session) == before
        assert check_ledger(session.store).damage == []
        redo_command(session)
        assert _standing(session) == after
