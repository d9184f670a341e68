"""What is said of a member's rental to a lender, because nobody can write to the member."""

from dataclasses import replace

from markupsafe import Markup

from handlers.callbacks import Verb, pack
from handlers.message import Button, Message
from handlers.texts import Texts, lines
from handlers.views.rent import short


def unreached(t: Texts, name: str) -> Markup:
    return t("📵 I cannot write to {name}.", name=short(name, 80))


def for_another(t: Texts, name: str, rental_id: int, message: Message) -> Message:
    """The same words; of the buttons, which are the member's, only the way to the rental's card."""
    show = Button(str(t("Show {id}", id=rental_id)), pack(Verb.SHOW_RENTAL, rental_id, "d"))
    heading = t("👤 For <b>{name}</b>, whom I cannot write to:", name=short(name, 80))
    return replace(message, text=lines(heading, message.text), buttons=((show,),))
