"""Data of the conversations about members."""

from typing import Any

from handlers.ui.conversation import ConversationData


class MembersData(ConversationData):
    """Data of `/members`. `note`: something was just saved. `links`: invites made from this card.

    `field` and `seen`: the field being changed, and its value as it was shown. `reason`: of a suspension.
    `other…`: the member to be merged into this one, and the search for them.
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
    other: int = 0
    other_words: str = ""
    other_page: int = 0


class MeData(ConversationData):
    """Data of `/me`. `left`: the user of a former membership. `seen`: the rentals that were shown as ending.

    `unlink`: the account to be unlinked. `field`: what is being changed. `doubted`: what was written
    instead of a name, as it seemed. `renewed`: one's card was just made new.
    """

    left: int | None = None
    seen: tuple[int, ...] = ()
    unlink: int = 0
    field: str = ""
    doubted: str = ""
    renewed: bool = False
