"""The benchmarks: their commands are real, and their page says what was reached and what was missed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from bench.bulk import IMPORTS
from bench.commands import COMMANDS, Command, Growth, Runner
from bench.growth import line_of
from bench.large_ledger import make_ledger
from bench.plan import plan_for
from bench.programs import programs_in
from bench.results import BEGIN, END, Goal, Line, Part, page, with_summary
from bench.timing import Failed, Measurement

pytestmark = pytest.mark.files
ROOT: Final = Path(__file__).parents[1]
PROOF: Final = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")


def part(*goals: Goal, ratio: float = 0.71) -> Part:
    line = Line("contact add", ("95", "134"), ratio, goals)
    return Part("Start-up", "Middle of 21.", ("command", "ms", "floor"), [line])


def rows(text: str) -> list[list[str]]:
    """Return the cells of each row of the tables of a page."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


@pytest.mark.parametrize(
    ("measured", "limit", "verdict"),
    [
        (0.69, 0.7, "reached"),
        (0.7049, 0.7, "reached"),
        (0.706, 0.7, "MISSED"),
        (300.1, 300, "MISSED"),
    ],
)
def test_a_goal_is_reached_as_it_is_shown(measured: float, limit: float, verdict: str) -> None:
    assert Line("x", (), measured, (Goal(measured, limit),)).verdict == verdict


def test_one_goal_missed_of_two_is_missed() -> None:
    goals = (Goal(0.5, 0.7), Goal(301, 300, " MiB"))
    assert Line("x", (), 0.5, goals).row == ["x", "0.50", "0.7, 300 MiB", "MISSED"]


def test_a_smoke_run_judges_nothing() -> None:
    assert part(Goal(9, 0.7)).without_goals().lines[0].row[-2:] == ["", ""]


def test_the_page_has_a_row_for_each_measurement() -> None:
    text = page({"cores": "2"}, [part(Goal(0.71, 0.7))])
    assert "| command | ms | floor | ratio | goal |  |" in text
    assert "| contact add | 95 | 134 | 0.71 | 0.7 | MISSED |" in text


def test_a_whole_run_writes_the_table_of_the_page() -> None:
    before, rest = PROOF.split(BEGIN)
    _, after = rest.split(END)
    written = with_summary(PROOF, [part(Goal(0.71, 0.7)), part()])
    table = written.removeprefix(before + BEGIN).removesuffix(END + after)
    assert table.split("\n")[3:-1] == ["| contact add | 0.71 | 0.7 |", ""]
    assert with_summary(written, [part(Goal(0.71, 0.7))]) == written


def test_the_table_of_the_page_says_what_the_results_say() -> None:
    results = (ROOT / "bench" / "RESULTS.md").read_text(encoding="utf-8")
    measured = {(cells[1], ratio) for cells in rows(results) for ratio in cells[2:]}
    stated = rows(PROOF.partition(BEGIN)[2].partition(END)[0])[2:]
    assert len(stated) > 5
    assert [row for row in stated if (row[1], row[2]) not in measured] == []


def test_each_command_has_a_name_of_its_own_and_is_measured() -> None:
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names)
    idle = [c for c in COMMANDS if c.floor is None and c.growth is None and not c.on_terminal]
    assert idle == []


def test_the_goals_of_the_imports_are_those_that_were_set() -> None:
    goals = {(one.rows, one.floor): one.goal for one in IMPORTS if one.suffix == "csv"}
    assert goals[5_000, "start-up"] == 3
    assert goals[100_000, "bulk"] == 10


class Timed(Runner):
    """A runner that takes the seconds that it is given."""

    def __init__(self, seconds: float) -> None:
        self._taken = seconds

    def measurement(self, command: Command) -> Measurement:
        return Measurement(self._taken, 50 * 2**20)

    def assert_prints(self, command: Command) -> None:
        pass


@pytest.mark.parametrize(
    ("growth", "seconds", "shown", "verdict"),
    [
        ("page", (0.1, 0.1, 1.9), ["100", "100", "1,900", "50"], "reached"),
        ("page", (0.1, 0.1, 2.1), ["100", "100", "2,100", "50"], "MISSED"),
        ("page", (0.1, 9.0, 90.0), ["100", "9,000", "", "50"], "MISSED"),
        ("whole", (0.1, 9.0, 99.0), ["100", "9,000", "99,000", "50"], "reached"),
        ("whole", (0.1, 9.0, 119.0), ["100", "9,000", "119,000", "50"], "MISSED"),
    ],
)
def test_growth_is_judged(
    tmp_path: Path, growth: Growth, seconds: tuple[float, ...], shown: list[str], verdict: str
) -> None:
    plan = plan_for(tmp_path, None, quick=False)
    command = Command("x", "x", "", None, growth)
    line = line_of(plan, command, [Timed(one) for one in seconds])
    assert ([*line.cells], line.verdict) == (shown, verdict)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "ledger.db"
    make_ledger(path, 40)
    return path


def test_a_made_ledger_answers_a_command_with_what_it_should_print(
    ledger: Path, tmp_path: Path
) -> None:
    runner = Runner(programs_in(tmp_path), ledger)
    person = next(command for command in COMMANDS if command.name == "person show")
    runner.assert_prints(person)


def test_a_command_that_fails_or_prints_something_else_is_not_measured(
    ledger: Path, tmp_path: Path
) -> None:
    runner = Runner(programs_in(tmp_path), ledger)
    with pytest.raises(Failed, match="nonsense"):
        runner.seconds(Command("x", "contact nonsense", "Contact"))
    with pytest.raises(Failed):
        runner.assert_prints(Command("x", "broker list", "nobody of this name"))
