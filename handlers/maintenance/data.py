"""Data of the conversations about problems and blocks."""

from datetime import date

from handlers.ui.conversation import AboutRental
from handlers.ui.routes import Subject


class BlockData(Subject):
    """The number of `pieces`, or the `items`; dates as handlers/ui/widgets/date_range.py keeps them.

    `kinds`: the equipment of which one is to be chosen.
    `seen` are the rentals that were shown to lose something. `all`: the list is of all equipment; `done`: a
    block was just created.
    """

    kinds: tuple[int, ...] = ()
    pieces: int = 0
    items: tuple[int, ...] = ()
    page: int = 0
    month: date | None = None
    first: str = ""
    last: str = ""
    seen: tuple[int, ...] = ()
    all: bool = False
    done: bool = False


class ProblemData(AboutRental, Subject):
    """A piece of a rental (`claim_id`), the whole rental, or an item by itself.

    `lost`: the number of rentals that lost the item when it was taken out of lending. `ends`: no card is
    returned to.
    """

    claim_id: int | None = None
    page: int = 0
    note_id: int = 0
    lost: int | None = None
    ends: bool = False
