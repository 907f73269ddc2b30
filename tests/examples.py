"""A folder with a ledger and files on which the examples of help and of the pages work."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from builders import cvr_number, ledger_in
from cli_runner import run_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.demo import DemoFiles

ANSWERS: Final = (
    *("employees=12", "highly-educated=1", "additionality=later", "product=2"),
    *("process=unknown", "business-method=0", "satisfaction=3", "students-again=yes"),
)
_COMPANIES: Final = [cvr_number(number) for number in range(1, 4)]
_ANSWERED: Final = (
    "employees=10",
    "highly-educated=2",
    "product=3",
    "additionality=no",
    "students=1",
)
# What is in the ledger, in the order in which it was entered.
PREPARED: Final = (
    "company add 'Hedelund Maskinfabrik ApS' --cvr 13748136 --municipality Viborg --employees 40",
    "company add 'Hede Maskiner ApS' --cvr 24256790 --municipality Viborg --employees 10",
    "company add 'Mols Bogtryk' --municipality Silkeborg",
    "company add 'Mols Bogtrykkeri' --municipality Silkeborg --yes",
    "company add 'Odder Tryk' --municipality Odder",
    "company add 'Odder Bogtryk' --municipality Odder --yes",
    "company add 'Stilling Smedje' --municipality Skanderborg",
    "company add 'Skive Smedje' --cvr {0} --municipality Skive",
    "company add 'Skive Stål' --cvr {1} --municipality Skive",
    "company succeed 'skive smedje' 'skive stål' --from 2011-03-01",
    "broker add MK",
    "hire add hedelund --level master --agreed 2011-04-02",
    "method add Opgavekatalog --kind tool --for both --date 2011-02-01",
    "collaboration add hedelund --kind project --agreed 2011-04-01",
    "contact add hedelund --date 2011-03-01 --person 'Inger Holm'",
    "contact add hedelund --date 2011-05-01 --next 2011-06-20",
    "deliverable log project-management --date 2011-01-15 --text Begyndt",
    "survey answer hedelund " + " ".join(f"--answer {each}" for each in ANSWERS),
    "survey form hedelund svar.xlsx --with-answers",
    "backup",
    "broker add XX",
    "undo --yes",
)


def work_done() -> Iterator[tuple[str, ...]]:
    """Yield commands that put something of everything into a ledger."""
    for cvr in _COMPANIES:
        place = ("--municipality", "Viborg", "--employees", "10")
        yield ("company", "add", f"Firma {cvr}", "--cvr", cvr, *place)
        yield ("contact", "add", cvr, "--date", "2011-02-01", "--next", "2011-03-01")
        yield ("hire", "add", cvr, "--level", "master", "--agreed", "2011-02-10")
        for wave in ("before", "after"):
            given = [word for answer in _ANSWERED for word in ("--answer", answer)]
            asked = given if wave == "after" else [*given[:4], *given[8:]]
            yield ("survey", "answer", cvr, "--wave", wave, "--date", "2011-03-01", *asked)
    yield ("contact", "add", _COMPANIES[0], "--date", "2011-04-01", "--channel", "email")
    yield ("company", "add", "Uden nummer", "--municipality", "Silkeborg")
    yield ("contact", "add", "Uden nummer", "--date", "2011-04-01")
    yield ("collaboration", "add", "Uden nummer", "--kind", "project")
    yield ("method", "add", "Besøg", "--kind", "tool", "--for", "companies")
    yield ("deliverable", "log", "project-management", "--text", "Styregruppen har mødtes")


def prepare(folder: Path) -> None:
    """Make the ledger and the files in an empty folder."""
    ledger_in(folder)
    numbers = (cvr_number(1), cvr_number(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run_in(folder, [shlex.split(line.format(*numbers)) for line in PREPARED])
    shutil.copy(folder / "ledger.db", folder / "kopi.db")
    other = folder / "other"
    other.mkdir()
    ledger_in(other)
    run_in(other, [("company", "add", "Thy Træ", "--municipality", "Viborg")])
    shutil.copy(other / "ledger.db", folder / "mk.db")
    (folder / "kontakter.csv").write_text(
        "CVR;Dato;Kanal\n13748136;4.6.2011;besøg\n", encoding="utf-8"
    )
    (folder / "model.pdf").write_bytes(b"%PDF-1.4 a model")


def demonstration_like(files: DemoFiles, _: object = None) -> None:
    """Put the ledger of this folder where the demonstration would be, which takes seconds to make."""
    files.ledger.parent.mkdir()
    shutil.copy("ledger.db", files.ledger)
