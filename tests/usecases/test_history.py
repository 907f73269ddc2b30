"""What a broker takes back, and what the ledger said at a moment."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, NEW, add_contact, behind, cvr_number, refuses, session_over
from kmtrack.usecases.brokers import brokers
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies, withdraw_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import edit_event, withdraw_event
from kmtrack.usecases.history import Filter, contract_statements, each_of_history, history_of
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.methods import add_method, use_method
from kmtrack.usecases.status import status_known_at, status_of
from kmtrack.usecases.undo import redo_command, undo_command
from kmtrack.views.history import (
    amendment_as_dict,
    format_amendment,
    history_as_dicts,
    render_history,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

FAR = date(2012, 12, 31)


def _company(session: Session, **values: Any) -> str:
    named = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    return str(add_company(session, {**named, **values})["id"])


def _counted(session: Session, target: str = NEW) -> int:
    return next(
        t.tally.counted for t in status_of(session.store, FAR).targets if t.target.id == target
    )


def _last_number(session: Session) -> int:
    return int(session.store.get("SELECT max(number) FROM command")[0])


@pytest.mark.parametrize("by", ["JH", "jh", " jh "])
def test_what_a_broker_stated_is_found_by_initials_however_they_are_typed(
    session: Session, by: str
) -> None:
    _company(session)
    assert history_of(session, Filter(by=by)).number == 2


def test_what_was_stated_under_the_name_of_a_user_is_found_by_it(ledger: Path) -> None:
    with session_over(ledger) as session:
        _company(session._replace(who="jens hansen"))
        [told] = history_of(session, Filter(by="jens hansen")).items
        assert told.command.recorded_by == "jens hansen"


def test_an_undo_takes_back_the_last_command_and_a_redo_brings_it_back(
    session: Session,
) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01"})
    undo_command(session)
    assert _counted(session) == 0
    redo_command(session)
    assert _counted(session) == 1
    assert check_ledger(session.store).damage == []


def test_an_undo_of_what_changed_nothing_says_so(session: Session) -> None:
    company = _company(session)
    edit_company(session, company, {"employees": "41"}, None)
    number = _last_number(session)
    # As older versions stored what was said again.
    with session.unit_of_work("company edit") as work:
        work.edit("company", dict(session.store.get("SELECT * FROM company")), {"employees": "41"})
    undone = undo_command(session)
    assert (undone.command.number, undone.records) == (number + 1, [])
    assert undo_command(session).command.number == number
    assert session.store.get("SELECT employees FROM company")[0] == "40"
    with refuses("undone_already"):
        undo_command(session, number + 1)


def test_what_an_undo_would_do_leaves_nothing_behind(session: Session) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01"})
    last = _last_number(session)
    plan = undo_command(session, keep=False)
    [moved] = [change for change in plan.targets if change.before != change.after]
    assert (moved.target.id, moved.before.counted, moved.after.counted) == (NEW, 1, 0)
    assert (_counted(session), _last_number(session)) == (1, last)


def test_an_import_is_taken_back_as_one_command(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "companies.csv"
    rows = [f"Firma {n:04},{cvr_number(n)},Viborg,40" for n in range(500)]
    file.write_text("\n".join(["name,cvr,municipality,employees", *rows]), encoding="utf-8")
    import_file(session, file)
    undone = undo_command(session)
    assert len(undone.records) == 500
    assert session.store.get("SELECT count(*) FROM company WHERE withdrawn IS NULL")[0] == 0
    redo_command(session)
    assert session.store.get("SELECT count(*) FROM company WHERE withdrawn IS NULL")[0] == 500
    assert check_ledger(session.store).damage == []


def test_what_was_built_upon_is_refused_with_the_command_that_did(session: Session) -> None:
    _company(session)
    number = _last_number(session)
    add_contact(session, CVR, {"date": "2011-03-01"})
    with refuses("used_since") as refused:
        undo_command(session, number)
    assert refused.value.facts["number"] == number + 1


def test_an_edit_that_was_restated_since_is_undone_though_nothing_changes_now(
    session: Session,
) -> None:
    _company(session)
    edit_company(session, CVR, {"employees": "41"}, None)
    number = _last_number(session)
    edit_company(session, CVR, {"name": "Hedelund A/S"}, None)
    undo_command(session, number)
    edit_company(session, CVR, {"employees": "42"}, None)
    later = _last_number(session)
    edit_company(session, CVR, {"employees": "43"}, None)
    undone = undo_command(session, later)
    assert (undone.records, undone.restated_by and undone.restated_by.number) == ([], later + 1)
    row = session.store.get("SELECT name, employees FROM company")
    assert tuple(row) == ("Hedelund A/S", "43")
    undo_command(session, later + 1)
    assert session.store.get("SELECT employees FROM company")[0] == "40"


def test_a_record_is_not_put_back_at_a_company_that_is_withdrawn(session: Session) -> None:
    _company(session)
    contact = add_contact(session, CVR, {"date": "2011-03-01"}).record["id"]
    withdraw_event(session, "contact", contact, "aflyst")
    number = _last_number(session)
    withdraw_company(session, CVR, "lukket")
    with refuses("belongs_to_gone") as refused:
        undo_command(session, number)
    assert refused.value.facts["number"] == number + 1


def test_a_person_stays_whom_another_contact_names(session: Session) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01", "person": "Inger Holm"})
    number = _last_number(session)
    add_contact(session, CVR, {"date": "2011-03-02", "person": "Inger Holm"})
    undo_command(session, number)
    assert session.store.get("SELECT withdrawn FROM person")[0] is None


def test_a_broker_takes_back_only_what_is_their_own(session: Session, ledger: Path) -> None:
    _company(session)
    number = _last_number(session)
    with session_over(ledger, broker="MK") as other:
        with refuses("nothing_to_undo"):
            undo_command(other)
        # On a server everybody is known by their user.
        advice = None if other.store.is_served else "broker me JH$"
        with refuses("command_of_another", match=advice):
            undo_command(other, number)
    with refuses("not_undoable"):
        undo_command(session, 1)
    undo_command(session, number)
    with refuses("undone_already"):
        undo_command(session, number)


def test_a_fact_taken_back_is_as_it_was_in_every_column(session: Session) -> None:
    _company(session)
    contact = add_contact(session, CVR, {"date": "2011-03-01", "note": "første"}).record["id"]
    before = dict(session.store.get("SELECT * FROM contact"))
    edit_event(session, "contact", contact, {"date": "2011-03-05", "note": "", "channel": "phone"})
    undo_command(session)
    assert dict(session.store.get("SELECT * FROM contact")) == before


def test_the_history_tells_old_and_new_values(session: Session) -> None:
    _company(session)
    edit_company(session, CVR, {"employees": "41"}, None)
    last = history_of(session, Filter(CVR)).items[-1]
    [change] = last.changes
    assert change.changed() == {"employees": ("40", "41")}


def test_the_history_of_the_contract_tells_each_change_with_old_and_new(session: Session) -> None:
    amend_contract(session, {"last_day": "2013-06-30", "minimums": {"hires": 75}}, "brev")
    days = {"from": "2011-06-01", "until": "2011-08-31"}
    amend_contract(session, {"participation": [{"municipality": "779", **days}]}, None)
    amend_contract(session, {"operator": "Viborgegnens Erhvervsråd", "without": ["779"]}, None)
    undo_command(session)
    lines = [line.strip() for line in render_history(history_of(session, Filter()).items)]
    begun, amended, joined, left, undone = [line for line in lines if line.startswith("Contract")]
    assert begun.endswith("Period: 2011-01-01 - 2012-12-31 · Participating municipalities: 2")
    assert amended == (
        "Contract: Last day: 2012-12-31 -> 2013-06-30 · Hires of highly educated staff, minimum: 50 -> 75"
    )
    skive = "Skive: does not take part -> takes part from 2011-06-01 to 2011-08-31"
    assert joined == f"Contract: {skive}"
    operator = "Operator: - -> Viborgegnens Erhvervsråd"
    part = "takes part from 2011-06-01 to 2011-08-31"
    assert left == f"Contract: {operator} · Skive: {part} -> does not take part"
    assert undone.startswith("Contract: Operator: Viborgegnens Erhvervsråd -> -")
    data = [entry["changes"] for told in history_as_dicts(each_of_history(session, Filter()))
            for entry in told["entries"] if entry["noun"] == "contract"]  # fmt: skip
    assert data[0]["hires.minimum"] == [None, 50]
    assert data[1]["last_day"] == ["2012-12-31", "2013-06-30"]
    assert data[1]["new-contacts.due"] == ["2012-12-31", "2013-06-30"]
    assert data[2] == {"participation.779": [[], [days]]}
    told = contract_statements(session.store)
    assert [one.statement["reason"] for one in told] == [None, "brev", None]
    assert (format_amendment(told[0]), format_amendment(told[2])) == ([], [skive])
    assert amendment_as_dict(told[2])["changes"] == data[2]


def test_the_ledger_is_shown_as_it_was_known(session: Session, ledger: Path) -> None:
    _company(session)
    add_contact(session, CVR, {"date": "2011-03-01"})
    with session_over(ledger, today=date(2011, 7, 5)) as later:
        add_contact(later, CVR, {"date": "2011-02-01"})
        known = {
            moment: {
                each.target.id: each.tally.counted
                for each in status_known_at(later.store, moment, FAR).targets
            }
            for moment in ("2011-06-30T23:59:59.999999Z", "2011-07-05T23:59:59.999999Z")
        }
    assert [(found[NEW], found["follow-ups"]) for found in known.values()] == [(1, 0), (1, 1)]


def test_a_council_that_nobody_named_is_no_word(session: Session, tmp_path: Path) -> None:
    from kmtrack.clock import Clock
    from kmtrack.usecases.init import NewLedger, create_ledger

    path = tmp_path / "new.db"
    create_ledger(path, NewLedger(("Viborg",), None, "MK"), Clock(FAR, is_set=True), {})
    with session_over(path, broker="MK") as new:
        assert brokers(new) == [{"initials": "MK", "council": None}]
    with behind(path) as bare:
        assert "None" not in bare.execute("SELECT group_concat(facts) FROM entry").fetchone()[0]


def _joined(session: Session) -> tuple[str, str]:
    alfa = _company(session, name="Alfa")
    gamma = _company(session, name="Gamma", cvr="", municipality="Silkeborg", employees="30")
    join_companies(session, alfa, gamma)
    return alfa, gamma


def test_a_join_upon_which_another_broker_built_is_not_undone(
    session: Session, ledger: Path
) -> None:
    alfa, gamma = _joined(session)
    number = _last_number(session)
    with session_over(ledger, broker="MK") as other:
        contact = add_contact(other, gamma, {"date": "2011-05-05"}).record["id"]
        with refuses("used_since") as refused:
            undo_command(session, number)
        assert refused.value.sentence() == (
            f"Company {alfa} (Gamma) has since been used in Contact {contact} (Gamma, 2011-05-05), "
            f"command {number + 2} (contact add); MK can undo that first: kmtrack undo {number + 2}"
        )
        undo_command(other)
        edit_company(other, gamma, {"employees": "310"}, None)
        with refuses("built_upon") as changed:
            undo_command(session, number)
        assert (changed.value.facts["number"], changed.value.facts["by"]) == (number + 4, "MK")
        undo_command(other)
    undo_command(session, number)
    rows = session.store.all("SELECT name, employees, municipality FROM company ORDER BY name")
    assert [tuple(row) for row in rows] == [("Alfa", "40", "791"), ("Gamma", "30", "740")]
    assert check_ledger(session.store).damage == []
    redo_command(session)
    assert session.store.get("SELECT part_of FROM company WHERE id = :id", id=gamma)[0] == alfa


def test_what_was_stated_of_one_elsewhere_keeps_no_join_from_being_undone(
    session: Session, other: Session
) -> None:
    alfa = _company(session, name="Alfa")
    gamma = _company(session, name="Gamma", cvr="", employees="30")
    merge_ledgers(other, [session.store.location])
    join_companies(session, alfa, gamma)
    number = _last_number(session)
    contact = add_contact(other, gamma, {"date": "2011-05-05"}).record["id"]
    merge_ledgers(session, [other.store.location])
    undo_command(session, number)
    row = session.store.get("SELECT company_id FROM contact WHERE id = :id", id=contact)
    assert row[0] == gamma


def test_a_refusal_names_what_is_meant_and_what_used_it(session: Session) -> None:
    company = _company(session)
    contact = add_contact(session, CVR, {"date": "2011-03-01"}).record["id"]
    number = _last_number(session)
    add_method(session, {"name": "Behovssamtalen", "kind": "method"})
    use_method(session, "behov", contact)
    sentences = {}
    for wanted in (number - 1, number, number + 1):
        with refuses("used_since") as refused:
            undo_command(session, wanted)
        sentences[wanted] = refused.value.sentence()
    assert sentences[number - 1].startswith(
        f"Company {company} (Hedelund) has since been used in Contact {contact} (Hedelund, 2011-03-01)"
    )
    assert sentences[number].startswith(
        f"Contact {contact} (Hedelund, 2011-03-01) has since been used"
    )
    assert "(Behovssamtalen, Hedelund, 2011-03-01)" in sentences[number]
    assert "(Behovssamtalen) has since been used" in sentences[number + 1]
