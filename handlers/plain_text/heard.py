"""A text in private while it is being understood, and the running of the command that it means."""

from dataclasses import dataclass
from functools import cached_property

from db.models import Conversation as Row
from db.models import Item
from handlers.parsing import plain_words
from handlers.parsing.sentences import questions, staff
from handlers.rentals import lists
from handlers.rentals.booking import conversation as booking
from handlers.telegram import dispatch
from handlers.ui.message import Document, Message
from handlers.ui.registry import REGISTRY, Where
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.tx import Tx
from services.desk import by_name
from services.inventory import catalog


@dataclass
class Heard:
    """A text and who wrote it; `row` is the conversation in whose middle it came. All else is looked up
    when the first reading needs it.
    """

    step: Request
    actor: Actor
    text: str
    row: Row | None = None

    @property
    def tx(self) -> Tx:
        return self.step.by(self.actor)

    @cached_property
    def said(self) -> booking.Said:
        """The text as it would be read after /rent."""
        return booking.hear(self.step, self.text)

    @cached_property
    def things(self) -> list[str]:
        return [one.words for one in self.said.reading.things]

    @cached_property
    def own(self) -> list[str]:
        """Those of the things that this person has, or asked for."""
        return [one for one in self.things if lists.names_own(self.step, one)]

    @cached_property
    def about(self) -> tuple[str, str] | None:
        """The command and the thing of `return T1`, where this person may."""
        about = plain_words.before_thing(self.text)
        return about if about is not None and may(self.actor, about[0]) else None

    @cached_property
    def harmed(self) -> list[str]:
        """The subject of a sentence about harm, if it is known here: a code, or a thing, also of somebody."""
        return [one for one in questions.harmed(self.text) if self.is_known(one)][:1]

    def is_known(self, words: str) -> bool:
        said = [words, *(what for _, what in staff.owners(words))]
        return any(
            self.item_called(one) is not None or by_name.look_up(self.tx, one).equipment_ids for one in said
        )

    def item_called(self, words: str) -> Item | None:
        return catalog.item_by_code(self.tx, words)


def may(actor: Actor, meant: str) -> bool:
    """Return whether a word that means a command means it to this person: others may look for a thing."""
    command = REGISTRY.commands.get(meant)
    if command is None:
        return True
    return command.where is not Where.GROUP and (command.role is None or actor.has_role(command.role))


def run(step: Request, command: str, words: str = "") -> Message | Document | None:
    """Run a command. Raises OnlyShown with the answer of one that changes nothing."""
    c = REGISTRY.commands[command]
    answer = dispatch.run(step, c, words)
    if answer is not None and not c.acts_with(words):
        raise dispatch.OnlyShown(answer)
    return answer
