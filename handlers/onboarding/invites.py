"""Invite links: by a button, or by `/invite`."""

from markupsafe import Markup

from db.states import Role
from handlers.ui.callbacks import Tap
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.members import invites
from services.messaging import outbox


def tapped(step: Request, tap: Tap) -> Markup | None:
    try:
        role = Role(tap.arg)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    make(step, role)
    return None


def make(step: Request, role: Role, uses: int = 1, days: int = invites.DAYS) -> None:
    """Make one link per message and role: a double tap does not make a second one."""
    actor = step.active()
    once = step.key(f"invite:{role}")
    if outbox.was_said(step.session, once):
        return
    token = invites.make(step.by(actor), role=role, uses=uses, days=days)
    link = f"https://t.me/{step.bot_username}?start={token}"
    organization = step.by(actor).organization.name
    step.say("invite", once=once, role=role, link=link, uses=uses, days=days, organization=organization)


def command(step: Request, words: str) -> None:
    """`/invite` asks for the role; `/invite lender 5` makes one link for five lenders."""
    actor = step.active()
    actor.require(Role.ADMIN)
    name, _, uses = words.strip().lower().partition(" ")
    by_name = {**{role.value: role for role in Role}, "member": Role.USER, "medlem": Role.USER}
    if name not in by_name:
        organization = step.by(actor).organization
        roles = [role for role in Role if actor.role.covers(role)]
        step.say("invite_roles", roles=roles, organization=organization.name)
        return
    number = int(uses) if uses.strip().isascii() and uses.strip().isdigit() and len(uses) < 6 else 1
    make(step, by_name[name], uses=min(max(number, 1), 500))
