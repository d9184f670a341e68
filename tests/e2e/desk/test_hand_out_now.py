"""Handing out over the counter: four taps from the scan, and the member has the card."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Item, Rental, User
from db.states import ClaimStatus, RentalStatus
from handlers.desk import item_card_views
from tests.e2e.arrange import actor, approved, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.desk.test_item_card import scans, statuses
from tests.e2e.seen import asking, by, carrying, showing


async def test_four_taps_from_the_scan(sqlite_world: World) -> None:
    """Lars scans T2: Hand out now, Kari, 3 days, Hand out. T3, scanned meanwhile, goes with it."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await handed_out(world)  # Kari was at the desk today
    await scans(world, "Lars", "T2")
    for tap in (by(item_card_views.Verb.HAND_OUT_NOW), carrying("member"), carrying("day", "2026-12-03")):
        await lars.taps(tap)
        await world.settled()
    await scans(world, "Lars", "T3")
    card = lars.last(asking("hand_out_now.check"))
    assert "T2" in card.text and "T3" in card.text
    await lars.taps(carrying("do"))
    await world.settled()
    number = world.database.read_now(
        lambda s: s.scalars(select(Rental.id).order_by(Rental.id.desc())).first()
    )
    assert number is not None
    assert statuses(world, number) == [ClaimStatus.OUT, ClaimStatus.OUT]
    codes = world.database.read_now(
        lambda s: s.scalars(
            select(Item.code).join(Claim, Claim.item_id == Item.id).filter_by(rental_id=number)
        ).all()
    )
    assert sorted(codes) == ["T2", "T3"]
    assert "Lars" in world["Kari"].last(showing(RentalStatus.OUT, number)).text
    assert lars.last(showing(RentalStatus.OUT, number))
    # What Kari takes besides, two taps from its scan: to her, too, until the same day.
    await scans(world, "Lars", "P1")
    for tap in (by(item_card_views.Verb.HAND_OUT_NOW, arg=number), carrying("do")):
        await lars.taps(tap)
        await world.settled()
    second = lars.last(showing(RentalStatus.OUT, number + 1))
    assert "P1" in second.text and statuses(world, number + 1) == [ClaimStatus.OUT]
    # So does what goes with a thing that was given until further notice.
    await scans(world, "Lars", "P2")
    for tap in (
        by(item_card_views.Verb.HAND_OUT_NOW, arg=""),
        carrying("member"),
        carrying("open"),
        carrying("do"),
    ):
        await lars.taps(tap)
        await world.settled()
    await scans(world, "Lars", "S1")
    for tap in (by(item_card_views.Verb.HAND_OUT_NOW, arg=number + 2), carrying("do")):
        await lars.taps(tap)
        await world.settled()
    assert statuses(world, number + 3) == [ClaimStatus.OUT]
    due = world.database.read_now(lambda s: s.get_one(Rental, number + 3).due_at)
    assert due is None


async def test_two_taps_and_a_lender_who_is_none_any_more(sqlite_world: World) -> None:
    """Each button tapped twice hands out once; who is suspended meanwhile hands out nothing."""
    world, lars = sqlite_world, sqlite_world["Lars"]
    await approved(world, "Kari", first=0)
    await scans(world, "Lars", "T1")
    card = lars.last()
    for tap in (
        by(item_card_views.Verb.HAND_OUT_NOW),
        carrying("member"),
        carrying("day", "2026-12-03"),
        carrying("do"),
    ):
        seen = lars.last()
        await lars.taps(tap, seen)
        await lars.taps(tap, seen)
        await world.settled()
    out = select(Rental).filter_by(status=RentalStatus.OUT)
    assert len(world.database.read_now(lambda s: s.scalars(out).all())) == 1

    def suspended(session: Session) -> None:
        session.get_one(User, actor(session, world, "Lars").user_id).suspended_at = world.clock.now()

    await scans(world, "Lars", "T3")
    for tap in (by(item_card_views.Verb.HAND_OUT_NOW), carrying("member"), carrying("day", "2026-12-03")):
        await lars.taps(tap)
        await world.settled()
    await write(world, suspended)
    await lars.taps(carrying("do"))
    assert await lars.toast()
    await lars.taps(by(item_card_views.Verb.HAND_OUT_NOW), card)
    assert await lars.toast()
    await world.settled()
    assert len(world.database.read_now(lambda s: s.scalars(out).all())) == 1
