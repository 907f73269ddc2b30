"""docs/json.md has every command that answers in JSON, with its keys, and explains each key once."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from examples import demonstration_like
from json_outline import keys_in, outline, shape_of
from kmtrack import JSON_VERSION
from kmtrack.cli.main import main
from kmtrack.texts.en.examples import EXAMPLES
from kmtrack.usecases import demo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = pytest.mark.files

PAGE: Final = Path(__file__).parents[2] / "docs" / "json.md"
BEGIN: Final = "<!-- keys: begin -->\n"
END: Final = "<!-- keys: end -->\n"
HEADING: Final = re.compile(r"^### `kmtrack (.+)`$", re.MULTILINE)
EXPLAINED: Final = re.compile(r"^\| ((?:`[^`]+`(?:, )?)+) \|", re.MULTILINE)
VERSION: Final = re.compile(r"version \d+ of")
A_KEY: Final = re.compile(r"[a-z][a-z_]*")
WITHOUT_JSON: Final = frozenset({"survey.form", "template", "demo"})
# What the first examples do not show: whatever else has keys of its own.
MORE: Final = (
    *(f"why {target}" for target in ("hires", "project-management", "continuation-model")),
    *("why methods", "why growth", "why follow-ups", "status --by broker", "contact add hedelund"),
    *("import liste.csv --dry-run", "company show 'skive stål'"),
    *("survey due --wave before", "contact list", "undo 4 --yes"),
)
# Of the ledger with something of everything, at the end of the contract.
OF_THE_WORKED: Final = (
    *("survey report --by level", "status --by municipality", "today", "why hires", "why growth"),
    *("check", "deliverable list", "survey due", "why methods", "followup due"),
)
LIST: Final = """\
Kontakter i foråret;;;;;
CVR-nr.;Dato;Kanal;Firmanavn;Tlf.;Omtale
13748136;5.6.2011;ukendt;Hedelund Maskinfabrik ApS;86601234;s?ndag
24256790;31.6.2011;besøg;Hede Maskiner;;
"""


@pytest.fixture(scope="module")
def answered(
    prepared: Path, worked: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, list[Any]]]:
    """Return what each command answers to its examples, by the words of the command."""
    folder = tmp_path_factory.mktemp("json") / "here"
    found: dict[str, list[Any]] = {path: [] for path in EXAMPLES if path not in WITHOUT_JSON}
    examples = [(path, each) for path in found for each in EXAMPLES[path].split("\n")]
    examples += [(_path_of(words), words) for words in MORE]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "make_demonstration", demonstration_like)
        patch.setenv("KMTRACK_LANG", "en")
        for path, example in examples:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(prepared, folder)
            (folder / "liste.csv").write_text(LIST, encoding="utf-8")
            patch.chdir(folder)
            patch.setenv("KMTRACK_LEDGER", str(folder / "ledger.db"))
            if path == "init":
                (folder / "ledger.db").unlink()
            answer = _answer([word for word in shlex.split(example) if word != "--csv"], folder)
            found[path].append(answer)
        patch.setenv("KMTRACK_LEDGER", str(worked))
        patch.setenv("KMTRACK_TODAY", "2012-12-31")
        for words in OF_THE_WORKED:
            found[_path_of(words)].append(_answer(words.split(), folder))
        yield found


def _path_of(words: str) -> str:
    first, second, *_ = [*words.split(), ""]
    return f"{first}.{second}" if f"{first}.{second}" in EXAMPLES else first


def _answer(words: list[str], folder: Path) -> Any:
    if "--out" in words:
        words = words[: words.index("--out")]
    out = folder / "answer.json"
    with out.open("w+", encoding="utf-8") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", file)
        code = main([*words, *([] if "--json" in words else ["--json"])])
        file.seek(0)
        text = file.read()
    assert code == 0, words
    return json.loads(text)


def _written(answered: Mapping[str, list[Any]]) -> str:
    parts = [
        f"### `kmtrack {path.replace('.', ' ')}`\n\n```text\n{outline(values)}\n```\n"
        for path, values in answered.items()
    ]
    return "\n".join(parts)


def _keys_by_command(page: str) -> set[tuple[str, str]]:
    outlines = page.partition(BEGIN)[2].partition(END)[0]
    _, *parts = HEADING.split(outlines)
    return {
        (command, key)
        for command, text in zip(parts[::2], parts[1::2], strict=True)
        for key in A_KEY.findall(text.partition("```text")[2])
    }


def test_the_page_has_the_keys_of_every_command(answered: Mapping[str, list[Any]]) -> None:
    """KMTRACK_WRITE_GOLDEN=1 writes them first; a key may go only with a new version."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    if os.environ.get("KMTRACK_WRITE_GOLDEN"):
        before = VERSION.sub(f"version {JSON_VERSION} of", before)
    now = f"{before}{BEGIN}\n{_written(answered)}\n{END}{rest.partition(END)[2]}"
    if os.environ.get("KMTRACK_WRITE_GOLDEN"):
        gone = _keys_by_command(page) - _keys_by_command(now)
        is_same = VERSION.findall(page) == VERSION.findall(now)
        assert not (gone and is_same), "a key may go only where JSON_VERSION rises"
        PAGE.write_text(now, encoding="utf-8", newline="\n")
        page = now
    assert page == now


def test_every_key_is_explained_once(answered: Mapping[str, list[Any]]) -> None:
    explained = [
        key
        for cell in EXPLAINED.findall(PAGE.read_text(encoding="utf-8"))
        for key in re.findall(r"`([^`]+)`", cell)
    ]
    printed = set().union(*(keys_in(shape_of(values)) for values in answered.values()))
    assert sorted(printed - set(explained)) == []
    assert sorted({key for key in explained if explained.count(key) > 1}) == []
    assert sorted(set(explained) - printed) == []


def test_the_page_names_the_version_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert f"This is version {JSON_VERSION} of the JSON" in PAGE.read_text(encoding="utf-8")
    main(["--version"])
    assert f"JSON {JSON_VERSION}" in capsys.readouterr().out
