"""The movable clock: forward only, with a stop wherever something falls due."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sandbox import MovableClock

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Calendar:
    """Things that fall due, and what was seen at each stop."""

    def __init__(self, clock: MovableClock, *due: datetime) -> None:
        self.clock = clock
        self.due = due
        self.seen: list[tuple[datetime, datetime]] = []
        clock.next_moment = self.next_moment
        clock.on_moved = self.on_moved

    async def next_moment(self, after: datetime) -> datetime | None:
        """The first thing due after a moment."""
        return min((one for one in self.due if one > after), default=None)

    async def on_moved(self, at: datetime) -> None:
        """Note the stop and the clock's time at it."""
        self.seen.append((at, self.clock.now()))


async def test_it_stops_at_every_moment_that_something_falls_due() -> None:
    """Each stop is made at its exact time, the target last; what lies beyond is not touched."""
    clock = MovableClock(START, frozen=True)
    calendar = Calendar(clock, START + 5 * HOUR, START + HOUR, START + 9 * HOUR)
    stops = [START + HOUR, START + 5 * HOUR, START + 6 * HOUR]
    assert await clock.advance(START + 6 * HOUR) == stops
    assert calendar.seen == [(one, one) for one in stops]
    assert clock.now() == START + 6 * HOUR


async def test_a_stop_may_bring_new_ones() -> None:
    """The clock asks after each stop for moments that fall due because of it."""
    clock = MovableClock(START, frozen=True)
    calendar = Calendar(clock, START + HOUR)

    async def on_moved(at: datetime) -> None:
        await Calendar.on_moved(calendar, at)
        calendar.due = (*calendar.due, START + 2 * HOUR)

    clock.on_moved = on_moved
    assert await clock.advance(START + 3 * HOUR) == [START + HOUR, START + 2 * HOUR, START + 3 * HOUR]


async def test_it_can_go_to_the_next_moment() -> None:
    """One stop, or none if nothing falls due."""
    clock = MovableClock(START, frozen=True)
    Calendar(clock, START + 5 * HOUR)
    assert await clock.advance_to_next() == [START + 5 * HOUR]
    assert await clock.advance_to_next() == []
    assert clock.now() == START + 5 * HOUR


async def test_it_only_moves_forward() -> None:
    """Backwards and times without a zone are refused; other zones are understood."""
    clock = MovableClock(START, frozen=True)
    with pytest.raises(ValueError, match="only moves forward"):
        await clock.advance(START - HOUR)
    with pytest.raises(ValueError, match="time zone"):
        await clock.advance(START.replace(tzinfo=None))
    await clock.advance(datetime(2026, 12, 1, 12, 0, tzinfo=timezone(timedelta(hours=1))))
    assert clock.now() == START + 2 * HOUR and clock.now().tzinfo is UTC


async def test_a_moment_that_is_not_later_is_an_error() -> None:
    """A wrong next_moment cannot make it go round for ever."""
    clock = MovableClock(START, frozen=True)

    async def stuck(after: datetime) -> datetime:
        return after

    clock.next_moment = stuck
    with pytest.raises(ValueError, match="after the one it is given"):
        await clock.advance(START + HOUR)


async def test_unless_frozen_it_runs_with_real_time() -> None:
    """Time goes on from the start, or from now, and from wherever it was moved to."""
    running = MovableClock(START)
    first = running.now()
    assert START <= first < START + HOUR
    await running.advance(START + 2 * HOUR)
    assert START + 2 * HOUR <= running.now() < START + 3 * HOUR
    before = datetime.now(UTC)
    assert before <= MovableClock().now() <= datetime.now(UTC)


async def test_listeners_hear_of_every_stop() -> None:
    """Each gets the new time."""
    clock = MovableClock(START, frozen=True)
    Calendar(clock, START + HOUR)
    heard: list[datetime] = []
    clock.listeners.append(heard.append)
    await clock.advance(START + 2 * HOUR)
    assert heard == [START + HOUR, START + 2 * HOUR]
