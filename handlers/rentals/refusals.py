"""Refusals about rentals and their equipment: days, pieces, availability, and status."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from db.states import ExtensionStatus, HandOverStatus, RentalStatus
from handlers.i18n.texts import Texts
from services.core.errors import Refused
from services.core.hours.opening_hours import What
from services.core.hours.periods import FOREVER

Data = Mapping[str, Any]


def _moment(data: Data, key: str) -> datetime:
    return datetime.fromisoformat(data[key])


def _already(t: Texts, d: Data) -> Markup:
    status, by = RentalStatus(d["rental_status"]), d.get("by")
    if d.get("said_back"):
        return t("This has already been returned, and is waiting for a lender to confirm it.")
    if by is not None and status is RentalStatus.APPROVED:
        return t("Already approved by {name}.", name=by)
    if by is not None and status is RentalStatus.DECLINED:
        return t("Already declined by {name}.", name=by)
    if by is not None and status is RentalStatus.CANCELLED:
        return t("Already cancelled by {name}.", name=by)
    return {
        RentalStatus.DRAFT: t("This has not been sent yet."),
        RentalStatus.REQUESTED: t("This is waiting for an answer."),
        RentalStatus.APPROVED: t("This is already approved."),
        RentalStatus.OUT: t("This is already handed out."),
        RentalStatus.RETURNED: t("This is already back."),
        RentalStatus.DECLINED: t("This was declined."),
        RentalStatus.CANCELLED: t("This was cancelled."),
        RentalStatus.EXPIRED: t("This has expired."),
    }[status]


def _extension_answered(t: Texts, d: Data) -> Markup:
    status, by = ExtensionStatus(d["extension_status"]), d.get("by")
    if status is ExtensionStatus.GRANTED:
        return t("Already extended by {name}.", name=by) if by else t("Already extended.")
    if status is ExtensionStatus.DECLINED:
        return t("Already declined by {name}.", name=by) if by else t("This was declined.")
    return t("This request is no longer open.")


def _hand_over_answered(t: Texts, d: Data) -> Markup:
    status = HandOverStatus(d["hand_over_status"])
    if status is HandOverStatus.DONE:
        return t("This was already handed over.")
    if status is HandOverStatus.DECLINED:
        return t("This was declined.")
    return t("This offer no longer stands.")


def _not_free(t: Texts, d: Data) -> Markup:
    if d.get("item_id") is not None:
        why = t("{name} is taken then.", name=d["name"])
    elif d["free"] == 0:
        why = t("{name}: none is free then.", name=d["name"])
    else:
        why = t(
            "{name}: only {free} of {wanted} are free then.",
            name=d["name"],
            free=d["free"],
            wanted=d["wanted"],
        )
    parts = [why]
    if d.get("closed"):
        parts.append(t("Closed on the first or the last day: {places}.", places=", ".join(d["closed"])[:200]))
    following = d.get("next_free")
    if following is not None:
        period = t.period(datetime.fromisoformat(following[0]), datetime.fromisoformat(following[1]))
        parts.append(t("Free again: {period}.", period=period))
    return Markup(" ").join(parts)


def _out_then(t: Texts, d: Data) -> Markup:
    until = _moment(d, "until")
    if until >= FOREVER:
        return t("{code} is out until further notice.", code=d["code"])
    if until <= t.now:
        return t("{code} is out, and was due {moment}.", code=d["code"], moment=t.moment(until))
    return t("{code} is out until {moment}.", code=d["code"], moment=t.moment(until))


def _is_with(t: Texts, d: Data) -> Markup:
    values = {"code": d["code"], "name": str(d["name"])[:80]}
    if d["due_at"] is None:
        return t("{code} is with {name} until further notice. Take it back first.", **values)
    moment = t.moment(_moment(d, "due_at"))
    return t("{code} is with {name} until {moment}. Take it back first.", moment=moment, **values)


def _not_then(t: Texts, d: Data) -> Markup:
    latest = t.moment(_moment(d, "latest"))
    if d["earliest"] is None:
        return t("It cannot have been later than {latest}.", latest=latest)
    return t(
        "It was between {earliest} and {latest}. Choose a time between them.",
        earliest=t.moment(_moment(d, "earliest")),
        latest=latest,
    )


def _too_many(t: Texts, d: Data) -> Markup:
    if d.get("said_back"):
        waiting = t.plural(
            "A lender has yet to confirm the return of {n} of them.",
            "A lender has yet to confirm the return of {n} of them.",
            d["said_back"],
        )
        return Markup(" ").join([_too_many(t, {**d, "said_back": 0}), waiting])
    if d.get("name"):
        return t.plural(
            "{name} may have {n} thing at once, and has {already} now.",
            "{name} may have {n} things at once, and has {already} now.",
            d["limit"],
            name=d["name"],
            already=d["already"],
        )
    return t(
        "You may have {limit} things at once, and you have {already} now. "
        "Take fewer, or bring something back first.",
        limit=d["limit"],
        already=d["already"],
    )


def _bad_quantity(t: Texts, d: Data) -> Markup:
    return t.plural(
        "There is only {n} piece of {name}.",
        "There are {n} pieces of {name}. Choose from 1 to {n}.",
        d["most"],
        name=d["name"],
    )


def _not_enough(t: Texts, d: Data) -> Markup:
    if d.get("kit"):
        return t.plural(
            "{kit}: that takes {wanted} × {name}, and there is {n}.",
            "{kit}: that takes {wanted} × {name}, and there are {n}.",
            d["pieces"],
            kit=d["kit"],
            wanted=d["wanted"],
            name=d["name"],
        )
    return t.plural(
        "With the kits in the basket that makes {wanted} × {name}, and there is {n}.",
        "With the kits in the basket that makes {wanted} × {name}, and there are {n}.",
        d["pieces"],
        wanted=d["wanted"],
        name=d["name"],
    )


def _closed_day(t: Texts, d: Data) -> Markup:
    day, hand_out = t.day(date.fromisoformat(d["day"])), d["what"] == What.HAND_OUT
    # An older conversation keeps a refusal without places.
    places = ", ".join(d.get("places", ()))[:200]
    if d["reason"] and places:
        why = t("Closed on {day}: {places} ({reason}).", day=day, places=places, reason=d["reason"])
    elif d["reason"]:
        why = t("Closed on {day}: {reason}.", day=day, reason=d["reason"])
    elif places and hand_out:
        why = t("Nothing is handed out on {day} at: {places}.", day=day, places=places)
    elif places:
        why = t("Nothing is taken back on {day} at: {places}.", day=day, places=places)
    elif hand_out:
        why = t("Nothing is handed out on {day}.", day=day)
    else:
        why = t("Nothing is taken back on {day}.", day=day)
    if d["following"] is None:
        return why
    following = t.day(date.fromisoformat(d["following"]))
    way_on = (
        t("Things are handed out again on {day}.", day=following)
        if hand_out
        else t("Things are taken back again on {day}.", day=following)
    )
    return Markup(" ").join([why, way_on])


def _outside_hours(t: Texts, d: Data) -> Markup:
    day, between = t.day(date.fromisoformat(d["day"])), {"opens": d["opens"], "closes": d["closes"]}
    if "breaks" in d:
        between["breaks"] = ", ".join(one.replace("-", "–") for one in d["breaks"])
        if d["what"] == What.HAND_OUT:
            return t(
                "On {day} things are handed out from {opens} to {closes}, not {breaks}.", day=day, **between
            )
        return t("On {day} things are taken back from {opens} to {closes}, not {breaks}.", day=day, **between)
    if d["what"] == What.HAND_OUT:
        return t("On {day} things are handed out from {opens} to {closes}.", day=day, **between)
    return t("On {day} things are taken back from {opens} to {closes}.", day=day, **between)


def _today_over(t: Texts, d: Data) -> Markup:
    took, back = d.get("took"), d["what"] == What.RETURN
    if not took:
        return t("Things were taken back until {closes} today. Choose a later day.", closes=d["closes"])
    first, last = (t.day(date.fromisoformat(day)) for day in took)
    days = f"{first} – {last}" if first != last else first
    told = {"closes": d["closes"], "days": days}
    if back:
        return t("Things were taken back until {closes} today, so I took {days}.", **told)
    return t("Things were handed out until {closes} today, so I took {days}.", **told)


WORDS: dict[Refused, Callable[[Texts, Data], Markup]] = {
    Refused.ALREADY: _already,
    Refused.NO_PENDING_REQUESTS: lambda t, d: t("Nothing is waiting for an answer."),
    Refused.EMPTY_BASKET: lambda t, d: t("There is nothing in the basket yet."),
    Refused.NO_PERIOD: lambda t, d: t("Choose the days first."),
    Refused.NOT_A_DATE: lambda t, d: t(
        "I did not understand the day. "
        "Write it like <i>1.12.</i>, <i>tomorrow</i> or <i>friday</i>, or tap it."
    ),
    Refused.NO_SUCH_DAY: lambda t, d: t(
        "There is no {day}.{month}. Choose another day.", day=d["day"], month=d["month"]
    ),
    Refused.AMBIGUOUS_DATE: lambda t, d: t(
        "That could be {days}. Write it like <i>1.12.</i>, or tap the day.",
        days=t(" or ").join(t.day(date.fromisoformat(day)) for day in d["choices"]),
    ),
    Refused.WHICH_DAYS: lambda t, d: t(
        "Which days between {first} and {last}?",
        first=t.day(date.fromisoformat(d["first"])),
        last=t.day(date.fromisoformat(d["last"])),
    ),
    Refused.NOT_UNDERSTOOD_IN_LINE: lambda t, d: (
        t("I did not understand “{words}”. Write it differently, or tap.", words=d["words"])
        if d.get("is_all")
        else t(
            "I did not understand “{words}”, so I left out days and numbers, too. Write it again, or tap.",
            words=d["words"],
        )
    ),
    Refused.HOW_MANY: lambda t, d: t(
        "How many do you need? “{words}” is not clear, so it is one for now. Write the number.",
        words=d["words"],
    ),
    Refused.FROM_WHAT_TIME: lambda t, d: t(
        "“{words}”: from what time? It is the whole day for now. Write the time, such as <i>14:00</i>.",
        words=d["words"],
    ),
    Refused.IN_THE_PAST: lambda t, d: t("That is in the past. Choose today or a later day."),
    Refused.TODAY_OVER: _today_over,
    Refused.END_BEFORE_START: lambda t, d: t("The end comes before the start. Choose a later end."),
    Refused.TOO_LONG: lambda t, d: t.plural(
        "That is too long: at most {n} day at a time.",
        "That is too long: at most {n} days at a time.",
        d["days"],
    ),
    Refused.TOO_FAR_AHEAD: lambda t, d: t.plural(
        "That is too far ahead: at most {n} day from now.",
        "That is too far ahead: at most {n} days from now.",
        d["days"],
    ),
    Refused.OVERDUE_FIRST: lambda t, d: (
        t(
            "{name} has to bring back rental {id} first: it is overdue.",
            name=d["name"],
            id=d.get("number", d["rental_id"]),
        )
        if d["name"]
        else t("Bring back rental {id} first: it is overdue.", id=d.get("number", d["rental_id"]))
    ),
    Refused.TOO_MANY: _too_many,
    Refused.CLOSED_DAY: _closed_day,
    Refused.OUTSIDE_HOURS: _outside_hours,
    Refused.BAD_QUANTITY: _bad_quantity,
    Refused.NOT_ENOUGH: _not_enough,
    Refused.KIT_EMPTY: lambda t, d: t("There is nothing in {name}.", name=d["name"]),
    Refused.NOT_FREE: _not_free,
    Refused.ITEM_IS_OUT: lambda t, d: (
        t("{code} has not come back from the last rental. Take it back first, or swap it.", code=d["code"])
        if d.get("for_lender", True)
        else t(
            "{code} has not come back from the last rental. You will be told when it is here.", code=d["code"]
        )
    ),
    Refused.NEEDS_APPROVAL: lambda t, d: t(
        "{name} has to be approved first. Ask for it with <b>Rent it</b>.", name=d["name"]
    ),
    Refused.ONLY_UNTIL: lambda t, d: (
        t("Others need it then. It can go out until {moment}.", moment=t.moment(_moment(d, "until")))
        if _moment(d, "until") > t.now
        else t("Others need it now.")
    ),
    Refused.HAS_DATE: lambda t, d: t(
        "It has a date already: {moment}.", moment=t.moment(_moment(d, "due_at"))
    ),
    Refused.NOT_THEN: _not_then,
    Refused.ITEM_IS_WITH: _is_with,
    Refused.ITEM_PROMISED: lambda t, d: t.plural(
        "It has been promised in the meantime: rental {ids}. Check again.",
        "It has been promised in the meantime: rentals {ids}. Check again.",
        len(d["rentals"]),
        ids=", ".join(str(i) for i in d["rentals"][:10]) + (" …" if len(d["rentals"]) > 10 else ""),
    ),
    Refused.OUT_THEN: _out_then,
    Refused.BLOCKED_THEN: lambda t, d: t(
        "{code} is already blocked until {moment}.", code=d["code"], moment=t.moment(_moment(d, "until"))
    ),
    Refused.ONLY_SOME_THEN: lambda t, d: t.plural(
        "Only {n} piece of {name} can be blocked then: the others are out or already blocked.",
        "Only {n} pieces of {name} can be blocked then: the others are out or already blocked.",
        d["most"],
        name=d["name"],
    ),
    Refused.MORE_RENTALS_AFFECTED: lambda t, d: t(
        "More rentals are affected now. Check again before you do it."
    ),
    Refused.BLOCK_OVER: lambda t, d: (
        t("{name} has already ended this.", name=d["by"]) if d.get("by") else t("This is already over.")
    ),
    Refused.WRONG_EQUIPMENT: lambda t, d: t("{code} is another kind of equipment.", code=d["code"]),
    Refused.TOO_EARLY: lambda t, d: t(
        "Too early: it is promised to somebody else until {moment}.", moment=t.moment(_moment(d, "starts_at"))
    ),
    Refused.NOT_YET: lambda t, d: t(
        "Not yet: you can pick it up on {day}. A lender can hand it out earlier.",
        day=t.day(t.local(_moment(d, "starts_at")).date()),
    ),
    Refused.NOT_LATER: lambda t, d: t(
        "You already have it until {moment}. Choose a later day.", moment=t.moment(_moment(d, "due_at"))
    ),
    Refused.NOT_FREE_UNTIL: lambda t, d: (
        t("That is too long. It can be kept until {moment}.", moment=t.moment(_moment(d, "until")))
        if _moment(d, "until") > t.now
        else t("Others need it now, so it has to come back.")
    ),
    Refused.EXTENSION_ANSWERED: _extension_answered,
    Refused.PROPOSED: lambda t, d: t("Other days are proposed. The member has to answer first."),
    Refused.ONLY_FEWER: lambda t, d: t("Here you can only remove things. To add more, use /rent."),
    Refused.NOT_LATE: lambda t, d: t("This has been resolved. The rental stays as it is."),
    Refused.NOBODY_NEXT: lambda t, d: t("They are no longer waiting for it. Bring it back to the desk."),
    Refused.HAND_OVER_ANSWERED: _hand_over_answered,
    Refused.EXTENSION_NOT_ALLOWED: lambda t, d: t(
        "Rentals cannot be extended here. Please bring it back in time."
    ),
    Refused.TOO_MANY_EXTENSIONS: lambda t, d: t.plural(
        "This has already been extended {n} time, and no more is possible.",
        "This has already been extended {n} times, and no more is possible.",
        d["limit"],
    ),
    Refused.DAMAGE_CLOSED: lambda t, d: (
        t("{name} has already marked this as repaired.", name=d["by"])
        if d.get("by")
        else t("This is already repaired.")
    ),
    Refused.NOT_LOST: lambda t, d: t("{code} is not lost.", code=d["code"]),
}
