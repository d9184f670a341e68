"""Sentences about the club's work: other days at the desk, what is to be changed, and what may be meant."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Organization, SearchMiss
from db.states import Role
from handlers.plain_text.answers import Verb as Answer
from handlers.ui.callbacks import Verb
from services.core.errors import Refused
from tests import factories
from tests.e2e.arrange import approved, requested, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, refusal, saying


async def test_other_days_at_the_desk(sqlite_world: World) -> None:
    """A rental that is approved or asked for is on its first day, and on its last one; for lenders."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await approved(world, first=2, last=4)
    await requested(world, first=2, last=3, what="Stove")
    for typed, has, lacks in (
        ("what goes out on thursday?", ("Tent", "Stove"), ()),
        ("hva skal ut torsdag", ("Tent", "Stove"), ()),
        ("returns this weekend", ("Tent",), ("Stove",)),
        ("whats due on saturday", ("Tent",), ("Stove",)),
        ("/desk tomorrow", (), ("Tent", "Stove")),
    ):
        await anna.types(typed)
        await world.settled()
        shown = anna.last().text
        assert all(one in shown for one in has), (typed, shown)
        assert not any(one in shown for one in lacks), (typed, shown)
    await anna.taps(by(Verb.LIST, arg="desk"))
    kari = world["Kari"]
    await kari.types("/desk tomorrow")
    await kari.sees(refusal(Refused.NOT_ALLOWED, needed=Role.LENDER))


async def test_what_may_be_meant(sqlite_world: World) -> None:
    """A sentence that is nothing else offers the commands it may be about, also in the middle of a list."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.types("tents")
    await ada.sees(asking("rent.first"))
    await ada.types("change the opening hours")
    await ada.sees(saying("topics", topics=["policy"]))
    await ada.taps(by(Answer.RUN, arg="policy"))
    await ada.types("/inventory tent")
    await world.settled()
    await ada.types("how do I get our spreadsheet in here")
    await ada.sees(saying("topics", topics=["import"]))
    await ada.types("rename the stove to burner")
    assert "Stove" in (await ada.sees("Stove")).text
    assert await world.database.read(lambda session: session.scalars(select(SearchMiss.words)).all()) == []
    kari = world["Kari"]
    await kari.types("can I have the printer")
    await world.settled()
    assert not saying("topics")(kari.last())
    assert await world.database.read(lambda session: session.scalars(select(SearchMiss.words)).all()) == [
        "printer"
    ]


async def test_the_letters_of_another_word_put_nothing_in_a_basket(sqlite_world: World) -> None:
    """Letters that are no whole word are shown and asked, but for those of a name."""
    world, kari = sqlite_world, sqlite_world["Kari"]

    def add(session: Session) -> None:
        club = session.scalars(select(Organization)).one()
        searched_by = {"type": "Rescue", "brand": "Ortovox", "model": "Sender"}
        factories.equipment(session, club, world.clock.now(), "Avalanche set", "AV-1", **searched_by)

    await write(world, add)
    await kari.types("/rent send")
    await kari.sees(asking("rent.pick"))
    for words in ("avalanche", "rescue", "ortovox sets", "senders", "aval set"):
        await kari.types(f"/rent {words}")
        await kari.sees(asking("rent.first"))
