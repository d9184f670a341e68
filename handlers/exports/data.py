"""Data of the `/export` conversation."""

from datetime import date

from handlers.ui.conversation import ConversationData
from services.exports import What


class ExportData(ConversationData):
    """The table to export; `days`: the first and the last. `count`: rows sent."""

    what: What = What.INVENTORY
    days: tuple[date, date] | None = None
    count: int = 0
