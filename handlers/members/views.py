"""Views of members for admins: the list, one member's card, and the questions that change it."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.members import profile_questions
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import mark, quoted, short
from handlers.ui.message import Button, Message, Rows
from handlers.ui.refusals import role_name
from handlers.ui.sentences import obstacles
from handlers.ui.sentences.people import short_name
from handlers.ui.widgets import pager, reason
from services.members import profile
from services.members.directory import Card, Out, Page, has_ended
from services.members.promises import Promise
from services.members.suspensions import LONGEST_REASON
from services.rentals.queries import RentalView

Data = Callable[[str, str], str]

FIELDS_PER_PAGE = 14
_LONGEST_VALUE = 200
_LONGEST_NAME = 26
"""Characters of a name on a button that a phone shows whole, with the role beside it."""


def member_list(
    t: Texts, page: Page, words: str, data: Data, problem: Markup | None, waiting: int, elsewhere: Rows
) -> Message:
    """Return the list. `waiting`: the number of active members without a linked account. `elsewhere`: ways to
    what is called so and is no member.
    """
    if words and not page.total:
        heading = t("<b>No member matches “{words}”</b>", words=short(words, 60))
    elif words:
        heading = t.plural(
            "<b>{n} member matches “{words}”</b>",
            "<b>{n} members match “{words}”</b>",
            page.total,
            words=short(words, 60),
        )
    else:
        heading = t.plural("<b>{n} member</b>", "<b>{n} members</b>", page.total)
    rows: list[tuple[Button, ...]] = []
    for entry in page.entries:
        role = f" · {role_name(t, entry.role)}" if entry.role is not Role.USER else ""
        rows.append(
            (
                Button(
                    mark(entry) + short_name(entry.name, _LONGEST_NAME) + role,
                    data("open", str(entry.user_id)),
                ),
            )
        )
    rows += pager.arrows(page.page, page.pages, lambda to: data("page", str(to)))
    if waiting and not words:
        label = t.plural("Links for {n} not in Telegram", "Links for {n} not in Telegram", waiting)
        rows.append((Button(str(label), pack(Verb.LINKS)),))
    last = [Button(str(t("All members")), data("all", ""))] if words else []
    rows.append((*last, Button(str(t("Close")), data("cancel", ""))))
    hint = t("Write a name, username, email, phone or membership number to search.")
    return Message(lines(problem, heading, hint), (*elsewhere, *rows))


def state_of(t: Texts, card: Card) -> list[Markup]:
    """Return the lines about a member's restrictions and special states."""
    user, found = card.user, []
    if user.is_suspended(t.now):
        until = user.suspended_until
        found.append(
            t("⛔ Suspended until {day}", day=t.day(t.last_day(until)))
            if until
            else t("⛔ Suspended indefinitely")
        )
        if card.by:
            found.append(t("by {name}", name=card.by))
        if user.suspended_reason:
            found.append(t("Reason: {reason}", reason=quoted(user.suspended_reason, LONGEST_REASON)))
    if user.active_from is not None and user.active_from > t.now:
        found.append(t("⏸ The membership begins {day}.", day=t.day(t.local(user.active_from).date())))
    if has_ended(user, t.now):
        found.append(t("⏸ The membership has ended."))
    elif not card.accounts:
        found.append(t("Not in Telegram yet: send them a link."))
    return found


def fields_of(t: Texts, card: Card) -> list[Markup]:
    """Return the profile fields, a line for each, without the name."""
    return [_field(t, card, field, value) for field, value in card.fields if field not in _IN_HEADING]


