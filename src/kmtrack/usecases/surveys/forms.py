"""Forms to send: the questionnaire for each respondent, with what is known of it filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack import __version__
from kmtrack.i18n import current, say
from kmtrack.ledger.rows import current_facts
from kmtrack.usecases.surveys.answers import answers_of
from kmtrack.usecases.surveys.questionnaire import answer_in_words, options_of, questionnaire
from kmtrack.views.format import heading_of, value_in_words
from kmtrack.views.xlsx.file import CREATOR, replacing
from kmtrack.views.xlsx.survey_form import Form, FormQuestion, write_forms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.questionnaire import Question
    from kmtrack.usecases.surveys.answers import Respondent

MARK: Final = "kmtrack-form"
_SHOWN: Final = ("cvr", "municipality", "employees")


def write_survey_forms(
    store: Store, respondents: Sequence[Respondent], wave: str, file: Path
) -> None:
    """Write one workbook with a form for each respondent, in the language in use.

    Raises the refusals of report.file.
    """
    with store.reading():
        forms = [_form(store, respondent, wave) for respondent in respondents]
    with replacing(file) as beside:
        write_forms(forms, beside, f"{CREATOR} {__version__}")


def mark_of(respondent: Respondent, wave: str) -> str:
    """What tells, in a form that comes back, which questionnaire it is, whose and of which wave."""
    return f"{MARK}:{questionnaire().edition}:{respondent.asks}:{respondent.key}:{wave}"


def _form(store: Store, respondent: Respondent, wave: str) -> Form:
    asked = questionnaire()
    known = answers_of(store, respondent, wave)
    return Form(
        respondent.name,
        f"{asked.name.in_language(current())}: {respondent.name}",
        [say("survey.form.how"), say("survey.form.confidential")],
        [*_facts(store, respondent), (say("survey.wave"), say(f"choice.wave.{wave}"))],
        say("survey.form.mark"),
        mark_of(respondent, wave),
        [
            _question(question, answer_in_words(question, known.get(question.id)))
            for question in asked.asked(respondent.asks, wave)
        ],
    )


def _facts(store: Store, respondent: Respondent) -> list[tuple[str, str]]:
    if respondent.asks == "municipality":
        return [(heading_of("company", "municipality"), respondent.name)]
    row = current_facts(dict(store.get("SELECT * FROM company WHERE id = :id", id=respondent.key)))
    facts = [(heading_of("company", "name"), respondent.name)]
    facts += [
        (heading_of("company", field), value_in_words("company", field, row[field]))
        for field in _SHOWN
        if row[field]
    ]
    return facts


def _question(question: Question, answer: str) -> FormQuestion:
    language = current()
    hint = question.help.in_language(language) if question.help else ""
    required = say("survey.form.required") if question.required else ""
    options = options_of(question)
    return FormQuestion(
        question.id,
        question.wording.in_language(language),
        " ".join(filter(None, (required, hint))),
        options,
        answer,
    )
