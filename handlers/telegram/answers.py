"""Short answers of no single feature: confirmations by name, and refusals of input."""

from collections.abc import Sequence

from db.models import OutboxMessage
from handlers.i18n.texts import Texts
from handlers.ui.message import Button, Message
from handlers.ui.registry import REGISTRY, Params
from services.core.tx import Tx
from services.members import accounts


def said(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    """Return the answer that `Request.say` named."""
    return answer(t, rows[0].params)


def answer(t: Texts, params: Params) -> Message:
    return REGISTRY.answers[params["what"]](t, params)


def cancelled(t: Texts, p: Params) -> Message:
    return Message(t("Cancelled. Nothing was sent."))


def saved_stays(t: Texts, p: Params) -> Message:
    return Message(t("Closed. What you saved is kept."))


def closed(t: Texts, p: Params) -> Message:
    return Message(t("Closed."))


def private_only(t: Texts, bot: str) -> Message:
    return Message(
        t("Please do that in a private chat with me."),
        ((Button(str(t("Open")), url=f"https://t.me/{bot}"),),),
    )


def group_only(t: Texts) -> Message:
    return Message(t("That command belongs in your admin group."))


def edited(t: Texts) -> Message:
    return Message(t("I do not follow edits. Please write it again as a new message."))


# Of the program itself


def unreachable(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    name = accounts.known_as(tx.session, rows[0].params["account_id"], rows[0].params.get("user_id"))
    return Message(
        t("{name} has blocked the bot and gets no more reminders. Please call or write.", name=name)
    )


def group_lost(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return Message(
        t(
            "I am no longer in “{title}”. Requests now come to you in private; /pending shows the open ones.",
            title=rows[0].params["title"],
        )
    )


def group_muted(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return Message(
        t(
            "I am not allowed to write in “{title}”. Requests and messages for the group wait "
            "until I am: please let me send messages there. Meanwhile /pending shows the open "
            "requests.",
            title=rows[0].params["title"],
        )
    )


def fault(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    return Message(t("Something went wrong on our side. Nothing was changed; the operator has been told."))


def operator_fault(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message | None:
    values = {key: str(value)[:300] for key, value in rows[0].params.items()}
    return Message(t("Update set aside after five failures: {what}", what=values))
