"""One update as the handlers see it: sender, chat, time, inside one transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session
from telegram import Update

from db.models import Card, Conversation, Organization, Rental
from db.states import Lane, RentalStatus
from handlers.i18n.texts import DAY_FIRST, Texts, closest
from services.core import identity, policy
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import accounts
from services.messaging import group_chats, outbox
from services.organizations import management
from services.rentals import queries

ANONYMOUS_ADMIN = 1087968824
"""The account of a group admin who stays anonymous; it has no identity to check."""

SAID = "said"
"""The kind of a short answer: `params["what"]` names it, and a feature has it among its `answers`."""


@dataclass(frozen=True)
class Sender:
    account_id: int
    first_name: str
    language_code: str | None
    last_name: str = ""

    @property
    def is_anonymous(self) -> bool:
        return self.account_id == ANONYMOUS_ADMIN


@dataclass(frozen=True)
class Place:
    """A chat, and the message in it that the update is about."""

    chat_id: int
    is_group: bool
    thread_id: int | None
    message_id: int | None
    title: str = ""


def sender_of(update: Update) -> Sender | None:
    user = update.effective_user
    if user is None:
        return None
    return Sender(user.id, user.first_name, user.language_code, user.last_name or "")


def place_of(update: Update) -> Place | None:
    chat = update.effective_chat
    # An inaccessible message that was tapped still has an id.
    message = update.callback_query.message if update.callback_query is not None else update.effective_message
    if chat is None:
        return None
    # An inaccessible message has no thread; a topic's first message has an id that is no topic.
    in_topic = bool(getattr(message, "is_topic_message", False))
    return Place(
        chat_id=chat.id,
        is_group=chat.type != "private",
        thread_id=getattr(message, "message_thread_id", None) if in_topic else None,
        message_id=message.message_id if message is not None else None,
        title=chat.title or "",
    )


UNKNOWN = object()


@dataclass
class Request:
    """An update being handled. Lives as long as its transaction.

    `public_url`: where calendars are reached; empty where they are not. `organization_id`: the organization
    of the update's subject, wherever else the person acts.
    """

    session: Session
    now: datetime
    sender: Sender
    place: Place
    bot_username: str = ""
    public_url: str = ""
    organization_id: int | None = None
    shown_card: Card | object | None = field(default=UNKNOWN, repr=False)
    open_conversation: Conversation | object | None = field(default=UNKNOWN, repr=False)
    is_in_several: bool | None = None
    """The sender is in more than one organization; None: not looked up yet."""
    _known: identity.Known = field(default_factory=dict, repr=False)

    @cached_property
    def tx(self) -> Tx:
        """Return the transaction, before the actor is known."""
        return Tx(self.session, self.now, answering=None if self.place.is_group else self.place.chat_id)

    def by(self, actor: Actor) -> Tx:
        """Return the transaction with this person acting in it."""
        return self.tx.by(actor)

    @property
    def texts(self) -> Texts:
        """Return texts in the organization's language in a group, in the person's in private."""
        organization_id = self.organization_id
        if self.place.is_group and organization_id is None:
            known = (o for o in self._organizations() if o.group_chat_id == self.place.chat_id)
            organization_id = next((o.id for o in known), None)
        return reader(
            self.tx,
            self.place.chat_id,
            organization_id=organization_id,
            telegram_language=self.sender.language_code,
        )

    def recognize(self) -> None:
        """Read the sender, and the organization acted in, at once, before they are needed one by one."""
        group = self.place.chat_id if self.place.is_group else None
        self.is_in_several = identity.recognize(
            self.session, self.sender.account_id, self._known, group_chat_id=group
        )

    def _group(self) -> Organization:
        """Return the organization that this group is bound to. Raises GROUP_NOT_BOUND."""
        found = next((o for o in self._organizations() if o.group_chat_id == self.place.chat_id), None)
        return found or group_chats.of_group(self.session, self.place.chat_id)

    def _organizations(self) -> list[Organization]:
        return [self.tx.organization_of(id_) for id_ in self._known]

    def turn_to(self, organization_id: int | None) -> None:
        """Let what follows be about this organization. In a group it is always the group's."""
        if not self.place.is_group:
            self.organization_id = organization_id

    def actor(self) -> Actor:
        """Return the actor: in a group in the group's organization, in private in the person's current one.

        Raises ANONYMOUS, GROUP_NOT_BOUND, NOT_A_MEMBER.
        """
        if self.sender.is_anonymous:
            raise Refusal(Refused.ANONYMOUS)
        organization_id = self.organization_id
        if self.place.is_group:
            organization_id = self._group().id
        return self._identify(organization_id)

    def actor_in_private(self) -> Actor:
        """Return the actor in the organization they act in in private; for what a group is not asked."""
        return self._identify(None)

    def actor_in(self, organization_id: int) -> Actor:
        """Return the actor in this organization. Raises NOT_FOUND for somebody outside it.

        In a group it has to be the group's organization, and somebody without membership is told so.
        """
        if self.sender.is_anonymous:
            raise Refusal(Refused.ANONYMOUS)
        organization = management.get(self.session, organization_id)
        if organization is None:
            raise Refusal(Refused.NOT_FOUND)
        # A closed organization has no group any more; its members read that it is closed, wherever they tap.
        in_group = self.place.is_group and organization.closed_at is None
        if in_group and self._group().id != organization_id:
            raise Refusal(Refused.NOT_FOUND)
        try:
            return self._identify(organization_id)
        except Refusal as refusal:
            # An outsider does not even learn that it exists.
            if in_group or refusal.code is Refused.CLOSED:
                raise
            raise Refusal(Refused.NOT_FOUND) from None

    def active(self) -> Actor:
        actor = self.actor()
        actor.require_active()
        return actor

    def actor_about(self, rental_id: int) -> tuple[Actor, Rental]:
        """Return the actor and a rental, in the rental's organization. Raises NOT_FOUND for another's."""
        if self.sender.is_anonymous:
            raise Refusal(Refused.ANONYMOUS)
        rental = queries.find(self.tx, rental_id)
        if rental is None or rental.status is RentalStatus.DRAFT:
            raise Refusal(Refused.NOT_FOUND)
        return self.actor_in(rental.organization_id), rental

    def _identify(self, organization_id: int | None) -> Actor:
        return identity.resolve(
            self.tx, account_id=self.sender.account_id, organization_id=organization_id, known=self._known
        )

    def organization(self) -> Organization:
        return self.tx.organization_of(self.actor().organization_id)

    def say(self, what: str, *, once: str | None = None, **values: Any) -> None:
        """Answer in the update's chat, once this transaction is committed. `once`: see `key`."""
        outbox.send(
            self.tx,
            SAID,
            chat_id=self.place.chat_id,
            thread_id=self.place.thread_id,
            params={"what": what, **values},
            lane=Lane.REPLY,
            dedup_key=once,
        )

    def key(self, what: str) -> str:
        """Return a deduplication key for an answer: sent once, however often its button is tapped."""
        return f"{what}:{self.place.chat_id}:{self.place.message_id}"


def reader(
    tx: Tx, chat_id: int, *, organization_id: int | None = None, telegram_language: str | None = None
) -> Texts:
    """Return the texts of the readers of a chat: a private chat's id is its account's."""
    account = accounts.account(tx.session, chat_id) if chat_id > 0 else None
    if organization_id is None and account is not None:
        organization_id = account.organization_id
    if organization_id is not None:
        organization = management.get(tx.session, organization_id)
    else:
        organization = group_chats.bound_to(tx.session, chat_id) if chat_id < 0 else None
    own = (account.language, account.telegram_language) if account is not None else ()
    language = closest(*own, telegram_language, organization.language if organization else None)
    spoken = next(filter(None, (*own, telegram_language)), "") or language
    if chat_id < 0 and organization is not None:
        language = spoken = closest(organization.language)
    if organization is None:
        return Texts(language, now=tx.now, spoken=spoken)
    return Texts(
        language,
        policy.zone_for_texts(organization),
        tx.now,
        organization.language in DAY_FIRST,
        organization.labels,
        spoken=spoken,
    )
