"""The question for a reason: a usual one is tapped, another one typed, or none is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from db.models import Conversation as Row
from handlers.i18n.texts import Texts, lines
from handlers.ui import conversation
from handlers.ui.callbacks import number
from handlers.ui.cards import organization_of
from handlers.ui.conversation import CANCEL, OVER, Conversation, ConversationData, State, nothing_stays
from handlers.ui.form import Data, attempt, cancel, data_of, problem_of
from handlers.ui.message import Button, Message
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.tx import Tx

ASK = "ask"
_NO_REASON = "none"

Usual = Callable[[Texts], Sequence[str]]
"""Returns the usual reasons in a language; their position is the button's argument."""


def buttons(t: Texts, usual: Usual, data: Data) -> list[Button]:
    return [Button(reason, data("why", str(place))) for place, reason in enumerate(usual(t))]


def tapped(step: Request, row: Row, value: str, usual: Usual) -> str:
    """Return the usual reason of a button, in the organization's language.

    It is stored once; readers of a usual one read their own language. Raises OUTDATED.
    """
    organization = organization_of(step.tx, row)
    known, place = usual(Texts(organization.language)), number(value)
    if place is None or place >= len(known):
        raise Refusal(Refused.OUTDATED)
    return known[place]


def none_usual(t: Texts) -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class Decline:
    """The question for the reason of a decline, as a conversation of its own, which ends with the answer.

    `hint` tells how to answer, by a reply (in a group) or not. `actor` returns the person who answers, and
    raises where they may not. `decline` does it, with the reason; its refusal is shown on the card.
    `is_open`: it is still to be decided; a question that had to wait until somebody else did is not asked.
    """

    name: str
    question: Callable[[Tx, Row, Texts], Markup]
    hint: Callable[[Texts, bool], Markup]
    actor: Callable[[Request, Row], Actor]
    decline: Callable[[Request, Row, Actor, str], object]
    is_open: Callable[[Tx, Row], bool]
    usual: Usual = none_usual

    def conversation(self) -> Conversation:
        state = State(
            self._screen, {"why": self._tapped, _NO_REASON: self._tapped}, self._typed, tells_group=True
        )
        return Conversation(self.name, {ASK: state, OVER: State(nothing_stays)}, CANCEL)

    def _screen(self, tx: Tx, row: Row, t: Texts) -> Message | None:
        data, problem = data_of(row), problem_of(row, t)
        if problem is None and not self.is_open(tx, row):
            return None
        no_reason = Button(str(t("No reason")), data("why", _NO_REASON))
        text = lines(problem, self.question(tx, row, t), self.hint(t, row.chat_id < 0))
        usual = [(button,) for button in buttons(t, self.usual, data)]
        return Message(text, (*usual, (no_reason, cancel(t, data))))

    def _tapped(self, step: Request, row: Row, value: str) -> None:
        """Take a usual reason, or none; older buttons carry nothing for none."""
        self._typed(step, row, tapped(step, row, value, self.usual) if value not in ("", _NO_REASON) else "")
        conversation.render(step, row)

    def _typed(self, step: Request, row: Row, reason: str) -> None:
        actor = self.actor(step, row)
        if attempt(step, row, lambda: self.decline(step, row, actor, reason)):
            conversation.update(row, ConversationData(outcome="declined"), to=OVER)
