"""Small writes of several chats at once, in one transaction."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from db.session import Database

T = TypeVar("T")

_Waiting = tuple[Callable[[Session], Any], "asyncio.Future[Any]"]


class Together:
    """Writes quietly; what comes while a transaction runs is written by the next one, all of it.

    A commit costs more than such a write itself. Where one of them fails, each has a transaction of its own.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._runner: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that is committed. Raises what it raises."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._runner is None:
            self._runner = asyncio.create_task(self._run(), name="writing together")
        return await done

    async def _run(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, []
                if len(taken) == 1 or not await self._written(taken):
                    for one in taken:
                        await self._alone(*one)
        finally:
            self._runner = None

    async def _written(self, taken: list[_Waiting]) -> bool:
        """Write all in one transaction; return whether that was possible."""
        try:
            found = await self._database.write(lambda s: [work(s) for work, _ in taken], quietly=True)
        except Exception:  # noqa: BLE001 - whoever is at fault hears of it, when each is written alone
            return False
        for (_, done), result in zip(taken, found, strict=True):
            if not done.done():
                done.set_result(result)
        return True

    async def _alone(self, work: Callable[[Session], Any], done: "asyncio.Future[Any]") -> None:
        try:
            result = await self._database.write(work, quietly=True)
        except Exception as error:  # noqa: BLE001 - the caller's to handle
            if not done.done():
                done.set_exception(error)
        else:
            if not done.done():
                done.set_result(result)
