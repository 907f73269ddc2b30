"""Clocks that jump between the commands of several laptops, corrected and undone, merged in any order."""

from __future__ import annotations

import random
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from builders import ledger_in, session_over
from kmtrack.clock import Clock
from kmtrack.errors import Refusal
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.correct_time import MomentSpan, correct_time
from kmtrack.usecases.doubts import AGREED
from kmtrack.usecases.events import add_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.undo import redo_command, undo_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

pytestmark = [pytest.mark.torture, pytest.mark.files]

_NOW: Final = datetime(2011, 6, 30, 12, tzinfo=UTC)
_CVR: Final = "13748136"
_COMMANDS: Final = "SELECT token, recorded_at, stated_at FROM command WHERE name <> 'merge'"
_WRONG: Final = (-4000, -400, -1, 0, 0, 0, 1, 30, 399, 401, 3000)  # days


def _at(session: Session, moment: datetime) -> Session:
    return session._replace(clock=Clock(moment.date(), moment=moment), answers=AGREED)


def _step(rng: random.Random, session: Session, right: datetime, number: int) -> None:
    wrong = _at(session, right + timedelta(days=rng.choice(_WRONG)))
    match rng.randrange(8):
        case 0 | 1 | 2:
            day = date(2011, 1, 1) + timedelta(days=number)
            add_event(wrong, "contact", _CVR, {"date": day.isoformat()})
        case 3:
            edit_company(wrong, _CVR, {"employees": str(rng.randrange(1, 200))}, None)
        case 4 | 5:
            last = int(session.store.get("SELECT max(number) FROM command")[0])
            first = max(3, last - rng.randrange(4))
            to = right - timedelta(minutes=rng.randrange(1, 50))
            text = f"{to:%Y-%m-%dT%H:%M:%S.%fZ}"
            correct_time(
                _at(session, right), (min(first, last), last), MomentSpan(text, text), "clock"
            )
        case 6:
            undo_command(wrong)
        case _:
            redo_command(wrong)


def _contacts(store: Store) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in store.all("SELECT * FROM contact")), key=repr)


def test_clocks_jump_and_ledgers_agree(tmp_path: Path, times: Callable[[int, int], int]) -> None:
    for seed in range(times(150, 4)):
        rng = random.Random(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        with ExitStack() as opened:
            names = ("JH", "MK", "PS")
            laptops = [
                opened.enter_context(session_over(ledger_in(folder, f"{name}.db"), broker=name))
                for name in names
            ]
            add_company(
                _at(laptops[0], _NOW),
                {"name": "Hedelund", "cvr": _CVR, "municipality": "Viborg", "employees": "40"},
            )
            for other in laptops[1:]:
                merge_ledgers(_at(other, _NOW), [laptops[0].store.location])
            for number in range(24):
                right = _NOW + timedelta(hours=1 + number)
                session = rng.choice(laptops)
                with suppress(Refusal):
                    _step(rng, session, right, number)
                if rng.random() < 0.3:
                    other = rng.choice([each for each in laptops if each is not session])
                    with suppress(Refusal):  # of what another has undone meanwhile
                        merge_ledgers(_at(session, right), [other.store.location])
                assert not check_ledger(session.store).damage, (seed, number)
            end = _at(laptops[0], _NOW + timedelta(days=30)).clock
            bosses = []
            for name, order in (("one", laptops), ("other", laptops[::-1])):
                boss = opened.enter_context(
                    session_over(ledger_in(folder, f"{name}.db"), broker="BO")
                )
                boss = boss._replace(clock=end, answers=AGREED)
                merge_ledgers(boss, [each.store.location for each in order])
                assert not check_ledger(boss.store).damage, seed
                bosses.append(boss.store)
            moved = [{tuple(row) for row in store.all(_COMMANDS)} for store in bosses]
            assert moved[0] == moved[1], seed
            assert _contacts(bosses[0]) == _contacts(bosses[1]), seed
