"""Filters of lists: typed options, translated to what the database looks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue, Refusal
from kmtrack.i18n import LANGUAGES, current, texts_of
from kmtrack.ledger.queries.brokers import brokers_of_records, live_brokers
from kmtrack.ledger.queries.record_filters import RecordFilter, Sort
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.filters import filters_of
from kmtrack.ledger.schema.names import fits_all, name_key, stems_of, words_of
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.plain_text import is_text, shown
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.municipalities import municipality_code
from kmtrack.text import as_typed
from kmtrack.usecases.company_lookup import find_company

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.i18n import Language
    from kmtrack.ledger.schema.filters import Filters
    from kmtrack.ledger.schema.names import Word
    from kmtrack.usecases.session import Session

Typed = Mapping[str, Any]

NOTHING: Final[Typed] = MappingProxyType({})
# What a list may be sorted by besides its fields.
_KEYS: Final = {"day": "field.date", "company": "field.company", "status": "field.outcome"}


def filter_of(session: Session, name: str, typed: Typed) -> RecordFilter:
    """Return the filter that the options of a list state, by their names; days are days already.

    Raises Refusal `bad_option` for the first bad one, `mine_of_nobody`, `since_after_until`,
    `no_words`, `words_of_option`, `no_such_broker`, `no_such_council`, `several_councils`, and what
    `find_company` raises.
    """
    given = {option: value for option, value in typed.items() if value not in (None, False)}
    since, until = given.get("since"), given.get("until")
    if since and until and since > until:
        raise Refusal("since_after_until", since=since, until=until)
    _refuse_cut_words(name, given)
    readers: dict[str, Callable[[str], Any]] = {
        "company": lambda text: find_company(session, text, withdrawn=True)["id"],
        "council": lambda text: _councils(session, text),
        "municipality": municipality_code,
        "status": lambda text: choose("status", text),
        "words": _words,
        "sort": lambda text: _sort(name, text),
    }
    read = {
        option: _read(option, reader, given[option])
        for option, reader in readers.items()
        if option in given
    }
    today = session.clock.today
    return RecordFilter(
        company=read.get("company"),
        brokers=_brokers(session, given),
        councils=read.get("council", ()),
        municipality=read.get("municipality"),
        since=since and since.isoformat(),
        until=until and until.isoformat(),
        status=read.get("status"),
        chosen={
            field.name: _read(field.option, partial(field.clean, today=today), given[field.option])
            for field in filters_of(name).chosen
            if field.option in given
        },
        words=read.get("words", ()),
        sort=read.get("sort"),
    )


def _refuse_cut_words(name: str, given: Typed) -> None:
    """Refuse search words that seem to belong to the option before them: --status does not count.

    Raises Refusal `words_of_option`.
    """
    words = given.get("words")
    choices = {"status": "status"} if "status" in filters_of(name).names else {}
    choices |= {field.option: field.kind.choice or "" for field in filters_of(name).chosen}
    for option, choice in choices.items():
        whole = f"{given.get(option)} {words}"
        if words and option in given and choose(choice, whole, strict=False):
            raise Refusal("words_of_option", option=f"--{option}", typed=as_typed([shown(whole)]))


def sorts_of(name: str) -> dict[str, str]:
    """Return what a list can be sorted by: the word to type for each key, in the order of help.

    It is the name of the column in the language in use, if that is one word.
    """
    filters = filters_of(name)
    is_event = filters.noun in EVENTS
    own = {field.name: field.option for field in filters.sorts if field.kind.day_use != "happened"}
    keys = {"day": "date", "company": "company", **own, "status": "status"} if is_event else own
    return {key: _word(filters, key, option) for key, option in keys.items()}


def _word(filters: Filters, key: str, option: str) -> str:
    names = _names(filters, key, current())
    return next((name.casefold() for name in names if name.isalpha()), option)


def _names(filters: Filters, key: str, language: Language) -> list[str]:
    """Return what the column of a key is called in a language, as the list calls it first."""
    field = next((field for field in filters.sorts if field.name == key), None)
    heading = f"field.{field.column}" if field else _KEYS[key]
    known = texts_of(language)
    names = [f"field.{filters.noun}.{key}", heading, f"field.{key}"]
    if (filters.noun, key) == ("company", "name"):
        names.append("field.company")
    return [known[name] for name in names if name in known]


def _sort(name: str, typed: str) -> Sort:
    """Return the key that a word names in either language; a leading dash reverses the order."""
    text = typed.strip()
    wanted, backwards = name_key(text.removeprefix("-")), text.startswith("-")
    filters = filters_of(name)
    columns = {field.name: field for field in filters.sorts}
    words = sorts_of(name)
    for key, word in words.items():
        field = columns.get(key)
        texts = [key, word, *((field.column, field.heading) if field else ())]
        for language in LANGUAGES:
            texts += _names(filters, key, language)
        if wanted in map(name_key, texts):
            return Sort(key, backwards)
    error = BadValue("unknown_choice", value=shown(typed), among=list(words.values()))
    raise Refusal("bad_option", option="--sort", sentence=error.sentence())


def _brokers(session: Session, given: Typed) -> tuple[str, ...]:
    """Return the initials of --broker and of --mine.

    Raises Refusal `mine_of_nobody` and, for initials that no record has, `no_such_broker`.
    """
    found = []
    if "broker" in given:
        initials = _read("broker", clean_initials, given["broker"])
        known = [row["initials"] for row in live_brokers(session.store)]
        if initials not in known and initials not in dict(brokers_of_records(session.store)):
            raise Refusal("no_such_broker", initials=initials, among=known or ["-"])
        found.append(initials)
    if "mine" in given:
        if session.broker is None:
            raise Refusal("mine_of_nobody")
        found.append(session.broker)
    return tuple(dict.fromkeys(found))


def _words(text: str) -> tuple[Word, ...]:
    """Return the words to look for. Raises Refusal `no_words`."""
    words = words_of(text) if is_text(text) else []
    if not words:
        raise Refusal("no_words", typed=shown(text))
    return tuple(words)


def _councils(session: Session, typed: str) -> tuple[str, ...]:
    """Return the stored spellings of the council typed, complete or by words of it.

    Raises Refusal `no_such_council`, `several_councils`.
    """
    found = {row["council"] for row in live_brokers(session.store) if row["council"]}
    whole = {each for each in found if name_key(each) == name_key(typed)}
    words = words_of(typed)
    fitting = whole or {each for each in found if words and fits_all(words, stems_of(each))}
    if not fitting:
        raise Refusal("no_such_council", council=shown(typed), among=sorted(found) or ["-"])
    if len(set(map(name_key, fitting))) > 1:
        raise Refusal("several_councils", council=shown(typed), among=sorted(fitting))
    return tuple(sorted(fitting))


def _read(option: str, read: Callable[[str], Any], text: str) -> Any:
    """Return what `read` makes of the value of an option. Raises Refusal `bad_option`."""
    try:
        return read(text)
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None
