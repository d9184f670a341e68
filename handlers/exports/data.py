"""What `/export` remembers."""

from datetime import date

from handlers.ui.conversation import ConversationData
from services.exports import What


class ExportData(ConversationData):
    """What is exported; `days`: the first and the last. `count`: so many rows were sent."""

    what: What = What.INVENTORY
    days: tuple[date, date] | None = None
    count: int = 0
