"""Short answers: after something was done, by name; and where nothing was."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import LANGUAGES, Texts, lines
from handlers.onboarding import help
from handlers.rentals import pending_requests
from handlers.rentals.card_views import surely
from handlers.ui.callbacks import Verb, pack
from handlers.ui.message import Button, Menu, Message, Rows
from handlers.ui.organization_header import add_to_group, organization_buttons
from handlers.ui.refusals import role_name
from services.members import invites

Params = Mapping[str, Any]


def answer(t: Texts, params: Params) -> Message:
    return ANSWERS[params["what"]](t, params)


def _welcome(t: Texts, p: Params) -> Message:
    """`begins`: nothing is set up yet, and this is somebody who can."""
    return Message(
        lines(
            t("Welcome to {organization}, {name}!", organization=p["organization"], name=p["name"]),
            t("Your role: {role}", role=role_name(t, Role(p["role"]))) if p["role"] != Role.USER else None,
            t("See the equipment with /items, borrow with /rent, and find the rest in /help."),
            _next_for_leader(t, p) if p.get("begins") else None,
        ),
        _add_to_group(t, p) if p.get("begins") else (),
        menu=Menu(Role(p["role"]), t.language),
    )


def _add_to_group(t: Texts, p: Params) -> Rows:
    return (add_to_group(t, p["bot"]),)


def _next_for_leader(t: Texts, p: Params) -> Markup:
    return lines(
        "",
        t("Next steps:"),
        t("1. Add me to your admin group and tap the button there, or write /setup in it."),
        t("2. Send me your inventory as a CSV or Excel file."),
        t("3. /invite gives you links for the others."),
    )


def _group_bound(t: Texts, p: Params) -> Message:
    return Message(
        t(
            "This group now decides for {organization}. "
            "Requests appear here, with buttons to approve or decline.",
            organization=p["organization"],
        )
    )


def _invite(t: Texts, p: Params) -> Message:
    return Message(
        lines(
            t(
                "Send this link to the new <b>{role}</b> of {organization}:",
                role=role_name(t, Role(p["role"])),
                organization=p["organization"],
            ),
            p["link"],
            t.plural(
                "It works for {n} person, within {days} days.",
                "It works for {n} people, within {days} days.",
                p["uses"],
                days=p["days"],
            ),
        )
    )


def _own_invite(t: Texts, p: Params) -> Message:
    return Message(
        lines(
            t("Send this link to {name} and to nobody else: whoever opens it is {name}.", name=p["name"]),
            p["link"],
            t(
                "It works once, within {days} days. Earlier links for {name} no longer work.",
                days=invites.PERSONAL_DAYS,
                name=p["name"],
            ),
        )
    )


def _another_account(t: Texts, p: Params) -> Message:
    return Message(
        lines(
            t(
                "Open this link with your other Telegram account. "
                "Keep it to yourself: whoever opens it is you."
            ),
            p["link"],
            t.plural("It works once, within {n} hour.", "It works once, within {n} hours.", p["hours"]),
        )
    )


def _linked_inactive(t: Texts, p: Params) -> Message:
    return Message(
        t(
            "You are known to {organization} as {name}, but your membership is not active now. Ask an admin.",
            organization=p["organization"],
            name=p["name"],
        )
    )


def _asked_to_join(t: Texts, p: Params) -> Message:
    return Message(
        t(
            "{organization} has your request, and you will read their answer here. /cancel withdraws it.",
            organization=p["organization"],
        )
    )


def _withdrawn(t: Texts, p: Params) -> Message:
    return Message(t("Your request to join {organization} is withdrawn.", organization=p["organization"]))


def _language_set(t: Texts, p: Params) -> Message:
    return Message(t("From now on I write English."))


def _cancelled(t: Texts, p: Params) -> Message:
    return Message(t("Cancelled. Nothing was sent."))


def _saved_stays(t: Texts, p: Params) -> Message:
    return Message(t("Closed. What was saved stays."))


def _closed(t: Texts, p: Params) -> Message:
    return Message(t("Closed."))


def _surely(t: Texts, p: Params) -> Message:
    return surely(t, p["rental_id"], card=False)


def _hello(t: Texts, p: Params) -> Message:
    return help.hello(t, p["name"])


def _help_to(t: Texts, p: Params) -> Message:
    message = help.help_text(t, Role(p["role"]), p["organization"])
    return Message(message.text, organization_buttons(p.get("choices", ())))


def _invite_roles(t: Texts, p: Params) -> Message:
    return invite_roles(t, [Role(role) for role in p["roles"]], p["organization"])


def _greeting(t: Texts, p: Params) -> Message:
    return help.group_greeting(t)


ANSWERS: dict[str, Callable[[Texts, Params], Message]] = {
    "welcome": _welcome,
    "group_bound": _group_bound,
    "all_approved": pending_requests.answered,
    "invite": _invite,
    "own_invite": _own_invite,
    "another_account": _another_account,
    "linked_inactive": _linked_inactive,
    "asked_to_join": _asked_to_join,
    "withdrawn": _withdrawn,
    "language_set": _language_set,
    "cancelled": _cancelled,
    "saved_stays": _saved_stays,
    "closed": _closed,
    "surely": _surely,
    "hello": _hello,
    "help": _help_to,
    "invite_roles": _invite_roles,
    "greeting": _greeting,
}


def languages(t: Texts) -> Message:
    return Message(
        t("Which language?"),
        (tuple(Button(name, pack(Verb.LANGUAGE, arg=code)) for code, name in LANGUAGES.items()),),
    )


def invite_roles(t: Texts, roles: list[Role], organization: str) -> Message:
    return Message(
        t("Whom do you invite to {organization}?", organization=organization),
        tuple((Button(str(role_name(t, role)).capitalize(), pack(Verb.INVITE, arg=role)),) for role in roles),
    )


def private_only(t: Texts, bot: str) -> Message:
    return Message(
        t("Please do that in a private chat with me."),
        ((Button(str(t("Open")), url=f"https://t.me/{bot}"),),),
    )


def group_only(t: Texts) -> Message:
    return Message(t("That command belongs in your admin group."))


def not_understood(t: Texts) -> Message:
    return Message(t("I did not understand that. Borrow with /rent, see yours with /rentals, or see /help."))


def edited(t: Texts) -> Message:
    return Message(t("I do not follow edits. Please write it again as a new message."))
