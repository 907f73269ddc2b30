"""The command `survey`: forms out, answers back, and the report on them."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.globals import can_ask
from kmtrack.cli.lists import (
    NOTHING,
    Output,
    Typed,
    is_narrowed,
    notify_about,
    pager_of,
    show_data,
    with_days,
    with_filters,
)
from kmtrack.cli.noun import run_in, with_reason, with_yes
from kmtrack.cli.output import notify, show, show_json, show_withdrawal
from kmtrack.errors import BadValue, Refusal
from kmtrack.i18n import say

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session
    from kmtrack.usecases.surveys.answers import Respondent

_TIME_TO_ANSWER: Final = timedelta(weeks=3)

survey = typer.Typer(help="help.survey", no_args_is_help=True)

Wave = Annotated[
    str | None,
    typer.Option(
        "--wave", metavar="metavar.wave", help="help.option.wave", show_default="choice.wave.after"
    ),
]
OfMunicipality = Annotated[
    list[str] | None,
    typer.Option(
        "--municipality", metavar="metavar.municipality", help="help.option.of_municipality"
    ),
]


@survey.command("due", help="help.survey.due")
def due(
    context: typer.Context,
    wave: Wave = None,
    as_of: options.AsOf = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_day_option, parse_wave
    from kmtrack.usecases.surveys.report import due as due_respondents
    from kmtrack.views.surveys import due_as_dicts, render_due

    with open_session(context) as session:
        day = parse_day_option("as-of", as_of, session.clock, "until")
        found = due_respondents(session.store, parse_wave(wave), day)
    show_json(due_as_dicts(found)) if json else render_due(found)


@survey.command("form", help="help.survey.form")
def form(
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="metavar.companies_and_file", help="help.argument.form")
    ],
    wave: Wave = None,
    municipality: OfMunicipality = None,
    return_by: Annotated[
        str | None,
        typer.Option(
            "--return-by",
            metavar="metavar.day",
            help="help.option.return_by",
            show_default="default.three_weeks",
        ),
    ] = None,
    with_answers: Annotated[
        bool, typer.Option("--with-answers", help="help.option.with_answers")
    ] = False,
) -> None:
    from kmtrack.cli.parse import parse_path, parse_wave
    from kmtrack.usecases.survey_form_files import note_form, settle_form
    from kmtrack.usecases.surveys.forms import survey_forms
    from kmtrack.views.xlsx.survey_form import write_survey_forms

    *companies, file = names
    with open_session(context) as session:
        respondents = _respondents(session, companies, municipality)
        due_day = _return_day(session, return_by)
        asked_wave = parse_wave(wave)
        forms = survey_forms(session, respondents, asked_wave, due_day, with_answers=with_answers)
        path = parse_path(file)
        write_survey_forms(forms, path, begin=lambda: note_form(session, path))
        settle_form(session, path)
    show(say("survey.form.made", file=file, number=len(forms)))


@survey.command("import", help="help.survey.import")
@with_yes
def import_(
    context: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="metavar.files", help="help.argument.forms")
    ],
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="help.option.incomplete")
    ] = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_path
    from kmtrack.usecases.surveys.forms import BadForms, import_forms
    from kmtrack.views.surveys import form_error_as_dict

    try:
        with open_session(context) as session:
            read = import_forms(session, list(map(parse_path, files)), incomplete=incomplete)
    except BadForms as bad:
        errors = list(map(form_error_as_dict, bad.errors))
        if json:
            show_json(errors)
        for error in errors:
            notify("survey.mistake", **error)
        raise
    show_json(read._asdict()) if json else show(say("survey.imported", **read._asdict()))


@survey.command("answer", help="help.survey.answer")
@with_yes
def answer(
    context: typer.Context,
    company: Annotated[
        str | None, typer.Argument(metavar="metavar.company", help="help.argument.company")
    ] = None,
    municipality: Annotated[
        str | None,
        typer.Option(
            "--municipality", metavar="metavar.municipality", help="help.option.of_municipality"
        ),
    ] = None,
    wave: Wave = None,
    date: options.Day = None,
    answers: Annotated[
        list[str] | None,
        typer.Option("--answer", metavar="metavar.answer", help="help.option.answer"),
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_past_day, parse_wave
    from kmtrack.cli.survey_questions import answers_typed
    from kmtrack.usecases.surveys.answers import Filled, answer_survey

    with open_session(context) as session:
        day = parse_past_day("date", date, session.clock, "happened", session.first_day)
        companies, places = [company] if company else [], [municipality] if municipality else []
        if not companies and not places and not answers and can_ask(context):
            companies = [_asked_company(session)]
        (respondent,) = _respondents(session, companies, places)
        given = answers_typed(context, session.store, respondent, parse_wave(wave), answers or [])
        filled = Filled(respondent, parse_wave(wave), given)
        is_asked = not answers  # or there would be none
        id_, stored = run_in(session, lambda at: answer_survey(at, filled, day), is_asked=is_asked)
    if json:
        show_json({"id": id_, "stored": stored, "answers": given})
    else:
        show(say(f"survey.stored.{stored}", name=respondent.name, id=id_, number=len(given)))


@survey.command("report", help="help.survey.report")
def report(
    context: typer.Context,
    by: Annotated[
        str | None, typer.Option("--by", metavar="metavar.grouping", help="help.option.survey_by")
    ] = None,
    as_of: options.AsOf = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_day_option, parse_survey_grouping
    from kmtrack.usecases.surveys.report import report_of
    from kmtrack.views.surveys import report_as_dict, show_report

    with open_session(context) as session:
        day = parse_day_option("as-of", as_of, session.clock, "until")
        grouping = parse_survey_grouping(by)
        found = report_of(session.store, day)
    show_json(report_as_dict(found, grouping)) if json else show_report(found, grouping)


@survey.command("list", help="help.survey.list")
@with_filters("survey")
def list_(
    context: typer.Context,
    typed: Typed = NOTHING,
    output: Output = Output(),  # noqa: B008 - it is never changed
) -> None:
    from kmtrack.usecases.surveys.answers import surveys

    with open_session(context) as session:
        records = surveys(session, with_days(session, typed))
        fields = ("id", "date", "wave", "respondent", "questionnaire", "answered")
        if not show_data(session, records, output, "survey", fields):
            from kmtrack.views.lists import show_list

            pager = pager_of(output, at_the_end=True)
            hidden = show_list("survey", "survey", records, pager=pager, is_by_day=True)
            narrowed = is_narrowed(typed)
            notify_about("survey", hidden, number=len(records), is_narrowed=narrowed)


@survey.command("show", help="help.survey.show")
def show_(context: typer.Context, id_: options.IdArgument, json: options.Json = False) -> None:
    from kmtrack.usecases.surveys.answers import survey_record
    from kmtrack.views.surveys import show_survey, survey_as_dict

    with open_session(context) as session:
        record = survey_record(session, id_)
    show_json(survey_as_dict(record)) if json else show_survey(record)


@survey.command("withdraw", help="help.survey.withdraw")
@with_yes
def withdraw(
    context: typer.Context,
    ids: options.IdsArgument,
    reason: options.Reason = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.record_lookup import find_records
    from kmtrack.usecases.status import statuses_for
    from kmtrack.usecases.surveys.answers import withdraw_surveys

    records, statuses = with_reason(
        context,
        reason,
        lambda session, why: (
            withdraw_surveys(session, ids, why),
            statuses_for(session.store, "survey", session.clock.today),
        ),
        lambda session: find_records(session, ids, ["survey"]),
    )
    show_withdrawal(records, statuses=statuses, json=json)


def _return_day(session: "Session", text: str | None) -> date:
    """Return the day by which to return a form. Raises Refusal `bad_option`."""
    from kmtrack.cli.parse import parse_day_option

    today = session.clock.today
    if text is None:
        return today + _TIME_TO_ANSWER
    day = parse_day_option("return-by", text, session.clock, "due")
    if day < today:
        sentence = BadValue("return_day_past", day=day).sentence()
        raise Refusal("bad_option", option="--return-by", sentence=sentence)
    return day


def _asked_company(session: "Session") -> str:
    """Ask which company answers, and return its id."""
    from kmtrack.cli.company_questions import COMPANY, CompanyQuestion
    from kmtrack.cli.prompts import Settler, in_place
    from kmtrack.cli.questions import ask_all

    with in_place(session.store) as look:
        which = CompanyQuestion(session, Settler(session), look)
        answers = ask_all([which.question()], look=look)
    return str(answers[COMPANY])


def _respondents(
    session: "Session", companies: list[str], municipalities: list[str] | None
) -> "list[Respondent]":

    from kmtrack.usecases.surveys.answers import company_respondent, municipality_respondent

    found = [company_respondent(session, name) for name in companies]
    for name in municipalities or []:
        try:
            found.append(municipality_respondent(name))
        except BadValue as error:
            raise Refusal(
                "bad_option", option="--municipality", sentence=error.sentence()
            ) from None
    if not found:
        raise Refusal("nobody_to_ask")
    return found


def register(app: typer.Typer) -> None:
    """Register `survey` with the root command."""
    app.add_typer(survey, name="survey")
