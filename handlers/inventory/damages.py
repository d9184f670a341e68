"""What is wrong with an item, on its card: say it, and say that it is repaired."""

from collections.abc import Mapping

from db.models import Conversation as Row
from handlers import conversation
from handlers.conversation import OnTap
from handlers.inventory import names
from handlers.inventory.keeping import number, tap
from handlers.rent_days import attempt
from handlers.step import Step
from services import damage
from services.people import Actor


def _problem(step: Step, row: Row, actor: Actor, value: str) -> None:
    conversation.become(row, names.PROBLEM, names.ASK, item_id=row.data["item_id"], lender=True)


def _repaired(step: Step, row: Row, actor: Actor, value: str) -> None:
    attempt(step, row, lambda: damage.close(step.session, actor, step.now, number(value)))


TAPS: Mapping[str, OnTap] = {"problem": tap(_problem), "repaired": tap(_repaired)}
