"""Type what the program says to type: find the commands in its sentences, and run them."""

from __future__ import annotations

import re
import shlex
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Final

from builders import cvr_number
from cli_runner import A_RECORD
from kmtrack import i18n
from kmtrack.ledger.open import open_store
from kmtrack.ledger.queries.commands import chain_heads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli_runner import Outcome, Runner

# The words that stand for a value, alone or behind the target that it is for.
_METAVARS: Final = {
    word
    for language in i18n.LANGUAGES
    for key, text in i18n.texts_of(language).items()
    if key.startswith("metavar.")
    for word in re.findall(r"[A-ZÆØÅ]+", text)
}
_PLACEHOLDER: Final = re.compile(
    rf"(?P<before>(?:[a-z-]+=)?)(?:{'|'.join(sorted(_METAVARS))}|[A-ZÆØÅ]{{4,}})(?:\.xlsx)?$"
)
_HINT: Final = re.compile(r"(?<![-/])\bkmtrack (?=([^\n]*))")
# What stands behind a command in a sentence.
_END: Final = re.compile(r"(?:[,;)”«]|(?<=\D)\.)+$")
_WORD: Final = re.compile(r"(?:--)?[a-z]+(?:-[a-z]+)*$")
# An id, initials, a number, a file, or "-" for what is sent in.
_GIVEN: Final = re.compile(rf"{A_RECORD.pattern}$|[A-Z]{{2,3}}$|\d+$|.*/|-$")
_NO_COMMAND: Final = re.compile(r"kmtrack(?:-\w+| (?:kan|cannot|skrev|wrote))")
# Commands that ask before they act.
_ASKING: Final = ("undo", "redo", "restore", "merge", "person erase")
_VALUES: Final = {
    "--agreed": "2011-06-14",
    "--balance": "6",
    "--basis": "efter erklæring",
    "--by": "AB",
    "--channel": "online",
    "--council": "Nyt Erhvervsråd",
    "--cvr": cvr_number(77),
    "--date": "2011-06-14",
    "--description": "en anden tekst",
    "--due": "2012-06-01",
    "--employees": "37",
    "--end": "2011-12-01",
    "--field": "Mikrobiologi",
    "--first-day": "2011-01-05",
    "--for": "both",
    "--from": "2011-02-02",
    "--hours": "17",
    "--how": "ved et møde",
    "--institution": "Aarhus Universitet",
    "--last-day": "2013-01-31",
    "--level": "master",
    "--method": "samtalen",
    "--minimum": "77",
    "--municipality": "Randers",
    "--name": "Et helt andet navn",
    "--next": "2011-07-07",
    "--note": "en anden note",
    "--operator": "Anden operatør",
    "--reason": "tastefejl",
    "--region": "Anden region",
    "--start": "2011-09-01",
    "--students": "7",
    "--terms": "ordinary",
    "--text": "en tekst",
    "--title": "En anden titel",
    "--turnover": "7",
    "--verdict": "keep",
    "--visited-before": "2009-09-09",
    "--with": "CD",
    "--withdraw": "tastefejl",
}
# One of the two is another value than the present one.
_ALTERNATIVES: Final = {
    "--sme": ("no", "yes"),
    "--kind": ("association", "public"),
    "--broker": ("AB", "JH"),
}
# What the tests have, by the word that stands for it.
_NAMED: Final = {
    "TARGET": "hires",
    "MÅL": "hires",
    "COMPANY": "Alfa",
    "VIRKSOMHED": "Alfa",
    "NUMBER": "5",
    "NUMMER": "5",
}
_CHECKSUM: Final = frozenset({"CHECKSUM", "KODE"})
_KIND_OF: Final = {"collaboration": "project", "method": "tool"}


def hints_in(text: str) -> Iterator[list[str]]:
    """Yield the words of each command that a text tells to type, without "kmtrack"."""
    for found in _HINT.finditer(_NO_COMMAND.sub("", text)):
        words: list[str] = []
        for word in _split(found[1].partition(" kmtrack ")[0]):
            bare = _END.sub("", word)
            is_option = bool(words) and words[-1].startswith("--")
            if not is_option and words and not _belongs(bare, words):
                break
            words.append(bare)
            if bare != word:
                break
        if words:
            yield words


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text, posix=True)
    except ValueError:  # a quotation mark of the sentence
        return text.split()


def _belongs(word: str, before: list[str]) -> bool:
    """Tell whether a word goes on with a command, or is the next one of the sentence."""
    if word.startswith("--") or any(each.startswith("--") for each in before):
        return word.startswith("--")
    is_verb = len(before) == 1 and bool(_WORD.match(word)) and before[0] in _WITH_VERBS
    is_name = before[0] == "deliverable" and len(before) < len(("deliverable", "check", "x", "y"))
    is_name |= before == ["company", "add"]  # which a refusal repeats
    return is_verb or is_name or bool(_PLACEHOLDER.match(word) or _GIVEN.match(word))


_WITH_VERBS: Final = frozenset(
    [
        "company",
        "contact",
        "followup",
        "collaboration",
        "hire",
        "method",
        "deliverable",
        "survey",
        "broker",
        "person",
        "contract",
    ]
)


class Typist:
    """Runs commands, and types every hint that they print on a copy of the ledger as it then is."""

    def __init__(self, runner: Runner, folder: Path, lang: str) -> None:
        self.runner = runner
        self.folder = folder
        self.lang = lang
        self.typed: list[str] = []

    def __call__(self, *words: str, code: int = 0) -> Outcome:
        """Run a command that ends with that exit code, and type its hints."""
        outcome = self.runner(*words, lang=self.lang)
        assert outcome.code == code, (words, outcome)
        for hint in hints_in(f"{outcome.out}\n{outcome.err}"):
            self._type(hint, words)
        return outcome

    def _type(self, hint: list[str], after: tuple[str, ...]) -> None:
        ledger = self.runner.ledger
        copy = self.folder / "typed" / "ledger.db"
        shutil.rmtree(copy.parent, ignore_errors=True)
        copy.parent.mkdir()
        if ledger.exists():
            shutil.copy(ledger, copy)
        self.runner.ledger = copy
        words = [_checksum_in(copy) if word in _CHECKSUM else word for word in hint]
        try:
            outcome = self.runner(*filled_in(words, 0), lang=self.lang)
            if outcome.code and any(name in hint for name in _ALTERNATIVES):
                outcome = self.runner(*filled_in(words, 1), lang=self.lang)
        finally:
            self.runner.ledger = ledger
        assert outcome.code == 0, (after, hint, outcome)
        self.typed.append(" ".join(hint))


def _checksum_in(ledger: Path) -> str:
    """Return a checksum that a workbook of the ledger would hold."""
    with closing(open_store(ledger)) as store:
        return chain_heads(store)[0].digest


def filled_in(hint: list[str], which: int) -> Iterator[str]:
    for before, word in zip(["", *hint], hint, strict=False):
        found = _PLACEHOLDER.match(word)
        if not found:
            yield word
        elif before == "--kind" and hint[0] != "company":
            yield _KIND_OF[hint[0]]
        elif before in _ALTERNATIVES:
            yield _ALTERNATIVES[before][which]
        elif before.startswith("--"):
            yield found["before"] + _VALUES[before]
        else:
            yield _NAMED.get(word, "Noget nyt")
    if " ".join(hint).startswith(_ASKING):
        yield "--yes"
