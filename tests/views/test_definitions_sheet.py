"""The sheet of definitions: what each figure, state and requirement means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import openpyxl
import pytest

from builders import TODAY, ledger_in, session_over, shipped_document
from kmtrack import i18n
from kmtrack.cli.export import export_workbook
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.status import TargetState

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.rules.contract import Contract


@pytest.fixture(scope="module", params=["da", "en"])
def sheet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("definitions")
    i18n.use(request.param)
    with session_over(ledger_in(folder)) as session:
        export_workbook(session, folder / "region.xlsx", TODAY)
    title = i18n.say("workbook.definitions")
    return openpyxl.load_workbook(folder / "region.xlsx")[title], request.param


def _contract() -> Contract:
    return read_contract(shipped_document())


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_each_requirement_of_each_target_stands_with_the_words_of_the_note(sheet: Any) -> None:
    written, language = sheet
    rows = {row[:3] for row in _rows(written)}
    for target in _contract().targets:
        for rule, words in target.requires.items():
            name = i18n.say_in(language, f"rule.{rule}")
            found = (target.name.in_language(language), name, words.in_language(language))
            assert found in rows
    [table] = written.tables.values()
    assert table.displayName == i18n.say_in(language, "workbook.requirements")


def test_every_state_and_figure_is_explained(sheet: Any) -> None:
    written, language = sheet
    meanings = {row[0]: row[1] for row in _rows(written) if row[0]}
    state = i18n.say_in(language, "workbook.state")
    for each in get_args(TargetState):
        assert meanings[f"{state}: {i18n.say_in(language, f'state.{each}')}"]
    for term in ("even", "percent", "share", "rounding", "several", "confidential"):
        assert meanings[i18n.say_in(language, f"definition.name.{term}")]


def test_it_says_of_when_the_checksums_are_and_what_waits_whatever_the_day(sheet: Any) -> None:
    written, language = sheet
    texts = [str(value) for row in _rows(written) for value in row if value]
    (heads,) = (text for text in texts if "kmtrack check " in text and "UTC" in text)
    assert ("som det så ud" if language == "da" else "as it was at") in heads
    waiting = "uanset hvilken dag" if language == "da" else "whatever day"
    assert any(waiting in text for text in texts)


def test_no_printed_page_repeats_headings_that_are_those_of_another_table(sheet: Any) -> None:
    written, _ = sheet
    assert not written.print_title_rows
