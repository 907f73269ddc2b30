"""Properties of an import: twice is once, all or nothing, and the same facts as a command states."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from hypothesis_profiles import examples
from kmtrack.clock import Clock
from kmtrack.errors import BadValue
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.schema.facts import FieldErrors, named_fields
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.ids import id_from
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.values import BadDay
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.events import EVENT_FACTS, edit_event
from kmtrack.usecases.imports.columns import COLUMNS, REQUIRED
from kmtrack.usecases.imports.events import EventIds
from kmtrack.usecases.imports.facts_reader import FactsReader
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.result import BadRows
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.usecases.session import Session

TODAY = dt.date(2011, 6, 30)
CVRS = ("13748136", "13585628", "24256790")
TABLES: Final = ("company", "person", "contact", "collaboration", "hire", "command", "entry")

DAYS = st.sampled_from(["2011-03-04", "4.3.2011", "5/3-2011", "2010-12-31", "30.6.11"])
TEXTS = st.text(st.sampled_from("abcæøå ;,\"'=-+@<[]"), max_size=12)
CONTACTS = st.lists(
    st.fixed_dictionaries(
        {
            "company": st.sampled_from([*CVRS[:2], "Firma 0", "firma 1 "]),
            "date": DAYS,
            "channel": st.sampled_from(["", "besøg", "phone", "e-mail"]),
            "broker": st.sampled_from(["", "JH", "ab"]),
            "with": st.sampled_from(["", "MK", "jh, mk"]),
            "person": st.sampled_from(["", "Anne Hansen", "Bo"]),
            "note": TEXTS,
            "next": st.sampled_from(["", "2011-12-01"]),
        }
    ),
    max_size=8,
)
# Each cell good or bad, so that good and bad rows meet.
CELLS: Final[dict[str, list[object]]] = {
    "date": ["2011-03-04", dt.date(2011, 3, 5), "31.2.2011", "", None, "1.7.2011"],
    "next": ["", None, "2011-09-01", "2011-03-01", "x"],
    "channel": ["", None, "besøg", "visit", "fax", "yes"],
    "broker": ["", None, "jh", "too-long-to-be-initials"],
    "others": ["", None, "jh mk", "mk", "?!"],
    "note": ["", None, "  a  b ", "en bemærkning", "010190-1234", "x\x07", 12.5],
    "agreed": ["", None, "4.3.2011", dt.date(2011, 3, 5), "2012-01-01"],
    "start": ["", None, "2011-03-04", "x"],
    "end": ["", None, "2011-03-03", dt.date(2011, 8, 1)],
    "institution": ["", None, "VIA", "y" * 201],
    "kind": ["", None, "praktik", "project", "company"],
    "title": ["", None, "Titel", "2"],
    "students": ["", None, "2", "2.5", 2.5, "0"],
    "level": ["", None, "kandidat", "phd", "ingeniør"],
    "field": ["", None, "Logistik"],
    "terms": ["", None, "tilskud", "gratis"],
    "hours": ["", None, "37", 37.5, "61"],
}


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("founded") / "ledger.db"
    clock = Clock(TODAY, is_set=True)
    create_ledger(path, NewLedger(("Viborg",), None, "JH", None), clock, {})
    with session_at(path, clock, {}) as session, session.unit_of_work("company add") as work:
        for number, cvr in enumerate(CVRS):
            facts = {"name": f"Firma {number}", "cvr": cvr, "employees": "12"}
            work.add("company", {**facts, "municipality": "791", "kind": "company"})
        for initials in ("AB", "MK"):
            work.register_broker(initials)
    return path


def _in_copy(founded: Path, work: Callable[[Session, Path], None]) -> None:
    """Do something at a session over a copy of the ledger, and see that the ledger is whole after."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(founded, folder / "ledger.db")
        with session_at(folder / "ledger.db", Clock(TODAY, is_set=True), {}) as session:
            work(session, folder)
            assert check_ledger(session.store).damage == []


def _contents(session: Session) -> dict[str, list[dict[str, Any]]]:
    return {
        table: [dict(row) for row in session.store.all(f"SELECT * FROM {table}")]
        for table in (*TABLES, "verdict", "tally")
    }


def _write(file: Path, rows: list[dict[str, str]], delimiter: str = ";") -> Path:
    with file.open("w", encoding="utf-8", newline="") as stream:
        fields = ["company", "date", "channel", "broker", "with", "person", "note", "next"]
        writer = csv.DictWriter(stream, fields, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return file


@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=CONTACTS, more=CONTACTS)
def test_reading_twice_is_reading_once(
    founded: Path, rows: list[dict[str, str]], more: list[dict[str, str]]
) -> None:
    def work(session: Session, folder: Path) -> None:
        first = import_file(session, _write(folder / "a.csv", rows))
        assert (first.nouns[0].added, first.nouns[0].already_here) == (len(rows), 0)
        before = _contents(session)
        again = import_file(session, _write(folder / "b.csv", rows, delimiter=","))
        assert (again.nouns[0].added, again.nouns[0].already_here) == (0, len(rows))
        assert _contents(session) == before
        longer = import_file(session, _write(folder / "c.csv", rows + more))
        assert longer.nouns[0].already_here == len(rows)
        assert longer.nouns[0].added == len(more)

    _in_copy(founded, work)


