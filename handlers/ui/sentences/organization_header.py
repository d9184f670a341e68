"""The organization that a message is about, for people who are in more than one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message, Rows
from handlers.ui.request import Request
from services.core.tx import Tx
from services.members import accounts

_LONGEST = 60

SIGN = "🏠"
"""The beginning of the organization's name above a message."""


def named(
    tx: Tx, chat_id: int, organization_id: int | None, message: Message, *, is_in_several: bool | None = None
) -> Message:
    """Add the organization's name above the message, for somebody who is in more than one."""
    if chat_id < 0 or organization_id is None:
        return message
    if not (accounts.is_in_several(tx.session, chat_id) if is_in_several is None else is_in_several):
        return message
    name = short(tx.organization_of(organization_id).name, _LONGEST)
    return replace(message, text=lines(Markup("{} <i>{}</i>").format(SIGN, name), message.text))


def named_here(step: Request, message: Message) -> Message:
    """Add the organization's name above a direct answer."""
    organization_id = step.organization_id or accounts.current(step.session, step.sender.account_id)
    return named(step.tx, step.place.chat_id, organization_id, message, is_in_several=step.is_in_several)


def add_to_group(t: Texts, bot: str) -> tuple[Button, ...]:
    """Return the button to choose a group in Telegram, which sends `/setup setup` there."""
    return (Button(str(t("Add me to your group")), url=f"https://t.me/{bot}?startgroup=setup"),)


def organization_buttons(choices: Iterable[Sequence[Any]]) -> Rows:
    """Return a button for each organization, from pairs of id and label; a tap switches to it."""
    return tuple((Button(label, pack(Verb.SWITCH, id_)),) for id_, label in choices)
