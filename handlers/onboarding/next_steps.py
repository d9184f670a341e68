"""Buttons for what comes next: below the welcome, `/start` and `/help`."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts
from handlers.members import organization_switch
from handlers.onboarding import help
from handlers.telegram import permissions
from handlers.ui.callbacks import AnyVerb, Tap, pack
from handlers.ui.message import Button, Message, Rows
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Request
from handlers.ui.sentences.organization_header import organization_buttons
from services.core.errors import Refusal, Refused


class Verb(AnyVerb):
    GO = "go"  # arg: the command that the button stands for


_STEPS: Mapping[str, tuple[Role, Callable[[Texts], Markup]]] = {
    "rent": (Role.USER, lambda t: t("Borrow something")),
    "items": (Role.USER, lambda t: t("See the equipment")),
    "desk": (Role.LENDER, lambda t: t("Today at the desk")),
    "invite": (Role.ADMIN, lambda t: t("Invite members")),
}
"""Commands that show a card of their own, with the lowest role for each."""


def rows(t: Texts, role: Role) -> Rows:
    """Return the buttons for a role, two in a row."""
    buttons = [
        Button(str(label(t)), pack(Verb.GO, arg=name))
        for name, (lowest, label) in _STEPS.items()
        if role.covers(lowest)
    ]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def go(step: Request, tap: Tap) -> Markup | None:
    """Do what the command does."""
    if tap.arg not in _STEPS:
        raise Refusal(Refused.OUTDATED)
    command = REGISTRY.commands[tap.arg]
    permissions.require(step, command)
    command.run(step, "")
    return None


def more(step: Request, tap: Tap) -> Message:
    """Show a part of the help, or all that it begins with, in the place of the other."""
    try:
        actor = step.actor()
    except Refusal:
        return help.help_text(step.texts, None, None)
    name = step.by(actor).organization.name
    shown = help.help_text(step.texts, actor.role if actor.active else Role.USER, name, tap.arg)
    switches = organization_switch.choices(step.tx, step.sender.account_id) if not tap.arg else ()
    return Message(shown.text, (*shown.buttons, *organization_buttons(switches)))
