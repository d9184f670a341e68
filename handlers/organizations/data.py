"""Data of the conversations about managing an organization."""

from typing import Any

from handlers.organizations.opening_hours_views import BOTH
from handlers.ui.conversation import ConversationData


class PolicyData(ConversationData):
    """Data of `/policy`. `seen`: the rule's value as it was shown.

    `said`: a value that was asked for in words.
    """

    group: str = ""
    rule: str | None = None
    seen: Any = None
    said: int | None = None


class OpeningData(ConversationData):
    """Data of opening hours. `applies`: hand-out, return or both. `seen`: the day's hours as they were shown.

    `touched`: the number of rentals that begin or end on days that were just closed.
    """

    place: int | None = None
    weekday: int | None = None
    applies: str = BOTH
    seen: Any = None
    page: int = 0
    touched: int = 0


class OrganizationsData(ConversationData):
    """Data of `/organizations`. `detail` and `seen`: the detail being changed, and its value as it was shown.

    `zones`: the time zones offered. `name` and `timezone`: of the one being created; `made`: its name
    afterwards, and `bot` the bot to add to its group. `closed`: the name of the one that was closed.
    """

    page: int = 0
    organization_id: int | None = None
    detail: str | None = None
    seen: str | None = None
    zones: tuple[str, ...] = ()
    name: str | None = None
    timezone: str | None = None
    made: str = ""
    bot: str = ""
    closed: str = ""