def member_card(
    t: Texts,
    card: Card,
    data: Data,
    problem: Markup | None,
    *,
    note: Markup | None,
    links: int,
    may_change: bool,
    promised: Sequence[Promise] = (),
) -> Message:
    """Return the card. `links`: invites made from it, so that a double tap makes one.

    `promised`: what they were promised and cannot have any more. `may_change`: false where the member's role
    is above the reader's.
    """
    user = card.user
    text = lines(
        problem,
        note,
        t("<b>{name}</b> · {role}", name=user.name, role=role_name(t, user.role)),
        *state_of(t, card),
        *fields_of(t, card),
        _since(t, card),
        "",
        *_out(t, card),
        *_promised(t, user.name, promised),
        _record(t, card),
    )
    last = (Button(str(t("Back")), data("list", "")), Button(str(t("Close")), data("cancel", "")))
    freeing: Rows = ()
    if promised and may_change:
        label = t.plural("Cancel this rental", "Cancel these {n} rentals", len(promised))
        freeing = ((Button(str(label), data("free", "")),),)
    # Lowest: it cancels at once, and above would be where the end of a suspension was just tapped.
    return Message(text, (*(_changes(t, card, data, links) if may_change else ()), last, *freeing))


_MOST_PROMISED = 5


def _promised(t: Texts, name: str, promised: Sequence[Promise]) -> list[Markup]:
    """Return what they were promised or asked for and cannot have any more, and why."""
    if not promised:
        return []
    told = [t("<b>Reserved, but they cannot pick it up</b>")]
    for one in promised[:_MOST_PROMISED]:
        v = one.rental
        told.append(
            t(
                "• {id}: {what}, {period}",
                id=v.number,
                what=_things(v),
                period=t.period(v.starts_at, v.due_at),
            )
        )
    if len(promised) > _MOST_PROMISED:
        more = len(promised) - _MOST_PROMISED
        told.append(t.plural("… and {n} more", "… and {n} more", more))
    reasons = [obstacles.of_member(t, name, one.obstacle) for one in promised]
    return [*told, *dict.fromkeys(reasons)]


def _changes(t: Texts, card: Card, data: Data, links: int) -> Rows:
    return (
        (Button(str(t("Role")), data("role", "")), Button(str(t("Edit")), data("fields", "0"))),
        (
            Button(str(t("Reactivate")), data("reactivate", ""))
            if card.user.is_suspended(t.now) or has_ended(card.user, t.now)
            else Button(str(t("Suspend")), data("suspend", "")),
            Button(str(t("New link")), data("link", str(links))),
        ),
        (Button(str(t("Merge")), data("merging", "")),),
    )


_IN_HEADING = ("first_name", "last_name")


def field_name(t: Texts, labels: dict[str, str], field: str) -> str:
    return labels[field] if field in labels else profile_questions.name(t, field)


def _field(t: Texts, card: Card, field: str, value: object) -> Markup:
    return t(
        "{field}: {value}",
        field=short(field_name(t, card.labels, field), 40),
        value=short(profile_questions.shown(value), _LONGEST_VALUE),
    )


def _since(t: Texts, card: Card) -> Markup:
    user = card.user
    since = t("Member since {day}", day=t.day(t.local(user.active_from or user.created_at).date()))
    if user.active_until is None or user.active_until <= t.now:
        return since
    return lines(since, t("Member until {day}", day=t.day(t.last_day(user.active_until))))


def _one_out(t: Texts, one: Out) -> Markup:
    values = {"code": short(one.code, 20), "name": short(one.name, 40), "id": one.number}
    if one.due_at is None:
        return t("📌 {code} · {name}, until further notice (rental {id})", **values)
    mark = "⚠️ " if one.due_at < t.now else "• "
    moment = t.moment(one.due_at)
    return t("{mark}{code} · {name}, due {moment} (rental {id})", mark=mark, moment=moment, **values)


def _out(t: Texts, card: Card) -> list[Markup]:
    if not card.out:
        return [t("They have nothing out now.")]
    shown = [_one_out(t, one) for one in card.out]
    more = card.record.out_now - len(card.out)
    rest = [t.plural("… and {n} more", "… and {n} more", more)] if more > 0 else []
    return [t("<b>With them now</b>"), *shown, *rest]


def _things(v: RentalView) -> str:
    shown = [(f"{n.quantity} × " if n.quantity > 1 else "") + short(n.name) for n in v.lines[:3]]
    return " + ".join(shown) + (" …" if len(v.lines) > 3 else "")


