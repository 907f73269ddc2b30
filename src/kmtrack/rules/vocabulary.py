"""Fixed values of record fields."""

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
