"""Undo voids a command: within one ledger, across ledgers, and whatever arrives first."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from builders import (
    CVR,
    HIRES,
    NEW,
    add_contact,
    agreeing,
    cvr_number,
    ledger_in,
    refuses,
    session_over,
)
from kmtrack.ledger.projection import Projection
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.store.copies import copy_ledger
from kmtrack.ledger.stored_entries import all_entries_on
from kmtrack.ledger.voids import Voids, undos_without_effect
from kmtrack.usecases.brokers import add_broker, brokers
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies, withdraw_company
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.history import Filter, history_of
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.restore import restore_ledger
from kmtrack.usecases.status import status_known_at, status_of
from kmtrack.usecases.surveys.answers import (
    Filled,
    answer_survey,
    company_respondent,
    surveys,
)
from kmtrack.usecases.undo import redo_command, undo_command
from kmtrack.views.check import format_issue
from kmtrack.views.history import render_history
from kmtrack.views.undo import render_undo, render_undone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

FAR = date(2012, 12, 31)


def _company(session: Session, **values: Any) -> str:
    named = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    return str(add_company(agreeing(session), {**named, **values})["id"])


def _contact(session: Session, company: str = CVR, **values: Any) -> str:
    return str(add_contact(session, company, {"date": "2011-03-01", **values}).record["id"])


def _counted(store: Store, target: str = NEW) -> int:
    return next(t.tally.counted for t in status_of(store, FAR).targets if t.target.id == target)


def _last(session: Session) -> int:
    return int(session.store.get("SELECT max(number) FROM command")[0])


def _token(session: Session, number: int | None = None) -> str:
    number = number or _last(session)
    return str(session.store.get("SELECT token FROM command WHERE number = :n", n=number)[0])


def _value(session: Session, column: str, noun: str = "company") -> object:
    return session.store.get(f"SELECT {column} FROM {noun}")[0]


@contextmanager
def _copied(session: Session, folder: Path, name: str, broker: str) -> Iterator[Session]:
    """Open a copy of a ledger as another laptop has it."""
    target = folder / name
    copy_ledger(session.store, target)
    with session_over(target, broker=broker) as copied:
        yield copied


def _void(session: Session, token: str, name: str = "undo") -> int:
    """State an undo as no command of kmtrack would where the token is another's, or unknown."""
    with session.unit_of_work(name) as work:
        work.void(token)
    return _last(session)


def test_an_undo_is_one_entry_that_names_its_command(session: Session) -> None:
    _company(session)
    token = _token(session)
    undo_command(session)
    entries = session.store.all("SELECT * FROM entry WHERE command = :n", n=_last(session))
    assert [(e["noun"], e["record_id"], e["action"], e["facts"]) for e in entries] == [
        ("command", token, "void", "{}")
    ]
    assert _value(session, "withdrawn") == UNDONE
    assert check_ledger(session.store).damage == []


def test_an_amendment_undone_elsewhere_leaves_another_alone(
    session: Session, other: Session
) -> None:
    """Ledger case 01."""
    amend_contract(
        other, {"last_day": "2013-06-30", "participation": [{"municipality": "779"}]}, ""
    )
    amend_contract(session, {"minimums": {"hires": 100}}, None)
    undo_command(session)
    merge_ledgers(other, [session.store.location])
    merge_ledgers(session, [other.store.location])
    for each in (session, other):
        status = status_of(each.store, FAR)
        assert status.contract.last_day == date(2013, 6, 30)
        assert {span.municipality for span in status.contract.participation} == {
            "791",
            "740",
            "779",
        }
        assert next(t for t in status.targets if t.target.id == HIRES).target.minimum == 50


def test_an_edit_undone_elsewhere_leaves_a_correction_alone(
    session: Session, other: Session, tmp_path: Path
) -> None:
    """Ledger case 02."""
    _company(session, municipality="Aalborg")
    _contact(session)
    merge_ledgers(other, [session.store.location])
    edit_company(other, CVR, {"municipality": "Viborg"}, None)
    edit_company(session, CVR, {"municipality": "Skive"}, None)
    undo_command(session)
    plan = merge_ledgers(other, [session.store.location])
    assert plan.conflicts == []
    assert (_value(other, "municipality"), _counted(other.store)) == ("791", 1)


