"""`/me`: one's own data, organizations, leaving, and erasure."""

import json
from collections.abc import Mapping, Sequence

from db.models import Conversation as Row
from db.models import OutboxMessage, User
from db.states import Lane
from handlers.i18n.texts import Texts, closest
from handlers.members import organization_switch, profile_questions
from handlers.members.data import MeData
from handlers.members.own import accounts as members_accounts
from handlers.members.own import me_views as views
from handlers.ui import conversation
from handlers.ui.cards import organization_of
from handlers.ui.conversation import SAVED_STAYS, Conversation, OnTap, Shared, State
from handlers.ui.form import attempt, data_of, problem_of
from handlers.ui.message import Attachment, Menu, Message, Picture, Share
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.access import member_cards
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.labels import pdf, qr
from services.labels.pdf import Label
from services.members import accounts, data_export, directory, editing, profile
from services.members.departure import erasure, farewell, former_members, leaving
from services.members.departure.former_members import Stored
from services.messaging import outbox

HOME, LEAVE, FORGET, SURELY = members_accounts.HOME, "leave", "forget", "surely"
CHANGE = "change"

CARD = "card"
"""The state beside one's own card, which is a picture below."""

FILE, PICTURE, PAPER = "own_file", "own_card", "own_card_pdf"
"""Kinds of outbox messages: the file, and one's card."""

_UNSAVED = 0
"""In place of a photo's id: the picture is drawn, sent and forgotten."""


def command(step: Request, words: str) -> Message | None:
    """Show the current membership, or else the data of a former one. Raises NOT_A_MEMBER."""
    left: Stored | None = None
    try:
        organization_id = step.actor().organization_id
    except Refusal as refusal:
        stored = former_members.of(step.tx, step.sender.account_id)
        if refusal.code is not Refused.NOT_A_MEMBER or not stored:
            raise
        left, organization_id = stored[0], stored[0].organization_id
    row = conversation.start(step, organization_switch.ME, HOME, organization_id=organization_id)
    if left is not None:
        _turn_to(row, left)
    conversation.render(step, row)
    return None


def _turn_to(row: Row, left: Stored) -> None:
    row.organization_id = left.organization_id
    conversation.update(row, MeData(seen=(), left=left.user_id), to=HOME)


def _who(tx: Tx, row: Row) -> Actor:
    """Return the card's person: the current member, or the former one of an organization that they left."""
    left = MeData.of(row).left
    if left is not None:
        return former_members.identify(tx, row.account_id, left)
    return identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)


def _organization(tx: Tx, row: Row) -> str:
    return organization_of(tx, row).name


def _home_screen(tx: Tx, row: Row, t: Texts) -> Message | None:
    kept = MeData.of(row)
    user_id = kept.left
    if user_id is not None and not former_members.is_of(tx.session, row.account_id, user_id):
        return None  # back with another account
    actor = _who(tx, row)
    card = directory.card(tx, directory.user(tx.session, actor.user_id))
    organization, problem = _organization(tx, row), problem_of(row, t)
    left = [
        (one.user_id, one.organization)
        for one in former_members.of(tx, row.account_id)
        if one.user_id != actor.user_id
    ]
    if kept.left is not None:
        is_elsewhere = accounts.current(tx.session, row.account_id) is not None
        return views.home_of_left(t, organization, card, left, data_of(row), problem, back=is_elsewhere)
    switches = organization_switch.buttons(tx, row.account_id)
    return views.home(t, organization, card, switches, left, data_of(row), problem, row.account_id)


_home = conversation.goto(HOME, MeData(seen=(), field="", doubted=""))


# Changing one's own name and contact

NAME = "name"
"""First and last name, which are asked for together."""


def _ask_for(step: Request, row: Row, value: str) -> None:
    if value not in (NAME, *profile.OWN) or value in profile.NAMES:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, MeData(field=value, doubted=""), to=CHANGE)
    if value == "phone":
        conversation.ask_to_share(row, Share.CONTACT)
    conversation.render(step, row)


def _change_screen(tx: Tx, row: Row, t: Texts) -> Message:
    user, field = directory.user(tx.session, _who(tx, row).user_id), MeData.of(row).field
    now = user.name if field == NAME else profile.value_of(tx, user, field)
    return views.ask_for(t, field, now, data_of(row), problem_of(row, t))


def _written(step: Request, row: Row, said: str) -> None:
    kept, said = MeData.of(row), " ".join(said.split())
    changes: dict[str, str | None] = {kept.field: said}
    if kept.field == NAME:
        if not profile_questions.is_name(said, kept.doubted):
            doubt = MeData(
                doubted=said[: profile_questions.DOUBTED], problem=keep(Refusal(Refused.NOT_A_NAME))
            )
            conversation.update(row, doubt)
            return
        first, _, last = said.partition(" ")
        changes = {"first_name": first, "last_name": last}
    _change(step, row, changes)


