"""What people get wrong: for each slip the exit code and the one line shown, in both languages."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

import servers
from builders import behind, contents
from cli_runner import A_RECORD, Outcome, Runner, run_in
from kmtrack.resources import DATA_FOLDER

SLIPS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("slips.toml").read_text(encoding="utf-8")
)["slip"]
LANGUAGES = pytest.mark.parametrize("lang", ["da", "en"])
PREFIX = {"da": "Fejl: ", "en": "Error: "}


_MORE: Final = (
    ("company", "add", "Mols Vaskeri", "--municipality", "Silkeborg"),
    ("method", "add", "Opgavekataloget", "--kind", "tool"),
)


@pytest.fixture(scope="session")
def slipping_folder(stocked_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("slipping") / "ledger"
    shutil.copytree(stocked_folder, folder)
    run_in(folder, _MORE)
    return folder


@pytest.fixture
def slipping(stocked: Runner, tmp_path: Path, request: pytest.FixtureRequest) -> Runner:
    """Return the stocked ledger with a third company, named like the second, and a method."""
    if servers.IN_USE:
        for words in _MORE:
            stocked.done(*words)
    else:
        shutil.copytree(request.getfixturevalue("slipping_folder"), tmp_path, dirs_exist_ok=True)
    return stocked


def _refused(runner: Runner, *command: str, lang: str) -> Outcome:
    """Run a command that must be refused in one line and leave the ledger as it was."""
    before = contents(runner.ledger)
    outcome = runner(*command, lang=lang)
    assert outcome.code in {1, 2}, outcome
    assert outcome.out == ""
    assert outcome.err.startswith(PREFIX[lang])
    assert outcome.err.count("\n") == 1
    assert contents(runner.ledger) == before
    return outcome


@LANGUAGES
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip["name"])
def test_one_line_says_what_was_wrong(slipping: Runner, slip: dict[str, Any], lang: str) -> None:
    outcome = _refused(slipping, *slip["command"], lang=lang)
    assert outcome.code == slip["code"]
    shown = A_RECORD.sub("ID", outcome.err).replace(str(slipping.ledger), "LEDGER")
    assert shown == f"{PREFIX[lang]}{slip[lang]}\n"


@LANGUAGES
@pytest.mark.parametrize(
    ("command", "longest"),
    [
        (("company", "add", "x" * 201), 200),
        (("contact", "add", "13748136", "--note", "x" * 2001), 2000),
    ],
    ids=["name", "note"],
)
def test_a_text_that_is_too_long(
    stocked: Runner, command: tuple[str, ...], longest: int, lang: str
) -> None:
    outcome = _refused(stocked, *command, lang=lang)
    assert f" {longest}" in outcome.err
    assert f" {longest + 1} " in outcome.err


@LANGUAGES
@pytest.mark.parametrize("text", ["[red]Smed[/red]", "[/]", "=1+1", "%s {x}", "<b>", "a\\nb"])
def test_text_that_means_something_elsewhere_is_only_text(
    stocked: Runner, text: str, lang: str
) -> None:
    stocked.done("company", "add", text, "--cvr", "13585628", lang=lang)
    stocked.done("contact", "add", "13585628", "--note", text, lang=lang)
    assert text in stocked.done("company", "show", "13585628", lang=lang)
    assert text in stocked.done("company", "list", lang=lang)
    assert text in stocked.done("why", "new-contacts", lang=lang)


@pytest.mark.files
@LANGUAGES
def test_an_ambiguous_id(stocked: Runner, lang: str) -> None:
    with behind(stocked.ledger) as raw:
        (visit,) = raw.execute("SELECT id FROM contact").fetchone()
        twin = visit[:-1] + ("0" if visit[-1] != "0" else "1")
        columns = [row[1] for row in raw.execute("PRAGMA table_info(contact)")]
        values = ", ".join("?" if column == "id" else f'"{column}"' for column in columns)
        raw.execute(f"INSERT INTO contact SELECT {values} FROM contact", (twin,))
    outcome = _refused(stocked, "contact", "show", visit[:6], lang=lang)
    assert visit in outcome.err
    assert twin in outcome.err


@LANGUAGES
@pytest.mark.parametrize(
    "contract",
    [
        ("not TOML", "format = ", ("1", "10")),
        ("wrong key", 'format = 1\nfarve = "rød"', ("farve",)),
        ("wrong format", "format = 2", ("format", "1")),
    ],
    ids=lambda contract: contract[0],
)
def test_a_mistake_in_a_contract_is_named(
    empty_runner: Runner, tmp_path: Path, contract: tuple[str, str, tuple[str, ...]], lang: str
) -> None:
    _, text, named = contract
    file = tmp_path / "contract.toml"
    file.write_text(text, encoding="utf-8")
    outcome = empty_runner("init", "--contract", str(file), lang=lang)
    assert outcome.code == 1
    assert outcome.err.count("\n") == 1
    for word in (str(file), *named):
        assert word in outcome.err
    assert empty_runner("status").code == 1


@LANGUAGES
@pytest.mark.parametrize(
    "text", ["010203-1234", "\\u001b[31m", "a\\u202eb"], ids=["CPR", "escape", "bidi"]
)
def test_a_text_of_a_contract_is_looked_at_like_any_other(
    empty_runner: Runner, tmp_path: Path, text: str, lang: str
) -> None:
    file = tmp_path / "contract.toml"
    shipped = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    before, _, after = shipped.partition('\nen = "')
    file.write_text(f'{before}\nen = "{text}{after}', encoding="utf-8")
    outcome = empty_runner("init", "--contract", str(file), lang=lang)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "name.en" in outcome.err
    assert "010203" not in outcome.err
    assert not empty_runner.ledger.exists()


@pytest.mark.parametrize(
    "command",
    [("company", "edit", "13748136", "--municipality"), ("why",), ("contact", "add")],
    ids=lambda command: command[0],
)
def test_a_cpr_number_is_not_repeated(stocked: Runner, command: tuple[str, ...]) -> None:
    outcome = stocked(*command, "010203-1234")
    assert outcome.code == 1
    assert "010203" not in outcome.err


@pytest.mark.parametrize(
    "command",
    [("backup",), ("bundle",), ("merge",), ("restore",), ("import",), ("export",), ("template",)],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("path", ["\0", "~nobody-of-that-name/x"])
def test_a_path_that_cannot_be(
    stocked: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    path: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = stocked(*command, path)
    assert outcome.code in {0, 1}
    assert outcome.err.count("\n") <= 1


@LANGUAGES
@pytest.mark.parametrize("verb", [("contact", "add"), ("company", "show"), ("history",)])
def test_bytes_that_are_no_text_name_no_company(
    stocked: Runner, verb: tuple[str, ...], lang: str
) -> None:
    _refused(stocked, *verb, "\udcff", lang=lang)


LEDGERS = {
    "missing": None,
    "empty": b"",
    "no database": b"hello" * 1000,
    "another program's database": b"SQLite format 3\x00" + b"\x00" * 4080,
}


@pytest.mark.files
@LANGUAGES
@pytest.mark.parametrize("kind", [*LEDGERS, "folder", "newer"])
def test_a_ledger_that_is_none(stocked: Runner, kind: str, lang: str) -> None:
    ledger = stocked.ledger
    if kind == "newer":
        content = bytearray(ledger.read_bytes())
        content[60:64] = (999).to_bytes(4, "big")
        ledger.write_bytes(content)
    else:
        ledger.unlink()
        if kind == "folder":
            ledger.mkdir()
        elif (content_of := LEDGERS[kind]) is not None:
            ledger.write_bytes(content_of)
    for command in (("status",), ("contact", "add", "13748136"), ("check",)):
        outcome = stocked(*command, lang=lang)
        assert outcome.code == 1
        assert outcome.err.startswith(PREFIX[lang])
        assert outcome.err.count("\n") == 1
        assert str(ledger) in outcome.err


@LANGUAGES
@pytest.mark.parametrize("command", [("status",), ("init",), ("contact", "add", "13748136")])
def test_a_ledger_named_by_a_url_is_refused_and_no_password_repeated(
    empty_runner: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    lang: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = empty_runner("--ledger", "postgresql://me:secret@host/db", *command, lang=lang)
    assert outcome.code == 1
    assert outcome.err.startswith(PREFIX[lang])
    assert outcome.err.count("\n") == 1
    assert "secret" not in outcome.err
    assert list(tmp_path.iterdir()) == []
