"""What the commands say of a text that is taken out, and of erasures that a merge brings."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from builders import session_over
from kmtrack.usecases.erasure_plan import plan_of_person
from kmtrack.usecases.people import erase_persons
from terminals import Terminal, posix

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files
CVR = "13748136"
NOTE = "Inger Holm, Holm, Inger og Inger Holm-Jensen"


@pytest.fixture
def noted(stocked: Runner) -> str:
    """Return the id of a contact whose note has a name, near forms of it, and a longer one."""
    added = stocked.done("contact", "add", CVR, "--date", "2011-03-02", "--note", NOTE, "--json")
    return str(json.loads(added)["id"])


def _note(stocked: Runner, contact: str) -> str:
    return str(json.loads(stocked.done("contact", "show", contact, "--json"))["note"])


PLAN = {
    "en": """\
“inger holm” is removed from texts (1 time)
  in: contact {id} (Note)
Stays: “Holm, Inger” (1 time: contact {id} (Note)). If it is the same: kmtrack person erase --text 'Holm, Inger'
Stays: “Inger Holm-Jensen” (1 time: contact {id} (Note)). If it is the same: kmtrack person erase --text 'Inger Holm-Jensen'
0 contacts and 1 place in texts. Cannot be undone; no figures change.
Error: nothing was changed; answer yes, or add --yes
""",
    "da": """\
»inger holm« fjernes fra tekster (1 gang)
  i: kontakt {id} (Bemærkning)
