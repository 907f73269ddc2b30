"""That a text is taken out wherever it was typed, and out of no longer one."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import servers
from builders import (
    CVR,
    add_contact,
    agreeing,
    cvr_number,
    ledger_in,
    refuses,
    register,
    session_over,
)
from hypothesis_profiles import examples
from kmtrack.ledger.mentions import Place
from kmtrack.ledger.store.address import ServerAddress
from kmtrack.ledger.store.copies import Backups, copy_ledger
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.brokers import edit_broker
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.deliverables import log_step, submit
from kmtrack.usecases.erasure_plan import plan_of_person, plan_of_texts
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.history import Filter, history_of
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import ImportOptions
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.methods import add_method, assess_method, disseminate_method
from kmtrack.usecases.people import erase_persons
from kmtrack.usecases.restore import restore_ledger
from kmtrack.usecases.status import status_of
from kmtrack.usecases.surveys.answers import (
    Filled,
    answer_survey,
    company_respondent,
    municipality_respondent,
)
from kmtrack.usecases.undo import undo_command
from kmtrack.views.erasure import format_staying
from kmtrack.views.history import history_as_dicts, render_history

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

NAME = "Inger Holm"
FAR = date(2012, 12, 31)


def _company(session: Session) -> str:
    values = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
    return str(add_company(session, values)["id"])


def _erase(session: Session, *texts: str) -> Any:
    plan = plan_of_texts(session, texts)
    return erase_persons(session, *plan.persons, texts=plan.texts)


def _noted(session: Session, note: str, day: str = "2011-03-01") -> str:
    return str(add_contact(session, CVR, {"date": day, "note": note}).record["id"])


def _holds(session: Session, text: str = NAME) -> list[str]:
    """Return what holds a text: the ledger, in a file or on a server, and its backups."""
    store = session.store
    place = store.location
    own = servers.pages_of(place) if isinstance(place, ServerAddress) else place.read_bytes()
    held = {file.name: file.read_bytes() for file in Backups(store.path).all()}
    return [name for name, content in {"ledger": own, **held}.items() if text.encode() in content]


def _figures(session: Session) -> list[Any]:
    targets = status_of(session.store, FAR).targets
    return [(target.target.id, target.tally, target.percent, target.state) for target in targets]


def _typed_everywhere(session: Session, folder: Path) -> None:
    """Type the name in every text that a ledger keeps."""
    company = _company(session)
    met = {"date": "2011-03-01", "note": f"talte med {NAME}"}
    contact = add_contact(session, company, met).record["id"]
    edit_event(session, "contact", contact, {"note": f"med {NAME.upper()} igen"})
    other = add_contact(session, company, {"date": "2011-03-02"}).record["id"]
    withdraw_event(session, "contact", other, f"aflyst af {NAME}")
    project = {"kind": "project", "agreed": "2011-05-02", "title": f"Projekt {NAME}"}
    add_event(session, "collaboration", company, {**project, "institution": f"{NAME} Skole"})
    hire = {"level": "master", "agreed": "2011-05-02", "start": "2011-06-01"}
    add_event(agreeing(session), "hire", company, {**hire, "field": NAME})
    undo_command(session)
    add_event(agreeing(session), "hire", company, hire)
    edit_company(session, company, {"sme": "ja", "basis": f"oplyst af {NAME}"}, "2011-04-01")
    add_company(agreeing(session), {"name": f"{NAME} Consult", "municipality": "Viborg"})
    method = add_method(
        session,
        {"name": f"{NAME} Metoden", "kind": "tool", "date": "2011-03-01", "description": NAME},
    )["id"]
    assess_method(session, method, {"verdict": "keep", "text": f"siger {NAME}"})
    disseminate_method(session, method, {"audience": "companies", "how": f"ved {NAME}"})
    log_step(session, "continuation-model", {"text": f"møde med {NAME}"})
    file = folder / f"model {NAME}.pdf"
    file.write_bytes(b"%PDF-1.4")
    submit(session, "continuation-model", file, {})
    answers = {"product-example": f'{NAME} opfandt "det"'}
    answer_survey(session, Filled(company_respondent(session, company), "after", answers), TODAY)
    remarks = {"municipal-remarks": f"tak til\n{NAME}"}
    answer_survey(session, Filled(municipality_respondent("Viborg"), "after", remarks), TODAY)
    register(session, "AB")
    edit_broker(session, "AB", {"council": f"{NAME} Råd"})


TODAY = date(2011, 6, 30)


def test_a_text_is_taken_out_wherever_it_was_typed(session: Session, tmp_path: Path) -> None:
    _typed_everywhere(session, tmp_path)
    back_up(session.store, session.clock)
    before = _figures(session)
    plan = plan_of_texts(session, [NAME.lower()])
    assert (plan.stays, plan.persons) == ([], [])
    assert {(place.noun, place.field) for place in plan.places} == {
        ("contact", "note"),
        ("contact", "reason"),
        ("command", "reason"),
        ("collaboration", "title"),
        ("collaboration", "institution"),
        ("hire", "field"),
        ("company", "basis"),
        ("company", "name"),
        ("method", "name"),
        ("method", "description"),
        ("assessment", "text"),
        ("dissemination", "how"),
        ("delivery", "text"),
        ("delivery", "file"),
        ("survey", "answers"),
        ("broker", "council"),
    }
    done = _erase(session, NAME)
    assert done.mentions == plan.times == 18
    assert done.reached.remaining == []
    assert _holds(session) == _holds(session, "Holm") == []
    assert _figures(session) == before
    assert check_ledger(session.store).damage == []
    answers = session.store.get("SELECT answers FROM survey WHERE company_id IS NOT NULL")[0]
    assert json.loads(answers) == {"product-example": '*** opfandt "det"'}
    assert session.store.all("SELECT word FROM name_word WHERE word LIKE 'inger%'") == []
    assert plan_of_texts(session, [NAME]).times == 0


def test_a_heading_with_the_name_is_forgotten(session: Session, tmp_path: Path) -> None:
    _company(session)
    for day, heading in (("01", f"Set af {NAME}"), ("02", "Det sagde de")):
        file = tmp_path / "list.csv"
        row = f"{CVR};2011-03-{day};Hej fra {heading}"
        file.write_text(f"company;date;{heading}\n{row}\n", encoding="utf-8")
        chosen = ImportOptions(columns=(f"note={heading}",))
        import_file(agreeing(session), file, "contact", chosen)
    back_up(session.store, session.clock)
    assert [_holds(session, key) != [] for key in ("setafingerholm", "detsagdede")] == [True, True]
    _erase(session, NAME)
    assert _holds(session, "ingerholm") == []
    assert len(_holds(session, "detsagdede")) == 2


def test_a_person_is_taken_out_of_the_same_places(session: Session, tmp_path: Path) -> None:
    _typed_everywhere(session, tmp_path)
    add_contact(session, CVR, {"date": "2011-03-03", "person": NAME})
    plan = plan_of_person(session, NAME)
    done = erase_persons(session, *plan.persons)
    assert done.mentions == plan.times == 18
    assert _holds(session) == []
    assert check_ledger(session.store).damage == []


def test_contact_persons_of_just_that_name_go_with_a_text(session: Session) -> None:
    _company(session)
    for day, name in (("01", NAME), ("02", "Inger Holm-Jensen"), ("03", "Anne Inger Holm")):
        add_contact(session, CVR, {"date": f"2011-03-{day}", "person": name})
    plan = plan_of_texts(session, [NAME])
    assert [person["name"] for person in plan.persons] == [NAME]
    assert plan.contacts == 1
    assert {form.form for form in plan.near} == {"Inger Holm-Jensen", "Anne Inger Holm"}
    _erase(session, NAME)
    names = session.store.all("SELECT name FROM person WHERE name IS NOT NULL ORDER BY name")
    assert [row["name"] for row in names] == ["Anne Inger Holm", "Inger Holm-Jensen"]


def test_the_name_of_a_company_in_the_register_stays_and_is_told(session: Session) -> None:
    _company(session)
    values = {"name": NAME, "cvr": cvr_number(7), "municipality": "Viborg"}
    public = add_company(agreeing(session), values)["id"]
    private = add_company(agreeing(session), {"name": NAME, "municipality": "Viborg"})["id"]
    plan = plan_of_texts(session, [NAME])
    assert [place.id for place in plan.stays] == [public]
    assert [place.id for place in plan.places] == [private]
    _erase(session, NAME)
    names = session.store.all(
        "SELECT id, name FROM company WHERE id IN (:a, :b)", a=public, b=private
    )
    assert {row["id"]: row["name"] for row in names} == {public: NAME, private: "***"}


def test_a_text_in_the_contract_or_an_earlier_one_is_told(session: Session) -> None:
    amend_contract(session, {"questions_to": f"{NAME}, tlf. 12345678"}, None)
    plan = plan_of_texts(session, [NAME])
    [line] = format_staying(plan)
    assert "contract amend" in line
    amend_contract(session, {"questions_to": "Kontoret"}, None)
    [amended, _] = history_of(session, Filter()).items[-2:]
    plan = plan_of_texts(session, [NAME])
    assert plan.stays == [Place("contract", str(amended.command.number), "document")]
    [line] = format_staying(plan)
    assert f"as of command {amended.command.number}" in line


def test_a_company_of_two_records_loses_all_its_names(session: Session) -> None:
    one = add_company(session, {"name": "Hedelund", "municipality": "Viborg"})["id"]
    other = add_company(session, {"name": NAME, "municipality": "Viborg"})["id"]
    join_companies(session, one, other)
    assert _holds(session)
    _erase(session, NAME)
    assert _holds(session) == []
    assert check_ledger(session.store).damage == []


def test_no_longer_name_is_cut_into(session: Session) -> None:
    _company(session)
    note = "Inger Holm-Jensen, Inger Holmgaard, Anne Inger Holm og Inger Holms bil: Inger Holm"
    _noted(session, note)
    assert _erase(session, NAME).mentions == 2
    left = session.store.get("SELECT note FROM contact")[0]
    assert left == "Inger Holm-Jensen, Inger Holmgaard, Anne Inger Holm og ***s bil: ***"


def test_near_forms_are_listed_with_where_they_stand_and_what_takes_them_out(
    session: Session,
) -> None:
    _company(session)
    contact = _noted(session, "Holm, Inger: inger.holm@firma.dk")
    plan = plan_of_texts(session, [NAME])
    assert plan.times == 0
    assert {(form.form, form.times) for form in plan.near} == {
        ("Holm, Inger", 1),
        ("inger.holm@firma.dk", 1),
    }
    assert {tuple(place) for form in plan.near for place in form.places} == {
        ("contact", contact, "note")
    }
    _erase(session, *(form.form for form in plan.near))
    assert session.store.get("SELECT note FROM contact")[0] == "***: ***"


@pytest.mark.parametrize("text", ["", "IH", "I.H.", "å", "  x  "])
def test_what_is_too_short_is_taken_out_nowhere(session: Session, text: str) -> None:
    with refuses("erased_text_short"):
        plan_of_texts(session, [text])


@pytest.mark.parametrize("text", ["Inger\x1bHolm", "x" * 201, "Inger\udcffHolm"])
def test_what_no_ledger_holds_is_refused(session: Session, text: str) -> None:
    with refuses("erased_text_bad"):
        plan_of_texts(session, [text])


def test_an_answer_to_choose_from_is_no_text(session: Session) -> None:
    answers = {"anchoring": "unknown", "municipal-remarks": "unknown, sagde hun"}
    answer_survey(session, Filled(municipality_respondent("Viborg"), "after", answers), TODAY)
    _erase(session, "unknown")
    answers = json.loads(session.store.get("SELECT answers FROM survey")[0])
    assert answers == {"anchoring": "unknown", "municipal-remarks": "***, sagde hun"}


@pytest.mark.files
@pytest.mark.parametrize("theirs_first", [True, False])
def test_a_text_that_was_taken_out_comes_back_by_no_merge(
    session: Session, other: Session, theirs_first: bool
) -> None:
    company = _company(session)
    contact = _noted(session, f"med {NAME}")
    withdraw_event(session, "contact", contact, f"aflyst af {NAME}")
    merge_ledgers(other, [session.store.location])
    add_contact(other, company, {"date": "2011-03-05", "note": f"{NAME}s chef"})
    _erase(session, NAME)
    both = [session, other] if theirs_first else [other, session]
    for _ in range(2):
        merge_ledgers(both[0], [both[1].store.location])
        merge_ledgers(both[1], [both[0].store.location])
    for each in both:
        assert _holds(each) == []
        assert check_ledger(each.store).damage == []
        reasons = each.store.all("SELECT reason FROM command WHERE name = 'contact withdraw'")
        assert [row["reason"] for row in reasons] == ["aflyst af ***"]
    assert merge_ledgers(both[0], [both[1].store.location]).commands == 0


@pytest.mark.files
def test_two_texts_taken_out_of_one_reason_agree(session: Session, other: Session) -> None:
    _company(session)
    contact = _noted(session, "x")
    withdraw_event(session, "contact", contact, f"{NAME} og Bo Bæk var syge")
    merge_ledgers(other, [session.store.location])
    _erase(session, NAME)
    _erase(other, "Bo Bæk")
    for _ in range(2):
        merge_ledgers(session, [other.store.location])
        merge_ledgers(other, [session.store.location])
    for each in (session, other):
        assert (_holds(each), _holds(each, "Bo Bæk")) == ([], [])
        assert check_ledger(each.store).damage == []
    reasons = [
        each.store.get("SELECT reason FROM command WHERE name = 'contact withdraw'")[0]
        for each in (session, other)
    ]
    assert reasons[0] == reasons[1]


def test_history_names_each_text_once_that_a_name_was_taken_out_of(session: Session) -> None:
    company = _company(session)
    met = add_contact(session, company, {"date": "2011-03-02", "note": f"Bo Dam og {NAME}"})
    for name in ("Bo Dam", NAME):
        _erase(session, name)
    *_, erased = history_of(session, Filter()).items
    _, *lines = render_history([erased])
    said = f"  Contact {met.record['id']} (Hedelund): Note: a name removed from the text"
    assert lines == [said]


def test_history_tells_of_whose_reasons_a_name_was_taken_out(session: Session) -> None:
    company = _company(session)
    met = add_contact(session, company, {"date": "2011-03-02"}).record["id"]
    withdraw_event(session, "contact", met, f"aflyst af {NAME}")
    _erase(session, NAME)
    *_, withdrawn, erased = history_of(session, Filter()).items
    assert erased.reasons == (withdrawn.command.number,)
    lines = list(render_history([erased]))
    assert (
        f"  The reason for command {withdrawn.command.number}: a name removed from the text"
        in lines
    )
    assert f"  Contact {met} (Hedelund): Reason: a name removed from the text" in lines
    [told] = history_as_dicts([erased])
    assert told["erased_reasons"] == [withdrawn.command.number]
    about = history_of(session, Filter(about=met)).items
    assert [item.reasons for item in about if item.command == erased.command] == [()]


def test_what_was_undone_stays_taken_out(session: Session) -> None:
    _company(session)
    _noted(session, f"med {NAME}")
    undo_command(session)
    _erase(session, NAME)
    assert _holds(session) == []
    assert check_ledger(session.store).damage == []


@pytest.mark.files
def test_a_restore_names_what_was_taken_out_since(session: Session, tmp_path: Path) -> None:
    _company(session)
    contact = _noted(session, f"med {NAME}")
    withdraw_event(session, "contact", contact, f"aflyst af {NAME}")
    add_contact(session, CVR, {"date": "2011-03-02", "person": "Bo Bæk"})
    elsewhere = tmp_path / "stick" / "copy.db"
    copy_ledger(session.store, elsewhere)
    _erase(session, NAME)
    erase_persons(session, *plan_of_person(session, "Bo Bæk").persons)
    for keep in (False, True):
        again = restore_ledger(session, elsewhere, keep=keep).erased_again
        assert [person["name"] for person in again.persons] == ["Bo Bæk"]
        assert {name.name: name.times for name in again.names} == {"Bo Bæk": 0, NAME: 3}
    assert (_holds(session), _holds(session, "Bo Bæk")) == ([], [])
    assert check_ledger(session.store)[:2] == ([], [])
    assert not restore_ledger(session, elsewhere, keep=False).lost[1:]


def test_a_merge_names_a_reason_by_the_number_of_its_command(
    session: Session, other: Session
) -> None:
    contact = add_contact(session, _company(session), {"date": "2011-03-02"}).record["id"]
    withdraw_event(session, "contact", contact, f"aflyst af {NAME}")
    merge_ledgers(other, [session.store.location])
    _erase(other, NAME)
    [erased] = merge_ledgers(session, [other.store.location], keep=False).erasures.commands
    number = history_of(session, Filter()).items[-1].command.number
    places = {(t.redaction.noun, t.redaction.record_id, t.redaction.field) for t in erased.texts}
    assert places == {("contact", contact, "reason"), ("command", str(number), "reason")}


@pytest.mark.files
def test_a_merge_names_each_erasure_that_it_brings(session: Session, other: Session) -> None:
    company = _company(session)
    contact = _noted(session, f"med {NAME}")
    add_contact(session, CVR, {"date": "2011-03-02", "person": "Bo Bæk", "note": "Bo Bæk ringer"})
    merge_ledgers(other, [session.store.location])
    add_contact(session, company, {"date": "2011-03-05", "note": f"{NAME}s chef"})
    _erase(other, NAME)
    erase_persons(other, *plan_of_person(other, "Bo Bæk").persons)
    for keep in (False, True):
        merged = merge_ledgers(session, [other.store.location], keep=keep)
        [of_text, of_person] = merged.erasures.commands
        assert (of_text.by, of_person.by) == ("MK", "MK")
        assert [(t.redaction.record_id, t.redaction.field, t.before) for t in of_text.texts] == [
            (contact, "note", f"med {NAME}")
        ]
        [bo] = of_person.persons
        assert (bo["name"], bo["company"]) == ("Bo Bæk", "Hedelund")
        assert {name.name: name.times for name in merged.erasures.names} == {"Bo Bæk": 0, NAME: 1}
    assert (_holds(session), _holds(session, "Bo Bæk")) == ([], [])
    assert not merge_ledgers(session, [other.store.location]).erasures


_DEEDS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["note", "reason", "erase", "merge"]), st.integers(0, 7)
    ),
    min_size=4,
    max_size=14,
)
_NAMES = (NAME, "Bo Bæk", "Holm, Inger", "Inger Holm-Jensen")


@examples(8)
@given(_DEEDS)
def test_whoever_took_what_out_of_which_text_all_agree(
    deeds: list[tuple[int, str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        sessions = [
            opened.enter_context(session_over(ledger_in(Path(folder), f"{by}.db"), broker=by))
            for by in ("JH", "MK", "AB")
        ]
        _company(sessions[0])
        for each in sessions[1:]:
            merge_ledgers(each, [sessions[0].store.location])
        for at, deed, which in deeds:
            _do(sessions, sessions[at], deed, which)
        for _ in range(3):
            for one, other in permutations(sessions, 2):
                merge_ledgers(one, [other.store.location])
        texts = [_texts_of(each) for each in sessions]
        assert texts[0] == texts[1] == texts[2]
        for each in sessions:
            assert check_ledger(each.store).damage == []


def _do(sessions: list[Session], session: Session, deed: str, which: int) -> None:
    one, other = _NAMES[which % 4], _NAMES[(which + 1 + which // 4) % 4]
    if deed == "note":
        _noted(session, f"{one} og {other} kom", f"2011-03-0{1 + which}")
    elif deed == "reason":
        contact = _noted(session, "x", f"2011-04-0{1 + which}")
        withdraw_event(session, "contact", contact, f"aflyst af {one} og {other}")
    elif deed == "erase":
        _erase(session, one)
        assert plan_of_texts(session, [one]).times == 0
    elif sessions[which % 3] is not session:
        merge_ledgers(session, [sessions[which % 3].store.location])


def _texts_of(session: Session) -> list[tuple[Any, ...]]:
    """Return every text of a ledger, in an order that does not depend on how it came about."""
    notes = session.store.all("SELECT id, note, withdrawn FROM contact ORDER BY id")
    reasons = session.store.all(
        "SELECT token, reason FROM command WHERE name = 'contact withdraw' ORDER BY token"
    )
    return [tuple(row) for row in (*notes, *reasons)]


@pytest.mark.files
def test_a_text_that_a_restore_lost_comes_back_by_no_merge(
    session: Session, other: Session
) -> None:
    _company(session)
    empty = back_up(session.store, session.clock)
    contact = _noted(session, f"{NAME} og Bo Bæk")
    withdraw_event(session, "contact", contact, f"aflyst af {NAME}")
    merge_ledgers(other, [session.store.location])
    _erase(session, NAME)
    restore_ledger(session, empty.file)
    _erase(session, "Bo Bæk")
    merged = merge_ledgers(session, [other.store.location])
    assert merged.erasures.lost == 3
    assert (_holds(session), _holds(session, "Bo Bæk")) == ([], [])
    assert check_ledger(session.store).damage == []


def test_companies_whose_names_are_gone_do_not_look_alike(session: Session) -> None:
    for name in (NAME, "Bo Bæk"):
        add_company(session, {"name": name, "municipality": "Viborg"})
    _erase(session, NAME, "Bo Bæk")
    assert [doubt.kind for doubt in check_ledger(session.store).warnings] == []
