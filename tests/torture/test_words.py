"""Hostile texts in every field, and random command lines."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest
from typer.main import get_command

from builders import CVR, agreeing, ledger_in, session_over
from kmtrack.cli.app import COMMANDS, build_app
from kmtrack.cli.export import export_workbook
from kmtrack.cli.main import main
from kmtrack.errors import Refusal
from kmtrack.ledger.schema.plain_text import clean_line
from kmtrack.usecases.brokers import edit_broker
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.deliverables import log_step
from kmtrack.usecases.events import add_event
from kmtrack.usecases.methods import add_method, assess_method, disseminate_method
from kmtrack.usecases.surveys.answers import Filled, answer_survey, company_respondent
from kmtrack.usecases.surveys.questionnaire import answer_from, question_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.torture

_WHOLE: Final = 8  # letters: shorter ones may stand in a formula of ours by chance
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_PIECES: Final = (
    "\x1b[31m", "\x1b]0;owned\x07", "\x9b2J", "\r", "\n", "\t", "\x00", "\u202e", "\u200b", "\ufeff",
    "[bold red]", "[/]", "[link=file:///etc]x[/link]", "\\[", ":smile:", "=1+1", "+1", "-1", "@SUM(A1)",
    '=HYPERLINK("http://x";"y")', "'; DROP TABLE company; --", '"', "'", "''", "%s", "{name}", "{0}",
    "{{", "}", "../../etc/passwd", "C:\\Windows", "~", "$HOME", "`id`", "$(id)", "<script>", "&amp;",
    "æøå", "ÆØÅ", "é", "e\u0301", "日本", "😀", "\U0001f468\u200d\U0001f469", "ß", "İ", "ı", "\xa0",
    "010203-1234", "0102031234", "null", "None", "NaN", "true", "0", "-0", "1e9", "2011-02-31", "  ",
)  # fmt: skip


_READ_COMMANDS: Final = (
    ("history", "--all"), ("history", "--json"), ("status", "--by", "council"), ("contract", "show"),
    ("deliverable", "show", "project-management"), ("why", "project-management"), ("why", "methods"),
    ("method", "show", "Opgavekataloget"), ("survey", "list"), ("survey", "report"), ("check",),
    ("person", "stale", "--before", "1.1.2012"), ("company", "show", CVR),
)  # fmt: skip


def _hostile(chance: random.Random) -> str:
    pieces = [chance.choice(_PIECES) for _ in range(chance.randint(1, 5))]
    if chance.random() < 0.2:
        pieces.append(chr(chance.randrange(0x110000)).encode("utf-8", "ignore").decode())
    if chance.random() < 0.02:
        pieces.append("x" * chance.choice((199, 200, 201, 2000, 100_000)))
    return "".join(pieces)


def test_hostile_texts_come_out_as_they_went_in_and_do_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    chance = random.Random(29)
    ledger = ledger_in(tmp_path)
    number = times(10_000, 400)
    stored: dict[str, dict[str, Any]] = {}
    stored_count = 0
    texts = set()
    with session_over(ledger) as session:
        company = {"cvr": CVR, "municipality": "Viborg", "employees": "9"}
        add_company(session, {"name": "Hedelund", **company})
        add_method(session, {"name": "Opgavekataloget", "kind": "tool"})
        add_event(session, "hire", CVR, {"agreed": "2011-03-02", "level": "master"})
        add_event(session, "contact", CVR, {"date": "2011-03-01"})
        for _ in range(number):
            text = _hostile(chance)
            texts.add(text.strip())
            said = ""
            try:
                record = _record_text(session, chance, text)
                stored_count += 1
                if isinstance(record, dict) and "id" in record:
                    stored[record["id"]] = record
            except Refusal as refused:
                said = refused.sentence()
            assert not _CONTROL.search(said.replace("\n", "")), ascii(text)
        workbook = tmp_path / "region.xlsx"
        export_workbook(session, workbook, session.clock.today)
    _assert_clean_output(ledger, capsys, stored)
    for sheet in openpyxl.load_workbook(workbook).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    formula = str(cell.value)
                    assert formula not in texts, formula
                    within = [text for text in texts if len(text) >= _WHOLE and text in formula]
                    assert within == [], formula
                elif isinstance(cell.value, str):
                    assert not _CONTROL.search(cell.value.replace("\n", ""))
    told(
        "hostile texts",
        f"{number} texts, {stored_count} stored: 0 control bytes out, 0 formulas, all equal",
    )


def _record_text(session: Any, chance: random.Random, text: str) -> Any:
    """Record something with the text in all its fields; return the record if there is one."""
    way = chance.randrange(10)
    if way < 3:
        noun, values = (
            ("contact", {"date": "2011-03-01", "person": text if chance.random() < 0.3 else ""}),
            ("collaboration", {"kind": "project", "title": text, "institution": text}),
            ("hire", {"level": "phd", "field": text, "institution": text}),
        )[way]
        values |= {"note": text} if noun == "contact" else {"note": text, "agreed": "2011-03-02"}
        return dict(add_event(session, noun, CVR, values).record)
    if way == 3:
        return dict(add_company(agreeing(session), {"name": text}))
    if way == 4:
        return dict(add_method(session, {"name": text, "kind": "tool", "description": text}))
    if way == 5:
        judged = {"verdict": "keep", "text": text}
        passed_on = {"audience": "companies", "how": text, "institution": text}
        assess_method(session, "Opgavekataloget", judged)
        return disseminate_method(session, "Opgavekataloget", passed_on)
    if way == 6:
        return log_step(session, "project-management", {"text": text})
    if way == 7:
        edit_company(session, CVR, {"sme": "yes", "basis": text}, None)
        return edit_broker(session, "JH", {"council": text})
    if way == 8:
        party = clean_line(text, 200) or ""
        return amend_contract(session, {"operator": party, "region": party or "Region"}, text)
    example = question_of("product-example")
    answers = {"employees": 9, "highly-educated": 1, example.id: answer_from(example, text) or "-"}
    filled = Filled(company_respondent(session, CVR), "after", answers)
    return answer_survey(session, filled, session.clock.today)


def _assert_clean_output(
    ledger: Path, capsys: pytest.CaptureFixture[str], stored: dict[str, dict[str, Any]]
) -> None:
    for listing in ("company", "contact", "collaboration", "hire", "method", "broker"):
        for form in ((), ("--json",), ("--csv",)):
            whole = () if form or listing in {"method", "broker"} else ("--all",)
            capsys.readouterr()
            assert (
                main(["--ledger", str(ledger), "--lang", "en", listing, "list", *whole, *form]) == 0
            )
            out = capsys.readouterr().out
            assert not _CONTROL.search(out.replace("\n", "")), listing
            if form == ("--json",):
                for record in json.loads(out):
                    kept = stored.get(record.get("id"), record)
                    for field in ("name", "note", "title", "institution", "field"):
                        assert record.get(field) == kept.get(field, record.get(field))
            elif form == ("--csv",):
                for row in csv.reader(io.StringIO(out)):
                    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    nouns = {id_: record["noun"] for id_, record in stored.items() if "noun" in record}
    shown = [(noun, "show", id_) for id_, noun in nouns.items()]
    why = [("why", id_) for id_, noun in nouns.items() if noun in {"contact", "hire"}]
    for command in (
        *_READ_COMMANDS,
        *shown[:: len(shown) // 40 or 1],
        *why[:: len(why) // 20 or 1],
    ):
        capsys.readouterr()
        assert main(["--ledger", str(ledger), "--lang", "en", *command]) == 0, command
        out = capsys.readouterr().out
        assert not _CONTROL.search(out.replace("\n", "")), command


_WORDS: Final = (
    "add", "list", "show", "edit", "withdraw", "join", "due", "amend", "erase", "stale", "report",
    "form", "answer", "import", "assess", "disseminate", "use", "log", "check", "submit", "hedelund",
    CVR, "k000", "c", "", " ", "-", "--", "---", "=", "-1", "9" * 40, "2011-03-01", "31.2.2011", "i går",
    "4/3-2011", "--json", "--csv", "--yes", "--all", "--help", "-h", "--date", "--date=4.3.", "--note",
    "--note=x", "--cvr", "--municipality", "--from", "--by", "--by=kommune", "--as-of", "--known-at",
    "--known-at=2011-06-30 12:00", "--limit", "--limit=-1", "--limit=999999999999999999999", "--since",
    "--reason", "--reason=fejl", "--dry-run", "--as", "--kind", "--level=phd", "--agreed=i dag",
    "--minimum=hires=75", "--minimum=hires", "--lang", "--lang=da", "--lang=xx", "--version", "--keep",
    "--keep=0", "--before=1.1.2012", "new-contacts", "hires", "growth", "methods", "nowhere/x.xlsx",
    "x.xlsx", "x.csv", "x.db", ".", "/", "~", "\x1b[2J", "\udcff", "æøå", "[bold]", "{name}", "%s", "\x00",
)  # fmt: skip


_VALUES: Final = (
    *(word for word in _WORDS if not word.startswith("-") and word not in {"x.xlsx", "x.db"}),
    "hedelund", CVR, "hedelund", CVR, "Viborg", "2011-03-01", "i dag", "1.9.2011", "40", "20-49", "visit",
    "besøg", "phd", "projekt", "metode", "JH", "ja", "whole contract", "hires=75", "hires=2013-01-01",
    "k", "kontakt", "virksomheder", "project-management", "continuation-model", "before", "x.xlsx", "x.db",
)  # fmt: skip
_MAKING_LEDGERS: Final = frozenset({"demo", "init"})
# Options without which most commands are refused or prompt, with the chance that they are given.
_OFTEN: Final = {"yes": 0.7, "reason": 0.9, "kind": 0.9, "level": 0.9, "before": 0.9, "text": 0.7}


def test_no_command_line_ends_in_a_traceback_or_a_fault(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    monkeypatch.chdir(tmp_path)
    ledger = ledger_in(tmp_path)
    with session_over(ledger) as session:
        company = {"cvr": CVR, "municipality": "Viborg", "employees": "9"}
        add_company(session, {"name": "Hedelund", **company})
    chance = random.Random(31)
    commands = [name for name in COMMANDS if name not in _MAKING_LEDGERS]
    known = list(_commands(get_command(build_app(None))))
    number = times(10_000, 250)
    codes: dict[int, int] = {}
    for _ in range(number):
        words = _valid_command_line(*chance.choice(known), chance)
        if chance.random() < 0.3:
            words = [chance.choice(commands), *_random_words(chance)]
        if chance.random() < 0.05:
            words = list(_random_words(chance))
        capsys.readouterr()
        code = main(["--ledger", str(ledger), *words])
        captured = capsys.readouterr()
        assert code in {0, 1, 2}, (code, words, captured.err)
        assert "Traceback" not in captured.out + captured.err, words
        assert not _CONTROL.search((captured.out + captured.err).replace("\n", "")), words
        if code == 1 and "check" not in words:
            assert len(captured.err.strip().split("\n")) >= 1, words
        codes[code] = codes.get(code, 0) + 1
    told(
        "generated command lines",
        f"{number} lines ({codes.get(0, 0)} done, {codes.get(1, 0)} refused, "
        f"{codes.get(2, 0)} wrong usage): 0 tracebacks, 0 faults",
    )


def _commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command with its path of names."""
    for name, inner in getattr(command, "commands", {}).items():
        if name not in _MAKING_LEDGERS:
            yield from _commands(inner, (*path, name))
    if not hasattr(command, "commands"):
        yield path, command


def _valid_command_line(path: tuple[str, ...], command: Any, chance: random.Random) -> list[str]:
    """Return a command line with valid options and arbitrary values."""
    words = list(path)
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            most = 3 if parameter.nargs == -1 else 1
            lowest = int(parameter.required)
            words += [chance.choice(_VALUES) for _ in range(chance.randint(lowest, most))]
        elif chance.random() < _OFTEN.get(parameter.name, 0.15):
            words.append(parameter.opts[0])
            if not parameter.is_flag:
                words.append(chance.choice(_VALUES))
    return words


def _random_words(chance: random.Random) -> list[str]:
    return [chance.choice(_WORDS) for _ in range(chance.randint(0, 6))]
