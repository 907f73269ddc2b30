"""The fixed words in which records are stated, and which field holds which of them."""

from __future__ import annotations

from typing import Final

METHOD_KINDS: Final = ("concept", "method", "tool")
# "overfor såvel virksomhederne som de videregående uddannelsesinstitutioner"
ASKED_AUDIENCES: Final = ("companies", "institutions")
METHOD_AUDIENCES: Final = (*ASKED_AUDIENCES, "both")
AUDIENCES: Final = (*ASKED_AUDIENCES, "municipalities", "business-service", "region")
ASSESSMENTS: Final = ("keep", "adapt", "drop")
STEPS: Final = ("log", "check", "submit")
WAVES: Final = ("before", "after")

_CHOICES: Final = {
    ("method", "audience"): "method_audience",
    ("method", "assessed"): "assessment",
    ("assessment", "verdict"): "assessment",
    ("dissemination", "audience"): "audience",
    ("delivery", "step"): "step",
    ("survey", "wave"): "wave",
}
_ALIKE: Final = frozenset({"channel", "level", "terms"})


def choice_of(noun: str, field: str) -> str | None:
    """The name of the choice that a field of a noun holds a value of; None if it is no choice."""
    if field == "kind":
        return f"{noun}_kind"
    return field if field in _ALIKE else _CHOICES.get((noun, field))