def _number_shared(step: Request, row: Row, shared: Shared) -> None:
    """Take the number of one's own Telegram account."""
    if MeData.of(row).field != "phone" or shared.account_id != step.sender.account_id:
        conversation.update(row, MeData(problem=keep(Refusal(Refused.TEXT_EXPECTED))))
        return
    _written(step, row, f"+{shared.phone.removeprefix('+')}")


def _clear(step: Request, row: Row, _value: str) -> None:
    _change(step, row, {MeData.of(row).field: None})
    conversation.render(step, row)


def _change(step: Request, row: Row, changes: Mapping[str, str | None]) -> None:
    if attempt(step, row, lambda: editing.edit_own(step.by(_who(step.tx, row)), changes)):
        conversation.update(row, MeData(field="", doubted=""), to=HOME)


def _look_at_left(step: Request, row: Row, value: str) -> None:
    """Show the data of a former or inactive membership; the account keeps acting where it does."""
    known = former_members.of(step.tx, row.account_id)
    chosen = next((one for one in known if str(one.user_id) == value), None)
    if chosen is None:
        raise Refusal(Refused.OUTDATED)
    _turn_to(row, chosen)
    conversation.render(step, row).organization_id = row.organization_id


def _back(step: Request, row: Row, _value: str) -> None:
    """Return to the organization in which the account acts."""
    row.organization_id = step.actor_in_private().organization_id
    conversation.update(row, MeData(seen=(), left=None), to=HOME)
    conversation.render(step, row).organization_id = row.organization_id


def _close(step: Request, row: Row, _value: str) -> None:
    conversation.end(step, row, "closed")


# The file of all data


def _send_file(step: Request, row: Row, _value: str) -> None:
    """Send the file once for each card, however often the button is tapped."""
    user_id = _who(step.tx, row).user_id
    outbox.send(
        step.tx,
        FILE,
        chat_id=row.chat_id,
        params={"user_id": user_id},
        organization_id=row.organization_id,
        lane=Lane.REPLY,
        dedup_key=f"{FILE}:{row.id}:{user_id}",
    )
    conversation.render(step, row)


