"""Notifications to a member about their own membership; the menu of their role follows."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from db.models import OutboxMessage
from db.states import Role
from handlers.i18n.texts import Texts, lines
from handlers.ui.cards import organization_of
from handlers.ui.form import quoted
from handlers.ui.message import Menu, Message
from handlers.ui.refusals import role_name
from services.core import identity
from services.core.errors import Refusal
from services.core.tx import Tx
from services.members import directory
from services.members.suspensions import LONGEST_REASON


def _organization(tx: Tx, row: OutboxMessage) -> str:
    return organization_of(tx, row).name


def _with_menu(tx: Tx, row: OutboxMessage, t: Texts, text: Markup) -> Message:
    """Add the menu of the organization in which they act now, which may be another one."""
    try:
        actor = identity.resolve(tx, account_id=row.chat_id)
        role = actor.role if actor.active else None
    except Refusal:
        role = None
    return Message(text, menu=Menu(role, t.language))


def _role_changed(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    row = rows[0]
    text = t(
        "{name} has changed your role in {organization}. You are now: {role}. /help shows what you can do.",
        name=row.params["by"],
        role=role_name(t, Role(row.params["role"])),
        organization=_organization(tx, row),
    )
    return _with_menu(tx, row, t, text)


def _suspended(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    row = rows[0]
    name, organization, until = row.params["by"], _organization(tx, row), row.params["until"]
    if until is None:
        said = t("{name} has suspended you in {organization}.", name=name, organization=organization)
    else:
        said = t(
            "{name} has suspended you in {organization} until {day}.",
            name=name,
            organization=organization,
            day=t.day(t.last_day(datetime.fromisoformat(until))),
        )
    reason = row.params["reason"]
    text = lines(
        said,
        t("Reason: {reason}", reason=quoted(reason, LONGEST_REASON)) if reason else None,
        t("You can bring back what you have, with /return."),
    )
    return _with_menu(tx, row, t, text)


def _reactivated(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    row = rows[0]
    text = t(
        "{name} has lifted your suspension in {organization}. You can borrow again.",
        name=row.params["by"],
        organization=_organization(tx, row),
    )
    return _with_menu(tx, row, t, text)


def _membership_changed(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    row = rows[0]
    user, organization = directory.user(tx.session, row.params["user_id"]), _organization(tx, row)
    if user.active_until is not None and user.active_until <= t.now:
        text = t("Your membership of {organization} has ended.", organization=organization)
    elif user.active_from is not None and user.active_from > t.now:
        text = t(
            "Your membership of {organization} begins {day}.",
            organization=organization,
            day=t.day(t.local(user.active_from).date()),
        )
    elif user.active_until is not None:
        text = t(
            "Your membership of {organization} ends after {day}.",
            organization=organization,
            day=t.day(t.last_day(user.active_until)),
        )
    else:
        text = t("Your membership of {organization} has no end.", organization=organization)
    return _with_menu(tx, row, t, text)


def _admitted(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    row = rows[0]
    user = directory.user(tx.session, row.params["user_id"])
    text = lines(
        t("Welcome to {organization}, {name}!", organization=_organization(tx, row), name=user.name),
        t("See the equipment with /items, borrow with /rent, and find the rest in /help."),
    )
    return _with_menu(tx, row, t, text)


def _turned_away(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    row = rows[0]
    reason = row.params["reason"]
    return Message(
        lines(
            t("{organization} has declined your request to join.", organization=_organization(tx, row)),
            t("Reason: {reason}", reason=quoted(reason, LONGEST_REASON)) if reason else None,
        )
    )


def _account_linked(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    user = directory.user(tx.session, rows[0].params["user_id"])
    return Message(
        t(
            "Another Telegram account was linked to {name} in {organization}, by a link of yours. "
            "If that was not you, tell an admin at once.",
            name=user.name,
            organization=_organization(tx, rows[0]),
        )
    )


def _merged(tx: Tx, rows: Sequence[OutboxMessage], t: Texts) -> Message:
    params = rows[0].params
    user = directory.user(tx.session, params["user_id"])
    return _with_menu(
        tx,
        rows[0],
        t,
        lines(
            t(
                "{by} has merged two members who are both you: in {organization} you are now {name}.",
                by=params["by"],
                organization=_organization(tx, rows[0]),
                name=user.name,
            ),
            t("All accounts of both then act under that name.") if params["both"] else None,
            t("If that is wrong, tell an admin at once."),
        ),
    )


KINDS = {
    "role_changed": _role_changed,
    "suspended": _suspended,
    "reactivated": _reactivated,
    "membership_changed": _membership_changed,
    "admitted": _admitted,
    "turned_away": _turned_away,
    "account_linked": _account_linked,
    "merged": _merged,
}