@examples(20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=CONTACTS, data=st.data())
def test_one_bad_row_keeps_all_rows_out(
    founded: Path, rows: list[dict[str, str]], data: st.DataObject
) -> None:
    bad = {"company": CVRS[2], "date": "30.2.2011"}
    at = data.draw(st.integers(0, len(rows)))

    def work(session: Session, folder: Path) -> None:
        before = _contents(session)
        with pytest.raises(BadRows) as refused:
            import_file(session, _write(folder / "a.csv", [*rows[:at], bad, *rows[at:]]))
        assert [mistake.value for mistake in refused.value.errors] == ["30.2.2011"]
        assert _contents(session) == before

    _in_copy(founded, work)


def test_a_row_that_was_edited_since_is_known_again(founded: Path) -> None:
    def work(session: Session, folder: Path) -> None:
        row = {"company": CVRS[0], "date": "4.3.2011", "person": "Anne Hansen"}
        file = _write(folder / "a.csv", [row])
        import_file(session, file)
        contact = session.store.get("SELECT id FROM contact")
        edit_event(session, "contact", contact["id"], {"note": "rettet", "date": "2011-03-05"})
        before = _contents(session)
        assert import_file(session, file).nouns[0].already_here == 1
        assert _contents(session) == before

    _in_copy(founded, work)


def test_whoever_reads_a_file_it_is_the_same_file(founded: Path) -> None:
    def work(session: Session, folder: Path) -> None:
        file = _write(folder / "a.csv", [{"company": CVRS[0], "date": "4.3.2011"}])
        import_file(session, file)
        import_file(session._replace(broker="AB", who="AB"), file)
        assert [row["broker"] for row in session.store.all("SELECT broker FROM contact")] == ["JH"]

    _in_copy(founded, work)


@pytest.mark.parametrize("noun", sorted(EVENT_FACTS))
@examples(150)
@given(data=st.data())
def test_rows_are_stated_as_commands_state_them(noun: str, data: st.DataObject) -> None:
    facts = EVENT_FACTS[noun]
    known = [name for name in named_fields(facts) if name in CELLS]
    required = {name for name in known if named_fields(facts)[name].is_required}
    fields = data.draw(st.permutations(known)).copy()
    fields = [f for f in fields if f in required or data.draw(st.booleans())]
    reader = FactsReader(facts, fields, TODAY)
    for _ in range(3):  # what is remembered must answer as what is met first
        values = {name: data.draw(st.sampled_from(CELLS[name])) for name in fields}
        assert _from_row(reader, values) == _from_command(facts, values)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["c1", "c2"]),
            st.none() | st.text(max_size=5),
            st.none() | st.integers(),
        ),
    ),
)
def test_the_id_of_a_row_is_made_of_all_that_it_states(
    rows: list[tuple[str, str | None, int | None]],
) -> None:
    event_ids = EventIds("contact")
    ids = [event_ids.next_id(company, as_json(_stated(*row))) for company, *row in rows]
    assert len(set(ids)) == len(ids)
    for record_id, (company, *row) in zip(ids, rows, strict=True):
        facts = _stated(*row)
        twins = (f"\x1f{times}" for times in range(2, len(rows) + 1))
        texts = [f"contact\x1f{company}\x1f{as_json(facts)}{twin}" for twin in ("", *twins)]
        digests = [blake2b(text.encode(), digest_size=8).digest() for text in texts]
        assert record_id in {id_from("contact", digest) for digest in digests}


def _stated(note: object, hours: object) -> dict[str, object]:
    return {n: v for n, v in (("note", note), ("hours", hours)) if v is not None}


def _from_row(reader: FactsReader, values: dict[str, object]) -> Any:
    try:
        return list(reader.read(values, {}).items())
    except FieldErrors as mistakes:
        return _told(mistakes)


def _from_command(facts: type[Facts], values: dict[str, object]) -> Any:
    try:
        return list(facts.validate(values, TODAY).stated().items())
    except FieldErrors as mistakes:
        return _told(mistakes)


def _told(mistakes: FieldErrors) -> list[tuple[str, str]]:
    return sorted((field, _as_of_a_file(error).sentence()) for field, error in mistakes.errors)


def _as_of_a_file(error: BadValue) -> BadValue:
    """Return the refusal of a day in a file, which advises nothing that only a command may state."""
    return BadValue("day_unreadable", **error.facts) if isinstance(error, BadDay) else error


LINKS = {
    "company": (set(), set()),
    "contact": ({"company", "person", "methods_used"}, {"person_id"}),
    **dict.fromkeys(("collaboration", "hire"), ({"company"}, set())),
    "method": (set(), set()),
    **dict.fromkeys(("assessment", "dissemination"), ({"method"}, {"method_id"})),
    # A file that was handed in is looked at where it lies.
    "delivery": ({"deliverable"}, {"target", "file", "digest"}),
}


@pytest.mark.parametrize("noun", sorted(LINKS))
def test_every_fact_has_a_column(noun: str) -> None:
    links, linked = LINKS[noun]
    facts = NOUNS[noun].facts
    assert facts is not None
    columns = {field.column for field in fields_of(facts) if field.name not in linked}
    assert set(COLUMNS[noun]) - links == columns
    required = {field.name for field in fields_of(facts) if field.is_required}
    assert set(REQUIRED[noun]) - links == required - linked


def test_every_noun_of_the_template_is_looked_at_there() -> None:
    assert set(COLUMNS) == {*LINKS, "survey"}
