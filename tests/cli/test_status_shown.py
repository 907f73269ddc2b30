"""What `status` shows: a page that fits a terminal, one target, details, groups."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import terminals
from builders import HIRES, contract

if TYPE_CHECKING:
    from cli_runner import Runner

LANGUAGES = pytest.mark.parametrize("lang", ["da", "en"])


def test_one_target_is_named_by_its_id_or_by_words_of_its_name(stocked: Runner) -> None:
    shown = stocked.done("status", "binding")
    assert shown.startswith("Binding collaborations (collaborations)\n")
    assert shown == stocked.done("status", "collaborations")
    assert "a month needed" in shown
    assert "kmtrack why collaborations" in shown
    assert stocked("status", "nothing like it").code == 1


def test_the_data_of_one_target_are_those_among_all(stocked: Runner) -> None:
    whole = json.loads(stocked.done("status", "--json"))
    one = json.loads(stocked.done("status", HIRES, "--json"))
    assert one["targets"] == [each for each in whole["targets"] if each["id"] == HIRES]
    assert {key: one[key] for key in one if key != "targets"} == {
        key: whole[key] for key in whole if key != "targets"
    }


def test_every_target_says_in_data_what_is_needed_each_month(stocked: Runner) -> None:
    data = json.loads(stocked.done("status", "--json"))
    needed = {each["id"]: each["needed_per_month"] for each in data["targets"]}
    assert data["days_left"] == 550
    assert needed["new-contacts"] == 56  # 999 in 551 days
    assert needed["continuation-model"] is None


@LANGUAGES
def test_groups_have_one_table_and_one_line_of_totals(stocked: Runner, lang: str) -> None:
    for grouping in ("municipality", "broker", "council", "month", "kind"):
        lines = stocked.done("status", "--by", grouping, lang=lang).splitlines()
        total = {"da": "I alt", "en": "Total"}[lang]
        assert sum(line.startswith(total) for line in lines) == 1
        assert not any("1000" in line for line in lines)  # no minimum: that is another table


def test_groups_of_one_target(stocked: Runner) -> None:
    shown = stocked.done("status", HIRES, "--by", "kind")
    assert "Hires of highly educated staff" in shown
    assert "New contacts" not in shown
    data = json.loads(stocked.done("status", HIRES, "--by", "kind", "--json"))
    assert [each["id"] for each in data["targets"]] == [HIRES]


def test_kinds_are_data_as_lists_have_them(stocked: Runner) -> None:
    data = json.loads(stocked.done("status", "--by", "type", "--json", lang="da"))
    new = next(each for each in data["targets"] if each["id"] == "new-contacts")
    assert data["by"] == "kind"
    assert new["groups"] == [{"group": "visit", "counted": 1, "waiting": 0, "excluded": 0}]


def test_kinds_as_known_at_a_moment(stocked: Runner) -> None:
    then = json.loads(stocked.done("status", "--by", "kind", "--known-at", "2011-06-30", "--json"))
    now = json.loads(stocked.done("status", "--by", "kind", "--json"))
    assert then["targets"] == now["targets"]


@terminals.posix
@LANGUAGES
def test_the_status_fits_a_terminal_with_a_line_for_each_target(stocked: Runner, lang: str) -> None:
    shown = terminals.seen("--lang", lang, "status", KMTRACK_LEDGER=str(stocked.ledger)).plain
    lines = shown.splitlines()
    assert len(lines) <= 22  # of 24: the command and the next prompt
    assert all(len(line) <= 80 for line in lines)
    for target in contract().targets:
        assert sum(line.startswith(target.name.in_language(lang)) for line in lines) == 1
