"""What is pending before a server's lock: queries see it as it will be stored."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import pytest

from builders import CVR
from kmtrack.cli.main import main
from kmtrack.ledger.open import open_store
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.store.postgres.store import ServerStore
from kmtrack.usecases.check import check_ledger

if TYPE_CHECKING:
    from kmtrack.ledger.store.address import ServerAddress
    from kmtrack.ledger.store.base import Store

pytestmark = pytest.mark.server

_TABLES: Final = (*NOUNS, "command", "entry", "verdict", "name_word")
_TALLIES: Final = """
    SELECT target, outcome, day, sum(number) AS number FROM tally
    GROUP BY target, outcome, day HAVING sum(number) <> 0
"""
COMMANDS: Final = (
    "company add First --municipality Viborg",
    f"company add Smedjen --cvr {CVR} --municipality Viborg --employees 40",
    f"contact add {CVR} --date 1.3.2011 --person Inger",
    "contact add first --date 2.3.2011",
    "contact add first --date 3.3.2011 --person Bo",
    "hire add first --agreed 4.3.2011 --level master",
    "contact edit last --note Hej",
    "company join first smed --yes",
    "company edit smed --employees 3",
    "company edit smed --name Smedjen2",
    "undo --yes",
    "undo --yes",
    "undo --yes",
    "redo --yes",
    "undo --yes",
    "contact edit last --company smed",
    "undo --yes",
    "company add Third --municipality Viborg",
    "company succeed third first --from 1.4.2011",
    "company succeed third first --from 2.4.2011",
    "undo --yes",
    "company succeed third first --withdraw X",
    "undo --yes",
    "method add Samtale --kind method --for companies",
    "method used Samtale --contact last",
    f"survey answer {CVR} --wave before --answer students=3",
    "deliverable log project-management --text Hej",
    "hire withdraw last --reason X",
)


def _read(store: Store) -> dict[str, Counter[tuple[Any, ...]]]:
    queries = {table: f"SELECT * FROM {table}" for table in _TABLES} | {"tally": _TALLIES}
    return {table: Counter(map(tuple, store.all(query))) for table, query in queries.items()}


def test_queries_see_what_is_pending_as_it_will_be_stored(
    served: ServerAddress, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[dict[str, Counter[tuple[Any, ...]]]] = []
    lock = ServerStore._lock_trusting

    def read_and_lock(store: ServerStore) -> None:
        if store._pending is not None:
            seen.append(_read(store))
        lock(store)

    pending = 0
    with patch.object(ServerStore, "_lock_trusting", read_and_lock):
        for command in COMMANDS:
            seen.clear()
            with patch.dict(os.environ, {"KMTRACK_LEDGER": str(served)}):
                code = main(["--lang", "en", *command.split()])
            assert code == 0, (command, capsys.readouterr())
            with closing(open_store(served)) as store:
                stored = _read(store)
            for each in seen:
                for table in each:
                    assert each[table] == stored[table], (command, table)
            pending += len(seen)
    assert pending >= len(COMMANDS) - 8
    with closing(open_store(served)) as store:
        assert check_ledger(store).damage == []
