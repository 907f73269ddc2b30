"""Initials must be known before a record is somebody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import servers
from builders import CVR, TODAY, add_contact, agreeing, ledger_in, refuses, register, session_over
from kmtrack.clock import Clock
from kmtrack.errors import Phrase
from kmtrack.usecases.brokers import (
    CurrentBroker,
    add_broker,
    brokers,
    current_broker,
    set_current_broker,
)
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, add_event_at_new_company
from kmtrack.usecases.deliverables import log_step
from kmtrack.usecases.doubts import NO_ANSWERS, Answers, Doubt, Doubts
from kmtrack.usecases.events import add_event, edit_event
from kmtrack.usecases.history import Filter, history_of
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.known_brokers import nearest
from kmtrack.usecases.location import session_at
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.methods import add_method, assess_method, edit_method
from kmtrack.usecases.undo import undo_command
from kmtrack.views.check import render_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Return a ledger of the brokers JH and MK with one company."""
    place = ledger_in(tmp_path)
    with session_over(place) as session:
        add_broker(session, {"initials": "MK"})
        add_company(session, {"name": "Smedjen", "cvr": CVR})
    return place


@pytest.fixture
def session(ledger: Path) -> Iterator[Session]:
    """Yield a session of JH."""
    with session_over(ledger) as session:
        yield session


def _registered(session: Session) -> list[str]:
    return [broker["initials"] for broker in brokers(session)]


def _commands(session: Session) -> list[tuple[str, str]]:
    found = history_of(session, Filter(None, "", None, 100)).items
    return [(command.name, command.recorded_by) for command, *_ in found]


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("MKK", "MK"),
        ("MMK", "MK"),
        ("M", "MK"),
        ("KM", "MK"),
        ("MKA", "MK"),
        ("MXK", "MK"),
        ("JHB", "JHK"),
        ("JBH", "JHB"),
        ("HJB", "JHB"),
        ("ÆØ", "ØÆ"),
    ],
)
def test_what_is_near_known_initials(typed: str, known: str) -> None:
    assert nearest(typed, ["QQQQ", known]) == known


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("JS", "JH"),  # half an office of two letters is one letter from the other half
        ("MH", "JH"),
        ("B1", "B2"),
        ("B10", "B1"),
        ("B12", "B21"),
        ("JHB", "JXK"),
        ("ABC", "BCA"),
        ("MKKK", "MK"),
        ("JH", ""),
    ],
)
def test_what_is_not_near(typed: str, known: str) -> None:
    assert nearest(typed, [known] if known else []) is None


def _add_contact(session: Session, initials: str, field: str = "broker") -> Any:
    value = [initials] if field == "others" else initials
    return add_contact(session, CVR, {"date": "2011-03-01", field: value}).record


def _method(session: Session, initials: str) -> Any:
    return add_method(session, {"name": "Samtalen", "kind": "method", "broker": initials})


def _hire(session: Session, initials: str) -> Any:
    return add_event(session, "hire", CVR, {"level": "phd", "broker": initials}).record


STATING: dict[str, Callable[[Session, str], Any]] = {
    "contact": _add_contact,
    "with": lambda session, initials: _add_contact(session, initials, "others"),
    "hire": _hire,
    "method": _method,
    "deliverable": lambda session, initials: log_step(
        session, "project-management", {"text": "møde", "broker": initials}
    ),
}


@pytest.mark.parametrize("what", STATING)
@pytest.mark.parametrize(
    ("initials", "key"), [("MKK", "broker_near"), ("mkk", "broker_near"), ("XY", "broker_unknown")]
)
def test_initials_of_nobody_are_refused(
    session: Session, what: str, initials: str, key: str
) -> None:
    before = _commands(session)
    with refuses(key) as refused:
        STATING[what](agreeing(session), initials)  # no --yes settles it
    assert f"kmtrack broker add {initials.upper()}" in refused.value.sentence()
    assert (_commands(session), _registered(session)) == (before, ["JH", "MK"])


