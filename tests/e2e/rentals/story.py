"""The whole story of a club, as lines to play: who does what, and what is read then.

The lines are data, so that they can be played as they are, doubled, or with the program dying in between.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

BEGIN = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
"""A Tuesday, 09:00 in Oslo."""

TICK = timedelta(seconds=130)
"""From one line to the next: longer than a message stays taken by two dead programs
(services/messaging/delivery_queue.py)."""

ACCOUNTS = {"Kari": 101, "Ola": 102, "Lars": 103, "Anna": 104, "Ada": 105}

INVENTORY = b"name,code\nTent,T1\nTent,T2\nTent,T3\nStove,S1\nTarpaulin,P1\nTarpaulin,P2\n"


class Does(Enum):
    TYPES = auto()
    TAPS = auto()
    REPLIES = auto()
    """To the newest message of the bot."""
    OPENS = auto()
    """The link in the newest message of `what` that has one; or a payload."""
    ADDS_BOT = auto()
    SENDS_FILE = auto()
    WAITS = auto()
    """Until `what`, in UTC: what falls due until then happens."""


@dataclass(frozen=True)
class Line:
    """`sees`: what stands in this chat afterwards, new or changed; `then`: the same in other chats.

    "group" is the club's group, any other name that person's own chat with the bot.
    """

    who: str
    does: Does
    what: str
    sees: str = ""
    then: tuple[tuple[str, str], ...] = ()
    in_group: bool = False

    def __str__(self) -> str:
        where = " in the group" if self.in_group else ""
        return f"{self.who}{where} {self.does.name.lower()} “{self.what}”"


def types(who: str, what: str, sees: str, **then: str) -> Line:
    return Line(who, Does.TYPES, what, sees, tuple(then.items()))


def taps(who: str, what: str, sees: str = "", **then: str) -> Line:
    return Line(who, Does.TAPS, what, sees, tuple(then.items()))


def taps_there(who: str, what: str, sees: str = "", **then: str) -> Line:
    return Line(who, Does.TAPS, what, sees, tuple(then.items()), in_group=True)


def waits(until: str, **then: str) -> Line:
    return Line("Kari", Does.WAITS, until, "", tuple(then.items()))


def joins(who: str, name: str) -> list[Line]:
    return [
        Line(who, Does.OPENS, "Ada", "What is your name?"),
        types(who, name, f"Welcome to Fjellklubben, {name}!"),
    ]


THE_FIRST_DAY = [
    Line("Ada", Does.OPENS, "", "Fjellklubben invites you."),
    taps("Ada", "Ada Berg", "Welcome to Fjellklubben, Ada Berg!"),
    Line("Ada", Does.ADDS_BOT, "setup", "Tap the button", in_group=True),
    taps_there("Ada", "This is our admin group", "This group now decides for Fjellklubben"),
    Line("Ada", Does.SENDS_FILE, "inventory.csv", "6 rows read"),
    types("Ada", "/invite", "Whom do you invite to"),
    taps("Ada", "Admin", "Send this link"),
    *joins("Anna", "Anna Dahl"),
    types("Ada", "/invite lender", "Send this link"),
    *joins("Lars", "Lars Lund"),
    types("Ada", "/invite member 2", "It works for 2 people"),
    *joins("Kari", "Kari Nordmann"),
    *joins("Ola", "Ola Hansen"),
]

BROWSING = [
    types("Kari", "/items", "What do you need?"),
    types("Kari", "tarp", "Tarpaulin"),
    taps("Kari", "Back", "What do you need?"),
    taps("Kari", "Cancel", "Cancelled."),
    types("Kari", "/me", "Kari Nordmann"),
]

A_CONVERSATION = [
    types("Kari", "/rent tent", "From which day?"),
    taps("Kari", "3", "Until which day?"),
    types("Kari", "5.12.", "Your basket"),
    taps("Kari", "+", "2 × Tent"),
    taps("Kari", "Purpose", "What is it for?"),
    types("Kari", "Scout trip <3", "Purpose: Scout trip <3"),
    taps("Kari", "Confirm", "Waiting for an answer", group="Kari Nordmann"),
    taps_there("Anna", "Approve", "Approved by Anna Dahl", Kari="Approved by Anna Dahl"),
]

ON_ONE_LINE = [
    types("Ola", "/rent stove 2026-12-03 2026-12-04", "Your basket"),
    taps("Ola", "Confirm", "Waiting for an answer", group="Ola Hansen"),
    taps_there("Anna", "Decline", "Why is rental"),
    taps_there("Anna", "Under repair", Ola="Reason: Under repair"),
    types("Ola", "/rent S1 2026-12-03 2026-12-04", "Your basket"),
    taps("Ola", "Confirm", "Waiting for an answer", group="Ola Hansen"),
    taps_there("Anna", "Decline", "Why is rental"),
    Line("Anna", Does.REPLIES, "We need it ourselves", "", (("Ola", "We need it ourselves"),), in_group=True),
    types("Ola", "/rent tarpaulin x2 tomorrow 2 days", "Your basket"),
    taps("Ola", "Confirm", "Waiting for an answer", group="Ola Hansen"),
    taps_there("Anna", "Approve", "Approved by Anna Dahl", Ola="Approved by Anna Dahl"),
    taps("Ola", "Cancel", "Cancel rental"),
    taps("Ola", "Yes, cancel it", "Cancelled", group="Cancelled"),
]

GOING_OUT = [
    waits("2026-12-03 07:00", Kari="is ready for you"),
    taps_there("Lars", "Swap", "Which one do you swap?"),
    taps_there("Lars", "Tent · T1", "Swap it for which one?"),
    taps_there("Lars", "T3", "Codes: T2, T3", Kari="Codes: T2, T3"),
    taps_there("Lars", "Only some", "Which one goes out?"),
    taps_there("Lars", "Tent · T2", "1 not fetched", Kari="1 not fetched"),
    taps("Kari", "Picked up", "Out, due", group="Out, due"),
]

LONGER = [
    types("Kari", "/extend", "Until which day do you need it?"),
    taps("Kari", "7", "Asked for more time", group="Asks to keep it until"),
    taps_there("Anna", "Decline", Kari="cannot be kept until"),
    taps("Kari", "Extend", "Until which day do you need it?"),
    types("Kari", "6.12.", "Asked for more time", group="Asks to keep it until"),
    taps_there("Anna", "Approve", Kari="said yes"),
]

COMING_BACK = [
    waits("2026-12-05 08:00", Kari="is due back"),
    waits("2026-12-06 19:00", Kari="is due back now"),
    waits("2026-12-07 08:00", Kari="has been overdue since", group="1 rental is overdue"),
    taps("Kari", "Problem", "Which thing of rental"),
    taps("Kari", "All of it", "What is wrong with rental"),
    types("Kari", "A pole is bent", "Problem: A pole is bent", group="Problem: A pole is bent"),
    taps("Kari", "Only some", "Which one is back?"),
    taps("Kari", "Tent · T2", group="A pole is bent"),
    taps_there("Lars", "Confirm return", "1 back", Kari="1 back"),
    taps("Kari", "Return", "Returned, waiting for a lender", group="Returned, waiting"),
    taps_there("Lars", "Confirm return", "Returned, all done", Kari="Returned, all done"),
]

AT_THE_DESK = [
    types("Ola", "/rent stove today 2 days", "Your basket"),
    taps("Ola", "Confirm", "Waiting for an answer", group="Ola Hansen"),
    taps_there("Anna", "Approve", "Approved by Anna Dahl", Ola="Approved by Anna Dahl"),
    types("Lars", "/desk", "Goes out today"),
    types("Lars", "/handout S1", "S1 · Stove"),
    taps("Lars", "Hand out", "Out, due", Ola="Out, due"),
    types("Lars", "/takeback S1", "Out, due"),
    taps("Lars", "Take back", "It is here.", Ola="Returned, all done"),
    types("Kari", "/rentals", "You have no rentals now"),
    types("Ola", "/language", "Which language?"),
    taps("Ola", "Norsk", "norsk"),
]

WHOLE = [
    *THE_FIRST_DAY,
    *BROWSING,
    *A_CONVERSATION,
    *ON_ONE_LINE,
    *GOING_OUT,
    *LONGER,
    *COMING_BACK,
    *AT_THE_DESK,
]
