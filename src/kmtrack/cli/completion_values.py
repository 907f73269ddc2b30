"""Completion values: what can be typed for an option or an argument, by its placeholder."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kmtrack.cli.globals import from_options
from kmtrack.cli.shells import Answer, Offer
from kmtrack.i18n import LANGUAGES, current, has, say
from kmtrack.ledger.schema.choices import CHOICES, choice_word
from kmtrack.ledger.schema.names import words_of
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from typer._click.core import Context, Parameter

    from kmtrack.usecases.session import Session

_FILES: Final = frozenset({"file", "files", "folder", "csv_file"})
_COMPANIES: Final = frozenset({"company", "old", "new", "words", "companies_and_file"})
_RECORDS: Final = frozenset({"id", "ids", "about"})
_DAYS: Final = 10  # that are offered: those just gone by, or the next ones
_AHEAD: Final = frozenset({"next", "start", "end", "due", "return_by"})
_IMPORTED: Final = (
    "company", "contact", "collaboration", "hire", "method", "assessment", "dissemination",
    "delivery", "survey",
)  # fmt: skip


def values_of(context: Context, parameter: Parameter, before: str, begun: str) -> Answer:
    """Return what can be typed for a parameter; `before` are its words so far."""
    placeholder = str(getattr(parameter, "metavar", "") or "").removeprefix("metavar.")
    if placeholder in _FILES:
        return Answer("files")
    if placeholder in {"target_number", "target_day"}:
        with _session(context) as session:
            return Answer("open", _begun(((f"{t}=", n) for t, n in _targets(session)), begun))
    offers = tuple(_offers(context, parameter, placeholder, before, begun))
    if placeholder == "companies_and_file" and not offers:
        return Answer("files")
    return Answer(offers=offers)


def _offers(
    context: Context, parameter: Parameter, placeholder: str, before: str, begun: str
) -> Iterable[Offer]:
    if choice := _choice_of(context, parameter, placeholder):
        return _begun(((str(choice_word(choice, value)), "") for value in CHOICES[choice]), begun)
    if placeholder in _WITHOUT_LEDGER:
        return _begun(_WITHOUT_LEDGER[placeholder](context, parameter), begun)
    if placeholder in _COMPANIES:
        with _session(context) as session:
            return list(_companies(session, before, begun))
    if placeholder in _RECORDS | {"id_or_target"} and not before:
        with _session(context) as session:
            targets = _targets(session) if placeholder == "id_or_target" else ()
            return [*_begun(targets, begun), *_records(context, session, begun)]
    if placeholder in _OF_LEDGER:
        with _session(context) as session:
            return _begun(_OF_LEDGER[placeholder](session), begun)
    return ()


def _begun(offers: Iterable[tuple[str, str]], begun: str) -> tuple[Offer, ...]:
    """Return those that begin with the typed text, in any spelling."""
    typed = begun.strip()
    key = _folded(typed) if typed.strip("-") else ""
    return tuple(
        Offer(word, about)
        for word, about in offers
        if word.startswith(typed) or (key and word[0] != "-" and _folded(word).startswith(key))
    )


def _folded(text: str) -> str:
    return " ".join(word.spelled for word in words_of(text))


def _choice_of(context: Context, parameter: Parameter, placeholder: str) -> str | None:
    """Return the name of the choice whose words a parameter takes."""
    if placeholder == "grouping":
        is_survey = context.parent is not None and context.parent.command.name == "survey"
        return "survey_grouping" if is_survey else "status_grouping"
    if placeholder == "audience":
        return "method_audience" if "--for" in parameter.opts else "audience"
    return placeholder if placeholder in CHOICES else None


def _days(context: Context, parameter: Parameter) -> Iterator[tuple[str, str]]:
    """Yield the last days, most recent first, or the next ones if the day lies ahead."""
    from kmtrack.ledger.schema.values import day_with_weekday
    from kmtrack.rules.dates import format_day

    today = from_options(context.find_root().params.get("ledger")).clock.today
    step = 1 if parameter.name in _AHEAD or "due" in (context.command.name or "") else -1
    for number in range(step == 1, _DAYS + (step == 1)):
        day = today + step * timedelta(days=number)
        yield (
            format_day(day, current()),
            say("word.today") if not number else str(day_with_weekday(day)),
        )


def _municipalities(context: Context, parameter: Parameter) -> Iterator[tuple[str, str]]:
    from kmtrack.municipalities import municipalities
    from kmtrack.text import in_danish_order

    del context, parameter
    for each in sorted(municipalities().values(), key=lambda one: in_danish_order(one.name)):
        yield each.name, each.region


def _sorts(context: Context, parameter: Parameter) -> Iterator[tuple[str, str]]:
    from kmtrack.usecases.record_filters import sorts_of

    del parameter
    name = context.parent.command.name if context.parent else None
    for key, word in sorts_of(name or "contact").items():
        heading = {"day": "date", "status": "outcome"}.get(key, key)
        about = say(f"field.{heading}") if has(f"field.{heading}") else ""
        yield word, about
        yield f"-{word}", about  # backwards


def _preference_values(context: Context, parameter: Parameter) -> Iterator[tuple[str, str]]:
    from kmtrack import preferences
    from kmtrack.ledger.schema.choices import choose

    del parameter
    name = choose("preference", context.params.get("name") or "", strict=False)
    if name:
        yield from ((value, "") for value in preferences.allowed(name))


_WITHOUT_LEDGER: Final[Mapping[str, Callable[[Context, Parameter], Iterable[tuple[str, str]]]]] = {
    "day": _days,
    "moment": _days,
    "municipality": _municipalities,
    "field": _sorts,
    "language": lambda _, __: ((language, "") for language in LANGUAGES),
    "noun": lambda _, __: ((noun, "") for noun in _IMPORTED),
    "value": _preference_values,
}


def _companies(session: Session, before: str, begun: str) -> Iterator[Offer]:
    from kmtrack.usecases.suggestions import companies_begun

    for word, company in companies_begun(session, before, begun):
        number = company.cvr and say("word.cvr_number", cvr=company.cvr)
        facts = [company.name, company.municipality, number]
        known = (
            company.name if word == company.cvr else ", ".join(str(each) for each in facts if each)
        )
        yield Offer(word, known)


def _records(context: Context, session: Session, begun: str) -> Iterator[Offer]:
    from kmtrack.usecases.suggestions import records_begun
    from kmtrack.views.format import called_in_words

    group = context.parent.command.name if context.parent else None
    noun = {"followup": "contact", "method": "contact", "deliverable": "delivery"}.get(
        group or "", group
    )
    nouns = [noun] if noun in NOUNS else list(EVENTS)
    for id_, name in records_begun(session, [each for each in nouns if each], begun):
        yield Offer(id_, called_in_words(name))


def _targets(session: Session) -> list[tuple[str, str]]:
    from kmtrack.ledger.contract import contract_in_force

    contract = contract_in_force(session.store)
    return [(target.id, target.name.in_language(current())) for target in contract.targets]


def _deliverables(session: Session) -> list[tuple[str, str]]:
    from kmtrack.ledger.contract import contract_in_force

    contract = contract_in_force(session.store)
    return [
        (target.id, target.name.in_language(current()))
        for target in contract.targets
        if not target.is_counted
    ]


def _brokers(session: Session) -> list[tuple[str, str]]:
    from kmtrack.ledger.queries.brokers import live_brokers

    return [(row["initials"], row["council"] or "") for row in live_brokers(session.store)]


def _councils(session: Session) -> list[tuple[str, str]]:
    return [(council, "") for council in sorted({about for _, about in _brokers(session) if about})]


def _methods(session: Session) -> list[tuple[str, str]]:
    from kmtrack.ledger.queries.methods import live_methods

    return [(row["name"], row["id"]) for row in live_methods(session.store)]


_OF_LEDGER: Final[Mapping[str, Callable[[Session], Iterable[tuple[str, str]]]]] = {
    "initials": _brokers,
    "council": _councils,
    "target": _targets,
    "deliverable": _deliverables,
    "method": _methods,
}


@contextmanager
def _session(context: Context) -> Iterator[Session]:
    """Open the ledger of this command line for reading; one of another version is left alone.

    Raises Refusal if it cannot be read.
    """
    from kmtrack.errors import Refusal
    from kmtrack.ledger.store.sqlite import SCHEMA_VERSION, version_at
    from kmtrack.usecases.location import session_at

    given = from_options(context.find_root().params.get("ledger"))
    if isinstance(given.ledger, Path) and version_at(given.ledger) != SCHEMA_VERSION:
        raise Refusal("ledger_newer", path=given.ledger)
    with session_at(given.ledger, given.clock, os.environ) as session, session.store.reading():
        yield session
