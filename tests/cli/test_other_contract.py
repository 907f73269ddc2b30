"""Another contract over the same nouns: other targets, other choices, other limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

CONTRACT = """
format = 1
id = "praktik-2011"

[name]
da = "Praktik i Viborg"
en = "Internships in Viborg"

[parties]
region = "Viborg Kommune"
operator = "Viborg Erhvervsråd"

[period]
first_day = 2011-01-01
last_day = 2011-12-31

[[participation]]
municipality = "Viborg"
from = 2011-02-01

[counting]
channels = ["visit", "email"]
highly_educated = ["phd"]
paid_terms = ["ordinary"]

[sme]
employees_below = 50
turnover_at_most = 10.0
balance_at_most = 10.0

[[target]]
id = "internships"
counts = "collaboration"
select = { kind = ["internship"] }
minimum = 2
name = { da = "Praktikforløb", en = "Internships" }
words = { da = "mindst to", en = "at least two" }

[target.requires]
binding = { da = "aftalt", en = "agreed" }
participating = { da = "i Viborg", en = "in Viborg" }
sme = { da = "små", en = "small" }

[[target]]
id = "every-contact"
counts = "contact"
name = { da = "Alle kontakter", en = "Every contact" }
words = { da = "kontakter", en = "contacts" }

[target.requires]
countable_channel = { da = "kontakter", en = "contacts" }

[[target]]
id = "doctors"
counts = "hire"
select = { level = ["phd"] }
minimum = 1
name = { da = "Ph.d.er", en = "Doctors" }
words = { da = "en ph.d.", en = "one PhD" }
"""


def test_other_targets_count_the_same_nouns(empty_runner: Runner, tmp_path: Path) -> None:
    run = empty_runner.done
    file = tmp_path / "contract.toml"
    file.write_text(CONTRACT, encoding="utf-8")
    run("init", "--contract", str(file))
    run("company", "add", "Mols Bogtryk", "--municipality", "Viborg", "--employees", "49")
    run("company", "add", "Hede Lys", "--municipality", "Viborg", "--employees", "50")
    run("contact", "add", "mols", "--channel", "email")
    run("contact", "add", "mols", "--channel", "phone")
    for company in ("mols", "hede"):
        run("collaboration", "add", company, "--kind", "praktik", "--agreed", "1.2.")
        run("collaboration", "add", company, "--kind", "projekt", "--agreed", "1.2.")
    run("collaboration", "add", "mols", "--kind", "praktik", "--agreed", "31.1.")
    run("hire", "add", "mols", "--level", "phd")
    run("hire", "add", "mols", "--level", "master")
    status = json.loads(run("status", "--json"))
    figures = {t["id"]: (t["counted"], t["waiting"], t["excluded"]) for t in status["targets"]}
    assert figures == {
        "internships": (1, 0, 2),
        "every-contact": (1, 0, 1),
        "doctors": (1, 0, 0),
    }
    assert "Ledger intact" in run("check")
    run("export", str(tmp_path / "region.xlsx"))
    assert "at least two" in run("why", "internships")
    shown = run("contract", "show")
    assert "Channels that count: visit, email\n" in shown
    assert "Requires: internship, binding, participating municipality, small or" in shown
    assert "Requires: PhD\n" in shown


def test_of_a_company_is_missing_what_the_targets_require(
    empty_runner: Runner, tmp_path: Path
) -> None:
    run = empty_runner.done
    file = tmp_path / "contract.toml"
    file.write_text(CONTRACT, encoding="utf-8")
    run("init", "--contract", str(file))
    done = run("company", "add", "Mols Bogtryk")
    assert "Municipality, Employees; type: kmtrack company edit c" in done
    assert "--municipality MUNICIPALITY --employees N" in done
    assert "CVR number, " not in done
    done = run("company", "edit", "mols", "--municipality", "Viborg", "--employees", "49")
    assert len(done.splitlines()) == 1