def _answering(session: Session, run: Callable[[Session], Any], **answers: str) -> Any:
    """Run a use case as at a terminal, where each doubt is answered by its key."""
    answered = NO_ANSWERS._replace(can_ask=True)
    while True:
        try:
            return run(session._replace(answers=answered))
        except Doubt as doubt:
            answered = answered.plus(doubt, answers.pop(doubt.key))


def test_who_was_meant_takes_the_place_of_a_slip(session: Session) -> None:
    record = _answering(session, lambda at: _add_contact(at, "MKK"), broker_near="MK")
    assert (record["broker"], _registered(session)) == ("MK", ["JH", "MK"])


@pytest.mark.parametrize(
    ("initials", "answers"),
    [("MKK", {"broker_near": "MKK"}), ("XY", {"broker_unknown": "yes"})],
)
@pytest.mark.parametrize("what", STATING)
def test_a_new_broker_is_registered_by_a_command_of_its_own(
    session: Session, what: str, initials: str, answers: dict[str, str]
) -> None:
    _answering(session, lambda at: STATING[what](at, initials), **answers)
    assert initials in _registered(session)
    assert [name for name, _ in _commands(session)][-2] == "broker add"
    undo_command(session)
    assert initials in _registered(session)
    undo_command(session)
    assert initials not in _registered(session)


def test_one_of_the_others_who_is_named_twice_counts_once(session: Session) -> None:
    values = {"date": "2011-03-01", "broker": "MK", "others": ["MKK", "jh"]}
    record = _answering(session, lambda at: add_contact(at, CVR, values).record, broker_near="MK")
    assert (record["broker"], record["others"]) == ("MK", "JH")


def test_an_edit_to_initials_of_nobody_is_refused(session: Session) -> None:
    contact = _add_contact(session, "MK")["id"]
    with refuses("broker_near"):
        edit_event(session, "contact", contact, {"broker": "MKK"})
    _method(session, "MK")
    with refuses("broker_unknown"):
        edit_method(session, "samtalen", {"broker": "XY"})
    with refuses("broker_unknown"):
        assess_method(session, "samtalen", {"verdict": "keep", "text": "god", "broker": "XY"})


def test_initials_that_are_none_are_refused_as_that(session: Session) -> None:
    with refuses("bad_option"):
        _add_contact(session, "J H")


def test_an_edit_of_something_else_leaves_initials_of_nobody_alone(session: Session) -> None:
    contact = _add_contact(session, "MK")["id"]
    session.store.run("UPDATE contact SET broker = 'ZZZ'")
    edited = edit_event(session, "contact", contact, {"note": "ringer"}).record
    assert (edited["broker"], edited["note"]) == ("ZZZ", "ringer")


def test_whoever_sits_here_is_registered_with_the_first_command(ledger: Path) -> None:
    told: list[Phrase] = []
    with session_over(ledger, broker="AB") as session:
        at = session._replace(tell=told.append)
        add_contact(at, CVR, {"date": "2011-03-01"})
        add_contact(at, CVR, {"date": "2011-03-02"})
        assert _registered(session) == ["AB", "JH", "MK"]
        assert [phrase.key for phrase in told] == ["broker.registered"]
        own = [name for name, by in _commands(session) if by == "AB"]
        assert own == ["broker add", "contact add", "contact add"]
        for _ in own:
            undo_command(session)
        assert _registered(session) == ["JH", "MK"]
        add_contact(at, CVR, {"date": "2011-03-03"})
        assert _registered(session) == ["AB", "JH", "MK"]


def test_nobody_is_registered_by_a_command_that_is_refused(ledger: Path) -> None:
    with session_over(ledger, broker="AB") as session:
        with refuses("bad_option"):
            add_contact(session, CVR, {"date": "2011-02-30"})
        assert _registered(session) == ["JH", "MK"]


