"""`/start` and `/help`: the greeting, links, and what there is to do."""

from db.states import Role
from handlers.access import login
from handlers.desk.codes import member_scans, scanning
from handlers.members import organization_switch
from handlers.onboarding import club_discovery, help, joining
from handlers.ui.message import Message
from handlers.ui.request import Request
from services.access import links
from services.core.errors import Refusal, Refused
from services.labels import qr
from services.messaging import group_chats


def start(step: Request, words: str) -> Message | None:
    """`/start`, maybe with the payload of a link.

    `j_…` is an invite, `i_…` a label, `m_…` a member's card, `l_…` a login.
    """
    payload = words.strip()
    if step.place.is_group:
        if _is_theirs(step):
            return help.group_help(step.texts)
        step.say("greeting")
        return None
    if payload.startswith("j_"):
        joining.begin(step, payload)
        return None
    if payload.startswith(links.PREFIX):
        return login.begin(step, payload)
    if payload.startswith(qr.LABEL):
        scanning.scan(step, payload.removeprefix(qr.LABEL))
        return None
    if payload.startswith(qr.CARD):
        member_scans.scan(step, payload.removeprefix(qr.CARD))
        return None
    try:
        actor = step.actor()
    except Refusal as refusal:
        _unless_closed(refusal)
        if not club_discovery.welcome_stranger(step):
            step.say("hello", name=step.sender.first_name)
        return None
    organization = step.by(actor).organization
    step.say(
        "help",
        role=actor.role,
        organization=organization.name,
        choices=organization_switch.choices(step.tx, step.sender.account_id),
    )
    return None


def _is_theirs(step: Request) -> bool:
    """Return whether this is the admin group of a club of theirs, which needs no binding."""
    bound = group_chats.bound_to(step.session, step.place.chat_id)
    try:
        return bound is not None and bool(step.actor_in(bound.id))
    except Refusal:
        return False


def _unless_closed(refusal: Refusal) -> None:
    """Raise CLOSED again: a member of a closed organization is no stranger."""
    if refusal.code is Refused.CLOSED:
        raise refusal


def help_(step: Request, words: str) -> Message | None:
    t = step.texts
    if step.place.is_group:
        return help.group_help(t)
    try:
        actor = step.actor()
    except Refusal as refusal:
        _unless_closed(refusal)
        return help.help_text(t, None, None)
    organization = step.by(actor).organization
    return help.help_text(t, actor.role if actor.active else Role.USER, organization.name)
