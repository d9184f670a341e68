"""Texts that explain the bot: to strangers, to members by their role, and to groups."""

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import Verb, pack
from handlers.ui.message import Button, Message
from services.core.text import is_seen


def hello(t: Texts, first_name: str) -> Message:
    """Greet somebody who is no member."""
    return Message(
        lines(
            t("Hello {name}! I lend equipment to the members of a club.", name=first_name)
            if is_seen(first_name)
            else t("Hello! I lend equipment to the members of a club."),
            t("To become one, ask an admin for an invite link and open it."),
        )
    )


def help_text(t: Texts, role: Role | None, organization: str | None) -> Message:
    """Explain what this person can do, and no more."""
    if role is None:
        return Message(
            lines(
                t("I lend equipment to the members of a club. Members need an invite link from an admin."),
                t("/language changes the language."),
            )
        )
    parts: list[Markup | str | None] = [
        Markup("<b>{}</b>").format(organization),
        t("Write what you need, such as <i>2 tents fri-sun</i>, or use a command:"),
        t("/rent – borrow something, or all on one line: <code>/rent tent x2 tomorrow 3 days</code>"),
        t("/items – the equipment, or what matches a word: <code>/items tent</code>"),
        t("/rentals – your rentals, past and present"),
        t("/extend – keep something longer"),
        t("/return – bring something back"),
        t("/cancel – cancel something"),
        t("/calendar – your rentals in your own calendar"),
        t("/me – what is stored about you"),
        t("/language – change the language"),
        t("/token – tokens for programs"),
    ]
    if role.covers(Role.LENDER):
        parts += ["", t("/desk – what goes out and comes back today, and what is overdue")]
        parts += [t("/handout and /takeback – with a rental’s number or an item’s code; or scan its label")]
    if role.covers(Role.ADMIN):
        parts += ["", t("/pending – requests waiting for an answer")]
        parts += [t("/move – move all that is due on a day")]
        parts += [t("/inventory – manage the equipment: add, change, retire")]
        parts += [t("/members – find and change members: <code>/members kari</code>")]
        parts += [t("/invite – a link for new members")]
        parts += [t("/import – how to send me the inventory")]
        parts += [t("/export – inventory, rentals or members as a file: <code>/export inventory csv</code>")]
        parts += [t("/labels – labels to print, with QR codes")]
        parts += [t("/policy – the rules, and the opening days")]
        parts += [t("/stats – lending at a glance")]
    if role.covers(Role.LEADER):
        parts += ["", t("/audit – who did what: <code>/audit kari</code>")]
        parts += [t("/organizations – your organisations: change, add or close one")]
    return Message(lines(*parts))


def group_help(t: Texts) -> Message:
    return Message(
        lines(
            t("Requests appear here with buttons. Who may decide depends on their role, not on being here."),
            "",
            t("/pending – requests waiting for an answer"),
            t("/out – what is out"),
            t("/overdue – what is overdue"),
            t("/setup – make this the admin group"),
        )
    )


def group_greeting(t: Texts) -> Message:
    return Message(
        t("Hello! Tap the button if this group should decide about your organisation’s equipment."),
        ((Button(str(t("This is our admin group")), pack(Verb.BIND)),),),
    )
