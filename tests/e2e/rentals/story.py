"""The whole story of a club, as lines to play: who does what, and what is read then.

The lines are data, so that they can be played as they are, doubled, or with the program dying in between.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from db.states import RentalStatus, Role
from handlers.desk import item_card_views
from handlers.i18n.texts import Texts
from handlers.imports import views
from handlers.imports.plan_views import Verb as Asked
from handlers.members.own import language
from handlers.rentals import card_views, lists
from handlers.rentals.custody import more_time
from handlers.rentals.pieces import piece_picker
from handlers.rentals.pieces import piece_picker_views as piece_views
from handlers.rentals.requests import approval as approval_views
from handlers.ui.callbacks import Verb
from sandbox.person import What, Which
from services.imports import jobs
from services.messaging.kinds import DIGEST, REMINDER
from services.messaging.notifications import DAY_CARD
from services.rentals.reminders import DUE, DUE_SOON, PICK_UP
from tests.e2e.seen import asking, by, by_with, carrying, of_kind, saying, showing, wording

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
    """`sees`: what is in this chat afterwards, new or changed; `then`: the same in other chats.

    "group" is the club's group, any other name that person's own chat with the bot.
    """

    who: str
    does: Does
    what: Which
    sees: What = ""
    then: tuple[tuple[str, What], ...] = ()
    in_group: bool = False

    def __str__(self) -> str:
        where = " (group)" if self.in_group else ""
        return f"{self.who}{where} {self.does.name.lower()} “{self.what}”"


def types(who: str, what: str, sees: What, **then: What) -> Line:
    return Line(who, Does.TYPES, what, sees, tuple(then.items()))


def taps(who: str, what: Which, sees: What = "", **then: What) -> Line:
    return Line(who, Does.TAPS, what, sees, tuple(then.items()))


def taps_there(who: str, what: Which, sees: What = "", **then: What) -> Line:
    return Line(who, Does.TAPS, what, sees, tuple(then.items()), in_group=True)


def waits(until: str, **then: What) -> Line:
    return Line("Kari", Does.WAITS, until, "", tuple(then.items()))


def joins(who: str, name: str) -> list[Line]:
    return [
        Line(who, Does.OPENS, "Ada", asking("join.ask")),
        types(who, name, saying("welcome", name=name)),
    ]


APPROVED = wording(card_views.status_line, RentalStatus.APPROVED, name="Anna Dahl")
CANCELLED = showing(RentalStatus.CANCELLED)
LENT = wording(card_views.status_line, RentalStatus.OUT, moment=...)
NOT_FETCHED = wording(card_views._some, "held", n=1)
REPAIR = wording(card_views._reason, reason=card_views.usual_reasons(Texts())[1])
RETURNING = wording(card_views.status_line, "waiting_back")

THE_FIRST_DAY = [
    Line("Ada", Does.OPENS, "", asking("join.ask")),
    taps("Ada", "Ada Berg", saying("welcome", name="Ada Berg")),
    Line("Ada", Does.ADDS_BOT, "setup", saying("greeting"), in_group=True),
    taps_there("Ada", by(Verb.BIND), saying("group_bound", organization="Fjellklubben")),
    Line("Ada", Does.SENDS_FILE, "inventory.csv", of_kind(jobs.CARD)),
    taps("Ada", by(Asked.IMPORT_LIST), wording(views.summary, n=6)),
    types("Ada", "/invite", saying("invite_roles")),
    taps("Ada", by(Verb.INVITE, arg=Role.ADMIN), saying("invite", role=Role.ADMIN)),
    *joins("Anna", "Anna Dahl"),
    types("Ada", "/invite lender", saying("invite", role=Role.LENDER)),
    *joins("Lars", "Lars Lund"),
    types("Ada", "/invite member 2", saying("invite", uses=2)),
    *joins("Kari", "Kari Nordmann"),
    *joins("Ola", "Ola Hansen"),
]

BROWSING = [
    types("Kari", "/items", asking("rent.pick")),
    types("Kari", "tarp", "Tarpaulin"),
    taps("Kari", carrying("back"), asking("rent.pick")),
    taps("Kari", "Cancel", "Cancelled."),
    types("Kari", "/me", "Kari Nordmann"),
]

A_CONVERSATION = [
    types("Kari", "/rent tent", asking("rent.first")),
    taps("Kari", "3", asking("rent.last")),
    types("Kari", "5.12.", asking("rent.basket")),
    taps("Kari", "+", "2 × Tent"),
    taps("Kari", carrying("purpose"), asking("rent.purpose")),
    types("Kari", "Scout trip <3", "Purpose: Scout trip <3"),
    taps("Kari", "Confirm", showing(RentalStatus.REQUESTED), group="Kari Nordmann"),
    taps_there("Anna", "Approve", APPROVED, Kari=APPROVED),
]

ON_ONE_LINE = [
    types("Ola", "/rent stove 2026-12-03 2026-12-04", asking("rent.basket")),
    taps("Ola", "Confirm", showing(RentalStatus.REQUESTED), group="Ola Hansen"),
    taps_there("Anna", "Decline", asking("decline.ask")),
    taps_there("Anna", carrying("why", 1), Ola=REPAIR),
    types("Ola", "/rent S1 2026-12-03 2026-12-04", asking("rent.basket")),
    taps("Ola", "Confirm", showing(RentalStatus.REQUESTED), group="Ola Hansen"),
    taps_there("Anna", "Decline", asking("decline.ask")),
    Line("Anna", Does.REPLIES, "We need it ourselves", "", (("Ola", "We need it ourselves"),), in_group=True),
    types("Ola", "/rent tarpaulin x2 tomorrow 2 days", asking("rent.basket")),
    taps("Ola", "Confirm", showing(RentalStatus.REQUESTED), group="Ola Hansen"),
    taps_there("Anna", "Approve", APPROVED, Ola=APPROVED),
    taps("Ola", "Cancel", wording(approval_views.surely, id=...)),
    taps("Ola", by(Verb.CANCEL_SURELY), CANCELLED, group=CANCELLED),
]

GOING_OUT = [
    waits("2026-12-03 07:00", Kari=of_kind(REMINDER, moment=PICK_UP)),
    taps_there("Lars", by(Verb.SWAP), wording(piece_picker.swap)),
    taps_there("Lars", "T1 · Tent", wording(piece_views.alternatives)),
    taps_there("Lars", "T3", "Codes: T2, T3", Kari="Codes: T2, T3"),
    taps_there("Lars", by(Verb.SOME_OUT), wording(piece_picker.some_out)),
    taps_there("Lars", "T2 · Tent", NOT_FETCHED, Kari=NOT_FETCHED),
    taps("Kari", "Picked up", showing(RentalStatus.OUT), group=showing(RentalStatus.OUT)),
]

LONGER = [
    types("Kari", "/extend", asking("extend.ask")),
    taps("Kari", "7", showing(RentalStatus.OUT), group=wording(more_time.asks, moment=...)),
    taps_there("Anna", "Decline", Kari=of_kind("extension_declined")),
    taps("Kari", "Extend", asking("extend.ask")),
    types("Kari", "6.12.", showing(RentalStatus.OUT), group=wording(more_time.asks, moment=...)),
    taps_there("Anna", "Approve", Kari=wording(more_time.answered, "granted", name=...)),
]

COMING_BACK = [
    waits("2026-12-05 08:00", Kari=of_kind(REMINDER, moment=DUE_SOON)),
    waits("2026-12-06 19:00", Kari=of_kind(REMINDER, moment=DUE)),
    waits("2026-12-07 08:00", Kari=of_kind(REMINDER, moment="overdue:1"), group=of_kind(DIGEST)),
    taps("Kari", "Problem", asking("problem.which")),
    taps("Kari", carrying("piece", ""), asking("problem.ask")),
    types("Kari", "A pole is bent", "Problem: A pole is bent", group="Problem: A pole is bent"),
    taps("Kari", by(Verb.SOME_BACK), wording(piece_picker.some_back)),
    taps("Kari", by_with(Verb.RETURN, "T2 · Tent"), group="A pole is bent"),
    taps_there("Lars", "Confirm return", "1 back", Kari="1 back"),
    taps("Kari", "Return", RETURNING, group=RETURNING),
    taps_there("Lars", "Confirm return", showing(RentalStatus.RETURNED), Kari=showing(RentalStatus.RETURNED)),
]

AT_THE_DESK = [
    types("Ola", "/rent stove today 2 days", asking("rent.basket")),
    taps("Ola", "Confirm", showing(RentalStatus.REQUESTED), group="Ola Hansen"),
    taps_there("Anna", "Approve", APPROVED, Ola=APPROVED),
    types("Lars", "/desk", of_kind(DAY_CARD)),
    types("Lars", "/handout S1", "S1 · Stove"),
    taps("Lars", "Hand out", LENT, Ola=showing(RentalStatus.OUT)),
    types("Lars", "/takeback S1", LENT),
    taps("Lars", "Take back", wording(item_card_views.card), Ola=showing(RentalStatus.RETURNED)),
    types("Kari", "/rentals", wording(lists.mine, "not")),
    types("Ola", "/language", wording(language.languages)),
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
