"""Refusals about membership: joining, permission, suspension."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from db.states import JoinStatus
from handlers.i18n.texts import Texts, lines
from services.core.errors import Refused

Data = Mapping[str, Any]


def _membership_ended(t: Texts, d: Data) -> Markup:
    if d.get("begins") is None:
        return t("Your membership has ended. Ask an admin if that is a mistake.")
    return t("Your membership begins {day}.", day=t.day(t.local(datetime.fromisoformat(d["begins"])).date()))


def _suspended(t: Texts, d: Data) -> Markup:
    until = d.get("until")
    said = (
        t("You are suspended until {day}.", day=t.day(t.last_day(datetime.fromisoformat(until))))
        if until
        else t("You are suspended.")
    )
    reason = t("Reason: {reason}", reason=d["reason"]) + "." if d.get("reason") else None
    back = t("You can only bring things back.")
    return Markup(" ").join(part for part in (said, reason, back) if part is not None)


def _join_answered(t: Texts, d: Data) -> Markup:
    by = d.get("by")
    if JoinStatus(d["join_status"]) is JoinStatus.APPROVED:
        return (
            t("Already approved by {name}.", name=by) if by else t("They have joined through an invite link.")
        )
    return t("Already declined by {name}.", name=by) if by else t("They have withdrawn their request.")


_MOST_THINGS = 8


def _things_out(t: Texts, d: Data) -> Markup:
    things = d["things"]
    shown = [
        t(
            "• {code} · {name} (rental {id})",
            name=str(name)[:40],
            code=str(code)[:20],
            id=(*number, rental_id)[0],
        )
        for rental_id, code, name, *number in things[:_MOST_THINGS]
    ]
    more = len(things) - _MOST_THINGS
    rest = t.plural("… and {n} more", "… and {n} more", more) if more > 0 else None
    return lines(t("First bring back what you have:"), *shown, rest)


WORDS: dict[Refused, Callable[[Texts, Data], Markup]] = {
    Refused.MEMBERSHIP_ENDED: _membership_ended,
    Refused.SUSPENDED: _suspended,
    Refused.RENTER_SUSPENDED: lambda t, d: t(
        "{name} is suspended, and can only bring things back.", name=d["name"]
    ),
    Refused.RENTER_BARRED: lambda t, d: t("{name} could not pick it up then: see the card.", name=d["name"]),
    Refused.RENTER_LEFT: lambda t, d: t(
        "{name} is not an active member now. An admin can change that with /members.", name=d["name"]
    ),
    Refused.VALUE_EMPTY: lambda t, d: t("Please write something."),
    Refused.EMAIL_TAKEN: lambda t, d: (
        t("That email address already belongs to {name}.", name=str(d["by"])[:80])
        if d.get("by")
        else t(
            "Somebody here already uses that email address. If that is you, ask an admin for a link "
            "of your own."
        )
    ),
    Refused.USERNAME_TAKEN: lambda t, d: (
        t("That username already belongs to {name}.", name=str(d["by"])[:80])
        if d.get("by")
        else t("Somebody here already has that username.")
    ),
    Refused.BAD_PHONE: lambda t, d: t(
        "That does not look like a phone number. Write it like +47 912 34 567."
    ),
    Refused.BAD_BIRTHDAY: lambda t, d: t(
        "I did not understand the day. Write it with the year, like <i>24.12.1990</i>."
    ),
    Refused.BIRTH_DATE_IN_FUTURE: lambda t, d: t("That day is still to come. Write the date of birth."),
    Refused.BORN_TOO_EARLY: lambda t, d: t("That is too long ago. Write the date of birth."),
    Refused.ALREADY_ASKED: lambda t, d: t(
        "You have asked to join {organization}, and they have not answered yet. /cancel withdraws that.",
        organization=d["organization"],
    ),
    Refused.ASKED_TOO_OFTEN: lambda t, d: t(
        "You have asked {organization} several times today. Try again tomorrow.",
        organization=d["organization"],
    ),
    Refused.JOIN_ANSWERED: _join_answered,
    Refused.THINGS_OUT: _things_out,
    Refused.LAST_ACCOUNT: lambda t, d: t(
        "That is your only account. If you want to go for good, leave the organisation."
    ),
    Refused.TOO_MANY_TOKENS: lambda t, d: t(
        "You have {most} tokens, which is the most. Revoke one of them with /token first.", most=d["most"]
    ),
    Refused.TOO_MANY_ACCOUNTS: lambda t, d: t(
        "There are already {most} accounts, and no more can be linked. Unlink one first.", most=d["most"]
    ),
    Refused.LAST_LEADER: lambda t, d: t(
        "The organisation has no other leader. Make somebody else a leader first."
    ),
    Refused.SELF_SUSPENSION: lambda t, d: t("You cannot do that to yourself."),
    Refused.END_BEFORE_BEGIN: lambda t, d: t("The membership would end before it begins."),
    Refused.BAD_EMAIL: lambda t, d: t("That does not look like an email address."),
}
