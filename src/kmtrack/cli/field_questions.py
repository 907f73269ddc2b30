"""Questions for the fields of a record, made from the metadata of each field."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kmtrack.cli.questions import Question
from kmtrack.errors import Refusal
from kmtrack.i18n import has, say
from kmtrack.ledger.schema.choices import CHOICES, choice_word
from kmtrack.ledger.schema.facts import named_fields
from kmtrack.ledger.schema.fields import questioned
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.views.format import heading_of, value_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.schema.fields import Field
    from kmtrack.usecases.session import Session

    Values = Mapping[str, Any]

# The field of a noun that a person types to name one of its records.
_NAME: Final = "name"
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


def field_questions(
    session: Session,
    noun: str,
    facts: type[Facts],
    given: Values,
    *,
    defaults: Mapping[str, str] = _NONE,
    checks: Mapping[str, Callable[[str], object]] = _NONE,
) -> list[Question]:
    """Return a question for each field of a noun's facts that terminals ask for and that is not given.

    `defaults` has what Enter answers for some fields, as it would be typed. `checks` raise a
    Refusal for a valid value that the record must not have.
    """
    return [
        _question(session, noun, facts, field, given, defaults, checks.get(field.name))
        for field in questioned(facts)
        if field.stated_as not in given
    ]


def _question(
    session: Session,
    noun: str,
    facts: type[Facts],
    field: Field,
    given: Values,
    defaults: Mapping[str, str],
    check: Callable[[str], object] | None,
) -> Question:
    def read(typed: str, answers: Values) -> str:
        values = {**_days_left_out(facts), **given, **answers, field.stated_as: typed}
        error = _error_in(session, facts, field, values)
        if error is not None:
            raise error
        if check is not None:
            check(field.clean(typed, session.clock.today))
        return typed

    own_default = _default(noun, field)
    default = defaults.get(field.stated_as) or own_default
    return Question(
        field.stated_as,
        _text(noun, field, has_default=bool(default)),
        read,
        default,
        leaves_default=default == own_default != "",
        missing=field.missing() if field.is_required else None,
    )


def _days_left_out(facts: type[Facts]) -> Values:
    """Return the days that a record has if they are not given: those of today."""
    return {
        field.stated_as: say("word.today")
        for field in questioned(facts)
        if field.is_required and field.type is date
    }


def _default(noun: str, field: Field) -> str:
    """Return what Enter answers, as it would be typed; "" for nothing."""
    if field.is_required and field.type is date:
        return say("word.today")
    return value_in_words(noun, field.name, field.default)


def _text(noun: str, field: Field, *, has_default: bool) -> str:
    """Return the words of a question; one with fixed words shows them, unless Enter answers it."""
    key = f"question.{noun}.{field.column}"
    text = say(key) if has(key) else heading_of(noun, field.name)
    choice = field.kind.choice
    if choice is None or has_default:
        return text
    words = ", ".join(str(choice_word(choice, value)) for value in CHOICES[choice])
    return f"{text} ({words})"


def _error_in(session: Session, facts: type[Facts], field: Field, values: Values) -> Refusal | None:
    """Return the error in the value of a field, alone or together with the others."""
    if field.kind.reference is not None:
        named = NOUNS[field.kind.reference].facts
        if named is None:
            return None
        return session.errors_in(named, {_NAME: values[field.stated_as]}).get(_NAME)
    known = named_fields(facts)
    own = {name: value for name, value in values.items() if name in known}
    return session.errors_in(facts, own).get(field.name)


def refuse_typed(session: Session, facts: type[Facts], given: Values) -> None:
    """Raise Refusal `bad_option` for the first wrongly typed option, before anything is asked."""
    known = named_fields(facts)
    errors = session.errors_in(facts, {k: v for k, v in given.items() if k in known})
    for name, error in errors.items():
        if name in given:
            option = f"--{known[name].option}"
            raise Refusal("bad_option", option=option, sentence=error.sentence())
