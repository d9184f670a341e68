"""Short answers with links to accounts and invites."""

from handlers.i18n.texts import Texts, lines
from handlers.ui.message import Message
from handlers.ui.registry import Params
from services.members import invites


def own_invite(t: Texts, p: Params) -> Message:
    return Message(
        lines(
            t(
                "Send this link to {name} and to nobody else: whoever opens it becomes {name}.",
                name=p["name"],
            ),
            p["link"],
            t(
                "It works once, within {days} days. Earlier links for {name} no longer work.",
                days=invites.PERSONAL_DAYS,
                name=p["name"],
            ),
        )
    )


def another_account(t: Texts, p: Params) -> Message:
    return Message(
        lines(
            t(
                "Open this link with your other Telegram account. Keep it to yourself: whoever opens it "
                "can act as you."
            ),
            p["link"],
            t.plural("It works once, within {n} hour.", "It works once, within {n} hours.", p["hours"]),
        )
    )
