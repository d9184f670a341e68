"""Problem reports: the piece, a description and a photo; whichever comes first is saved at once."""

from datetime import timedelta

from markupsafe import Markup

from db.models import Conversation as Row
from db.models import DamageNote, Item
from db.states import LENDABLE, ClaimStatus, Role
from handlers.i18n.texts import Texts
from handlers.maintenance import damage_views as views
from handlers.maintenance.data import ProblemData
from handlers.parsing import plain_words
from handlers.parsing.sentences import questions
from handlers.ui import conversation, routes
from handlers.ui.callbacks import number
from handlers.ui.conversation import Conversation, State
from handlers.ui.form import attempt, data_of, problem_of
from handlers.ui.message import Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.maintenance import damage
from services.messaging import conversations
from services.rentals import queries

WHICH, ASK, PHOTO, WORDS = "which", routes.ASK, "photo", "words"

NOTED = "noted"
"""The outcome of a report that was saved."""

PHOTO_PATIENCE = timedelta(minutes=3)
"""Delay before the desk is notified, while a photo, or words for it, may come."""


def begin(step: Request, rental_id: int, claim_id: int | None = None, *, told: str = "") -> None:
    """Start a report about a rental, or one piece of it; what was `told` already is kept.

    Raises as `checkin.require_problem`, OUTDATED.
    """
    actor, rental = step.actor_about(rental_id)
    claims = checkin.require_problem(step.by(actor), rental)
    if claim_id is not None and claim_id not in [c.id for c in claims]:
        raise Refusal(Refused.OUTDATED)
    if claim_id is None and len(claims) == 1:
        claim_id = claims[0].id
    row = conversation.start(
        step,
        routes.PROBLEM,
        ASK if claim_id is not None else WHICH,
        ProblemData(rental_id=rental_id),
        organization_id=actor.organization_id,
    )
    conversation.update(row, ProblemData(claim_id=claim_id, lender=actor.has_role(Role.LENDER)))
    if told and row.state == ASK:
        _typed(step, row, told)
    elif told:
        early = Refusal(Refused.TAP_EXPECTED, kept=True)
        conversation.update(row, ProblemData(kept_text=told, problem=keep(early)))
    conversation.render(step, row)


def begin_item(step: Request, actor: Actor, item: Item, *, told: str) -> None:
    """Start a lender's report about an item, with what was `told`. Raises as `damage.open_note` does."""
    data = ProblemData(item_id=item.id, lender=True, ends=True)
    row = conversation.start(step, routes.PROBLEM, ASK, data, organization_id=actor.organization_id)
    _typed(step, row, told)
    conversation.render(step, row)


# The piece


def _which_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = ProblemData.of(row)
    rental = queries.rental(tx, kept.rental_id)
    out = queries.view(tx, rental).of(ClaimStatus.OUT)
    return views.which(t, rental.number or 0, out, kept.page, data_of(row), problem_of(row, t))


def _is_note(_step: Request, _row: Row, text: str) -> bool:
    """Return whether a text is no wish for more time: `can I keep it until sunday`."""
    said = plain_words.meaning(text) or next(iter(plain_words.before_thing(text) or ()), "")
    return said != "extend" or questions.tells_of_harm(text)


def _is_told(_step: Request, _row: Row, text: str) -> bool:
    """Return whether a text tells what is wrong, before the piece is chosen."""
    return questions.tells_of_harm(text)


_page = conversation.goto(changes=lambda value: ProblemData(page=number(value) or 0))


def _piece(step: Request, row: Row, value: str) -> None:
    """Choose one piece, or all where the button names none."""
    claim_id = number(value) if value else None
    rental = queries.rental(step.tx, ProblemData.of(row).rental_id)
    out = checkout.claims_of(step.session, rental, ClaimStatus.OUT)
    if value and claim_id not in [claim.id for claim in out]:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, ProblemData(claim_id=claim_id), to=ASK)
    conversation.render(step, row)


# The description


