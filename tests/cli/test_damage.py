"""Damaged ledgers: every command says so in one line, `check` names what is lost and what mends it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from builders import behind
from kmtrack.ledger.store.copies import Backups
from kmtrack.usecases import status

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files

DERIVED: Final = ("tally", "verdict", "contract", "broker", "usage", "contact", "company")
STATED: Final = ("setting", "entry", "command", "person")
COMMANDS: Final = (
    ("status",),
    ("status", "--known-at", "30.6.2011 23:59"),
    ("contact", "add", "13748136", "--date", "2011-04-01"),
    ("company", "list"),
    ("export", "region.xlsx"),
    ("history",),
    ("undo", "--yes"),
    ("bundle", "news.db"),
    ("person", "erase", "Ane Berg", "--yes"),
    ("why", "new-contacts"),
)

# Commands that are dated after a moment that is asked for.
LATER: Final = "UPDATE command SET recorded_at = '2011-07-01T12:00:00.000000Z' WHERE number > 2"


@pytest.fixture
def damaged(stocked: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Return a ledger to be damaged, with a contact person in it, from the folder in which it lies."""
    monkeypatch.chdir(stocked.ledger.parent)
    stocked.done("contact", "add", "13748136", "--date", "2011-03-05", "--person", "Ane Berg")
    return stocked


def _spoil(runner: Runner, statement: str) -> None:
    with behind(runner.ledger) as bare:
        bare.executescript(statement)


def _damaged(ledger: Path) -> list[Path]:
    """Return the unreadable files that are kept next to a ledger."""
    return sorted(Backups(ledger).folder.glob(f"{ledger.stem}-damaged-*{ledger.suffix}"))


@pytest.mark.everyday(2)
@pytest.mark.parametrize("table", DERIVED + STATED)
def test_a_table_that_is_lost_is_told_of_by_every_command(damaged: Runner, table: str) -> None:
    _spoil(damaged, f"DROP TABLE {table}")
    checked = damaged("check", "--json")
    assert checked.code == 1, checked.err
    damage = json.loads(checked.out)["damage"]
    assert {"kind": "table_missing", "facts": {"table": table}}.items() <= damage[0].items()
    before = damaged.ledger.read_bytes()
    refused = 0
    for command in COMMANDS:
        outcome = damaged(*command)
        assert outcome.code in {0, 1}, (command, outcome.err)
        if outcome.code and "damaged" in outcome.err:
            refused += 1
            assert "kmtrack check" in outcome.err
            assert outcome.err.count("\n") == 1
    assert refused
    if refused == len(COMMANDS):
        assert damaged.ledger.read_bytes() == before


@pytest.mark.everyday(3)
@pytest.mark.parametrize(
    ("statement", "command"),
    [
        ("UPDATE entry SET facts = '{' WHERE noun = 'contact'", ("history",)),
        # Only what was recorded since is reckoned back, so nothing else is read.
        (f"UPDATE entry SET facts = '{{'; {LATER}", ("status", "--known-at", "30.6.2011 23:59")),
        ("UPDATE entry SET facts = '[]'", ("history",)),
        ("UPDATE company SET employees = 'abc'", ("contact", "add", "13748136")),
        ("UPDATE company SET later = '{'", ("contact", "add", "13748136")),
        ("UPDATE contract SET document = '{'", ("status",)),
        ("UPDATE setting SET value = 'zz'", ("bundle", "news.db")),
        (
            "INSERT INTO setting VALUES ('backups:' || char(34), '')",
            ("person", "erase", "Ane Berg", "--yes"),
        ),
        ("ALTER TABLE tally DROP COLUMN number", ("status",)),
        ("ALTER TABLE company RENAME COLUMN kind TO sort", ("contact", "add", "13748136")),
    ],
)  # fmt: skip
def test_what_kmtrack_never_writes_is_damage_and_no_fault(
    damaged: Runner, statement: str, command: tuple[str, ...]
) -> None:
    damaged.done("bundle", "earlier.db")
    _spoil(damaged, statement)
    assert damaged("check").code == 1
    outcome = damaged(*command)
    assert outcome.code == 1, outcome.err
    assert "damaged" in outcome.err
    assert "kmtrack check" in outcome.err


