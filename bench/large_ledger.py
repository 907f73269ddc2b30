"""Generate ledgers of any size through the program's unit of work, as its own commands do."""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import time
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.words import MUNICIPALITIES, words
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.open import open_store
from kmtrack.ledger.schema.tables import statements
from kmtrack.ledger.store.create import new_ledger
from kmtrack.ledger.unit_of_work import unit_of_work
from kmtrack.rules.amendments import amended
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.init import OWN_CONTRACT, contract_document
from kmtrack.views.check import format_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.plan import Plan
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork

_BATCH_SIZE: Final = 20_000
# Larger ones are made by the same code, and the growth part runs the program's check on them.
_CHECKED_UP_TO: Final = 100_000
_CONTACTS_EACH: Final = (1, 1, 1, 2, 2, 3, 4)  # for each company; the mean is two
_FIRST_DAY: Final = date(2011, 1, 1)
_COLLABORATES: Final = 0.04
_HIRES: Final = 0.01
_HAS_PERSON: Final = 0.1  # companies with a contact person, whom the contacts are with
_HAS_HEADCOUNT: Final = 0.98
_DAYS: Final = 520  # ends before June 2012, the date of the records that are added while measuring
_WEIGHTS: Final = (2, 7, 6, 5, 4, 3, 2, 1)
PERSON: Final = "Inger Holm"  # the person at the first company of each ledger
_NOTE: Final = "Rundvisning i produktionen. Mange opgaver, som en studerende kunne løse."


class DamagedLedger(RuntimeError):
    """The check found damage in a generated ledger."""


def copy_of_ledger(plan: Plan, contacts: int) -> Path:
    """Return a copy, for this run, of a ledger with that many contacts, generated on first use."""
    kept = plan.work / f"contacts-{contacts}-{_version_key()}.db"
    if not kept.exists():
        make_ledger(kept, contacts)
    copied = plan.run_folder / kept.name
    if not copied.exists():
        shutil.copy(kept, copied)
    return copied


def ledger_of_companies(plan: Plan, companies: int) -> Path:
    """Return a ledger with that many companies and no contacts, generated on first use."""
    kept = plan.work / f"companies-{companies}-{_version_key()}.db"
    if not kept.exists():
        make_ledger(kept, 0, companies)
    return kept


def _version_key() -> str:
    """Return a short digest of all on which a kept ledger depends: schema, contract, this module."""
    files = (OWN_CONTRACT, Path(__file__))
    made_of = "".join([*statements(), *(file.read_text(encoding="utf-8") for file in files)])
    return hashlib.sha256(made_of.encode()).hexdigest()[:8]


def make_ledger(path: Path, contacts: int, companies: int | None = None) -> None:
    """Generate a ledger with that many contacts, or with `companies` companies and no contacts.

    Raises DamagedLedger.
    """
    started = time.perf_counter()
    beside = path.with_suffix(".unfinished")
    beside.unlink(missing_ok=True)
    with new_ledger(beside) as store:
        # No need to sync: the file gets its name only when it is complete.
        for pragma in ("synchronous = OFF", "journal_mode = MEMORY", "cache_size = -400000"):
            store.run(f"PRAGMA {pragma}")
        _create_contract(store)
        if companies is None:
            _fill(store, contacts)
        else:
            _fill_with_companies(store, companies)
    if contacts <= _CHECKED_UP_TO:
        _check(beside)
    beside.rename(path)
    seconds = time.perf_counter() - started
    print(f"made {path.name} in {seconds:.0f} s", file=sys.stderr)


def cvr_numbers(first: str = "9") -> Iterator[str]:
    """Yield distinct CVR numbers with that first digit and a valid check digit, in unsorted order."""
    for number in count():
        text = f"{first}{number * 7_654_321 % 10_000_000:07}"  # coprime to ten, so that no number repeats
        if sum(w * int(d) for w, d in zip(_WEIGHTS, text, strict=True)) % 11 == 0:
            yield text


def _create_contract(store: Store) -> None:
    places = [{"municipality": code} for code in MUNICIPALITIES]
    document = amended(contract_document(OWN_CONTRACT), {"participation": places})
    with unit_of_work(store, "2011-01-01T08:00:00.000000Z", "BENCH", "init") as work:
        work.add("contract", document, CONTRACT_ID)
        for initials in words().brokers:
            work.add("broker", {"initials": initials}, initials)


def _fill(store: Store, contacts: int) -> None:
    chance, companies, persons, left = random.Random(contacts), _companies(), _persons(), contacts
    for batch in count():
        if not left:
            return
        room = min(left, _BATCH_SIZE)
        with unit_of_work(store, f"2012-06-01T08:00:{batch:09.6f}Z", "BENCH", "import") as work:
            while room:
                company_id = work.add("company", next(companies))
                number = min(room, chance.choice(_CONTACTS_EACH))
                _add_events(work, chance, company_id, number, next(persons))
                room -= number
                left -= number


def _fill_with_companies(store: Store, number: int) -> None:
    companies = _companies()
    with unit_of_work(store, "2011-01-01T09:00:00.000000Z", "BENCH", "import") as work:
        for _ in range(number):
            work.add("company", next(companies))


def _add_events(
    work: UnitOfWork, chance: random.Random, company_id: str, number: int, person: str | None
) -> None:
    """Add contacts to a company, with `person` if given, and at random other events."""
    broker = chance.choice(words().brokers)
    facts = {"company_id": company_id, "channel": "visit", "broker": broker, "note": _NOTE}
    if person is not None:
        facts["person_id"] = work.add_person(person, company_id)
    for _ in range(number):
        work.add("contact", {**facts, "date": _day(chance)})
    if chance.random() < _COLLABORATES:
        facts = {"company_id": company_id, "agreed": _day(chance), "broker": broker}
        work.add("collaboration", {**facts, "kind": "project"})
    if chance.random() < _HIRES:
        facts = {"company_id": company_id, "agreed": _day(chance), "broker": broker}
        work.add("hire", {**facts, "level": "master", "terms": "ordinary"})


def _day(chance: random.Random) -> str:
    return str(_FIRST_DAY + timedelta(days=chance.randrange(_DAYS)))


def _companies() -> Iterator[dict[str, Any]]:
    chance, given = random.Random(0), words()
    for number, cvr in enumerate(cvr_numbers()):
        core = f"{chance.choice(given.roots)} {chance.choice(given.trades)}"
        facts = {"name": f"{core} {number} ApS", "cvr": cvr}
        facts["municipality"] = chance.choice(MUNICIPALITIES)
        if chance.random() < _HAS_HEADCOUNT:
            facts["employees"] = str(chance.randint(1, 240))
        yield {**facts, "kind": "company"}


def _persons() -> Iterator[str | None]:
    """Yield the contact person of each company, or None; no two have the same name."""
    chance, given = random.Random(1), words().roots
    yield PERSON
    for number in count():
        named = chance.random() < _HAS_PERSON
        yield f"{chance.choice(given)} Jensen {number}" if named else None


def _check(path: Path) -> None:
    store = open_store(path)
    try:
        damage = check_ledger(store).damage
    finally:
        store.close()
    if damage:
        raise DamagedLedger(format_issue(damage[0]))
