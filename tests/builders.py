"""Builders of test data: contracts, companies and contacts in short notation, ledgers, sessions."""

from __future__ import annotations

import sqlite3
import tempfile
import tomllib
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import servers
from kmtrack.clock import Clock
from kmtrack.errors import Refusal
from kmtrack.ledger.store.address import ServerAddress
from kmtrack.ledger.store.sqlite import APPLICATION_ID
from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.contract import Contract, Participation
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.dossier import Collaboration, Company, CompanyVersion, Contact, Dossier, Hire
from kmtrack.rules.judgement import judge
from kmtrack.rules.questionnaire_format import read_questionnaire
from kmtrack.rules.tallies import Tally
from kmtrack.usecases.brokers import add_broker
from kmtrack.usecases.doubts import AGREED
from kmtrack.usecases.events import add_event
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kmtrack.ledger.store.address import Location
    from kmtrack.rules.judgement import Verdict
    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.usecases.confirmation import Confirmation
    from kmtrack.usecases.session import Session

# A ledger of each version before this one.
RELEASED: Final = Path(__file__).parent / "ledger" / "released"
TODAY: Final = date(2011, 6, 30)
# When ledgers are made: before whatever a test records, at whatever time of day it runs.
_MIDNIGHT: Final = datetime(2011, 6, 30, tzinfo=UTC)
VIBORG, SILKEBORG, COPENHAGEN = "791", "740", "101"
CVR: Final = "13748136"
SMALL: Final = CompanyVersion(VIBORG, "40")

NEW, LATER, COLLABORATIONS, HIRES = "new-contacts", "follow-ups", "collaborations", "hires"


def day(text: str) -> date:
    """Return a date from its ISO text."""
    return date.fromisoformat(text)


def shipped_document() -> dict[str, Any]:
    """Return a new copy of the shipped contract document, which a test may alter."""
    return tomllib.loads((DATA_FOLDER / "contract.toml").read_text(encoding="utf-8"))


def questionnaire_document() -> dict[str, Any]:
    """Return a new copy of the shipped questionnaire document, which a test may alter."""
    return tomllib.loads((DATA_FOLDER / "questionnaire.toml").read_text(encoding="utf-8"))


@cache
def questionnaire() -> Questionnaire:
    """Return the shipped questionnaire."""
    return read_questionnaire(questionnaire_document())


@cache
def _shipped() -> Contract:
    return read_contract(shipped_document())


def contract(*spans: Participation, **changes: Any) -> Contract:
    """Return the shipped contract with Viborg, or the municipalities of `spans`, taking part."""
    return _shipped()._replace(participation=spans or (Participation(VIBORG),), **changes)


def company(
    *later: tuple[str, CompanyVersion],
    version: CompanyVersion = SMALL,
    cvr: str | None = CVR,
    before: str | None = None,
) -> Company:
    """Return a small company in Viborg.

    `later` holds its later versions by their first day, `before` the day of a visit in the earlier
    phase.
    """
    versions = ((None, version), *((day(first), other) for first, other in later))
    return Company("c1", cvr, day(before) if before else None, versions)


def contacts(*notations: str) -> tuple[Contact, ...]:
    """Return contacts k1, k2, … from notations of the form "DAY [CHANNEL [BROKER]...]"."""
    return tuple(_contact(number, text) for number, text in enumerate(notations, start=1))


def _contact(number: int, notation: str) -> Contact:
    first, *rest = notation.split()
    channel, *brokers = rest or ["visit"]
    return Contact(f"k{number}", recorded(number), day(first), channel, " ".join(brokers))


def recorded(number: int) -> str:
    """Return the timestamp of the record with that number."""
    return f"2013-06-01T12:00:{number:02}.000000Z"


def collaboration(agreed: str | None, kind: str = "project") -> Collaboration:
    """Return a collaboration, agreed on a day or not yet."""
    return Collaboration("s1", recorded(50), day(agreed) if agreed else None, kind)


def hire(
    agreed: str | None, level: str | None = "master", terms: str = "ordinary", **facts: Any
) -> Hire:
    """Return a hire, agreed on a day or not yet; `start` and `end` are ISO texts."""
    facts |= {name: day(facts[name]) for name in ("start", "end") if facts.get(name)}
    return Hire("h1", recorded(51), day(agreed) if agreed else None, level, terms, **facts)


