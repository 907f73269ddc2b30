"""Columns chosen by a person: with `--column` now, or for an earlier file with the same headings."""

from __future__ import annotations

import json
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.settings import CHOSEN_COLUMNS, put_setting, setting, setting_names
from kmtrack.text import listed
from kmtrack.usecases.imports.columns import COLUMNS, CVR, field_named, plain_heading
from kmtrack.usecases.imports.heading_keys import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.store.base import Store

# Why a heading means a field: it is known, or a person chose it now or for an earlier file.
Source = Literal["known", "by_hand", "remembered"]

# The field of a column that is to be left out.
_LEFT_OUT: Final = "-"


class ColumnChoice(NamedTuple):
    """The field that a person chose for a column, None to leave it out, and when."""

    field: str | None
    source: Source


class _Typed(NamedTuple):
    field: str
    heading: str


class ColumnChoices:
    """A person's choices for the columns of the files that this ledger read.

    `typed` are choices as typed ("name=Firmanavn"), `answered` the fields chosen for headings in
    answers to questions, by noun; None for a column to leave out.
    """

    def __init__(
        self,
        store: Store,
        typed: Sequence[str] = (),
        answered: Mapping[str, Mapping[str, str | None]] = MappingProxyType({}),
    ) -> None:
        self._store = store
        self._answered = answered
        self._typed = [_parsed(text) for text in typed]
        self._remembered = {
            name: json.loads(setting(store, CHOSEN_COLUMNS + name) or "{}")
            for name in setting_names(store, CHOSEN_COLUMNS)
        }

    def of(self, noun: str, texts: Sequence[str], beside: str = "") -> dict[str, ColumnChoice]:
        """Return the choices for a table with these headings, by the keys of the headings.

        `beside` keeps what is remembered apart from choices for other lists of the noun.
        """
        found: dict[str, ColumnChoice] = {}
        keys = set(map(key_of, texts))
        for key, field in self._remembered.get(_name(noun, texts, beside), {}).items():
            # A later version may not have the field any more.
            if field is None or field in COLUMNS[noun] or field == CVR:
                found[key] = ColumnChoice(field, "remembered")
        for field, heading in self._chosen(noun):
            if key_of(heading) in keys:
                if field is not None:  # it replaces what was remembered for that field
                    found = {key: choice for key, choice in found.items() if choice.field != field}
                found[key_of(heading)] = ColumnChoice(field, "by_hand")
        return found

    def _chosen(self, noun: str) -> Iterator[tuple[str | None, str]]:
        """Yield the fields chosen now, with their headings; None to leave a column out."""
        for typed in self._typed:
            field = _field(noun, typed.field)
            if field or typed.field == _LEFT_OUT:
                yield field, typed.heading
        for heading, answer in self._answered.get(noun, {}).items():
            yield answer, heading

    def noun_of(self, texts: Sequence[str]) -> str | None:
        """Return the noun that a table with these headings was read as, if there is only one."""
        nouns = [noun for noun in COLUMNS if _name(noun, texts) in self._remembered]
        return nouns[0] if len(nouns) == 1 else None

    def refuse_unused(self, tables: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Raise Refusal `no_such_field` or `no_such_heading` for a choice that fits no table.

        `tables` are the nouns and headings of those that are read.
        """
        read = [(noun, texts, set(map(key_of, texts))) for noun, texts in tables]
        for field, heading in self._typed:
            suited = [one for one in read if field == _LEFT_OUT or _field(one[0], field)]
            if not suited:
                columns = dict.fromkeys(
                    column for noun, *_ in read for column in (*COLUMNS[noun], CVR)
                )
                among = ", ".join(map(plain_heading, columns))
                raise Refusal("no_such_field", value=shown(field), among=among)
            if not any(key_of(heading) in keys for _, _, keys in suited):
                found = listed(shown(text) for _, texts, _ in suited for text in texts)
                raise Refusal("no_such_heading", value=shown(heading), found=found or "-")

    def remember(self, noun: str, texts: Sequence[str], beside: str = "") -> None:
        """Remember choices made by hand, for files with the same headings."""
        choices = self.of(noun, texts, beside)
        if any(choice.source == "by_hand" for choice in choices.values()):
            fields = {key: choice.field for key, choice in choices.items()}
            put_setting(
                self._store, CHOSEN_COLUMNS + _name(noun, texts, beside), json.dumps(fields)
            )


def _parsed(text: str) -> _Typed:
    """Return a choice as it was typed: "field=heading". Raises Refusal `bad_column`."""
    field, equals, heading = text.partition("=")
    if not (equals and field.strip() and heading.strip()):
        raise Refusal("bad_column", value=shown(text))
    return _Typed(field.strip(), heading.strip())


def _field(noun: str, text: str) -> str | None:
    """Return the column of a noun that a person names; "name" in a list of events is the company's."""
    if noun in EVENTS and field_named("company", text) == "name":
        return "company"
    return field_named(noun, text)


def _name(noun: str, texts: Sequence[str], beside: str = "") -> str:
    """Return the name under which choices for these headings are remembered, in whatever order they are."""
    keys = "\x1f".join(sorted(map(key_of, texts)))
    return f"{beside}{noun} {sha256(keys.encode()).hexdigest()[:32]}"
