"""Views of whole organizations: the list, one card, and the questions to create, change or close one."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import LANGUAGES, Texts, lines
from handlers.ui.form import Data, short, side_by_side
from handlers.ui.message import Button, Message, Rows
from handlers.ui.refusals import role_name
from handlers.ui.sentences.organization_header import add_to_group
from handlers.ui.widgets import pager
from services.members.accounts import Membership
from services.organizations.management import DETAILS

PER_PAGE = 8


def _back(t: Texts, data: Data) -> tuple[Button, ...]:
    return (Button(str(t("Back")), data("back", "")),)


def listed(t: Texts, found: Sequence[Membership], page: int, data: Data, problem: Markup | None) -> Message:
    """Return this person's organizations; ✓ marks the one they act in."""
    part = pager.cut(found, page, PER_PAGE)
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                ("✓ " if one.acts_here else "") + f"{short(one.name, 28)} · {role_name(t, one.role)}",
                data("open", str(one.organization_id)),
            ),
        )
        for one in part.shown
    ]
    rows += pager.arrows(part.number, part.pages, lambda to: data("page", str(to)))
    rows.append(
        (Button(str(t("New organisation")), data("new", "")), Button(str(t("Done")), data("cancel", "")))
    )
    text = lines(
        problem,
        t("<b>Your organisations</b>"),
        t("✓ marks where your messages to me belong now. Tap one to see it, or to switch to it."),
    )
    return Message(text, tuple(rows))


def detail_name(t: Texts, detail: str) -> str:
    return {
        "name": str(t("Name")),
        "number": str(t("Number")),
        "email": str(t("Email")),
        "phone": str(t("Phone")),
        "address": str(t("Address")),
        "postal_code": str(t("Postcode")),
        "city": str(t("City")),
        "other_id": str(t("Other id")),
        "comment": str(t("Comment")),
        "language": str(t("Language")),
        "timezone": str(t("Time zone")),
    }[detail]


def value_name(detail: str, value: str | None) -> str:
    if value is None:
        return "–"
    return LANGUAGES.get(value, value) if detail == "language" else value


def card(
    t: Texts,
    member: Membership,
    values: Mapping[str, str | None],
    data: Data,
    problem: Markup | None,
    *,
    own: Mapping[str, tuple[str, str]],
    bot: str | None = None,
) -> Message:
    """Return the card of one organization; its leader can change its details, and close it.

    `own`: label and value of the fields that it added, by their names. A new one has a link by which `bot`
    is added to its group.
    """
    said = [
        Markup("{}: {}").format(detail_name(t, one), value_name(one, values[one]))
        for one in DETAILS
        if one != "name" and values[one]
    ]
    said += [Markup("{}: {}").format(label, value) for label, value in own.values() if value]
    rows: list[tuple[Button, ...]] = [add_to_group(t, bot)] if bot else []
    if not member.acts_here:
        rows.append((Button(str(t("Switch to it")), data("work", "")),))
    if member.role.covers(Role.LEADER):
        buttons = [Button(detail_name(t, one), data("edit", one)) for one in DETAILS]
        buttons += [Button(short(label, 24), data("edit", name)) for name, (label, _) in own.items()]
        rows += side_by_side(buttons)
        rows.append((Button(str(t("Close it")), data("close", "")),))
    rows.append(_back(t, data))
    text = lines(
        problem,
        Markup("<b>{}</b>").format(member.name),
        t("Your role: {role}", role=role_name(t, member.role)),
        t("✓ Your messages to me belong here now.") if member.acts_here else None,
        *said,
    )
    return Message(text, tuple(rows))


def made(t: Texts, name: str) -> Markup:
    """Return the line that the card of a new one shows."""
    return lines(
        t(
            "Created {organization}. You are its leader, and your messages to me belong there now.",
            organization=name,
        ),
        t("Next: add me to its admin group, send me its inventory, and invite its members with /invite."),
        "",
    )


def ask(
    t: Texts,
    heading: str | None,
    question: Markup,
    now: str | None,
    choices: Sequence[Button],
    data: Data,
    problem: Markup | None,
    *,
    clears: bool = False,
) -> Message:
    """Ask for one value, written or tapped."""
    rows = [*side_by_side(choices)]
    if clears and now:
        rows.append((Button(str(t("None")), data("none", "")),))
    rows.append(_back(t, data))
    text = lines(
        problem,
        Markup("<b>{}</b>").format(heading) if heading else None,
        question,
        t("Now: {value}", value=now) if now else None,
    )
    return Message(text, tuple(rows))


def question(t: Texts, detail: str, label: str | None = None) -> Markup:
    """Return the question for a detail; `label` of a field that the organization added."""
    if label is not None:
        return t("<b>{label}</b>: write it in a few words.", label=label)
    return {
        "name": t("What is it called? Write the name."),
        "number": t("What is its registration number? Write it."),
        "email": t("What is its email address? Write it."),
        "phone": t("What is its phone number? Write it."),
        "address": t("What is its address? Write it, in as many lines as you like."),
        "postal_code": t("What is its postcode? Write it."),
        "city": t("Which city is it in? Write it."),
        "other_id": t("What is its other number or id? Write it."),
        "comment": t("What else should be known about it? Write it."),
        "language": t("Which language does its group read? Members choose their own with /language."),
        "timezone": t("Where is it? Write the city or the country, such as <i>Oslo</i>, or tap it."),
    }[detail]


def surely(
    t: Texts, name: str, waiting: int, members: int, data: Data, problem: Markup | None, *, again: bool
) -> Message:
    """Ask for confirmation twice: first with the effects of closing."""
    if again:
        text = lines(
            problem,
            t("<b>Really close {organization}?</b>", organization=name),
            t("Only the operator can open it again."),
        )
        yes = Button(str(t("Yes, really close it")), data("close2", ""))
    else:
        text = lines(
            problem,
            t("<b>Close {organization}?</b>", organization=name),
            t("After that, nobody can do anything there."),
            t.plural(
                "{n} request or approved rental is cancelled.",
                "{n} requests and approved rentals are cancelled.",
                waiting,
            )
            if waiting
            else None,
            t.plural("{n} member is told.", "{n} members are told.", members),
            t("Its admin group no longer decides anything."),
        )
        yes = Button(str(t("Yes, close it")), data("close1", ""))
    rows: Rows = ((yes,), (Button(str(t("No, keep it")), data("back", "")),))
    return Message(text, rows)


def closed_notice(t: Texts, name: str, now_in: str | None) -> Message:
    """Return the message to each member."""
    text = lines(
        t("{organization} is closed. Nothing can be rented there any more.", organization=name),
        t("Requests that were open are cancelled."),
        t("Your messages to me belong to {organization} from now on.", organization=now_in)
        if now_in
        else None,
    )
    return Message(text)
