"""Sentences of the audit whose words depend on what was noted."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.i18n.texts import Texts
from handlers.reports import audit_views
from services.reports.audit_log import Line

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("subject", "action", "details", "said"),
    [
        (
            "closed_days",
            "close_days",
            {"first": "2026-12-05", "last": "2026-12-05", "reason": "Moving"},
            "Ada closed Sat 5 Dec: Moving",
        ),
        (
            "closed_days",
            "open_days",
            {"first": "2026-12-24", "last": "2027-01-02"},
            "Ada opened Thu 24 Dec – Sat 2 Jan 2027 again",
        ),
        (
            "kit",
            "set_part",
            {"own": "Sleeping mat", "value": [0, 2]},
            "Ada changed the parts of the kit “It”: Sleeping mat 0 → 2",
        ),
        ("kit", "set_part", {"part": [0, 2]}, "Ada changed the parts of the kit “It”: number 0 → 2"),
        ("user", "change_role", {"role": ["user", "lender"]}, "Ada changed “It”: role member → lender"),
    ],
)
def test_what_was_noted_is_said(subject: str, action: str, details: dict[str, Any], said: str) -> None:
    """One day is one day, and a part of a kit has its name; older entries are still read."""
    line = Line(
        at=NOW,
        by="Ada",
        action=action,
        subject=subject,
        subject_id=1,
        what="It",
        details=details,
        codes={},
        own=False,
    )
    assert audit_views.sentence(Texts(now=NOW), line).striptags() == said
