"""Data of the `/labels` conversation."""

from typing import Any

from handlers.ui.routes import Subject
from services.labels.selection import By


class LabelsData(Subject):
    """`by`, `value` and `name`: the selection; `lists`: the list to choose from.

    `sheet` and `position`: the sheet and the first label on it. `count`: labels printed.
    """

    by: By | None = None
    value: Any = None
    name: str = ""
    lists: By = By.EQUIPMENT
    page: int = 0
    sheet: str = ""
    position: int = 0
    count: int = 0
