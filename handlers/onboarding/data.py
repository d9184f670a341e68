"""Data of the conversations of joining."""

from pydantic import Field

from handlers.ui.conversation import ConversationData


class JoinData(ConversationData):
    """Data of joining. `invite_id`: the opened invite, if any. `told`: the answers, by field."""

    invite_id: int | None = None
    words: str = ""
    first: str = ""
    last: str = ""
    field: str = ""
    told: dict[str, str] = Field(default_factory=dict)


class TurnAwayData(ConversationData):
    """Data of declining: the request to join."""

    request_id: int = 0
