"""Conversations stored as rows: a restart, or another process, continues everybody where they were.

As in python-telegram-bot, a `Conversation` has states, and fallbacks that hold in all of them; an entry point
is any handler that calls `start`. A state renders a screen from the row, and takes taps and typed text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, ValidationError

from db.models import Card
from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.ui.message import Document, Message, Share
from handlers.ui.request import UNKNOWN, Request
from services.core import identity
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.messaging import cards, conversations, outbox

CARD = conversations.CARD
SAVED_STAYS = "saved_stays"
"""For `Conversation.stopped`, where each answer is saved at once."""

HANDED_OVER = "handed_over"
"""The outcome where the card has become that of something else."""

OVER = conversations.OVER


class ConversationData(BaseModel):
    """The data of a conversation; each conversation has a model of its own, which names all fields.

    It is stored as JSON by the fields' names. Unknown names, from an older version, are ignored; missing
    values and those of another type get the default: conversations that are going on continue after an
    upgrade.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    problem: dict[str, Any] | None = None
    """The problem of the last answer (`keep` in handlers/ui/refusals.py)."""

    outcome: str = ""
    """The outcome of the conversation."""

    kept_text: str = ""
    kept_photo: str = ""
    """Sent before the choice that comes first (`State.keeps`)."""

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return the conversation's current data."""
        try:
            return cls.model_validate(row.data)
        except ValidationError as error:
            odd = {problem["loc"][0] for problem in error.errors()}
            return cls.model_validate({name: value for name, value in row.data.items() if name not in odd})

    @property
    def refused(self) -> str | None:
        """Return the code of the last answer's problem (services/core/errors.py)."""
        return self.problem["refused"] if self.problem is not None else None


class AboutRental(ConversationData):
    """For conversations about one rental."""

    rental_id: int = 0


Screen = Callable[[Tx, Row, Texts], Message | None]
"""The view of a state. None: there is nothing to show any more, and the card is deleted."""
OnTap = Callable[[Request, Row, str], None]
OnText = Callable[[Request, Row, str], None]
OnPhoto = Callable[[Request, Row, str], None]
"""Takes Telegram's id of the picture."""


@dataclass(frozen=True)
class Shared:
    """A person, or one's own number, that was shared by a button below the input."""

    account_id: int
    first_name: str
    last_name: str = ""
    phone: str = ""


OnShared = Callable[[Request, Row, Shared], None]

OnDocument = Callable[[Request, Row, str], Document]
"""Takes the button's argument; changes nothing."""

Fits = Callable[[Request, Row, str], bool]
"""Tells whether a text is surely an answer; changes nothing."""


def no_text(_step: Request, _row: Row, _text: str) -> bool:
    """Tell that no text is surely an answer: for a search, a name, or a code."""
    return False


@dataclass(frozen=True)
class State:
    """One state of a conversation. `taps` by the first word of the button's argument.

    `text` takes typed text, and `photo` a picture, where they are asked for. `document` makes the file that a
    button of Verb.PAPER asks for. `tells_group`: the screen says itself how to write in a group. `keeps`: a
    text or a picture that is sent before anything is tapped is kept, and taken by the next state that asks
    for it. `shared` takes a person, or one's own number (`ask_to_share`). `fits`: what is not surely an
    answer, and means something wherever it is written, is followed as that; without it every text is an
    answer where `text` takes one, and none elsewhere.
    """

    screen: Screen
    taps: Mapping[str, OnTap] = field(default_factory=dict)
    text: OnText | None = None
    photo: OnPhoto | None = None
    shared: OnShared | None = None
    document: OnDocument | None = None
    tells_group: bool = False
    keeps: bool = False
    fits: Fits | None = None

    def is_answered(self, step: Request, row: Row, text: str) -> bool:
        """Return whether the text is surely an answer."""
        return self.text is not None if self.fits is None else self.fits(step, row, text)

    def draw(self, tx: Tx, row: Row, t: Texts) -> Message | None:
        """Return the state's message, drawn in the conversation's organization."""
        about = tx.of(row.organization_id) if row.organization_id is not None else tx
        shown = self.screen(about, row, t)
        if shown is None or self.text is None or self.tells_group or row.chat_id > 0:
            return shown
        return replace(shown, text=lines(shown.text, written_here(t)))