def tallies(verdicts: Iterable[Verdict]) -> dict[str, Tally]:
    """Return the tally of each target that has a verdict."""
    found: dict[str, Tally] = {}
    for verdict in verdicts:
        tally = found.get(verdict.target, Tally())
        number = getattr(tally, verdict.outcome) + 1
        found[verdict.target] = tally._replace(**{verdict.outcome: number})
    return found


def tally_of(dossier: Dossier, target: str, by: Contract | None = None) -> Tally:
    """Return the tally of one target for one dossier."""
    return tallies(judge(dossier, by or contract())).get(target, Tally())


def cvr_number(number: int) -> str:
    """Return the n-th unassigned CVR number: it begins with 9 and has a valid check digit."""
    found = [f"{9_000_000 + seven:07}" for seven in range(number * 11, number * 11 + 11)]
    checked = (seven + str(_check_digit(seven)) for seven in found if _check_digit(seven) < 10)
    return next(checked)


def _check_digit(seven: str) -> int:
    weighted = sum(
        int(digit) * weight for digit, weight in zip(seven, (2, 7, 6, 5, 4, 3, 2), strict=True)
    )
    return -weighted % 11


def found(place: Location) -> None:
    """Create a ledger of broker JH in which Viborg and Silkeborg take part."""
    new = NewLedger(("Viborg", "Silkeborg"), None, "JH", "Viborg Erhvervsråd")
    create_ledger(place, new, Clock(TODAY, is_set=True, moment=_MIDNIGHT), {})


@cache
def _founded() -> bytes:
    """Return the bytes of a new ledger of broker JH, created once because that loads SQLModel."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        found(path)
        return path.read_bytes()


def ledger_in(folder: Path, name: str = "ledger.db") -> Path:
    """Create a ledger of broker JH in `folder`, in which Viborg and Silkeborg take part.

    If the tests run on a server, the ledger is a database and its address is returned as the path.
    """
    if servers.IN_USE:
        return servers.place_in(folder, servers.founded_template())
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(_founded())
    return path


@cache
def _begun(begin: Callable[[Session], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        ledger = ledger_in(Path(folder))
        with session_over(ledger) as session:
            begin(session)
        return ledger.read_bytes()


def ledger_with(folder: Path, begin: Callable[[Session], None]) -> Path:
    """Create a ledger of broker JH that `begin` filled; a file is filled once and then copied."""
    ledger = ledger_in(folder)
    if servers.IN_USE:
        with session_over(ledger) as session:
            begin(session)
    else:
        ledger.write_bytes(_begun(begin))
    return ledger


def ledger_of_version(version: int, path: Path) -> Path:
    """Return a ledger as that version of kmtrack left it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / f"{version}.sql").read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()
    return path


@contextmanager
def session_over(ledger: Path, today: date = TODAY, broker: str = "JH") -> Iterator[Session]:
    """Open a session of a broker; it neither syncs nor makes backups, which saves time."""
    with session_at(ledger, Clock(today, is_set=True), {"KMTRACK_BROKER": broker}) as session:
        if not session.store.is_served:
            session.store.run("PRAGMA synchronous = OFF")
        yield session._replace(backs_up=False)


def contents(ledger: Path) -> object:
    """Return the content of a ledger for comparison: the bytes of a file, the rows on a server."""
    if isinstance(ledger, ServerAddress):
        return servers.rows_of(ledger)
    return ledger.read_bytes()


@contextmanager
def behind(ledger: Path) -> Iterator[sqlite3.Connection]:
    """Open an SQLite connection to a ledger, to change its file without kmtrack."""
    if servers.IN_USE:
        pytest.skip("what is done to a file")
    with closing(sqlite3.connect(ledger)) as connection, connection:
        yield connection


@contextmanager
def refuses(key: str, match: str | None = None) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect a refusal with that key, as `pytest.raises` does."""
    with pytest.raises(Refusal, match=match) as refused:
        yield refused
    assert refused.value.key == key


def register(session: Session, *brokers: str) -> None:
    """Register brokers by their initials."""
    for initials in brokers:
        add_broker(session, {"initials": initials})


def agreeing(session: Session) -> Session:
    """Return the session of somebody who agrees to whatever is asked."""
    return session._replace(answers=AGREED)


def add_contact(session: Session, company: str, values: Mapping[str, Any]) -> Confirmation:
    """Store a contact; the rules decide whether it is a first one or a follow-up."""
    return add_event(session, "contact", company, values)
