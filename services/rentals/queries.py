"""Views of rentals: everything that a card or a list shows, gathered in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Extension, Item, Kit, Location, Rental, RentalLine, User
from db.states import ClaimStatus, Described, ExtensionStatus, RentalStatus
from services.core import custom_fields, identity
from services.core.policy import Policy
from services.core.text import fold
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.search import near_names, word_search
from services.rentals import numbers, obstacles
from services.rentals.booking import request
from services.rentals.obstacles import Obstacle
from services.rentals.pages import page_of
from services.transfers import offers
from services.transfers.offers import Passed


def rental(tx: Tx, rental_id: int) -> Rental:
    """Return a rental that is known to exist, of any organization. Raises NoResultFound."""
    return tx.session.get_one(Rental, rental_id)


def find(tx: Tx, rental_id: int) -> Rental | None:
    """Return a rental of any organization; None where it does not exist."""
    return tx.session.get(Rental, rental_id)


def _label(name: str, code: str | None) -> str:
    return f"{code} · {name}" if code is not None else name


_Doers = Mapping[identity.Act, str]


@dataclass(frozen=True)
class Line:
    """A line of a rental as displayed: equipment, or a kit with its `parts`.

    `equipment_id` is None for a kit; the `quantity` of a part is for all of the kits together. `code`: that
    of the individual item that was demanded.
    """

    equipment_id: int | None
    name: str
    quantity: int
    kit_id: int | None = None
    parts: tuple["Line", ...] = ()
    code: str | None = None

    @property
    def label(self) -> str:
        """The name, with the code of an item that was demanded individually."""
        return _label(self.name, self.code)


@dataclass(frozen=True)
class Piece:
    """One item of the rental; `claimed_back`: the member reported its return, nobody has confirmed it yet.

    `is_named`: the member demanded this very one.
    """

    claim_id: int
    name: str
    code: str
    place: str | None
    place_description: str
    status: ClaimStatus
    claimed_back: bool
    problem: str
    is_named: bool = False
    out_by: int | None = None
    out_at: datetime | None = None
    back_at: datetime | None = None
    item_id: int = 0

    @property
    def label(self) -> str:
        """The name, with the code of an item that was demanded individually."""
        return _label(self.name, self.code if self.is_named else None)


@dataclass(frozen=True)
class Answered:
    """The last extension that a person decided, not the policy."""

    by: str
    granted: bool
    sets_date: bool = False


@dataclass(frozen=True)
class Question:
    """An extension that waits for an answer; `sets_date`: the end of what is lent until further notice."""

    extension_id: int
    due_at: datetime
    sets_date: bool = False


@dataclass(frozen=True)
class RentalView:
    id: int
    number: int  # 0: a basket, which has none
    status: RentalStatus
    member: str
    lines: tuple[Line, ...]
    pieces: tuple[Piece, ...]
    starts_at: datetime
    due_at: datetime | None
    """None: it is lent until further notice, or was until it came back."""
    purpose: str
    decided_by: str | None
    entered_by: str | None
    reason: str
    expires_at: datetime | None
    is_overdue: bool
    question: Question | None
    rules: Policy
    details: tuple[tuple[str, str], ...] = ()
    """The organization's custom fields of rentals, label and value."""
    comment: str = ""
    answered: Answered | None = None
    passed: tuple[Passed, ...] = ()
    obstacle: Obstacle | None = None
    is_handed_over: bool = False
    """True where the person who entered it for the member has handed it out, too."""
    is_member: bool = True
    """The member is active now: neither suspended nor without membership."""
    back_at: datetime | None = None
    """When the last of it came back, as far as it did: as the member reported, or a lender entered."""
    out_at: datetime | None = None
    """When the last of it was handed out."""
    has_begun: bool = True
    """Its first day has come: the member may pick it up, where members do."""
    revision: int = 0
    changes_id: int | None = None
    """It is a change of that rental, which stands until this one is approved."""
    changes_number: int | None = None
    proposed_by: str | None = None
    """The approver who proposed these days instead of those asked for; the member has not answered."""
    asked_starts_at: datetime | None = None
    asked_due_at: datetime | None = None

    @property
    def is_barred(self) -> bool:
        """Return whether the member cannot fetch it."""
        return self.obstacle is not None and self.obstacle.bars

    def of(self, *statuses: ClaimStatus) -> list[Piece]:
        return [piece for piece in self.pieces if piece.status in statuses]

    @property
    def to_hand_out(self) -> list[Piece]:
        """Return what is kept for the member, unless they cannot fetch it."""
        goes_out = self.status in (RentalStatus.APPROVED, RentalStatus.OUT) and not self.is_barred
        return self.of(ClaimStatus.HELD) if goes_out else []

    @property
    def waiting_back(self) -> list[Piece]:
        return [piece for piece in self.of(ClaimStatus.OUT) if piece.claimed_back]

    @property
    def with_member(self) -> list[Piece]:
        return [piece for piece in self.of(ClaimStatus.OUT) if not piece.claimed_back]

    @property
    def problems(self) -> list[str]:
        """Notes of problems, each once."""
        told = (note for piece in self.pieces for note in (piece.problem or "").split("\n"))
        return list(dict.fromkeys(note for note in told if note))


