"""What `/labels` remembers."""

from typing import Any

from handlers.ui.routes import Subject
from services.labels.selection import By


class LabelsData(Subject):
    """`by`, `value` and `name`: what was chosen; `lists`: the list that is being chosen from.

    `sheet` and `position`: on which sheet, from which label on. `count`: so many were printed.
    """

    by: By | None = None
    value: Any = None
    name: str = ""
    lists: By = By.EQUIPMENT
    page: int = 0
    sheet: str = ""
    position: int = 0
    count: int = 0
