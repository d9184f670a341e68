"""Data of the conversations about one rental."""

from datetime import date

from handlers.ui.conversation import AboutRental


class ExtensionData(AboutRental):
    """`by_desk`: a lender gives it."""

    month: date | None = None
    by_desk: bool = False
