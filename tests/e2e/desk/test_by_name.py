"""Names given to a command at the desk, of the inventory or of one's own lead on, never to "not found".

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Item, Location
from handlers.desk import by_name
from handlers.desk.item_card_views import Verb as ItemVerb
from handlers.features import REGISTRY
from handlers.ui.callbacks import Verb
from services.core.errors import Refused
from services.core.tx import Tx
from services.inventory import kits
from services.messaging import notifications
from tests.e2e.arrange import actor, approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, carrying, of_kind, refusal, saying

CHOICE = saying(by_name.SHOWN)
PIECES = of_kind(notifications.PIECES_CARD)
DESK = of_kind(notifications.DESK_CARD)


def _kit_and_place(session: Session, world: World) -> None:
    place = Location(organization_id=world.organization_id, name="Boathouse")
    session.add(place)
    session.flush()
    session.scalars(select(Item).filter_by(code="S1")).one().location_id = place.id
    tx = Tx(session, world.clock.now(), actor(session, world, "Anna"))
    tent = session.scalars(select(Equipment).filter_by(name="Tent")).one()
    kit = kits.add(tx, "Weekend kit")
    kits.set_part(tx, kit.id, tent.id, 1, seen=kit.version)


async def test_the_desk_is_asked_for_a_name(sqlite_world: World) -> None:
    """The rentals of the thing today, else what is free of it; the only one at once. So for members, kits and
    places.
    """
    world, lars = sqlite_world, sqlite_world["Lars"]
    await write(world, lambda session: _kit_and_place(session, world))

    await lars.types("/handout tents")
    assert sum(by(ItemVerb.HAND_OUT_NOW)(one) for one in (await lars.sees(PIECES)).buttons) == 3
    await lars.types("/takeback tent")
    assert not (await lars.sees(CHOICE)).buttons
    kari = await approved(world, first=0, last=2)
    await lars.types("/handout tnet")
    await lars.sees(DESK)
    ola = await approved(world, "Ola", first=0, last=2)
    for words in ("tent", "weekend kit"):
        await lars.types(f"/handout {words}")
        choice = await lars.sees(CHOICE)
        assert all(any(by(Verb.SHOW_RENTAL, id_)(one) for one in choice.buttons) for id_ in (kari, ola))
    await lars.taps(by(Verb.SHOW_RENTAL, ola))
    await lars.sees(DESK)

    await lars.types("/handout boathouse")
    await world.settled()
    await lars.taps(by(ItemVerb.HAND_OUT_NOW))
    await lars.sees(asking("hand_out_now.who"))
    await lars.types("/takeback kari")
    assert any(
        by(Verb.SHOW_RENTAL, kari)(one) for one in (await lars.sees(asking("hand_out_now.card"))).buttons
    )
    await lars.types("/desk nothing like it")
    await lars.sees(refusal(Refused.NOT_FOUND))

    anna = world["Anna"]
    await anna.types("/inventory boathouse")
    await anna.sees(asking("inventory.equipment"))
    await anna.types("/inventory weekend kit")
    await anna.sees(asking("kits.kit"))
    await anna.types("/labels boathouse")
    assert "Boathouse" in (await anna.sees(asking("labels.labels"))).text


async def test_the_list_of_pieces_says_which_went_out(sqlite_world: World) -> None:
    """Each keeps its row; the one that went out leads to its rental, and the others can still go."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await lars.types("/handout tents")
    items = [REGISTRY.unpack(one.data or "") for one in (await lars.sees(PIECES)).buttons]
    for n, tap in enumerate(items):
        assert tap is not None
        await lars.taps(by(ItemVerb.HAND_OUT_NOW, tap.id))
        await lars.taps("Kari Berg")
        await lars.taps(carrying("day"))
        await lars.taps(carrying("do"))
        await lars.sees(DESK)
        await world.settled()
        shown = lars.last(PIECES)
        kinds = [by(Verb.SHOW_RENTAL)(one) for one in shown.buttons]
        assert kinds == [True] * (n + 1) + [False] * (len(items) - n - 1)


async def test_a_list_is_searched_and_leads_on(sqlite_world: World) -> None:
    """Rentals are found by member, thing, code and number; what one list does not have, another may."""
    world, lars, anna = sqlite_world, sqlite_world["Lars"], sqlite_world["Anna"]
    await lars.types("/overdue kari")
    await world.settled()
    assert not lars.last().buttons
    kari, ola = await handed_out(world), await handed_out(world, "Ola", what="Stove")
    for words in ("kari", "tents", "T1", str(kari)):
        await lars.types(f"/out {words}")
        await world.settled()
        seen = lars.last()
        assert any(by(Verb.SHOW_RENTAL, kari)(one) for one in seen.buttons), words
        assert not any(by(Verb.SHOW_RENTAL, ola)(one) for one in seen.buttons), words
    await lars.types("who has the stove?")
    await world.settled()
    assert any(by(Verb.SHOW_RENTAL, ola)(one) for one in lars.last().buttons)
    await world["Kari"].types("who has the stove?")
    await world["Kari"].sees(asking("rent.first"))
    await lars.types("/out <b>tarp</b>")
    await lars.sees("<b>tarp</b>")
    await lars.taps(by(Verb.LIST, arg="out"))
    assert any(by(Verb.SHOW_RENTAL, ola)(one) for one in (await lars.sees("Ola Berg")).buttons)

    await requested(world, first=3, last=4, what="Tarpaulin 3×4")
    await anna.types("/pending ola")
    await anna.taps(by(Verb.LIST, arg="pending"))
    await anna.sees("Tarpaulin")
    await anna.types("/inventory kari")
    await anna.taps(carrying("people"))
    await anna.sees(asking("members.card"))
    await anna.types("/members tent")
    await anna.taps(carrying("things"))
    await anna.sees(asking("inventory.equipment"))
    await anna.types("/members berg")
    await anna.types(f"/inventory {ola}")
    await anna.taps(by(Verb.SHOW_RENTAL, ola))
    await anna.sees(DESK)


async def test_one_s_own_is_named(sqlite_world: World) -> None:
    """By its name, also among others and in plain words; a piece that is named is returned alone."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    tents = await handed_out(world, pieces=2)
    await handed_out(world, what="Stove")
    asked = await requested(world, first=3, last=4, what="Tarpaulin 3×4")
    for words in ("/return tent", "return the tents", "/return T2"):
        await kari.types(words)
        await world.settled()
        assert any(by(Verb.RETURN, tents)(one) for one in kari.last().buttons), words
    await kari.taps("Return T2")
    await world.settled()
    assert world.database.read_now(_claimed) == ["T2"]
    assert by(Verb.RETURN)(kari.last().buttons[-1]), "the card of the rest"
    for words in ("/cancel tarp", "cancel the tarpaulin"):
        await kari.types(words)
        await kari.sees(saying("surely", rental_id=asked))
    await kari.types("/extend stove")
    await kari.sees(asking("extend.ask"))
    await kari.types("/return xyz")
    await kari.sees(refusal(Refused.NOT_FOUND))


def _claimed(session: Session) -> list[str]:
    query = select(Item.code).join(Claim, Claim.item_id == Item.id)
    return list(session.scalars(query.where(Claim.return_claimed_at.is_not(None))))
