"""What the conversations about members remember."""

from typing import Any

from handlers.ui.conversation import ConversationData


class MembersData(ConversationData):
    """`/members`. `note`: something was just saved. `links`: so many were made from this card.

    `field` and `seen`: what is being changed, and its value as it was shown. `reason`: of a suspension.
    """

    words: str = ""
    page: int = 0
    user_id: int = 0
    note: bool = False
    links: int = 0
    fields_page: int = 0
    field: str = ""
    seen: Any = None
    reason: str = ""


class MeData(ConversationData):
    """`/me`. `left`: the member that one was, where one has left. `seen`: the rentals that were shown to end.

    `unlink`: the account that is asked about.
    """

    left: int | None = None
    seen: tuple[int, ...] = ()
    unlink: int = 0
