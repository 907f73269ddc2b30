"""A sheet with a form: who was asked, and the row of each question.

The ids of a form are hidden. A program may drop what is hidden, so everything is also recognised by
what can be seen: the labels, and the words of the questions. In forms of earlier versions the ids
were in the first column.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.schema.choices import choose
from kmtrack.rules.questionnaire_format import ASKED
from kmtrack.rules.vocabulary import WAVES
from kmtrack.usecases.surveys.questionnaire import questionnaire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kmtrack.rules.questionnaire import Question
    from kmtrack.usecases.imports.table import FileTable

MARK: Final = "kmtrack-form"
DAY_ID: Final = "answered-on"  # in the place of a question's id
LABELS: Final = ("company", "cvr", "municipality", "wave", "day")

LABEL_COLUMN: Final = 0
TEXT_COLUMN: Final = 1
ANSWER_COLUMN: Final = 2
ID_COLUMN: Final = 3
_COLUMNS: Final = 4


class Asked(NamedTuple):
    """Who was asked, according to a form; `key` is the id of a company or the code of a municipality.

    `edition` is None if the form does not state it. Without a `key` there is the CVR number or the
    `name` that can be read in the form.
    """

    edition: str | None
    asks: str
    key: str
    wave: str
    name: str = ""


class FormSheet:
    """A sheet with a form: its rows by number, and the row of each question once it is found."""

    def __init__(self, file: str, title: str, rows: Mapping[int, list[Any]]) -> None:
        self.file = file
        self.title = title
        self.rows = rows
        self.places: dict[str, int] = {}
        self.mark = _marked(rows)
        has_old_form = any(_text(row, LABEL_COLUMN) in _ids() for row in rows.values())
        self._ids = LABEL_COLUMN if has_old_form else ID_COLUMN

    @property
    def is_form(self) -> bool:
        """Whether it contains a form at all."""
        return self.mark is not None or any(
            _question_worded(_text(row, TEXT_COLUMN)) for row in self.rows.values()
        )

    def question_in(self, row: Sequence[Any]) -> str | None:
        """Return the id of the question in a row, by the hidden id or by its words."""
        id_ = _text(row, self._ids)
        return id_ if id_ in _ids() else _question_worded(_text(row, TEXT_COLUMN))

    def is_as_asked(self, number: int, question: Question) -> bool:
        """Return whether a question and its hint have the present words or earlier ones."""
        below = self.rows.get(number + 1, ())
        hint = "" if self.question_in(below) else _folded(_text(below, TEXT_COLUMN))
        is_ours = not hint or hint in map(_folded, question.help or ())
        return is_ours and _question_worded(_text(self.rows[number], TEXT_COLUMN)) == question.id

    def day_row(self) -> int | None:
        """Return the number of the row for the day of the answer; older forms have none."""
        for number, row in self.rows.items():
            is_day = _text(row, self._ids) == DAY_ID
            if is_day or _label_worded(_text(row, LABEL_COLUMN)) == "day":
                return number
        return None

    def astray(self, row: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Yield the column and value of each filled cell of a row that should be empty."""
        for column, value in enumerate(row):
            if value is None or column < ID_COLUMN:
                continue
            is_ours = column == ID_COLUMN and (
                self._ids == LABEL_COLUMN
                or str(value) in {*_ids(), DAY_ID}
                or str(value).startswith(f"{MARK}:")
            )
            if column >= _COLUMNS or not is_ours:
                yield column, value

    def asked(self) -> tuple[int, Asked] | None:
        """Return who was asked and the row that says so; None if that was spoilt."""
        return _marked_asked(*self.mark) if self.mark else self._seen_asked()

    def _seen_asked(self) -> tuple[int, Asked] | None:
        """Return who was asked, by what can be seen."""
        labelled: dict[str, tuple[int, str]] = {}
        asks = ""
        for number, row in self.rows.items():
            if label := _label_worded(_text(row, LABEL_COLUMN)):
                labelled.setdefault(label, (number, _text(row, TEXT_COLUMN)))
            elif question := _question_worded(_text(row, TEXT_COLUMN)):
                asks = asks or _questions()[question].asks
        wave = _wave_worded(labelled.get("wave", (0, ""))[1])
        place, name = labelled.get(asks, (0, ""))
        if not wave or not name:
            return None
        key = labelled.get("cvr", (0, ""))[1] if asks == "company" else name
        return place, Asked(None, asks, key, wave, name)


def sheet_of(file: str, table: FileTable) -> FormSheet:
    """Return a sheet of a file with its rows."""
    return FormSheet(file, table.title, {number: list(row) for number, row in table.rows()})


def answer_in(row: Sequence[Any]) -> Any:
    """Return what is written in the answer's cell; None for a blank."""
    value = row[ANSWER_COLUMN] if len(row) > ANSWER_COLUMN else None
    return None if isinstance(value, str) and not _has_letters(value) else value


def _has_letters(text: str) -> bool:
    """Return whether any part of a text is visible."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


def _marked(rows: Mapping[int, list[Any]]) -> tuple[int, str] | None:
    for number, row in rows.items():
        for value in row:
            if isinstance(value, str) and value.startswith(f"{MARK}:"):
                return number, value
    return None


def _marked_asked(row: int, mark: str) -> tuple[int, Asked] | None:
    """Return who was asked, by the mark in a row; None if it was spoilt."""
    _, *parts = mark.split(":")
    if len(parts) != len(("edition", "asks", "key", "wave")):
        return None
    asked = Asked(*parts)
    return (row, asked) if asked.asks in ASKED and asked.wave in WAVES else None


def _text(row: Sequence[Any], column: int) -> str:
    value = row[column] if len(row) > column else None
    return value.strip() if isinstance(value, str) else ""


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(":*").rstrip()


def _question_worded(text: str) -> str | None:
    """Return the question with these words."""
    return _wordings().get(_folded(text)) if text else None


def _label_worded(text: str) -> str | None:
    return _labels().get(_folded(text)) if text else None


def _wave_worded(text: str) -> str | None:
    return _waves().get(_folded(text)) or choose("wave", text, strict=False) if text else None


@cache
def _questions() -> dict[str, Question]:
    return {question.id: question for question in questionnaire().questions}


@cache
def _ids() -> frozenset[str]:
    return frozenset(_questions())


@cache
def _wordings() -> dict[str, str]:
    """Return the question of each wording, in both languages, earlier wordings included."""
    found = {}
    for question in questionnaire().questions:
        for text in (*question.wording, *question.also):
            found[_folded(text)] = question.id
    return found


@cache
def _labels() -> dict[str, str]:
    return {
        _folded(texts_of(language)[f"survey.form.label.{label}"]): label
        for language in LANGUAGES
        for label in LABELS
    }


@cache
def _waves() -> dict[str, str]:
    return {
        _folded(texts_of(language)[f"survey.form.wave.{asks}.{wave}"]): wave
        for language in LANGUAGES
        for asks in ASKED
        for wave in WAVES
    }
