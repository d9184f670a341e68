"""Data of the conversations of joining."""

from pydantic import Field

from handlers.ui.conversation import ConversationData


class JoinData(ConversationData):
    """Data of joining. `invite_id`: the opened invite, if any. `told`: the answers, by field.

    `offered`: first and last name in Telegram. `doubted`: what was written instead of a name, as it seemed.
    """

    invite_id: int | None = None
    words: str = ""
    offered: tuple[str, str] | None = None
    doubted: str = ""
    first: str = ""
    last: str = ""
    field: str = ""
    told: dict[str, str] = Field(default_factory=dict)


class TurnAwayData(ConversationData):
    """Data of declining: the request to join."""

    request_id: int = 0
