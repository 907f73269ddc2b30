"""Changes behind the program's back: each is found by `check`, which names the record."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from builders import behind
from kmtrack.ledger.open import open_store
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.usecases.check.warnings import warnings_in
from kmtrack.views.check import issue_as_dict

if TYPE_CHECKING:
    from cli_runner import Runner

pytestmark = pytest.mark.files

TAMPERINGS = {
    "a row's date": "UPDATE contact SET date = '2011-03-02'",
    "a row's note": "UPDATE contact SET note = 'andet'",
    "a company's headcount": "UPDATE company SET employees = '30' WHERE cvr IS NOT NULL",
    "a company's later facts": "UPDATE company SET later = '{}'",
    "a row withdrawn": "UPDATE contact SET withdrawn = 'x'",
    "a row deleted": "DELETE FROM contact",
    "a row without an entry": (
        "INSERT INTO company (id, recorded_at, name, name_key, kind)"
        " VALUES ('c0000000000', '2011', 'Ny', 'ny', 'company')"
    ),
    "an entry's facts": "UPDATE entry SET facts = replace(facts, 'visit', 'phone')",
    "an entry's digest": "UPDATE entry SET digest = 'x' WHERE number = 3",
    "an entry deleted": "DELETE FROM entry WHERE noun = 'contact'",
    "an entry in the middle deleted": "DELETE FROM entry WHERE number = 2",
    "when it was recorded": "UPDATE command SET recorded_at = '2011-01-01T00:00:00.000000Z'",
    "who recorded it": "UPDATE command SET recorded_by = 'XX' WHERE number = 3",
    "a verdict": "UPDATE verdict SET outcome = 'excluded'",
    "a verdict's day": "UPDATE verdict SET day = '2011-03-05'",
    "a verdict deleted": "DELETE FROM verdict",
    "a company's words": "DELETE FROM name_word WHERE word LIKE '=%'",
    "a tally": "UPDATE tally SET number = number + 1",
    "the contract": "UPDATE contract SET document = replace(document, '1000', '900')",
    "a broker's council": "UPDATE broker SET council = 'Et andet'",
}


def _tamper(runner: Runner, statement: str) -> None:
    with behind(runner.ledger) as raw:
        assert raw.execute(statement).rowcount > 0


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_was_changed_is_found(stocked: Runner, tampering: str) -> None:
    assert stocked("check").code == 0
    _tamper(stocked, TAMPERINGS[tampering])
    outcome = stocked("check", "--json")
    assert outcome.code == 1
    damage = json.loads(outcome.out)["damage"]
    assert damage
    for finding in damage:
        assert finding["sentence"].startswith("Fault: ")


def test_damaged_pages_are_found_and_nothing_is_written(stocked: Runner) -> None:
    content = bytearray(stocked.ledger.read_bytes())
    for page in range(4, len(content) // 4096):
        content[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    stocked.ledger.write_bytes(content)
    outcome = stocked("check")
    assert outcome.code == 1
    assert "Traceback" not in outcome.err
    assert stocked.ledger.read_bytes() == content


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_ledger_that_cannot_be_read_is_told_of_and_brought_back(
    stocked: Runner, lang: str
) -> None:
    backup = json.loads(stocked.done("backup", "--json"))["file"]
    stocked.ledger.write_bytes(stocked.ledger.read_bytes()[:50_000])
    checked = stocked("check", lang=lang)
    assert (checked.code, checked.err) == (1, "")
    assert f"kmtrack restore {backup}" in checked.out
    assert json.loads(stocked("check", "--json").out)["damage"][0]["kind"] == "file"
    assert stocked("restore", backup, lang=lang).code == 1
    assert stocked("restore", backup, "--dry-run", lang=lang).code == 0
    assert stocked("status", lang=lang).code == 1
    stocked.done("restore", backup, "--yes", lang=lang)
    assert "kmtrack restore" not in stocked.done("check", lang=lang)


DOUBTS = {
    "alike_companies": (
        ("company", "add", "Mols Bogtryk ApS", "--municipality", "Silkeborg", "--yes"),
    ),
    "same_collaboration": (
        ("collaboration", "add", "13748136", "--kind", "praktik", "--agreed", "1.5."),
        ("collaboration", "add", "13748136", "--kind", "praktik", "--agreed", "1.5."),
    ),
    "same_hire": (
        ("hire", "add", "13748136", "--level", "phd", "--agreed", "1.5."),
        ("hire", "add", "13748136", "--level", "phd", "--agreed", "1.5."),
    ),
    "missing_of_company": (("contact", "add", "mols"),),
    "missing_not_agreed": (("hire", "add", "13748136", "--level", "phd"),),
    "missing_no_level": (("hire", "add", "13748136", "--agreed", "1.5."),),
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubt_is_listed_with_the_command_that_mends_it(stocked: Runner, doubt: str) -> None:
    before = json.loads(stocked.done("check", "--json"))["doubts"]
    assert doubt not in {finding["kind"] for finding in before}
    for command in DOUBTS[doubt]:
        stocked.done(*command)
    outcome = stocked("check", "--json")
    assert outcome.code == 0
    found = [f for f in json.loads(outcome.out)["doubts"] if f["kind"] == doubt]
    assert len(found) == 1
    assert "kmtrack " in found[0]["sentence"]
    assert "kmtrack " in "".join(line for line in stocked.done("check", lang="da").splitlines())


def test_that_nobody_takes_part_is_said_once(empty_runner: Runner) -> None:
    empty_runner.done("init", "--broker", "JH")
    for cvr in ("13748136", "13585628"):
        empty_runner.done("company", "add", cvr, "--cvr", cvr, "--municipality", "Viborg")
        empty_runner.done("contact", "add", cvr)
    lines = [line for line in empty_runner.done("check").splitlines() if "amend" in line]
    assert len(lines) == 1
    assert "kmtrack contract amend --municipality MUNICIPALITY" in lines[0]


FREE_TEXTS = {
    "company": {"name", "basis"},
    "person": {"name"},
    "contact": {"note"},
    "collaboration": {"title", "institution", "note"},
    "hire": {"field", "institution", "note"},
    "method": {"name", "description"},
    "assessment": {"text"},
    "dissemination": {"how", "institution"},
    "delivery": {"text", "file"},
    "survey": {"answers"},
    "broker": {"council"},
}
ANSWERS = ("--answer", "employees=9", "--answer", "highly-educated=0")
EVERYTHING = (
    ("hire", "add", "13748136", "--level", "phd", "--agreed", "1.5."),
    ("collaboration", "add", "13748136", "--kind", "praktik", "--agreed", "1.5."),
    ("contact", "add", "13748136", "--person", "Ane Berg"),
    ("method", "add", "Besøg", "--kind", "method", "--for", "both"),
    ("method", "assess", "Besøg", "--verdict", "keep", "--text", "god"),
    ("method", "disseminate", "Besøg", "--to", "companies", "--how", "møde"),
    ("deliverable", "log", "project-management", "--text", "møde"),
    ("survey", "answer", "13748136", "--wave", "before", *ANSWERS),
)


@pytest.mark.everyday(3)
@pytest.mark.parametrize("noun", FREE_TEXTS)
def test_a_cpr_number_that_got_in_by_other_means_is_found(stocked: Runner, noun: str) -> None:
    for command in EVERYTHING:
        stocked.done(*command)
    facts = NOUNS[noun].facts
    assert facts is not None
    assert set(facts.texts()) == FREE_TEXTS[noun]
    for field in sorted(FREE_TEXTS[noun]):
        _tamper(stocked, f"UPDATE {noun} SET {field} = 'cpr 010203-1234'")
    # `check` would stop at the rows, which are no longer what their entries add up to.
    with closing(open_store(stocked.ledger)) as store:
        doubts = [finding for finding in warnings_in(store) if finding.kind == "cpr_number"]
    assert {finding.facts["field"] for finding in doubts} == FREE_TEXTS[noun]
    assert all(
        issue_as_dict(finding)["facts"]["command"].startswith("kmtrack ") for finding in doubts
    )


def test_every_noun_is_looked_through() -> None:
    written = {n.name for n in NOUNS.values() if n.facts and n.facts.texts()}
    assert written == set(FREE_TEXTS)


def _tamper_with(runner: Runner, *statements: str) -> None:
    with closing(sqlite3.connect(runner.ledger)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_verdict_that_differs_is_told_by_what_differs(stocked: Runner) -> None:
    _tamper_with(
        stocked,
        "UPDATE verdict SET day = '2011-03-09', municipality = '740', brokers = 'MK'",
    )
    found = stocked("check", lang="da").out
    assert "for Nye kontakter stemmer ikke med en ny bedømmelse (" in found
    assert "Dato: 09.03.2011 -> 01.03.2011" in found
    assert "Kommune: Silkeborg -> Viborg" in found
    assert "Mægler: MK -> JH" in found
    assert "optællingen af Nye kontakter, tæller, 09.03.2011" in found
    assert "new-contacts" not in found
    [told] = [f for f in json.loads(stocked("check", "--json").out)["damage"]
              if f["kind"] == "verdict_differs"]  # fmt: skip
    assert told["facts"]["differences"]["day"] == ["2011-03-09", "2011-03-01"]
    _tamper_with(
        stocked, "UPDATE verdict SET outcome = 'waiting', reasons = '[[\"sme\", \"no_headcount\"]]'"
    )
    found = stocked("check", lang="da").out
    assert "Status: afventer -> tæller" in found
    assert "Begrundelse: antal ansatte ukendt -> -" in found


def test_a_row_that_differs_is_told_in_words(stocked: Runner) -> None:
    _tamper_with(
        stocked, "UPDATE contact SET date = '2011-03-09'", "UPDATE company SET name_key = 'x'"
    )
    found = stocked("check", lang="da").out
    assert "Fejl: kontakt " in found
    assert "stemmer ikke med sine poster (Dato)" in found
    assert "stemmer ikke med sine poster (Navn)" in found
    for english in ("contact ", "company ", "(date)", "name_key"):
        assert english not in found
