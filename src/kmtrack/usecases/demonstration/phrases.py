"""The few sentences of the demonstration that tell its story, invented like all its words."""

from __future__ import annotations

from typing import Final

OPERATOR: Final = "Mæglerhuset Bavnklit I/S (opdigtet)"
MANAGER: Final = "HOK"

LATE_MUNICIPALITY: Final = "779"
JOINS: Final = "Skive er kommet med fra 1. september 2011, aftalt med regionen den 23. august"

PUBLIC_KINDS: Final = ("Skole", "Plejecenter", "Bibliotek", "Forsyning", "Museum")
ASSOCIATION_KINDS: Final = ("Idrætsforening", "Handelsforening", "Højskole", "Brugsforening")
NEIGHBOURS: Final = ("661", "746", "706", "671", "756", "630", "773")  # take no part

DECLARED: Final = "Erklæring fra virksomheden om tilknyttede virksomheder"
DECLARED_LARGE: Final = "Ejes helt af en koncern med over 600 ansatte"

EXAMPLES: Final = {
    "product-example": (
        "En app til kunderne, så de selv kan bestille service",
        "Ny produktserie i genbrugsplast",
    ),
    "process-example": (
        "Ordrerne planlægges nu i ét system, så gennemløbstiden er halveret",
        "Ny metode til at måle spild i produktionen",
    ),
    "business-method-example": (
        "Salg direkte til udlandet over nettet",
        "Faste udviklingsmøder på tværs af afdelingerne",
    ),
}

TYPED_TWICE: Final = "Indtastet to gange"
WRONG_COMPANY: Final = "Skrevet på en forkert virksomhed"
STUDENT_LEFT: Final = "Den studerende trak sig, før aftalen blev underskrevet"
JOB_FELL_THROUGH: Final = "Ansættelsen blev ikke til noget"
SAME_COMPANY: Final = "Samme virksomhed som en anden, der har CVR-nummer"