def view(tx: Tx, rental: Rental) -> RentalView:
    """Return the rental as of `now`. Raises ValueError for baskets without a period."""
    (found,) = in_list(tx, [rental])
    details = details_of(tx.session, rental)
    # Only a rental that has been out can have been extended or transferred.
    if rental.status not in (RentalStatus.OUT, RentalStatus.RETURNED):
        return replace(found, details=details)
    last = _last_extension(tx.session, rental)
    by = identity.doers(tx.session, [(last.decided_by, last.decided_token)]) if last is not None else {}
    return replace(
        found,
        details=details,
        question=_question(last),
        passed=offers.of_rental(tx.session, rental.id),
        answered=_answered(last, by, rental.user_id),
    )


def in_list(tx: Tx, rentals: Sequence[Rental]) -> list[RentalView]:
    """Return many at once, for lists and reminders: without extensions, transfers and custom fields."""
    if not rentals:
        return []
    ids = [rental.id for rental in rentals]
    pieces, lines = _pieces(tx.session, ids), lines_of_all(tx.session, ids)
    acts = {act for rental in rentals for act in rental.acts}
    people = identity.people(tx.session, [*(r.user_id for r in rentals), *(user for user, _ in acts)])
    by = identity.doers(tx.session, acts)
    changed = numbers.of(tx.session, [r.changes_id for r in rentals if r.changes_id is not None])
    return [
        _view(tx, r, pieces.get(r.id, ()), lines.get(r.id, ()), people[r.user_id], by, changed)
        for r in rentals
    ]


def _view(
    tx: Tx,
    rental: Rental,
    pieces: tuple[Piece, ...],
    lines: tuple[Line, ...],
    member: User,
    by: _Doers,
    changed: Mapping[int, int],
) -> RentalView:
    if rental.starts_at is None:
        raise ValueError(f"rental {rental.id} has no period")
    out = [p for p in pieces if p.status is ClaimStatus.OUT and not p.claimed_back]
    own = tx.of(rental.organization_id)
    decided_by, entered_by, proposed_by = (by.get(act) for act in rental.acts)
    fetch_from = request.fetch_from(own, rental)
    return RentalView(
        id=rental.id,
        number=rental.number or 0,
        status=rental.status,
        member=member.name_for_others(),
        lines=lines,
        pieces=pieces,
        starts_at=rental.starts_at,
        due_at=rental.due_at,
        purpose=rental.purpose,
        comment=rental.comment,
        decided_by=decided_by,
        entered_by=entered_by,
        proposed_by=proposed_by,
        reason=rental.reason,
        expires_at=rental.expires_at,
        is_overdue=bool(out) and rental.due_at is not None and rental.due_at <= tx.now,
        question=None,
        rules=own.policy,
        obstacle=obstacles.of(
            member, rental, tx.now, is_rest_kept=any(p.status is ClaimStatus.HELD for p in pieces)
        ),
        is_handed_over=_is_handed_over(rental, pieces),
        is_member=member.is_active(tx.now),
        back_at=max((p.back_at for p in pieces if p.back_at is not None), default=None),
        out_at=max((p.out_at for p in pieces if p.out_at is not None), default=None),
        has_begun=fetch_from is None or fetch_from <= tx.now,
        revision=rental.revision,
        changes_id=rental.changes_id,
        changes_number=changed.get(rental.changes_id or 0),
        asked_starts_at=rental.asked_starts_at,
        asked_due_at=rental.asked_due_at,
    )


