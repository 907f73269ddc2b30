"""Questions at a terminal that shows lines only: what is asked, asked again, gone back to, given up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from builders import CVR
from keyboard import INTERRUPT, typing_at

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner
    from keyboard import Typing

NOT_STORED: Final = "Interrupted. No change was stored in the ledger"
# What answers the questions of each command, all of them, with what is given on the command line.
VISIT: Final = ["smedje", "1/6-2011", "phone", "Inger Holm", "good talk", "1.7.2011"]
CONVERSATIONS: Final = {
    "contact": (("contact", "add"), VISIT),
    "followup": (("followup", "add"), VISIT),
    "collaboration": (
        ("collaboration", "add"),
        ["smedje", "project", "1/6-2011", "Robots", "VIA", "1/8-2011", "good"],
    ),
    "hire": (
        ("hire", "add"),
        ["smedje", "master", "1/6-2011", "Biology", "VIA", "1/8-2011", "good"],
    ),
    "company": (("company", "add"), ["Alfa Byg", "24256790", "Viborg", "12"]),
    "method": (("method", "add"), ["The talk", "concept", "both", "How to begin", "1/6-2011"]),
    "new company": (
        ("contact", "add"),
        ["Alfa Byg", "y", "", "24256790", "Viborg", "12", *VISIT[1:]],
    ),
}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Let somebody type lines at a terminal."""
    return typing_at(monkeypatch)


