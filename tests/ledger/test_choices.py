"""Words for the values of a choice, as people write them."""

from __future__ import annotations

import pytest

from builders import refuses
from kmtrack.ledger.schema.choices import choice_word, choose

LEVELS = {
    "cand.merc.": "master",
    "Cand. Merc.": "master",
    "cand.merc": "master",
    "CAND MERC": "master",
    "candmerc": "master",
    "cand.merc.aud.": "master",
    "cand.polyt.": "master",
    "cand.scient.pol.": "master",
    "cand.mag.": "master",
    "cand.jur.": "master",
    "cand.it": "master",
    "cand": "master",
    "cand.": "master",
    "kandidat": "master",
    "civilingeniør": "master",
    "Civilingeniør": "master",
    "lang videregående uddannelse": "master",
    "MSc": "master",
    "M.Sc.": "master",
    "master's degree": "master",
    "diplomingeniør": "mvu",
    "diplom-ingeniør": "mvu",
    "professionsbachelor": "mvu",
    "prof. bach.": "mvu",
    "akademiingeniør": "mvu",
    "maskinmester": "mvu",
    "MVU": "mvu",
    "kvu": "kvu",
    "KVU": "kvu",
    "datamatiker": "kvu",
    "Markedsføringsøkonom": "kvu",
    "short cycle": "kvu",
    "bachelor": "bachelor",
    "B.Sc.": "bachelor",
    "HA": "bachelor",
    "HA (jur.)": "bachelor",
    "ph.d.": "phd",
    "Ph.D.": "phd",
    "ph. d.": "phd",
    "phd": "phd",
}


@pytest.mark.parametrize("word", LEVELS)
def test_a_level_is_read_as_people_say_it(word: str) -> None:
    assert choose("level", word) == LEVELS[word]


@pytest.mark.parametrize(
    "word",
    [
        *(
            "HD",
            "HD(R)",
            "MBA",
            "ingeniør",
            "stud.merc.",
            "cand.merc.-studerende",
            "ph.d.-studerende",
        ),
        *("candy", "cand.xyz.", "faglært", "elev", "student", "", "-", "uddannet"),
    ],
)
def test_what_may_be_one_level_or_another_is_refused(word: str) -> None:
    with refuses("choice_near" if word == "candy" else "unknown_choice"):
        choose("level", word)


@pytest.mark.parametrize(
    ("field", "word", "near"),
    [
        ("channel", "besøk", "visit"),
        ("channel", "telfon", "phone"),
        ("collaboration_kind", "student", "student-job"),
        ("level", "kandidt", "master"),
        ("terms", "ordinar", "ordinary"),
    ],
)
def test_a_near_word_is_suggested_and_never_taken(field: str, word: str, near: str) -> None:
    with refuses("choice_near") as refused:
        choose(field, word)
    assert refused.value.facts["near"] == choice_word(field, near)


@pytest.mark.parametrize(
    ("field", "word", "value"),
    [
        ("channel", "E-mail", "email"),
        ("channel", "e mail", "email"),
        ("channel", "tlf.", "phone"),
        ("collaboration_kind", "studie-job", "student-job"),
        ("collaboration_kind", "student job", "student-job"),
        ("terms", "Med tilskud", "subsidised"),
    ],
)
def test_dots_hyphens_blanks_and_capitals_do_not_matter(field: str, word: str, value: str) -> None:
    assert choose(field, word) == value
