"""The sentence that begins the front page, for every number of targets and every state."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations_with_replacement
from typing import Any

import pytest

from builders import contract
from kmtrack import i18n
from kmtrack.rules.contract import Selection, Target
from kmtrack.rules.deliverables import SubmissionStatus
from kmtrack.rules.document import Wording
from kmtrack.rules.status import Status, TargetStatus, status_from
from kmtrack.rules.tallies import Tally
from kmtrack.views.headline import headline

MIDDLE, LAST, AFTER = date(2011, 12, 31), date(2012, 12, 31), date(2013, 2, 1)
NAMES = "ABCDEFGHIJKLMN"


def target(number: int, minimum: int | None = 100, **changes: Any) -> Target:
    """Return a target named by a letter; its even distribution at the end of 2011 is 49."""
    name = Wording(NAMES[number], NAMES[number])
    made = Target(f"t{number}", "contact", name, name, Selection(), minimum, None, {})
    return made._replace(**changes)


def said(
    *counts: int | None, day: date = MIDDLE, language: i18n.Language = "da", **changes: Any
) -> str:
    """Return the sentence about targets with these counts; None is not begun."""
    i18n.use(language)
    targets = tuple(target(number, **changes) for number in range(len(counts)))
    tallies = {f"t{number}": Tally(count) for number, count in enumerate(counts) if count}
    waiting = {f"t{n}": Tally(0, 1) for n, count in enumerate(counts) if count == 0}
    return headline(status_from(contract(targets=targets), day, tallies | waiting, {}))


@pytest.mark.parametrize(
    ("counts", "danish", "english"),
    [
        # One target.
        ((60,), "Målet følger planen.", "The target is on schedule."),
        ((100,), "Målet er nået.", "The target has been reached."),
        ((40,), "»A« er 9 bagud.", "“A” is 9 behind."),
        ((0,), "»A« er 49 bagud.", "“A” is 49 behind."),
        (
            (None,),
            "Arbejdet med målet er ikke begyndt.",
            "Work on the target has not begun.",
        ),
        # A pair.
        ((60, 60), "Begge mål følger planen.", "Both targets are on schedule."),
        ((100, 240), "Begge mål er nået.", "Both targets have been reached."),
        (
            (100, 60),
            "Begge mål følger planen, og det ene er nået.",
            "Both targets are on schedule, and one of them has been reached.",
        ),
        (
            (40, 60),
            "Et af to mål følger planen. »A« er 9 bagud.",
            "One of two targets is on schedule. “A” is 9 behind.",
        ),
        (
            (40, 30),
            "Begge mål er bagud: »A« 9 og »B« 19.",
            "Both targets are behind: “A” 9 and “B” 19.",
        ),
        (
            (40, None),
            "Ingen af de to mål følger planen. »A« er 9 bagud. »B« er ikke begyndt.",
            "Neither of the two targets is on schedule. “A” is 9 behind. Work on “B” has not begun.",
        ),
        # Four, as in the region's contract.
        ((60, 60, 60, 60), "Alle fire mål følger planen.", "All four targets are on schedule."),
        (
            (100, 60, 60, 60),
            "Alle fire mål følger planen, og et af dem er nået.",
            "All four targets are on schedule, and one of them has been reached.",
        ),
        ((100,) * 4, "Alle fire mål er nået.", "All four targets have been reached."),
        (
            (60, 60, 40, 60),
            "Tre af fire mål følger planen. »C« er 9 bagud.",
            "Three of four targets are on schedule. “C” is 9 behind.",
        ),
        (
            (100, 60, 40, 60),
            "Et af fire mål er nået, og to følger planen. »C« er 9 bagud.",
            "One of four targets has been reached, and two are on schedule. “C” is 9 behind.",
        ),
        (
            (100, 40, 100, 30),
            "To af fire mål er nået. »B« er 9 bagud og »D« 19.",
            "Two of four targets have been reached. “B” is 9 behind and “D” 19.",
        ),
        (
            (40, 30, 20, 60),
            "Et af fire mål følger planen. »A« er 9 bagud, »B« 19 og »C« 29.",
            "One of four targets is on schedule. “A” is 9 behind, “B” 19 and “C” 29.",
        ),
        (
            (40, 30, 20, 10),
            "Alle fire mål er bagud: »A« 9, »B« 19, »C« 29 og »D« 39.",
            "All four targets are behind: “A” 9, “B” 19, “C” 29 and “D” 39.",
        ),
        (
            (None,) * 4,
            "Arbejdet med målene er ikke begyndt.",
            "Work on the targets has not begun.",
        ),
        (
            (60, None, 60, None),
            "To af fire mål følger planen. »B« og »D« er ikke begyndt.",
            "Two of four targets are on schedule. Work on “B” and “D” has not begun.",
        ),
        # More than fit into a sentence.
        (
            (10, 20, 30, 40, 10, 5),
            "Alle seks mål er bagud, mest »F« (44), »A« (39) og »E« (39).",
            "All six targets are behind, most of all “F” (44), “A” (39) and “E” (39).",
        ),
        (
            (10, 20, 30, 40, 10, 60),
            "Et af seks mål følger planen. Længst bagud er »A« (39), »E« (39) og »B« (29).",
            "One of six targets is on schedule. Furthest behind: “A” (39), “E” (39) and “B” (29).",
        ),
        (
            (60, None, None, None, None, None),
            "Et af seks mål følger planen. Fem mål er ikke begyndt.",
            "One of six targets is on schedule. Work on five targets has not begun.",
        ),
        ((60,) * 13, "Alle 13 mål følger planen.", "All 13 targets are on schedule."),
    ],
)
def test_the_state_of_the_targets_in_a_sentence(
    counts: tuple[int | None, ...], danish: str, english: str
) -> None:
    assert said(*counts) == danish
    assert said(*counts, language="en") == english


@pytest.mark.parametrize(
    ("counts", "danish", "english"),
    [
        ((100,), "Målet blev nået.", "The target was reached."),
        ((74,), "»A« mangler 26 i at nå minimum.", "“A” is 26 short of its minimum."),
        (
            (100, 100, 74, 100),
            "Tre af fire mål blev nået. »C« mangler 26 i at nå minimum.",
            "Three of four targets were reached. “C” is 26 short of its minimum.",
        ),
        ((100,) * 4, "Alle fire mål blev nået.", "All four targets were reached."),
        (
            (74, None),
            "Ingen af de to mål blev nået. »A« mangler 26 i at nå minimum og »B« 100.",
            "Neither of the two targets was reached. “A” is 26 short of its minimum and “B” 100.",
        ),
        (
            (1, 2, 3, 4, 5),
            "Ingen af de fem mål blev nået. Længst fra minimum er »A« (99), »B« (98) og »C« (97).",
            "None of the five targets was reached. Furthest from the minimum: “A” (99), “B” (98) and “C” (97).",
        ),
    ],
)
def test_after_the_end_it_looks_back(
    counts: tuple[int | None, ...], danish: str, english: str
) -> None:
    assert said(*counts, day=AFTER) == f"Kontrakten udløb den 31. december 2012. {danish}"
    english = f"The contract ended on 31 December 2012. {english}"
    assert said(*counts, day=AFTER, language="en") == english


def test_on_the_last_day_nothing_is_over_yet() -> None:
    assert said(74, 100, day=LAST) == "Et af to mål er nået. »A« er 26 bagud."


def test_before_the_first_day_there_is_nothing_to_say() -> None:
    assert said(0, 0, day=date(2010, 12, 31)) == "Kontrakten begynder den 1. januar 2011."


def test_large_numbers_have_their_separator() -> None:
    assert said(1, minimum=4_000) == "»A« er 1.996 bagud."
    assert said(1, minimum=4_000, language="en") == "“A” is 1,996 behind."


def test_a_target_that_was_due_earlier_is_said_to_lack() -> None:
    i18n.use("da")
    targets = (target(0), target(1, due=date(2011, 6, 30)))
    tallies = {"t0": Tally(60), "t1": Tally(97)}
    text = headline(status_from(contract(targets=targets), MIDDLE, tallies, {}))
    assert text == "Et af to mål følger planen. »B« mangler 3 i at nå minimum."


@pytest.mark.parametrize(
    ("language", "some", "none", "only"),
    [
        (
            "da",
            "Begge mål med et minimum følger planen.",
            "Kontrakten sætter ikke noget minimum for det, der tælles.",
            "Kontrakten har en ydelse og ingen måltal. Fristen for »D« er overskredet.",
        ),
        (
            "en",
            "Both targets with a minimum are on schedule.",
            "The contract sets no minimum for what is counted.",
            "The contract has one deliverable and no numerical targets. The deadline for “D” has passed.",
        ),
    ],
)
def test_targets_without_a_minimum_are_neither_ahead_nor_behind(
    language: i18n.Language, some: str, none: str, only: str
) -> None:
    i18n.use(language)
    measured, free = [target(0), target(1)], target(2, None)
    tallies = {f"t{number}": Tally(60) for number in range(3)}
    made = contract(targets=(*measured, free))
    assert headline(status_from(made, MIDDLE, tallies, {})) == some
    assert headline(status_from(contract(targets=(free,)), MIDDLE, tallies, {})) == none
    paper = target(3, None, counts="deliverable", due=date(2011, 6, 30))
    late = SubmissionStatus("late", date(2011, 6, 30), -184, None, ())
    made = contract(targets=(paper,))
    assert headline(status_from(made, MIDDLE, {}, {paper.id: late})) == only


def test_what_was_handed_in_late_is_told() -> None:
    i18n.use("da")
    paper = target(3, None, counts="deliverable")
    late = SubmissionStatus("late", date(2011, 6, 30), -1, date(2011, 7, 1), ())
    row = TargetStatus(paper, Tally(), None, None, "late", [], late)
    first = status_from(contract(targets=(target(0),)), MIDDLE, {"t0": Tally(60)}, {})
    text = headline(Status(first.contract, MIDDLE, None, [*first.targets, row]))
    assert text == "Målet følger planen. »D« blev afleveret efter fristen."


@pytest.mark.parametrize("day", [MIDDLE, LAST, AFTER])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_mixture_of_states_makes_whole_sentences(language: i18n.Language, day: date) -> None:
    for size in range(1, 6):
        for counts in combinations_with_replacement((None, 0, 40, 60, 100), size):
            text = said(*counts, day=day, language=language)
            assert text.endswith(".")
            assert ".." not in text
            assert "  " not in text
            assert all(
                part[:1].isupper() or part[:1] in "“»" for part in re.split(r"(?<!31)[.] ", text)
            )