def written_here(t: Texts) -> Markup:
    """Say how to write in a group, whose other texts the bot does not get to see."""
    return t("↩️ Reply to this message to write.")


@dataclass(frozen=True)
class Conversation:
    """The states of a conversation. `stopped`: the answer to /cancel, one of the `answers` of a feature."""

    name: str
    states: Mapping[str, State]
    fallbacks: Mapping[str, OnTap] = field(default_factory=dict)
    stopped: str = "cancelled"

    def state(self, row: Row) -> State | None:
        return self.states.get(row.state)

    def tap(self, step: Request, row: Row, word: str, rest: str) -> None:
        """Handle a tap. A button of another state does nothing: it was tapped twice, or late.

        The card is rendered again, and shows the current state.
        """
        state = self.state(row)
        handle = (state.taps.get(word) if state else None) or self.fallbacks.get(word)
        if handle is None:
            render(step, row)
            return
        # The problem of the last answer has been read.
        update(row, ConversationData(problem=None))
        handle(step, row, rest)
        kept = ConversationData.of(row)
        if (kept.kept_text or kept.kept_photo) and self._take_kept(step, row, kept):
            render(step, row)

    def _take_kept(self, step: Request, row: Row, kept: ConversationData) -> bool:
        """Give the state what was sent before it asked; return whether it takes any of it."""
        state = self.state(row)
        if state is None or (state.text is None and state.photo is None):
            return False
        update(row, ConversationData(kept_text="", kept_photo=""))
        return give(self.state, step, row, text=kept.kept_text, photo=kept.kept_photo)


def give(state_of: Callable[[Row], State | None], step: Request, row: Row, *, text: str, photo: str) -> bool:
    """Give the state a text, a picture, or both; return whether it asks for any of them."""
    state = state_of(row)
    if state is not None and state.photo is not None and photo:
        state.photo(step, row, photo)
        below = state_of(row)
        # Where both are an answer, the caption is the text.
        if state.text is not None and text and below is not None and below.text is not None:
            below.text(step, row, text)
    elif state is not None and state.text is not None and text:
        state.text(step, row, text)
    else:
        return False
    return True


def find(tx: Tx, chat_id: int, account_id: int) -> Row | None:
    """Return the person's conversation in this chat; None where none is going on."""
    row = conversations.find(tx.session, chat_id, account_id)
    return row if row is not None and row.state != OVER else None


def asked(step: Request) -> Row | None:
    """Return the sender's conversation in this chat as it was when the update came, looked up once."""
    if step.open_conversation is UNKNOWN:
        step.open_conversation = find(step.tx, step.place.chat_id, step.sender.account_id)
    return step.open_conversation if isinstance(step.open_conversation, Row) else None


def start(
    step: Request, name: str, state: str, data: ConversationData | None = None, *, organization_id: int | None
) -> Row:
    """Start a conversation; the person's previous one in this chat ends, and its buttons go."""
    return conversations.replace(
        step.tx,
        chat_id=step.place.chat_id,
        thread_id=step.place.thread_id,
        account_id=step.sender.account_id,
        organization_id=organization_id,
        name=name,
        state=state,
        data=_stored({}, data),
    )


def update(row: Row, changes: ConversationData | None = None, *, to: str | None = None) -> None:
    """Remember what `changes` names, and no more than that, and go to the state `to`.

    `update(row, RentData(page=2, words=""))` changes these two; what gets its default value is forgotten.
    """
    data = _stored(row.data, changes)
    if to is not None:
        data = {name: value for name, value in data.items() if name != _SHARES}
        row.state = to
    if data != row.data:  # what is set makes work for the next flush, also where it is the same
        row.data = data


def reset(row: Row, data: ConversationData | None = None, *, to: str | None = None) -> None:
    """Forget all but `data`, and go to the state `to`."""
    row.data = {name: value for name, value in row.data.items() if name == conversations.KEYBOARD}
    update(row, data, to=to)


def switch_to(row: Row, name: str, state: str, data: ConversationData | None = None) -> None:
    """Go on as another conversation, on the same card; what was remembered is forgotten but for `data`."""
    row.name = name
    reset(row, data, to=state)


