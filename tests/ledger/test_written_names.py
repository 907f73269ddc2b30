"""Where a text holds a name, where only part of a longer one, and what is nearly it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmtrack.ledger.near_forms import NearForms, form_to_type, is_long_enough
from kmtrack.ledger.written_names import WrittenName, given_name_of

NAME = WrittenName("Inger Holm")


def _near(name: str, text: str, *, titled: bool = False) -> list[str]:
    written = WrittenName(name)
    taken = written.spans(text, titled=titled)
    found = NearForms(written).spans(text, taken, titled=titled)
    return [form_to_type(text, span, written, titled=titled) for span in found]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Inger Holm ringer", "*** ringer"),
        ("mødte INGER  HOLM i dag", "mødte *** i dag"),
        ("Inger\nHolm", "***"),
        ("tak til\nInger Holm", "tak til\n***"),
        ("Inger\N{NO-BREAK SPACE}Holm", "***"),
        ("Inger Holms bil", "***s bil"),
        ("Inger Holm's bil", "***'s bil"),
        ("Inger Holm\u2019s bil", "***\u2019s bil"),
        ("Mødte Inger Holm i dag", "Mødte *** i dag"),
        ("i dag. Ringede Inger Holm op", "i dag. Ringede *** op"),
        ("talte med Direktør Inger Holm", "talte med Direktør ***"),
        ("Inger Holm A/S", "*** A/S"),
        ("Inger Holm ApS", "*** ApS"),
        ("Inger Holm.Næste gang", "***.Næste gang"),
        ("Inger Holm\nJensen ringer", "***\nJensen ringer"),
        ("INGER HOLM RINGER", "*** RINGER"),
        ("inger holm ringer", "*** ringer"),
        ("Bo Bæk/Inger Holm, (Inger Holm)", "Bo Bæk/***, (***)"),
        ("Inger Holm.pdf", "***.pdf"),
        ("Inger Holm Tlf. 20304050", "*** Tlf. 20304050"),
        ("talte med Inger Holm Mobil 20304050", "talte med *** Mobil 20304050"),
        ("ring til Inger Holm Mandag", "ring til *** Mandag"),
        ("met Inger Holm Monday", "met *** Monday"),
        ("mødte Inger Holm Hun ringer", "mødte *** Hun ringer"),
        ("rapport_Inger Holm_2011.pdf", "rapport_***_2011.pdf"),
    ],
)
def test_a_name_is_taken_out_however_it_is_written(text: str, left: str) -> None:
    assert NAME.without(text)[0] == left
    assert _near("Inger Holm", text) == []


@pytest.mark.parametrize(
    "longer",
    [
        "Inger Holm-Jensen",
        "Inger Holm\N{NON-BREAKING HYPHEN}Jensen",
        "Inger Holm Jensen",
        "INGER HOLM JENSEN",
        "inger holm jensen",
        "Inger Holm J.",
        "Anne Inger Holm",
        "ANNE INGER HOLM",
        "Anne-Inger Holm",
        "J. Inger Holm",
        "Inger Holm Viborg",
    ],
)
@pytest.mark.parametrize("text", ["{} kom", "talte med {}", "Møde: {}."])
def test_no_longer_name_is_cut_into_and_each_is_listed(longer: str, text: str) -> None:
    text = text.format(longer)
    assert NAME.without(text) == (text, 0)
    [near] = _near("Inger Holm", text)
    assert near.startswith(longer.rstrip("."))


@pytest.mark.parametrize(
    "text",
    [
        *("Inger Holmgaard", "Finger Holm", "Inger Jensen", "Bo Holm", "Holmgård", "Ingers Holm"),
        *("Inge Holm", "Inger Holt", "bholm@firma.dk", "ingert@firma.dk", "Inga Holm"),
    ],
)
def test_the_names_of_others_are_no_near_forms(text: str) -> None:
    assert NAME.without(text) == (text, 0)
    assert _near("Inger Holm", text) == []


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("skriv til inger.holm@firma.dk.", ["inger.holm@firma.dk"]),
        ("ingerholm@firma.dk", ["ingerholm@firma.dk"]),
        ("ih@firma.dk", ["ih@firma.dk"]),
        ("inger@firma.dk", ["inger@firma.dk"]),
        ("Holm, Inger", ["Holm, Inger"]),
        ("Holm Inger", ["Holm Inger"]),
        ("I. Holm ringer", ["I. Holm"]),
        ("Inger  H. ringer", ["Inger H."]),
        ("Inger M. Holm", ["Inger M. Holm"]),
        ("Inger Marie Holm", ["Inger Marie Holm"]),
        ("aftalt med IH", ["med IH"]),
        ("I.H. ringer", ["I.H. ringer"]),
        ("Ingerholm kom", ["Ingerholm"]),
        ("inger_holm_cv.docx", ["inger_holm_cv.docx"]),
        ("Inger ringer, og fru Holm", ["Inger", "Holm"]),
        ("Inger Holm og inger.holm@firma.dk", ["inger.holm@firma.dk"]),
        ("inger.holm84@firma.dk", ["inger.holm84@firma.dk"]),
        ("ingerholm1@firma.dk", ["ingerholm1@firma.dk"]),
        ("mødte Inger Holm2 og Bo", ["Inger Holm2"]),
        ("iholm@firma.dk", ["iholm@firma.dk"]),
        ("ingerh2@firma.dk", ["ingerh2@firma.dk"]),
        ("mødte Ingr Holm", ["Ingr Holm"]),
        ("mødte Inger Holn", ["Inger Holn"]),
        ("mødte Inegr Holm i dag", ["Inegr Holm"]),
        ("mødte Ingeer  Holm", ["Ingeer Holm"]),
    ],
)
def test_near_forms_are_listed_and_stay(text: str, forms: list[str]) -> None:
    assert _near("Inger Holm", text) == forms


@pytest.mark.parametrize(
    "text", ["Soeren Aaby", "soren.aaby@firma.dk", "S. Åby", "Sören Aby", "SOEREN ÅBY"]
)
def test_other_letters_for_danish_ones_are_a_near_form(text: str) -> None:
    assert WrittenName("Søren Åby").without(text) == (text, 0)
    assert _near("Søren Åby", text) == [text]


@pytest.mark.parametrize(
    ("name", "text", "forms"),
    [
        ("Hans-Peter Ib", "mødte Hans Peter Ib", ["Hans Peter Ib"]),
        ("Hans-Peter Ib", "hanspeter.ib@firma.dk", ["hanspeter.ib@firma.dk"]),
        ("Bo Friis-Hansen", "fru Friis Hansen ringer", ["Friis Hansen"]),
        ("Bo Friis-Hansen", "mødte Ib Friis-Hansen", []),
        ("Anne-Marie", "talte med Annemarie", ["Annemarie"]),
        ("Inger O'Neill", "Inger ONeill kom", ["Inger ONeill"]),
        ("Inger O'Neill", "fru O\u2019Neills bil", ["O\u2019Neills"]),
        ("Inger Holm", "fru Holm's bil", ["Holm's"]),
    ],
)
def test_a_double_name_or_an_apostrophe_written_otherwise_is_near(
    name: str, text: str, forms: list[str]
) -> None:
    assert WrittenName(name).without(text) == (text, 0)
    assert _near(name, text) == forms


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Mødte Inger Holm, Per Dam", ["Inger Holm"]),
        ("mødte I. Holm og Bo Lund", ["I. Holm"]),
        ("inger.holm@firma.dk", ["inger.holm@firma.dk"]),
        ("Holm,Inger ringer", ["Holm,Inger"]),
        ("Mødte Bo Lund, Inger Dam", []),
    ],
)
def test_a_surname_in_front_of_a_comma_is_a_surname(text: str, forms: list[str]) -> None:
    name = WrittenName("Holm, Inger")
    assert name.without(text) == (text, 0)
    assert _near("Holm, Inger", text) == forms


@pytest.mark.parametrize("text", ["Søren Åby", "Søren A\u030aby", "SØREN ÅBY", "søren åby"])
def test_composed_and_decomposed_letters_are_one(text: str) -> None:
    assert WrittenName("Søren Åby").without(text) == ("***", 1)
    assert WrittenName("Søren A\u030aby").without(text) == ("***", 1)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mødte Inger i dag", "mødte *** i dag"),
        ("Mødte Inger", "Mødte ***"),
        ("Ingers bil, Inger.pdf", "***s bil, ***.pdf"),
        ("Inger Holm", "Inger Holm"),
        ("Anne Inger", "Anne Inger"),
        ("inger.holm@firma.dk", "inger.holm@firma.dk"),
        ("Ingeborg", "Ingeborg"),
    ],
)
def test_one_word_is_taken_out_where_it_stands_alone(text: str, left: str) -> None:
    assert WrittenName("Inger").without(text)[0] == left


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Inger Holm", "***"),
        ("Inger Holm Consult", "*** Consult"),
        ("Firma Inger Holm", "Firma ***"),
        ("Inger Holm ApS", "*** ApS"),
        ("Inger Holm Jensen Consult", "Inger Holm Jensen Consult"),
        ("Anne Inger Holm VVS", "Anne Inger Holm VVS"),
    ],
)
def test_words_of_a_firm_are_no_surnames(name: str, left: str) -> None:
    assert NAME.without(name, titled=True)[0] == left


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Holm, Inger", "Holm, Inger kom", "*** kom"),
        ("Holm, Inger", "Bo Holm, Inger", "Bo Holm, Inger"),
        ("inger.holm@firma.dk", "skriv inger.holm@firma.dk.", "skriv ***."),
        ("inger.holm@firma.dk", "inger.holm@firma.dk.uk", "inger.holm@firma.dk.uk"),
        ("Jens Hans", "Jens Hans' bil", "***' bil"),
        ("20 30 40 50", "ring 20 30 40 50 Inger", "ring *** Inger"),
        ("20 30 40 50", "ring 20 30 40 501 Inger", "ring 20 30 40 501 Inger"),
        ('"Bobby" Olsen', 'kom "Bobby" Olsen?', "kom ***?"),
        ("O\\le Bo", "o\\le bo er syg", "*** er syg"),
    ],
)
def test_any_text_can_be_taken_out(name: str, text: str, left: str) -> None:
    assert WrittenName(name).without(text)[0] == left


_WORDS = st.sampled_from(
    [
        "Inger", "Holm", "inger", "HOLM", "Holms", "Inger-", "-Holm", "Anne", "Jensen", "kom", "med", "I.", "H.",
        ".", ",", "@firma.dk", "Inger Holm", "Holmgaard", "\n", "_", "IH", "Søren", "'s", "(", ")", "/",
    ]
)  # fmt: skip
_TEXTS = st.lists(st.tuples(_WORDS, st.sampled_from(["", " ", "  "])), max_size=8).map(
    lambda parts: "".join(word + blank for word, blank in parts)
)


@given(_TEXTS)
def test_what_is_taken_out_is_the_name_and_stands_by_itself(text: str) -> None:
    for span in NAME.spans(text):
        assert text[span.start : span.end].casefold().split() == ["inger", "holm"]
        assert not re.search(r"[^\W_]-?$", text[: span.start])
        assert not re.match(r"-?[^\W_](?<!s)", text[span.end :])
    assert NAME.without(NAME.without(text)[0])[1] == 0


@pytest.mark.parametrize(
    "text",
    ["talte med nete Inger Holm", "nete INGER HOLM", "Møde: nete\N{NO-BREAK SPACE}inger holm"],
)
def test_a_name_behind_a_given_name_of_the_ledger_is_listed_with_it(text: str) -> None:
    name = WrittenName("Inger Holm", {"nete"})
    assert name.without(text) == (text, 0)
    [near] = NearForms(name).spans(text, [])
    form = form_to_type(text, near, name)
    assert form.casefold() == "nete inger holm"
    assert name.beside(form).without(text)[1] == 1


@pytest.mark.parametrize(
    ("person", "given_name"),
    [
        ("Nete Holm", "nete"),
        ("Nete", ""),
        ("nete holm", "nete"),
        ("Direktør Holm", ""),
        ("x Holm", ""),
        ("", ""),
    ],
)
def test_titles_and_single_words_are_no_given_names(person: str, given_name: str) -> None:
    assert given_name_of(person) == given_name


@given(_TEXTS)
def test_every_near_form_is_taken_out_by_what_is_to_be_typed(text: str) -> None:
    taken = NAME.spans(text)
    for near in NearForms(NAME).spans(text, taken):
        form = form_to_type(text, near, NAME)
        assert form
        if is_long_enough(form) and form.strip() != text.strip():
            assert WrittenName(form).without(text)[1] > 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Inger Holm", "aftalt med INGER holm"),
        ("Kirsten", "\N{KELVIN SIGN}irsten"),
        ("Siki", "\N{LATIN SMALL LETTER LONG S}\N{LATIN SMALL LETTER DOTLESS I}ki"),
        ("André", "Andre\u0301 var her"),
        ("Åse", "hos A\u030ase"),
        ("Strauß", "STRAUẞ"),
        ("Ø", "ø"),
        ("x" * 100, "x" * 100),
    ],
)
def test_every_text_with_a_name_is_like_it(name: str, text: str) -> None:
    written = WrittenName(name)
    assert written.spans(text)
    for stored in (text, json.dumps(text, ensure_ascii=False)):
        with closing(sqlite3.connect(":memory:")) as bare:
            assert bare.execute("SELECT ? LIKE ?", (stored, written.like)).fetchone() == (1,)


def test_a_text_without_a_name_is_not_like_it() -> None:
    with closing(sqlite3.connect(":memory:")) as bare:
        assert bare.execute("SELECT 'Inge Holm' LIKE ?", (NAME.like,)).fetchone() == (0,)