def _record(t: Texts, card: Card) -> Markup:
    if not card.rentals:
        return t("No rentals so far")
    asked = t.plural("{n} rental so far", "{n} rentals so far", card.rentals)
    late = t.plural("{n} of them late", "{n} of them late", card.record.late)
    if not card.record.late:
        late = t("never late")
    return t("{asked}, {late}", asked=asked, late=late)


def roles(
    t: Texts, name: str, now: Role, choices: Sequence[Role], data: Data, problem: Markup | None
) -> Message:
    buttons: Rows = tuple(
        (
            Button(
                ("✓ " if role is now else "") + str(role_name(t, role)).capitalize(),
                data("to", f"{role} {now}"),
            ),
        )
        for role in choices
    )
    text = lines(
        problem,
        t("<b>Which role should {name} have?</b>", name=name),
        t("Now: {role}", role=role_name(t, now)),
    )
    return Message(text, (*buttons, (Button(str(t("Back")), data("card", "")),)))


def field_list(
    t: Texts, card: Card, lines_: Sequence[tuple[str, str]], page: int, data: Data, problem: Markup | None
) -> Message:
    """Return the list of fields: `lines_` are pairs of a field and its value as it is shown."""
    part = pager.cut(lines_, page, FIELDS_PER_PAGE)
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                short(field_name(t, card.labels, field), 24) + (f": {short(value, 24)}" if value else ""),
                data("field", field),
            ),
        )
        for field, value in part.shown
    ]
    rows += pager.arrows(part.number, part.pages, lambda to: data("fields", str(to)))
    text = lines(problem, t("<b>{name}</b>: what do you want to change?", name=card.user.name))
    return Message(text, (*rows, (Button(str(t("Back")), data("card", "")),)))


def ask_value(t: Texts, card: Card, field: str, now: str, data: Data, problem: Markup | None) -> Message:
    hint = {
        "born_on": t("Write it like <i>24.12.1990</i>."),
        "active_from": t("Write the first day, like <i>1.12.</i> or <i>today</i>."),
        "active_until": t("Write the last day, like <i>31.12.</i> or <i>yesterday</i>."),
    }.get(field, t("Write it as it should be."))
    said = t.hint(f"user.{field}")
    text = lines(
        problem,
        t("<b>{name}</b>: {field}", name=card.user.name, field=field_name(t, card.labels, field)),
        t("Now: {value}", value=short(now, _LONGEST_VALUE)) if now else t("There is nothing here yet."),
        Markup("{}").format(said) if said else None,
        hint,
    )
    clear = [(Button(str(t("Remove")), data("clear", "")),)] if now and field not in profile.NEEDED else []
    return Message(text, (*clear, (Button(str(t("Back")), data("fields", "0")),)))


def usual_reasons(t: Texts) -> list[str]:
    return [
        str(t("Things were not brought back")),
        str(t("Things were damaged")),
        str(t("The rules were broken")),
    ]


def ask_reason(t: Texts, name: str, data: Data, problem: Markup | None) -> Message:
    rows = [(button,) for button in reason.buttons(t, usual_reasons, data)]
    text = lines(
        problem,
        t("<b>Why is {name} suspended?</b>", name=name),
        t("{name} will read the reason. Tap one, or write your own.", name=name),
    )
    return Message(text, (*rows, (Button(str(t("Back")), data("card", "")),)))


SPANS = (7, 30, 90)
"""Days of the usual suspensions."""


def ask_end(t: Texts, name: str, why: str, data: Data, problem: Markup | None) -> Message:
    spans = [Button(str(t.plural("{n} day", "{n} days", days)), data("days", str(days))) for days in SPANS]
    text = lines(
        problem,
        t("<b>Until when is {name} suspended?</b>", name=name),
        t("Reason: {reason}", reason=quoted(why, LONGEST_REASON)),
        t("Until then {name} can only bring things back.", name=name),
        t("Tap it, or write the last day, like <i>31.12.</i>"),
    )
    rows: Rows = (
        tuple(spans),
        (Button(str(t("Without an end")), data("days", "0")),),
        (Button(str(t("Back")), data("card", "")),),
    )
    return Message(text, rows)
