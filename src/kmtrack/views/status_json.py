"""The status as data: keys are stable, days are ISO texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.views.target_status import standing_data

if TYPE_CHECKING:
    from kmtrack.rules.status import Status, TargetStatus


def status_data(status: Status) -> dict[str, Any]:
    """The status in the form that `status --json` prints (DESIGN section 4)."""
    contract = status.contract
    data: dict[str, Any] = {
        "contract": contract.id,
        "period": {
            "first_day": contract.first_day.isoformat(),
            "last_day": contract.last_day.isoformat(),
        },
        "as_of": status.as_of.isoformat(),
        "participating": sorted({span.municipality for span in contract.participation}),
        "targets": [_target(target, status.grouping) for target in status.targets],
    }
    if status.known_at:
        data["known_at"] = status.known_at
    if status.grouping:
        data["by"] = status.grouping
    return data


def _target(status: TargetStatus, grouping: str | None) -> dict[str, Any]:
    target = status.target
    data: dict[str, Any]
    if not target.is_counted:
        due = target.due.isoformat() if target.due else None
        data = {"id": target.id, "due": due, "delivered": None, "state": status.state}
        if target.minimum is not None:
            data["minimum"] = target.minimum
        return data | standing_data(status.standing) if status.standing else data
    data = {
        "id": target.id,
        "counted": status.tally.counted,
        "minimum": target.minimum,
        "waiting": status.tally.waiting,
        "excluded": status.tally.excluded,
        "percent": status.percent,
        "expected": status.expected,
        "state": status.state,
    }
    if grouping:
        data["groups"] = [
            {"group": group.name or None, **group.tally._asdict()} for group in status.groups
        ]
    return data
