"""What the conversations of those who join remember."""

from pydantic import Field

from handlers.ui.conversation import ConversationData


class JoinData(ConversationData):
    """`invite_id`: the link that was opened, if it was one. `told`: what was answered, by field."""

    invite_id: int | None = None
    words: str = ""
    first: str = ""
    last: str = ""
    field: str = ""
    told: dict[str, str] = Field(default_factory=dict)


class TurnAwayData(ConversationData):
    """Which request to join is declined."""

    request_id: int = 0
