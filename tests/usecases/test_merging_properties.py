"""Whatever brokers state on their laptops, and in whatever order it is merged, it adds up to the same."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, suppress
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import servers
from builders import cvr_number, desk_over, ledger_in
from kmtrack.errors import KmtrackError
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.store.copies import copy_ledger
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import (
    add_contact,
    add_event,
    edit_event,
    withdraw_company,
    withdraw_event,
)
from kmtrack.usecases.history import undo_command
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.methods import add_method
from kmtrack.usecases.people import erase_persons, find_persons

if TYPE_CHECKING:
    from kmtrack.usecases.session import Desk

BROKERS: Final = ("JH", "MK", "AB")
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
    "withdraw", "withdraw company", "join", "undo", "merge", "amend", "method", "erase",
)  # fmt: skip
DEEDS = st.lists(
    st.builds(
        Deed,
        st.integers(0, 2),
        st.sampled_from(KINDS),
        st.integers(0, 1000),
        st.integers(0, 1000),
    ),
    min_size=6,
    max_size=30,
)


def _desks(folder: Path, opened: ExitStack) -> list[Desk]:
    return [
        opened.enter_context(desk_over(ledger_in(folder, f"{name}.db"), broker=name))
        for name in BROKERS
    ]


def _live(desk: Desk, noun: str) -> list[str]:
    rows = desk.store.all(f"SELECT id FROM {noun} WHERE withdrawn IS NULL ORDER BY recorded_at, id")
    return [row["id"] for row in rows]


def _do(desks: list[Desk], deed: Deed) -> None:  # noqa: C901, PLR0912 - one for each deed
    desk = desks[deed.broker]
    companies = _live(desk, "company")
    events = [(noun, id_) for noun in EVENTS for id_ in _live(desk, noun)]
    company = companies[deed.which % len(companies)] if companies else ""
    number = NUMBERS[deed.value % len(NUMBERS)]
    day = f"2011-0{1 + deed.value % 5}-0{1 + deed.which % 3}"
    if deed.kind == "company":
        values = {"name": f"Firma {deed.which % 5}", "cvr": number, "municipality": "Viborg"}
        add_company(desk, {**values, "employees": str(40 + deed.value)}, even_if_alike=True)
    elif deed.kind == "merge":
        others = [other.store.place for other in desks if other is not desk]
        merge_ledgers(desk, [others[deed.which % 2]])
    elif deed.kind == "undo":
        undo_command(desk)
    elif deed.kind == "amend":
        amend_contract(desk, AMENDMENTS[deed.which % len(AMENDMENTS)], "as agreed")
    elif deed.kind == "method":
        add_method(desk, {"name": f"Metode {deed.which}", "kind": "tool"})
    elif deed.kind == "erase":
        name = ("Inger Holm", "Bo Bæk")[deed.value % 2]
        erase_persons(desk, find_persons(desk.store, name)[0])
    elif company and deed.kind == "contact":
        person = ("", "Inger Holm", "Bo Bæk")[deed.value % 3]
        note = f"{person} og Bo Bæk" if deed.which % 2 else ""
        add_contact(desk, company, {"date": day, "person": person, "note": note})
    elif company and deed.kind == "hire":
        add_event(desk, "hire", company, {"agreed": day, "level": "master"})
    elif company and deed.kind == "number":
        edit_company(desk, company, {"cvr": number}, None, even_if_alike=True)
    elif company and deed.kind == "size":
        since = day if deed.which % 2 else None
        edit_company(desk, company, {"employees": str(deed.value)}, since)
    elif company and deed.kind == "withdraw company":
        withdraw_company(desk, company, "lukket")
    elif company and deed.kind == "join":
        join_companies(desk, company, companies[deed.value % len(companies)])
    elif events and deed.kind in {"edit", "withdraw"}:
        noun, record = events[deed.which % len(events)]
        if deed.kind == "withdraw":
            withdraw_event(desk, noun, record, "aflyst")
        else:
            edit_event(desk, noun, record, {"date" if noun == "contact" else "agreed": day})


def _try(desks: list[Desk], deeds: list[Deed]) -> None:
    for deed in deeds:
        with suppress(KmtrackError):
            _do(desks, deed)


def _sum(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """All that a ledger adds up to, in an order that does not depend on how it came about."""
    tables = [*NOUNS, "verdict"]
    found = {}
    for table in tables:
        rows = [tuple(row) for row in desk.store.all(f"SELECT * FROM {table}")]
        found[table] = sorted(rows, key=repr)
    tally = desk.store.all("SELECT * FROM tally WHERE number <> 0")
    return {**found, "tally": sorted(tuple(row) for row in tally)}


@settings(max_examples=4 if servers.IN_USE else 12, deadline=None)
@given(deeds=DEEDS, together=st.booleans())
def test_three_ledgers_in_any_order_add_up_to_the_same(deeds: list[Deed], together: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        desks = _desks(Path(folder), opened)
        ledgers = [desk.store.place for desk in desks]
        _try(desks, deeds)
        for desk in desks:
            assert check_ledger(desk.store).damage == []
        sums = []
        for order in permutations(range(3)):
            target = Path(folder) / f"{'-'.join(map(str, order))}.db"
            copy_ledger(desks[order[0]].store, target)
            with desk_over(target, broker=BROKERS[order[0]]) as desk:
                others = [ledgers[other] for other in order[1:]]
                for files in [others] if together else [[other] for other in others]:
                    merge_ledgers(desk, files)
                sums.append(_sum(desk))
                assert check_ledger(desk.store).damage == []
                again = merge_ledgers(desk, [ledgers[other] for other in order])
                assert again.commands == 0
                assert _sum(desk) == sums[-1]
        assert all(each == sums[0] for each in sums[1:])


def _standing(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """All that stands; what an undo takes out stays, withdrawn, and whom one met stays too."""
    nouns = {
        noun: NOUNS[noun].columns.index("withdrawn") for noun in (*EVENTS, "company", "method")
    }
    found = _sum(desk)
    for noun, column in nouns.items():
        found[noun] = [row for row in found[noun] if row[column] is None]
    return {name: rows for name, rows in found.items() if name not in {"person", "broker"}}


@settings(max_examples=12, deadline=None)
@given(deeds=DEEDS, last=DEEDS.map(lambda deeds: deeds[0]))
def test_an_undo_gives_back_what_stood_before_and_its_undo_what_stood_after(
    deeds: list[Deed], last: Deed
) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        desks = _desks(Path(folder), opened)
        _try(desks, deeds)
        desk = desks[last.broker]
        before = _standing(desk)
        assume(last.kind not in {"merge", "erase"})  # these are no entries to take back
        _try(desks, [last])
        after = _standing(desk)
        assume(after != before)
        undo_command(desk)
        assert _standing(desk) == before
        assert check_ledger(desk.store).damage == []
        undo_command(desk)
        assert _standing(desk) == after
