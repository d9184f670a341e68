"""Promises: what a member is promised, or asked for, and may not have any more; freed by whoever asks."""

from dataclasses import dataclass

from db.models import Equipment, Rental, User
from services.availability import reservations
from services.core import policy
from services.core.tx import Tx
from services.members import editing
from services.rentals import approval, obstacles, queries
from services.rentals.obstacles import Obstacle, Why
from services.rentals.queries import RentalView


@dataclass(frozen=True)
class Promise:
    """A rental that its member cannot fetch, and why."""

    rental: RentalView
    obstacle: Obstacle


def of(tx: Tx, user: User) -> list[Promise]:
    """Return the rentals that a member asked for or is promised and cannot have, the soonest first."""
    own = tx.of(user.organization_id)
    found = [(rental, _why(own, user, rental)) for rental in obstacles.open_rentals(own, user)]
    barred = [(rental, why) for rental, why in found if why is not None]
    views = queries.in_list(own, [rental for rental, _ in barred])
    return [Promise(view, why) for view, (_, why) in zip(views, barred, strict=True)]


def _why(tx: Tx, user: User, rental: Rental) -> Obstacle | None:
    found = obstacles.of(user, rental, tx.now)
    if found is not None and found.bars:
        return found
    for line in reservations.lines_of(tx.session, rental.id):
        rule = policy.of(tx.organization, tx.session.get_one(Equipment, line.equipment_id))
        if not user.role.covers(rule.who_may_rent):
            return Obstacle(Why.ROLE)
    return None


def free(tx: Tx, user_id: int) -> list[int]:
    """Cancel what a member cannot have any more; return the numbers of those rentals.

    Whoever may suspend or end a membership may do so, also where only others approve. Raises NOT_FOUND,
    NOT_ALLOWED.
    """
    user = editing.locked(tx, user_id)
    freed = []
    for promise in of(tx, user):
        rental = queries.rental(tx, promise.rental.id)
        tx.session.refresh(rental, with_for_update=True)
        if rental.status in obstacles.OPEN:
            approval.call_off(tx, rental)
            freed.append(rental.id)
    return freed