def _file(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    user = directory.user(tx.session, rows[0].params["user_id"])
    if not former_members.is_of(tx.session, rows[0].chat_id, user.id):
        return None
    text = json.dumps(data_export.everything(tx.session, user), ensure_ascii=False, indent=2)
    return Message(
        t("Everything that is stored about you. Open it with any text editor."),
        attachment=Attachment(f"about-me-{t.today.isoformat()}.json", text.encode()),
    )


# One's own card, which says at the desk who one is


def _card(step: Request, row: Row, _value: str) -> None:
    """Send the card, once for each `/me`. Raises as `_holder` does."""
    token = member_cards.token_of(_holder(step, row))
    conversation.update(row, MeData(renewed=False), to=CARD)
    _send_card(step, row, PICTURE, token)


def _holder(step: Request, row: Row) -> Tx:
    """Return the transaction of the one whose card it is. Raises SUSPENDED, MEMBERSHIP_ENDED."""
    actor = _who(step.tx, row)
    actor.require_active()
    return step.by(actor)


def _send_card(step: Request, row: Row, kind: str, token: str) -> None:
    outbox.send(
        step.tx,
        kind,
        chat_id=row.chat_id,
        params={"user_id": _who(step.tx, row).user_id, "bot": step.bot_username},
        organization_id=row.organization_id,
        lane=Lane.REPLY,
        dedup_key=f"{kind}:{row.id}:{token[:8]}",
    )
    conversation.render(step, row)


def _renew_card(step: Request, row: Row, seen: str) -> None:
    """Make the card new; a second tap on the same button finds another one."""
    tx = _holder(step, row)
    token = member_cards.token_of(tx)
    if token.startswith(seen):
        token = member_cards.renew(tx)
        conversation.update(row, MeData(renewed=True))
    _send_card(step, row, PICTURE, token)


def _print_card(step: Request, row: Row, _value: str) -> None:
    _send_card(step, row, PAPER, member_cards.token_of(_holder(step, row)))


def _card_screen(tx: Tx, row: Row, t: Texts) -> Message:
    user = directory.user(tx.session, _who(tx, row).user_id)
    seen = (user.card_token or "")[:8]
    return views.beside_card(t, seen, MeData.of(row).renewed, data_of(row), problem_of(row, t))


def _owner(tx: Tx, row: OutboxMessage) -> User | None:
    """Return whose card it is; None where the chat is not theirs any more."""
    user = directory.user(tx.session, row.params["user_id"])
    return user if accounts.leads_to(tx.session, row.chat_id, user.id) and user.card_token else None


def _picture(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    user = _owner(tx, rows[0])
    if user is None:
        return None
    drawn = qr.png(qr.link(rows[0].params["bot"], user.card_token or "", qr.CARD))
    text = views.own_card(t, user.name, organization_of(tx, rows[0]).name)
    return Message(text, picture=Picture(_UNSAVED, None, drawn))


def _paper(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    user = _owner(tx, rows[0])
    if user is None:
        return None
    label = Label(user.name, user.membership_id or "", user.card_token or "", qr.CARD)
    paper = pdf.card(label, owner=organization_of(tx, rows[0]).name, bot=rows[0].params["bot"])
    text = t("Print it at actual size (100 %), and cut it out.")
    return Message(text, attachment=Attachment(f"{str(t('My card')).lower()}.pdf", paper))


# Leave


def _warned(step: Request, row: Row, state: str) -> None:
    """Ask for confirmation with what would be cancelled, or show the refusal."""
    actor = _who(step.tx, row)
    if attempt(step, row, lambda: leaving.require_leavable(step.by(actor))):
        seen = tuple(leaving.open_rentals(step.session, actor.user_id))
        conversation.update(row, MeData(seen=seen), to=state)
    else:
        conversation.update(row, MeData(seen=()), to=HOME)
    conversation.render(step, row)


def _ask_to_leave(step: Request, row: Row, _value: str) -> None:
    _warned(step, row, LEAVE)


def _leave_screen(tx: Tx, row: Row, t: Texts) -> Message:
    return views.ask_to_leave(t, _organization(tx, row), MeData.of(row).seen, data_of(row))


def _leave(step: Request, row: Row, _value: str) -> None:
    actor, seen = step.actor(), MeData.of(row).seen
    _end_with(step, row, actor, lambda: leaving.leave(step.by(actor), seen=seen))


def _end_with(step: Request, row: Row, actor: Actor, work: views.Work) -> None:
    """Do it, and delete the conversation and its card along with the membership."""
    members_accounts.alone(step, row, actor)
    card = conversation.render(step, row)
    # It is rendered once more, to be deleted, when the organization no longer knows the chat.
    outbox.detach(step.session, card)
    if not attempt(step, row, work):
        card.organization_id = row.organization_id
        conversation.update(row, MeData(seen=()), to=HOME)
        conversation.render(step, row)


def _left(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    """Confirm it, with the menu of the organization in which the account acts now, if any."""
    params, chat_id = rows[0].params, rows[0].chat_id
    if accounts.account(tx.session, chat_id) is None:
        t = Texts(closest(*params.get("languages", [params.get("language")])), t.zone, t.now)
    try:
        actor = identity.resolve(tx, account_id=chat_id)
        role, now_in = (
            organization_switch.menu_role(actor),
            tx.by(actor).organization.name,
        )
    except Refusal:
        role, now_in = None, None
    text = views.left(t, params["organization"], now_in, forgotten=params["forgotten"])
    return Message(text, menu=Menu(role, t.language))


# Erasure: confirmed twice


def _ask_to_forget(step: Request, row: Row, _value: str) -> None:
    _warned(step, row, FORGET)


def _ask_again(step: Request, row: Row, _value: str) -> None:
    _warned(step, row, SURELY)


def _forget_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = MeData.of(row)
    seen, has_left = kept.seen, kept.left is not None
    return views.ask_to_forget(t, _organization(tx, row), seen, data_of(row), has_left=has_left)


def _surely_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = MeData.of(row)
    return views.ask_again(t, kept.seen, data_of(row), has_left=kept.left is not None)


def _forget(step: Request, row: Row, _value: str) -> None:
    actor, seen = _who(step.tx, row), MeData.of(row).seen
    _end_with(step, row, actor, lambda: erasure.forget(step.by(actor), seen=seen))


FALLBACKS: dict[str, OnTap] = {"home": _home, "cancel": _close}

ABOUT_ME = Conversation(
    organization_switch.ME,
    {
        HOME: State(
            _home_screen,
            {
                "file": _send_file,
                "card": _card,
                "accounts": members_accounts.show,
                "leave": _ask_to_leave,
                "forget": _ask_to_forget,
                "left": _look_at_left,
                "back": _back,
                CHANGE: _ask_for,
            },
        ),
        CHANGE: State(_change_screen, {"clear": _clear}, _written, shared=_number_shared),
        CARD: State(_card_screen, {"renew": _renew_card, "print": _print_card}),
        **members_accounts.STATES,
        LEAVE: State(_leave_screen, {"yes": _leave}),
        FORGET: State(_forget_screen, {"on": _ask_again}),
        SURELY: State(_surely_screen, {"yes": _forget}),
        conversation.OVER: State(conversation.nothing_stays),
    },
    FALLBACKS,
    SAVED_STAYS,
)

KINDS = {FILE: _file, farewell.LEFT: _left, PICTURE: _picture, PAPER: _paper, **members_accounts.KINDS}