def _item(tx: Tx, row: Row) -> Item | None:
    """Return the item of the report; None where it is about a whole rental."""
    kept = ProblemData.of(row)
    return damage.item_concerned(tx, item_id=kept.item_id, claim_id=kept.claim_id or 0)


def _number(tx: Tx, row: Row) -> int | None:
    return queries.rental(tx, ProblemData.of(row).rental_id).number


def _ask_screen(tx: Tx, row: Row, t: Texts) -> Message:
    item = _item(tx, row)
    return views.what_is_wrong(
        t,
        Markup("{}").format(item.code) if item else t("rental {id}", id=_number(tx, row)),
        replies=row.chat_id < 0,
        data=data_of(row),
        problem=problem_of(row, t),
    )


def _typed(step: Request, row: Row, text: str) -> None:
    def note() -> None:
        if _item(step.tx, row) is not None:
            _say(step, row, PHOTO, text)
            return
        actor, rental = step.actor_about(ProblemData.of(row).rental_id)
        checkin.report_problem(step.by(actor), rental.id, note=text)
        conversation.update(row, ProblemData(outcome=NOTED), to=conversation.OVER)

    attempt(step, row, note)


def _photo_first(step: Request, row: Row, file_id: str) -> None:
    """Save the photo as a report, with a default text in the organization's language."""

    def note() -> None:
        words = Texts(step.tx.of(row.organization_id).organization.language)("Photo only")
        actor, said = _say(step, row, WORDS, str(words.striptags()))
        damage.add_photo(step.by(actor), said.id, file_id)

    attempt(step, row, note)


def _say(step: Request, row: Row, then: str, text: str) -> tuple[Actor, DamageNote]:
    """Save the report, and notify the desk after PHOTO_PATIENCE."""
    item = _item(step.tx, row)
    if item is not None and not ProblemData.of(row).rental_id:
        actor = step.actor_in(item.organization_id)
        said = damage.open_note(step.by(actor), item.id, text)
    else:
        actor, rental = step.actor_about(ProblemData.of(row).rental_id)
        said = damage.report(step.by(actor), rental.id, ProblemData.of(row).claim_id, text)
    damage.tell(step.tx, said, not_before=step.now + PHOTO_PATIENCE)
    conversation.update(row, ProblemData(note_id=said.id, outcome=NOTED), to=then)
    return actor, said


# A photo of it, or words for the photo


def _note(tx: Tx, row: Row) -> tuple[DamageNote, Item]:
    """Return the saved note and its item. Raises OUTDATED where nothing was saved yet."""
    said = damage.find(tx, ProblemData.of(row).note_id)
    if said is None:
        raise Refusal(Refused.OUTDATED)
    return said, damage.damaged_item(tx, said)


def _photo_screen(tx: Tx, row: Row, t: Texts) -> Message | None:
    kept = ProblemData.of(row)
    if not kept.note_id:
        return None
    _, item = _note(tx, row)
    lost = kept.lost
    return views.a_photo(
        t,
        item.code,
        replies=row.chat_id < 0,
        take_out=kept.lender and item.condition in LENDABLE,
        note=views.out_of_lending(t, item.code, lost) if lost is not None else None,
        data=data_of(row),
        problem=problem_of(row, t),
    )


def _photo(step: Request, row: Row, file_id: str) -> None:
    _another_photo(step, row, file_id)
    _done(step, row)


def _more(step: Request, row: Row, text: str) -> None:
    """Add it to what was said, while a photo is waited for: whatever it is, the desk reads it."""
    said, item = _note(step.tx, row)
    actor, note = step.actor_in(item.organization_id), f"{said.note.rstrip('.')}. {text.strip()}"
    attempt(step, row, lambda: damage.reword(step.by(actor), said.id, note))


def _words_screen(tx: Tx, row: Row, t: Texts) -> Message | None:
    kept = ProblemData.of(row)
    if not kept.note_id:
        return None
    _, item = _note(tx, row)
    lost = kept.lost
    return views.words_for_photo(
        t,
        replies=row.chat_id < 0,
        take_out=kept.lender and not _is_about_all(row) and item.condition in LENDABLE,
        note=views.out_of_lending(t, item.code, lost) if lost is not None else None,
        data=data_of(row),
        problem=problem_of(row, t),
    )


