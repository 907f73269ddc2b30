"""Every example of the pages works, and every command that they name is there with its options."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from typer.main import get_command

from cli_runner import A_RECORD
from kmtrack.cli.app import build_app
from kmtrack.cli.globals import GLOBAL_FLAGS, GLOBAL_OPTIONS
from kmtrack.cli.main import main
from kmtrack.texts.aliases import COMMANDS, OPTIONS, VERBS

if TYPE_CHECKING:
    from kmtrack.usecases.demo import DemoFiles

pytestmark = pytest.mark.files

ROOT: Final = Path(__file__).parents[2]
# Each with the language in which it shows what commands print.
PAGES: Final = {
    **dict.fromkeys(("README.md", "docs/guide.md", "docs/server.md", "docs/proof.md"), "en"),
    **dict.fromkeys(("docs/contract.md", "docs/json.md"), "en"),
    **dict.fromkeys(("docs/kontaktmaegler.md", "docs/operatoer.md", "docs/region.md"), "da"),
}
BLOCK: Final = re.compile(r"^(<!-- [\w-]+ -->\n)?```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
TYPED: Final = re.compile(r"^\$ kmtrack ?(.*)\n((?:^(?!\$ ).*\n)*)", re.MULTILINE)
IN_TEXT: Final = re.compile(r"`kmtrack(?: ([^`]*))?`")
ROW: Final = re.compile(r"^\| .*`(kmtrack [^`]+)`.*\|$", re.MULTILINE)
# Words that stand for what the reader types; a command with one of them is read, not run.
PLACEHOLDER: Final = re.compile(
    r"…|\.\.\.|\b(?:FIL|FILE|ID|KODE|CHECKSUM|KOMMANDO|FOLDER|MAPPE|BRUGERNAVN|COLUMN)\b"
)
# Blocks of these are run elsewhere: on a server in tests/ledger/test_server_rights.py.
ELSEWHERE: Final = frozenset({"<!-- server-console -->\n"})
# Questions that a terminal asks are answered with yes.
ASKING: Final = ("undo", "redo", "person erase", "merge", "restore")
ROOT_COMMAND: Final[Any] = get_command(build_app(None))


class Example(NamedTuple):
    """A command of a page: its words behind `kmtrack`, what the page says that it prints, its block."""

    line: int
    words: str
    printed: str
    block: int


def _examples(text: str) -> list[Example]:
    """Return the commands of console blocks and of the last cells of tables, in the order of the page."""
    found: list[Example] = []
    for block in BLOCK.finditer(text):
        if block.group(1) in ELSEWHERE:
            continue
        for line in TYPED.finditer(block.group(2)):
            at = block.start(2) + line.start()
            found.append(
                Example(text.count("\n", 0, at) + 1, line.group(1), line.group(2), block.start())
            )
    for row in ROW.finditer(text):
        line_number = text.count("\n", 0, row.start()) + 1
        answers = IN_TEXT.findall(row.group(0).rsplit(" | ", 1)[1])
        found += [Example(line_number, words, "", row.start()) for words in answers]
    return [each for each in sorted(found) if not PLACEHOLDER.search(each.words)]


@pytest.mark.parametrize("page", PAGES)
def test_every_example_of_a_page_works(
    page: str,
    prepared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "here"
    shutil.copytree(prepared, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("KMTRACK_LANG", PAGES[page])
    begun = -1  # the block with an `init`, whose ledger is not that of the others
    wrong = []
    for example in _examples((ROOT / page).read_text(encoding="utf-8")):
        words = shlex.split(example.words, comments=True)
        begun = example.block if words[:1] == ["init"] else begun
        ledger = "new.db" if example.block == begun else "ledger.db"
        monkeypatch.setenv("KMTRACK_LEDGER", str(folder / ledger))
        if example.words.startswith(ASKING) and "--dry-run" not in words:
            words.append("--yes")
        capsys.readouterr()
        code = main(words)
        shown = capsys.readouterr()
        said = f"{page}:{example.line}: kmtrack {example.words}\n"
        if code:
            wrong.append(said + shown.err)
        elif example.printed and A_RECORD.sub("ID", example.printed) not in A_RECORD.sub(
            "ID", shown.out
        ):
            wrong.append(said + shown.out)
    assert not wrong, "\n".join(wrong)


class Typist(io.StringIO):
    """A terminal at which somebody gives the answers that a page shows; holds what is on it then."""

    def __init__(self, page: list[str]) -> None:
        super().__init__()
        self._page = iter(page)

    def isatty(self) -> bool:
        return True

    def readline(self, _: int | None = -1, /) -> str:  # type: ignore[override]
        prompt = self.getvalue().rpartition("\n")[2]
        line = next((each for each in self._page if each.startswith(prompt.rstrip())), None)
        if line is None:
            raise KeyboardInterrupt  # the page ends before this question
        answer = line.removeprefix(prompt.rstrip()).strip()
        self.write(f"{answer}\n")
        return f"{answer}\n"


def test_what_is_typed_on_the_page_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    block = text.partition("<!-- typed -->\n```text\n")[2].partition("```")[0]
    terminal = Typist(block.splitlines())
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, stream, terminal)
    monkeypatch.setenv("KMTRACK_LEDGER", str(tmp_path / "typed.db"))
    for line in TYPED.findall(block):
        terminal.write(f"$ kmtrack {line[0]}\n")
        assert main(["--lang", "en", *shlex.split(line[0])]) == 0, terminal.getvalue()
    shown = [line.rstrip() for line in A_RECORD.sub("ID", terminal.getvalue()).splitlines()]
    assert [line for line in A_RECORD.sub("ID", block).splitlines() if line not in shown] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = [*IN_TEXT.findall(text), *(each.words for each in _examples(text))]
    assert [words for words in named if not _is_known(words)] == []


def _is_known(typed: str) -> bool:
    """Tell whether a command and all its options exist, in English or in Danish."""
    try:
        words = shlex.split(typed, comments=True)
    except ValueError:
        return False
    while words and words[0] in GLOBAL_OPTIONS:
        words = words[2:]
    names, command = [word for word in words if not word.startswith("-")], ROOT_COMMAND
    if not names or names[0] in {"help", "hjælp"}:
        return set(words) <= {*names, *GLOBAL_FLAGS, "--version", "--install-completion"}
    for two_words in (each for each in ROOT_COMMAND.commands if " " in each):
        if " ".join(names[:2]) in {two_words, *COMMANDS[two_words].split("|")}:
            names[:2] = [two_words]
    for aliases in (COMMANDS, VERBS):
        below = getattr(command, "commands", None)
        if below is None or not names:
            break
        english = [each for each in below if names[0] in {each, *aliases.get(each, "").split("|")}]
        if not english:
            return False
        command, names = below[english[0]], names[1:]
    known = {name for parameter in command.params for name in parameter.opts}
    known |= {f"--{word}" for name in known for word in OPTIONS.get(name[2:], "").split("|")}
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    return options <= {*known, *GLOBAL_OPTIONS, *GLOBAL_FLAGS, "--help"}


def test_the_status_of_the_readme_is_that_of_the_demonstration(
    demonstration: DemoFiles,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("<!-- status -->\n```text\n$ kmtrack status\n")[2].partition("```")[0]
    shutil.copy(demonstration.ledger, tmp_path / "demo.db")
    monkeypatch.setenv("KMTRACK_LEDGER", str(tmp_path / "demo.db"))
    monkeypatch.setenv("KMTRACK_TODAY", "2012-12-31")
    assert main(["--lang", "en", "status"]) == 0
    assert capsys.readouterr().out == block
