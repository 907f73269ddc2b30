"""Recognising what the rows of a table are: from what was asked, its title, headings or file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.i18n import LANGUAGES, say, say_in, texts_of
from kmtrack.quoting import as_typed
from kmtrack.usecases.imports.columns import IMPORTABLE, folded, nouns_that_fit

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.imports.table import Table

# Sheets of the template that hold no rows.
ASIDE: Final = ("template.sheet.help", "template.sheet.lists")


class Recognised(NamedTuple):
    """The tables to read, companies first since others name them, and the titles of the rest."""

    tables: list[tuple[str, Table]]
    ignored: list[str]


def noun_asked(word: str) -> str:
    """The noun that a person typed, in either language. Raises Refusal `unknown_noun`."""
    noun = noun_in(word)
    if noun is None:
        raise Refusal("unknown_noun", value=word[:60], among=", ".join(IMPORTABLE))
    return noun


def noun_in(text: str) -> str | None:
    """The one noun that the words of a title or a file's name speak of, if there is one."""
    found = {_words()[word] for word in folded(text).split() if word in _words()}
    return found.pop() if len(found) == 1 else None


def recognise(file: Path, tables: list[Table], asked: str | None) -> Recognised:
    """Tell which tables of a file are to be read as what.

    Sheets go by their titles. A file of a single table goes by what was `asked`, by its headings
    when they fit one noun only, or by its own name. Raises Refusal `no_known_sheet` or
    `noun_unclear`.
    """
    aside = {folded(say_in(language, key)) for key in ASIDE for language in LANGUAGES}
    candidates = [table for table in tables if folded(table.title) not in aside]
    named = [(noun_in(table.title), table) for table in candidates]
    known = [(noun, table) for noun, table in named if noun and asked in (None, noun)]
    if not known and len(candidates) == 1:
        noun = asked or _noun_of_single(file, candidates[0])
        return Recognised([(noun, candidates[0])], [])
    if not known:
        titles = ", ".join(table.title for table in tables)[:200]
        wanted = [asked] if asked else IMPORTABLE
        expected = ", ".join(say(f"nouns.{noun}") for noun in wanted)
        raise Refusal("no_known_sheet", file=file.name, sheets=titles, expected=expected)
    known.sort(key=lambda pair: IMPORTABLE.index(pair[0]))
    read = [table for _, table in known]
    return Recognised(known, [table.title for table in candidates if table not in read])


def _noun_of_single(file: Path, table: Table) -> str:
    _, cells = next(table.rows(), (0, ()))
    if not cells:
        raise Refusal("import_file_empty", file=file.name)
    fitting = nouns_that_fit(cells)
    noun = fitting[0] if len(fitting) == 1 else noun_in(file.stem)
    if noun is None:
        raise Refusal(
            "noun_unclear",
            file=file.name,
            typed=as_typed([str(file)]),
            among=", ".join(fitting or IMPORTABLE),
        )
    return noun


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = {"followup": "contact", "followups": "contact"}
    for noun in IMPORTABLE:
        words[noun] = noun
        for language in LANGUAGES:
            texts = texts_of(language)
            for text in (texts[f"noun.{noun}"], texts[f"nouns.{noun}"]):
                words[folded(text)] = noun
    return words
