"""Unit of work: entries, the chain of digests, judging, and refusals that leave nothing."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, behind, cvr_number, refuses, session_over
from kmtrack.ledger import unit_of_work as change_module
from kmtrack.ledger import verdicts as verdicts_module
from kmtrack.ledger.commitments import legible, redacted
from kmtrack.ledger.entries import FIRST_DIGEST, Chain, CommandHeader, Entry, Links, command_digest
from kmtrack.ledger.json_text import as_json
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import add_event, edit_event, withdraw_event

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

SMEDJEN = {"name": "Smedjen", "cvr": CVR, "municipality": "791", "employees": "40"}
WHOLE = """
    SELECT entry.*, token, recorded_at, recorded_by, name, previous, follows, login,
           command.digest AS command_digest
    FROM entry JOIN command ON command.number = entry.command ORDER BY entry.number
"""


@pytest.fixture
def smedjen(session: Session) -> str:
    """Return the id of a small company in Viborg."""
    return str(add_company(session, SMEDJEN)["id"])


def entries(session: Session, record_id: str) -> list[tuple[str, str, Any]]:
    rows = session.store.all(
        "SELECT noun, action, facts FROM entry WHERE record_id = :id ORDER BY number", id=record_id
    )
    return [(row["noun"], row["action"], json.loads(row["facts"])) for row in rows]


def judged(session: Session) -> list[tuple[Any, ...]]:
    """Return all verdicts and the tallies that are not zero."""
    verdicts = session.store.all("SELECT * FROM verdict ORDER BY record_id, target")
    tallies = session.store.all(
        "SELECT * FROM tally WHERE number <> 0 ORDER BY target, outcome, day"
    )
    return [tuple(row) for row in (*verdicts, *tallies)]


def content(ledger: Path) -> list[str]:
    with behind(ledger) as connection:
        return list(connection.iterdump())


# Entries.


def test_a_new_record_is_an_entry_of_all_that_was_stated(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {"date": "2011-03-01", "note": "Ærligt\ntalt"}).record
    assert entries(session, contact["id"]) == [
        (
            "contact",
            "add",
            {
                "company_id": smedjen,
                "date": "2011-03-01",
                "channel": "visit",
                "broker": "JH",
                "note": "Ærligt\ntalt",
            },
        )
    ]


def test_an_edit_is_an_entry_of_what_it_states(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {"note": "x"}).record
    edit_event(session, "contact", contact["id"], {"channel": "telefon", "note": ""})
    assert entries(session, contact["id"])[1:] == [
        ("contact", "edit", {"channel": "phone", "note": None})
    ]


def test_a_withdrawal_is_an_entry_with_its_reason(session: Session, smedjen: str) -> None:
    contact = add_contact(session, smedjen, {}).record
    withdraw_event(session, "contact", contact["id"], "typed twice")
    assert entries(session, contact["id"])[1:] == [
        ("contact", "withdraw", {"reason": "typed twice"})
    ]


def test_an_amendment_is_an_entry(session: Session) -> None:
    amend_contract(session, {"last_day": "2013-06-30"}, "letter of 1 May")
    assert entries(session, "contract")[1:] == [("contract", "edit", {"last_day": "2013-06-30"})]


def test_a_command_keeps_who_when_which_and_why(session: Session) -> None:
    amend_contract(session, {"last_day": "2013-06-30"}, "letter of 1 May")
    command = session.store.get("SELECT * FROM command ORDER BY number DESC")
    assert (command["recorded_by"], command["name"], command["reason"]) == (
        "JH",
        "contract amend",
        "letter of 1 May",
    )
    assert command["recorded_at"].startswith("2011-06-30T")
    assert command["recorded_at"].endswith("Z")


def test_the_entries_of_one_command_share_it(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"person": "Anne"})
    rows = session.store.all(
        "SELECT DISTINCT command FROM entry WHERE noun IN ('person', 'contact')"
    )
    assert len(rows) == 1


def test_a_change_that_states_nothing_is_no_command(session: Session) -> None:
    before = session.store.get("SELECT count(*) FROM command")[0]
    with session.unit_of_work("nothing"):
        pass
    assert session.store.get("SELECT count(*) FROM command")[0] == before


# The chain.

HEADING = CommandHeader("token", "2011-06-30T12:00:00Z", "JH", "contact add")
ENTRY = Entry("contact", "k1", "add", '{"a":1}')


def test_a_digest_is_over_all_of_an_entry_and_the_one_before() -> None:
    text = "\x1f".join(["before", *HEADING, *ENTRY[:4]])
    assert Chain(HEADING, "before").add(ENTRY) == sha256(text.encode()).hexdigest()


def test_the_second_digest_of_a_command_is_over_the_first() -> None:
    chain = Chain(HEADING, FIRST_DIGEST)
    first = chain.add(ENTRY)
    assert chain.add(ENTRY) == Chain(HEADING, first).add(ENTRY)


@pytest.mark.parametrize("part", CommandHeader._fields)
def test_every_part_of_a_heading_makes_another_digest(part: str) -> None:
    other = HEADING._replace(**{part: "other"})
    assert Chain(other, "").add(ENTRY) != Chain(HEADING, "").add(ENTRY)


@pytest.mark.parametrize(
    ("part", "value"),
    [("noun", "hire"), ("record_id", "k2"), ("action", "edit"), ("facts", '{"a":2}')],
)
def test_every_part_of_an_entry_makes_another_digest(part: str, value: str) -> None:
    parts: dict[str, Any] = {**ENTRY._asdict(), part: value}
    other = Entry(**parts)
    assert Chain(HEADING, "").add(other) != Chain(HEADING, "").add(ENTRY)


def test_a_text_is_in_the_digest_by_a_commitment_that_a_redaction_keeps() -> None:
    facts = {"date": "2011-03-02", "note": "Ane Berg ringer"}
    entry, covered = Entry.new("contact", "k1", "add", facts)
    assert "Ane" not in covered
    assert entry.secret is not None
    left = {**facts, "note": redacted(facts["note"], entry.secret, "note", "[…] ringer")}
    forgotten = entry._replace(facts=as_json(left), secret=None)
    assert Chain(HEADING, "").add(entry, covered) == Chain(HEADING, "").add(forgotten)
    assert legible(left)["note"] == "[…] ringer"


def test_two_entries_of_one_text_commit_to_it_differently() -> None:
    one, other = (Entry.new("contact", "k1", "add", {"note": "x"})[1] for _ in range(2))
    assert one != other


def test_each_person_has_a_chain_of_their_own(ledger: Path) -> None:
    initials = (f"B{number}" for number in count())
    with session_over(ledger) as jh, session_over(ledger, broker="MK") as mk:
        for session in (jh, mk, jh, jh, mk):
            with session.unit_of_work("broker add") as work:
                for name in islice(initials, 2):
                    work.add("broker", {"initials": name}, name)
        rows = jh.store.all(WHOLE)
    last = {"JH": FIRST_DIGEST, "MK": FIRST_DIGEST}
    before, command, ended = "", None, FIRST_DIGEST
    for row in rows:
        by = row["recorded_by"]
        heading = CommandHeader(row["token"], row["recorded_at"], by, row["name"])
        if row["command"] != command:
            command = row["command"]
            assert (row["previous"], row["follows"]) == (last[by], ended)
            before = command_digest(heading, Links(last[by], ended), None, row["login"])
            assert row["command_digest"] == before
        entry = Entry(*(row[name] for name in Entry._fields))
        before = ended = last[by] = Chain(heading, before).add(entry)
        assert row["digest"] == before


# Persons.

NAME = "Åse Uforglemmelig"


def test_a_persons_name_is_in_the_table_of_persons_and_nowhere_else(
    session: Session, ledger: Path, smedjen: str
) -> None:
    contact = add_contact(session, smedjen, {"person": NAME}).record
    edit_event(session, "contact", contact["id"], {"person": f"{NAME} Olsen"})
    withdraw_event(session, "contact", contact["id"], "typed twice")
    named = [line for line in content(ledger) if "Uforglemmelig" in line]
    assert len(named) == 2
    assert all(line.startswith('INSERT INTO "person"') for line in named)


def test_the_entry_of_a_person_commits_to_the_name_with_a_key_kept_beside_it(
    session: Session, smedjen: str
) -> None:
    add_contact(session, smedjen, {"person": NAME})
    person = session.store.get("SELECT * FROM person")
    commitment = hmac.new(bytes.fromhex(person["secret"]), NAME.encode(), "sha256").hexdigest()
    assert entries(session, person["id"]) == [
        ("person", "add", {"company_id": smedjen, "name": commitment})
    ]


def test_two_persons_of_one_name_have_two_keys(session: Session, smedjen: str) -> None:
    other = add_company(session, {"name": "Bogtryk"})["id"]
    for company in (smedjen, other):
        add_contact(session, company, {"person": NAME})
    keys = session.store.all("SELECT secret FROM person")
    assert (len(keys), len({key[0] for key in keys}), {len(key[0]) for key in keys}) == (2, 2, {64})


def test_a_person_met_again_is_the_same_one(session: Session, smedjen: str) -> None:
    for spelling in (NAME, f" {NAME} ", "A\u030ase Uforglemmelig"):
        add_contact(session, smedjen, {"person": spelling})
    assert session.store.get("SELECT count(*) FROM person")[0] == 1


# A refusal leaves nothing.


def test_what_is_refused_half_way_leaves_nothing(
    session: Session, ledger: Path, smedjen: str
) -> None:
    before = content(ledger)
    with refuses("bad_option"):  # the person is stated before the bad date is seen
        add_contact(session, smedjen, {"person": NAME, "date": "2011-02-31"})
    assert content(ledger) == before


def test_what_fails_after_judging_leaves_nothing(
    session: Session, ledger: Path, smedjen: str
) -> None:
    before = content(ledger)

    def change_and_fail() -> None:
        with session.unit_of_work("contact add") as work:
            work.add("contact", {"company_id": smedjen, "date": "2011-03-01", "channel": "visit"})
            work.judge()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert content(ledger) == before


# Judging.


def test_a_write_judges_the_company_that_it_touches(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {"date": "2011-05-01"})
    add_contact(session, smedjen, {"date": "2011-03-01"})
    rows = session.store.all("SELECT day, target, outcome FROM verdict ORDER BY day")
    assert [tuple(row) for row in rows] == [
        ("2011-03-01", "new-contacts", "counted"),
        ("2011-05-01", "follow-ups", "counted"),
    ]


def test_a_write_judges_no_other_company(session: Session, ledger: Path, smedjen: str) -> None:
    other = add_company(session, {"name": "Bogtryk"})["id"]
    add_contact(session, other, {})
    with behind(ledger) as connection:
        connection.execute("UPDATE verdict SET outcome = 'counted'")
    add_contact(session, smedjen, {})
    row = session.store.get("SELECT outcome FROM verdict WHERE company_id = :id", id=other)
    assert row["outcome"] == "counted"  # which it is not: nobody looked


def test_an_amendment_judges_every_company(session: Session, smedjen: str) -> None:
    other = add_company(session, {**SMEDJEN, "name": "Bogtryk", "cvr": cvr_number(1)})["id"]
    for company in (smedjen, other):
        add_contact(session, company, {"date": "2011-03-01"})
    amend_contract(session, {"first_day": "2011-04-01"}, None)
    rows = session.store.all("SELECT DISTINCT outcome FROM verdict")
    assert [row["outcome"] for row in rows] == ["excluded"]


def test_a_tally_is_the_number_of_verdicts_of_a_day(session: Session, smedjen: str) -> None:
    for _ in range(3):
        add_contact(session, smedjen, {"date": "2011-03-01"})
    rows = session.store.all("SELECT target, outcome, day, number FROM tally")
    assert {tuple(row) for row in rows} == {
        ("new-contacts", "counted", "2011-03-01", 1),
        ("follow-ups", "excluded", "2011-03-01", 2),
    }


def test_only_the_reasons_that_decide_are_kept(session: Session) -> None:
    company = add_company(session, {"name": "Smedjen", "municipality": "101", "employees": "250"})
    add_contact(session, company["id"], {})
    row = session.store.get("SELECT outcome, reasons FROM verdict")
    assert (row["outcome"], json.loads(row["reasons"])) == (
        "excluded",
        [["participating", "takes_no_part"], ["sme", "too_many_employees"]],
    )


NEVER_HAVING_BEEN = [
    pytest.param("contact", {"date": "2011-01-15"}, id="the first contact"),
    pytest.param("contact", {"date": "2011-03-01"}, id="a contact of a day that has one"),
    pytest.param("contact", {"date": "2011-06-01"}, id="the last contact"),
    pytest.param("contact", {"date": "2011-01-15", "channel": "email"}, id="an e-mail"),
    pytest.param("collaboration", {"kind": "project", "agreed": "2011-04-01"}, id="agreed"),
    pytest.param("collaboration", {"kind": "project"}, id="not agreed"),
    pytest.param("hire", {"level": "phd", "agreed": "2011-04-01"}, id="a hire"),
]


@pytest.mark.parametrize(("noun", "facts"), NEVER_HAVING_BEEN)
def test_withdrawn_is_as_never_having_been(
    session: Session, smedjen: str, noun: str, facts: dict[str, str]
) -> None:
    for date in ("2011-03-01", "2011-05-01"):
        add_contact(session, smedjen, {"date": date})
    add_event(session, "hire", smedjen, {"level": "master", "agreed": "2011-02-01"})
    before = judged(session)
    record = add_event(session, noun, smedjen, facts).record
    assert judged(session) != before
    withdraw_event(session, noun, record["id"], "typed twice")
    assert judged(session) == before


def test_corrected_and_corrected_back_is_as_never_corrected(session: Session, smedjen: str) -> None:
    add_contact(session, smedjen, {})
    before = judged(session)
    edit_company(session, smedjen, {"employees": "250"}, None)
    assert judged(session) != before
    edit_company(session, smedjen, {"employees": "40"}, None)
    assert judged(session) == before


def _many(session: Session, number: int) -> None:
    with session.unit_of_work("import") as work:
        for one in range(number):
            facts = {**SMEDJEN, "name": f"Firma {one}", "cvr": cvr_number(one), "kind": "company"}
            company = work.add("company", facts)
            for date in ("2011-05-01", "2011-03-01"):
                facts = {"company_id": company, "date": date, "channel": "visit", "broker": "JH"}
                work.add("contact", facts)


@pytest.mark.parametrize(("few", "chunk"), [(50, 5000), (1, 5000), (1, 3), (50, 3)], ids=str)
def test_many_companies_at_once_are_judged_like_each_alone(
    session: Session, monkeypatch: pytest.MonkeyPatch, few: int, chunk: int
) -> None:
    monkeypatch.setattr(verdicts_module, "_FEW", few)
    monkeypatch.setattr(verdicts_module, "_CHUNK", chunk)
    monkeypatch.setattr(change_module, "_CHUNK", chunk)
    _many(session, 8)
    rows = session.store.all("SELECT target, outcome, number FROM tally")
    assert {tuple(row) for row in rows} == {
        ("new-contacts", "counted", 8),
        ("follow-ups", "counted", 8),
    }
    assert check_ledger(session.store).damage == []


def test_a_second_import_judges_what_the_first_one_left(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts_module, "_FEW", 1)
    _many(session, 4)
    with session.unit_of_work("import") as work:
        for row in session.store.all("SELECT id FROM company ORDER BY name")[:2]:
            facts = {"company_id": row["id"], "date": "2011-01-15", "channel": "visit"}
            work.add("contact", facts)
    rows = session.store.all("SELECT target, day, number FROM tally WHERE number > 0")
    assert {tuple(row) for row in rows} == {
        ("new-contacts", "2011-01-15", 2),
        ("new-contacts", "2011-03-01", 2),
        ("follow-ups", "2011-03-01", 2),
        ("follow-ups", "2011-05-01", 4),
    }


@pytest.mark.parametrize("few", [1, 50])
def test_contacts_stated_at_once_are_judged_with_all_that_is_known(
    session: Session, smedjen: str, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(verdicts_module, "_FEW", few)
    add_contact(session, smedjen, {"date": "2011-03-05"})
    with session.unit_of_work("import") as work:
        facts = {**SMEDJEN, "kind": "company"}
        new = [
            work.add("company", {**facts, "name": f"Firma {one}", "cvr": cvr_number(one)})
            for one in range(3)
        ]
        days = ["2011-03-04", "2011-03-02", "2011-03-01", "2011-03-03"]
        for start in (0, 10):
            for at, (company, day) in enumerate(zip([smedjen, *new], days, strict=True), start):
                contact = {"company_id": company, "date": day, "channel": "visit"}
                work.add("contact", contact, f"k00000000{at:02}")
            days = ["2011-04-01", "2011-02-01", "2011-03-01", "2011-04-03"]
        work.add("hire", {"company_id": new[0], "agreed": "2011-05-01", "terms": "ordinary"})
        work.flush()
        row = session.store.get("SELECT * FROM contact WHERE company_id = :id", id=new[1])
        work.withdraw("contact", dict(row), "forkert")
    assert check_ledger(session.store).damage == []
    rows = session.store.all("SELECT record_id FROM verdict WHERE target = 'new-contacts'")
    assert {row["record_id"] for row in rows} == {
        "k0000000000",
        "k0000000011",
        "k0000000012",
        "k0000000003",
    }