def test_rows_are_added_again_after_an_undo(session: Session, tmp_path: Path) -> None:
    """Ledger case 04, with one row corrected."""
    _company(session)
    file = tmp_path / "c.csv"
    text = (
        f"company,date,channel,person\n{CVR},2011-03-01,visit,Inger Holm\n{CVR},2011-04-01,phone,\n"
    )
    file.write_text(text, encoding="utf-8")
    import_file(session, file, "contact")
    undo_command(session)
    file.write_text(text.replace("04-01", "05-01"), encoding="utf-8")
    assert import_file(session, file, "contact").nouns[0].added == 2
    rows = session.store.all("SELECT date FROM contact WHERE withdrawn IS NULL ORDER BY date")
    assert [row["date"] for row in rows] == ["2011-03-01", "2011-05-01"]
    assert [row["name"] for row in find_persons(session, "Inger Holm")] == ["Inger Holm"] * 2
    assert check_ledger(session.store).damage == []
    undo_command(session)
    assert _counted(session.store) == 0


def test_companies_are_added_again_after_an_undo(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text(
        f"name,cvr,municipality,employees\nGamma,{CVR},Viborg,10\nDelta,,Viborg,20\n",
        encoding="utf-8",
    )
    for _ in range(3):
        assert import_file(session, file, "company").nouns[0].added == 2
        assert check_ledger(session.store).damage == []
        undo_command(session)
    redo_command(session)
    assert session.store.get("SELECT count(*) FROM company WHERE withdrawn IS NULL")[0] == 2


def test_a_row_whose_record_was_withdrawn_is_reported_with_what_to_do(
    session: Session, tmp_path: Path
) -> None:
    _company(session)
    file = tmp_path / "c.csv"
    file.write_text(f"company,date\n{CVR},2011-03-01\n{CVR},2011-04-01\n", encoding="utf-8")
    import_file(session, file, "contact")
    first = session.store.get("SELECT id FROM contact WHERE date = '2011-03-01'")[0]
    withdraw_event(session, "contact", first, "aflyst")
    number = _last(session)
    result = import_file(session, file, "contact")
    [row] = result.withdrawn
    assert (row.id, row.reason, row.by and row.by.number) == (first, "aflyst", number)
    assert (result.nouns[0].already_here, result.withdrawn.number) == (2, 1)
    undo_command(session, number)
    assert import_file(session, file, "contact").withdrawn == []


def test_a_refusal_names_what_stands_in_the_way_and_never_what_is_undone(session: Session) -> None:
    """Ledger case 06."""
    alfa = _company(session, name="Alfa")
    beta = _company(session, name="Beta", cvr="")
    join_companies(session, alfa, beta)
    number = _last(session)
    for each in (number - 2, number - 1):
        with refuses("used_since") as refused:
            undo_command(session, each)
        assert refused.value.facts["number"] == number
    undo_command(session, number)
    undo_command(session, number - 1)
    undo_command(session, number - 2)
    assert {_value(session, "withdrawn"), *_withdrawn(session, "company")} == {UNDONE}


def _withdrawn(session: Session, noun: str) -> list[str | None]:
    return [
        row["withdrawn"]
        for row in session.store.all(f"SELECT withdrawn FROM {noun} ORDER BY recorded_at, id")
    ]


def test_a_record_does_not_come_back_to_one_that_is_undone(session: Session) -> None:
    _company(session)
    _contact(session)
    number = _last(session)
    undo_command(session)
    undo_command(session)
    with refuses("belongs_to_gone") as refused:
        undo_command(session, number + 1)
    assert refused.value.facts["number"] == number + 2
    redo_command(session)
    redo_command(session)
    assert _counted(session.store) == 1


def test_two_undos_take_two_redos_and_a_new_command_ends_them(session: Session) -> None:
    _company(session)
    first = _last(session)
    _contact(session)
    assert undo_command(session).command.number == first + 1
    assert undo_command(session).command.number == first
    assert redo_command(session).taken_back.number == first
    assert redo_command(session).taken_back.number == first + 1
    with refuses("nothing_to_redo"):
        redo_command(session)
    undo_command(session)
    add_broker(session, {"initials": "KP"})
    with refuses("nothing_to_redo"):
        redo_command(session)


def test_an_undo_of_an_undo_is_a_redo(session: Session) -> None:
    _company(session)
    number = _last(session)
    undo_command(session)
    again = undo_command(session, number + 1)
    assert (again.is_redo, again.taken_back.number) == (True, number)
    with refuses("undone_already"):
        undo_command(session, number + 1)
    # An undo of the redo takes the command back once more, and is an undo like any other.
    taken = undo_command(session, number + 2)
    assert (taken.is_redo, taken.taken_back.number) == (False, number)
    assert _value(session, "withdrawn") == UNDONE
    redo_command(session)
    assert _value(session, "withdrawn") is None


def test_a_broker_whose_add_was_undone_is_added_again(session: Session) -> None:
    add_broker(session, {"initials": "KP", "council": "Skive"})
    undo_command(session)
    assert [each["initials"] for each in brokers(session)] == ["JH"]
    add_broker(session, {"initials": "KP", "council": "Thisted"})
    assert {"initials": "KP", "council": "Thisted"} in brokers(session)
    assert check_ledger(session.store).damage == []


def test_what_cannot_be_undone_is_named_with_the_one_before(
    session: Session, other: Session
) -> None:
    with refuses("not_undoable"):
        undo_command(session)
    _company(session)
    number = _last(session)
    _contact(session, person="Inger Holm")
    erase_persons(session, find_persons(session, "Inger Holm")[0])
    with refuses("not_undoable") as refused:
        undo_command(session)
    assert f"kmtrack undo {number + 1}" in refused.value.sentence()
    _company(other, cvr=cvr_number(5), name="Andre")
    merge_ledgers(session, [other.store.location])
    with refuses("undone_by_restoring") as refused:
        undo_command(session)
    assert f"kmtrack undo {number + 1}" in refused.value.sentence()
    undo_command(session, number + 1)
    assert _counted(session.store) == 0


def test_a_restoring_is_not_skipped(session: Session, tmp_path: Path) -> None:
    _company(session)
    number = _last(session)
    copy_ledger(session.store, tmp_path / "copy.db")
    _contact(session)
    restore_ledger(session, tmp_path / "copy.db")
    with refuses("restored_last") as refused:
        undo_command(session)
    assert f"kmtrack undo {number}" in refused.value.sentence()
    _contact(session)
    assert undo_command(session).command.name == "contact add"
    with refuses("restored_last"):
        undo_command(session)
    undo_command(session, number)
    assert _value(session, "withdrawn") == UNDONE


def test_amendments_of_different_terms_do_not_block_each_other(session: Session) -> None:
    amend_contract(session, {"minimums": {"hires": 75}}, None)
    number = _last(session)
    amend_contract(session, {"last_day": "2013-06-30"}, None)
    amend_contract(session, {"minimums": {"hires": 80}}, None)
    assert undo_command(session, number).records == []
    undo_command(session, number + 1)
    contract = status_of(session.store, FAR).contract
    assert (contract.last_day, contract.target("hires").minimum) == (date(2012, 12, 31), 80)  # type: ignore[union-attr]


def test_an_amendment_upon_which_another_depends_is_not_undone(session: Session) -> None:
    amend_contract(session, {"last_day": "2013-06-30"}, None)
    number = _last(session)
    amend_contract(session, {"first_day": "2013-01-01"}, None)
    with refuses("edit_would_refuse") as refused:
        undo_command(session, number)
    assert refused.value.facts["number"] == number + 1
    assert check_ledger(session.store).damage == []


def test_an_edit_without_which_days_disagree_is_not_undone(session: Session) -> None:
    _company(session)
    values = {"kind": "project", "agreed": "2011-02-01", "start": "2011-03-01", "end": "2011-04-01"}
    made = add_event(session, "collaboration", CVR, values).record["id"]
    edit_event(session, "collaboration", made, {"end": "2011-12-01"})
    number = _last(session)
    edit_event(session, "collaboration", made, {"start": "2011-11-01"})
    with refuses("edit_would_refuse") as refused:
        undo_command(session, number)
    assert refused.value.facts["number"] == number + 1


def test_two_companies_do_not_come_to_share_a_number(session: Session) -> None:
    alfa = _company(session, name="Alfa")
    edit_company(session, alfa, {"cvr": cvr_number(7)}, None)
    number = _last(session)
    _company(session, name="Beta", cvr=CVR, municipality="Silkeborg")
    with refuses("shares_number") as refused:
        undo_command(session, number)
    assert refused.value.facts["number"] == number + 1


def test_a_joined_company_does_not_come_to_share_a_number(session: Session) -> None:
    alfa = _company(session, name="Alfa")
    edit_company(session, alfa, {"cvr": cvr_number(7)}, None)
    number = _last(session)
    beta = _company(session, name="Beta", cvr=CVR)
    gamma = _company(session, name="Gamma", cvr="")
    join_companies(session, beta, gamma)
    with refuses("shares_number") as refused:
        undo_command(session, number)
    assert refused.value.facts["number"] == number + 1


def test_a_company_that_was_one_with_anothers_comes_back_to_it(
    session: Session, other: Session
) -> None:
    _company(session, name="Alfa")
    number = _last(session)
    _company(other, name="Beta")
    merge_ledgers(session, [other.store.location])
    undo_command(session, number)
    assert check_ledger(session.store).damage == []
    undo_command(session, _last(session))
    rows = session.store.all("SELECT withdrawn FROM company WHERE part_of IS NULL")
    assert [row["withdrawn"] for row in rows] == [None]


def test_what_was_undone_hides_nothing_from_a_name(session: Session) -> None:
    _company(session, name="Hedelund", cvr="")
    undo_command(session)
    with refuses("company_withdrawn", match="undone"):
        _contact(session, "Hedelund")
    kept = _company(session, name="Hedelund Maskinfabrik")
    assert find_company(session, "Hedelund")["id"] == kept


def test_a_person_stays_while_any_contact_names_them(session: Session) -> None:
    _company(session)
    _contact(session, person="Inger Holm")
    number = _last(session)
    second = _contact(session, date="2011-03-02", person="Inger Holm")
    undo_command(session, number)
    assert _withdrawn(session, "person") == [None]
    edit_event(session, "contact", second, {"person": "Bo Bæk"})
    assert sorted(_withdrawn(session, "person"), key=str) == [None, UNDONE]
    assert check_ledger(session.store).damage == []
    undo_command(session)
    assert check_ledger(session.store).damage == []
    assert _withdrawn(session, "person").count(None) == 1


def test_a_record_to_which_another_ledger_refers_is_kept(
    session: Session, other: Session, tmp_path: Path
) -> None:
    company = _company(session)
    merge_ledgers(other, [session.store.location])
    contact = _contact(other)
    undo_command(session)
    sums = set()
    for one, two in ((session, other), (other, session)):
        with _copied(one, tmp_path, f"{one.broker}.db", str(one.broker)) as merged:
            plan = merge_ledgers(merged, [two.store.location])
            assert [issue.kind for issue in plan.notices] == ["undone_but_used"]
            facts = plan.notices[0].facts
            assert (facts["by"], facts["id"], facts["used_by"]) == ("JH", company, "MK")
            assert plan.notices[0].records == (company, contact)
            assert "undone_but_used" in {w.kind for w in check_ledger(merged.store).warnings}
            assert check_ledger(merged.store).damage == []
            sums.add((_counted(merged.store), _value(merged, "withdrawn")))
    assert sums == {(1, None)}
    merge_ledgers(session, [other.store.location])
    number = _last(other)
    merge_ledgers(other, [session.store.location])
    undone = undo_command(other, number)
    gone = [(each.id, each.way) for each in undone.records]
    assert gone == [(company, "out"), (contact, "out")]
    merge_ledgers(session, [other.store.location])
    assert _value(session, "withdrawn") == UNDONE
    assert check_ledger(session.store).damage == []


@pytest.mark.parametrize("undone_is_first", [True, False])
def test_a_company_that_another_broker_joined_is_kept(
    session: Session, other: Session, tmp_path: Path, undone_is_first: bool
) -> None:
    """Whichever of the two was typed first."""
    alfa = _company(session, name="Alfa")
    merge_ledgers(other, [session.store.location])
    beta = _company(other, name="Beta", cvr="")
    _contact(other, beta)
    join_companies(other, *((alfa, beta) if undone_is_first else (beta, alfa)))
    undo_command(session)
    for one, two in ((session, other), (other, session)):
        with _copied(one, tmp_path, f"{one.broker}.db", str(one.broker)) as merged:
            plan = merge_ledgers(merged, [two.store.location])
            [issue] = plan.notices
            assert (issue.kind, issue.records) == ("undone_but_used", (alfa, beta))
            assert (issue.facts["by"], issue.facts["used_by"]) == ("JH", "MK")
            assert check_ledger(merged.store).damage == []
            assert find_company(merged, alfa)["cvr"] == CVR
            assert _value(merged, "company_id", "contact") == alfa
            assert _counted(merged.store) == 1
    undo_command(other)
    merge_ledgers(session, [other.store.location])
    assert _withdrawn(session, "company") == [UNDONE, None]
    assert _counted(session.store) == 0
    assert check_ledger(session.store).damage == []


@pytest.mark.parametrize("undone_is_first", [True, False])
def test_a_join_comes_back_only_to_companies_that_are_there(
    session: Session, undone_is_first: bool
) -> None:
    alfa = _company(session, name="Alfa")
    beta = _company(session, name="Beta", cvr="")
    join_companies(session, *((alfa, beta) if undone_is_first else (beta, alfa)))
    undo_command(session)
    undo_command(session)
    with refuses("belongs_to_gone") as refusal:
        undo_command(session, _last(session) - 1)
    assert refusal.value.facts["number"] == _last(session)
    assert _withdrawn(session, "company") == [None, UNDONE]


def test_an_undo_takes_effect_when_its_command_arrives(session: Session, tmp_path: Path) -> None:
    """JH has two laptops; the undo comes from the second, by way of a bundle without the command."""
    with _copied(session, tmp_path, "two.db", "JH") as two:
        _company(session)
        with _copied(session, tmp_path, "given.db", "JH") as given:
            token = _token(given)
        with _copied(two, tmp_path, "target.db", "KP") as target:
            _void(two, token)
            merge_ledgers(target, [two.store.location])
            assert target.store.get("SELECT count(*) FROM company")[0] == 0
            merge_ledgers(target, [session.store.location])
            assert _withdrawn(target, "company") == [UNDONE]
            assert check_ledger(target.store).damage == []
            assert undos_without_effect(target.store) == []
        merge_ledgers(session, [two.store.location])
        assert _withdrawn(session, "company") == [UNDONE]


def test_known_at_a_moment_counts_only_the_undos_that_had_arrived(
    session: Session, other: Session, tmp_path: Path
) -> None:
    _company(session)
    _contact(session)
    merge_ledgers(other, [session.store.location])
    undo_command(session)
    before = str(other.store.get("SELECT max(coalesce(arrived_at, recorded_at)) FROM command")[0])
    merge_ledgers(other, [session.store.location])
    assert _counted(other.store) == 0
    known = {
        t.target.id: t.tally.counted for t in status_known_at(other.store, before, FAR).targets
    }
    assert known[NEW] == 1
    assert [row["withdrawn"] for row in Projection(other.store, before).rows("contact")] == [None]


def test_nobody_voids_what_is_another_brokers(session: Session, other: Session) -> None:
    _company(session)
    token = _token(session)
    merge_ledgers(other, [session.store.location])
    _void(other, token)
    assert _withdrawn(other, "company") == [None]
    [issue] = [w for w in check_ledger(other.store).warnings if w.kind == "undo_without_effect"]
    assert issue.facts["by"] == "MK"
    with refuses("undo_without_effect"):
        merge_ledgers(session, [other.store.location])


@pytest.mark.parametrize("named", ["init", "person erase", "merge"])
def test_nobody_voids_what_is_for_good(session: Session, other: Session, named: str) -> None:
    _company(session)
    _contact(session, person="Inger Holm")
    erase_persons(session, find_persons(session, "Inger Holm")[0])
    _company(other, cvr=cvr_number(3), name="Andre")
    merge_ledgers(session, [other.store.location])
    token = session.store.get(
        "SELECT token FROM command WHERE name = :n AND recorded_by = 'JH'", n=named
    )[0]
    before = _withdrawn(session, "person")
    _void(session, token)
    assert _withdrawn(session, "person") == before == ["erased"]
    assert [undo.flaw for undo in undos_without_effect(session.store)] == ["protected"]
    assert Voids(session.store).all() == set()
    assert check_ledger(session.store).damage == []


def test_an_undo_before_its_command_in_one_chain_has_no_effect(session: Session) -> None:
    token = "a" * 32
    _void(session, token)
    with session._replace(token=token).unit_of_work("company add") as work:
        work.add("company", {"name": "Alfa", "kind": "company"})
    assert _withdrawn(session, "company") == [None]
    assert [undo.flaw for undo in undos_without_effect(session.store)] == ["before_its_command"]
    assert check_ledger(session.store).damage == []


def test_undos_in_a_circle_void_nothing(session: Session, tmp_path: Path) -> None:
    """Two laptops of JH state an undo of each other's undo; a third one voids a real command."""
    one, two = "1" * 32, "2" * 32
    with _copied(session, tmp_path, "two.db", "JH") as other:
        for each, own, names in ((session, one, two), (other, two, one)):
            with each._replace(token=own).unit_of_work("undo") as work:
                work.void(names)
        with _copied(session, tmp_path, "target.db", "KP") as target:
            merge_ledgers(target, [other.store.location])
            assert Voids(target.store).all() == set()
            flaws = {undo.flaw for undo in undos_without_effect(target.store)}
            assert flaws == {"circle"}
            assert check_ledger(target.store).damage == []


def test_an_undo_of_an_older_version_is_a_restatement(session: Session) -> None:
    company = _company(session)
    edit_company(session, company, {"employees": "41"}, None)
    with session.unit_of_work("undo", "company edit") as work:
        work.append("company", company, "undo", {"employees": "40"})
    number = _last(session)
    assert _value(session, "employees") == "40"
    trial = undo_command(session, number - 1, keep=False)
    assert (trial.records, trial.restated_by and trial.restated_by.number) == ([], number)
    assert f"command {number} (undo) by JH has since entered something else" in "".join(
        render_undo(trial)
    )
    undone = redo_command(session)
    assert (undone.command.number, undone.is_redo) == (number, False)
    assert _value(session, "employees") == "41"
    assert check_ledger(session.store).damage == []
    assert next(render_undo(undone)).endswith("JH  undo (company edit)")
    assert render_undone(undone, dry_run=False) == (
        f"Undo {number} has been taken back; type “kmtrack undo {number + 1}” to have it again"
    )
    with refuses("nothing_to_redo"):
        redo_command(session)
    again = undo_command(session, number + 1)
    assert (again.taken_back.number, again.is_redo) == (number, True)
    assert _value(session, "employees") == "40"
    assert undo_command(session, number).command.number == number
    assert _value(session, "employees") == "41"


def test_a_join_that_comes_back_leaves_no_command_without_effect(session: Session) -> None:
    alfa = _company(session, name="Alfa")
    join_companies(session, alfa, _company(session, name="Beta", cvr=""))
    undo_command(session)
    assert redo_command(session).idle == []


def test_an_erasure_reaches_what_was_undone(session: Session) -> None:
    _company(session)
    contact = _contact(session, person="Inger Holm", note="Inger Holm ringer")
    undo_command(session)
    [person] = find_persons(session, "Inger Holm")
    erase_persons(session, person)
    [entry, *_] = all_entries_on(session.store, "contact", [contact])
    assert entry.facts["note"] == "*** ringer"
    assert session.store.all("SELECT 1 FROM person WHERE name IS NOT NULL") == []
    number = session.store.get("SELECT number FROM command WHERE name = 'undo'")[0]
    undo_command(session, number)
    assert (_value(session, "note", "contact"), _counted(session.store)) == ("*** ringer", 1)
    assert check_ledger(session.store).damage == []


def test_the_history_tells_what_an_undo_changed(session: Session) -> None:
    company = _company(session)
    edit_company(session, company, {"employees": "41"}, None)
    undo_command(session)
    lines = list(render_history(history_of(session, Filter(CVR)).items))
    assert lines[-1].endswith("Employees: 41 -> 40")
    assert "undo (company edit)" in lines[-2]
    _contact(session)
    undo_command(session)
    lines = list(render_history(history_of(session, Filter()).items))
    assert lines[-1].endswith("undone")


def test_bundles_in_any_order_add_up_to_the_same(session: Session, tmp_path: Path) -> None:
    """JH's laptops: an add, an edit and its undo on three of them, in bundles."""
    company = _company(session)
    write_bundle(session, tmp_path / "base.db", None)
    with (
        _copied(session, tmp_path, "two.db", "JH") as two,
        _copied(session, tmp_path, "three.db", "JH") as three,
    ):
        edit_company(two, company, {"employees": "41"}, None)
        token = _token(two)
        _void(three, token)
        undo = _token(three)
        _void(session, undo, "redo")
        found = set()
        for order in permutations((session, two, three)):
            name = "".join(str(_last(each)) + str(i) for i, each in enumerate(order))
            with session_over(ledger_in(tmp_path, f"{name}.db"), broker="KP") as target:
                for each in order:
                    merge_ledgers(target, [each.store.location])
                found.add(_value(target, "employees"))
                assert check_ledger(target.store).damage == []
        assert found == {"41"}


def test_what_was_withdrawn_since_by_company_is_named(session: Session) -> None:
    _company(session)
    contact = _contact(session)
    withdraw_event(session, "contact", contact, "aflyst")
    number = _last(session)
    withdraw_company(session, CVR, "lukket")
    with refuses("belongs_to_gone") as refused:
        undo_command(session, number)
    assert refused.value.facts["number"] == number + 1


def _told(plan: Any, store: Store) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a merge tells of undos, which the check must tell too."""
    told = [(issue.kind, issue.records) for issue in plan.notices]
    warnings = [(issue.kind, issue.records) for issue in check_ledger(store).warnings]
    assert check_ledger(store).damage == []
    assert set(told) <= set(warnings)
    return told


def test_companies_that_part_though_stated_as_one_are_named(
    session: Session, other: Session
) -> None:
    alfa = _company(session, name="Alfa")
    beta = _company(session, name="Beta", cvr="")
    join_companies(session, alfa, beta)
    merge_ledgers(other, [session.store.location])
    contact = _contact(other, alfa)
    undo_command(session)
    plan = merge_ledgers(other, [session.store.location])
    assert _told(plan, other.store) == [("stated_as_one", (alfa, beta, contact))]
    plan = merge_ledgers(session, [other.store.location])
    assert _told(plan, session.store) == [("stated_as_one", (alfa, beta, contact))]
    _contact(session, alfa, date="2011-04-01")
    found = [w for w in check_ledger(session.store).warnings if w.kind == "stated_as_one"]
    assert len(found) == 1


def test_facts_that_disagree_after_a_merged_undo_are_named(
    session: Session, other: Session
) -> None:
    _company(session)
    values = {"kind": "project", "agreed": "2011-02-01", "start": "2011-03-01", "end": "2011-04-01"}
    made = str(add_event(session, "collaboration", CVR, values).record["id"])
    edit_event(session, "collaboration", made, {"end": "2011-12-01"})
    merge_ledgers(other, [session.store.location])
    edit_event(other, "collaboration", made, {"start": "2011-11-01"})
    undo_command(session)
    plan = merge_ledgers(other, [session.store.location])
    assert _told(plan, other.store) == [("undone_and_disagrees", (made,))]
    plan = merge_ledgers(session, [other.store.location])
    assert _told(plan, session.store) == [("undone_and_disagrees", (made,))]


def test_an_amendment_left_without_what_it_built_on_is_named(
    session: Session, other: Session
) -> None:
    amend_contract(session, {"last_day": "2013-06-30"}, None)
    merge_ledgers(other, [session.store.location])
    amend_contract(other, {"first_day": "2013-01-01"}, None)
    undo_command(session)
    for one, two in ((other, session), (session, other)):
        plan = merge_ledgers(one, [two.store.location])
        assert [kind for kind, _ in _told(plan, one.store)] == ["amendment_left_out"]
        contract = status_of(one.store, FAR).contract
        assert (contract.first_day, contract.last_day) == (date(2011, 1, 1), date(2012, 12, 31))


def test_companies_that_share_a_number_after_a_merged_undo_are_named(
    session: Session, other: Session
) -> None:
    alfa = _company(session, name="Alfa")
    edit_company(session, alfa, {"cvr": cvr_number(7)}, None)
    merge_ledgers(other, [session.store.location])
    beta = _company(other, name="Beta")
    undo_command(session)
    for one, two in ((other, session), (session, other)):
        plan = merge_ledgers(one, [two.store.location])
        assert _told(plan, one.store) == [("shares_number", (alfa, beta))]


def test_texts_of_what_a_merge_tells_of_undos(session: Session, other: Session) -> None:
    company = _company(session)
    merge_ledgers(other, [session.store.location])
    contact = _contact(other)
    undo_command(session)
    [issue] = merge_ledgers(other, [session.store.location]).notices
    assert format_issue(issue).startswith(
        f"JH undid company {company} (Hedelund); MK’s contact {contact} belongs to it, so it stays."
    )


def test_answers_that_were_undone_are_given_again(session: Session) -> None:
    company = _company(session)
    filled = Filled(company_respondent(session, company), "before", {"highly-educated": 2})
    first, _ = answer_survey(session, filled, session.clock.today)
    undo_command(session)
    assert surveys(session) == []
    again = filled._replace(answers={"highly-educated": 3})
    assert answer_survey(session, again, session.clock.today) == (first, "added")
    assert answer_survey(session, filled, session.clock.today)[1] == "amended"
    undo_command(session)
    assert _value(session, "answers", "survey") == '{"highly-educated": 3}'
    assert check_ledger(session.store).damage == []


def test_methods_that_were_undone_are_imported_again(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text(
        "name,kind,date\nBehovssamtalen,method,2011-03-01\nSkemaet,tool,2011-03-02\n",
        encoding="utf-8",
    )
    for _ in range(2):
        assert import_file(session, file, "method").nouns[0].added == 2
        undo_command(session)
    assert _withdrawn(session, "method") == [UNDONE] * 2
    redo_command(session)
    assert _withdrawn(session, "method") == [None] * 2
    assert check_ledger(session.store).damage == []


def test_a_list_of_one_ledger_is_read_again_after_an_undo(session: Session, tmp_path: Path) -> None:
    """A list gives the ids, by which the records come back as they were."""
    _company(session)
    contact = _contact(session)
    file = tmp_path / "list.csv"
    file.write_text(f"id,company,date,channel\n{contact},{CVR},2011-03-01,visit\n", "utf-8")
    assert import_file(session, file, "contact").nouns[0].already_here == 1
    undo_command(session)
    assert import_file(session, file, "contact").nouns[0].added == 1
    assert _value(session, "id || ' ' || date", "contact") == f"{contact} 2011-03-01"
    assert check_ledger(session.store).damage == []


def test_what_was_undone_is_nothing_new_to_another_ledger(session: Session, other: Session) -> None:
    _company(session)
    _contact(session)
    undo_command(session)
    undo_command(session)
    [told] = merge_ledgers(other, [session.store.location]).files
    assert (told.commands, told.new) == (4, {})


def test_an_undo_says_which_commands_it_leaves_without_effect(session: Session) -> None:
    _company(session)
    contact = _contact(session)
    number = _last(session)
    edit_event(session, "contact", contact, {"date": "2011-03-02"})
    assert [command.number for command in undo_command(session, number).idle] == [number + 1]


def test_an_undo_that_changes_nothing_names_what_decides(session: Session, other: Session) -> None:
    _company(session)
    edit_company(session, CVR, {"employees": "41"}, None)
    number = _last(session)
    edit_company(session, CVR, {"employees": "42"}, None)
    edit_company(session, CVR, {"name": "Hedelund A/S"}, None)
    undone = undo_command(session, number)
    assert undone.restated_by is not None
    assert (undone.records, undone.restated_by.number) == ([], number + 1)
    amend_contract(session, {"minimums": {"hires": 70}}, None)
    number = _last(session)
    amend_contract(session, {"minimums": {"hires": 80}}, None)
    amend_contract(session, {"minimums": {"follow-ups": 80}}, None)
    undone = undo_command(session, number)
    assert undone.restated_by is not None
    assert (undone.records, undone.restated_by.number) == ([], number + 1)


def test_an_import_that_another_broker_read_too_stays(
    session: Session, other: Session, tmp_path: Path
) -> None:
    file = tmp_path / "f.csv"
    file.write_text(f"name,cvr,municipality,employees\nGamma,{CVR},Viborg,10\n", "utf-8")
    import_file(other, file, "company")
    import_file(session, file, "company")
    number = _last(session)
    merge_ledgers(session, [other.store.location])
    undone = undo_command(session, number)
    assert undone.restated_by is not None
    assert undone.restated_by.recorded_by == "MK"
    assert _value(session, "withdrawn") is None
    assert check_ledger(session.store).damage == []
