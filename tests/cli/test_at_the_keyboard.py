"""A broker at a real terminal: keys are pressed and the screen is read."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli_runner import run_in
from terminals import DOWN, END, ENTER, Terminal, posix

pytestmark = [pytest.mark.files, posix]


@pytest.fixture
def ledger(stocked_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a ledger with two companies and a visit, which every command here is for."""
    copy = shutil.copy(stocked_folder / "ledger.db", tmp_path / "ledger.db")
    monkeypatch.setenv("KMTRACK_LEDGER", os.fspath(copy))
    return tmp_path / "ledger.db"


@pytest.fixture
def new_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where a ledger is to be made, which every command here is for."""
    monkeypatch.setenv("KMTRACK_LEDGER", os.fspath(tmp_path / "new.db"))
    return tmp_path / "new.db"


def run(*words: str, **settings: str) -> str:
    """Run a command at a terminal that asks nothing, and return what is on the screen."""
    with Terminal(*words, **settings) as terminal:  # type: ignore[arg-type]
        assert terminal.ended() == 0, terminal.text
        return terminal.text


def test_a_first_day_from_init_to_status(new_ledger: Path) -> None:
    with Terminal("init") as terminal:
        terminal.shows("Enter tager forslaget i [ ], < går tilbage, Ctrl-C stopper.")
        terminal.answer("Dine initialer [Enter: ingen]:", "j h").shows("»j h« er ikke initialer")
        terminal.answer("Dine initialer [Enter: ingen]:", "jh").answer("Erhvervsråd:", "<")
        terminal.answer("Dine initialer [Enter: ingen] [jh]:").answer("Erhvervsråd:", "Viborg")
        terminal.answer("Deltagende kommuner", "Viborg, Skve og Silkeborg")
        terminal.shows("mente du Skive?").answer("I stedet for »Skve« [Skive]:")
        assert terminal.ended() == 0
        terminal.shows("Deltagende kommuner: Viborg, Skive, Silkeborg")
    with Terminal("contact", "add") as terminal:
        terminal.answer("Virksomhed:", "Hedelunds Maskinfabrik ApS")
        terminal.answer("Kender ikke »", "j").answer("Navn [Hedelunds Maskinfabrik ApS]:")
        terminal.answer("CVR-nr.:", "13748136").answer("Kommune:", "<").answer(
            "CVR-nr. [13748136]:"
        )
        terminal.answer("Kommune:", "viborg").answer("Ansatte:", "40").answer(
            "Dato [i dag]:", "i går"
        )
        terminal.answer("Kanal [besøg]:").answer("Hvem talte du med?", "Inger Holm")
        terminal.answer("Bemærkning:", "vil høre mere").answer("Næste gang?", "1.9.2011")
        terminal.shows("Nye kontakter: tæller som nr. 1 af 1000").answer("Næste virksomhed")
        assert terminal.ended() == 0
    assert "Hedelunds Maskinfabrik ApS" in run("contact", "list")
    for command, is_there in (("undo", False), ("redo", True)):
        with Terminal(command) as terminal:
            terminal.shows("[j/N]").type("j" + ENTER)
            assert terminal.ended() == 0, terminal.text
        assert ("Hedelunds" in run("company", "list")) == is_there
    assert "1" in run("status")


def test_undo_undo_redo(ledger: Path) -> None:
    listed = [run("contact", "add", "smedje", "--date", f"2011-06-0{day}") for day in (1, 2)]
    assert all("Kontakt" in each for each in listed)
    for command, days in (("undo", 2), ("undo", 1), ("redo", 2)):
        with Terminal(command, columns=60) as terminal:
            terminal.shows("[j/N]").type("n" + ENTER)
            assert terminal.ended() == 1
        with Terminal(command, columns=60) as terminal:
            terminal.shows("[j/N]").type("j" + ENTER)
            assert terminal.ended() == 0
        assert run("contact", "list").count("Århus Smedje ApS") == days


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (("init",), {"Dine initialer": "jh", "Erhvervsråd": "V", "Deltagende kommuner": "Viborg"}),
        (
            ("contact", "add"),
            {
                "Virksomhed:": "smedje", "Dato": "", "Kanal": "", "Hvem talte": "Inger",
                "Bemærkning": "", "Næste gang?": "",
            },
        ),
    ],
    ids=["init", "contact add"],
)  # fmt: skip
def test_ctrl_c_at_each_question_leaves_nothing_and_says_so(
    ledger: Path, words: tuple[str, ...], answers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if words == ("init",):
        monkeypatch.setenv("KMTRACK_LEDGER", os.fspath(ledger.with_name("new.db")))
    before = ledger.read_bytes()
    for number, last in enumerate(answers):
        # Of each other question the end of the input, which Ctrl-D is.
        with Terminal(*words) as terminal:
            for question, line in list(answers.items())[:number]:
                terminal.answer(question, line)
            terminal.until(last)
            if number % 2:
                terminal.type(END)
            else:
                terminal.interrupt()
            assert terminal.ended() == 130
            terminal.shows("Afbrudt. Ingen ændring er gemt i registret")
    assert ledger.read_bytes() == before
    assert not ledger.with_name("new.db").exists()


def test_a_day_of_visits(ledger: Path) -> None:
    with Terminal("contact", "add") as terminal:
        terminal.answer("Virksomhed:", "smedje").shows("Århus Smedje ApS, Viborg")
        terminal.answer("Dato [i dag]:", "1/6-2011").answer("Kanal [besøg]:", "telefn")
        terminal.shows("»telefn«", "besøg, møde, telefon").answer("Kanal [besøg]:", "telefon")
        terminal.answer("Hvem talte du med?", "Inger Bjørn").answer("Bemærkning:", "<")
        terminal.answer("Hvem talte du med? [Inger Bjørn]:").answer("Bemærkning:", "æøå")
        terminal.answer("Næste gang?", "1.7.2011").shows("Opfølgende kontakter: tæller som nr. 1")
        terminal.answer("Næste virksomhed", "mols").answer("Dato [01.06.2011]:")
        terminal.answer("Kanal [besøg]:").until("Hvem talte du med?").interrupt()
        assert terminal.ended() == 130
        assert terminal.shows("1 registrering er gemt, og ikke andet")


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
@pytest.mark.parametrize("columns", [40, 60, 80])
def test_no_word_is_broken_over_two_lines(ledger: Path, columns: int, term: str) -> None:
    with Terminal("contact", "add", columns=columns, TERM=term) as terminal:
        terminal.answer("Virksomhed:", "smedje").answer("Dato [i dag]:", "1/3-2011")
        # Of a word that is broken the two halves would have a blank between them.
        terminal.shows("Århus Smedje ApS har allerede en kontakt tirsdag 01.03.2011")
        terminal.shows("Er det her en anden? [j/N]").type("j" + ENTER)
        terminal.answer("Kanal [besøg]:", "telefn").shows("besøg, møde, telefon")
        terminal.until("Kanal [besøg]:").interrupt()
        assert terminal.ended() == 130
        terminal.shows("Ingen ændring er gemt i registret")


@pytest.mark.parametrize(
    "settings",
    [{"TERM": "dumb"}, {"encoding": "cp850"}, {"encoding": "cp850", "TERM": "dumb"}],
    ids=str,
)
def test_a_terminal_that_shows_lines_only(ledger: Path, settings: dict[str, str]) -> None:
    with Terminal("contact", "add", columns=60, **settings) as terminal:  # type: ignore[arg-type]
        terminal.answer("Virksomhed:", "århus smedje").answer("Dato [i dag]:", "<")
        terminal.answer("Virksomhed [Århus Smedje ApS]:").answer("Dato [i dag]:", "31.2.")
        terminal.answer("Dato [i dag]:").answer("Kanal [besøg]:", "møde")
        terminal.answer("Hvem talte du med?", "Ærø Åse").answer("Bemærkning:").answer("Næste gang?")
        terminal.shows("Kontakt").until("Næste virksomhed").type("\n")
        assert terminal.ended() == 0
        assert "\x1b" not in terminal.text
        assert "?" not in terminal.text.replace("med?", "").replace("gang?", "")


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_bytes_that_are_no_text_are_asked_again(ledger: Path, term: str) -> None:
    with Terminal("contact", "add", TERM=term) as terminal:
        terminal.answer("Virksomhed:", "smedje").answer("Dato [i dag]:").answer("Kanal [besøg]:")
        terminal.until("Hvem talte du med?").press(b"Inger \xff\xfe\r").shows("Tegn nr. 7")
        terminal.answer("Hvem talte du med?", "Inger").until("Bemærkning:")


def test_who_sits_here_is_asked_first_and_once(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("DELETE FROM setting WHERE name = 'broker'")
        connection.commit()
    with Terminal("contact", "add") as terminal:
        terminal.answer("Hvem er du?", "xy").answer("Virksomhed:", "smedje")
        for question in ("Dato", "Kanal", "Hvem talte du med?", "Bemærkning", "Næste gang?"):
            terminal.answer(question)
        terminal.shows("XY").answer("Næste virksomhed", "mols").answer("Dato").answer("Kanal")
        terminal.answer("Hvem talte du med?").answer("Bemærkning").answer("Næste gang?")
        terminal.answer("Næste virksomhed")
        assert terminal.ended() == 0
    assert run("contact", "list").count("XY") == 2


def test_whose_initials_may_be_a_slip_is_asked_before_anything_else(ledger: Path) -> None:
    with Terminal("contact", "add", KMTRACK_BROKER="JHH") as terminal:
        terminal.answer("Du er JHH", "n")
        assert terminal.ended() == 1
        assert "Virksomhed" not in terminal.text
    with Terminal("contact", "add", KMTRACK_BROKER="JHH") as terminal:
        terminal.answer("Du er JHH", "j")
        terminal.answer("Virksomhed:", "smedje")
        for question in ("Dato", "Kanal", "Hvem talte du med?", "Bemærkning", "Næste gang?"):
            terminal.answer(question)
        terminal.until("Næste virksomhed").shows("JHH").type(ENTER)
        assert terminal.ended() == 0


@pytest.fixture(scope="module")
def folder_of_builders(stocked_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger of several builders, one of which was met last."""
    folder = tmp_path_factory.mktemp("builders")
    shutil.copy(stocked_folder / "ledger.db", folder)
    names = ("Engholm Byg ApS", "Ålborg Byg A/S", "Byg & Bo")
    add = [("company", "add", name, "--municipality", "Skive") for name in names]
    run_in(folder, [*add, ("contact", "add", "engholm", "--date", "1/5-2011")])
    return folder


