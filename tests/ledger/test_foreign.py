"""Foreign files: what befalls the copy aside is told of the file, or of where there is no room."""

from __future__ import annotations

import errno
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from builders import ledger_in
from kmtrack.ledger.store.copies import CopyFailed
from kmtrack.ledger.store.errors import (
    DiskFull,
    LedgerBusy,
    LedgerDamaged,
    LedgerIoError,
    LedgerNotReadable,
    TookTooLong,
)
from kmtrack.ledger.store.quarantine import NoLedgerInFile, NoRoomAside, copied_aside

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.errors import Refusal

pytestmark = pytest.mark.files


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, NoRoomAside),
        (errno.EDQUOT, NoRoomAside),
        (errno.EACCES, LedgerNotReadable),
        (errno.EIO, LedgerNotReadable),
    ],
)
def test_a_disk_that_is_full_is_no_file_that_one_may_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, refusal: type[Refusal]
) -> None:
    theirs = ledger_in(tmp_path, "theirs.db")

    def fails(*_: Any) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(shutil, "copyfile", fails)
    with pytest.raises(refusal) as refused, copied_aside(theirs, tmp_path):
        pass
    assert ".kmtrack-aside" not in refused.value.sentence()
    named = tmp_path if refusal is NoRoomAside else theirs
    assert str(named) in refused.value.sentence()


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (LedgerDamaged, NoLedgerInFile),
        (TookTooLong, TookTooLong),
        (LedgerBusy, LedgerBusy),
        (LedgerIoError, LedgerIoError),
        (DiskFull, NoRoomAside),
    ],
)
def test_no_refusal_names_the_copy(
    tmp_path: Path, fault: type[Refusal], refusal: type[Refusal]
) -> None:
    theirs = ledger_in(tmp_path, "theirs.db")
    with pytest.raises(refusal) as refused, copied_aside(theirs, tmp_path) as copy:
        raise fault(path=copy.place)
    assert ".kmtrack-aside" not in refused.value.sentence()
    named = tmp_path if refusal is NoRoomAside else theirs
    assert str(named) in refused.value.sentence()


@pytest.mark.parametrize("fault", [DiskFull(path="own.db"), CopyFailed(file="own.db")])
def test_what_befalls_another_file_is_told_of_that(tmp_path: Path, fault: Refusal) -> None:
    theirs = ledger_in(tmp_path, "theirs.db")
    with pytest.raises(type(fault)) as refused, copied_aside(theirs, tmp_path):
        raise fault
    assert refused.value is fault
