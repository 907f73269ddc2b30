"""Quarantine: errors on the private copy name the original file, or the full folder."""

from __future__ import annotations

import errno
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from builders import ledger_in, refuses
from kmtrack.errors import Refusal
from kmtrack.ledger.store import quarantine
from kmtrack.ledger.store.errors import LedgerDamaged, WriteFailed
from kmtrack.ledger.store.quarantine import quarantined

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.files


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, "no_room_aside"),
        (errno.EDQUOT, "no_room_aside"),
        (errno.EACCES, "ledger_not_readable"),
        (errno.EIO, "ledger_not_readable"),
    ],
)
def test_a_disk_that_is_full_is_no_file_that_one_may_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, refusal: str
) -> None:
    theirs = ledger_in(tmp_path, "theirs.db")

    def fails(*_: Any) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(quarantine, "_copy_file", fails)
    with refuses(refusal) as refused, quarantined(theirs, tmp_path):
        pass
    assert ".kmtrack-aside" not in refused.value.sentence()
    named = tmp_path if refusal == "no_room_aside" else theirs
    assert str(named) in refused.value.sentence()


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (partial(LedgerDamaged, "ledger_damaged"), "no_ledger_in_file"),
        (partial(Refusal, "took_too_long"), "took_too_long"),
        (partial(Refusal, "ledger_busy"), "ledger_busy"),
        (partial(Refusal, "ledger_io_error"), "ledger_io_error"),
        (partial(WriteFailed, "disk_full"), "no_room_aside"),
    ],
)
def test_no_refusal_names_the_copy(
    tmp_path: Path, fault: Callable[..., Refusal], refusal: str
) -> None:
    theirs = ledger_in(tmp_path, "theirs.db")
    with refuses(refusal) as refused, quarantined(theirs, tmp_path) as copy:
        raise fault(path=copy.location)
    assert ".kmtrack-aside" not in refused.value.sentence()
    named = tmp_path if refusal == "no_room_aside" else theirs
    assert str(named) in refused.value.sentence()


@pytest.mark.parametrize(
    "fault", [WriteFailed("disk_full", path="own.db"), WriteFailed("copy_failed", file="own.db")]
)
def test_what_befalls_another_file_is_told_of_that(tmp_path: Path, fault: Refusal) -> None:
    theirs = ledger_in(tmp_path, "theirs.db")
    with pytest.raises(type(fault)) as refused, quarantined(theirs, tmp_path):
        raise fault
    assert refused.value is fault