def _is_about_all(row: Row) -> bool:
    kept = ProblemData.of(row)
    return kept.claim_id is None and not kept.item_id


def _another_photo(step: Request, row: Row, file_id: str) -> None:
    said, item = _note(step.tx, row)
    damage.add_photo(step.by(step.actor_in(item.organization_id)), said.id, file_id)


def _words(step: Request, row: Row, text: str) -> None:
    said, item = _note(step.tx, row)
    actor = step.actor_in(item.organization_id)
    if attempt(step, row, lambda: damage.reword(step.by(actor), said.id, text)):
        _done(step, row)


def _nothing_more(step: Request, row: Row, _value: str) -> None:
    _done(step, row)
    conversation.render(step, row)


def _done(step: Request, row: Row) -> None:
    damage.tell(step.tx, _note(step.tx, row)[0])
    _end(row)


def _end(row: Row) -> None:
    """End; or return to the card of the item where the report was started."""
    kept = ProblemData.of(row)
    if kept.item_id and not kept.ends:
        conversation.switch_to(row, routes.INVENTORY, routes.ITEM, routes.Subject(item_id=kept.item_id))
    else:
        conversation.update(row, to=conversation.OVER)


def _take_out(step: Request, row: Row, _value: str) -> None:
    """Take the item out of lending; the photo, or the words, may still come."""
    said, item = _note(step.tx, row)
    lost: list[int] = []

    def work() -> None:
        actor = step.actor_in(item.organization_id)
        lost.extend(loss.rental_id for loss in damage.take_out(step.by(actor), said.id))

    if attempt(step, row, work):
        conversation.update(row, ProblemData(lost=len(lost)))
    conversation.render(step, row)


def taken_out(step: Request, row_id: int, note_id: int, lost: int) -> None:
    """Show on the card of a report that is over that the item was taken out, instead of the button."""
    row = conversations.get(step.session, row_id)
    if row is not None and ProblemData.of(row).note_id == note_id:
        conversation.update(row, ProblemData(lost=lost))
        conversation.render(step, row)


def _cancel(step: Request, row: Row, _value: str) -> None:
    """Keep what was saved, and stop waiting for the rest."""
    if row.state in (PHOTO, WORDS):
        _nothing_more(step, row, "")
    elif ProblemData.of(row).item_id:
        _end(row)
        conversation.render(step, row)
    else:
        conversation.end(step, row, "cancelled")


def _over(tx: Tx, row: Row, t: Texts) -> Message | None:
    """Thank in private, where the card with the note may be far above; a group sees it already."""
    if ProblemData.of(row).outcome != NOTED or row.chat_id < 0:
        return None
    if _is_about_all(row):
        return Message(t("Noted on rental {id}. Thank you!", id=_number(tx, row)))
    said, item = _note(tx, row)
    kept, text = ProblemData.of(row), t("Noted on {code}. Thank you!", code=item.code)
    if kept.lost is not None:
        text = Markup("\n").join([text, views.out_of_lending(t, item.code, kept.lost)])
    may_take_out = kept.lender and item.condition in LENDABLE and said.closed_at is None
    return Message(text, ((views.take_out_button(t, said.id),),) if may_take_out else ())


TALK = Conversation(
    routes.PROBLEM,
    {
        WHICH: State(_which_screen, {"piece": _piece, "page": _page}, keeps=True, fits=_is_told),
        ASK: State(_ask_screen, {}, _typed, _photo_first, tells_group=True, fits=_is_note),
        PHOTO: State(
            _photo_screen,
            {"none": _nothing_more, "out": _take_out},
            _more,
            _photo,
            tells_group=True,
            fits=conversation.no_text,
        ),
        WORDS: State(
            _words_screen, {"none": _nothing_more, "out": _take_out}, _words, _another_photo, tells_group=True
        ),
        conversation.OVER: State(_over),
    },
    {"cancel": _cancel},
)
