"""Cards that would be longer than Telegram takes: whoever needs them sees what there is room for."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Organization
from db.states import RentalStatus
from services.core.tx import Tx
from services.desk import checkin
from tests import factories
from tests.e2e.arrange import actor, handed_out, write
from tests.e2e.conftest import World
from tests.e2e.inventory.test_sizes import within_limits
from tests.e2e.seen import showing

PIECES = 9
NOTE = "🏕" * 480
"""An emoji counts as two of Telegram's characters."""


async def test_a_rental_with_a_long_problem_in_each_piece(sqlite_world: World) -> None:
    """Both cards show how it stands, and it is taken back by them."""
    world = sqlite_world
    now = world.clock.now()

    def more_tents(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        factories.equipment(session, of, now, "Lavvo", *(f"L{n}" for n in range(PIECES)))

    await write(world, more_tents)
    number = await handed_out(world, pieces=PIECES, what="Lavvo")

    def break_all(session: Session) -> None:
        lars = actor(session, world, "Lars")
        for claim in session.scalars(select(Claim.id).filter_by(rental_id=number)).all():
            checkin.report_problem(Tx(session, now, lars), number, note=f"{claim}{NOTE}", only=[claim])

    await write(world, break_all)
    for person in (world["Kari"], world.in_group("Lars")):
        card = await person.sees(f"Rental {number}")
        assert "Problem" in card.text
        assert card.text.endswith("…")
        assert within_limits(card)
    await world.in_group("Lars").taps("Take back")
    await world["Kari"].sees(showing(RentalStatus.RETURNED))
