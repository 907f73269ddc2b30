"""A refusal is a key and facts; its sentence is made when it is shown, in the language in use."""

from __future__ import annotations

from datetime import date

import pytest

from kmtrack import i18n
from kmtrack.errors import Phrase, Refusal
from kmtrack.rules.document import Wording


@pytest.fixture(autouse=True)
def texts_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    for language, word, sentence in (
        ("en", "hire", "the {what} of {day} fits {names}"),
        ("da", "ansættelse", "{what} {day} passer til {names}"),
    ):
        texts = i18n.texts_of(language)  # type: ignore[arg-type]  # a literal of two
        monkeypatch.setitem(texts, "word.of_this_test", word)
        monkeypatch.setitem(texts, "phrase.of_this_test", "{one}!")
        monkeypatch.setitem(texts, "error.of_this_test", sentence)


def test_a_sentence_speaks_the_language_in_use_when_it_is_shown() -> None:
    refusal = Refusal(
        "of_this_test",
        what=Phrase("word.of_this_test"),
        day=date(2011, 3, 4),
        names=["Smedjen", Phrase("phrase.of_this_test", one=Phrase("word.of_this_test"))],
    )
    assert refusal.sentence() == "the hire of 2011-03-04 fits Smedjen, hire!"
    i18n.use("da")
    assert refusal.sentence() == "ansættelse 04.03.2011 passer til Smedjen, ansættelse!"


def test_a_wording_among_the_facts_is_shown_in_the_language_in_use() -> None:
    refusal = Refusal("bad_answer", value="7", expected=[Wording("lidt", "a little"), "2"])
    i18n.use("en")
    assert refusal.sentence().endswith("write a little, 2")
    i18n.use("da")
    assert refusal.sentence().endswith("skriv lidt, 2")


def test_phrases_of_one_key_and_the_same_facts_are_equal() -> None:
    assert Phrase("a", n=1) == Phrase("a", n=1)
    assert Phrase("a", n=1) != Phrase("a", n=2)
    assert len({Phrase("a"), Phrase("a")}) == 1
