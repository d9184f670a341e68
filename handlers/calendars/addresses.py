"""`/calendar`: the secret addresses of one's calendars, to subscribe to, and new ones."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from db.states import CalendarScope
from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import AnyVerb, Tap, pack
from handlers.ui.message import Button, Message, Rows
from handlers.ui.request import Request
from services.calendars import feeds
from services.core.tx import Tx

LONGEST_TO_COPY = 256


class Verb(AnyVerb):
    RENEW = "cw"  # id: organization: new addresses


def command(step: Request, words: str) -> None:
    """Send the addresses of the actor's calendars."""
    tx = step.by(step.active())
    if not step.public_url:
        step.say("calendar", link=None)
        return
    _send(step, tx, feeds.secrets_of(tx))


def renew(step: Request, tap: Tap) -> Markup | None:
    """Send new addresses, in the organization that the earlier ones are of. Raises NOT_FOUND."""
    actor = step.actor_in(tap.id)
    actor.require_active()
    if step.public_url:
        tx = step.by(actor)
        _send(step, tx, feeds.renew(tx))
    return step.texts("The earlier addresses show nothing any more.")


def _send(step: Request, tx: Tx, secrets: Mapping[CalendarScope, str]) -> None:
    # A `link` is deleted from the row once it is sent.
    links = {scope.value: f"{step.public_url}/calendar/{secret}.ics" for scope, secret in secrets.items()}
    step.say("calendar", link=links, organization=tx.organization.name, of=tx.organization_id)


def shown(t: Texts, params: Mapping[str, Any]) -> Message:
    """Return the message with the addresses."""
    links = params["link"]
    if not links:
        return Message(
            t(
                "Calendars to subscribe to are not switched on here. An approved rental has a button that "
                "sends it for your calendar."
            )
        )
    own, all_ = links[CalendarScope.OWN], links.get(CalendarScope.ORGANIZATION)
    text = lines(
        t("📅 <b>Rentals in your calendar: {organization}</b>", organization=params["organization"]),
        t("Subscribe to this address in your calendar app. Changes here appear there within hours."),
        t("Your rentals: {address}", address=Markup("<code>{}</code>").format(own)),
        t("Everybody’s rentals: {address}", address=Markup("<code>{}</code>").format(all_)) if all_ else None,
        t("Anybody who has an address can see what is in it. If others have got hold of it, make a new one."),
    )
    rows: Rows = (
        (_copy(str(t("Copy: yours")), own), *((_copy(str(t("Copy: everybody’s")), all_),) if all_ else ())),
        (
            Button(
                str(t("New address")) if not all_ else str(t("New addresses")), pack(Verb.RENEW, params["of"])
            ),
        ),
    )
    return Message(text, rows)


def _copy(label: str, address: str) -> Button:
    return Button(label, copy=address) if len(address) <= LONGEST_TO_COPY else Button(label, url=address)
