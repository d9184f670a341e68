from datetime import datetime, timedelta
from zoneinfo import ZoneInfo
import pytest
from db.models import Organization, User
from tests.e2e import arrange
from tests.e2e.conftest import World
from tests.e2e.seen import by
from handlers.ui.callbacks import Verb

OSLO = ZoneInfo("Europe/Oslo")
def at(y, m, d, h=0, mi=0): return datetime(y, m, d, h, mi, tzinfo=OSLO)
async def go(world, when):
    await world.clock.advance(when.astimezone(world.clock.now().tzinfo)); await world.settled()
    await world.program.wake_sweep(); await world.settled()
def show(world, title, *names):
    print("\n#####", title)
    for n in names:
        print(f"--- {n}\n", world[n].transcript() if n != "group" else world.in_group("Anna").transcript())


async def approve(world, who, line):
    await world[who].types(line); await world.settled(); await world[who].taps("Confirm"); await world.settled()
    await world.in_group("Anna").taps("Approve"); await world.settled()


async def test_point6(sqlite_world: World) -> None:
    world = sqlite_world; kari, anna, lars = world["Kari"], world["Anna"], world["Lars"]
    await approve(world, "Kari", "/rent T1 today 2 days")
    await approve(world, "Kari", "/rent T2 10.12. 12.12.")
    async def says(line):
        await lars.types(line); await world.settled()
        print(">>>", line, "\n", lars.last().text, lars.button_labels())
    await says("/handout T2")
    await says("/handout S1")
    await says("/handout T3")
    await says("/takeback T3")
    await says("/takeback T1")
    await says("/handout XX9")
    await says("/handout P1 Ola")
    show(world, "POINT 6", "Lars")
    await approve(world, "Ola", "/rent S1 today 2 days")
    await says("/handout S1"); await lars.taps("Hand out"); await world.settled()
    await says("/handout S1")
    await approve(world, "Kari", "/rent S1 5.12. 6.12.")
    await says("/takeback S1")
    await lars.taps("Take back"); await world.settled()
    show(world, "POINT 6 after take back", "Lars", "group")

async def test_point8(sqlite_world: World) -> None:
    world = sqlite_world; kari, anna, lars = world["Kari"], world["Anna"], world["Lars"]
    await kari.types("/rent T3 5.12. 6.12."); await world.settled(); await kari.taps("Confirm"); await world.settled()
    show(world, "POINT 8", "Kari", "group")
    await world["Ola"].types("/rent T3 5.12. 6.12."); await world.settled()
    await world["Ola"].types("/rent tent 5.12. 6.12. x2"); await world.settled(); await world["Ola"].taps("Confirm"); await world.settled()
    show(world, "POINT 8", "Ola", "group")
    await world.in_group("Anna").taps("Approve"); await world.settled()
    show(world, "POINT 8", "Ola", "group")
