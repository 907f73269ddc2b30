"""Questionnaire documents: the one that comes with the program, and every mistake with its place."""

from __future__ import annotations

from typing import Any, Final

import pytest

from builders import questionnaire, questionnaire_document
from kmtrack.rules.document import DocumentMistake
from kmtrack.rules.questionnaire_format import read_questionnaire

GONE: Final = object()


def spoiled(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """Return the shipped document with one value at `path` in place of what is there, or gone."""
    document = questionnaire_document()
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def test_the_shipped_one_is_whole() -> None:
    shipped = questionnaire()
    assert shipped.edition == "kontaktmaegler-2011-12/1"
    assert shipped.after_months == 6
    assert len(shipped.degrees) == 6
    for question in shipped.questions:
        assert question.wording.da != question.wording.en
        assert (question.kind == "choice") == bool(question.choices)
        assert question.short is not None  # what the form calls it


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("format",), 2, "format"),
        (("id",), "Not an id", "id"),
        (("version",), "1", "version"),
        (("name",), GONE, "name"),
        (("name", "en"), GONE, "name.en"),
        (("more",), 1, "more"),
        (("timing", "after_months"), -1, "timing.after_months"),
        (("timing", "years"), 1, "timing.years"),
        (("degrees", "5"), {"da": "a", "en": "b"}, "degrees.5"),
        (("degrees", "unknown"), GONE, "degrees.unknown"),
        (("question",), GONE, "question"),
        (("question", 0, "id"), "highly-educated", "question[2].id"),
        (("question", 0, "id"), "two words", "question[1].id"),
        (("question", 0, "asks"), "broker", "question[1].asks"),
        (("question", 0, "waves"), ["during"], "question[1].waves"),
        (("question", 0, "type"), "date", "question[1].type"),
        (("question", 0, "required"), 1, "question[1].required"),
        (("question", 0, "measures"), "weather", "question[1].measures"),
        (("question", 0, "maximum"), GONE, "question[1].maximum"),
        (("question", 0, "wording", "da"), "", "question[1].wording.da"),
        (("question", 0, "hint"), "x", "question[1].hint"),
        (("question", 3, "choice"), GONE, "question[4].choice"),
        (("question", 3, "choice", 0, "id"), "", "question[4].choice[1].id"),
        (("question", 4, "oslo"), ["luck"], "question[5].oslo"),
        (("question", 4, "also"), [1], "question[5].also"),
        (("question", 3, "choice", 0, "also"), "x", "question[4].choice[1].also"),
        (("question", 4, "short"), GONE, "question[5].short"),
    ],
)
def test_a_mistake_is_named_by_its_place(
    path: tuple[str | int, ...], value: object, key: str
) -> None:
    with pytest.raises(DocumentMistake) as refused:
        read_questionnaire(spoiled(path, value))
    assert refused.value.key == key
