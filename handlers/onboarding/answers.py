"""Short answers to new members, and to their admins."""

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.onboarding import help, next_steps
from handlers.ui.callbacks import Verb, pack
from handlers.ui.message import Button, Menu, Message, Rows
from handlers.ui.refusals import role_name
from handlers.ui.registry import Params
from handlers.ui.sentences.organization_header import add_to_group, organization_buttons


def welcome(t: Texts, p: Params) -> Message:
    """Welcome a new member. `begins`: nothing is set up yet, and this person can do it."""
    return Message(
        lines(
            t("Welcome to {organization}, {name}!", organization=p["organization"], name=p["name"]),
            t("Your role: {role}", role=role_name(t, Role(p["role"]))) if p["role"] != Role.USER else None,
            t("Tap what you want to do; the rest is in /help."),
            _next_for_leader(t, p) if p.get("begins") else None,
        ),
        (*(_add_to_group(t, p) if p.get("begins") else ()), *next_steps.rows(t, Role(p["role"]))),
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


def invite(t: Texts, p: Params) -> Message:
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
        ),
        ((Button(str(t("Copy the link")), copy=p["link"]),),),
    )


def linked_inactive(t: Texts, p: Params) -> Message:
    return Message(
        t(
            "You are known to {organization} as {name}, but your membership is not active now. Ask an admin.",
            organization=p["organization"],
            name=p["name"],
        )
    )


def asked_to_join(t: Texts, p: Params) -> Message:
    return Message(
        t(
            "{organization} has your request. The answer comes here; until then, /cancel withdraws it.",
            organization=p["organization"],
        )
    )


def withdrawn(t: Texts, p: Params) -> Message:
    return Message(t("Your request to join {organization} is withdrawn.", organization=p["organization"]))


def hello(t: Texts, p: Params) -> Message:
    return help.hello(t, p["name"])


def help_to(t: Texts, p: Params) -> Message:
    role = Role(p["role"])
    message = help.help_text(t, role, p["organization"])
    switches = organization_buttons(p.get("choices", ()))
    return Message(message.text, (*next_steps.rows(t, role), *message.buttons, *switches))


def invite_roles(t: Texts, p: Params) -> Message:
    return Message(
        t("Who are you inviting to {organization}?", organization=p["organization"]),
        tuple(
            (Button(str(role_name(t, Role(role))).capitalize(), pack(Verb.INVITE, arg=role)),)
            for role in p["roles"]
        ),
    )
