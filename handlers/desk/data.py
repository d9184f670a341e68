"""Data of the conversations at the desk."""

from datetime import date, datetime

from handlers.ui.conversation import ConversationData

OPEN = "open"


class EarlierData(ConversationData):
    """The return, or the rental that was handed out, that it is about; `at`: the moment that was entered."""

    about: int = 0
    at: datetime | None = None


class HandOutData(ConversationData):
    """A hand-out: its things, to whom, and until which day (ISO; OPEN: until further notice).

    `unknown`: codes beside the things that lead to none; `foreign`: whose the things of other clubs are that
    were beside them, by name; `others`: what else was named, and is nothing here; `below`: pieces to tap were
    sent below the card; `done`: the rental that others of them went out
    with; `words`: the search for the member; `all`: the list is of all members; `month`: that of the
    calendar.
    """

    items: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    below: bool = False
    done: int = 0
    user_id: int = 0
    words: str = ""
    all: bool = False
    page: int = 0
    last: str = ""
    month: date | None = None

    @property
    def last_day(self) -> date | None:
        """Return the chosen last day; None until further notice. Only where one of the two is chosen."""
        return date.fromisoformat(self.last) if self.last != OPEN else None
