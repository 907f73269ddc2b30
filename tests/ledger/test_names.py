"""Name keys: spellings of a name share a key, similar names a core."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmtrack.ledger.schema.names import BY_NAME, core_of, name_key
from kmtrack.text import in_danish_order


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Smedjen", "smedjen"),
        ("  Smedjen   Nord ", "smedjen nord"),
        ("Århus", "aarhus"),
        ("Aarhus", "aarhus"),
        ("Ærø Færge", "aeroe faerge"),
        ("Malmö Bäckerei", "malmoe baeckerei"),
        ("Café Noël", "cafe noel"),
        ("Müller & Søn", "muller soen"),
        ("Weiß", "weiss"),
        ("Smedjen A/S", "smedjen as"),
        ("Smedjen I/S", "smedjen is"),
        ("Smedjen K/S", "smedjen ks"),
        ("Smedjen P/S", "smedjen ps"),
        ("Smedjen ApS", "smedjen aps"),
        ("A/S Smedjen", "as smedjen"),
        ("B/S", "b s"),
        ("O'Brien-Hansen, Ltd.", "o brien hansen ltd"),
        ("3F", "3f"),
        ("7-Eleven", "7 eleven"),
        ("ﬁrma", "firma"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_the_key_of_a_name(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize("name", ["???", "株式会社", "Привет"])
def test_a_name_with_nothing_to_spell_is_its_own_key(name: str) -> None:
    assert name_key(name) == name.casefold()


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_composed_and_decomposed_are_one_name(name: str) -> None:
    assert name_key(normalize("NFC", name)) == name_key(normalize("NFD", name))


@given(st.text(st.sampled_from("abcæøåÆØÅéü &/-.1"), max_size=30))
def test_capitals_make_no_other_name(name: str) -> None:
    assert name_key(name.upper()) == name_key(name.lower()) == name_key(name)


@given(st.text(st.sampled_from("abcæøåÆØÅéü &/-.1"), max_size=30))
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smedjen ApS", "Smedjen A/S"),
        ("Smedjen", "SMEDJEN APS"),
        ("Smedjen Holding ApS", "Smedjen"),
        ("A/S Smedjen", "Smedjen I/S"),
        ("Smedjen a.m.b.a.", "Smedjen a.m.b.a."),
        ("Smedjen AMBA", "Smedjen"),
    ],
)
def test_names_that_differ_in_their_form_only_have_one_core(one: str, other: str) -> None:
    assert core_of(name_key(one)) == core_of(name_key(other))


def test_names_that_differ_have_two_cores() -> None:
    assert core_of(name_key("Smedjen Nord")) != core_of(name_key("Smedjen Syd"))


def test_a_name_that_is_all_form_keeps_it() -> None:
    assert core_of(name_key("Holding ApS")) == "holding aps"


IN_DANISH = [
    "Bager",
    "Čedok",
    "Dan",
    "Éclair",
    "Elme",
    "étage",
    "Über",
    "Zenit ApS",
    "zoo",
    "Ærø Is",
    "æske",
    "øl",
    "Österlen",
    "Aalborg Glas",
    "Ålborg Smedje",
    "åmose",
]


def test_names_are_sorted_as_danish_does_here_and_in_sqlite() -> None:
    mixed = IN_DANISH[::-1]
    assert sorted(mixed, key=in_danish_order) == IN_DANISH
    with closing(sqlite3.connect(":memory:")) as store:
        store.execute("CREATE TABLE company (name TEXT)")
        store.executemany("INSERT INTO company VALUES (?)", [(name,) for name in mixed])
        rows = store.execute(f"SELECT name FROM company ORDER BY {BY_NAME}, name")
        assert [name for (name,) in rows] == IN_DANISH
