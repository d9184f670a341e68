"""Texts that explain the bot: to strangers, to members by their role, and to groups."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import AnyVerb, pack
from handlers.ui.callbacks import Verb as CardVerb
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


class Verb(AnyVerb):
    HELP = "he"  # arg: a part of the help, or empty for what it begins with


def help_text(t: Texts, role: Role | None, organization: str | None, part: str = "") -> Message:
    """Explain what this person uses most, with buttons for the rest that they can do; or a part of it."""
    if role is None:
        return Message(
            lines(
                t("I lend equipment to the members of a club. Members need an invite link from an admin."),
                t("/language changes the language."),
            )
        )
    parts = {name: one for name, one in _PARTS.items() if role.covers(one.role)}
    shown = parts.get(part)
    others = [
        Button(str(one.label(t)), pack(Verb.HELP, arg=name)) for name, one in parts.items() if name != part
    ]
    if shown is not None:
        others.append(Button(str(t("Back")), pack(Verb.HELP)))
    text = lines(
        Markup("<b>{}</b>").format(organization),
        *(shown.lines(t) if shown is not None else _most_used(t, role)),
    )
    return Message(text, tuple(tuple(others[at : at + 2]) for at in range(0, len(others), 2)))


def _most_used(t: Texts, role: Role) -> list[Markup]:
    used = [
        t("Write what you need, such as <i>2 tents fri-sun</i>, or use a command:"),
        t(
            "/rent – borrow something, or write it all on one line: <code>/rent tent x2 tomorrow "
            "3 days</code>"
        ),
        t("/items – see the equipment, or search it: <code>/items tent</code>"),
        t("/rentals – your rentals, past and present"),
        t("/return – bring something back"),
    ]
    if role.covers(Role.LENDER):
        used.append(t("/desk – what goes out and comes back today, and what is overdue"))
    if role.covers(Role.ADMIN):
        used.append(t("/pending – requests waiting for an answer"))
        used.append(t("/members – find and change members: <code>/members kari</code>"))
    return used


@dataclass(frozen=True)
class _Part:
    """A part of the help that a button leads to, with the lowest role that it is for."""

    role: Role
    label: Callable[[Texts], Markup]
    lines: Callable[[Texts], list[Markup]]


_PARTS = {
    "mine": _Part(
        Role.USER,
        lambda t: t("More for you"),
        lambda t: [
            t("/extend – keep something longer"),
            t("/cancel – cancel something"),
            t("/calendar – your rentals in your own calendar"),
            t("/me – see and change what is stored about you"),
            t("/language – change the language"),
            t("/token – tokens for programs"),
            t("To say something about a rental, reply to its message."),
        ],
    ),
    "desk": _Part(
        Role.LENDER,
        lambda t: t("At the desk"),
        lambda t: [
            t(
                "/handout and /takeback – hand out and take back: add a rental’s number or an item’s "
                "code, or scan its label"
            ),
            t("/out – what is out; add a word to search it: <code>/out kari</code>"),
            t("/overdue – what is overdue; add a word to search it"),
        ],
    ),
    "admin": _Part(
        Role.ADMIN,
        lambda t: t("For admins"),
        lambda t: [
            t("/inventory – manage the equipment: add, change, retire"),
            t("/move – move the due dates of one day"),
            t("/invite – a link for new members"),
            t("/import – how to send me the inventory"),
            t("/export – inventory, rentals or members as a file: <code>/export inventory csv</code>"),
            t("/labels – labels to print, with QR codes"),
            t("/policy – the rules, and the opening days"),
            t("/stats – lending at a glance"),
        ],
    ),
    "leader": _Part(
        Role.LEADER,
        lambda t: t("For leaders"),
        lambda t: [
            t("/audit – who did what: <code>/audit kari</code>"),
            t("/organizations – your organisations: change, add or close one"),
        ],
    ),
}


def group_help(t: Texts) -> Message:
    return Message(
        lines(
            t(
                "Requests appear here with buttons. Who may decide depends on their role, not on "
                "being in this group."
            ),
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
        ((Button(str(t("This is our admin group")), pack(CardVerb.BIND)),),),
    )
