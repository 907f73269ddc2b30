"""Targets found by what a person calls them: an id or a name, whole or as far as it is one's own."""

from __future__ import annotations

import pytest

from builders import COLLABORATIONS, HIRES, LATER, NEW, contract, refuses
from kmtrack.i18n import use
from kmtrack.usecases.doubts import NO_ANSWERS, YES, Doubt
from kmtrack.usecases.lookup import find_target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (NEW, NEW),
        ("Nye kontakter", NEW),
        ("new", NEW),
        ("opfølgende", LATER),
        ("OPFØLGENDE", LATER),
        ("opfoelgende", LATER),
        ("Follow-up contacts", LATER),
        ("forpligtende samarbejder", COLLABORATIONS),
        ("hires", HIRES),
        ("samarbejder forpligtende", COLLABORATIONS),
        ("opfoelg kont", LATER),
        ("ansættelser", HIRES),
        ("Ansaettelser af", HIRES),
        ("projekt", "project-management"),
        ("model", "continuation-model"),
        (" metoder  og værktøjer ", "methods"),
        ("Flere", "growth"),
    ],
)
def test_a_target_is_found_by_its_id_or_its_name_or_a_beginning(text: str, target: str) -> None:
    assert find_target(NO_ANSWERS.to, text, contract().targets).id == target


def test_a_whole_id_or_name_is_taken_before_the_beginning_of_another() -> None:
    new, later, *others = contract().targets
    longer = later._replace(id="new-contacts-again")
    by = contract(targets=(longer, new, *others))
    assert find_target(NO_ANSWERS.to, NEW, by.targets) == new
    assert find_target(NO_ANSWERS.to, "New contacts", by.targets) == new


def test_several_that_begin_so_are_named_with_their_ids() -> None:
    use("da")
    with refuses("ambiguous_target") as refused:
        find_target(NO_ANSWERS.to, "kon", contract().targets)
    sentence = refused.value.sentence()
    assert "follow-ups (Opfølgende kontakter)" in sentence
    assert "new-contacts (Nye kontakter)" in sentence
    assert "collaborations" not in sentence


@pytest.mark.parametrize("text", ["alt", "", " ", "f", "\udcff", "hires!?xyz"])
def test_what_is_no_target_is_refused_with_all_of_them(text: str) -> None:
    use("en")
    with refuses("unknown_target") as refused:
        find_target(NO_ANSWERS.to, text, contract().targets)
    for target in contract().targets:
        assert f"{target.id} ({target.name.en})" in refused.value.sentence()


@pytest.mark.parametrize(
    ("text", "target"), [("hirse", HIRES), ("nye kontatker", NEW), ("ansættelsr", HIRES)]
)
def test_what_is_nearly_a_target_is_asked_about(text: str, target: str) -> None:
    with refuses("target_near") as doubt:
        find_target(NO_ANSWERS.to, text, contract().targets)
    assert isinstance(doubt.value, Doubt)
    assert doubt.value.facts["id"] == target
    answers = NO_ANSWERS.plus(doubt.value, YES)
    assert find_target(answers.to, text, contract().targets).id == target
