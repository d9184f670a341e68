"""Kinds of outbox messages that are sent without anybody acting."""

REMINDER = "reminder"
DIGEST = "overdue_digest"

UNCONFIRMED = "return_unconfirmed"
"""To the desk, about a return to confirm of what somebody else has next."""

LATE = "late_and_waiting"
"""To the member who waits for a late item."""

LATE_DESK = "late_and_waiting_desk"
"""To the approvers, about a late item that a member waits for."""
