"""Data of the conversations at the desk."""

from datetime import date

from handlers.ui.conversation import ConversationData


class HandOutData(ConversationData):
    """Items handed out now, the member, and the day until which (ISO).

    `words`: the search for the member; `all`: the list is of all members; `month`: that of the calendar.
    """

    items: tuple[int, ...] = ()
    user_id: int = 0
    words: str = ""
    all: bool = False
    page: int = 0
    last: str = ""
    month: date | None = None
