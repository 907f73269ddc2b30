"""Danish words for commands and options: every one has some, and they stand only where a word is expected."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
from typer.main import get_command

from kmtrack.cli.app import build_app
from kmtrack.cli.completion import answer_to
from kmtrack.cli.globals import GLOBAL_FLAGS, GLOBAL_OPTIONS
from kmtrack.cli.shells import Typed
from kmtrack.cli.typer_patches.aliases import (
    folded,
    options_in_english,
    resolve_in_danish,
)
from kmtrack.cli.typer_patches.localise import LocalisedContext
from kmtrack.texts.aliases import COMMANDS, OPTIONS, VERBS

if TYPE_CHECKING:
    from cli_runner import Runner

HELP: Final = "help"  # a word before or behind every command, and no command that Typer knows
ROOT: Final[Any] = get_command(build_app(None))
NOUNS: Final = {
    name: tuple(command.commands)
    for name, command in ROOT.commands.items()
    if hasattr(command, "commands")
}
GLOBALS: Final = sorted(name.removeprefix("--") for name in GLOBAL_OPTIONS | GLOBAL_FLAGS)


def _options(command: Any) -> list[str]:
    names = [name for p in command.params for name in (*p.opts, *p.secondary_opts)]
    return [name.removeprefix("--") for name in names if name.startswith("--")]


LEAVES: Final = {
    name: _options(command) for name, command in ROOT.commands.items() if name not in NOUNS
} | {
    f"{noun} {verb}": _options(ROOT.commands[noun].commands[verb])
    for noun, verbs in NOUNS.items()
    for verb in verbs
}


def _spellings(table: dict[str, str], name: str) -> set[str]:
    """Return all that a command or an option is called by, the English word included."""
    return {folded(word) for word in (name, *table[name].split("|")) if word}


def _clashes(table: dict[str, str], names: list[str]) -> list[str]:
    counted = Counter(word for name in set(names) for word in _spellings(table, name))
    return [word for word, number in counted.items() if number > 1]


def test_every_command_has_a_danish_word_and_none_is_left_over() -> None:
    assert set(COMMANDS) == {*ROOT.commands, HELP}
    assert set(VERBS) == {verb for verbs in NOUNS.values() for verb in verbs} | {HELP}


def test_every_option_has_a_danish_word_and_none_is_left_over() -> None:
    known = {name for names in LEAVES.values() for name in names} | set(_options(ROOT))
    assert set(OPTIONS) == known | {HELP}


def test_no_word_means_two_commands() -> None:
    assert _clashes(COMMANDS, list(COMMANDS)) == []
    for noun, verbs in NOUNS.items():
        assert _clashes(VERBS, [*verbs, HELP]) == [], noun


@pytest.mark.parametrize("command", LEAVES)
def test_no_word_means_two_options_of_a_command(command: str) -> None:
    assert _clashes(OPTIONS, [*LEAVES[command], *GLOBALS, HELP]) == []


def _context(*path: str) -> Any:
    context, command = LocalisedContext(ROOT, info_name="kmtrack"), ROOT
    for name in path:
        command = command.commands[name]
        context = LocalisedContext(command, info_name=name, parent=context)
    return context


def _resolved(context: Any, word: str) -> str | None:
    return resolve_in_danish(context.command, context, [word, "--help"])[0]


def test_every_word_of_the_table_is_understood() -> None:
    root = _context()
    for name in ROOT.commands:
        for word in filter(None, COMMANDS[name].split("|")):
            assert {_resolved(root, word), _resolved(root, folded(word))} == {name}
    for noun, verbs in NOUNS.items():
        below = _context(noun)
        for verb in verbs:
            for word in filter(None, VERBS[verb].split("|")):
                assert {_resolved(below, word), _resolved(below, folded(word))} == {verb}


def test_every_option_is_understood() -> None:
    for path, names in LEAVES.items():
        context = _context(*([path] if path in ROOT.commands else path.split()))
        for name in names:
            for word in filter(None, OPTIONS[name].split("|")):
                typed = [f"--{word}=x", f"--{folded(word)}=--{word}"]
                english = options_in_english(context.command, context, typed)
                assert english == [f"--{name}=x", f"--{name}=--{word}"], path


@pytest.mark.everyday(2)
@pytest.mark.parametrize("word", ["nyt", "nye", "ny", "NYT"])
def test_something_new_is_no_bundle(stocked: Runner, tmp_path: Any, word: str) -> None:
    for line in ((word, "besøg"), (word, "besøg.db"), (word,)):
        outcome = stocked(*line)
        assert outcome.code == 2
        assert "bundle" not in outcome.err
        assert "pakke" not in outcome.err
    assert not list(tmp_path.glob("besøg*"))
    stocked.done("pakke", str(tmp_path / "nyt.db"))


def test_a_command_line_all_in_danish(stocked: Runner) -> None:
    line = ("kontakt", "tilføj", "13748136", "--dato", "1.4.2011", "--kanal=møde")
    assert "meeting" in stocked.done(*line)
    assert "meeting" in stocked.done("contact", "vis", "last")
    line = ("KONTAKT", "tilfoej", "13748136", "--DATO=2.4.2011", "--bemaerkning", "--dato")
    assert "--dato" in stocked.done(*line)
    assert "Århus Smedje" in stocked.done("virksomhed", "vis", "13748136")
    assert "contact add" in stocked.done("historik", "--højst", "1")  # the record is in English
    assert stocked.done("fortryd", "--prøv", "--json") == stocked.done(
        "undo", "--dry-run", "--json"
    )
    decomposed = "tilfo\u0308j"  # as some keyboards send an ö for it, which is another letter
    assert stocked("kontakt", decomposed, "13748136").code == 2


def test_a_danish_command_of_two_words(stocked: Runner) -> None:
    assert stocked.done("i", "dag") == stocked.done("today")
    assert stocked("gør", "om").err == stocked("redo").err
    assert stocked("virksomhed", "slå", "sammen", "x").err == stocked("company", "join", "x").err
    assert stocked("i", "morgen").code == 2


def test_global_options_in_danish_wherever_they_stand(stocked: Runner, tmp_path: Any) -> None:
    danish = stocked.done("status", lang="da")
    assert stocked.done("status", "--sprog", "da") == danish
    assert stocked.done("--sprog=da", "status") == danish
    assert stocked("status", "--register", str(tmp_path / "none.db")).code == 1
    assert stocked("status", "--sprog").code == 2
    noted = ("contact", "add", "13748136", "--date", "2011-04-01", "--note", "--sprog")
    assert "--sprog" in stocked.done(*noted)


def test_a_value_that_is_a_danish_command_is_a_value(stocked: Runner) -> None:
    for name in ("Vis", "Tilføj", "Hjælp", "Kontakt"):
        stocked.done("company", "add", name, "--municipality", "Viborg")
        assert name in stocked.done("company", "show", name.lower())
        assert name in stocked.done("virksomhed", "vis", name)
        assert name in stocked.done("company", "list", name)
    assert stocked("company", "show", "--", "--dato").code == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("kontrakt", "ænder"), "did you mean ændr?"),
        (("kontakt", "tilfoj"), "did you mean tilføj?"),
        (("contact", "ad"), "did you mean add?"),
        (("kontat",), "did you mean kontakt,"),
        (("compan",), "did you mean company?"),
        (("contact", "add", "x", "--date", "1.4.2011", "--bemerkning", "x"), "--bemærkning"),
        (("contact", "add", "x", "--dat", "1.4.2011"), "did you mean --date"),
        (("add", "hedelund"), "did you mean company add, contact add or followup add?"),
        (
            ("tilføj", "hedelund"),
            "did you mean virksomhed tilføj, kontakt tilføj or opfølgning tilføj?",
        ),
        (("contact", "hel"), "did you mean help?"),
        (("version",), "did you mean --version?"),
        (("søg", "hede"), "did you mean kontakt liste or virksomhed liste?"),
        (("find", "hede"), "did you mean contact list or company list?"),
        (("slet", "x"), "did you mean fortryd or kontakt annullér?"),
        (("mangler",), "did you mean i-dag?"),
        (("afslut",), "see them with: kmtrack --help"),
        (("ret", "x"), "did you mean virksomhed ret, kontakt ret or"),
        (("kontakt", "tilføj", "x", "–dato", "1.4.2011"), "--dato"),
    ],
)
def test_a_wrong_word_suggests_one_in_the_language_that_was_typed(
    stocked: Runner, line: tuple[str, ...], said: str
) -> None:
    outcome = stocked(*line)
    assert outcome.code == 2
    assert said in outcome.err


def test_commands_in_capitals_are_understood(stocked: Runner) -> None:
    assert stocked.done("HELP") == stocked.done("help")
    assert stocked.done("CONTACT", "List") == stocked.done("contact", "list")


def test_help_by_name(runner: Runner) -> None:
    shown = runner.done("contact", "add", "--help")
    assert runner.done("help", "contact", "add") == shown
    assert runner.done("hjælp", "kontakt", "tilføj") == shown
    assert runner.done("hjaelp", "kontakt", "tilføj") == shown
    assert runner.done("contact", "help", "add") == shown
    assert runner.done("contact", "help") == runner.done("contact", "--help")
    assert runner.done("kontakt", "hjælp") == runner.done("contact", "--hjælp")
    assert runner.done("help") == runner.done("--help") == runner.done("--hjælp")
    assert runner.done("help", "--help") == runner.done("--help")
    outcome = runner("help", "contat")
    assert (outcome.code, outcome.out) == (2, "")
    assert "did you mean contact" in outcome.err


@pytest.mark.parametrize(
    ("words", "beginning", "offered"),
    [
        ((), "hj", ["hjælp"]),
        ((), "hel", ["help"]),
        ((), "kontr", ["kontrollér", "kontrakt"]),
        ((), "cont", ["contact", "contract"]),
        ((), "xx", []),
        (("contact",), "tilf", ["tilføj"]),
        (("kontakt",), "tilfoe", ["tilføj"]),
        (("kontakt",), "hj", ["hjælp"]),
        (("kontakt",), "ad", ["add"]),
        (("help",), "cont", ["contact", "contract"]),
        (("hjælp", "kontakt"), "tilf", ["tilføj"]),
        (("kontakt", "tilføj"), "--da", ["--date"]),
        (("kontakt", "tilføj"), "--dato", ["--dato"]),
        (("contact", "add", "x"), "--bemae", ["--bemærkning"]),
        (("contact", "add", "x", "--kanal"), "tele", ["telefon"]),
        (("kontakt", "tilføj", "x"), "--kanal=tele", ["telefon"]),
    ],
)
def test_tab_offers_danish_words_where_no_english_one_begins_so(
    words: tuple[str, ...], beginning: str, offered: list[str], stocked: Runner
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KMTRACK_LEDGER", str(stocked.ledger))
        patch.setenv("KMTRACK_LANG", "da")
        found = answer_to(Typed(words, beginning)).offers
    assert [offer.word for offer in found] == offered
    assert all(offer.about for offer in found) or offered == ["telefon"]
