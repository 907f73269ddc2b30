"""Times that a wrong clock gave, put right: the order stays, merges agree, and an undo leaves no trace."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from builders import ledger_in, refuses, session_over
from kmtrack.clock import Clock
from kmtrack.ledger.moments import moments_in_force
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.correct_time import MomentSpan, correct_time
from kmtrack.usecases.doubts import AGREED
from kmtrack.usecases.events import add_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.undo import redo_command, undo_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

NOW: Final = datetime(2011, 6, 30, 12, tzinfo=UTC)
FALSE: Final = datetime(2013, 5, 5, 12, tzinfo=UTC)
CVR: Final = "13748136"
COLUMNS: Final = "number, token, recorded_at, stated_at, recorded_by, name"


def at(session: Session, moment: datetime) -> Session:
    """Return the session with the clock of this computer at a moment."""
    clock = Clock(moment.date(), moment=moment)
    return session._replace(clock=clock, answers=AGREED)


def span(moment: datetime) -> MomentSpan:
    """Return a moment as one to be set."""
    text = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    return MomentSpan(text, text)


def commands(store: Store) -> list[tuple[str, str, str | None]]:
    """Return the token of each command and its moments, in the order of these."""
    rows = store.all(
        "SELECT token, recorded_at, stated_at FROM command ORDER BY recorded_at, token"
    )
    return [tuple(row) for row in rows]


def state(store: Store) -> dict[str, list[list[object]]]:
    """Return all rows that are projected and judged."""
    tables = ("company", "contact", "broker", "verdict", "tally")
    return {
        table: sorted(([*row] for row in store.all(f"SELECT * FROM {table}")), key=repr)
        for table in tables
    }


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with session_over(ledger_in(tmp_path)) as opened:
        store = opened.store
        add_company(at(opened, NOW), {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg",
                                      "employees": "40"})  # fmt: skip
        assert store
        yield opened


def visit(session: Session, moment: datetime, day: int) -> str:
    """Record a visit by a clock at a moment; return its id."""
    given = {"date": date(2011, 6, day).isoformat()}
    return str(add_event(at(session, moment), "contact", CVR, given).record["id"])


def damage(session: Session) -> list[object]:
    return list(check_ledger(session.store).damage)


def last_moment(session: Session) -> str:
    return commands(session.store)[-1][1]


def wrong(session: Session) -> tuple[int, int]:
    """Record a visit with a clock that is ahead, and two more after it; return their numbers."""
    for moment, day in ((FALSE, 1), (NOW, 2), (NOW + timedelta(minutes=1), 3)):
        visit(session, moment, day)
    last = int(session.store.get("SELECT max(number) FROM command")[0])
    return last - 2, last


def test_commands_of_a_wrong_clock_get_the_times_they_were_given(session: Session) -> None:
    numbers = wrong(session)
    assert last_moment(session) > "2013"
    digests = [row[0] for row in session.store.all("SELECT digest FROM entry ORDER BY number")]
    done = correct_time(
        at(session, NOW + timedelta(hours=1)), numbers, span(NOW + timedelta(minutes=5)), "ur"
    )
    assert len(done.commands) == 3
    moments = [moment for _, moment, _ in commands(session.store)]
    assert moments == sorted(set(moments))
    assert moments[-1] == "2011-06-30T13:00:00.000000Z"  # the correction itself
    assert moments[-4] == "2011-06-30T12:05:00.000000Z"
    assert max(moments) < "2011-07"
    assert not damage(session)
    stored = [row[0] for row in session.store.all("SELECT digest FROM entry ORDER BY number")]
    assert stored[: len(digests)] == digests
    rows = session.store.all("SELECT recorded_at FROM contact ORDER BY date")
    assert [row[0] for row in rows] == moments[-4:-1]
    visit(session, NOW + timedelta(hours=2), 4)
    assert last_moment(session) == "2011-06-30T14:00:00.000000Z"
    assert not damage(session)


def test_undone_it_is_as_if_never_corrected_and_redone_as_if_never_undone(session: Session) -> None:
    numbers = wrong(session)
    before, rows = commands(session.store), state(session.store)
    later = at(session, NOW + timedelta(hours=1))
    done = correct_time(later, numbers, span(NOW + timedelta(minutes=5)), "ur")
    corrected, corrected_rows = commands(session.store), state(session.store)
    undone = undo_command(later, done.number)
    assert [each.number for each in undone.retimed] == [each.number for each in done.commands]
    assert [one for one in commands(session.store) if one in before] == before
    assert state(session.store) == rows
    assert not damage(session)
    redo_command(later)
    assert [one for one in commands(session.store) if one in corrected] == corrected
    assert state(session.store) == corrected_rows
    assert not damage(session)


def test_what_was_corrected_is_corrected_again(session: Session) -> None:
    first, last = wrong(session)
    later = at(session, NOW + timedelta(hours=1))
    correct_time(later, (first, last), span(NOW + timedelta(minutes=5)), "ur")
    again = correct_time(later, (first, first), span(NOW + timedelta(minutes=2)), "ur")
    assert [each.after for each in again.commands] == ["2011-06-30T12:02:00.000000Z"]
    undo_command(later, again.number)
    token = session.store.get("SELECT token FROM command WHERE number = :n", n=first)[0]
    assert moments_in_force(session.store, [token])[token][0] == "2011-06-30T12:05:00.000000Z"
    assert not damage(session)


@pytest.mark.parametrize(
    ("to", "key"),
    [
        (NOW + timedelta(hours=3), "time_to_come"),
        (NOW - timedelta(days=400), "time_not_after"),
    ],
)
def test_a_time_that_cannot_be_is_refused(session: Session, to: datetime, key: str) -> None:
    numbers = wrong(session)
    before = commands(session.store)
    with refuses(key):
        correct_time(at(session, NOW + timedelta(hours=1)), numbers, span(to), "ur")
    assert commands(session.store) == before


def test_one_in_the_middle_stays_between_its_neighbours(session: Session) -> None:
    first, last = wrong(session)
    later = at(session, NOW + timedelta(days=2))
    correct_time(later, (first, last), span(NOW + timedelta(minutes=5)), "ur")
    with refuses("time_not_before"):
        correct_time(later, (first, first), span(NOW + timedelta(hours=9)), "ur")
    with refuses("time_not_after"):
        correct_time(later, (last, last), span(NOW), "ur")
    with refuses("time_unchanged"):
        correct_time(later, (first, first), span(NOW + timedelta(minutes=5)), "ur")
    with refuses("unknown_command"):
        correct_time(later, (last, last + 99), span(NOW), "ur")


def test_only_who_gave_a_command_corrects_its_time(session: Session) -> None:
    first, _ = wrong(session)
    other = at(session, NOW)._replace(broker="AB", who="AB")
    with refuses("time_of_another"):
        correct_time(other, (first, first), span(NOW), "ur")


def test_an_undo_that_would_date_a_record_after_what_builds_upon_it_is_refused(
    session: Session,
) -> None:
    numbers = wrong(session)
    later = at(session, NOW + timedelta(hours=1))
    done = correct_time(later, numbers, span(NOW + timedelta(minutes=5)), "ur")
    [row, *_] = session.store.all("SELECT id FROM contact ORDER BY date")
    from kmtrack.usecases.events import edit_event

    edit_event(at(session, NOW + timedelta(hours=2)), "contact", row["id"], {"note": "x"})
    with refuses("time_built_upon"):
        undo_command(later, done.number)
    assert not damage(session)


def test_a_boss_who_merged_the_wrong_times_gets_the_right_ones_by_the_next_merge(
    session: Session, tmp_path: Path
) -> None:
    with session_over(ledger_in(tmp_path, "boss.db"), broker="BO") as boss:
        numbers = wrong(session)
        first = merge_ledgers(at(boss, NOW + timedelta(minutes=30)), [session.store.location])
        assert [each.by for each in first.files[0].ahead] == ["JH"]
        correct_time(
            at(session, NOW + timedelta(hours=1)), numbers, span(NOW + timedelta(minutes=5)), "ur"
        )
        second = merge_ledgers(at(boss, NOW + timedelta(hours=2)), [session.store.location])
        assert [each.retimed for each in second.files] == [3]
        assert not second.files[0].ahead
        # This merge is dated as if they had been right; the one before followed the false ones.
        theirs = set(commands(session.store))
        assert theirs <= set(commands(boss.store))
        assert state(boss.store)["contact"] == state(session.store)["contact"]
        assert not damage(boss)


def test_a_lifetime_ahead_is_merged_once_it_is_put_right(session: Session, tmp_path: Path) -> None:
    visit(session, datetime(2099, 5, 5, tzinfo=UTC), 1)
    last = int(session.store.get("SELECT max(number) FROM command")[0])
    with session_over(ledger_in(tmp_path, "boss.db"), broker="BO") as boss:
        later = at(boss, NOW + timedelta(hours=2))
        with refuses("clock_far_ahead") as refused:
            merge_ledgers(later, [session.store.location])
        assert "kmtrack history correct-time" in refused.value.sentence()
        moment = span(NOW + timedelta(minutes=5))
        correct_time(at(session, NOW + timedelta(hours=1)), (last, last), moment, "ur")
        assert merge_ledgers(later, [session.store.location]).commands == 3
        assert last_moment(boss) < "2011-07"
        assert not damage(boss)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_corrections_arrive_in_any_order(
    session: Session, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """Of three copies: before the correction, after it, and after its undo and another one."""
    numbers = wrong(session)
    copies: list[Path] = []
    later = at(session, NOW + timedelta(hours=1))

    def copy() -> None:
        target = tmp_path / f"copy{len(copies)}.db"
        session.store.back_up_to(target)
        copies.append(target)

    if session.store.is_served:
        pytest.skip("copies of files")
    copy()
    done = correct_time(later, numbers, span(NOW + timedelta(minutes=5)), "ur")
    copy()
    undo_command(later, done.number)
    correct_time(later, numbers, span(NOW + timedelta(minutes=7)), "ur")
    copy()
    with session_over(ledger_in(tmp_path, "boss.db"), broker="BO") as boss:
        for number in order:
            merge_ledgers(at(boss, NOW + timedelta(hours=2 + number)), [copies[number]])
        assert set(commands(session.store)) <= set(commands(boss.store))
        assert state(boss.store)["contact"] == state(session.store)["contact"]
        assert not damage(boss)


def test_a_bundle_brings_a_correction(session: Session, tmp_path: Path) -> None:
    with session_over(ledger_in(tmp_path, "boss.db"), broker="BO") as boss:
        numbers = wrong(session)
        news = tmp_path / "news.db"
        write_bundle(at(session, NOW), news, date(2011, 1, 1))
        merge_ledgers(at(boss, NOW), [news])
        correct_time(
            at(session, NOW + timedelta(hours=1)), numbers, span(NOW + timedelta(minutes=5)), "ur"
        )
        write_bundle(at(session, NOW + timedelta(hours=1)), news, None)
        result = merge_ledgers(at(boss, NOW + timedelta(hours=2)), [news])
        assert result.files[0].retimed == 3
        assert set(commands(session.store)) <= set(commands(boss.store))
        assert not damage(boss)


def test_a_moment_without_a_correction_is_damage_that_can_be_mended(session: Session) -> None:
    numbers = wrong(session)
    later = at(session, NOW + timedelta(hours=1))
    correct_time(later, numbers, span(NOW + timedelta(minutes=5)), "ur")
    session.store.run(
        "UPDATE command SET recorded_at = '2011-06-30T12:06:00.000000Z' WHERE number = :n",
        n=numbers[0],
    )
    assert "moment_differs" in {issue.kind for issue in check_ledger(session.store).damage}


STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from(["visit", "edit", "correct", "undo"]),
        st.integers(-500, 900),  # days by which the clock is wrong
        st.integers(0, 20),
    ),
    min_size=3,
    max_size=9,
)


@settings(deadline=None, max_examples=12, phases=[Phase.generate])
@given(STEPS)
def test_whatever_clocks_say_order_rows_and_checks_agree(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    """Clocks jump between commands; corrections and undos are made where they are allowed."""
    from kmtrack.errors import Refusal

    folder = tmp_path_factory.mktemp("clocks")
    with (
        session_over(ledger_in(folder)) as mine,
        session_over(ledger_in(folder, "boss.db"), broker="BO") as boss,
    ):
        add_company(at(mine, NOW), {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
        right = NOW
        for number, (step, wrong_by, choice) in enumerate(steps):
            right += timedelta(hours=1)
            session = at(mine, right + timedelta(days=wrong_by))
            last = int(mine.store.get("SELECT max(number) FROM command")[0])
            try:
                if step == "visit":
                    add_event(session, "contact", CVR, {"date": f"2011-01-{number + 1:02}"})
                elif step == "edit":
                    edit_company(session, CVR, {"employees": str(choice)}, None)
                elif step == "correct":
                    first = min(last, max(3, last - choice % 4))
                    correct_time(
                        at(mine, right), (first, last), span(right - timedelta(minutes=30)), "x"
                    )
                else:
                    undo_command(at(mine, right))
            except Refusal:
                continue
            if choice % 3 == 0:
                merge_ledgers(at(boss, right), [mine.store.location])
        assert not damage(mine)
        numbered = mine.store.all("SELECT recorded_at FROM command ORDER BY number")
        moments = [row[0] for row in numbered]
        assert len(set(moments)) == len(moments)
        merge_ledgers(at(boss, right), [mine.store.location])
        assert set(commands(mine.store)) <= set(commands(boss.store))
        assert state(mine.store)["contact"] == state(boss.store)["contact"]
        assert not damage(boss)
        assert json.dumps(state(mine.store)["verdict"]) == json.dumps(state(boss.store)["verdict"])
