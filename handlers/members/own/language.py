"""`/language`: the language in which somebody is written to."""

from markupsafe import Markup

from handlers.i18n.texts import LANGUAGES, Texts
from handlers.ui.callbacks import Tap, Verb, pack
from handlers.ui.message import Button, Message
from handlers.ui.registry import Params
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from services.members import accounts


def command(step: Request, words: str) -> Message:
    return languages(step.texts)


def languages(t: Texts) -> Message:
    return Message(
        t("Which language?"),
        (tuple(Button(name, pack(Verb.LANGUAGE, arg=code)) for code, name in LANGUAGES.items()),),
    )


def tapped(step: Request, tap: Tap) -> Markup | None:
    if tap.arg not in LANGUAGES:
        raise Refusal(Refused.OUTDATED)
    if not accounts.choose_language(step.session, step.sender.account_id, tap.arg):
        return step.texts("From now on I will write in English.")
    step.say("language_set")
    return None


def is_set(t: Texts, p: Params) -> Message:
    return Message(t("From now on I will write in English."))
