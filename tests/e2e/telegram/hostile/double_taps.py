"""A person whose messages and taps are counted: what a flow costs on a phone."""

from dataclasses import dataclass

from sandbox.person import Person, What, Which
from sandbox.world.records import Message


@dataclass
class Fingers:
    person: Person
    used: int = 0

    async def types(self, text: str) -> None:
        self.used += 1
        await self.person.types(text)

    async def taps(self, which: Which) -> None:
        self.used += 1
        await self.person.taps(which)

    async def sends_photo(self) -> None:
        self.used += 1
        await self.person.sends_photo()

    async def sees(self, what: What) -> Message:
        return await self.person.sees(what)
