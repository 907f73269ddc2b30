"""Questionnaire format: read a questionnaire document (parsed TOML), or refuse its first mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.rules.document import DocumentMistake, DocumentTable
from kmtrack.rules.questionnaire import DEGREES, UNKNOWN, Choice, Question, Questionnaire
from kmtrack.rules.vocabulary import WAVES

if TYPE_CHECKING:
    from kmtrack.rules.document import Document

FORMAT: Final = 1
ASKED: Final = ("company", "municipality")
KINDS: Final = ("number", "yes-no", "degree", "choice", "text")
MEASURES: Final = (
    *("employees", "highly-educated", "outcome", "additionality", "students", "satisfaction"),
    *("reach", "anchoring", "co-financing"),
)
OSLO: Final = ("product", "process", "organisational", "marketing")
_QUESTION_KEYS: Final = (
    *("id", "asks", "waves", "type", "required", "measures", "oslo", "wording", "help"),
    *("choice", "maximum", "short", "also"),
)


def read_questionnaire(document: Document) -> Questionnaire:
    """Read a questionnaire from its document. Raises DocumentMistake at the first mistake."""
    root = DocumentTable(document, "")
    root.only("format", "id", "version", "name", "timing", "degrees", "question")
    if root.value("format", int, "format") != FORMAT:
        raise DocumentMistake("format", "format", [str(FORMAT)])
    timing, degrees = root.table("timing"), root.table("degrees")
    timing.only("after_months")
    names = [*map(str, DEGREES), UNKNOWN]
    degrees.only(*names)
    questions = tuple(map(_question, root.tables("question")))
    for number, question in enumerate(questions):
        if question.id in {earlier.id for earlier in questions[:number]}:
            raise DocumentMistake(f"question[{number + 1}].id", "only_once")
    return Questionnaire(
        root.identifier("id"),
        root.whole("version"),
        root.wording("name"),
        timing.whole("after_months"),
        {name: degrees.wording(name) for name in names},
        questions,
    )


def _question(table: DocumentTable) -> Question:
    table.only(*_QUESTION_KEYS)
    kind = table.choice("type", KINDS)
    return Question(
        id=table.identifier("id"),
        asks=table.choice("asks", ASKED),
        waves=table.choices("waves", WAVES),
        kind=kind,
        required=table.flag("required"),
        measures=table.choice("measures", MEASURES),
        oslo=tuple(sorted(table.choices("oslo", OSLO))) if "oslo" in table.content else (),
        short=table.wording("short") if kind == "degree" or "short" in table.content else None,
        wording=table.wording("wording"),
        help=table.wording("help") if "help" in table.content else None,
        choices=tuple(map(_choice, table.tables("choice", optional=kind != "choice"))),
        maximum=table.whole("maximum") if kind == "number" else 0,
        also=table.texts("also"),
    )


def _choice(table: DocumentTable) -> Choice:
    table.only("id", "wording", "also")
    return Choice(table.identifier("id"), table.wording("wording"), table.texts("also"))
