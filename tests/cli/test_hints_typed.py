"""Every hint is typed as it is printed, with values in place of its placeholders, and works."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from typer.main import get_command

from builders import cvr_number
from kmtrack import i18n
from kmtrack.cli.app import build_app
from kmtrack.resources import DATA_FOLDER
from typist import Typist, filled_in, hints_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files


@pytest.fixture(params=["da", pytest.param("en", marks=pytest.mark.slow)])
def typist(request: pytest.FixtureRequest, runner: Runner, tmp_path: Path) -> Typist:
    return Typist(runner, tmp_path, request.param)


def _company(run: Callable[..., Any], name: str, *options: str) -> None:
    run("company", "add", name, "--yes", *options)


SMALL: Final = ("--municipality", "Viborg", "--employees", "40")


def test_hints_are_found_in_sentences() -> None:
    text = (
        "is the date right? If not: kmtrack contact edit k0000000001 --date DATE, or kmtrack company edit "
        "13748136 --visited-before DATE\nSame company? A (c0000000001) and B (c0000000002); if so: kmtrack company join "
        "c0000000001 c0000000002; otherwise give each its own: kmtrack company edit c0000000002 --cvr NUMBER --from 2011-05-01\n"
        "done; type “kmtrack undo” to get it back · kmtrack company edit c0000000001 --visited-before DATE, if "
        "so. kmtrack cannot reach it"
    )
    assert [" ".join(words) for words in hints_in(text)] == [
        "contact edit k0000000001 --date DATE",
        "company edit 13748136 --visited-before DATE",
        "company join c0000000001 c0000000002",
        "company edit c0000000002 --cvr NUMBER --from 2011-05-01",
        "undo",
        "company edit c0000000001 --visited-before DATE",
    ]


def _cvr(number: int) -> tuple[str, str]:
    return "--cvr", cvr_number(number)


def test_what_a_company_and_its_records_lack(typist: Typist) -> None:
    _company(typist, "Nordlys")
    typist("contact", "add", "nordlys", "--date", "2011-03-01")
    typist("contact", "add", "nordlys", "--date", "2011-03-01")
    typist("hire", "add", "nordlys")
    typist("hire", "add", "nordlys", "--agreed", "2011-02-01", "--level", "bachelor")
    typist("collaboration", "add", "nordlys", "--kind", "project")
    typist("company", "edit", "nordlys", "--employees", "200-499")
    typist("contact", "add", "nordlys", "--date", "2010-12-31")
    typist("contact", "add", "nordlys", "--date", "2011-04-01", "--channel", "email")
    _explain_all(typist)


@pytest.mark.slow
def test_what_the_versions_of_a_company_lack(typist: Typist) -> None:
    """Each fact has had several values, and the hints say from which day the wrong one holds."""
    for number, (first, *options) in enumerate(_VERSIONS):
        name = f"Firma {number}"
        _company(typist, name, *_cvr(number), *SMALL, *first)
        for since, *changed in options:
            typist("company", "edit", cvr_number(number), *changed, "--from", since)
        for day in ("2011-01-15", "2011-04-15", "2011-06-15"):
            typist("contact", "add", cvr_number(number), "--date", day)
        typist("hire", "add", cvr_number(number), "--level", "master", "--agreed", "2011-04-20")
        typist("hire", "add", cvr_number(number), "--level", "phd")
    _explain_all(typist)


# The first facts of a company, and what changed from a day on.
_VERSIONS: Final = (
    ((), ("2011-03-01", "--employees", ""), ("2011-05-01", "--employees", "200-499")),
    (("--employees", ""), ("2011-03-01", "--employees", "300"), ("2011-05-01", "--employees", "")),
    (("--municipality", ""), ("2011-03-01", "--municipality", "Aarhus")),
    ((), ("2011-03-01", "--municipality", ""), ("2011-05-01", "--employees", "")),
    (("--turnover", "60"), ("2011-03-01", "--balance", "60"), ("2011-05-01", "--turnover", "70")),
    (("--balance", "60"), ("2011-03-01", "--turnover", "3"), ("2011-05-01", "--turnover", "")),
    ((), ("2011-03-01", "--kind", "public"), ("2011-05-01", "--kind", "association")),
    (
        ("--sme", "no"),
        ("2011-03-01", "--sme", "yes", "--basis", "x"),
        ("2011-05-01", "--sme", "no"),
    ),
    ((), ("2011-03-01", "--sme", "no"), ("2011-05-01", "--sme", ""), ("2011-06-01", "--sme", "no")),
)


@pytest.mark.slow
def test_typing_all_that_a_check_prints_leaves_no_record_waiting(runner: Runner) -> None:
    for number, (first, *options) in enumerate(_VERSIONS):
        run, company = runner.done, cvr_number(number)
        run("company", "add", f"Firma {number}", "--yes", *_cvr(number), *SMALL, *first)
        for since, *changed in options:
            run("company", "edit", company, *changed, "--from", since)
        for day in ("2011-01-15", "2011-04-15", "2011-06-15"):
            run("contact", "add", company, "--date", day)
        run("hire", "add", company)
        run("hire", "add", company, "--agreed", "2011-04-20")
    for _ in range(3):  # a fact that becomes known may ask for another
        for hint in list(hints_in(runner.done("check"))):
            if "join" not in hint and "CHECKSUM" not in hint:
                runner.done(*filled_in([*hint, "--yes"] if "company" in hint else hint, 0))
    waiting = [
        target["waiting"]
        for target in json.loads(runner.done("status", "--json"))["targets"]
        if "waiting" in target
    ]
    assert waiting == [0, 0, 0, 0]


def _explain_all(typist: Typist) -> None:
    """Ask why of every record and target, and check the ledger."""
    for noun in ("contact", "hire", "collaboration"):
        table = typist.runner.done(noun, "list", "--json")
        for id_ in re.findall(r'"id": "(\w+)"', table):
            typist("why", id_)
    for target in ("new-contacts", "follow-ups", "collaborations", "hires"):
        typist("why", target)
    typist("check")


@pytest.mark.slow
def test_what_differs_where_companies_are_joined(typist: Typist) -> None:
    for number in range(2):
        _company(
            typist,
            f"Alfa {number}",
            *("--municipality", ("Viborg", "Silkeborg")[number]),
            *("--employees", ("40", "300")[number]),
            *("--turnover", ("1", "2")[number], "--balance", ("3", "4")[number]),
            *("--kind", ("company", "public")[number]),
            *("--visited-before", ("2009-01-01", "2009-02-01")[number]),
            *("--sme", ("yes", "no")[number], "--basis", ("a", "b")[number]),
            *_cvr(number)[: 2 * (1 - number)],
        )
    for since, municipality in (("2011-03-01", "Aarhus"), ("2011-05-01", "Viborg")):
        facts = ("--municipality", municipality, "--turnover", "9", "--from", since)
        typist("company", "edit", cvr_number(0), *facts)
    others = ("--employees", "", "--balance", "8", "--sme", "yes", "--kind", "association")
    typist("company", "edit", "alfa 1", *others, "--from", "2011-04-01")
    typist("company", "join", "alfa 0", "alfa 1")
    typist("company", "edit", cvr_number(0), "--employees", "", "--from", "2011-04-01")
    typist("contact", "add", cvr_number(0), "--date", "2011-04-15")
    _explain_all(typist)
    assert sum(" --from " in hint for hint in typist.typed) >= 9


@pytest.mark.slow
@pytest.mark.parametrize(
    "noun", ["company", "contact", "collaboration", "hire", "method", "broker"]
)
def test_what_both_sides_of_a_merge_changed(typist: Typist, tmp_path: Path, noun: str) -> None:
    """Both change every field that can be edited."""
    run = typist.runner
    run.done("company", "add", "Alfa", *_cvr(0), *SMALL)
    run.done("method", "add", "Samtalen", "--kind", "method")
    for initials in ("MK", "AB"):
        run.done("broker", "add", initials)
    id_ = {
        "company": cvr_number(0),
        "contact": _added(run, "contact", cvr_number(0), "--date", "2011-03-01"),
        "hire": _added(run, "hire", cvr_number(0), "--level", "master", "--agreed", "2011-04-01"),
        "collaboration": _added(run, "collaboration", cvr_number(0), "--kind", "project"),
        "method": re.findall(r'"id": "(\w+)"', run.done("method", "list", "--json"))[0],
        "broker": "JH",
    }[noun]
    for which in _on_both_sides(typist, tmp_path):
        for option, values in _CHANGES[noun].items():
            yes = ["--yes"] if noun == "company" else []
            run.done(noun, "edit", id_, f"--{option}", values[which], *yes)
    for option in _CHANGES[noun]:
        assert any(h.startswith(f"{noun} edit") and f"--{option} " in h for h in typist.typed)


@pytest.mark.slow
def test_what_both_sides_of_a_merge_changed_from_a_day_on(typist: Typist, tmp_path: Path) -> None:
    run = typist.runner
    run.done("company", "add", "Alfa", *_cvr(0), *SMALL)
    for which in _on_both_sides(typist, tmp_path):
        for since, option, *values in _DATED:
            words = (f"--{option}", values[which], "--from", since, "--yes")
            run.done("company", "edit", cvr_number(0), *words)
    assert sum(" --from " in hint for hint in typist.typed) >= 2 * len(_DATED)


@pytest.mark.slow
def test_what_both_sides_of_a_merge_amended(typist: Typist, tmp_path: Path) -> None:
    for which in _on_both_sides(typist, tmp_path):
        typist.runner.done("contract", "amend", *_AMENDED[which])
    for option in _AMENDED[0][::2]:
        assert any(hint.startswith("contract amend") and option in hint for hint in typist.typed)


def _on_both_sides(typist: Typist, tmp_path: Path) -> Iterator[int]:
    """Yield 0 to change the ledger, 1 to change a copy of it; then merge the copy."""
    run = typist.runner
    here, there = run.ledger, tmp_path / "theirs.db"
    shutil.copy(here, there)
    yield 0
    run.ledger = there
    yield 1
    run.ledger = here
    typist("merge", str(there), "--dry-run")
    typist("merge", str(there), "--yes")


def _added(run: Runner, noun: str, *words: str) -> str:
    found = re.search(r'"id": "(\w+)"', run.done(noun, "add", *words, "--json"))
    assert found
    return found[1]


_CHANGES: Final = {
    "company": {
        "name": ("Beta", "Gamma"),
        "municipality": ("Silkeborg", "Skive"),
        "employees": ("41", "42"),
        "turnover": ("1", "2"),
        "balance": ("3", "4"),
        "basis": ("a", "b"),
        "sme": ("yes", "no"),
        "visited-before": ("2009-01-01", "2009-02-01"),
        "kind": ("public", "association"),
    },
    "contact": {
        "date": ("2011-03-02", "2011-03-03"),
        "channel": ("meeting", "phone"),
        "broker": ("MK", "AB"),
        "note": ("a", "b"),
        "next": ("2011-07-01", "2011-07-02"),
    },
    "collaboration": {
        "kind": ("student-job", "internship"),
        "agreed": ("2011-03-02", "2011-03-03"),
        "start": ("2011-08-01", "2011-08-02"),
        "end": ("2011-09-01", "2011-09-02"),
        "institution": ("a", "b"),
        "title": ("a", "b"),
        "students": ("2", "3"),
        "note": ("a", "b"),
    },
    "hire": {
        "level": ("phd", "bachelor"),
        "agreed": ("2011-03-02", "2011-03-03"),
        "start": ("2011-08-01", "2011-08-02"),
        "end": ("2011-09-01", "2011-09-02"),
        "institution": ("a", "b"),
        "field": ("a", "b"),
        "terms": ("subsidised", "unpaid"),
        "hours": ("10", "20"),
        "note": ("a", "b"),
    },
    "broker": {"council": ("a", "b")},
    "method": {
        "name": ("Mødet", "Besøget"),
        "description": ("a", "b"),
        "for": ("companies", "institutions"),
    },
}
_DATED: Final = (
    ("2011-05-01", "employees", "51", "62"),
    ("2011-05-01", "municipality", "Silkeborg", "Skive"),
    ("2011-06-01", "employees", "71", "82"),
    ("2011-06-01", "turnover", "1", "2"),
)
_AMENDED: Final = tuple(
    (
        *("--first-day", f"2011-01-0{number + 3}", "--last-day", f"2012-10-0{number + 1}"),
        *("--operator", f"Operatør {number}", "--region", f"Region {number}"),
        *("--minimum", f"hires={60 + number}", "--due", f"methods=2012-05-0{number + 1}"),
        *("--municipality", "Skive", "--from", f"2011-04-0{number + 1}"),
    )
    for number in range(2)
)


@pytest.mark.slow
def test_what_looks_like_the_same_twice(typist: Typist, tmp_path: Path) -> None:
    for name in ("Hedelund", "Hedelunds"):
        _company(typist, name, *SMALL)
    typist("company", "add", "Hedelund", *SMALL, code=1)
    typist("company", "add", "Mols", *_cvr(0), *SMALL)
    typist("company", "edit", "mols", "--employees", "60", "--from", "2011-05-01")
    typist("company", "add", "Andre", *_cvr(0), code=1)
    for _ in range(2):
        typist("hire", "add", "mols", "--level", "master", "--agreed", "2011-06-01")
        typist("collaboration", "add", "mols", "--kind", "project", "--agreed", "2011-06-01")
    typist("check")
    file = tmp_path / "virksomheder.csv"
    file.write_text(
        f"navn,cvr,kommune,ansatte\nMols,{_cvr(0)[1]},Silkeborg,99\nHedelundz,,Viborg,3\n",
        encoding="utf-8",
    )
    typist("import", str(file), "--as", "company")
    assert any("--employees" in hint and "--from 2011-05-01" in hint for hint in typist.typed)


@pytest.mark.slow
def test_what_the_other_targets_lack(typist: Typist) -> None:
    targets = ("methods", "growth", "project-management", "continuation-model")
    for target in targets:
        typist("why", target)
    typist("method", "add", "Samtalen", "--kind", "method", "--for", "both")
    typist("deliverable", "log", "project-management", "--date", "2011-01-10", "--text", "møde")
    typist("deliverable", "check", "continuation-model", "anchoring", "--date", "2011-06-01")
    for target in targets:
        typist("why", target)


@pytest.mark.slow
def test_what_nobody_takes_part_in(empty_runner: Runner, tmp_path: Path) -> None:
    for lang in i18n.LANGUAGES:
        empty_runner.ledger = tmp_path / f"{lang}.db"
        typist = Typist(empty_runner, tmp_path, lang)
        typist("init", "--broker", "JH")
        _company(typist, "Alfa", *_cvr(0), *SMALL)
        typist("contact", "add", "alfa", "--date", "2011-03-01")
        typist("status")
        _explain_all(typist)
        assert any(hint.startswith("contract amend --municipality") for hint in typist.typed)


# Commands that are refused, each with what to type instead.
_REFUSED: Final = (
    ("company", "show", "ukendt"),
    ("why", "k000"),
    ("hire", "show", "k000"),
    ("followup", "add", "alfa", "--date", "2011-02-01"),
    ("company", "withdraw", "beta", "--reason", "x"),
    ("company", "join", "alfa", "beta"),
    ("company", "edit", "beta", "--cvr", cvr_number(0)),
    ("broker", "add", "JH"),
    ("broker", "edit", "QQ", "--council", "x"),
    ("method", "add", "Samtalen", "--kind", "method"),
    ("method", "show", "ukendt"),
    ("deliverable", "submit", "project-management"),
    ("undo", "999"),
    ("redo",),
)


@pytest.mark.slow
def test_what_to_type_instead(typist: Typist) -> None:
    typist("company", "list")
    for number, name in enumerate(("Alfa", "Beta")):
        _company(typist, name, *_cvr(number), *SMALL)
    for noun in ("contact", "collaboration", "hire", "method", "survey"):
        typist(noun, "list")
    typist("contact", "add", "beta", "--date", "2011-03-01")
    typist("contact", "add", "beta", "--date", "2011-04-01", "--channel", "email")
    typist("method", "add", "Samtalen", "--kind", "method")
    for words in _REFUSED:
        typist(*words, code=1)
    typist("company", "edit", "alfa", "--employees", "50")
    typist("undo", "--yes")
    typist("undo", "--yes")
    typist("redo", "--yes")


@pytest.mark.slow
def test_what_a_hire_that_lasts_and_a_place_lack(empty_runner: Runner, tmp_path: Path) -> None:
    shipped = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    asked = 'lasting = { da = "x", en = "x" }'
    before, hires = shipped.split('id = "hires"')
    file = tmp_path / "contract.toml"
    hires = hires.replace("[target.requires]", f"[target.requires]\n{asked}", 1)
    lasting = "[lasting]\nweeks = 26\nhours = 30\n\n"
    before = before.replace("[[target]]", f"{lasting}[[target]]", 1)
    file.write_text(f'{before}id = "hires"{hires}', encoding="utf-8")
    for lang in i18n.LANGUAGES:
        empty_runner.ledger = tmp_path / f"{lang}.db"
        typist = Typist(empty_runner, tmp_path, lang)
        typist("init", "--broker", "JH", "--municipality", "Viborg", "--contract", str(file))
        _company(typist, "Alfa", *_cvr(0), *SMALL, "--visited-before", "2011-02-02")
        for options in _HIRES:
            typist("hire", "add", "alfa", "--level", "master", *options)
        for day in ("2011-02-02", "2011-03-03"):
            typist("contact", "add", "alfa", "--date", day, "--municipality", "Aarhus")
        _explain_all(typist)
        assert any("--end" in hint for hint in typist.typed)


_HIRES: Final = (
    ("--agreed", "2011-06-01"),
    ("--agreed", "2011-06-01", "--permanent"),
    ("--agreed", "2011-06-01", "--end", "2011-06-20", "--hours", "37"),
    ("--agreed", "2011-06-01", "--permanent", "--hours", "3"),
    ("--agreed", "2011-06-01", "--permanent", "--municipality", "Aarhus"),
    ("--municipality", "Aarhus"),
)


@pytest.mark.slow
def test_what_does_not_hold_of_takeovers(typist: Typist, tmp_path: Path) -> None:
    for number, name in enumerate(("Alfa", "Beta", "Gamma")):
        _company(typist, name, *_cvr(number), *SMALL)
    there = tmp_path / "theirs.db"
    shutil.copy(typist.runner.ledger, there)
    here = typist.runner.ledger
    typist("contact", "add", "alfa", "--date", "2011-06-01")
    typist("company", "succeed", "alfa", "beta", "--from", "2011-05-01")
    typist("company", "succeed", "alfa", "gamma", "--from", "2011-05-01", code=1)
    typist("company", "withdraw", "beta", "--reason", "x", code=1)
    typist.runner.ledger = there
    for old, new, since in (("alfa", "gamma", "2011-05-02"), ("beta", "alfa", "2011-04-01")):
        typist.runner.done("company", "succeed", old, new, "--from", since)
    typist.runner.ledger = here
    typist("merge", str(there), "--yes")
    typist("check")


# A fact of a text, with how it is formatted.
_FACT: Final = re.compile(r"\{(\w+)[^}]*\}")
_NAMING: Final = ("help.", "template.help.", "error.bundle_no_ledger", "error.no_bundle_in_place")
_FACTS: Final = {
    "noun": "hire",
    "command": "hire list",
    "commands": "",
    "options": "",
    "before": "",
    "typed": "./x",
    "day": "agreed",
}


@pytest.mark.slow
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_command_of_every_text_is_one_with_these_options(language: i18n.Language) -> None:
    app: Any = get_command(build_app(None))
    number = 0
    for key, text in i18n.texts_of(language).items():
        for hint in hints_in(_FACT.sub(lambda fact: _FACTS.get(fact[1], "k0000000001"), text)):
            command, words = app, list(hint)
            # "kmtrack" may be the program itself, and a command may only be named.
            if words[0] not in command.commands or key.startswith(_NAMING):
                continue
            while words and hasattr(command, "commands"):
                assert words[0] in command.commands, (key, hint)
                command = command.commands[words.pop(0)]
            options = {name for parameter in command.params for name in parameter.opts}
            typed = {word for word in words if word.startswith("--")}
            assert typed <= options, (key, hint)
            given = [
                word
                for before, word in zip(["", *words], words, strict=False)
                if not {before[:2], word[:2]} & {"--"}
            ]
            required = [
                each for each in command.params if each.required and each.opts[0][:2] != "--"
            ]
            assert len(given) >= len(required), (key, hint)
            number += 1
    assert number > 100
