"""Data of the conversations about one rental."""

from datetime import date

from handlers.ui.conversation import AboutRental


class ExtensionData(AboutRental):
    """`by_desk`: a lender gives it. `said`: the day that was asked for in words."""

    month: date | None = None
    by_desk: bool = False
    said: date | None = None
