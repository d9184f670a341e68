"""The correlation id: what an update, a request or a sweep brings about has it, up to the messages sent."""

from contextvars import ContextVar

_current: ContextVar[str | None] = ContextVar("correlation", default=None)

LONGEST = 40


def current() -> str | None:
    """Return the id of what is being handled; None outside of it."""
    return _current.get()


def begin(name: str | None) -> None:
    """Let all that follows in this task, and in the threads it starts, have this id."""
    _current.set(name)