def records(runner: Runner, noun: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(runner.done(noun, "list", "--json"))
    return found


def everything(runner: Runner) -> list[object]:
    """Return all that somebody could have left behind."""
    nouns = ("company", "contact", "collaboration", "hire", "method")
    return [records(runner, noun) for noun in nouns]


class TestContact:
    def test_a_visit_is_asked_for_in_the_order_in_which_one_tells_it(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed(*VISIT, "")
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        prompts = (
            "Company: ", "Date [today]: ", "Channel [visit]: ", "Who did you talk to? ", "Note: ",
            "Next time? ", "Next company [Enter: done]: ",
        )  # fmt: skip
        places = [outcome.err.index(prompt) for prompt in prompts]
        assert places == sorted(places)
        newest, _ = records(stocked, "contact")
        assert {name: newest[name] for name in ("date", "channel", "note", "next")} == {
            "date": "2011-06-01", "channel": "phone", "note": "good talk", "next": "2011-07-01",
        }  # fmt: skip
        assert "Inger Holm" in stocked.done("contact", "show", newest["id"])
        assert outcome.out.startswith("Contact ")

    def test_enter_takes_the_defaults(self, stocked: Runner, typed: Typing) -> None:
        typed("smedje", *[""] * 6)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        newest, _ = records(stocked, "contact")
        assert (newest["date"], newest["channel"]) == ("2011-06-30", "visit")
        assert (newest["note"], newest["next"]) == (None, None)

    def test_with_everything_required_nothing_is_asked(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed()
        outcome = stocked("contact", "add", "smedje")
        assert outcome.code == 0
        assert outcome.err.startswith("Add more with: kmtrack contact edit ")
        assert outcome.err.count("\n") == 1

    def test_what_is_typed_already_is_not_asked(self, stocked: Runner, typed: Typing) -> None:
        typed("smedje", "", "", "", "", "")
        outcome = stocked("contact", "add", "--date", "1/6-2011", "--channel", "phone")
        assert outcome.code == 0, outcome.err
        assert "Date" not in outcome.err
        assert "Channel" not in outcome.err
        assert records(stocked, "contact")[0]["channel"] == "phone"

    def test_an_option_that_is_wrong_is_refused_before_anything_is_asked(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed(*VISIT)
        outcome = stocked("contact", "add", "--channel", "pigeon")
        assert outcome.code == 1
        assert "--channel" in outcome.err
        assert "Company" not in outcome.err

    @pytest.mark.parametrize("words", [("--json",), ("--no-input",)])
    def test_nobody_is_asked_who_does_not_want_to_be(
        self, stocked: Runner, typed: Typing, words: tuple[str, ...]
    ) -> None:
        typed(*VISIT)
        outcome = stocked("contact", "add", *words)
        assert outcome.code == 2
        assert "kmtrack contact add COMPANY" in outcome.err

    def test_in_a_pipe_the_company_is_missing(self, stocked: Runner) -> None:
        outcome = stocked("contact", "add")
        assert (outcome.code, outcome.out) == (2, "")
        assert "kmtrack contact add COMPANY" in outcome.err

    def test_what_is_no_answer_is_asked_again_with_the_choices(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed("", "nowhere", "n", "smedje", "yesterdy", "1/7-2011", "1/6-2011", "telefn", "phone",
              "", "", "1/5-2011", "", "")  # fmt: skip
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert "Type the company's name or CVR number" in outcome.err
        assert "No company is called “nowhere”" in outcome.err
        assert "“yesterdy”" in outcome.err
        assert outcome.err.count("Date [today]: ") == 3
        assert "visit, meeting, phone" in outcome.err
        assert outcome.err.count("Next time? ") == 2
        assert records(stocked, "contact")[0]["date"] == "2011-06-01"

    def test_a_day_is_entered_in_one_go(self, stocked: Runner, typed: Typing) -> None:
        typed("smedje", "1/6-2011", "", "", "", "", "mols", "", "phone", "", "", "", "")
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert "Date [2011-06-01]: " in outcome.err
        found = [(each["company"], each["date"]) for each in records(stocked, "contact")]
        assert sorted(found)[:2] == [
            ("Mols Bogtryk", "2011-06-01"),
            ("Århus Smedje ApS", "2011-03-01"),
        ]

    def test_of_several_visits_those_before_ctrl_c_are_stored(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed("smedje", *[""] * 5, "mols", "", INTERRUPT)
        outcome = stocked("contact", "add")
        assert outcome.code == 130
        assert outcome.err.splitlines()[-1] == "Interrupted. 1 record is stored, and nothing else"
        assert len(records(stocked, "contact")) == 2

    def test_an_unknown_company_is_added_with_the_visit_and_goes_with_it(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed(*CONVERSATIONS["new company"][1], "")
        assert stocked("contact", "add").code == 0
        newest, _ = records(stocked, "contact")
        assert newest["company"] == "Alfa Byg"
        (company,) = [each for each in records(stocked, "company") if each["name"] == "Alfa Byg"]
        assert (company["cvr"], company["employees"]) == ("24256790", "12")
        stocked.done("undo", "--yes")
        assert len(records(stocked, "company")) == 2
        assert len(records(stocked, "contact")) == 1

    def test_a_company_that_is_there_already_is_not_added_again(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed("Smedien", "y", "", CVR, "n", CVR, "y", *[""] * 6)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert f"CVR number {CVR} belongs to Århus Smedje ApS" in outcome.err
        assert len(records(stocked, "company")) == 2
        assert records(stocked, "contact")[0]["company"] == "Århus Smedje ApS"

    def test_a_wrong_company_is_put_right_by_going_back(
        self, stocked: Runner, typed: Typing
    ) -> None:
        for name in ("Engholm Byg ApS", "Engholm El A/S"):
            stocked.done("company", "add", name, "--municipality", "Viborg")
        typed("engholm", "2", "<", "", "<", "engholm", "1", *[""] * 6)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert outcome.err.count("Several companies match") == 2
        assert outcome.err.count("Company [Engholm El A/S]: ") == 2
        assert records(stocked, "contact")[0]["company"] == "Engholm Byg ApS"

    def test_one_goes_back_through_what_was_told_of_a_new_company(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed("Ny ApS", "y", "Nyere ApS", "24256790", "Skive", "12",
              *["<"] * 4, "", "", "Viborg", "13", *[""] * 6)  # fmt: skip
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        for prompt in ("Employees [12]: ", "Municipality [Skive]: ", "Name [Nyere ApS]: "):
            assert prompt in outcome.err
        (company,) = [each for each in records(stocked, "company") if each["name"] == "Nyere ApS"]
        assert (company["cvr"], company["municipality"], company["employees"]) == (
            "24256790", "791", "13",
        )  # fmt: skip

    def test_what_was_told_of_a_new_company_is_forgotten_with_its_name(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed("Ny ApS", "y", "", "24256790", "<", "<", "<", "Alfa Byg", "y", *[""] * 10)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        (company,) = [each for each in records(stocked, "company") if each["name"] == "Alfa Byg"]
        assert company["cvr"] is None

    @pytest.mark.parametrize("answer", ["n", "<", ""])
    def test_the_same_day_is_asked_about_at_once_and_a_no_goes_back_to_it(
        self, stocked: Runner, typed: Typing, answer: str
    ) -> None:
        typed("smedje", "1/3-2011", "perhaps", answer, "2/3-2011", *[""] * 5)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert "Is this another one?" in outcome.err
        assert "Answer yes or no" in outcome.err
        assert "Date [1/3-2011]: " in outcome.err
        assert records(stocked, "contact")[0]["date"] == "2011-03-02"

    def test_the_same_day_is_asked_about_once(self, stocked: Runner, typed: Typing) -> None:
        for words in ((), ("--date", "2011-03-01")):
            typed("smedje", *["1/3-2011"] * (not words), "y", *[""] * 5)
            outcome = stocked("contact", "add", *words)
            assert outcome.code == 0, outcome.err
            assert outcome.err.count("Is this another one?") == 1
        assert len(records(stocked, "contact")) == 3

    @pytest.mark.parametrize("number", ["12345678", "-", "1/8"])
    def test_what_can_be_no_name_is_not_offered_to_be_added(
        self, stocked: Runner, typed: Typing, number: str
    ) -> None:
        typed(number, "smedje", *[""] * 6)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert "add it" not in outcome.err
        assert number in outcome.err

    def test_a_number_is_not_taken_for_a_name(self, stocked: Runner, typed: Typing) -> None:
        typed("alfa", "y", "24256790", "Alfa Byg", "24256790", *[""] * 8)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert "“24256790” is a CVR number" in outcome.err
        assert "Alfa Byg" in stocked.done("company", "list")

    def test_a_company_typed_on_the_line_can_be_added_too(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed("y", "", "24256790", "Viborg", "12", "1/6-2011", *[""] * 5)
        outcome = stocked("contact", "add", "Alfa Byg", "--channel", "phone")
        assert outcome.code == 0, outcome.err
        newest = records(stocked, "contact")[0]
        assert (newest["company"], newest["channel"]) == ("Alfa Byg", "phone")
        typed("n")
        outcome = stocked("contact", "add", "Beta Byg")
        assert (outcome.code, outcome.err.splitlines()[-1]) == (
            1,
            "No company is called “Beta Byg”. Add it? [y/N] Nothing was changed.",
        )
        typed("y", "", CVR, "y", *[""] * 6)
        outcome = stocked("contact", "add", "Smedien")
        assert outcome.code == 0, outcome.err
        assert records(stocked, "contact")[0]["company"] == "Århus Smedje ApS"
        assert stocked("contact", "add", "Beta Byg", "--no-input").code == 1
        assert len(records(stocked, "company")) == 3

    def test_a_look_alike_is_asked_about_before_the_visit_is_told(
        self, stocked: Runner, typed: Typing
    ) -> None:
        alike = ["Mols Bogtrykk", "n", "y", "", "", "Silkeborg", ""]
        typed(*alike, "n", "mols", *[""] * 6)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert "Is it a different company?" in outcome.err
        assert len(records(stocked, "company")) == 2
        typed(*alike, "y", *[""] * 6)
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert outcome.err.count("Is it a different company?") == 1
        assert len(records(stocked, "company")) == 3

    def test_a_follow_up_is_not_begun_at_a_company_that_nobody_knows(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed("nowhere", "mols", *VISIT, "")
        outcome = stocked("followup", "add")
        assert outcome.code == 0, outcome.err
        assert "Mols Bogtryk was not visited before" in outcome.err
        assert "No company matches “nowhere”; type its name or CVR number" in outcome.err

    def test_a_dash_leaves_out_what_was_answered_before_going_back(
        self, stocked: Runner, typed: Typing
    ) -> None:
        typed("smedje", "", "", "Inger", "talk", "<", "-", "", "")
        outcome = stocked("contact", "add")
        assert outcome.code == 0, outcome.err
        assert "Note [talk]: " in outcome.err
        assert records(stocked, "contact")[0]["note"] is None


class TestEveryConversation:
    @pytest.mark.parametrize("name", CONVERSATIONS)
    def test_it_comes_to_its_end(self, stocked: Runner, typed: Typing, name: str) -> None:
        words, answers = CONVERSATIONS[name]
        typed(*answers, "")
        outcome = stocked(*words)
        assert outcome.code == 0, outcome.err

    @pytest.mark.everyday(3)
    @pytest.mark.parametrize(
        ("name", "stop"), [("contact", None), *((name, INTERRUPT) for name in CONVERSATIONS)]
    )
    def test_given_up_at_any_question_it_leaves_nothing_and_says_so(
        self, stocked: Runner, typed: Typing, name: str, stop: str | None
    ) -> None:
        words, answers = CONVERSATIONS[name]
        before = everything(stocked)
        for number in range(len(answers)):
            typed(*answers[:number], *filter(None, [stop]))
            outcome = stocked(*words)
            assert (outcome.code, outcome.out) == (130, ""), (number, outcome)
            assert outcome.err.splitlines()[-1] == NOT_STORED
        assert everything(stocked) == before

    @pytest.mark.everyday(2)
    @pytest.mark.parametrize("name", CONVERSATIONS)
    def test_one_can_go_back_from_every_question(
        self, stocked: Runner, typed: Typing, name: str
    ) -> None:
        words, answers = CONVERSATIONS[name]
        typed(*answers, "")
        stocked.done(*words)
        noun = words[0].replace("followup", "contact")
        straight = records(stocked, noun)[0]
        stocked.done("undo", "--yes")
        first = 1 if name != "new company" else 3
        # From every question back to the one before, whose answer Enter takes again.
        back = [step for each in answers[first:] for step in ("<", "", each)]
        typed(*answers[:first], *back, "")
        outcome = stocked(*words)
        assert outcome.code == 0, outcome.err
        again = records(stocked, noun)[0]
        assert {**again, "id": "", "company_id": ""} == {**straight, "id": "", "company_id": ""}

    @pytest.mark.parametrize("name", CONVERSATIONS)
    def test_before_the_first_question_there_is_none(
        self, stocked: Runner, typed: Typing, name: str
    ) -> None:
        words, answers = CONVERSATIONS[name]
        typed("<", *answers, "")
        outcome = stocked(*words)
        assert outcome.code == 0, outcome.err
        assert "This is the first question" in outcome.err


@pytest.mark.parametrize(
    ("words", "answers", "expected"),
    [
        (
            ("collaboration", "add", "smedje"),
            ["projektt", "project", "", "", "", "", ""],
            {"kind": "project", "agreed": None},
        ),
        (
            ("collaboration", "add", "--kind", "project"),
            ["smedje", "1/6-2011", "", "", "", ""],
            {"kind": "project", "agreed": "2011-06-01"},
        ),
        (
            ("hire", "add", "smedje"),
            ["", "1/6-2011", "", "", "", ""],
            {"level": None, "agreed": "2011-06-01"},
        ),
    ],
)
def test_questions_begin_where_something_is_sought(
    stocked: Runner,
    typed: Typing,
    words: tuple[str, ...],
    answers: list[str],
    expected: dict[str, object],
) -> None:
    typed(*answers)
    outcome = stocked(*words)
    assert outcome.code == 0, outcome.err
    (found,) = records(stocked, words[0])
    assert {name: found[name] for name in expected} == expected


def test_a_company_is_asked_for(stocked: Runner, typed: Typing) -> None:
    typed("", "Alfa Byg", "123", CVR, "24256790", "Skve", "Skive", "many", "12")
    outcome = stocked("company", "add")
    assert outcome.code == 0, outcome.err
    for refused in ("123", "Århus Smedje ApS", "Skive", "many"):
        assert refused in outcome.err
    (company,) = [each for each in records(stocked, "company") if each["name"] == "Alfa Byg"]
    assert (company["cvr"], company["municipality"], company["employees"]) == (
        "24256790", "779", "12",
    )  # fmt: skip


def test_a_company_that_looks_like_another_is_asked_about_once(
    stocked: Runner, typed: Typing
) -> None:
    typed("Mols Bogtrykk", "", "Silkeborg", "", "y")
    outcome = stocked("company", "add")
    assert outcome.code == 0, outcome.err
    assert outcome.err.count("Is it a different company?") == 1
    typed("Mols Bogtrykkk", "", "Silkeborg", "", "n")
    assert stocked("company", "add").code == 1
    assert len(records(stocked, "company")) == 3


def test_a_method_is_asked_for_assessed_and_disseminated(stocked: Runner, typed: Typing) -> None:
    typed(*CONVERSATIONS["method"][1])
    stocked.done("method", "add")
    typed("the talk", "The talk 2", "tool", "", "", "")
    outcome = stocked("method", "add")
    assert (outcome.code, "The talk" in outcome.err) == (0, True), outcome.err
    typed("keep", "it works", "")
    outcome = stocked("method", "assess", "the talk 2")
    assert outcome.code == 0, outcome.err
    typed("companies", "at a meeting", "VIA", "1/6-2011")
    outcome = stocked("method", "disseminate", "the talk 2")
    assert outcome.code == 0, outcome.err
    newest = [each for each in records(stocked, "method") if each["name"] == "The talk 2"]
    assert [(each["assessed"], each["disseminated"]) for each in newest] == [
        ("keep", ["companies"])
    ]


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (("method", "add"), CONVERSATIONS["method"][1]),
        (("company", "add"), CONVERSATIONS["company"][1]),
        (("company", "withdraw", "mols"), ["a slip"]),
    ],
)
def test_a_doubt_at_the_end_asks_nothing_again(
    stocked: Runner,
    typed: Typing,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    answers: list[str],
) -> None:
    monkeypatch.setenv("KMTRACK_BROKER", "JHH")
    typed(*answers, "y")
    outcome = stocked(*words)
    assert outcome.code == 0, outcome.err
    assert "You are JHH" in outcome.err
    assert outcome.err.count("Enter takes") == (len(answers) > 1)


def test_a_method_that_is_not_there_is_not_asked_about(stocked: Runner, typed: Typing) -> None:
    typed("keep", "it works", "")
    outcome = stocked("method", "assess", "nothing")
    assert (outcome.code, "[" in outcome.err) == (1, False)


class TestWithdraw:
    @pytest.fixture
    def filled(self, stocked: Runner) -> Runner:
        stocked.done("method", "add", "The talk", "--kind", "concept")
        stocked.done("deliverable", "log", "project-management", "--text", "a meeting")
        stocked.done("hire", "add", CVR, "--level", "master", "--agreed", "2011-06-01")
        answer = ("--answer", "employees=12", "--answer", "satisfaction=4")
        stocked.done("survey", "answer", CVR, *answer)
        return stocked

    @staticmethod
    def _named(runner: Runner, noun: str) -> str:
        if noun == "company":
            return "Mols Bogtryk"
        if noun == "deliverable":
            points = json.loads(runner.done("deliverable", "show", "project-management", "--json"))
            return str(points["steps"][0]["id"])
        return str(records(runner, noun)[0]["id"])

    def test_what_is_withdrawn_is_shown_before_the_reason_is_asked_for(
        self, filled: Runner, typed: Typing
    ) -> None:
        for noun in ("company", "contact", "hire", "method", "deliverable", "survey"):
            typed(INTERRUPT)
            shown, asked, _ = filled(noun, "withdraw", self._named(filled, noun)).err.partition(
                "Reason"
            )
            assert asked, noun
            assert shown.startswith("  "), noun
        typed("typed twice")
        outcome = filled("company", "withdraw", CVR)  # which has records
        assert (outcome.code, "Reason" in outcome.err) == (1, False)

    @pytest.mark.everyday(2)
    @pytest.mark.parametrize(
        "noun", ["company", "contact", "hire", "method", "deliverable", "survey"]
    )
    def test_the_reason_is_asked_for(self, filled: Runner, typed: Typing, noun: str) -> None:
        named = self._named(filled, noun)
        outcome = filled(noun, "withdraw", named)
        assert (outcome.code, "--reason" in outcome.err) == (2, True), outcome.err
        typed(INTERRUPT)
        outcome = filled(noun, "withdraw", named)
        assert (outcome.code, outcome.err.splitlines()[-1]) == (130, NOT_STORED)
        typed("", "a slip")
        outcome = filled(noun, "withdraw", named)
        assert outcome.code == 0, outcome.err
        assert outcome.err.count("Reason: ") == 2
        assert "a slip" in filled.done("history")

    def test_nothing_is_asked_about_a_record_that_is_not_there(
        self, filled: Runner, typed: Typing
    ) -> None:
        typed("a slip")
        outcome = filled("contact", "withdraw", "k0000")
        assert (outcome.code, "Reason" in outcome.err) == (1, False)


def test_a_company_that_is_typed_is_looked_up_before_anything_is_asked(
    stocked: Runner, typed: Typing
) -> None:
    typed("n")
    outcome = stocked("hire", "add", "nowhere")
    assert outcome.code == 1
    assert "Level" not in outcome.err


def test_a_hire_without_a_level_is_stored_where_nobody_can_be_asked(stocked: Runner) -> None:
    stocked.done("hire", "add", "smedje")
    assert records(stocked, "hire")[0]["level"] is None


class TestInit:
    """A new ledger is asked for; the questions begin where no municipality and no contract is given."""

    @staticmethod
    def _contract(runner: Runner) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(runner.done("contract", "show", "--json"))
        return found

    def _places(self, runner: Runner) -> list[str]:
        return [each["municipality"] for each in self._contract(runner)["participation"]]

    def test_it_asks_who_where_and_which_municipalities(
        self, empty_runner: Runner, typed: Typing
    ) -> None:
        typed("jh", "Viborg Erhvervsråd", "Viborg, Skive og Silkeborg")
        outcome = empty_runner("init", lang="da")
        assert outcome.code == 0, outcome.err
        assert "Deltagende kommuner: Viborg, Skive, Silkeborg" in outcome.out
        (broker,) = records(empty_runner, "broker")
        assert (broker["initials"], broker["council"]) == ("JH", "Viborg Erhvervsråd")

    def test_only_what_was_wrong_is_asked_again(self, empty_runner: Runner, typed: Typing) -> None:
        typed("j h", "jh", "", "Viborg, Skve, Silkborg og Xyz", "", "Silkeborg", "")
        outcome = empty_runner("init", lang="da")
        assert outcome.code == 0, outcome.err
        assert "I stedet for »Skve« [Skive]: " in outcome.err
        assert "I stedet for »Xyz« (Enter: udelad): " in outcome.err
        assert self._places(empty_runner) == ["791", "779", "740"]

    def test_a_region_is_all_its_municipalities(self, empty_runner: Runner, typed: Typing) -> None:
        typed("", "Region Midtjylland")
        outcome = empty_runner("init")
        assert outcome.code == 0, outcome.err
        assert "Business council" not in outcome.err
        assert len(self._places(empty_runner)) == 19

    def test_an_option_takes_lists_and_regions_too(self, empty_runner: Runner) -> None:
        named = ("--municipality", "Region Midtjylland", "--municipality", "Viborg og Vejle")
        empty_runner.done("init", "--broker", "JH", *named)
        assert len(self._places(empty_runner)) == 20
        empty_runner.done(
            "contract", "amend", "--municipality", "Kolding og Billund", "--reason", "x"
        )
        assert len(self._places(empty_runner)) == 22

    def test_what_is_typed_is_not_asked(self, empty_runner: Runner, typed: Typing) -> None:
        typed("Viborg")
        outcome = empty_runner("init", "--broker", "JH", "--council", "Viborg Erhvervsråd")
        assert outcome.code == 0, outcome.err
        assert records(empty_runner, "broker")[0]["council"] == "Viborg Erhvervsråd"

    def test_one_can_go_back_and_corrects_nothing_twice(
        self, empty_runner: Runner, typed: Typing
    ) -> None:
        typed("jh", "<", "mk", "Viborg Erhvervsråd", "Skve", "<", "<", "", "Skve", "Skive")
        outcome = empty_runner("init")
        assert outcome.code == 0, outcome.err
        assert records(empty_runner, "broker")[0]["initials"] == "MK"
        assert self._places(empty_runner) == ["779"]

    def test_given_up_at_any_question_nothing_is_made(
        self, empty_runner: Runner, typed: Typing
    ) -> None:
        answers = ["jh", "Viborg Erhvervsråd", "Skve", "Skive"]
        for number in range(len(answers)):
            typed(*answers[:number], INTERRUPT)
            outcome = empty_runner("init")
            assert (outcome.code, outcome.err.splitlines()[-1]) == (130, NOT_STORED)
            assert empty_runner("status").code == 1

    @pytest.mark.files
    def test_a_ledger_that_is_there_is_reported_before_anything_is_asked(
        self, runner: Runner, typed: Typing
    ) -> None:
        typed("jh", "", "Viborg")
        outcome = runner("init")
        assert (outcome.code, "[" in outcome.err) == (1, False)

    @pytest.mark.parametrize("words", [("--broker", "j h"), ("--council", "a\x00b")])
    def test_an_option_that_is_wrong_is_refused_at_once(
        self, empty_runner: Runner, typed: Typing, words: tuple[str, ...]
    ) -> None:
        typed("jh", "", "Viborg")
        outcome = empty_runner("init", *words)
        assert (outcome.code, "Municipalities" in outcome.err) == (1, False)


class TestRestore:
    """Without a file the backups are shown with their dates, to choose from."""

    @pytest.fixture
    def kept(self, stocked: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Runner:
        monkeypatch.setenv("KMTRACK_TODAY", "2011-07-01")
        stocked.done(
            "contact", "add", "mols", "--date", "2011-06-01"
        )  # after the backup of the day
        stocked.done("backup", str(tmp_path / "stick"))
        stocked.done("contact", "add", "mols", "--date", "2011-06-02")
        return stocked

    @pytest.mark.files
    def test_one_is_chosen_by_its_number(self, kept: Runner, typed: Typing, tmp_path: Path) -> None:
        typed("7", "first", "2", "y")
        outcome = kept("restore")
        assert outcome.code == 0, outcome.err
        assert "2011-07-01, before the first change of that day" in outcome.err
        assert str(tmp_path / "stick") in outcome.err
        assert outcome.err.count("Which backup") == 3
        assert len(records(kept, "contact")) == 1

    @pytest.mark.files
    def test_enter_chooses_the_newest(self, kept: Runner, typed: Typing) -> None:
        typed("", "y")
        outcome = kept("restore")
        assert outcome.code == 0, outcome.err
        assert len(records(kept, "contact")) == 2

    @pytest.mark.files
    @pytest.mark.parametrize("answers", [(INTERRUPT,), ("1", INTERRUPT)])
    def test_given_up_nothing_is_restored(
        self, kept: Runner, typed: Typing, answers: tuple[str, ...]
    ) -> None:
        typed(*answers)
        outcome = kept("restore")
        assert (outcome.code, outcome.err.splitlines()[-1].endswith(NOT_STORED)) == (130, True)
        assert len(records(kept, "contact")) == 3

    @pytest.mark.files
    def test_a_ledger_that_is_gone_is_restored_from_those_beside_it(
        self, kept: Runner, typed: Typing
    ) -> None:
        kept.ledger.unlink()
        typed("1", "y")
        outcome = kept("restore")
        assert outcome.code == 0, outcome.err
        assert len(records(kept, "contact")) == 1

    def test_in_a_pipe_the_file_is_missing(self, stocked: Runner) -> None:
        outcome = stocked("restore")
        assert (outcome.code, "kmtrack restore FILE" in outcome.err) == (2, True)

    def test_without_any_backup_it_is_refused(self, runner: Runner, typed: Typing) -> None:
        typed("1")
        outcome = runner("restore")
        assert (outcome.code, "no backup in" in outcome.err) == (1, True)


def test_what_was_done_for_a_deliverable_is_asked_until_it_is_said(
    stocked: Runner, typed: Typing
) -> None:
    typed("", "a meeting")
    outcome = stocked("deliverable", "log", "project-management")
    assert outcome.code == 0, outcome.err
    assert outcome.err.count("What was done?") == 2  # an empty line says nothing
    assert "a meeting" in stocked.done("deliverable", "show", "project-management")