Bliver stående: »Holm, Inger« (1 gang: kontakt {id} (Bemærkning)). Er det den samme, så skriv: kmtrack person erase --text 'Holm, Inger'
Bliver stående: »Inger Holm-Jensen« (1 gang: kontakt {id} (Bemærkning)). Er det den samme, så skriv: kmtrack person erase --text 'Inger Holm-Jensen'
0 kontakter og 1 sted i tekster. Kan ikke fortrydes; tallene ændres ikke.
Fejl: intet er ændret; svar ja, eller tilføj --yes
""",
}


NOWHERE = {
    "en": (
        "“Ingr Holm” is nowhere in this ledger",
        "“Ingr Holm” was neither in this ledger nor in the copies",
    ),
    "da": (
        "»Ingr Holm« står ikke i registret",
        "»Ingr Holm« stod hverken i registret eller i de kopier",
    ),
}


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_mistyped_text_is_not_said_to_be_removed(stocked: Runner, lang: str) -> None:
    planned, done = NOWHERE[lang]
    assert stocked("person", "erase", "--text", "Ingr Holm", lang=lang).err.startswith(planned)
    erased = stocked.done("person", "erase", "--text", "Ingr Holm", "--yes", lang=lang)
    assert erased.startswith(done)
    assert not re.search("removed from|fjernet fra", erased.splitlines()[0])


@posix
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_pipe_shows_the_plan_and_changes_nothing(stocked: Runner, noted: str, lang: str) -> None:
    outcome = stocked("person", "erase", "--text", "inger holm", lang=lang)
    assert (outcome.code, outcome.err) == (1, PLAN[lang].format(id=noted))
    assert _note(stocked, noted) == NOTE


def test_near_forms_are_taken_out_by_what_is_said_of_them(stocked: Runner, noted: str) -> None:
    done = stocked.done("person", "erase", "--text", "Inger Holm", "--yes", "--json")
    told = json.loads(done)
    assert (told["mentions"], [form["text"] for form in told["near"]]) == (
        1,
        ["Holm, Inger", "Inger Holm-Jensen"],
    )
    assert told["places"] == [{"noun": "contact", "id": noted, "field": "note"}]
    assert _note(stocked, noted) == "***, Holm, Inger og Inger Holm-Jensen"
    texts = [option for form in told["near"] for option in ("--text", form["text"])]
    stocked.done("person", "erase", *texts, "--yes")
    assert _note(stocked, noted) == "***, *** og ***"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--text", "IH"], "“IH” is too short to be removed everywhere"),
        (["Inger", "--text", "Inger Holm"], "not both"),
        (["--text", "x" * 201], "at most 200 characters"),
    ],
)
def test_what_cannot_be_taken_out_is_refused(stocked: Runner, words: list[str], told: str) -> None:
    outcome = stocked("person", "erase", *words, "--yes", lang="en")
    assert outcome.code == 1
    assert told in outcome.err


def test_a_plan_does_not_speak_of_texts_where_there_are_none(stocked: Runner) -> None:
    stocked.done("contact", "add", CVR, "--date", "2011-03-03", "--person", "Bo Lund")
    for words in (["Bo Lund"], ["--text", "Bo Lund"], ["--text", "Viborg"]):
        assert "0 times" not in stocked("person", "erase", *words, lang="en").err


def test_what_an_earlier_erasure_left_is_named_by_its_field(stocked: Runner) -> None:
    added = stocked.done(
        "contact", "add", CVR, "--date", "2011-03-02", "--note", "Bo Dam, Ib Ek, Per Lo", "--json"
    )
    for name in ("Bo Dam", "Ib Ek", "Per Lo"):
        told = json.loads(stocked.done("person", "erase", "--text", name, "--yes", "--json"))
        assert told["places"] == [
            {"noun": "contact", "id": json.loads(added)["id"], "field": "note"}
        ]
        assert told["mentions"] == 1


def test_nothing_to_erase_is_wrong_usage(stocked: Runner) -> None:
    assert stocked("person", "erase", "--yes").code == 2


def test_one_word_is_said_to_be_one(stocked: Runner, noted: str) -> None:
    outcome = stocked("person", "erase", "--text", "Holm", lang="en")
    assert "“Holm” is one word only: others may have that name too" in outcome.err


@posix
def test_a_terminal_asks_about_each_near_form(
    stocked: Runner, noted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KMTRACK_LEDGER", str(stocked.ledger))
    with Terminal("person", "erase", "--text", "Inger Holm", columns=160) as terminal:
        terminal.until("Skal »Holm, Inger« også fjernes")
        assert "person erase --text" not in terminal.text  # it asks instead
        terminal.answer("Skal »Holm, Inger« også fjernes", "j")
        terminal.answer("Skal »Inger Holm-Jensen« også fjernes", "n")
        terminal.answer("Vil du slette det?", "j")
        assert terminal.ended() == 0
    assert _note(stocked, noted) == "***, *** og Inger Holm-Jensen"


@pytest.fixture
def erased_elsewhere(stocked: Runner, noted: str, tmp_path: Path) -> Path:
    """Return a copy of the ledger in which another broker erased a person and a text."""
    stocked.done("contact", "add", CVR, "--date", "2011-03-03", "--person", "Bo Lund")
    other = tmp_path / "elsewhere" / "other.db"
    other.parent.mkdir()
    shutil.copy(stocked.ledger, other)
    with session_over(other, broker="MK") as session:
        plan = plan_of_person(session, "Bo Lund")
        erase_persons(session, *plan.persons, texts=["Inger Holm"])
    return other


TOLD = {
    "en": (
        "for good here too:",
        "contact person Bo Lund",
        "becomes “***, Holm, Inger og Inger Holm-Jensen”",
        "Erased for good: 1 contact person, and names from 1 place in texts",
        "but no longer with what was erased",
    ),
    "da": (
        "også her for altid:",
        "kontaktpersonen Bo Lund",
        "bliver til »***, Holm, Inger og Inger Holm-Jensen«",
        "Slettet for altid: 1 kontaktperson, og navne 1 sted i tekster",
        "men ikke længere med det, der er slettet",
    ),
}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_plan_and_result_of_a_merge_name_each_erasure(
    stocked: Runner, erased_elsewhere: Path, lang: str
) -> None:
    plan = stocked.done("merge", str(erased_elsewhere), "--dry-run", lang=lang)
    data = json.loads(stocked.done("merge", str(erased_elsewhere), "--dry-run", "--json"))
    done = stocked.done("merge", str(erased_elsewhere), "--yes", lang=lang)
    assert [each for each in TOLD[lang][:3] if each not in plan] == []
    assert [each for each in TOLD[lang] if each not in done] == []
    [command] = data["erasures"]["commands"]
    assert command["by"] == "MK"
    assert [person["name"] for person in command["persons"]] == ["Bo Lund"]
    assert [text["before"] for text in command["texts"]] == [NOTE]
    for file in (stocked.ledger, *stocked.ledger.parent.glob("*-backups/*")):
        assert b"Bo Lund" not in file.read_bytes()


LOST = {
    "en": ("comes back", "What was erased for good does not come back"),
    "da": ("kommer tilbage", "Det, der er slettet for altid, kommer ikke tilbage"),
}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_restore_names_what_comes_back_and_what_does_not(
    stocked: Runner, erased_elsewhere: Path, tmp_path: Path, lang: str
) -> None:
    stocked.done("backup", str(tmp_path / "taken"))
    stocked.done("merge", str(erased_elsewhere), "--yes")
    [backup] = (tmp_path / "taken").iterdir()
    lines = stocked.done("restore", str(backup), "--dry-run", lang=lang).splitlines()
    back, erased = LOST[lang]
    place = next(number for number, line in enumerate(lines) if back in line)
    assert lines[place].startswith("1 ")
    assert lines[place + 1].endswith("person erase")
    assert lines[place + 2] == erased
    data = json.loads(stocked.done("restore", str(backup), "--dry-run", "--json"))
    assert data["gained"] == 1


def test_a_backup_of_a_ledger_named_by_a_relative_path_is_known_to_be_clean(
    stocked: Runner, erased_elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(stocked.ledger.parent)
    done = stocked.done("--ledger", stocked.ledger.name, "merge", str(erased_elsewhere), "--yes")
    assert "but no longer with what was erased" in done


@posix
@pytest.mark.parametrize("answer", ["n", "", "j"])
def test_a_terminal_asks_about_the_erasures_by_themselves(
    stocked: Runner,
    noted: str,
    erased_elsewhere: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
) -> None:
    monkeypatch.setenv("KMTRACK_LEDGER", str(stocked.ledger))
    with Terminal("merge", str(erased_elsewhere), columns=160) as terminal:
        terminal.answer("Vil du flette dem ind?", "j")
        terminal.answer(
            "Vil du slette 1 kontaktperson, og navne 1 sted i tekster, for altid?", answer
        )
        assert terminal.ended() == (answer != "j")
    assert (_note(stocked, noted) == NOTE) == (answer != "j")


def test_a_merge_in_a_pipe_that_erases_asks_for_yes(
    stocked: Runner, noted: str, erased_elsewhere: Path
) -> None:
    outcome = stocked("merge", str(erased_elsewhere), lang="en")
    assert outcome.code == 1
    assert "contact person Bo Lund" in outcome.err
    assert _note(stocked, noted) == NOTE


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["contact person Bo Lund", "“Inger Holm” in 1 place in texts"]),
        ("da", ["kontaktpersonen Bo Lund", "»Inger Holm« 1 sted i tekster"]),
    ],
)
def test_a_restore_names_what_it_erases_again(
    stocked: Runner, erased_elsewhere: Path, tmp_path: Path, lang: str, told: list[str]
) -> None:
    kept = tmp_path / "stick.db"
    shutil.copy(stocked.ledger, kept)
    stocked.done("merge", str(erased_elsewhere), "--yes")
    plan = stocked.done("restore", str(kept), "--dry-run", lang=lang)
    assert [each for each in told if each not in plan] == []
