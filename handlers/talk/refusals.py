"""Words for what was not delivered."""

from markupsafe import Markup

from handlers.i18n.texts import Texts
from handlers.ui.registry import Params
from services.core.errors import Refused


def _not_delivered(t: Texts, d: Params) -> Markup:
    if d["name"] is None:
        return t("None of the lenders can be reached here, so this was not delivered.")
    return t("I cannot write to {name}, so this was not delivered. Please call or write.", name=d["name"])


WORDS = {
    Refused.NOT_DELIVERED: _not_delivered,
    Refused.TOO_MANY_MESSAGES: lambda t, d: t(
        "That was a lot of messages in one hour, so this one was not delivered. Please wait a little."
    ),
}
