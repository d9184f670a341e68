"""What the conversations about one rental remember."""

from datetime import date, datetime

from handlers.ui.conversation import AboutRental


class ExtensionData(AboutRental):
    """`until`: when it is due, if it is granted."""

    month: date | None = None
    until: datetime | None = None
