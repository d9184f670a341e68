"""Data of the `/rent` conversation."""

from datetime import date

from handlers.ui.conversation import AboutRental

NAME = "rent"


class RentData(AboutRental):
    """`rental_id` is the basket. `near`: the list has these, by the values of their buttons: nothing has the
    `words`, which are near to their names.

    `asked_…`: words after the command, until it is clear which equipment they are for; days as
    handlers/ui/widgets/date_range.py keeps them. `asked_more`: words and numbers of further things, which
    belong `together` with what was put in the basket just before. `waiting`: the same of a whole line, while
    its days are asked about. `whom…`: while a lender chooses a member, the search and the state to go back
    to. `tried`: the first and last day that were asked for last; the last may be open. `like`: the equipment
    of which there is too little, while things like it are listed. `by…`: what the list is narrowed by, and
    whose choices are open. `how_many`, `how_long`: a number is asked for, and from what time on it is wanted
    that long; both until something else is typed.
    """

    words: str = ""
    near: tuple[str, ...] = ()
    page: int = 0
    narrow: str = ""
    types_page: int = 0
    month: date | None = None
    first: date | None = None
    first_time: str = ""
    asked_first: str = ""
    asked_last: str = ""
    asked_length: int = 0
    asked_quantity: int = 1
    asked_more: tuple[tuple[str, int], ...] = ()
    together: bool = False
    tried: tuple[str, ...] = ()
    like: int = 0
    waiting: tuple[tuple[str, int], ...] = ()
    field_id: int = 0
    several: bool = False
    by: str = ""
    by_place: int = 0
    by_type: str = ""
    by_tags: tuple[int, ...] = ()
    by_days: tuple[str, ...] = ()
    how_many: bool = False
    how_long: str = ""
    whom: str = ""
    whom_page: int = 0
    whom_back: str = ""
