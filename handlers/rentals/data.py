"""Data of the conversations about one rental."""

from datetime import date, datetime

from handlers.ui.conversation import AboutRental


class ExtensionData(AboutRental):
    """`until`: the due time asked for. `by_desk`: a lender gives it."""

    month: date | None = None
    until: datetime | None = None
    by_desk: bool = False
