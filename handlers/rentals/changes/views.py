"""Words of cards and messages about changes, and their buttons."""

from collections.abc import Sequence
from enum import unique

from markupsafe import Markup

from db.states import ClaimStatus, RentalStatus
from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import AnyVerb, pack
from handlers.ui.callbacks import Verb as CardVerb
from handlers.ui.form import short
from handlers.ui.message import Button, Message, Style
from services.rentals.changes.replacing import LAPSED, REPLACED
from services.rentals.queries import RentalView


@unique
class Verb(AnyVerb):
    CHANGE = "ch"  # id: rental; arg: its revision
    APPROVE_SOME = "as"  # the same
    PROPOSE = "pd"  # the same
    TAKE_IT = "ti"  # the same
    NO_THANKS = "nt"  # the same
    MORE_TIME = "mt"  # id: rental
    MOVE = "mv"  # id: organization: `/move`


Row = tuple[Button, ...]


def change_button(t: Texts, v: RentalView) -> Button:
    return Button(str(t("Change")), pack(Verb.CHANGE, v.id, v.revision))


def move_row(t: Texts, organization_id: int) -> Row:
    """Return the button that moves all that is due on a day."""
    return (Button(str(t("Move the due dates of a day")), pack(Verb.MOVE, organization_id)),)


def member_rows(t: Texts, v: RentalView) -> list[Row]:
    """Return the member's answers to a proposal."""
    if v.status is not RentalStatus.REQUESTED or v.proposed_by is None:
        return []
    return [
        (
            Button(str(t("Take it")), pack(Verb.TAKE_IT, v.id, v.revision)),
            Button(str(t("No")), pack(Verb.NO_THANKS, v.id, v.revision)),
        )
    ]


def may_change(v: RentalView) -> bool:
    """Return whether the rental, or what is not out of it, can be changed."""
    if v.status is RentalStatus.OUT:
        return bool(v.of(ClaimStatus.HELD))
    return v.status in (RentalStatus.REQUESTED, RentalStatus.APPROVED) and v.proposed_by is None


def answer_rows(t: Texts, v: RentalView) -> list[Row]:
    """Return an approver's answers: yes and no, and what is between."""
    decline = Button(str(t("Decline")), pack(CardVerb.DECLINE, v.id), style=Style.END)
    if v.proposed_by is not None:
        return [(decline,)]
    rows: list[Row] = [
        (
            Button(str(t("Approve")), pack(CardVerb.APPROVE, v.id, v.revision or ""), style=Style.GO_ON),
            decline,
        )
    ]
    row: list[Button] = []
    if sum(line.quantity for line in v.lines) > 1:
        row.append(Button(str(t("Approve some")), pack(Verb.APPROVE_SOME, v.id, v.revision)))
    row.append(Button(str(t("Other days")), pack(Verb.PROPOSE, v.id, v.revision)))
    return [*rows, tuple(row)]


def _cancel(t: Texts, v: RentalView) -> tuple[Button, ...]:
    if v.status not in (RentalStatus.REQUESTED, RentalStatus.APPROVED):
        return ()
    return (Button(str(t("Cancel")), pack(CardVerb.CANCEL_RENTAL, v.id)),)


def member_end(t: Texts, v: RentalView) -> list[Row]:
    """Return the last row of the member's card of what is not over."""
    change = (change_button(t, v),) if v.is_member and may_change(v) else ()
    row = (*change, *_cancel(t, v))
    return [row] if row else []


def desk_end(t: Texts, v: RentalView, *, cancels: bool) -> list[Row]:
    """Return the last row of the desk's card of what is not over. `cancels`: the reader entered it."""
    row: list[Button] = []
    if may_change(v) and (v.status is not RentalStatus.REQUESTED or cancels):
        row.append(change_button(t, v))
    if v.status in (RentalStatus.APPROVED, RentalStatus.OUT) and v.due_at is not None:
        row.append(Button(str(t("More time")), pack(Verb.MORE_TIME, v.id)))
    if cancels or v.is_barred:
        row += _cancel(t, v)
    return [tuple(row)] if row else []


def about(t: Texts, v: RentalView) -> Markup | None:
    """Return what a card says of a change, or of a proposal."""
    told = [one for one in (_asked(t, v), _changes(t, v)) if one is not None]
    return lines(*told) if told else None


def _asked(t: Texts, v: RentalView) -> Markup | None:
    if v.proposed_by is None or v.asked_starts_at is None or v.asked_due_at is None:
        return None
    asked = t.span(v.asked_starts_at, v.asked_due_at)
    if v.status is RentalStatus.REQUESTED and v.expires_at is not None:
        return lines(
            t("Asked for: {days}", days=asked),
            t("The days below are held until {moment}.", moment=t.moment(v.expires_at)),
        )
    return t("Asked for: {days}", days=asked)


def _changes(t: Texts, v: RentalView) -> Markup | None:
    if v.changes_id is None:
        return None
    if v.status is RentalStatus.REQUESTED:
        return t("Changes rental {id}, which stays valid until this is answered.", id=v.changes_number)
    if v.status in (RentalStatus.DECLINED, RentalStatus.EXPIRED):
        return t("Rental {id} stays as it was.", id=v.changes_number)
    return t("Changes rental {id}.", id=v.changes_number)


def status(t: Texts, v: RentalView) -> Markup | None:
    """Return the status where a change decided it, or a proposal; else None."""
    if v.status is RentalStatus.REQUESTED and v.proposed_by is not None:
        return t("📅 {name} proposes other days", name=v.proposed_by)
    if v.status is RentalStatus.EXPIRED and v.proposed_by is not None:
        return t("⌛ The proposed days were not accepted in time")
    if v.status is not RentalStatus.CANCELLED:
        return None
    if v.reason.startswith(REPLACED):
        return t("🔁 Changed: it is rental {id} now", id=v.reason.removeprefix(REPLACED))
    if v.reason == LAPSED:
        return t("✖️ The change ended with the rental that it was about")
    return None


def is_code(reason: str) -> bool:
    """Return whether a reason is one of ours, not what somebody wrote."""
    return reason == LAPSED or reason.startswith(REPLACED)


def only_part(t: Texts, number: int, less: Sequence[tuple[str, int]], show: Button) -> Message:
    """Tell a member what of their request was not approved."""
    missing = [Markup("• {} × {}").format(pieces, short(name, 60)) for name, pieces in less[:12]]
    return Message(
        lines(
            t("✅ Rental {id} is approved, except for:", id=number),
            *missing,
        ),
        ((show,),),
    )
