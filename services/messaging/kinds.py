"""Kinds of messages that go out by themselves, as outbox rows name them."""

REMINDER = "reminder"
DIGEST = "overdue_digest"

LATE = "late_and_waiting"
"""Kind of the message to the member who waits."""

LATE_DESK = "late_and_waiting_desk"
"""The same to those who decide."""
