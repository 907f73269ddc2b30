"""`check --mend` on a server: its owner puts right what a broker told the functions falsely."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import servers
from builders import CVR, TODAY, add_contact, session_over
from kmtrack.cli.main import main
from kmtrack.clock import Clock
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.location import location_named, session_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.server

_ALL: Final = "SELECT json_agg({table} ORDER BY {table}::text)::text FROM {table}"
_TABLES: Final = ("company", "contact", "person", "verdict", "tally", "name_word", "broker")
_FALSE: Final = """
    SELECT kmtrack.replace_verdicts(
        (SELECT json_agg(verdict) FROM verdict),
        (SELECT json_agg(told) FROM (SELECT company_id, record_id, target, noun, day,
            'counted' AS outcome, '[]' AS reasons, '760' AS municipality, brokers FROM verdict
            WHERE target <> 'new-contacts') AS told)),
    kmtrack.replace_name_words((SELECT json_agg(json_build_array(word, company_id)) FROM name_word),
        (SELECT json_agg(json_build_array('zzz', id)) FROM company)),
    kmtrack.put_contact((SELECT json_agg(told) FROM (SELECT id, recorded_at, company_id, 'visit' AS channel,
        '2011-02-02' AS date FROM contact) AS told), false),
    kmtrack.put_contact((SELECT json_agg(told) FROM (SELECT 'k0000000001' AS id, recorded_at, id AS company_id,
        'visit' AS channel, '2011-02-02' AS date FROM company LIMIT 1) AS told), true),
    kmtrack.put_company((SELECT json_agg(told) FROM (SELECT id, recorded_at, 'Falsk' AS name,
        'falsk' AS name_key, kind, '{"2011-04-01": {"municipality": "791"}}' AS later
        FROM company) AS told), false),
    kmtrack.put_person((SELECT json_agg(told) FROM (SELECT id, recorded_at, company_id, 'X' AS withdrawn
        FROM person) AS told), false)
"""


@pytest.fixture
def an(served: Any, tmp_path: Path) -> Iterator[Session]:
    """Yield the session of a broker who has written something false everywhere."""
    running, database = servers.server(), served.settings["dbname"]
    running.admit(database, "an")
    with session_over(served, broker="MK") as operator:
        add_company(operator, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
        add_contact(operator, CVR, {"date": "2011-03-01", "person": "Inger Holm"})
    here = location_named(running.address(database, "an"), {"KMTRACK_HOME": str(tmp_path)})
    with session_at(here, Clock(TODAY, is_set=True), {}) as session:
        with session.unit_of_work("broker add") as work:
            work.add("broker", {"initials": "Z9"}, "Z9")
        yield session
    running.dismiss("an")
    running.dismiss("kmtrack_broker")


def _falsify(session: Session) -> None:
    with session.unit_of_work("broker add") as work:
        work.add("broker", {"initials": "Z8"}, "Z8")
        work.flush()
        session.store.run(_FALSE)


def _rows(session: Session) -> dict[str, Any]:
    return {
        table: json.loads(session.store.get(_ALL.format(table=table))[0] or "[]")
        for table in _TABLES
    }


def test_the_owner_puts_right_what_is_false_and_nobody_else_can(
    an: Session, served: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = _rows(an)
    _falsify(an)
    after = {table: rows for table, rows in _rows(an).items() if table != "broker"}
    assert all(before[table] != rows for table, rows in after.items())
    running, database = servers.server(), str(served.settings["dbname"])

    assert (
        main(["--lang", "en", "--ledger", running.address(database, "an"), "check", "--mend"]) == 1
    )
    told = capsys.readouterr().out
    assert "the login an" in told
    assert "The administrator, as the user who owns the tables, types:" in told

    assert main(["--lang", "en", "--ledger", running.address(database), "check", "--mend"]) == 0
    kept = re.search(r"(/\S+\.db)", capsys.readouterr().err)
    assert kept is not None
    assert Path(kept[1]).exists()
    with session_over(served, broker="MK") as operator:
        assert check_ledger(operator.store).damage == []
    now = _rows(an)
    assert {t: r for t, r in now.items() if t != "broker"} == {
        t: r for t, r in before.items() if t != "broker"
    }
    add_contact(an, CVR, {"date": "2011-03-05"})
    assert check_ledger(an.store).damage == []
