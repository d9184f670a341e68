"""Buttons for damage, loss and found items; and the damage card."""

from collections.abc import Sequence

from markupsafe import Markup

from db.models import DamageNote, Item, OutboxMessage
from db.states import LENDABLE, ClaimStatus, Condition, Role
from handlers.i18n.texts import Texts
from handlers.maintenance import damage_views as views
from handlers.maintenance import problem_report
from handlers.maintenance.damage_views import DamageView
from handlers.rentals.pieces.piece_picker import turn_of
from handlers.rentals.pieces.piece_picker_views import pieces_list
from handlers.ui import conversation
from handlers.ui.callbacks import Tap, Verb, number
from handlers.ui.cards import card_here, subject_of
from handlers.ui.message import Message, Picture
from handlers.ui.request import Request
from services.core import identity, state_machine
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import catalog
from services.maintenance import damage, loss
from services.messaging import notifications, outbox
from services.rentals import queries
from services.transfers import offers


def problem(step: Request, tap: Tap) -> Markup | None:
    """Start a problem report about the whole rental, or one piece of it."""
    problem_report.begin(step, tap.id, _number(tap.arg) if tap.arg else None)
    return None


def _number(text: str) -> int:
    found = number(text)
    if found is None:
        raise Refusal(Refused.OUTDATED)
    return found


def _about(step: Request, note_id: int) -> tuple[Actor, DamageNote]:
    """Return the actor and the damage note. Raises NOT_FOUND, also for another organization's."""
    found = damage.find(step.tx, note_id)
    if found is None:
        raise Refusal(Refused.NOT_FOUND)
    actor = step.actor_in(found.organization_id)
    if step.place.is_group and found.reported_by != actor.user_id:
        actor.require(Role.LENDER)
    return actor, damage.get(step.by(actor), note_id)


def take_out(step: Request, tap: Tap) -> Markup | None:
    actor, found = _about(step, tap.id)
    told = damage.take_out(step.by(actor), found.id)
    card = card_here(step)
    if card is not None and card.kind == conversation.CARD:
        problem_report.taken_out(step, card.subject_id, found.id, len(told))
    item = damage.damaged_item(step.tx, found)
    return views.out_of_lending(step.texts, item.code, len(told))


def repaired(step: Request, tap: Tap) -> Markup | None:
    actor, found = _about(step, tap.id)
    damage.close(step.by(actor), found.id)
    return step.texts("Repaired.")


def show(step: Request, tap: Tap) -> Markup | None:
    """Send the damage card, with its photo, at the end of the chat."""
    actor, found = _about(step, tap.id)
    actor.require(Role.LENDER)
    outbox.render_card(
        step.by(actor),
        notifications.DAMAGE_CARD,
        found.id,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        renew=True,
    )
    return None


def card(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    return views.damage_card(t, view(tx, subject_of(tx, rows[0])))


def view(tx: Tx, note_id: int) -> DamageView:
    found = damage.describe(tx, note_id)
    row, item, claim, photo = found.note, found.item, found.claim, found.photo
    names = identity.names(tx.session, [row.reported_by, row.closed_by])
    rental_id = claim.rental_id if claim is not None else None
    return DamageView(
        id=row.id,
        item_id=item.id,
        code=item.code,
        name=found.equipment,
        note=row.note,
        by=names.get(row.reported_by or 0, ""),
        at=row.created_at,
        rental_id=rental_id,
        number=queries.rental(tx, rental_id).number if rental_id is not None else None,
        condition=item.condition,
        is_open=row.closed_at is None,
        closed_by=names.get(row.closed_by or 0),
        picture=Picture(photo.id, photo.telegram_file_id, photo.content) if photo is not None else None,
        origin=offers.origin(tx.session, claim.id) if claim is not None else None,
    )


# Lost


def lose(step: Request, tap: Tap) -> Message:
    """Ask which of the pieces that are out is lost; with a single one, ask for confirmation."""
    actor, rental = step.actor_about(tap.id)
    actor.require(Role.LENDER)
    v = queries.view(step.tx, rental)
    out = v.of(ClaimStatus.OUT)
    if not out:
        raise state_machine.already(step.session, rental)
    if len(out) == 1:
        return views.surely_lost(step.texts, out[0], rental.id)
    heading = step.texts("Which one is lost?")
    return pieces_list(step.texts, v, heading, Verb.LOSE_PIECE, out, turn_of(tap))


def lose_piece(step: Request, tap: Tap) -> Message:
    claim, rental_id = loss.claim_of_rental(step.tx, tap.id)
    actor, rental = step.actor_about(rental_id)
    actor.require(Role.LENDER)
    out = queries.view(step.tx, rental).of(ClaimStatus.OUT)
    piece = next((p for p in out if p.claim_id == claim.id), None)
    if piece is None:
        raise state_machine.already(step.session, rental)
    return views.surely_lost(step.texts, piece, rental.id)


def lose_surely(step: Request, tap: Tap) -> Markup | None:
    claim, rental_id = loss.claim_of_rental(step.tx, tap.id)
    actor, _ = step.actor_about(rental_id)
    item = catalog.get_item(step.by(actor), claim.item_id)
    told = loss.declare_of(step.by(actor), claim.id, reason=lost_reason(step.tx, item))
    damage.redraw(step.tx, item.id)
    return views.out_of_lending(step.texts, item.code, len(told))


def lost_reason(tx: Tx, item: Item) -> str:
    """Return the reason for members who were to have the item, in the organization's language."""
    t = Texts(tx.organization_of(item.organization_id).language)
    return str(t("{code} was lost", code=item.code).striptags())


def found(step: Request, tap: Tap) -> Markup | None:
    """Bring a lost item back into lending."""
    item = catalog.find_item(step.tx, tap.id)
    if item is None or tap.arg not in LENDABLE:
        raise Refusal(Refused.NOT_FOUND if item is None else Refused.OUTDATED)
    actor = step.actor_in(item.organization_id)
    loss.find(step.by(actor), item.id, Condition(tap.arg))
    damage.redraw(step.tx, item.id)
    return step.texts("{code} can be borrowed again.", code=catalog.get_item(step.by(actor), item.id).code)
