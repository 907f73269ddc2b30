"""Lists as people use them: chosen by options, on a terminal through a pager, in a pipe, in a file."""

from __future__ import annotations

import csv
import json
import os
import re
import stat
import sys
from typing import TYPE_CHECKING, Final

import pytest

from cli_runner import Runner, run_in
from kmtrack.views.pager import is_paged, pager_command, shows_styles
from terminals import posix, seen

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.files

NOTE: Final = 'Tekst\tmed tabulator\nog to linjer; "citat", =1+1'
CHANNELS: Final = ("visit", "phone", "email")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a ledger with thirty contacts, whose records nobody changes."""
    folder = tmp_path_factory.mktemp("lists")
    commands = [
        ["init", "--municipality", "Viborg", "--broker", "JH"],
        ["company", "add", "Ørum Smedje ApS", "--municipality", "Viborg", "--employees", "20",
         "--cvr", "13748136"],
        ["company", "add", "=cmd", "--municipality", "Skive", "--visited-before", "ja"],
        ["collaboration", "add", "Ørum", "--kind", "project", "--title", "Et meget langt navn på et projekt",
         "--agreed", "2011-05-02", "--students", "3"],
        ["hire", "add", "Ørum", "--level", "master", "--agreed", "2011-05-02"],
        *(["contact", "add", "Ørum", "--date", f"2011-{month}-{day:02}", "--channel", CHANNELS[day % 3],
           *(["--note", NOTE] if day == 9 and month == 5 else [])]
          for month in (4, 5) for day in range(1, 16)),
    ]  # fmt: skip
    run_in(folder, commands)
    return folder


@pytest.fixture
def listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(folder, capsys)


def on_terminal(
    folder: Path, *words: str, columns: int = 100, rows: int = 24, **settings: str
) -> str:
    """Return what a command shows on a terminal, without colours."""
    place = str(folder / "ledger.db")
    shown = seen(*words, columns=columns, rows=rows, KMTRACK_LEDGER=place, **settings)
    assert shown.code == 0, shown.text
    return shown.plain


def test_in_a_pipe_a_record_is_a_line_with_tabs(listed: Runner) -> None:
    out = listed.done("contact", "list", "--since", "2011-05-01")
    lines = out.splitlines()
    assert len(lines) == 16
    assert {line.count("\t") for line in lines} == {lines[0].count("\t")}
    assert [line.split("\t")[1] for line in lines[1:3]] == ["2011-05-15", "2011-05-14"]
    noted = listed.done("contact", "list", "tabulator", "--csv")
    assert len(list(csv.reader(noted.splitlines(keepends=True)))) == 2


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["--channel", "telefon"], 10),
        (["--channel", "phone", "--until", "30/4-2011"], 5),
        (["--status", "tæller"], 20),
        (["--mine", "--status", "excluded"], 10),
        (["to", "linjer"], 1),
        (["--municipality", "Skive"], 0),
    ],
)
def test_json_and_csv_obey_the_filters(listed: Runner, words: list[str], number: int) -> None:
    found = json.loads(listed.done("contact", "list", *words, "--json"))
    assert len(found) == number
    lines = list(csv.reader(listed.done("contact", "list", *words, "--csv").splitlines()))
    assert sum(line[0].startswith("k") for line in lines[1:]) == number


def test_nothing_found_is_said_and_is_no_error(listed: Runner) -> None:
    outcome = listed("hire", "list", "--level", "ph.d.")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "No records match\n")
    assert listed("hire", "list", "--level", "ph.d.", "--json").out.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "lang", "said"),
    [
        (["hire", "list", "--channel", "visit"], "en", "kmtrack contact list"),
        (["company", "list", "--status", "counted"], "da", "kmtrack hire list"),
        (["contact", "list", "--kind", "project"], "da", "kmtrack collaboration list"),
        (["collaboration", "list", "--kind", "brevdue"], "da", "projekt"),
        (["contact", "list", "--status", "måske"], "da", "tæller, afventer, tæller ikke"),
        (["contact", "list", "--sort", "farve"], "en", "date, company"),
        (["contact", "list", "--sort", "farve"], "da", "dato, virksomhed"),
        (["company", "list", "--sort", "farve"], "da", "navn, "),
        (["contact", "list", "--since", "31/2-2011"], "en", "--since"),
        (["contact", "list", "--since", "2/5-2011", "--until", "1/5-2011"], "en", "swap"),
    ],
)
def test_a_filter_that_does_not_fit_is_refused_with_what_does(
    listed: Runner, words: list[str], lang: str, said: str
) -> None:
    outcome = listed(*words, lang=lang)
    assert outcome.code in {1, 2}
    assert said in outcome.err
    assert outcome.err.count("\n") == 1 or "--since:" in outcome.err


@posix
def test_the_newest_are_last_on_a_terminal(folder: Path) -> None:
    shown = on_terminal(folder, "contact", "list", "--since", "10/5-2011", PAGER="")
    days = [line.split()[1] for line in shown.splitlines() if line.startswith("k")]
    assert days == [f"2011-05-{day}" for day in range(10, 16)]


@posix
def test_sorted_by_day_is_as_without_and_turned_round_with_a_dash(folder: Path) -> None:
    def shown(*words: str) -> list[str]:
        lines = on_terminal(folder, "contact", "list", "--since", "10/5-2011", *words, PAGER="")
        return [line.split()[1] for line in lines.splitlines() if line.startswith("k")]

    assert shown("--sort", "date") == shown("--sort", "dato") == shown()
    assert shown("--sort", "-date") == shown()[::-1]


@posix
def test_a_narrow_terminal_names_what_it_hides(folder: Path) -> None:
    wide = on_terminal(folder, "collaboration", "list", columns=120, PAGER="")
    narrow = on_terminal(folder, "collaboration", "list", columns=62, PAGER="")
    assert "Not shown" not in wide
    said = " ".join(narrow.split())
    assert "Not shown for lack of space: Students" in said


@posix
def test_a_list_that_fits_is_not_paged(folder: Path) -> None:
    pager = f"{sys.executable} -c \"print('PAGED')\""
    words = ("contact", "list", "--since", "10/5-2011")
    assert "PAGED" not in on_terminal(folder, *words, PAGER=pager)
    assert "PAGED" in on_terminal(folder, "contact", "list", PAGER=pager)
    assert "PAGED" not in on_terminal(folder, "contact", "list", "--no-pager", PAGER=pager)
    assert "PAGED" not in on_terminal(folder, "contact", "list", "--json", PAGER=pager)


@posix
@pytest.mark.parametrize(
    "pager", ["no-such-pager-here", "false", "'broken", sys.executable + " -c ("]
)
def test_a_broken_pager_shows_the_list_all_the_same(folder: Path, pager: str) -> None:
    shown = on_terminal(folder, "contact", "list", PAGER=pager)
    assert "2011-05-15" in shown


@posix
def test_less_and_more_show_the_newest_and_leave(folder: Path) -> None:
    for pager in ("less -E", "more"):
        shown = on_terminal(folder, "contact", "list", typed="q", rows=20, PAGER=pager)
        assert "\nk" in shown, pager


def test_a_pager_that_is_left_early_is_no_fault() -> None:
    assert is_paged("line\n" * 100_000, [sys.executable, "-c", "pass"])
    assert not is_paged("line\n", ["no-such-pager-here"])


@pytest.mark.parametrize(
    ("pager", "settings", "is_shown"),
    [
        (["less"], "", True),
        (["less"], "-FRX", True),
        (["less"], "FX", False),
        (["less", "-R"], "FX", True),
        (["more"], "", False),
        (["cat"], "R", False),
    ],
)
def test_colours_go_to_a_pager_that_shows_them(
    monkeypatch: pytest.MonkeyPatch,
    pager: list[str],
    settings: str,
    is_shown: bool,
) -> None:
    monkeypatch.setenv("LESS", settings)
    assert shows_styles(pager) == is_shown


@posix
@pytest.mark.parametrize(("own", "told"), [(None, "utf-8"), ("latin1", "latin1")])
def test_less_is_told_the_encoding_unless_somebody_did(
    folder: Path, own: str | None, told: str
) -> None:
    pager = f"{sys.executable} -c \"import os; print('SET', os.environ.get('LESSCHARSET'))\""
    words = ("contact", "list")
    if own is None:
        shown = on_terminal(folder, *words, PAGER=pager)
    else:
        shown = on_terminal(folder, *words, PAGER=pager, LESSCHARSET=own)
    assert f"SET {told}" in shown


def test_less_begins_with_the_newest() -> None:
    assert pager_command("less -R", at_the_end=True) == ["less", "-R", "+G"]
    assert pager_command("less") == ["less"]
    assert pager_command("most", at_the_end=True) == ["most"]
    assert pager_command("") == []


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "Årets liste.csv"


def test_a_file_for_a_spreadsheet(listed: Runner, out: Path) -> None:
    said = listed.done("contact", "list", "--channel", "visit", "--out", str(out))
    assert "10 rows" in said
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "Ørum" in raw.decode("utf-8-sig")
    if os.name != "nt":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["Channel"] for row in rows} == {"visit"}
    assert list(out.parent.glob("*.kmtrack-new")) == []


@pytest.mark.parametrize("noun", ["contact", "company", "hire", "collaboration"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_file_is_in_the_language_in_use_and_can_be_read_again(
    listed: Runner, out: Path, noun: str, lang: str
) -> None:
    listed.done(noun, "list", "--out", str(out), lang=lang)
    separator = ";" if lang == "da" else ","
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines, delimiter=separator))
    if noun == "contact":
        word = {"da": ("Kanal", "besøg", "Dato"), "en": ("Channel", "visit", "Date")}[lang]
        assert word[1] in {row[word[0]] for row in rows}
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row[word[2]]) for row in rows)
    if noun != "company":
        assert all(row["Status"] for row in rows)
    again = json.loads(listed.done("import", str(out), "--dry-run", "--json", lang=lang))
    found = again["nouns"][noun]
    assert found == {"added": 0, "already_here": len(rows), "filled_in": 0, "updated": 0}


def test_no_value_of_a_file_is_a_formula(listed: Runner, out: Path) -> None:
    listed.done("company", "list", "--out", str(out), lang="da")
    assert ";'=cmd;" in out.read_text(encoding="utf-8-sig")


def test_a_file_that_is_there_is_replaced_if_somebody_says_so(listed: Runner, out: Path) -> None:
    out.write_text("mine", encoding="utf-8")
    refused = listed("company", "list", "--out", str(out))
    assert (refused.code, out.read_text(encoding="utf-8")) == (1, "mine")
    assert "--yes" in refused.err
    listed.done("company", "list", "--out", str(out), "--yes")
    assert "Ørum" in out.read_text(encoding="utf-8-sig")


@posix
@pytest.mark.parametrize(("answer", "is_replaced"), [("y", True), ("n", False)])
def test_at_a_terminal_it_is_asked(
    folder: Path,
    out: Path,
    answer: str,
    is_replaced: bool,
) -> None:
    out.write_text("mine", encoding="utf-8")
    place = str(folder / "ledger.db")
    words = ("company", "list", "--out", str(out), "--lang", "en")
    shown = seen(*words, typed=f"{answer}\n", KMTRACK_LEDGER=place)
    assert "already exists. Replace it?" in " ".join(shown.plain.split())
    assert ("Ørum" in out.read_text(encoding="utf-8-sig")) == is_replaced


@pytest.mark.parametrize("yes", [[], ["--yes"]])
def test_a_list_is_never_written_over_a_ledger(
    listed: Runner, folder: Path, tmp_path: Path, yes: list[str]
) -> None:
    before = (folder / "ledger.db").read_bytes()
    other = tmp_path / "ledger.csv"
    os.link(folder / "ledger.db", other)
    for file in (folder / "ledger.db", other):
        assert listed("contact", "list", "--out", str(file), *yes).code == 1
    assert (folder / "ledger.db").read_bytes() == before


@pytest.mark.parametrize("name", ["liste.xlsx", "missing/liste.csv", "."])
def test_a_place_that_takes_no_file_is_refused(listed: Runner, tmp_path: Path, name: str) -> None:
    outcome = listed("company", "list", "--out", str(tmp_path / name))
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)


def test_a_file_and_json_are_not_wanted_at_once(listed: Runner, out: Path) -> None:
    assert listed("company", "list", "--out", str(out), "--json").code == 2
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["broker", "list"],
        ["followup", "due"],
        ["followup", "list"],
        ["method", "list"],
        ["survey", "list"],
        ["hire", "list"],
    ],
)
def test_every_list_can_be_written(listed: Runner, out: Path, words: list[str]) -> None:
    listed.done(*words, "--out", str(out))
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