def test_a_fault_in_a_whole_ledger_stays_a_fault(
    damaged: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(status, "status_of", stumble)
    assert damaged("status").code == 3
    _spoil(damaged, "DROP TABLE tally")
    assert damaged("status").code == 1


def test_a_bundle_is_no_ledger_and_the_line_says_what_to_do_with_it(damaged: Runner) -> None:
    damaged.done("bundle", "news.db")
    for command in (("status",), ("check",), ("company", "list"), ("backup",)):
        outcome = damaged("--ledger", "news.db", *command)
        assert outcome.code == 1
        assert "kmtrack merge news.db" in outcome.err
        assert "damaged" not in outcome.err


@pytest.mark.parametrize("way", ["gone", "overwritten"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_ledger_that_is_gone_or_overwritten_is_brought_back_from_beside(
    damaged: Runner, way: str, lang: str
) -> None:
    backup = json.loads(damaged.done("backup", "--json"))["file"]
    before = damaged.done("status", "--json")
    spoiled = bytes(16) + damaged.ledger.read_bytes()[16:]
    if way == "gone":
        damaged.ledger.unlink()
    else:
        damaged.ledger.write_bytes(spoiled)
    for command in (("status",), ("contact", "add", "13748136"), ("check",)):
        outcome = damaged(*command, lang=lang)
        assert outcome.code == 1
        assert f"kmtrack restore {backup}" in outcome.err
    damaged.done("restore", backup, "--dry-run", lang=lang)
    assert way == "gone" or damaged.ledger.read_bytes() == spoiled
    done = damaged.done("restore", backup, "--yes", lang=lang)
    assert damaged.done("status", "--json") == before
    if way == "overwritten":
        [kept] = _damaged(damaged.ledger)
        assert kept.read_bytes() == spoiled
        assert str(kept) in done


def test_a_file_that_has_no_backups_beside_it_is_not_restored_over(damaged: Runner) -> None:
    backup = json.loads(damaged.done("backup", "elsewhere", "--json"))["file"]
    other = damaged.ledger.with_name("letter.docx")
    other.write_bytes(b"a letter")
    outcome = damaged("--ledger", str(other), "restore", backup, "--yes")
    assert outcome.code == 1
    assert other.read_bytes() == b"a letter"


@pytest.mark.parametrize("typed", ["zzz", "deadbeef", "", "0" * 65, "g" * 64])
def test_what_is_no_head_is_wrong_usage(damaged: Runner, typed: str) -> None:
    outcome = damaged("check", typed)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)


def test_a_head_that_is_not_here_is_found(damaged: Runner) -> None:
    outcome = damaged("check", "0" * 16, "--json")
    assert outcome.code == 1
    assert [found["kind"] for found in json.loads(outcome.out)["damage"]] == ["head_missing"]


SUMS: Final = (
    *(f"DROP TABLE {table}" for table in DERIVED),
    "DELETE FROM contact",
    "DELETE FROM company",
    "UPDATE company SET employees = 'abc'",
    "UPDATE verdict SET outcome = 'excluded'",
    "UPDATE tally SET number = number + 1",
    "UPDATE contract SET document = '{'",
    "UPDATE setting SET value = 'zz'",
    "DROP TABLE setting",
    "DROP VIEW readable_company; ALTER TABLE company DROP COLUMN basis",
)


@pytest.mark.everyday(4)
@pytest.mark.parametrize("statement", SUMS)
def test_what_entries_add_up_to_is_mended_by_them(damaged: Runner, statement: str) -> None:
    damaged.done("bundle", "earlier.db")
    before = damaged.done("status", "--json")
    _spoil(damaged, statement)
    spoiled = damaged.ledger.read_bytes()
    checked = damaged("check")
    assert "kmtrack check --mend" in checked.out
    assert "kmtrack restore" not in checked.out
    assert damaged.ledger.read_bytes() == spoiled
    mended = damaged("check", "--mend")
    assert mended.code == 0, mended.out + mended.err
    assert damaged.done("status", "--json") == before
    assert "Ane Berg" in damaged.done("person", "show", "Ane Berg")
    [kept] = _damaged(damaged.ledger)
    *faults, fixed = mended.err.splitlines()
    assert [fault.partition(":")[0] for fault in faults] == ["Fault"] * len(faults)
    assert fixed.startswith("Fixed: ")
    assert fixed.endswith(str(kept))
    assert damaged("--ledger", str(kept), "check").code == 1
    damaged.done("contact", "add", "13748136", "--date", "2011-04-01")
    assert damaged("check").code == 0


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    "statement",
    [
        *(f"DROP TABLE {table}" for table in ("entry", "command", "person")),
        "UPDATE entry SET facts = replace(facts, 'visit', 'phone')",
        "UPDATE person SET name = 'Ane Borg'",
        "DELETE FROM entry WHERE noun = 'contact'",
    ],
)
def test_what_was_stated_is_not_mended_but_gone_back_for(damaged: Runner, statement: str) -> None:
    whole = json.loads(damaged.done("backup", "--json"))["file"]
    _spoil(damaged, statement)
    damaged("backup")  # with the same damage
    spoiled = damaged.ledger.read_bytes()
    for command in (("check",), ("check", "--mend")):
        checked = damaged(*command)
        assert checked.code == 1
        assert f"kmtrack restore {whole}" in checked.out
        assert "--mend" not in checked.out
    assert damaged.ledger.read_bytes() == spoiled
    damaged.done("restore", whole, "--yes")
    assert damaged("check").code == 0


def test_where_no_backup_is_whole_none_is_named(damaged: Runner) -> None:
    shutil.rmtree(Backups(damaged.ledger).folder)
    for _ in range(2):
        checked = damaged("check", "0" * 64)
        assert "No backup" in checked.out
        assert "kmtrack restore FILE" in checked.out
        damaged.done("backup")


def test_a_whole_ledger_is_not_touched_by_mending(damaged: Runner) -> None:
    before = damaged.ledger.read_bytes()
    damaged.done("check", "--mend")
    assert damaged.ledger.read_bytes() == before
    assert _damaged(damaged.ledger) == []


@pytest.mark.slow
def test_copies_of_a_damaged_ledger_push_no_sound_one_out(
    damaged: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    _spoil(damaged, "UPDATE entry SET facts = replace(facts, 'visit', 'phone')")
    backups = Backups(damaged.ledger)
    [sound] = backups.all()
    for day in range(1, 15):
        monkeypatch.setenv("KMTRACK_TODAY", f"2011-07-{day:02}")
        outcome = damaged("company", "add", f"Firma {day}", "--yes")
        assert outcome.code == 0
        assert ("is damaged" in outcome.err) == (day >= 10)
    assert "is damaged" in damaged("backup").err
    assert sound in backups.all()
    assert f"kmtrack restore {sound}" in damaged("check").out


@pytest.mark.everyday(6)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE command SET recorded_at = 'rubbish' WHERE number = 2",
        "INSERT INTO tally VALUES ('hires', 'counted', 'x', 1)",
        "UPDATE tally SET day = 'garbage'",
        "UPDATE verdict SET day = 'x', outcome = 'y', municipality = 'z', reasons = 'w'",
        "UPDATE contact SET recorded_at = 'x'",
        "UPDATE entry SET noun = 'x' WHERE number = 3",
    ],
)
@pytest.mark.parametrize("words", [("check",), ("check", "--json"), ("check", "--mend")])
def test_what_nobody_can_read_is_told_as_it_is(
    damaged: Runner, statement: str, words: tuple[str, ...]
) -> None:
    _spoil(damaged, statement)
    outcome = damaged(*words)
    assert outcome.code in {0, 1}, outcome.err
    if "--mend" in words and outcome.code == 0:
        assert "The previous ledger is in" in outcome.err
