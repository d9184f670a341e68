"""The texts of all refusals: the reason, and where possible a way on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from markupsafe import Markup

from db.states import Condition, Role
from handlers.i18n.texts import Texts
from handlers.ui.registry import REGISTRY, Words
from services.core.errors import Refusal, Refused

Data = Mapping[str, Any]

log = structlog.get_logger(__name__)


def keep(refusal: Refusal) -> dict[str, Any]:
    """Return the refusal as JSON, to be shown on a conversation's card, and log its reason."""
    log.info("refused", reason=refusal.code.value)
    return {"refused": refusal.code.value, **{key: _plain(value) for key, value in refusal.data.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def explain(t: Texts, refusal: Refusal) -> Markup:
    return explain_kept(t, keep(refusal))


def explain_kept(t: Texts, data: Data) -> Markup:
    """Return the refusal's text. Every code has one: a test compares them with the enumeration."""
    return REGISTRY.refusals[Refused(data["refused"])](t, data)


def role_name(t: Texts, role: Role) -> Markup:
    return {
        Role.USER: t("member"),
        Role.LENDER: t("lender"),
        Role.ADMIN: t("admin"),
        Role.LEADER: t("leader"),
    }[role]


def condition_name(t: Texts, condition: Condition) -> Markup:
    return {
        Condition.OK: t("fine"),
        Condition.DAMAGED: t("damaged"),
        Condition.IN_REPAIR: t("in repair"),
        Condition.LOST: t("lost"),
        Condition.RETIRED: t("retired"),
    }[condition]


def _not_allowed(t: Texts, d: Data) -> Markup:
    return {
        Role.USER: t("Only a member may do that."),
        Role.LENDER: t("Only a lender may do that."),
        Role.ADMIN: t("Only an admin may do that."),
        Role.LEADER: t("Only a leader may do that."),
    }[Role(d["needed"])]


def _outdated(t: Texts, _data: Data) -> Markup:
    return t("This button is out of date. Start again with /rent or /help.")


WORDS: dict[Refused, Words] = {
    Refused.NOT_FOUND: lambda t, d: t("I cannot find that here."),
    Refused.OUTDATED: _outdated,
    Refused.QUESTION_GONE: _outdated,
    Refused.NOT_YOURS: lambda t, d: t("This is for somebody else to answer."),
    Refused.NOT_ALLOWED: _not_allowed,
    Refused.ANONYMOUS: lambda t, d: t(
        "You are writing as the group, so I cannot tell who you are. Turn off “Remain anonymous” "
        "in your admin rights, then try again."
    ),
    Refused.NOT_A_MEMBER: lambda t, d: t(
        "You are not a member yet. Ask an admin for an invite link, and open it."
    ),
    Refused.PASSWORDS_OFF: lambda t, d: t("Passwords are not allowed here."),
    Refused.PASSWORD_LENGTH: lambda t, d: t(
        "A password has between {least} and {most} characters.", least=d["least"], most=d["most"]
    ),
    Refused.LOGIN_SLOWED: lambda t, d: t("Too many attempts. Try again later."),
    Refused.LINK_OVER: lambda t, d: t("This was used, or has expired. Start again there."),
    Refused.KEY_REUSED: lambda t, d: t("This was done already."),
    Refused.FIELD_UNKNOWN: lambda t, d: t("There is no field “{label}”.", label=d["label"]),
    Refused.ONE_ITEM_OF_EACH: lambda t, d: t(
        "{code} cannot be asked for together with others of the same equipment.", code=d["code"]
    ),
    Refused.TEXT_EXPECTED: lambda t, d: t("Please answer with text, or tap a button."),
    Refused.TOO_MANY_FINDS: lambda t, d: t(
        "That is enough for today. Please call them, or bring the thing back."
    ),
    Refused.PICTURE_TOO_LARGE: lambda t, d: t(
        "That picture is too large: I read up to {n} megapixels. Please send it as a photo, not as a file.",
        n=d["megapixels"],
    ),
    Refused.PICTURE_NOT_READ: lambda t, d: t(
        "I could not read that picture. Please take another photo of the code, or type the code."
    ),
    Refused.PHOTO_EXPECTED: lambda t, d: t("Please send a photo, or tap a button."),
    Refused.PHOTO_AS_FILE: lambda t, d: t(
        "That came as a file. Please send it as a photo, so that it can be shown."
    ),
    Refused.TAP_EXPECTED: lambda t, d: (
        t("What you sent is kept. Now please tap one of the buttons.")
        if d.get("kept")
        else t("Please tap one of the buttons.")
    ),
    Refused.FORWARDED: lambda t, d: t("That was forwarded. If it is meant for us, write it yourself."),
    Refused.KIT_RETIRED: lambda t, d: t(
        "The kit {name} can no longer be rented. Take it out, or keep its things individually.",
        name=d["name"],
    ),
    Refused.NOT_FOR_YOU: lambda t, d: t(
        "{name} is not for everybody. Minimum role: {role}.",
        name=d["name"],
        role=role_name(t, Role(d["needed"])),
    ),
    Refused.OUT_OF_RANGE: lambda t, d: t(
        "Write a number from {least} to {most}.", least=d["least"], most=d["most"]
    ),
    Refused.CHANGED_MEANWHILE: lambda t, d: (
        t(
            "{name} has changed this in the meantime. See how it is now, and do it again if you "
            "still want to.",
            name=str(d["by"])[:80],
        )
        if d.get("by")
        else t(
            "This has been changed in the meantime. See how it is now, and do it again if you still want to."
        )
    ),
    Refused.CODE_EMPTY: lambda t, d: t("Please write a code."),
    Refused.CODE_TAKEN: lambda t, d: t(
        "The code {code} already belongs to {name}. Write another one.",
        code=d["code"],
        name=str(d["name"])[:80],
    ),
    Refused.ITEM_NOT_LENDABLE: lambda t, d: t(
        "{code} cannot be lent: {condition}.",
        code=d["code"],
        condition=condition_name(t, Condition(d["condition"])),
    ),
    Refused.INVITE_UNKNOWN: lambda t, d: t("I do not know this link. Ask an admin for a new one."),
    Refused.INVITE_USED: lambda t, d: t("This link has already been used. Ask an admin for a new one."),
    Refused.INVITE_EXPIRED: lambda t, d: t("This link has expired. Ask an admin for a new one."),
    Refused.CLOSED: lambda t, d: t(
        "{name} is closed. Only the operator can open it again.", name=d["organization"]
    ),
    Refused.ALREADY_A_MEMBER: lambda t, d: t("You are already a member of {name}.", name=d["organization"]),
    Refused.GROUP_NOT_BOUND: lambda t, d: t(
        "This group does not belong to an organisation yet. An admin can change that with /setup."
    ),
    Refused.GROUP_TAKEN: lambda t, d: t("This group already belongs to another organisation."),
    Refused.NAME_TAKEN: lambda t, d: (
        t("That name belongs to one that is switched off. Switch that one on instead.")
        if d.get("off")
        else t("That name is taken.")
    ),
    Refused.SET_UNKNOWN: lambda t, d: t(
        "This is not a code of fields. Copy all of it, from <b>Fields</b> there."
    ),
    Refused.MERGE_SAME: lambda t, d: t("That is the same one. Choose the other."),
    Refused.MERGE_ONESELF: lambda t, d: t(
        "You would be the one to disappear. Open your own card, and choose the other one there."
    ),
    Refused.NUMBER_TAKEN: lambda t, d: t("Another organisation has this number already."),
    Refused.UNKNOWN_TIME_ZONE: lambda t, d: t(
        "I do not know that place. Write the country, or a larger city near it."
    ),
    Refused.NOT_A_NAME: lambda t, d: t(
        "That does not look like a name. Write your first and last name; if it is one, write it again."
    ),
    Refused.NAME_EMPTY: lambda t, d: t("Please write a name."),
    Refused.TOO_MUCH_TEXT: lambda t, d: t.plural(
        "That is too long: at most {n} character.", "That is too long: at most {n} characters.", d["most"]
    ),
    Refused.NOT_A_TIME: lambda t, d: t("I did not understand the time. Write it like <i>17:30</i>."),
    Refused.NOT_DAYS_OVER: lambda t, d: t(
        "Write up to {entries} numbers from 1 to {most}, like <i>1, 3, 7</i>.",
        entries=d["entries"],
        most=d["most"],
    ),
    Refused.NOT_HOURS: lambda t, d: t(
        "I did not understand the hours. Write them like <i>10-18</i> or <i>9:30-17</i>, or tap them."
    ),
    Refused.NOT_CLOSED_DAYS: lambda t, d: t(
        "I did not understand “{line}”, so nothing was saved. Write it like <i>24.12.-2.1. "
        "Christmas</i>, one to a line.",
        line=d["line"],
    ),
    Refused.NO_OPEN_DAY: lambda t, d: t(
        "At least one day of the week has to be open for handing out and for taking back. For a "
        "holiday, close its dates instead."
    ),
    Refused.ITEMS_STILL_OUT: lambda t, d: t.plural(
        "{n} thing is still out. Take it back first; then it can be closed.",
        "{n} things are still out. Take them back first; then it can be closed.",
        d["pieces"],
    ),
}
"""Refusals of no single feature; the others are in the features."""
