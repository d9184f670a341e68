"""Somebody of Telegram's own list of people, or a contact that was sent, where a member is asked for."""

from collections.abc import Callable

from db.models import Conversation as Row
from db.models import User
from handlers.i18n.texts import Texts
from handlers.ui import conversation
from handlers.ui.conversation import OnShared, OnTap, Shared
from handlers.ui.form import Data, attempt
from handlers.ui.message import Button, Rows, Share
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.members import registration


def rows(t: Texts, row: Row, data: Data) -> Rows:
    """Return the button that asks for a person, in private: a group has no button below the input."""
    return ((Button(str(t("Somebody in Telegram")), data("person", "")),),) if row.chat_id > 0 else ()


def ask(state: str, allow: Callable[[Request], object]) -> OnTap:
    """Return the tap that goes to the state in which a person is shared; `allow` raises for who may not."""

    def handle(step: Request, row: Row, _value: str) -> None:
        allow(step)
        conversation.update(row, to=state)
        conversation.ask_to_share(row, Share.PERSON)
        conversation.render(step, row)

    return handle


def taken_by(take: Callable[[Request, Row, int], object]) -> OnShared:
    """Return the handler of a shared person: `take` gets their member's id. Who is no member yet becomes one,
    and the lender gets a link for them.
    """

    def handle(step: Request, row: Row, shared: Shared) -> None:
        found: list[tuple[User, str | None]] = []

        def look() -> None:
            if not shared.account_id:
                raise Refusal(Refused.TEXT_EXPECTED)
            tx, name = step.by(step.active()), (shared.first_name, shared.last_name)
            found.append(registration.at_the_desk(tx, shared.account_id, *name))

        if not attempt(step, row, look):
            return
        user, token = found[0]
        take(step, row, user.id)
        if token is not None:
            step.say("own_invite", link=f"https://t.me/{step.bot_username}?start={token}", name=user.name)

    return handle
