"""The usual stories of a club, one after the other: each begins where the one before ended."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.walk.stage import GROUP, Walk
from handlers.desk.item_card_views import Verb as OnItem
from handlers.imports.afterwards import Verb as Afterwards
from handlers.imports.plan_views import Verb as Asked
from handlers.onboarding.next_steps import Verb as Next
from handlers.rentals.changes.views import Verb as Change
from handlers.ui.callbacks import Verb
from sandbox.person import Which
from sandbox.world.records import Button
from tests.e2e.seen import by, carrying

Play = Callable[[Walk], Awaitable[None]]

LIST = "name,code\nKayak,K-1\nKayak,K-2\nPaddle,P-1\n"


@dataclass(frozen=True)
class Story:
    """`before`: what has to be there, and is not counted."""

    name: str
    play: Play
    before: Play | None = None


def _day(number: int) -> Which:
    """A day of the calendar."""
    return lambda button: button.text == str(number)


def _naming(words: str) -> Which:
    def names(button: Button) -> bool:
        return words in button.text

    return names


async def _nothing_is_out(walk: Walk) -> None:
    """Ola brings back what the demo has lent him, so that no reminder of it is counted."""
    await walk.types("Lars", "/takeback STOVE-1")
    await walk.taps("Lars", by(Verb.TAKE_BACK))


async def _by_one_line(walk: Walk) -> None:
    await walk.types("Kari", "/rent tent, 2 people 4.12. 6.12.")
    await walk.taps("Kari", carrying("confirm"))


async def _approve(walk: Walk) -> None:
    await walk.taps("Anna", by(Verb.APPROVE), where=GROUP)


async def _pick_up(walk: Walk) -> None:
    await walk.waits_until("2026-12-04 08:30")
    await walk.taps("Kari", by(Verb.PICK_UP))


async def _more_time(walk: Walk) -> None:
    await walk.taps("Kari", by(Verb.EXTEND))
    await walk.taps("Kari", _day(7))
    await walk.taps("Anna", by(Verb.GRANT), where=GROUP)


async def _problem(walk: Walk) -> None:
    await walk.taps("Kari", by(Verb.PROBLEM))
    await walk.types("Kari", "A pole is bent")
    await walk.sends_photo("Kari")


async def _return(walk: Walk) -> None:
    await walk.waits_until("2026-12-07 16:00")
    await walk.taps("Kari", by(Verb.RETURN))
    await walk.taps("Anna", by(Verb.CONFIRM_RETURN), where=GROUP)


async def _by_buttons(walk: Walk) -> None:
    await walk.types("Kari", "/rent")
    await walk.taps("Kari", _naming("Tent, 2 people"))
    await walk.taps("Kari", _day(9))
    await walk.taps("Kari", _day(11))
    await walk.taps("Kari", carrying("confirm"))


async def _other_days(walk: Walk) -> None:
    await walk.taps("Kari", by(Change.CHANGE))
    await walk.taps("Kari", carrying("until", ""))
    await walk.taps("Kari", _day(12))
    await walk.taps("Kari", carrying("confirm"))


async def _join(walk: Walk) -> None:
    await walk.joins("Nina Lie")
    await walk.taps("Nina", "Nina Lie")
    await walk.taps("Nina", by(Next.GO, arg="rent"))
    await walk.taps("Nina", _naming("Canoe"))
    await walk.taps("Nina", _day(9))
    await walk.taps("Nina", _day(10))
    await walk.taps("Nina", carrying("confirm"))


async def _counter(walk: Walk) -> None:
    await walk.types("Lars", "STOVE-2")
    await walk.taps("Lars", by(OnItem.HAND_OUT_NOW))
    await walk.taps("Lars", _naming("Ola"))
    await walk.taps("Lars", carrying("day", "2026-12-09"))
    await walk.taps("Lars", carrying("do"))


async def _second_thing(walk: Walk) -> None:
    await walk.types("Lars", "MAT-1")
    await walk.taps("Lars", _naming("Ola"))
    await walk.taps("Lars", carrying("do"))


async def _give_time(walk: Walk) -> None:
    await walk.types("Lars", "STOVE-2")
    await walk.taps("Lars", by(Verb.SHOW_RENTAL))
    await walk.taps("Lars", by(Change.MORE_TIME))
    await walk.taps("Lars", _day(12))


async def _import_and_undo(walk: Walk) -> None:
    await walk.sends_file("Anna", "list.csv", LIST)
    await walk.taps("Anna", by(Asked.IMPORT_LIST))
    await walk.taps("Anna", by(Afterwards.ASK_UNDO))
    await walk.taps("Anna", by(Afterwards.UNDO))


STORIES = (
    Story("A member rents by one line", _by_one_line, before=_nothing_is_out),
    Story("An admin approves it", _approve),
    Story("The member is reminded, and picks it up", _pick_up),
    Story("The member asks for more time, and gets it", _more_time),
    Story("The member tells of a problem, with a photo", _problem),
    Story("The member is reminded and returns it, a lender confirms", _return),
    Story("A member rents by buttons", _by_buttons),
    Story("The member asks for other days, once it is approved", _other_days, before=_approve),
    Story("A newcomer joins by a link, and rents", _join),
    Story("A lender hands something out at the counter, by its code", _counter),
    Story("And a second thing to the same member", _second_thing),
    Story("A lender gives a member more time", _give_time),
    Story("An admin imports a list, and undoes it", _import_and_undo),
)
