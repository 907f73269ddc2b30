"""Tab: what bash, zsh and PowerShell themselves put on the command line, and what each is offered."""

from __future__ import annotations

import os
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from typer import _completion_shared

import kmtrack
from cli_runner import run_in
from kmtrack.cli.main import main
from kmtrack.cli.shells import SCRIPTS, Answer, Offer, Typed, shown_in, typed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

pytestmark = pytest.mark.files

SECONDS: Final = 120
# What is typed before Tab, and the words behind kmtrack that the shell then has.
TABS: Final = {
    "kmtrack conta": ["contact"],
    "kmtrack contact ad": ["contact", "add"],
    "kmtrack contact add ørum": ["contact", "add", "Ørum"],
    "kmtrack contact add orum": ["contact", "add", "Ørum"],
    "kmtrack contact add smed": ["contact", "add", "Smedje"],
    "kmtrack contact add bogt": ["contact", "add", "Bogtryk"],
    "kmtrack contact add hede": ["contact", "add", "Hede "],  # what two have in common
    "kmtrack contact add hede sm": ["contact", "add", "hede", "Smedje"],
    'kmtrack contact add "Hede Sm': ["contact", "add", "Hede Smedje ApS"],
    "kmtrack contact add 'Nord $(to": ["contact", "add", "Nord $(touch pwned) `x` & Søn"],
    "kmtrack contact add 1374": ["contact", "add", "13748136"],
    "kmtrack contact add 1374 --channel tele": ["contact", "add", "1374", "--channel", "telefon"],
    "kmtrack contact list --channel=tele": ["contact", "list", "--channel=telefon"],
    "kmtrack contact list --status tæller\\ i": ["contact", "list", "--status", "tæller ikke"],
    "kmtrack contact list --broker j": ["contact", "list", "--broker", "JH"],
    "kmtrack contact list --council vib": ["contact", "list", "--council", "Viborg Erhvervsråd"],
    "kmtrack contact list --municipality arh": ["contact", "list", "--municipality", "Aarhus"],
    "kmtrack contact list --municipality ringk": [
        "contact", "list", "--municipality", "Ringkøbing-Skjern",
    ],
    "kmtrack contact list --since 30.06": ["contact", "list", "--since", "30.06.2011"],
    "kmtrack contact show k": ["contact", "show", "ID"],
    "kmtrack why hi": ["why", "hires"],
    "kmtrack contract amend --minimum hir": ["contract", "amend", "--minimum", "hires="],
    "kmtrack export Opg": ["export", "Opgørelse juni.xlsx"],
    "kmtrack contact add Opg": ["contact", "add", "Opg"],  # the name of a file, where none is wanted
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger, kmtrack, and a file."""
    folder = tmp_path_factory.mktemp("tab")
    names = ("Ørum Savværk A/S", "Hede Smedje ApS", "Hede Bogtryk ApS", "Nord $(touch pwned) `x` & Søn", "Nord Vest ApS")  # fmt: skip
    run_in(
        folder,
        [
            ["init", "--municipality", "Viborg", "--broker", "JH", "--council", "Viborg Erhvervsråd"],
            *(["company", "add", name, "--municipality", "Viborg", "--yes"] for name in names),
            ["company", "edit", "Ørum", "--cvr", "13748136"],
            ["contact", "add", "Ørum", "--date", "2011-03-01"],
        ],
    )  # fmt: skip
    program = folder / "bin" / "kmtrack"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m kmtrack "$@"\n')
    program.chmod(0o755)
    program.with_suffix(".cmd").write_text(f'@"{sys.executable}" -m kmtrack %*\n')
    (folder / "work").mkdir()
    (folder / "work" / "Opgørelse juni.xlsx").touch()
    return folder


def environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(kmtrack.__file__).parents[1]),
        "HOME": str(folder),
        "KMTRACK_HOME": str(folder),
        "KMTRACK_LEDGER": str(folder / "ledger.db"),
        "KMTRACK_LANG": "da",
        "KMTRACK_TODAY": "2011-06-30",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
    }


def pressed(folder: Path, shell: str, lines: Collection[str] = TABS) -> dict[str, list[str]]:
    """Type each line in a shell on a terminal, press Tab, and return the words that it then has."""
    import pty

    if os.name == "nt" or shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    words, before = STARTS[shell](folder)
    said = folder / f"{shell}-{len(lines)}"
    said.mkdir()
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(folder / "work")
        os.execvpe(shell, words, environment(folder))  # noqa: S606 - the shell is what is tested
    try:
        recorder = f"record() {{ printf '%s\\n' \"$@\" > {said}/new; mv {said}/new {said}/$1; }}"
        os.write(terminal, f"{before}; {recorder}; record ready\n".encode())
        _wait_for(terminal, said / "ready")
        for number, line in enumerate(lines):
            # Behind Tab the line is made one that records its own words.
            os.write(terminal, f"{line}\t\x01record {number} \x05\n".encode())
            _wait_for(terminal, said / str(number))
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)
    return {
        line: (said / str(number)).read_text(encoding="utf-8").splitlines()[2:]
        for number, line in enumerate(lines)
    }


def _wait_for(terminal: int, file: Path) -> None:
    seen, end = b"", time.monotonic() + SECONDS
    while not file.exists():
        assert time.monotonic() < end, seen.decode(errors="replace")
        if select.select([terminal], [], [], 0.02)[0]:
            seen += os.read(terminal, 65536)


def _bash(folder: Path) -> tuple[list[str], str]:
    script = folder / "kmtrack.bash"
    script.write_text(SCRIPTS["bash"])
    setting = "bind 'set enable-bracketed-paste off'; bind 'set show-all-if-ambiguous on'"
    return ["bash", "--norc", "-i"], f"{setting}; source {script}; PS1="


def _zsh(folder: Path) -> tuple[list[str], str]:
    script = folder / ".zfunc" / "_kmtrack"  # where it is installed, and loaded with the first Tab
    script.parent.mkdir(exist_ok=True)
    script.write_text(SCRIPTS["zsh"].strip())
    before = "bindkey -e; unset zle_bracketed_paste; fpath+=~/.zfunc; autoload -Uz compinit; compinit -u -D"
    return ["zsh", "-f", "-i"], f"{before}; PS1="


# How each shell is started, and what is typed first.
STARTS: Final = {"bash": _bash, "zsh": _zsh}


@pytest.fixture(scope="module")
def in_bash(folder: Path) -> dict[str, list[str]]:
    return pressed(folder, "bash")


@pytest.fixture(scope="module")
def in_zsh(folder: Path) -> dict[str, list[str]]:
    return pressed(folder, "zsh")


@pytest.mark.slow
def test_zsh_takes_the_script_as_it_is_shown_too(folder: Path) -> None:
    shell = None if os.name == "nt" else shutil.which("zsh")
    if shell is None:
        pytest.skip("there is no zsh here")
    script = folder / "shown.zsh"
    script.write_text(SCRIPTS["zsh"].strip())
    asked = f"autoload -Uz compinit; compinit -u -D; source {script}; print $_comps[kmtrack]"
    done = subprocess.run(
        [shell, "-f", "-c", asked], env=environment(folder), capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "_kmtrack"


def with_ids(words: list[str]) -> list[str]:
    return [re.sub(r"^k[0-9a-z]{10}$", "ID", word) for word in words]


@pytest.mark.slow
@pytest.mark.parametrize("line", TABS)
def test_bash_completes(in_bash: dict[str, list[str]], line: str) -> None:
    assert with_ids(in_bash[line]) == TABS[line]


@pytest.mark.slow
@pytest.mark.parametrize("line", TABS)
def test_zsh_completes(in_zsh: dict[str, list[str]], line: str) -> None:
    assert with_ids(in_zsh[line]) == TABS[line]


@pytest.mark.parametrize("shell", STARTS)
def test_no_name_is_ever_run(folder: Path, shell: str) -> None:
    (hostile,) = (line for line, words in TABS.items() if "pwned" in words[-1])
    assert pressed(folder, shell, [hostile]) == {hostile: TABS[hostile]}
    assert list(folder.rglob("pwned")) == []


@pytest.mark.parametrize(
    "line", ["kmtrack contact add ørum", "kmtrack contact add 1374", "kmtrack why hi"]
)
def test_powershell_completes(folder: Path, line: str) -> None:
    shell = shutil.which("pwsh") or shutil.which("powershell")
    if shell is None:
        pytest.skip("there is no PowerShell here")
    script = folder / "kmtrack.ps1"
    script.write_text(SCRIPTS["powershell"], encoding="utf-8-sig")
    asked = f"(TabExpansion2 -inputScript '{line}' -cursorColumn {len(line)}).CompletionMatches"
    done = subprocess.run(
        [
            shell, "-NoProfile", "-ExecutionPolicy", "Bypass", "-Command",
            f"[Console]::OutputEncoding = [Text.Encoding]::UTF8; . '{script}'; {asked} | % CompletionText",
        ],
        env={**os.environ, **environment(folder)},
        cwd=folder / "work",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.stdout.split() == [TABS[line][-1]], done.stderr


def asked(shell: str, line: str) -> Typed:
    """Return what a shell that cannot be started here says was typed."""
    if shell == "fish":
        return typed_in(shell, {"_TYPER_COMPLETE_ARGS": line})
    *words, current = line.split(" ")
    return typed_in(shell, {"_KMTRACK_WORDS": "\n".join(words), "_KMTRACK_CURRENT": current})


@pytest.mark.parametrize("shell", ["fish", "powershell", "zsh"])
def test_what_was_typed_is_read_from_every_shell(shell: str) -> None:
    assert asked(shell, "kmtrack contact add ør") == Typed(("contact", "add"), "ør")
    assert asked(shell, "kmtrack contact add ") == Typed(("contact", "add"), "")


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("kmtrack ", Typed((), "")),
        ("kmtrack a\\ b", Typed((), "a b")),
        ("kmtrack 'a b' c", Typed(("a b",), "c")),
        ('kmtrack "a b', Typed((), "a b", '"')),
        ("kmtrack 'it''s", Typed((), "its", "'")),
        ('kmtrack "a\\"b" ', Typed(('a"b',), "")),
        ("kmtrack ''", Typed((), "")),
        ("kmtrack a\\ ", Typed((), "a ")),
    ],
)
def test_a_line_is_read_as_bash_reads_it(line: str, typed: Typed) -> None:
    assert typed_in("bash", {"COMP_LINE": line, "COMP_POINT": str(len(line))}) == typed
    assert typed_in("bash", {"COMP_LINE": f"{line}; rest", "COMP_POINT": str(len(line))}) == typed


@pytest.mark.parametrize(
    ("shell", "typed", "lines"),
    [
        ("bash", Typed((), ""), ["words", "Hede\\ \\&\\ Søn\\'s"]),
        ("bash", Typed((), "", is_listed=True), ["words", "Hede\\ \\&\\ Søn\\'s"]),
        ("bash", Typed((), "", '"'), ["words", "Hede & Søn's"]),
        ("bash", Typed((), "", "'"), ["words", "Hede & Søn'\\''s"]),
        ("zsh", Typed((), ""), ["words", "Hede & Søn's\tCVR 1, a b"]),
        ("powershell", Typed((), ""), ["words", "'Hede & Søn''s'\tCVR 1, a b"]),
        ("fish", Typed((), ""), ["Hede & Søn's\tCVR 1, a b"]),
    ],
)
def test_a_word_is_offered_as_each_shell_quotes_it(
    shell: str, typed: Typed, lines: list[str]
) -> None:
    offers = (Offer("Hede & Søn's", "CVR 1,\ta\nb"), Offer("\x1b[2Jhidden"), Offer("two\nlines"))
    assert shown_in(shell, Answer(offers=offers), typed) == lines


@pytest.fixture
def offered(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., list[str]]:
    """Return a function that gives what bash is given for a line; it never fails or complains."""

    def press(line: str, **settings: str) -> list[str]:
        asked = {
            "_KMTRACK_COMPLETE": "complete_bash",
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
        for name, value in {**environment(folder), **asked, **settings}.items():
            monkeypatch.setenv(name, value)
        code, (out, err) = main([]), capsys.readouterr()
        assert (code, err) == (0, "")
        return out.splitlines()

    return press


@pytest.mark.parametrize("ledger", ["missing.db", "work", "older.db"])
def test_a_ledger_that_cannot_be_read_offers_nothing_and_stays(
    folder: Path, offered: Callable[..., list[str]], ledger: str
) -> None:
    older = folder / "older.db"
    released = Path(__file__).parents[1] / "ledger" / "released" / "3.sql"
    with closing(sqlite3.connect(older)) as connection:
        if not older.stat().st_size:
            connection.executescript(released.read_text(encoding="utf-8"))
    before = older.read_bytes()
    place = str(folder / ledger)
    assert offered("kmtrack contact add ør", KMTRACK_LEDGER=place) == ["words"]
    assert offered("kmtrack contact add --channel bes", KMTRACK_LEDGER=place) == ["words", "besøg"]
    assert older.read_bytes() == before
    assert not (folder / "missing.db").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("kmtrack --lang en contact add --channel tele", []),
        ("kmtrack --lang en contact add --channel ph", ["phone"]),
        ("kmtrack --no-input contact ad", ["add"]),
        ("kmtrack kontakt tilføj ør", ["Ørum"]),
        ("kmtrack contact add x --note ", []),
        ("kmtrack person show in", []),  # contact persons are not offered
        ("kmtrack config language ", ["da", "en"]),
        ("kmtrack survey report --by ni", ["niveau"]),
        ("kmtrack company list --sort kom", ["kommune"]),
        ("kmtrack company list --sort mun", []),
        ("kmtrack --lang en company list --sort mun", ["municipality"]),
        ("kmtrack followup due --until 0", ["01.07.2011", "02.07.2011", "03.07.2011"]),
        ("kmtrack nosuch ", []),
        ("kmtrack contact nosuch ", []),
    ],
)
def test_what_is_offered(offered: Callable[..., list[str]], line: str, words: list[str]) -> None:
    assert offered(line)[1:][:3] == words


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_script_is_installed_and_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shell: str
) -> None:
    home = folder / f"home-{shell}"
    home.mkdir()
    monkeypatch.setattr(_completion_shared, "_get_shell_name", lambda: shell)
    monkeypatch.setattr(Path, "home", lambda: home)
    assert main(["--lang", "da", "--install-completion"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Fuldførelse er installeret for {shell}")
    installed = home / {"bash": ".bash_completions/kmtrack.sh", "zsh": ".zfunc/_kmtrack"}[shell]
    assert installed.read_text(encoding="utf-8").strip() == SCRIPTS[shell].strip()
    assert main(["--show-completion"]) == 0
    assert capsys.readouterr().out.strip() == SCRIPTS[shell].strip()


def test_bash_lists_several_words_with_what_they_are() -> None:
    offers = (Offer("13748136", "Ørum"), Offer("13748144", "Æ" * 80), Offer("JH", "JH"))
    listed = shown_in("bash", Answer(offers=offers), Typed((), "1", is_listed=True))
    assert listed == ["words", "13748136  (Ørum)", f"13748144  ({'Æ' * 50}…)", "JH"]
    line = {"COMP_LINE": "kmtrack 1", "COMP_POINT": "9"}
    assert typed_in("bash", {**line, "COMP_TYPE": "9"}).is_listed
    assert not typed_in("bash", {**line, "COMP_TYPE": "37"}).is_listed  # menu-complete