def _is_handed_over(rental: Rental, pieces: Sequence[Piece]) -> bool:
    return (
        rental.entered_by is not None
        and bool(pieces)
        and all(piece.out_by == rental.entered_by for piece in pieces)
    )


_LAST_EXTENSION = (
    select(Extension).where(Extension.rental_id == bindparam("rental")).order_by(Extension.id.desc()).limit(1)
)


def _last_extension(session: Session, rental: Rental) -> Extension | None:
    return session.scalar(_LAST_EXTENSION, {"rental": rental.id})


def _question(last: Extension | None) -> Question | None:
    if last is None or last.status is not ExtensionStatus.ASKED:
        return None
    return Question(last.id, last.due_at, last.sets_date)


def _answered(last: Extension | None, by: _Doers, member_id: int) -> Answered | None:
    if last is None or last.decided_by in (None, member_id):
        return None
    if last.status not in (ExtensionStatus.GRANTED, ExtensionStatus.DECLINED):
        return None
    return Answered(
        by[last.decided_by, last.decided_token], last.status is ExtensionStatus.GRANTED, last.sets_date
    )


def details_of(session: Session, rental: Rental) -> tuple[tuple[str, str], ...]:
    return tuple(custom_fields.values(session, rental.organization_id, Described.RENTAL, rental.custom))


def lines_of(session: Session, rental: Rental) -> tuple[Line, ...]:
    """Return the lines; each kit is one line, in the place of its first part."""
    return lines_of_all(session, [rental.id]).get(rental.id, ())


# Built once: they run for each card.
_LINES = (
    select(RentalLine.id, RentalLine.rental_id, RentalLine.equipment_id, RentalLine.quantity)
    .add_columns(RentalLine.kit_id, RentalLine.kit_pieces)
    .add_columns(Equipment.name, Kit.name.label("kit"), Item.code)
    .join(Equipment, Equipment.id == RentalLine.equipment_id)
    .outerjoin(Item, Item.id == RentalLine.item_id)
    .outerjoin(Kit, Kit.id == RentalLine.kit_id)
    .where(RentalLine.rental_id.in_(bindparam("rentals", expanding=True)))
    .order_by(RentalLine.id)
)
_PIECES = (
    select(
        Claim.id,
        Claim.rental_id,
        Claim.item_id,
        Claim.status,
        Claim.problem,
        Claim.out_by,
        Claim.out_at,
        Claim.return_claimed_at,
        Claim.returned_at,
        Item.code,
        Equipment.name,
        Location.name.label("place"),
        Location.description,
    )
    .add_columns((RentalLine.item_id == Claim.item_id).label("is_named"))
    .join(Item, Item.id == Claim.item_id)
    .outerjoin(RentalLine, RentalLine.id == Claim.line_id)
    .outerjoin(Location, Location.id == Item.location_id)
    .join(Equipment, Equipment.id == Item.equipment_id)
    .where(Claim.rental_id.in_(bindparam("rentals", expanding=True)), Claim.status != ClaimStatus.RELEASED)
    .order_by(Claim.line_id, Item.code)
)


def lines_of_all(session: Session, rental_ids: Sequence[int]) -> dict[int, tuple[Line, ...]]:
    """Return the lines of each of these rentals; each kit is one line, in the place of its first part."""
    found: dict[int, dict[tuple[str, int], Line]] = {}
    for line in session.execute(_LINES, {"rentals": rental_ids}):
        of_rental = found.setdefault(line.rental_id, {})
        one = Line(line.equipment_id, line.name, line.quantity, code=line.code)
        if line.kit_id is None:
            of_rental["line", line.id] = one
            continue
        known = of_rental.get(("kit", line.kit_id))
        parts = known.parts if known is not None else ()
        of_rental["kit", line.kit_id] = Line(
            None, line.kit, line.quantity // (line.kit_pieces or 1), line.kit_id, (*parts, one)
        )
    return {rental_id: tuple(lines.values()) for rental_id, lines in found.items()}


