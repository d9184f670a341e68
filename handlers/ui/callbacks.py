"""Callback data of buttons: a verb, the id of a row, and a short argument.

`1:ap:42:` is version 1, approve, rental 42. Telegram allows 64 bytes. Every tap is checked against the person
who taps: the data is a request, never a fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique

from services.core.errors import Refusal, Refused

VERSION = "1"
LONGEST = 64


class AnyVerb(StrEnum):
    """A button's verb: short on the wire. The values must not change while old messages have buttons.

    A feature declares its own where its buttons are made, in an enumeration derived from this one; the
    registry refuses two of the same value. CONTRIBUTING.md has an example.
    """


@unique
class Verb(AnyVerb):
    """The verbs of buttons on the cards of more than one feature, and all earlier ones."""

    CONVERSATION = "c"  # id: conversation; arg: step and value, as its state understands them
    APPROVE = "ap"  # id: rental
    DECLINE = "de"  # id: rental
    PILE = "pl"  # id: organization; arg: page: the requests that wait
    APPROVE_ALL = "aa"  # id: organization; arg: microseconds when it was drawn: what came later waits
    HAND_OUT = "ho"  # id: rental; arg: a claim, or empty for all
    PICK_UP = "pu"  # the same, by the member
    SOME_OUT = "so"  # id: rental; arg: page: choose piece by piece
    SWAP = "sw"  # id: rental; arg: page: choose the piece to swap
    SWAP_PIECE = "sp"  # id: claim; arg: page: choose what to swap it for
    SWAP_FOR = "sf"  # id: claim; arg: item
    RETURN = "re"  # id: rental; arg: a claim, or empty for all
    SOME_BACK = "sb"  # id: rental; arg: page: choose piece by piece
    CONFIRM_RETURN = "cr"  # id: rental
    NOT_BACK = "nb"  # id: rental: what the member says is back is not there
    TAKE_BACK = "tb"  # id: rental; arg: a claim, or empty for all
    PROBLEM = "pr"  # id: rental; arg: a claim, or empty where it is to be chosen
    TAKE_OUT = "to"  # id: damage note: its item goes to repair
    REPAIRED = "rd"  # id: damage note
    SHOW_DAMAGE = "sd"  # id: damage note: its card, with the picture
    LOSE = "lo"  # id: rental; arg: page: choose the piece that is lost
    LOSE_PIECE = "lp"  # id: claim: asks first
    LOSE_SURELY = "lx"  # id: claim
    ITEM_OUT = "io"  # id: item; arg: claim: this very piece
    KEEP = "kp"  # id: item: its card in the inventory
    FOUND = "fd"  # id: item; arg: condition
    HAND_OVER = "hv"  # id: rental; arg: the next member's rental, and a claim or nothing: `15` or `15.42`
    HAND_OVER_SOME = "hs"  # id: rental; arg: the next member's rental: choose piece by piece
    HAND_OVER_BACK = "hb"  # id: hand-over: who offered takes the offer back
    HAND_OVER_YES = "hy"  # id: hand-over: the next member has it
    HAND_OVER_WRONG = "hw"  # id: hand-over: the next member has it, and something is wrong with it
    HAND_OVER_NO = "hn"  # id: hand-over
    EXTEND = "ex"  # id: rental
    GRANT = "gr"  # id: extension
    REFUSE = "rf"  # id: extension
    CANCEL_RENTAL = "cn"  # id: rental: asks first
    CANCEL_SURELY = "cs"  # id: rental
    DESK = "dk"  # id: rental; arg: what to do (services/desk/worklist.py) and the page: from the day's list
    SHOW_RENTAL = "sr"  # id: rental: the card, as the person may see it
    RENTAL_CARD = "rc"  # id: rental: back to the card from a list of pieces
    RENT = "rn"  # id: equipment: begin to rent it; arg: item, or empty
    ASK_AGAIN = "ag"  # id: rental that came to nothing: begin to rent the same; arg: `days` for other days
    RENT_INSTEAD = "ri"  # id: rental; arg: equipment: begin to rent that for the rental's days
    PUT_AWAY = "pa"  # id: a return; arg: location, or 0 for where it was before
    PUT_PLACES = "pp"  # the same; arg: page of the places to choose from
    OUT_EARLIER = "eo"  # id: rental: its last hand-out was earlier
    BACK_EARLIER = "eb"  # id: a return: it was earlier
    BACK = "bk"  # id: rental: the question how its last return came back
    BACK_SAID = "bs"  # id: a return; arg: condition and item
    BACK_PIECES = "bp"  # the same; arg: page of the things to choose from
    BACK_PIECE = "bo"  # the same; arg: item
    OTHER_EQUIPMENT = "oe"  # id: rental; arg: equipment that is late, and what to have instead: `3.7`
    OTHER_DAYS = "od"  # id: rental; arg: the first day: the same things then
    LIST = "ls"  # id: page; arg: which list
    BIND = "bg"  # bind this group
    LANGUAGE = "la"  # arg: language
    INVITE = "iv"  # arg: role
    PAPER = "pf"  # id: conversation; arg: as its state understands it: a file is made and sent
    ADMIT = "aj"  # id: join request
    TURN_AWAY = "dj"  # id: join request: asks why
    SHOW_ADMISSION = "sj"  # id: join request: its card
    IMPORT_AS = "im"  # arg: what the file is about that the message replies to
    LINKS = "ml"  # links for all members who are not in Telegram yet
    TO_CALENDAR = "tc"  # id: rental: a file for the member's calendar
    SWITCH = "og"  # id: organization: act there from now on
    NOTHING = "x"  # a label that looks like a button, as a day that cannot be had


@dataclass(frozen=True)
class Tap:
    verb: AnyVerb
    id: int = 0
    arg: str = ""


def pack(verb: AnyVerb, id_: int = 0, arg: str | int = "") -> str:
    """Return the callback data.

    Raises ValueError where it does not fit: that is our bug, not the person's.
    """
    data = f"{VERSION}:{verb}:{id_}:{arg}"
    if len(data.encode()) > LONGEST:
        raise ValueError(f"callback data over {LONGEST} bytes: {data}")
    return data


def unpack(data: str | None, verbs: Mapping[str, AnyVerb]) -> Tap | None:
    """Parse callback data; None for another version's, an unknown verb, or forged data."""
    parts = (data or "").split(":", 3)
    if len(parts) != 4 or parts[0] != VERSION:
        return None
    verb, id_ = verbs.get(parts[1]), number(parts[2])
    return Tap(verb, id_, parts[3]) if verb is not None and id_ is not None else None


def only(tap: Tap) -> list[int] | None:
    """Return one item, or None for all of them. Raises OUTDATED."""
    if not tap.arg:
        return None
    id_ = number(tap.arg)
    if id_ is None:
        raise Refusal(Refused.OUTDATED)
    return [id_]


def number(text: str) -> int | None:
    """Parse a number small enough for a row's id; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