def _stored(kept: Mapping[str, Any], changes: ConversationData | None) -> dict[str, Any]:
    """Return what is kept as JSON after these changes."""
    if changes is None:
        return dict(kept)
    fields = type(changes).model_fields
    said = changes.model_dump(mode="json", exclude_unset=True)
    forgotten = {n for n in said if getattr(changes, n) == fields[n].get_default(call_default_factory=True)}
    return {name: value for name, value in {**kept, **said}.items() if name not in forgotten}


def goto(
    state: str | None = None,
    changes: ConversationData | Callable[[str], ConversationData] | None = None,
) -> OnTap:
    """Return the tap that only goes to a state (None: stays), with these changes to what is remembered.

    `changes` may depend on what the button carries: `goto(LIST, lambda value: ListData(page=number(value)))`.
    """

    def handle(step: Request, row: Row, value: str) -> None:
        update(row, changes(value) if callable(changes) else changes, to=state)
        render(step, row)

    return handle


_SHARES = "shares"


def ask_to_share(row: Row, share: Share) -> None:
    """Show a button below the input, in private, until the conversation goes on to another state."""
    row.data = {**row.data, _SHARES: share}


def shares(row: Row) -> Share | None:
    """Return what the button below the input asks for."""
    return Share(row.data[_SHARES]) if _SHARES in row.data else None


def _render_keyboard(step: Request, row: Row) -> None:
    """Render the message that brings the button below the input; the button goes with it."""
    wanted, shown = row.data.get(_SHARES), row.data.get(conversations.KEYBOARD)
    if wanted == shown or row.chat_id < 0:
        return
    row.data = {name: value for name, value in row.data.items() if name != conversations.KEYBOARD}
    if wanted is not None:
        row.data = {**row.data, conversations.KEYBOARD: wanted}
    conversations.render_keyboard(step.tx, row.chat_id, row.organization_id)


def render(step: Request, row: Row, *, renew: bool = False) -> Card:
    """Render the conversation's card; `renew`: below what the person has typed."""
    row.updated_at = step.now
    step.session.flush()
    card = outbox.render_card(
        step.tx,
        CARD,
        row.id,
        chat_id=row.chat_id,
        thread_id=step.place.thread_id,
        organization_id=row.organization_id,
        renew=renew,
        rings=False,  # in a group, too, it answers whoever acts
    )
    _render_keyboard(step, row)
    return card


def end(step: Request, row: Row, outcome: str) -> None:
    """End the conversation; its card shows the outcome, without buttons."""
    update(row, ConversationData(outcome=outcome), to=OVER)
    render(step, row)


def hand_card_over(step: Request, row: Row, *, kind: str, subject_id: int) -> None:
    """Turn the conversation's message into the card of its result, instead of sending a second message."""
    update(row, ConversationData(outcome=HANDED_OVER), to=OVER)
    cards.convert(step.session, render(step, row), kind, subject_id)
    step.session.flush()


def own_row(step: Request, conversation_id: int, *, or_over: bool = False) -> Row:
    """Return the conversation of a button, if it is this person's and still going on; with `or_over` also one
    that has ended.

    Raises QUESTION_GONE for one that was deleted, OUTDATED for one that ended, NOT_YOURS for somebody else's,
    CLOSED where its organization is.
    """
    row = conversations.get(step.session, conversation_id)
    if row is None:
        raise Refusal(Refused.QUESTION_GONE)
    if (row.state == OVER and not or_over) or row.chat_id != step.place.chat_id:
        raise Refusal(Refused.OUTDATED)
    if row.account_id != step.sender.account_id:
        raise Refusal(Refused.NOT_YOURS)
    require_open(step, row)
    return row


def require_open(step: Request, row: Row) -> None:
    """Raise CLOSED where the conversation's organization is closed."""
    if row.organization_id is not None:
        identity.require_open(step.session, row.organization_id)


def _cancel(step: Request, row: Row, _value: str) -> None:
    end(step, row, "cancelled")


CANCEL: Mapping[str, OnTap] = {"cancel": _cancel}
"""The fallback of conversations that leave nothing behind."""


def nothing_stays(tx: Tx, row: Row, t: Texts) -> None:
    """The screen of a question that was answered: the card is deleted, as the result is shown elsewhere."""
