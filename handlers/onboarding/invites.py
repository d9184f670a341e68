"""Invite links: by a button, or as a command says."""

from markupsafe import Markup

from db.models import Organization
from db.states import Role
from handlers.ui.callbacks import Tap
from handlers.ui.request import Step
from services.core.errors import Refusal, Refused
from services.members import invites
from services.messaging import outbox


def tapped(step: Step, tap: Tap) -> Markup | None:
    try:
        role = Role(tap.arg)
    except ValueError:
        raise Refusal(Refused.OUTDATED) from None
    make(step, role)
    return None


def make(step: Step, role: Role, uses: int = 1, days: int = invites.DAYS) -> None:
    """One link per message and role: a button tapped twice does not open a second door."""
    actor = step.active()
    once = step.key(f"invite:{role}")
    if outbox.was_said(step.session, once):
        return
    token = invites.make(step.session, actor, step.now, role=role, uses=uses, days=days)
    link = f"https://t.me/{step.bot_username}?start={token}"
    organization = step.session.get_one(Organization, actor.organization_id).name
    step.say("invite", once=once, role=role, link=link, uses=uses, days=days, organization=organization)