def test_whoever_sits_here_may_be_a_slip_too(ledger: Path) -> None:
    with session_over(ledger, broker="JHH") as session:
        with refuses("own_broker_near") as refused:
            add_contact(session, CVR, {})
        assert "JH?" in refused.value.sentence()
        assert "--yes" in refused.value.sentence()
        add_contact(agreeing(session), CVR, {})
        assert _registered(session) == ["JH", "JHH", "MK"]


def test_adding_brokers_is_never_refused(ledger: Path) -> None:
    with session_over(ledger, broker="JHH") as session:
        add_broker(session, {"initials": "JHK"})
        assert _registered(session) == ["JH", "JHK", "MK"]
        add_broker(session, {"initials": "JHH"})
        add_contact(session, CVR, {})


def test_a_new_company_and_a_new_broker_come_together(session: Session) -> None:
    def run(at: Session) -> Any:
        new = {"name": "Bækgaard"}
        return add_event_at_new_company(at, "contact", new, {"broker": "XY"})

    _answering(session, run, broker_unknown="yes")
    assert "XY" in _registered(session)


@pytest.fixture
def unnamed(tmp_path: Path) -> Iterator[Session]:
    """Yield a session over a ledger that was told of nobody."""
    place = servers.place_in(tmp_path) if servers.IN_USE else tmp_path / "ledger.db"
    create_ledger(place, NewLedger(("Viborg",)), Clock(TODAY, is_set=True), {})
    with session_at(place, Clock(TODAY, is_set=True), {}) as session:
        add_company(session, {"name": "Smedjen", "cvr": CVR})
        yield session._replace(backs_up=False)


def test_a_record_of_nobody_is_reported_where_nobody_can_be_asked(unnamed: Session) -> None:
    told: list[Phrase] = []
    record = add_contact(unnamed._replace(tell=told.append), CVR, {}).record
    assert record["broker"] is None
    key = "broker.nobody_on_server" if servers.IN_USE else "broker.nobody"
    assert [phrase.key for phrase in told] == [key]
    with session_at(unnamed.store.location, unnamed.clock, {"KMTRACK_BROKER": "JH"}) as named:
        register(named, "MK")
        told.clear()
        add_contact(unnamed._replace(tell=told.append), CVR, {"broker": "MK"})
    assert told == []


@pytest.mark.files
def test_who_sits_here_is_asked_once(unnamed: Session) -> None:
    def run(at: Session) -> Any:
        return add_contact(at, CVR, {}).record

    assert _answering(unnamed, run, who_are_you="JH")["broker"] == "JH"
    assert _registered(unnamed) == ["JH"]
    with session_at(unnamed.store.location, unnamed.clock, {}) as later:
        assert (later.broker, later.who) == ("JH", "JH")


@pytest.mark.files
def test_nobody_has_to_say_who_sits_here(unnamed: Session) -> None:
    record = _answering(unnamed, lambda at: add_contact(at, CVR, {}).record, who_are_you="")
    assert record["broker"] is None


@pytest.mark.files
def test_who_sits_here_can_be_said_at_any_time(unnamed: Session) -> None:
    assert current_broker(unnamed, {}) == CurrentBroker(None, None, False, None)
    me = set_current_broker(unnamed, "jh", {})
    assert me == CurrentBroker("JH", None, True, "ledger")
    place, clock = unnamed.store.location, unnamed.clock
    with session_at(place, clock, {}) as later:
        assert current_broker(later, {}) == me
        register(later, "MK")
        before = _commands(later)
        assert set_current_broker(later, "MK", {}).initials == "MK"
        assert _commands(later) == before  # it is a setting of this copy
    environment = {"KMTRACK_BROKER": "AB"}
    with session_at(place, clock, environment) as later:
        assert (
            set_current_broker(later, "JHH", environment).initials == "AB"
        )  # near JH, and never refused
        assert current_broker(later, environment) == CurrentBroker("AB", None, False, "environment")
    with session_at(place, clock, {}) as later:
        assert current_broker(later, {}).initials == "JHH"


