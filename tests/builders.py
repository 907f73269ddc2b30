"""Small builders: contracts, companies and contacts in short notation, and a ledger to sit at."""

from __future__ import annotations

import sqlite3
import tempfile
import tomllib
from contextlib import closing, contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import servers
from kmtrack.clock import Clock
from kmtrack.errors import Refusal
from kmtrack.ledger.store.address import ServerAddress
from kmtrack.resources import DATA_FOLDER
from kmtrack.rules.contract import Contract, Participation
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.dossier import Collaboration, Company, CompanyVersion, Contact, Dossier, Hire
from kmtrack.rules.judgement import judge
from kmtrack.rules.questionnaire_format import read_questionnaire
from kmtrack.rules.status import Tally
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.store.address import Location
    from kmtrack.rules.judgement import Verdict
    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.usecases.session import Session

TODAY: Final = date(2011, 6, 30)
VIBORG, SILKEBORG, COPENHAGEN = "791", "740", "101"
CVR: Final = "13748136"
SMALL: Final = CompanyVersion(VIBORG, "40")

NEW, LATER, COLLABORATIONS, HIRES = "new-contacts", "follow-ups", "collaborations", "hires"


def day(text: str) -> date:
    """A day from its ISO text."""
    return date.fromisoformat(text)


def shipped_document() -> dict[str, Any]:
    """The document of the contract that comes with the program, to be spoiled."""
    return tomllib.loads((DATA_FOLDER / "contract.toml").read_text(encoding="utf-8"))


def questionnaire_document() -> dict[str, Any]:
    """The document of the questionnaire that comes with the program, to be spoiled."""
    return tomllib.loads((DATA_FOLDER / "questionnaire.toml").read_text(encoding="utf-8"))


@cache
def questionnaire() -> Questionnaire:
    """The questionnaire that comes with the program."""
    return read_questionnaire(questionnaire_document())


@cache
def _shipped() -> Contract:
    return read_contract(shipped_document())


def contract(*spans: Participation, **changes: Any) -> Contract:
    """The contract that comes with the program, with Viborg or `spans` taking part."""
    return _shipped()._replace(participation=spans or (Participation(VIBORG),), **changes)


def company(
    *later: tuple[str, CompanyVersion],
    version: CompanyVersion = SMALL,
    cvr: str | None = CVR,
    before: str | None = None,
) -> Company:
    """A small company in Viborg, with what holds of it `later`; visited `before`, if at all."""
    versions = ((None, version), *((day(first), other) for first, other in later))
    return Company("c1", cvr, day(before) if before else None, versions)


def contacts(*notations: str) -> tuple[Contact, ...]:
    """Contacts k1, k2, …, recorded in that order; each as "DAY [CHANNEL [BROKER]...]"."""
    return tuple(_contact(number, text) for number, text in enumerate(notations, start=1))


def _contact(number: int, notation: str) -> Contact:
    first, *rest = notation.split()
    channel, *brokers = rest or ["visit"]
    return Contact(f"k{number}", recorded(number), day(first), channel, " ".join(brokers))


def recorded(number: int) -> str:
    """The moment at which the record of that number was recorded."""
    return f"2013-06-01T12:00:{number:02}.000000Z"


def collaboration(agreed: str | None, kind: str = "project") -> Collaboration:
    """A collaboration, agreed on a day or not yet."""
    return Collaboration("s1", recorded(50), day(agreed) if agreed else None, kind)


def hire(agreed: str | None, level: str | None = "master", terms: str = "ordinary") -> Hire:
    """A hire, agreed on a day or not yet."""
    return Hire("h1", recorded(51), day(agreed) if agreed else None, level, terms)


def tallies(verdicts: Iterable[Verdict]) -> dict[str, Tally]:
    """The tally of each target that has a verdict."""
    found: dict[str, Tally] = {}
    for verdict in verdicts:
        tally = found.get(verdict.target, Tally())
        number = getattr(tally, verdict.outcome) + 1
        found[verdict.target] = tally._replace(**{verdict.outcome: number})
    return found


def tally_of(dossier: Dossier, target: str, by: Contract | None = None) -> Tally:
    """The tally of one target over one dossier."""
    return tallies(judge(dossier, by or contract())).get(target, Tally())


def cvr_number(number: int) -> str:
    """The CVR number of that number that passes the check and is nobody's: it begins with 9."""
    found = [f"{9_000_000 + seven:07}" for seven in range(number * 11, number * 11 + 11)]
    checked = (seven + str(_check_digit(seven)) for seven in found if _check_digit(seven) < 10)
    return next(checked)


def _check_digit(seven: str) -> int:
    weighted = sum(
        int(digit) * weight for digit, weight in zip(seven, (2, 7, 6, 5, 4, 3, 2), strict=True)
    )
    return -weighted % 11


def found(place: Location) -> None:
    """Make a ledger of broker JH, in which Viborg and Silkeborg take part."""
    new = NewLedger(("Viborg", "Silkeborg"), None, "JH", "Viborg Erhvervsråd")
    create_ledger(place, new, Clock(TODAY, is_set=True), {})


@cache
def _founded() -> bytes:
    """The bytes of a new ledger of broker JH: made once, since making one loads all of SQLModel."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        found(path)
        return path.read_bytes()


def ledger_in(folder: Path, name: str = "ledger.db") -> Path:
    """A new ledger of broker JH in `folder`, in which Viborg and Silkeborg take part.

    Where the tests run on a server it is a database there, whose address stands for the path.
    """
    if servers.IN_USE:
        return servers.place_in(folder, servers.founded_template())
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(_founded())
    return path


@contextmanager
def session_over(ledger: Path, today: date = TODAY, broker: str = "JH") -> Iterator[Session]:
    """The session of a broker over a ledger; nobody pulls a plug, so it neither syncs nor backs up."""
    with session_at(ledger, Clock(today, is_set=True), {"KMTRACK_BROKER": broker}) as session:
        if not session.store.is_served:
            session.store.run("PRAGMA synchronous = OFF")
        yield session._replace(backs_up=False)


def contents(ledger: Path) -> object:
    """All that a ledger holds, to be compared: the bytes of a file, the rows of a server."""
    if isinstance(ledger, ServerAddress):
        return servers.rows_of(ledger)
    return ledger.read_bytes()


@contextmanager
def behind(ledger: Path) -> Iterator[sqlite3.Connection]:
    """A bare connection to a ledger, for what is done to its file behind the program's back."""
    if servers.IN_USE:
        pytest.skip("what is done to a file")
    with closing(sqlite3.connect(ledger)) as connection, connection:
        yield connection


@contextmanager
def refuses(key: str, match: str | None = None) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """As `pytest.raises`, of a refusal with that key."""
    with pytest.raises(Refusal, match=match) as refused:
        yield refused
    assert refused.value.key == key
