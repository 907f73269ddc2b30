"""What people do, command by command, with everything that is printed, in both languages."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from builders import cvr_number
from cli_runner import Runner, Transcript, assert_golden

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = pytest.mark.parametrize("lang", ["da", "en"])


def _id_in(out: str, letters: str = "cksh") -> str:
    found = re.search(rf"\b[{letters}][0-9a-hjkmnp-tv-z]{{10}}\b", out)
    assert found, out
    return found.group(0)


@LANGUAGES
def test_a_brokers_day(empty_runner: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(empty_runner, lang, tmp_path)
    run = story.run
    run("init", "--municipality", "Viborg", "--municipality", "740", "--broker", "JH",
        "--council", "Viborg Erhvervsråd")  # fmt: skip
    run("company", "add", "Hedelunds Maskinfabrik ApS", "--cvr", "DK 13 74 81 36",
        "--municipality", "Viborg", "--employees", "40")  # fmt: skip
    run("company", "add", "Mols Bogtryk")
    run("broker", "add", "MK")
    run("broker", "add", "AB")
    run("contact", "add", "hedelund", "--date", "4.3.", "--note", "vil høre mere",
        "--person", "Inger Holm", "--next", "1.9.2011")  # fmt: skip
    first = _id_in(run("contact", "add", "hedelund").out)
    waiting = _id_in(run("contact", "add", "mols").out)
    run("contact", "add", "hedelund", "--channel", "e-mail", "--date", "5.3.")
    run("followup", "add", "hedelund", "--date", "i går", "--with", "MK", "--with", "AB")
    run("followup", "due", "--until", "31.12.2011")
    run("collaboration", "add", "hedelund", "--kind", "praktik", "--agreed", "4/3-2011",
        "--institution", "VIA University College", "--title", "Ny hjemmeside")  # fmt: skip
    run("collaboration", "add", "hedelund", "--kind", "project")
    hire = _id_in(run("hire", "add", "hedelund", "--level", "kandidat", "--agreed", "i dag").out)
    run("contact", "list")
    run("followup", "list")
    run("collaboration", "list")
    run("hire", "list")
    run("company", "list")
    run("company", "show", "hedelund")
    run("hire", "show", hire)
    run("contact", "edit", first, "--date", "1.3.")
    run("contact", "withdraw", first, "--reason", "aflyst")
    run("contact", "show", first)
    run("company", "edit", "mols", "--cvr", "13585628", "--employees", "20-49",
        "--municipality", "Skanderborg")  # fmt: skip
    run("company", "edit", "hedelund", "--employees", "300", "--from", "1.5.2011")
    run("why", waiting)
    run("status")
    run("check")
    assert_golden(f"brokers_day.{lang}", story.text())


@LANGUAGES
def test_the_operators_view(stocked: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(stocked, lang, tmp_path)
    run = story.run
    stocked.done("broker", "add", "MK", "--council", "Silkeborg Erhvervsråd")
    visit = _id_in(stocked.done("contact", "add", "13748136", "--with", "MK"))
    run("status")
    run("status", "--as-of", "28.2.2011")
    for grouping in ("municipality", "broker", "council", "month"):
        run("status", "--by", grouping)
    run("status", "--json")
    run("status", "--by", "kommune", "--json")
    run("why", visit)
    run("why", visit, "--json")
    run("why", "new-contacts")
    run("why", "follow-ups", "--json")
    run("why", "methods")
    run("contract", "show")
    run("contract", "amend", "--last-day", "2011-03-31", "--reason", "brev fra regionen")
    run("contract", "amend", "--minimum", "hires=75", "--minimum", "new-contacts=1")
    run("contract", "amend", "--municipality", "Viborg", "--from", "2011-06-01")
    run("contract", "amend", "--without", "Silkeborg", "--json")
    run("status")
    run("broker", "list")
    run("contact", "list", "--csv")
    run("contact", "list", "--json")
    run("check", "--json")
    assert_golden(f"operators_view.{lang}", story.text())


@LANGUAGES
def test_where_no_municipality_takes_part(empty_runner: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(empty_runner, lang, tmp_path)
    story.run("init", "--broker", "JH")
    story.run("company", "add", "Mols Bogtryk", "--cvr", "13748136", "--employees", "5",
              "--municipality", "Viborg")  # fmt: skip
    story.run("contact", "add", "mols")
    story.run("status")
    story.run("contract", "amend", "--municipality", "Viborg")
    story.run("status")
    assert_golden(f"no_municipality.{lang}", story.text())


@LANGUAGES
def test_methods_from_collection_to_dissemination(
    stocked: Runner, tmp_path: Path, lang: str
) -> None:
    stocked.done("broker", "add", "MK")
    story = Transcript(stocked, lang, tmp_path)
    run = story.run
    run("method", "list")
    run("method", "add", "Opgavekataloget", "--kind", "tool", "--for", "both",
        "--description", "Opgaver som studerende kan løse", "--date", "2011-02-01")  # fmt: skip
    run("method", "add", "Behovssamtalen", "--kind", "metode", "--for", "virksomheder",
        "--date", "2011-02-15", "--by", "MK")  # fmt: skip
    run("method", "assess", "opgave", "--verdict", "keep", "--text", "Bruges hver uge")
    run("method", "disseminate", "opgave", "--to", "companies", "--how", "nyhedsbrev")
    run("method", "disseminate", "opgave", "--to", "institutions", "--how", "møde",
        "--institution", "VIA University College", "--date", "2011-06-01")  # fmt: skip
    visit = _id_in(run("contact", "add", "13748136", "--date", "1.6.", "--method", "behov").out)
    run("method", "used", "opgave", "--contact", visit)
    run("hire", "add", "13748136", "--level", "phd", "--agreed", "2011-06-15")
    run("method", "list")
    run("method", "list", "--csv")
    run("method", "show", "behov")
    run("method", "show", "opgave", "--json")
    run("why", "methods")
    run("method", "edit", "behov", "--name", "Behovsmødet", "--kind", "koncept")
    run("method", "assess", "behovsm", "--verdict", "drop", "--text", "Tog for lang tid")
    run("status")
    run("why", "methods", "--json")
    run("method", "withdraw", "behovsm", "--reason", "aldrig brugt")
    run("method", "list", "--json")
    assert_golden(f"methods.{lang}", story.text())


@LANGUAGES
def test_deliverables_until_they_are_handed_in(stocked: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(stocked, lang, tmp_path)
    run = story.run
    model = tmp_path / "model.pdf"
    model.write_bytes(b"%PDF-1.4 a model")
    run("deliverable", "list")
    run("deliverable", "log", "project-management", "--date", "2011-01-15", "--text", "Etableret")
    run("deliverable", "log", "project-management", "--text", "Styregruppemøde")
    for point in ("resources", "anchoring", "with-municipalities", "with-institutions"):
        run("deliverable", "check", "continuation-model", point, "--date", "2011-06-01")
    run("deliverable", "show", "continuation-model")
    step = _id_in(run("deliverable", "submit", "continuation-model", "--file", str(model),
                      "--json").out, "d")  # fmt: skip
    run("status")
    run("why", "continuation-model")
    run("deliverable", "check", "continuation-model", "with-business-service")
    run("deliverable", "list", "--json")
    run("deliverable", "withdraw", step, "--reason", "forkert udgave")
    run("why", "continuation-model", "--json")
    run("why", "project-management")
    assert_golden(f"deliverables.{lang}", story.text())


ASKED = ("employees=12", "highly-educated=1")
OUTCOME = ("additionality=later", "product=3", "process=unknown", "business-method=0",
           "satisfaction=4", "students-again=yes")  # fmt: skip


@LANGUAGES
def test_questionnaires_from_asking_to_report(stocked: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(stocked, lang, tmp_path)
    run = story.run
    for number in range(4):
        name = f"Firma {'ABCD'[number]}"
        stocked.done("company", "add", name, "--cvr", cvr_number(number), "--employees", "9",
                     "--municipality", "Viborg" if number else "Silkeborg")  # fmt: skip
        stocked.done("contact", "add", name, "--date", "2011-01-05")
        stocked.done("hire", "add", name, "--level", "master", "--agreed", f"2011-01-1{number}")
    later = ("--as-of", "2011-08-01")
    run("survey", "due")
    run("survey", "due", "--wave", "before", "--json")
    run("survey", "due", *later)
    run("survey", "report")
    for number in range(4):
        name, educated = f"Firma {'ABCD'[number]}", f"highly-educated={number % 2}"
        answers = (name, "--wave", "before", "--answer", "employees=9", "--answer", educated)
        stocked.done("survey", "answer", *answers)
        given = [word for answer in (*ASKED, *OUTCOME) for word in ("--answer", answer)]
        out = (run if not number else stocked)("survey", "answer", name, *given).out
    run("survey", "answer", "Firma D", "--answer", "product=2")
    run("survey", "answer", "Firma D", "--answer", "product=2")
    run("survey", "answer", "--municipality", "Viborg", "--wave", "after",
        "--answer", "anchoring=2", "--answer", "co-financing=ja")  # fmt: skip
    run("survey", "list")
    run("survey", "show", _id_in(out, "q"))
    run("survey", "report", *later)
    run("survey", "report", *later, "--by", "municipality")
    run("survey", "report", *later, "--by", "level", "--json")
    run("why", "growth")
    run("why", "growth", "--json")
    run("status", "--json")
    forms = str(tmp_path / "forms.xlsx")
    run("survey", "form", "Firma A", "Firma B", forms, "--with-answers")
    run("survey", "import", str(tmp_path / "forms.xlsx"))
    run("survey", "withdraw", _id_in(out, "q"), "--reason", "svarede for en anden")
    run("survey", "list", "--csv")
    assert_golden(f"questionnaires.{lang}", story.text())


@LANGUAGES
def test_a_list_is_shown_before_it_is_stored(
    empty_runner: Runner, tmp_path: Path, lang: str
) -> None:
    story = Transcript(empty_runner, lang, tmp_path)
    run = story.run
    run("init", "--municipality", "Viborg", "--broker", "JH")
    run("broker", "add", "MK")
    companies = tmp_path / "virksomheder.csv"
    companies.write_text(
        "Virksomheder pr. 1. marts 2011;;;;\n"
        "Navn;CVR-nr.;Kommune;Ansatte;Farve\n"
        "Hedelund ApS;13748136;Viborg;40;rød\n"
        "Hedelunds ApS;;Viborg;12;\n",
        encoding="utf-8",
    )
    contacts = tmp_path / "kontakter.csv"
    contacts.write_text(
        "CVR;Dato;Kontakttype;Sagsbehandler;Bemærkninger\n"
        "13748136;1.3.2011;besøg;JH;positivt møde\n"
        "13748136;1.6.2011;mail;MK;sendte brochure\n",
        encoding="utf-8",
    )
    run("import", str(companies), "--dry-run")
    run("import", str(companies), "--kind", "virksomhed")
    run("import", str(companies), "--json")
    run("import", str(contacts), "--dry-run")
    run("import", str(contacts), code=1)
    run("import", str(contacts), "--yes", "--channel", "brevdue", "--broker", "JH", code=1)
    run("import", str(contacts), "--dry-run", "--json")
    story.see("import", str(contacts), typed="1\nj\n")
    run("contact", "list")
    run("import", str(contacts))
    run("import", str(contacts), "--level", "kandidat", code=1)
    assert_golden(f"lists.{lang}", story.text())


COMMANDS = [
    (),
    ("init",), ("status",), ("why",), ("export",), ("template",), ("import",), ("check",),
    ("demo",), ("contract",), ("contract", "show"), ("contract", "amend"),
    ("company",), ("company", "add"), ("company", "list"), ("company", "show"),
    ("company", "edit"), ("company", "withdraw"),
    ("contact",), ("contact", "add"), ("contact", "list"), ("contact", "show"),
    ("contact", "edit"), ("contact", "withdraw"),
    ("followup",), ("followup", "add"), ("followup", "due"), ("followup", "list"),
    ("collaboration",), ("collaboration", "add"), ("collaboration", "edit"),
    ("hire",), ("hire", "add"), ("hire", "edit"),
    ("broker",), ("broker", "add"), ("broker", "edit"), ("broker", "list"),
    ("method",), ("method", "add"), ("method", "assess"), ("method", "disseminate"),
    ("method", "used"), ("method", "list"), ("method", "show"), ("method", "edit"),
    ("method", "withdraw"),
    ("deliverable",), ("deliverable", "list"), ("deliverable", "show"), ("deliverable", "log"),
    ("deliverable", "check"), ("deliverable", "submit"), ("deliverable", "withdraw"),
    ("survey",), ("survey", "due"), ("survey", "form"), ("survey", "import"),
    ("survey", "answer"), ("survey", "report"), ("survey", "list"), ("survey", "show"),
    ("survey", "withdraw"),
    ("today",), ("history",), ("undo",), ("redo",), ("merge",), ("bundle",), ("backup",),
    ("restore",), ("config",), ("company", "join"), ("company", "succeed"),
    ("followup", "show"), ("followup", "edit"), ("followup", "withdraw"),
    ("collaboration", "list"), ("collaboration", "show"), ("collaboration", "withdraw"),
    ("hire", "list"), ("hire", "show"), ("hire", "withdraw"), ("broker", "me"),
    ("person",), ("person", "show"), ("person", "erase"), ("person", "stale"),
]  # fmt: skip


@LANGUAGES
def test_help(runner: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(runner, lang, tmp_path)
    for command in COMMANDS:
        story.run(*command, "--help")
    story.run("help", "options")
    assert_golden(f"help.{lang}", story.text())


def test_an_id_may_be_shortened_to_three_characters(stocked: Runner) -> None:
    visit = _id_in(stocked.done("contact", "list"))
    assert visit in stocked.done("contact", "show", visit[:3])
    assert stocked("contact", "show", visit[:2]).code == 1


def test_every_name_of_one_company_in_composed_and_decomposed_unicode(stocked: Runner) -> None:
    for name in ("århus smedje", "a\u030arhus smedje", "AARHUS SMEDJE", "Århus  smedje aps"):
        assert "13748136" in stocked.done("company", "show", name)


@LANGUAGES
def test_what_was_stated_and_taken_back(empty_runner: Runner, tmp_path: Path, lang: str) -> None:
    story = Transcript(empty_runner, lang, tmp_path)
    run = story.run
    run("init", "--municipality", "Viborg", "--broker", "JH")
    run("broker", "list")
    run("company", "add", "Hedelunds Maskinfabrik ApS", "--cvr", "13748136",
        "--municipality", "Viborg", "--employees", "40")  # fmt: skip
    visit = _id_in(run("contact", "add", "hedelund", "--date", "1.3.", "--note", "[b]=1+1",
                       "--person", "Inger Holm").out)  # fmt: skip
    run("contact", "edit", visit, "--date", "2.3.", "--note", "")
    run("company", "edit", "hedelund", "--employees", "300", "--from", "1.5.2011")
    run("contract", "amend", "--minimum", "hires=75", "--reason", "brev fra regionen")
    run("history")
    run("history", visit)
    run("history", "hedelund", "--limit", "1")
    run("history", "--by", "MK")
    run("undo", code=1)
    run("undo", "--dry-run")
    run("undo", "--yes")
    run("contract", "show")
    run("undo", "2", "--yes", code=1)
    run("undo", "1", "--yes", code=1)
    run("undo", "99", "--yes", code=1)
    run("undo", "3", "--yes")
    run("undo", "3", "--yes", code=1)
    run("undo", "4", "--yes")
    run("status")
    run("redo", code=1)
    run("redo", "--yes", "--json")
    run("redo", "--dry-run")
    run("redo", "--yes")
    run("contact", "show", visit)
    run("history", visit, "--json")
    run("status", "--known-at", "2011-06-29", code=1)
    run("status", "--known-at", "i dag", "--as-of", "2011-02-28")
    run("check")
    assert_golden(f"history.{lang}", story.text())


def _join_and_part(story: Transcript, companies: list[str]) -> None:
    run = story.run
    run("company", "join", *companies)
    run("company", "join", *companies, code=1)
    run("company", "show", "Mols Bogtrykkeri")
    run("history", companies[0])
    run("company", "edit", companies[0], "--employees", "4")
    run("undo", "10", "--yes", code=1)
    run("undo", "--yes")
    run("undo", "10", "--yes")
    run("history", companies[1], "--limit", "1")
    run("company", "join", *companies, "--json")
    run("undo", "--yes")


@pytest.mark.files
@LANGUAGES
def test_two_brokers_bring_their_work_together(
    empty_runner: Runner, tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    story = Transcript(empty_runner, lang, tmp_path)
    run = story.run
    other = ("--ledger", "mk.db")
    run("init", "--municipality", "Viborg", "--broker", "JH")
    run("init", "--municipality", "Silkeborg", "--broker", "MK", *other)
    hedelund = ("--cvr", "13748136", "--municipality", "Viborg")
    run("company", "add", "Hedelunds Maskinfabrik ApS", *hedelund, "--employees", "40")
    run("company", "add", "Hedelund", *hedelund, "--employees", "45", *other)
    run("company", "add", "Mols Bogtrykkeri", "--municipality", "Silkeborg")
    run("company", "add", "Mols Bogtryk", "--municipality", "Silkeborg", *other)
    run("contact", "add", "hedelund", "--date", "1.3.", "--person", "Inger Holm")
    run("contact", "add", "hedelund", "--date", "1.2.", "--note", "Inger Holms chef", *other)
    run("merge", str(tmp_path / "mk.db"), code=1)
    run("merge", str(tmp_path / "mk.db"), "--dry-run", "--json")
    run("merge", str(tmp_path / "mk.db"), "--yes")
    run("merge", str(tmp_path / "mk.db"), "--yes")
    run("merge", str(tmp_path / "ledger.db"), code=1)
    run("merge", str(tmp_path / "nowhere.db"), code=1)
    run("undo", "--yes", code=1)
    run("check")
    run("company", "join", "mols", "hedelund", code=1)
    mols = [line.split()[0] for line in run("company", "list").out.split("\n") if "Mols" in line]
    _join_and_part(story, mols)
    run("bundle", str(tmp_path / "news.db"))
    run("bundle", str(tmp_path / "news.db"), code=1)
    run("merge", str(tmp_path / "news.db"), "--yes", *other)
    run("status", *other)
    run("person", "show", "inger")
    run("person", "erase", "inger", code=1)
    run("person", "erase", "inger", "--yes")
    run("person", "show", "inger", code=1)
    run("person", "stale", "--before", "2011-03-01")
    run("backup", "--keep", "2")
    copies = sorted((tmp_path / "ledger-backups").glob("*.db"), key=lambda path: path.stem)
    assert len(copies) == 2
    run("contact", "add", "hedelund")
    shutil.copy(copies[-1], tmp_path / "copy.db")
    run("restore", str(tmp_path / "copy.db"), code=1)
    run("restore", str(tmp_path / "copy.db"), "--dry-run", "--json")
    run("restore", str(tmp_path / "copy.db"), "--yes")
    run("restore", str(tmp_path / "mk.db"), "--yes", code=1)
    run("check", "0123456789abcdef", code=1)
    run("check")
    assert_golden(f"together.{lang}", story.text())


@LANGUAGES
def test_a_company_is_taken_over_and_has_a_plant_elsewhere(
    empty_runner: Runner, tmp_path: Path, lang: str
) -> None:
    story = Transcript(empty_runner, lang, tmp_path)
    run = story.run
    old, new = "13748136", "24256790"
    run("init", "--municipality", "Viborg", "--broker", "JH")
    run("company", "add", "Hedelund", "--cvr", old, "--municipality", "Viborg", "--employees", "40")
    run(
        "company",
        "add",
        "Hedelund 2011",
        "--cvr",
        new,
        "--municipality",
        "Odder",
        "--employees",
        "40",
    )
    run("contact", "add", old, "--date", "2011-03-01")
    run("contact", "add", new, "--date", "2011-05-02", "--municipality", "Viborg")
    run("company", "succeed", old, new, code=2)
    run("company", "succeed", old, old, "--from", "2011-04-01", code=1)
    run("company", "succeed", old, new, "--from", "2011-04-01")
    run("company", "succeed", old, new, "--from", "2011-04-01", code=1)
    run("company", "succeed", new, old, "--from", "2011-04-01", code=1)
    run("company", "succeed", old, new, "--from", "1.5.2011", "--json")
    run("company", "show", old)
    run("company", "show", new)
    run("why", _last_contact(run("contact", "list").out))
    run("hire", "add", new, "--level", "master", "--agreed", "2011-05-03")
    run(
        "hire",
        "add",
        new,
        "--level",
        "master",
        "--agreed",
        "2011-05-03",
        "--municipality",
        "Ribe",
        code=1,
    )
    run(
        "hire",
        "add",
        new,
        "--level",
        "master",
        "--agreed",
        "2011-05-03",
        "--municipality",
        "Esbjerg",
    )
    run("contact", "add", old, "--date", "2011-06-01")
    run("check")
    run("company", "withdraw", old, "--reason", "lukket", code=1)
    run("company", "join", old, new, code=1)
    run("undo", "--yes")
    run("company", "succeed", old, new, "--withdraw", "anden virksomhed")
    run("company", "succeed", old, new, "--withdraw", "anden virksomhed", code=1)
    run("history", new)
    run("status", "--by", "municipality")
    assert_golden(f"taken_over.{lang}", story.text())


def _last_contact(listed: str) -> str:
    """Return the id of the newest contact of a list."""
    return next(line.split()[0] for line in listed.splitlines() if "2011" in line)