def _pieces(session: Session, rental_ids: Sequence[int]) -> dict[int, tuple[Piece, ...]]:
    found: dict[int, list[Piece]] = {}
    for claim in session.execute(_PIECES, {"rentals": rental_ids}):
        back = claim.return_claimed_at is not None
        piece = Piece(
            claim.id, claim.name, claim.code, claim.place, claim.description or "", claim.status, back,
            claim.problem, bool(claim.is_named), claim.out_by, claim.out_at,
            claim.return_claimed_at or claim.returned_at, claim.item_id,
        )  # fmt: skip
        found.setdefault(claim.rental_id or 0, []).append(piece)
    return {rental_id: tuple(pieces) for rental_id, pieces in found.items()}


_ALIVE = (RentalStatus.REQUESTED, RentalStatus.APPROVED, RentalStatus.OUT)
_CURRENT = (
    select(Rental)
    .where(Rental.user_id == bindparam("user"), Rental.status.in_(_ALIVE))
    .order_by(Rental.due_at.nulls_last(), Rental.id)
)


def current(session: Session, user_id: int) -> list[Rental]:
    """Return a member's rentals that are not over, the next due first."""
    return list(session.scalars(_CURRENT, {"user": user_id}))


def with_words(tx: Tx, rentals: Sequence[Rental], words: str) -> list[Rental]:
    """Return those of these rentals in which something has all the words in its name, or one near to them;
    else those with what the inventory calls so: `tau`, which is in no name.
    """
    asked = word_search.asked(words, catalog.MOST_WORDS)
    near = {one.name for one in near_names.near(tx, words)}
    lines = lines_of_all(tx.session, [rental.id for rental in rentals])
    names = {
        rental.id: {part.name for one in lines.get(rental.id, ()) for part in (one, *one.parts)}
        for rental in rentals
    }
    called = near | {
        name
        for name in set().union(*names.values())
        if asked and all(word_search.text_has(fold(name), word) for word in asked)
    }
    found = [rental for rental in rentals if names[rental.id] & called]
    if found or not rentals or not asked:
        return found
    meant = catalog.meant(tx, [words])[words]
    also = {one.name for one in meant.named} if meant.item is None else set()
    return [rental for rental in rentals if names[rental.id] & also]


_IS_PAST = and_(
    Rental.user_id == bindparam("user"),
    Rental.status.not_in([*_ALIVE, RentalStatus.DRAFT]),
    Rental.requested_at.is_not(None),  # a discarded basket was never a rental
)
_COUNT_PAST = select(func.count(Rental.id)).where(_IS_PAST)


def past(session: Session, user_id: int, *, page: int, per_page: int) -> tuple[list[Rental], int]:
    """Return a page of a member's past rentals, the newest first, and the number of all."""
    query = select(Rental).where(_IS_PAST).order_by(Rental.id.desc())
    found = session.scalars(query.limit(per_page).offset(page * per_page), {"user": user_id})
    return list(found), count_past(session, user_id)


def count_past(session: Session, user_id: int) -> int:
    return session.scalar(_COUNT_PAST, {"user": user_id}) or 0


def in_status(tx: Tx, status: RentalStatus, *, page: int, per_page: int) -> tuple[list[Rental], int]:
    """Return a page of the organization's rentals in this status, by time, and the number of all.

    A page beyond the end is the last.
    """
    those = (Rental.organization_id == tx.organization_id) & (Rental.status == status)
    by = Rental.due_at if status is RentalStatus.OUT else Rental.starts_at
    return page_of(tx.session, those, by.nulls_last(), page=page, per_page=per_page)


def member(session: Session, rental: Rental) -> User:
    return session.get_one(User, rental.user_id)
