"""The rows of the region's workbook: what decided them, of which day they are, and at which moment."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CVR, add_contact, agreeing, cvr_number, ledger_in, session_over
from hypothesis_profiles import examples
from kmtrack import i18n
from kmtrack.cli.export import export_workbook
from kmtrack.clock import Clock
from kmtrack.errors import Refusal
from kmtrack.ledger import known_at
from kmtrack.ledger.queries.commands import chain_heads, last_known
from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.explanation import RecordExplanation
from kmtrack.usecases.brokers import edit_broker
from kmtrack.usecases.companies import add_company, edit_company, withdraw_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.deliverables import log_step
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.export import ExportAsked, export_content
from kmtrack.usecases.export_proofs import MetBefore
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.methods import add_method, use_method
from kmtrack.usecases.status import status_known_at, status_of
from kmtrack.usecases.successions import succeed_company
from kmtrack.usecases.surveys.sent import SentReport, records_digest
from kmtrack.usecases.undo import undo_command
from kmtrack.usecases.why import why
from kmtrack.views.export import content_as_dict
from kmtrack.views.xlsx.origin import WorkbookOrigin, read_origin

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.status import Status
    from kmtrack.usecases.export import ExportContent
    from kmtrack.usecases.session import Session

AUTUMN: Final = dt.date(2011, 10, 31)
LATER: Final = dt.date(2012, 12, 31)
GROWN, DECLARED, RICH, KNOWN, UNDATED, OLD, HEIR = map(cvr_number, range(7))


class Rows(NamedTuple):
    """What a workbook holds: the rows of each sheet, by the names of their columns."""

    sheets: dict[str, list[dict[str, Any]]]

    def of(self, noun: str, cvr: str) -> list[dict[str, Any]]:
        """Return the rows of one company on a sheet, by day."""
        found = [row for row in self.sheets[noun] if row["cvr"] == cvr]
        return sorted(found, key=lambda row: row.get("date") or row.get("agreed") or "")


def _rows(content: ExportContent) -> Rows:
    sheets = (*content.counted, content.waiting, content.excluded, *content.delivered)
    return Rows(
        {
            sheet.noun: [dict(zip(sheet.fields, row, strict=True)) for row in sheet.rows]
            for sheet in sheets
        }
    )


def _exported(store: Store, as_of: dt.date, known_at: str | None = None, **more: Any) -> Rows:
    asked = ExportAsked(as_of, known_at, **more)
    with export_content(store, Path("region.xlsx"), asked) as content:
        return _rows(content)


def _company(session: Session, cvr: str, **values: Any) -> str:
    named = {"name": f"Firma {cvr}", "cvr": cvr, "municipality": "Viborg", "employees": "40"}
    return str(add_company(agreeing(session), {**named, **values})["id"])


def _contact(session: Session, cvr: str, day: str, **values: Any) -> str:
    return str(add_contact(agreeing(session), cvr, {"date": day, **values}).record["id"])


class Filled(NamedTuple):
    """What is made of a ledger with a case of each kind; `ids` are those of records by what they are.

    `why` has the earlier contact of each contact as `why` tells it; the workbooks are in both languages.
    """

    ids: dict[str, str]
    autumn: Rows
    later: Rows
    detailed: Rows
    why: dict[str, str | None]
    workbooks: dict[str, Path]
    origin: WorkbookOrigin


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("rows")
    ids: dict[str, str] = {}
    with session_over(ledger_in(folder), today=LATER) as session:
        _company(session, CVR)
        ids["first"] = _contact(session, CVR, "2011-03-01", next="2012-06-01")
        ids["second"] = _contact(session, CVR, "2011-04-01")
        ids["third"] = _contact(session, CVR, "2011-09-01", municipality="Silkeborg")
        ids["later"] = _contact(session, CVR, "2012-02-01")
        ids["earlier typed late"] = _contact(session, CVR, "2011-02-01", channel="phone")
        _company(session, GROWN, employees="240")
        ids["while small"] = _contact(session, GROWN, "2011-03-01")
        edit_company(session, GROWN, {"employees": "265"}, since="2011-06-01")
        ids["when large"] = _contact(session, GROWN, "2011-07-01")
        edit_company(
            session, GROWN, {"municipality": "Silkeborg", "employees": "300"}, since="2012-01-01"
        )
        basis = "=partnervirksomhed, se årsrapport"
        _company(session, DECLARED, employees="265", sme="yes", basis=basis)
        ids["declared"] = _contact(session, DECLARED, "2011-03-01")
        _company(session, RICH, turnover="60", balance="20,5")
        ids["rich"] = _contact(session, RICH, "2011-03-01")
        _company(session, KNOWN, visited_before="2009-10-01")
        ids["known"] = _contact(session, KNOWN, "2011-03-01")
        _company(session, UNDATED, visited_before="yes")
        ids["undated"] = _contact(session, UNDATED, "2011-03-01")
        _company(session, OLD, name="Det gamle firma")
        ids["old"] = _contact(session, OLD, "2011-02-15")
        _company(session, HEIR)
        succeed_company(session, OLD, HEIR, "2011-05-01")
        ids["inherited"] = _contact(session, HEIR, "2011-06-01")
        hire = {"level": "master", "agreed": "2011-05-02", "field": "Kemi", "hours": "37"}
        ids["hire"] = add_event(session, "hire", CVR, hire).record["id"]
        undated = {"level": "master", "note": "hemmelig"}
        edit_company(session, CVR, {"employees": "60"}, since="2012-05-01")
        ids["hire without a day"] = add_event(session, "hire", CVR, undated).record["id"]
        work = {
            "kind": "project",
            "title": "Nyt lager",
            "agreed": "2011-06-02",
            "end": "2012-03-01",
        }
        ids["project"] = add_event(session, "collaboration", CVR, work).record["id"]
        store = session.store
        autumn, later = _exported(store, AUTUMN), _exported(store, LATER)
        detailed = _exported(store, AUTUMN, with_details=True)
        told = {row["id"]: _told_by_why(session, row["id"]) for row in autumn.sheets["contact"]}
        token = store.get("SELECT token FROM command ORDER BY number LIMIT 1")[0]
        moment = last_known(store)
        report = SentReport(AUTUMN, moment, records_digest(chain_heads(store)))
        files: dict[str, Path] = {}
        for language in i18n.LANGUAGES:
            i18n.use(language)
            files[language] = folder / f"{language}.xlsx"
            export_workbook(session, files[language], AUTUMN)
        i18n.use("en")
        export_workbook(session, folder / "then.xlsx", AUTUMN, known_at=moment, with_details=True)
    files["then"] = folder / "then.xlsx"
    origin = WorkbookOrigin("kontaktmaegler-2011-12", token, report, with_details=False)
    return Filled(ids, autumn, later, detailed, told, files, origin)


def _told_by_why(session: Session, contact: str) -> str | None:
    explained = why(session, contact, AUTUMN)
    assert isinstance(explained, RecordExplanation)
    return explained.met_before and explained.met_before.contact_id


@pytest.fixture
def autumn(filled: Filled) -> Rows:
    return filled.autumn


def _by_id(rows: Rows, noun: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows.sheets[noun]}


def test_headcount_and_municipality_are_those_of_the_day(filled: Filled, autumn: Rows) -> None:
    rows = _by_id(autumn, "contact")
    small, large = (rows[filled.ids[name]] for name in ("while small", "when large"))
    assert (small["employees"], small["municipality"], small["sme"].below) == (240, "791", 250)
    # A follow-up needs no SME: that it counts in spite of its headcount is told.
    assert (large["employees"], large["municipality"], large["sme"]) == (265, "791", None)
    assert rows[filled.ids["third"]]["municipality"] == "740"  # that of the place


def test_the_basis_of_an_sme_is_told(filled: Filled, autumn: Rows) -> None:
    rows = _by_id(autumn, "contact")
    declared, rich = (rows[filled.ids[name]]["sme"] for name in ("declared", "rich"))
    assert declared.declared == "=partnervirksomhed, se årsrapport"
    assert (rich.declared, rich.turnover, rich.balance) == (None, 60.0, 20.5)


@pytest.mark.parametrize(
    ("contact", "day", "met"),
    [
        ("earlier typed late", None, None),
        ("first", "2011-02-01", "earlier typed late"),
        ("third", "2011-02-01", "earlier typed late"),
        ("known", "2009-10-01", MetBefore("", is_day_known=True, company="")),
        ("undated", None, MetBefore("", is_day_known=False, company="")),
    ],
)
def test_what_makes_a_follow_up_is_told(
    filled: Filled, autumn: Rows, contact: str, day: str | None, met: str | MetBefore | None
) -> None:
    row = _by_id(autumn, "contact")[filled.ids[contact]]
    expected = filled.ids[met] if isinstance(met, str) else met
    assert (row["met_day"], row["met"]) == (day, expected)


def test_the_earlier_contact_may_be_one_with_the_company_that_was_taken_over(
    filled: Filled, autumn: Rows
) -> None:
    row = _by_id(autumn, "contact")[filled.ids["inherited"]]
    met = MetBefore(filled.ids["old"], is_day_known=True, company="Det gamle firma")
    assert (row["met_day"], row["met"]) == ("2011-02-15", met)


@pytest.mark.parametrize(("noun", "record"), [("hire", "hire"), ("collaboration", "project")])
def test_an_agreement_tells_the_contact_that_brokered_it(
    filled: Filled, autumn: Rows, noun: str, record: str
) -> None:
    row = _by_id(autumn, noun)[filled.ids[record]]
    assert (row["met_day"], row["met"]) == ("2011-02-01", filled.ids["earlier typed late"])


def test_a_row_tells_what_why_tells(filled: Filled, autumn: Rows) -> None:
    told = {
        row["id"]: row["met"].contact_id if isinstance(row["met"], MetBefore) else row["met"]
        for row in autumn.sheets["contact"]
    }
    assert told == filled.why


def test_a_hire_is_shown_without_what_a_person_could_be_known_by(
    filled: Filled, autumn: Rows
) -> None:
    [hire] = autumn.sheets["hire"]
    shown = {"agreed", "company", "municipality", "level", "brokers", "met_day", "met", "paid"}
    details = {"field", "institution", "terms", "hours", "start", "end", "permanent", "note"}
    assert shown <= set(hire)
    assert not details & set(hire)
    assert hire["paid"] is True
    [project] = autumn.sheets["collaboration"]
    assert "title" not in project
    assert {"kind", "institution", "students", "agreed", "start", "end"} <= set(project)
    whole = filled.detailed
    [hire], [project] = whole.sheets["hire"], whole.sheets["collaboration"]
    assert (hire["field"], hire["hours"], hire["terms"]) == ("Kemi", 37, "ordinary")
    assert project["title"] == "Nyt lager"


def test_a_contract_that_asks_how_long_a_hire_lasts_is_answered(tmp_path: Path) -> None:
    document = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    terms = tmp_path / "contract.toml"
    asked = document.replace("\npaid = ", "\nlasting = ") + "\n[lasting]\nweeks = 4\nhours = 30\n"
    terms.write_text(asked, encoding="utf-8")
    ledger = tmp_path / "ledger.db"
    create_ledger(ledger, NewLedger(("Viborg",), terms, "JH"), Clock(LATER, is_set=True), {})
    with session_over(ledger, today=LATER) as session:
        _company(session, CVR)
        _contact(session, CVR, "2011-03-01")
        hire = {"level": "phd", "agreed": "2011-05-02", "permanent": True, "hours": "37"}
        add_event(session, "hire", CVR, hire)
        [row] = _exported(session.store, LATER).sheets["hire"]
    assert "paid" not in row
    assert row["lasting"] is True


def test_the_company_is_shown_as_of_the_day(filled: Filled, autumn: Rows) -> None:
    grown = autumn.of("company", GROWN)[0]
    assert (grown["employees"], grown["municipality"], grown["records"]) == (265, "791", 2)
    declared = autumn.of("company", DECLARED)[0]
    assert (declared["sme"], declared["basis"]) == (1, "=partnervirksomhed, se årsrapport")
    later = filled.later.of("company", GROWN)[0]
    assert (later["employees"], later["municipality"]) == (300, "740")


def test_nothing_dated_later_is_in_it_but_what_was_planned(filled: Filled, autumn: Rows) -> None:
    planned = {"next", "start", "end"}
    days = {
        (field, value)
        for rows in autumn.sheets.values()
        for row in rows
        for field, value in row.items()
        if isinstance(value, str) and value[:2] == "20" and value[4:5] == "-"
        if field != "employees"
    }
    assert {field for field, day in days if day > str(AUTUMN)} == {"next", "end"} <= planned
    ids = {row["id"] for rows in autumn.sheets.values() for row in rows}
    assert filled.ids["later"] not in ids
    assert filled.ids["earlier typed late"] in ids


def test_records_that_wait_tell_what_for(filled: Filled, autumn: Rows) -> None:
    [row] = autumn.sheets["waiting"]
    assert (row["id"], row["reason"]) == (filled.ids["hire without a day"], ("not_agreed",))
    assert row["employees"] == 40


def test_the_sheets_say_it_in_words(filled: Filled) -> None:
    told = {}
    for language, sheet in (("da", "Kontakter"), ("en", "Contacts")):
        book = openpyxl.load_workbook(filled.workbooks[language])
        headings, *rows = book[sheet].iter_rows(values_only=True)
        told[language] = {row[-1]: dict(zip(headings, row, strict=True)) for row in rows}
    ids = filled.ids
    danish, english = told["da"], told["en"]
    assert {name: danish[ids[name]]["Grundlag som SMV"] for name in ("while small", "when large", "declared", "rich")} == {
        "while small": "under 250 ansatte",
        "when large": "ikke et krav",
        "declared": "erklæret: =partnervirksomhed, se årsrapport",
        "rich": "under 250 ansatte; omsætning 60 og balance 20,5 mio. EUR",
    }  # fmt: skip
    assert english[ids["when large"]]["Employees that day"] == 265
    assert english[ids["when large"]]["SME because"] == "not required"
    assert danish[ids["known"]]["Tidligere kontakt"] == "besøgt før"
    assert danish[ids["known"]]["Tidligere kontakt den"] == dt.datetime(2009, 10, 1)  # noqa: DTZ001
    assert danish[ids["undated"]]["Tidligere kontakt"] == "besøgt før, dato ukendt"
    assert danish[ids["inherited"]]["Tidligere kontakt"] == f"{ids['old']} (Det gamle firma)"


def test_a_workbook_tells_its_day_and_moment(filled: Filled, tmp_path: Path) -> None:
    again = tmp_path / "saved.xlsx"
    assert read_origin(filled.workbooks["da"]) == filled.origin
    then = filled.origin._replace(with_details=True)
    assert read_origin(filled.workbooks["then"]) == then
    openpyxl.load_workbook(filled.workbooks["then"]).save(again)
    assert read_origin(again) == then
    openpyxl.Workbook().save(again)
    assert read_origin(again) is None
    again.write_bytes(b"PK no workbook")
    assert read_origin(again) is None
    assert read_origin(tmp_path / "none.xlsx") is None


@pytest.mark.parametrize("part", [-1.0, 2.0], ids=["from the beginning", "back from now"])
def test_a_workbook_as_known_at_a_moment_is_the_one_that_was_made_then(
    tmp_path: Path, part: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_at, "_MUCH", part)
    with session_over(ledger_in(tmp_path), today=LATER) as session:
        _company(session, CVR)
        first = _contact(session, CVR, "2011-03-01")
        method = add_method(session, {"name": "Besøgsguide", "kind": "method", "audience": "company"})["id"]  # fmt: skip
        use_method(session, method, first)
        log_step(session, "project-management", {"text": "opstart", "date": "2011-02-01"})
        moment = last_known(session.store)
        before = _exported(session.store, AUTUMN)
        with export_content(session.store, Path("region.xlsx"), ExportAsked(AUTUMN)) as then:
            councils, heads = then.by_council, then.heads
        edit_company(session, CVR, {"name": "Et andet navn", "employees": "300"}, None)
        edit_broker(session, "JH", {"council": "Skive Erhvervsråd"})
        amend_contract(session, {"last_day": "2011-06-30", "minimums": {"new-contacts": 7}}, "brev")
        log_step(session, "project-management", {"text": "møde", "date": "2011-05-01"})
        _contact(session, CVR, "2011-02-01")
        assert _exported(session.store, AUTUMN) != before
        assert _exported(session.store, AUTUMN, moment) == before
        asked, status = ExportAsked(AUTUMN, moment), status_known_at(session.store, moment, AUTUMN)
        with export_content(session.store, Path("region.xlsx"), asked) as known:
            assert known.status == status
            assert (known.by_council.targets, known.heads) == (councils.targets, heads)
            assert known.status.contract.last_day == dt.date(2012, 12, 31)
            data = content_as_dict(known)
        assert (data["as_of"], data["known_at"]) == ("2011-10-31", moment)
        with (
            pytest.raises(Refusal),
            export_content(
                session.store,
                Path("region.xlsx"),
                ExportAsked(AUTUMN, "2001-01-01T00:00:00.000000Z"),
            ),
        ):
            pass


DAYS: Final = ("2011-02-01", "2011-03-01", "2011-03-02", "2011-06-01", "2011-10-01")
KINDS: Final = ("company", "contact", "contact", "contact", "hire", "move", "edit", "withdraw", "gone", "succeed", "amend", "undo")  # fmt: skip
DEEDS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 99), st.integers(0, 99)),
    min_size=4,
    max_size=16,
)


def _any(session: Session, noun: str, which: int) -> str:
    rows = session.store.all(f"SELECT id FROM {noun} WHERE withdrawn IS NULL ORDER BY recorded_at, id")  # fmt: skip
    if not rows:
        raise Refusal("nothing_there")
    return str(rows[which % len(rows)]["id"])


def _do(session: Session, kind: str, which: int, value: int) -> None:
    day = DAYS[value % len(DAYS)]
    if kind == "company":
        sizes = ("", "40", "200-499", "300")
        values = {
            "employees": sizes[value % 4],
            "visited_before": "" if value % 3 else "2009-10-01",
        }
        _company(session, cvr_number(which), **values)
    elif kind == "contact":
        channel = ("visit", "phone", "email")[which % 3]
        _contact(session, _any(session, "company", which), day, channel=channel)
    elif kind == "hire":
        agreed = day if value % 4 else ""
        add_event(session, "hire", _any(session, "company", which), {"level": "master", "agreed": agreed})  # fmt: skip
    elif kind == "move":
        moved = {"municipality": "København"} if value % 2 else {"employees": "300"}
        edit_company(session, _any(session, "company", which), moved, since=day)
    elif kind == "edit":
        edit_event(session, "contact", _any(session, "contact", which), {"date": day})
    elif kind == "withdraw":
        withdraw_event(session, "contact", _any(session, "contact", which), "fejl")
    elif kind == "gone":
        withdraw_company(session, _any(session, "company", which), "fejl")
    elif kind == "succeed":
        companies = (_any(session, "company", which), _any(session, "company", value))
        succeed_company(session, *companies, day)
    elif kind == "amend":
        amend_contract(session, {"minimums": {"hires": 40 + value}}, "brev")
    else:
        undo_command(session)


def _agree(content: ExportContent, status: Status) -> Rows:
    """Assert that a workbook's rows add up to the status, and that its status is this one."""
    assert content.status == status
    rows = _rows(content)
    for target in status.targets:
        if target.target.is_counted:
            numbers = [
                sum(row["target"] == target.target.id for row in rows.sheets[noun])
                for noun in (target.target.counts, "waiting", "excluded")
            ]
            assert numbers == [*target.tally]
    for noun in ("contact", "hire"):
        for row in rows.sheets[noun]:
            day = row["date" if noun == "contact" else "agreed"]
            assert day <= str(status.as_of)
            assert row["met_day"] is None or row["met_day"] <= day
            assert row["employees"] != 300 or row["sme"] is None
            assert (row["met"] is not None) == (row["target"] != "new-contacts")
    return rows


@examples(8)
@given(DEEDS)
def test_whatever_is_recorded_status_and_workbook_agree(deeds: list[tuple[str, int, int]]) -> None:
    file, known = Path("region.xlsx"), []
    with tempfile.TemporaryDirectory() as folder, session_over(ledger_in(Path(folder)), today=LATER) as plain:  # fmt: skip
        session = agreeing(plain)
        for number, (kind, which, value) in enumerate(deeds):
            with suppress(Refusal):
                _do(session, kind, which, value)
            day = dt.date.fromisoformat(DAYS[(which + value) % len(DAYS)])
            if number % 4 == 3:
                with export_content(session.store, file, ExportAsked(day)) as content:
                    rows = _agree(content, status_of(session.store, day))
                    known.append((content.known_at, day, rows))
        for moment, day, rows in known:
            for part in (-1.0, 2.0):  # projected from the beginning, and reckoned back
                with pytest.MonkeyPatch.context() as patched:
                    patched.setattr(known_at, "_MUCH", part)
                    status = status_known_at(session.store, moment, day)
                    with export_content(session.store, file, ExportAsked(day, moment)) as content:
                        assert _agree(content, status) == rows
