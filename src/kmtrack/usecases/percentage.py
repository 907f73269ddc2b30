"""Percentage: report how much of a long piece of work is done while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")


class Percentage:
    """Counts items as they are used, and reports what percentage of the `whole` that is.

    All of them make `most` percent; no figure is reported twice. The items may come in several
    parts.
    """

    def __init__(self, whole: int, tell: Callable[[int], None], most: int = 100) -> None:
        self._whole = max(whole, 1)
        self._tell = tell
        self._most = most
        self._done = 0
        self._told = 0

    def over(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items of a part."""
        for item in items:
            yield item
            self._done += 1
            percent = min(self._most, self._done * self._most // self._whole)
            if percent > self._told:
                self._told = percent
                self._tell(percent)
