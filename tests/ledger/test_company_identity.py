"""The facts of a company of several records: what is stated of each stretch of time holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hypothesis_profiles import examples
from kmtrack.ledger.company_identity import rows_of_company
from kmtrack.ledger.rows import current_facts, project
from kmtrack.ledger.stored_entries import StoredEntry

DAYS = ("2011-02-01", "2011-03-01", "2011-05-01")
FACTS = st.dictionaries(
    st.sampled_from(["municipality", "employees", "basis"]),
    st.none() | st.sampled_from(["1", "2", "3"]),
    min_size=1,
)
EDITS = st.tuples(
    st.sampled_from("abc"), st.none() | st.sampled_from(DAYS), FACTS, st.none() | FACTS
)
MANY = examples(200)


def _entries(edits: list[tuple[str, str | None, dict[str, Any], dict[str, Any] | None]]) -> Any:
    """Return the entries that add each record with its first facts, and those that edit it later."""
    found: list[StoredEntry] = []
    for id_, day, stated, cvr in edits:
        action = "edit" if any(entry.record_id == id_ for entry in found) else "add"
        number = len(found)
        facts = dict(stated)
        if action == "add":
            facts |= {"name": id_, "kind": "company"}
        elif day:
            facts["from"] = day
        if cvr and not day:
            facts["cvr"] = next(iter(cvr.values()))
        moment = f"2011-06-30T12:00:{number:02}.000000Z"
        found.append(StoredEntry(id_, action, facts, moment, number, number))
    return found


def _on(row: dict[str, Any], day: str) -> dict[str, Any]:
    return current_facts(row, date.fromisoformat(day) if day else date.min)


@MANY
@given(st.lists(EDITS, min_size=2, max_size=12))
def test_an_emptied_fact_outranks_none_that_is_stated(edits: Any) -> None:
    entries = _entries(edits)
    ids = sorted({entry.record_id for entry in entries})
    own = [project("company", id_, [e for e in entries if e.record_id == id_]) for id_ in ids]
    whole = rows_of_company(ids, entries)[0]
    for day in ("", *DAYS):
        for field in ("cvr", "municipality", "employees", "basis"):
            stated = {_on(row, day)[field] for row in own if row is not None} - {None}
            value = _on(whole, day)[field]
            assert value in (stated or {None}), (field, day)


@MANY
@given(st.lists(EDITS, min_size=2, max_size=12))
def test_of_several_statements_the_one_from_the_latest_day_and_then_the_last_one_holds(
    edits: Any,
) -> None:
    entries = _entries(edits)
    ids = sorted({entry.record_id for entry in entries})
    whole = rows_of_company(ids, entries)[0]
    for day in ("", *DAYS):
        for field in ("municipality", "employees", "basis"):
            in_force: dict[str, tuple[str, int, Any]] = {}
            for entry in entries:
                since = entry.facts.get("from", "")
                if field in entry.facts and since <= day:
                    stated = (since, entry.entry, entry.facts[field])
                    known = in_force.get(entry.record_id, stated)
                    in_force[entry.record_id] = max(stated, known, key=lambda each: each[:2])
            held = max((each for each in in_force.values() if each[2]), default=(0, 0, None))
            assert _on(whole, day)[field] == held[2], (field, day)
