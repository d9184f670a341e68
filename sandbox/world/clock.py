"""A clock that can be moved forward, so that next week's reminders are seen in a minute."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta


class WrongMove(ValueError):
    """A move of the clock that cannot be; the text says why."""


class MovableClock:
    """Real time plus an offset, or standing still when frozen. Every time is an aware datetime in UTC.

    The demo sets `next_moment` and `on_moved`; without them a move is one jump without stops.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        real = datetime.now(UTC)
        self._frozen_at = (start or real).astimezone(UTC) if frozen else None
        self._offset = (start - real) if start is not None else timedelta(0)
        self._moving = asyncio.Lock()
        self.next_moment: Callable[[datetime], Awaitable[datetime | None]] | None = None
        """Names the first moment after the given one when something falls due, or None."""
        self.on_moved: Callable[[datetime], Awaitable[None]] | None = None
        """Awaited at every stop: does what is due there, so that the next stop is seen rightly."""
        self.listeners: list[Callable[[datetime], None]] = []
        """Told after every stop, for instance to show the time on the page."""

    def now(self) -> datetime:
        """The sandbox's present time, in UTC."""
        return self._frozen_at if self._frozen_at is not None else datetime.now(UTC) + self._offset

    @property
    def frozen(self) -> bool:
        """Tell if the clock stands still between moves."""
        return self._frozen_at is not None

    async def advance(self, to: datetime) -> list[datetime]:
        """Move forward to `to`, stopping at every moment something falls due; returns the stops, `to` last.

        Raises WrongMove if `to` has no time zone or lies in the past.
        """
        if to.tzinfo is None:
            raise WrongMove("The time to move to needs a time zone.")
        async with self._moving:
            if to < self.now():
                raise WrongMove("The clock only moves forward.")
            stops: list[datetime] = []
            at = self.now()
            while (moment := await self._moment_after(at)) is not None and moment < to:
                await self._stop_at(moment)
                stops.append(moment)
                at = moment
            await self._stop_at(to)
            return [*stops, to.astimezone(UTC)]

    async def advance_to_next(self) -> list[datetime]:
        """Move forward to the next moment something falls due; returns it as the one stop."""
        async with self._moving:
            moment = await self._moment_after(self.now())
            if moment is None:
                return []
            await self._stop_at(moment)
            return [moment]

    async def _moment_after(self, at: datetime) -> datetime | None:
        moment = await self.next_moment(at) if self.next_moment else None
        if moment is None:
            return None
        if moment <= at:
            raise ValueError("next_moment has to name a moment after the one it is given.")
        return moment.astimezone(UTC)

    async def _stop_at(self, moment: datetime) -> None:
        now = self.now()
        # Real time goes on during a stop and may overtake the next moment by a little: never turn it back.
        if moment > now:
            if self._frozen_at is not None:
                self._frozen_at = moment.astimezone(UTC)
            else:
                self._offset += moment - now
        if self.on_moved:
            await self.on_moved(moment.astimezone(UTC))
        for listener in self.listeners:
            listener(self.now())
