"""The plan of an erasure, and its result, in lines and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.schema.nouns import COMMAND
from kmtrack.text import as_typed
from kmtrack.views.format import heading_of
from kmtrack.views.people import format_remaining, reach_as_dict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.ledger.mentions import NearForm, Place
    from kmtrack.usecases.erasure_plan import ErasurePlan
    from kmtrack.usecases.people import Erased

# A line names no more places than this.
_MOST: Final = 3


def format_plan(plan: ErasurePlan, *, will_ask: bool = False) -> Iterator[str]:
    """Format what an erasure would reach, and what stays, with the warning that it is final.

    Where it `will_ask`, what may mean the same is left to the questions.
    """
    for person in plan.persons:
        yield say("erasure.person", name=person["name"], id=person["id"], company=person["company"])
    for text, found in plan.found.items():
        if found.is_nowhere:
            yield say("erasure.text_nowhere", text=text)
        elif found.times:  # else it is only the name of a person, or stays
            yield say("erasure.text", text=text, times=found.times)
        if " " not in text:
            yield say("erasure.one_word", text=text)
    if plan.places:
        yield "  " + say("erasure.places", places=places_in_words(plan.places))
    yield from format_staying(plan)
    yield from format_near([form for form in plan.near if not (will_ask and form.is_text)])
    yield say("erasure.final", contacts=plan.contacts, times=plan.times)


def format_staying(plan: ErasurePlan) -> Iterator[str]:
    """Format the places where an erasure leaves what it removes elsewhere."""
    for place in plan.stays:
        if place.noun != "contract":
            yield say("erasure.stays", id=place.id)
        elif place.id == CONTRACT_ID:
            yield say("erasure.stays_in_contract")
        else:
            yield say("erasure.stays_in_earlier_contract", number=place.id)


def format_near(forms: Sequence[NearForm]) -> Iterator[str]:
    """Format what may mean the same and stays, each with the command that would remove it."""
    for form in forms:
        yield say(
            "erasure.near",
            text=form.form,
            times=form.times,
            places=places_in_words(form.places),
            command=command_for(form),
        )


def near_question(form: NearForm) -> str:
    """Return the question whether to remove what may mean a name as well."""
    places = places_in_words(form.places)
    return say("question.erase_near", text=form.form, times=form.times, places=places)


def command_for(form: NearForm) -> str:
    """Return the command that removes what may mean a name."""
    if not form.is_text:
        return f"kmtrack person erase {form.places[0].id}"
    return f"kmtrack person erase --text {as_typed([form.form])}"


def places_in_words(places: Sequence[Place]) -> str:
    """Name places by their records and fields, the first of many."""
    words = [place_in_words(place) for place in places[:_MOST]]
    more = len(places) - _MOST
    return ", ".join(words) + (" " + say("erasure.more", number=more) if more > 0 else "")


def place_in_words(place: Place) -> str:
    """Name a place by its record and its field."""
    if place.noun == COMMAND:
        return say("erasure.place_command", number=place.id)
    noun = say(f"noun.{place.noun}")
    return say("erasure.place", noun=noun, id=place.id, field=heading_of(place.noun, place.field))


def format_erased(plan: ErasurePlan | None, erased: Erased) -> Iterator[str]:
    """Format who and what was erased, and which copies are clean or may still contain it.

    There is no plan if everything had been erased before, and only what remained was cleaned.
    """
    facts = {"mentions": erased.mentions, "copies": len(erased.reached.held)}
    if plan and plan.texts:
        for text in plan.texts:
            found = plan.found[text]
            nowhere = "erasure.done_nowhere" if facts["copies"] else "erasure.done_nowhere_at_all"
            key = nowhere if found.is_nowhere else "erasure.done"
            yield say(key, **{**facts, "mentions": found.times}, text=text)
        if erased.ids:
            yield say("erasure.done_persons", number=len(erased.ids), ids=", ".join(erased.ids))
    else:
        key = "person.erased_before" if erased.was_erased else "person.erased"
        yield say(key, **facts, id=", ".join(erased.ids), company=erased.company)
    if plan:
        yield from format_staying(plan)
        yield from format_near(plan.near)
    yield from format_remaining(erased.reached)
    yield say("person.elsewhere")


def erased_as_dict(plan: ErasurePlan | None, erased: Erased) -> dict[str, Any]:
    """Return the data that `--json` shows of an erasure."""
    found = plan_as_dict(plan) if plan else {}
    done = {"ids": erased.ids, "mentions": erased.mentions, **found}
    return {**done, **reach_as_dict(erased.reached)}


def plan_as_dict(plan: ErasurePlan) -> dict[str, Any]:
    """Return the data that `--json` shows of where an erased text occurred, and of what stays."""
    return {
        "texts": [{"text": text, "times": found.times} for text, found in plan.found.items()],
        "places": [place._asdict() for place in plan.places],
        "stays": [place._asdict() for place in plan.stays],
        "near": [
            {
                "text": form.form,
                "times": form.times,
                "places": [place._asdict() for place in form.places],
                "command": command_for(form),
            }
            for form in plan.near
        ],
    }
