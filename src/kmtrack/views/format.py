"""Values in words of the language in use: days, choices, municipalities, yes and no."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from kmtrack.clock import here
from kmtrack.errors import decimal_in_words, in_words
from kmtrack.i18n import current, has, say
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.phrases import heading_phrase, value_phrase
from kmtrack.rules.dates import format_day
from kmtrack.rules.requirement_registry import FieldValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.ledger.queries.record_names import RecordName
    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Target
    from kmtrack.rules.requirement_registry import Answer


def sentence(text: str) -> str:
    """Return a text with its first letter as a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def day_in_words(day: date | str | None) -> str:
    """Format a day as people here write it; "" for none."""
    if not day:
        return ""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    return say("word.unknown_day") if day == date.min else format_day(day, current())


def long_day(day: date) -> str:
    """Format a day with the name of its month, as in running text."""
    return say("word.long_day", day=day.day, month=say(f"month.{day.month}"), year=day.year)


def whole_in_words(number: int) -> str:
    """Format a whole number with the thousands separator of the current language."""
    return f"{number:,}".replace(",", "." if current() == "da" else ",")


def moment_in_words(moment: str) -> str:
    """Format a moment (UTC) in local time."""
    local = here(moment)
    return f"{day_in_words(local.date())} {local:%H:%M:%S}"


def utc_in_words(moment: str) -> str:
    """Format a moment (UTC) as it is, for what is read on other machines."""
    return f"{day_in_words(moment[:10])} {moment[11:19]} UTC"


def stated_in_words(statement: Mapping[str, str | None]) -> str:
    """Format when, by whom and by which command something was recorded, with its reason if any."""
    moment = moment_in_words(str(statement["recorded_at"]))
    line = say("show.stated", **{**statement, "moment": moment})
    return f"{line} ({statement['reason']})" if statement["reason"] else line


def value_in_words(noun: str, field: str, value: Any) -> str:
    """Format the value of a field as it is shown."""
    if value is None or value == "":
        return ""
    if field == "asks":
        return say(f"noun.{value}") if value == "company" else say("field.municipality").lower()
    return str(in_words(value_phrase(noun, field, value)))


def amount_in_words(amount: float) -> str:
    """Format an amount with the decimals that it has."""
    return decimal_in_words(f"{amount:.15g}")


def called_in_words(name: RecordName) -> str:
    """Return what people call a record: a name, and its day if it has one."""
    return ", ".join(filter(None, (name.name, day_in_words(name.day))))


def quoted(words: str) -> str:
    """Put words of the note in the quotation marks of the current language."""
    return say("word.quoted", words=words)


def name_with_id(target: Target) -> str:
    """Return the name of a target with its id, which is typed and found in data."""
    return f"{target.name.in_language(current())} ({target.id})"


def heading_of(noun: str, field: str) -> str:
    """Return the heading of a field of a noun."""
    return str(heading_phrase(noun, field))


def to_fill_in(noun: str, *fields: str) -> str:
    """Return the options for these fields of a noun, each with the placeholder of its value."""
    return " ".join(_option_to_fill_in(noun, field) for field in fields)


def since_to_type(since: str | None) -> str:
    """Return the option `--from` with the day (ISO) of a value, "" for the beginning.

    It is empty for None: a fact that has had one value is corrected without it.
    """
    return "" if since is None else f" --from {since or say('choice.since.beginning')}"


def since_in_words(since: str | None) -> str:
    """Word since which day (ISO) a value is in force, "" for the beginning; nothing for None."""
    if since is None:
        return ""
    return f" {say('word.from')} {day_in_words(since) or say('choice.since.beginning')}"


def _option_to_fill_in(noun: str, name: str) -> str:
    field = NOUNS[noun].field(name)
    if field and field.kind.is_flag:
        return f"--{field.option}"
    metavar = field.metavar if field else "metavar.text"
    return f"--{_option(noun, name)} {say(metavar).partition('|')[0]}"


def _option(noun: str, name: str) -> str:
    field = NOUNS[noun].field(name)
    return field.option if field else name


def column_in_words(noun: str, column: str) -> str:
    """Return the heading of a column of a noun's rows, whether or not it is a field; else its name."""
    for key in (f"column.{column}", f"field.{noun}.{column}", f"field.{column}"):
        if has(key):
            return say(key)
    return column


def answer_in_words(answer: Answer) -> str:
    """Word why a requirement answered as it did, with the facts that it looked at."""
    return say(f"why.{answer.reason}", *map(_looked_at, answer.looked_at))


def history_in_words(
    met: EarlierContact | None, predecessors: Iterable[Mapping[str, Any]] = ()
) -> str:
    """Word why a contact is a first one or a follow-up: whether its company was met before.

    That may have been one of its `predecessors`.
    """
    if met is None:
        return say("why.history.first")
    key = "why.history.met" if met.contact_id else "why.history.visited_before"
    facts = {"day": day_in_words(met.day), "id": met.contact_id}
    for predecessor in predecessors:
        if predecessor["id"] == met.predecessor:
            return say(f"{key}.predecessor", **facts, company=predecessor["name"])
    return say(key, **facts)


def predecessor_in_words(predecessor: Mapping[str, Any]) -> str:
    """Word that a company was taken over, so that its history counts too."""
    company = named_company(predecessor["name"], predecessor["cvr"])
    return say("why.predecessor", company=company, since=day_in_words(predecessor["since"]))


def named_company(name: str, cvr: str | None) -> str:
    """Return the name of a company with its CVR number, which distinguishes two of one name."""
    return f"{name} ({say('field.cvr')} {cvr or say('group.unknown')})"


def remedy_in_words(record: Mapping[str, Any], answer: Answer) -> str:
    """Word what to type so that a requirement could answer yes; "" if nothing would help."""
    key = f"remedy.{answer.reason}"
    if not has(key):
        return ""
    company = record["cvr"] or record["company_id"]
    noun = record["noun"]
    dated_by = "date" if noun == "contact" else "agreed"
    remedy = say(key, company=company, id=record["id"], noun=noun, day=dated_by)
    # If a value of the company has changed since, `--from` must name the one to correct; of several
    # days the last one is in force with all the others.
    changes = record["company_changes"].items() if " company edit " in remedy else ()
    days = [since or "" for field, since in changes if f"--{_option('company', field)} " in remedy]
    return remedy + since_to_type(max(days, default=None))


def withdrawal_in_words(reason: str) -> str:
    """Word why a record was withdrawn: that it was undone, or what its broker wrote."""
    return say("undo.reason") if reason == UNDONE else reason


def reason_in_words(reason: str) -> str:
    """Word the reason for a verdict without the facts of one record; an unknown key unchanged."""
    return say(f"reason.{reason}") if has(f"reason.{reason}") else reason


def _looked_at(fact: object) -> str:
    if isinstance(fact, FieldValue):
        return value_in_words(*fact)
    if isinstance(fact, date):
        return day_in_words(fact)
    if isinstance(fact, float):
        return amount_in_words(fact)
    return str(fact)