@pytest.fixture
def builders(folder_of_builders: Path, ledger: Path) -> Path:
    return Path(shutil.copy(folder_of_builders / "ledger.db", ledger))


class TestMatches:
    """Companies that match what is typed so far are shown below it, those met last first."""

    def test_those_met_last_are_offered_at_once(self, builders: Path) -> None:
        with Terminal("contact", "add") as terminal:
            terminal.shows("Engholm Byg ApS Skive 01.05.2011 Århus Smedje ApS Viborg 01.03.2011")
            terminal.type(DOWN + DOWN + ENTER).until("Dato [i dag]:")
            assert "Virksomhed: Århus Smedje ApS" in terminal.text

    @pytest.mark.parametrize("columns", [60, 120])
    def test_what_is_typed_narrows_them_down(self, builders: Path, columns: int) -> None:
        with Terminal("contact", "add", columns=columns) as terminal:
            terminal.until("Virksomhed:").type("by")
            terminal.shows("Engholm Byg ApS Skive 01.05.2011 Ålborg Byg A/S Skive")
            terminal.type("g ål").shows("Virksomhed: byg ål Ålborg Byg A/S Skive")
            assert "Engholm" not in terminal.text
            terminal.type(DOWN + ENTER).until("Dato [i dag]:")
            assert terminal.text.count("Ålborg Byg A/S") == 2

    def test_a_line_is_edited_as_one_is_used_to(self, builders: Path) -> None:
        with Terminal("contact", "add") as terminal:
            left, back = "\x1b[D", "\x7f"
            terminal.until("Virksomhed:").type("ålborx" + back + "g" + left + ENTER)
            terminal.until("Dato [i dag]:").shows("Ålborg Byg A/S, Skive")

    @pytest.mark.parametrize("settings", [{}, {"TERM": "dumb"}, {"encoding": "cp850"}], ids=str)
    def test_several_companies_are_told_apart_by_number(
        self, builders: Path, settings: dict[str, str]
    ) -> None:
        with Terminal("contact", "add", **settings) as terminal:  # type: ignore[arg-type]
            terminal.answer("Virksomhed:", "byg").shows("1 Engholm Byg ApS, Skive")
            terminal.answer("1-3:", "7").answer("1-3:", "2").until("Dato [i dag]:")
            assert "Ålborg Byg A/S, Skive" in terminal.text
        with Terminal("contact", "add", **settings) as terminal:  # type: ignore[arg-type]
            terminal.answer("Virksomhed:", "byg").answer("1-3:")
            terminal.answer("Vil du oprette »byg« som en ny virksomhed? [j/N]")
            terminal.answer("Virksomhed:", "engholn").shows("Engholm Byg ApS, Skive? [j/N]")

    def test_a_terminal_of_lines_shows_none(self, builders: Path) -> None:
        with Terminal("contact", "add", TERM="dumb") as terminal:
            terminal.until("Virksomhed:").type("by").shows("Virksomhed: by")
            assert "Engholm" not in terminal.text

    def test_their_names_cannot_command_the_terminal(self, builders: Path) -> None:
        with closing(sqlite3.connect(builders)) as connection:
            connection.execute(
                "UPDATE company SET name = 'Engholm \x1b[31mByg' WHERE name LIKE 'Eng%'"
            )
            connection.commit()
        with Terminal("contact", "add") as terminal:
            terminal.until("Virksomhed:").shows("\\x1b[31mByg")

    @pytest.mark.parametrize(("columns", "rows"), [(20, 24), (80, 5), (40, 3)])
    def test_a_small_window_shows_what_it_can(
        self, builders: Path, columns: int, rows: int
    ) -> None:
        with Terminal("contact", "add", columns=columns, rows=rows) as terminal:
            terminal.until("Virksomhed:").type("engholm" + ENTER)
            terminal.until("Dato [i dag]:").interrupt()
            assert terminal.ended() == 130
