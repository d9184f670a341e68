"""What is stored about oneself, as one reads it on a phone."""

from collections.abc import Callable

from markupsafe import Markup

from handlers.message import Button, Message, Rows
from handlers.texts import LANGUAGES, Texts, lines
from handlers.views import members
from handlers.views.refusals import role_name
from services.members import Card

Data = Callable[[str, str], str]


def home(
    t: Texts, organization: str, card: Card, switches: Rows, data: Data, problem: Markup | None
) -> Message:
    """Everything in short. `switches`: the organisations, where they are in more than one."""
    user = card.user
    text = lines(
        problem,
        Markup("<b>{}</b>").format(user.name),
        t("{organization}: {role}", organization=organization, role=role_name(t, user.role)),
        *members.state_of(t, card),
        *members.fields_of(t, card),
        t("Language: {language}", language=LANGUAGES[t.language]),
        t.plural("{n} Telegram account", "{n} Telegram accounts", card.accounts),
        t.plural("{n} rental in all", "{n} rentals in all", card.rentals),
        t.plural("{n} thing with you now", "{n} things with you now", card.record.out_now),
        t("Tap where you want to be:") if switches else None,
    )
    return Message(text, (*switches, (Button(str(t("Close")), data("cancel", "")),)))