@pytest.mark.files
def test_initials_near_known_ones_are_asked_about_and_reported_in_a_pipe(session: Session) -> None:
    at_terminal = session._replace(answers=Answers(can_ask=True))
    with refuses("own_broker_near"):
        set_current_broker(at_terminal, "JHH", {})
    told: list[Phrase] = []
    assert set_current_broker(session._replace(tell=told.append), "JHH", {}).initials == "JHH"
    assert told == [Phrase("broker.me_near", initials="JHH", near="JH")]
    told.clear()
    set_current_broker(session._replace(tell=told.append), "JHH", {})  # who is known by now
    assert told == []


def test_initials_that_are_none_are_nobodys(session: Session) -> None:
    with refuses("bad_option"):
        set_current_broker(session, "J H", {})


FILE = """CVR-nr.;Dato;Mægler;Med
13748136;1.5.2011;MKK;
13748136;2.5.2011;XY;JHH
13748136;3.5.2011;MKK;MK, jh
13748136;4.5.2011;;
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a list of contacts with initials of nobody."""
    path = tmp_path / "kontakter.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_an_import_names_all_initials_of_nobody_at_once(session: Session, file: Path) -> None:
    with pytest.raises(Doubts) as refused:
        import_file(agreeing(session), file)
    sentences = [doubt.sentence() for doubt in refused.value.doubts]
    assert [sentence.partition(" ")[0] for sentence in sentences] == ["MKK", "XY", "JHH"]
    assert all("kmtrack broker add" in sentence for sentence in sentences)
    assert _registered(session) == ["JH", "MK"]
    assert import_file(session, file, dry_run=True).rows == 4


def _imported(session: Session, file: Path) -> list[tuple[str, str | None]]:
    answers: dict[tuple[str, ...], str] = {("broker_near", "MKK"): "MK"}
    answers[("broker_near", "JHH")] = "JHH"
    answers[("broker_unknown", "XY")] = "yes"
    given = NO_ANSWERS._replace(given=answers, says_yes=True)
    import_file(session._replace(answers=given), file)
    rows = session.store.all("SELECT broker, others FROM contact ORDER BY date")
    return [(row["broker"], row["others"]) for row in rows]


def test_an_import_takes_who_was_meant_and_registers_who_is_new(
    session: Session, file: Path
) -> None:
    contacts = [("MK", None), ("XY", "JHH"), ("MK", "JH"), ("JH", None)]
    assert _imported(session, file) == contacts
    assert _registered(session) == ["JH", "JHH", "MK", "XY"]
    assert _imported(session, file) == contacts  # a row is known by what is in the file
    assert check_ledger(session.store).damage == []


def test_what_a_merge_brings_of_others_is_accepted_and_listed(
    session: Session, ledger: Path, tmp_path: Path
) -> None:
    (tmp_path / "older").mkdir()
    with session_over(ledger_in(tmp_path / "older"), broker="LW") as older:
        add_company(older, {"name": "Smedjen", "cvr": CVR})
        with older.unit_of_work("contact add") as work:  # as a version did that knew no brokers
            for broker in ("MKK", "ZZ", None):
                company = older.store.get("SELECT id FROM company")["id"]
                facts = {"date": "2011-03-01", "channel": "visit", "broker": broker}
                stated = {name: value for name, value in facts.items() if value}
                work.add("contact", {"company_id": company, **stated})
        merge_ledgers(session, [older.store.location])
    found = {issue.kind: issue for issue in check_ledger(session.store).warnings}
    assert found["stranger_near"].facts == {"initials": "MKK", "number": 1, "near": "MK"}
    assert found["stranger"].facts["initials"] == "ZZ"
    assert len(found["no_broker"].records) == 1
    shown = "\n".join(render_check(check_ledger(session.store)))
    assert "kmtrack broker add ZZ" in shown
    register(session, "ZZ")
    assert "stranger" not in {issue.kind for issue in check_ledger(session.store).warnings}
