"""How many examples Hypothesis tries of a property: all in the thorough run, and some every day."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import HealthCheck, settings

_ALL: Final = 100  # the examples of a property that says nothing
_SOME: Final = 6
_EVERYDAY: Final = "everyday"


def register_profiles() -> None:
    """Register the profile of every day, which is loaded, `thorough` and `search`.

    The first two try the same examples each time, so that a change is judged by what it changed;
    `search` looks for new ones.
    """
    # A slow machine is not a failure; bench/ measures speed.
    common: dict[str, Any] = {
        "deadline": None,
        "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
    }
    settings.register_profile(_EVERYDAY, max_examples=_SOME, derandomize=True, **common)
    settings.register_profile("thorough", max_examples=_ALL, derandomize=True, **common)
    settings.register_profile("search", max_examples=_ALL, **common)
    settings.load_profile(_EVERYDAY)


def examples(number: int, **others: Any) -> settings:
    """Return the settings of a property with that many examples in the thorough run."""
    share = settings().max_examples / _ALL
    return settings(max_examples=max(2, round(number * share)), **others)
