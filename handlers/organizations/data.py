"""What the conversations about running an organisation remember."""

from typing import Any

from handlers.organizations.opening_hours_views import BOTH
from handlers.ui.conversation import ConversationData


class PolicyData(ConversationData):
    """`seen`: the rule's value as it was shown."""

    group: str = ""
    rule: str | None = None
    seen: Any = None


class OpeningData(ConversationData):
    """`applies`: to what hours of the weekday apply. `seen`: its hours as they were shown.

    `touched`: so many rentals begin or end on days that were just closed.
    """

    place: int | None = None
    weekday: int | None = None
    applies: str = BOTH
    seen: Any = None
    page: int = 0
    touched: int = 0


class OrganizationsData(ConversationData):
    """`detail` and `seen`: what is being changed, and its value as it was shown. `zones`: those offered.

    `name` and `timezone`: of the one being made; `made`: its name when it is, and `bot` whom to add to its
    group. `closed`: the name of the one that was.
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
