"""`/members`: find a member, see the card, change the role, make an invite."""

from collections.abc import Callable

from db.models import Conversation as Row
from db.states import Role
from handlers.i18n.texts import Texts
from handlers.members import editing as members_editing
from handlers.members import merging, views
from handlers.members.data import MembersData
from handlers.members.editing import CARD, FIELDS, UNTIL, VALUE, WHY, acting, back_to_card, shown_card
from handlers.ui import conversation, routes
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation, OnTap, OnText, State
from handlers.ui.form import attempt, data_of, number, problem_of
from handlers.ui.message import Message
from handlers.ui.request import Request
from handlers.ui.widgets import elsewhere
from services.core import identity
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.inventory import catalog
from services.members import directory, editing, invites, promises

NAME, LIST, ROLE = routes.MEMBERS, routes.MEMBERS_LIST, "role"


def command(step: Request, words: str) -> Message | None:
    """`/members [words]`: show the list, or directly the only match."""
    actor = step.active()
    actor.require(Role.ADMIN)
    row = conversation.start(step, NAME, LIST, organization_id=actor.organization_id)
    _look_for(step, row, actor, words)
    conversation.render(step, row)
    return None


def _look_for(step: Request, row: Row, actor: Actor, words: str) -> None:
    words = " ".join(words.split())[:100]
    conversation.reset(row, MembersData(words=words), to=LIST)
    if not words:
        return
    found = directory.find(step.by(actor), words=words, per_page=2)
    if found.total == 1:
        conversation.reset(row, MembersData(user_id=found.entries[0].user_id), to=CARD)


def _list_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = MembersData.of(row)
    words = kept.words
    page = directory.find(tx, words=words, page=kept.page, for_admins=True)
    role = _looks(tx, row, t).role
    waiting = 0 if words else invites.count(tx, role)
    others = (
        elsewhere.rows(tx, t, words, data_of(row), but=elsewhere.PEOPLE) if words and not page.total else ()
    )
    return views.member_list(t, page, words, data_of(row), problem_of(row, t), waiting, others)


def _page(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, MembersData(page=number(value)))


def _open(step: Request, row: Row, actor: Actor, value: str) -> None:
    user = directory.get(step.by(actor), number(value))
    conversation.update(row, MembersData(user_id=user.id, note=False), to=CARD)


def _all(step: Request, row: Row, actor: Actor, value: str) -> None:
    _look_for(step, row, actor, "")


def _things(step: Request, row: Row, actor: Actor, value: str) -> None:
    thing_id = number(value)
    if thing_id:
        catalog.get(step.by(actor), thing_id)
    elsewhere.to_things(row, MembersData.of(row).words, thing_id)


def _back_to_list(step: Request, row: Row, actor: Actor, value: str) -> None:
    kept = MembersData.of(row)
    conversation.reset(row, MembersData(words=kept.words, page=kept.page), to=LIST)


def _card_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = MembersData.of(row)
    card = shown_card(tx, row, t)
    return views.member_card(
        t,
        card,
        data_of(row),
        problem_of(row, t),
        note=t("Saved.") if kept.note else None,
        links=kept.links,
        may_change=_looks(tx, row, t).role.covers(card.user.role),
        promised=promises.of(tx, card.user),
    )


def _looks(tx: Tx, row: Row, t: Texts) -> Actor:
    """Return the card's owner. Permission is checked again for each change."""
    return identity.resolve(tx, account_id=row.account_id, organization_id=row.organization_id)


# Role


def _role(step: Request, row: Row, actor: Actor, value: str) -> None:
    conversation.update(row, MembersData(note=False), to=ROLE)


def _role_screen(tx: Tx, row: Row, t: Texts) -> Message:
    actor = _looks(tx, row, t)
    user = directory.user(tx.session, MembersData.of(row).user_id)
    choices = [role for role in Role if actor.role.covers(role)]
    return views.roles(t, user.name, user.role, choices, data_of(row), problem_of(row, t))


def _to_role(step: Request, row: Row, actor: Actor, value: str) -> None:
    wanted, _, seen = value.partition(" ")
    try:
        role, before = Role(wanted), Role(seen)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    user_id = MembersData.of(row).user_id
    done = attempt(
        step,
        row,
        lambda: editing.change_role(step.by(actor), user_id, role=role, seen=before),
    )
    conversation.update(row, MembersData(note=done), to=CARD)


# A link of their own


def _link(step: Request, row: Row, actor: Actor, value: str) -> None:
    """Make one invite for each card: a second tap on the button does not void the first."""
    links = MembersData.of(row).links
    if number(value) != links:
        return
    user = directory.get(step.by(actor), MembersData.of(row).user_id)
    made: list[str] = []
    if attempt(
        step,
        row,
        lambda: made.append(editing.new_link(step.by(actor), user.id)),
    ):
        link = f"https://t.me/{step.bot_username}?start={made[0]}"
        step.say("own_invite", link=link, name=user.name)
        conversation.update(row, MembersData(links=links + 1))


def tap(work: Callable[[Request, Row, Actor, str], None]) -> OnTap:
    """Return the tap of an admin; the card is rendered after it."""

    def handle(step: Request, row: Row, value: str) -> None:
        work(step, row, acting(step, row), value)
        conversation.render(step, row)

    return handle


def text(work: Callable[[Request, Row, Actor, str], None]) -> OnText:
    return lambda step, row, said: work(step, row, acting(step, row), said)


MEMBERS = Conversation(
    NAME,
    {
        LIST: State(
            _list_screen,
            {
                "open": tap(_open),
                "page": tap(_page),
                "all": tap(_all),
                elsewhere.THINGS: tap(_things),
            },
            text(_look_for),
            fits=conversation.no_text,
        ),
        CARD: State(
            _card_screen,
            {
                "role": tap(_role),
                "fields": tap(members_editing.fields),
                "suspend": tap(members_editing.suspend),
                "reactivate": tap(members_editing.reactivate),
                "link": tap(_link),
                "free": tap(members_editing.free),
                "merging": merging.begin,
            },
            text(_look_for),
            fits=conversation.no_text,
        ),
        ROLE: State(_role_screen, {"to": tap(_to_role)}),
        FIELDS: State(
            members_editing.fields_screen,
            {"field": tap(members_editing.field), "fields": tap(members_editing.fields)},
        ),
        VALUE: State(
            members_editing.value_screen,
            {"clear": tap(members_editing.clear), "fields": tap(members_editing.fields)},
            text(members_editing.written),
        ),
        WHY: State(
            members_editing.why_screen, {"why": tap(members_editing.why)}, text(members_editing.typed_why)
        ),
        UNTIL: State(
            members_editing.until_screen,
            {"days": tap(members_editing.days)},
            text(members_editing.typed_until),
        ),
        **merging.STATES,
        conversation.OVER: State(conversation.nothing_stays),
    },
    {**CANCEL, "list": tap(_back_to_list), "card": tap(back_to_card)},
    SAVED_STAYS,
)
