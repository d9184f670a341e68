"""Answers to plain text: nothing is understood, small talk, and commands that may have been meant."""

from collections.abc import Sequence

from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import Texts
from handlers.parsing import plain_words
from handlers.parsing.sentences import questions
from handlers.ui.callbacks import AnyVerb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message, Rows
from handlers.ui.registry import REGISTRY, Params
from services.messaging.outbox import WROTE

_LONGEST = 60
"""Characters of what was written that are repeated."""


class Verb(AnyVerb):
    RUN = "cm"  # arg: a command; run with the words of the mistyped one that the message replies to


def run_button(label: str, command: str) -> Button:
    return Button(label, pack(Verb.RUN, 0, command))


def ways_on(t: Texts, role: Role | None) -> Rows:
    """Return the three buttons that lead on from anywhere; None, for no member yet, has help alone."""
    rent = run_button(str(t("Rent something")), "rent")
    rentals = run_button(str(t("My rentals")), "rentals")
    desk = run_button(str(t("Today at the desk")), "desk")
    help_ = run_button(str(t("Help")), "help")
    if role is None:
        return ((help_,),)
    return ((rent,), (desk if role.covers(Role.LENDER) else rentals, help_))


def not_understood(t: Texts, words: str, role: Role | None) -> Message:
    """Repeat what was not understood, and offer what there is to do."""
    if words:
        text = t("I did not understand “{words}”. What would you like to do?", words=short(words, _LONGEST))
    else:
        text = t("I did not understand that. What would you like to do?")
    return Message(text, ways_on(t, role))


def said_not_understood(t: Texts, p: Params) -> Message:
    return not_understood(t, p[WROTE], Role(p["role"]))


def about_topics(t: Texts, p: Params) -> Message:
    """Offer the commands that what was written may be about, by what they do."""
    known = [REGISTRY.commands[name] for name in p["topics"] if name in REGISTRY.commands]
    rows = tuple((run_button(str(t(one.about)), one.name),) for one in known)
    text = t.plural(
        "I did not understand “{words}”. Is it this?",
        "I did not understand “{words}”. Is it one of these?",
        len(rows),
        words=short(p[WROTE], _LONGEST),
    )
    return Message(text, (*rows, *ways_on(t, None)))


def small_talk(t: Texts, p: Params) -> Message:
    """Answer politely."""
    if p["about"] == questions.THANKS:
        return Message(t("You are welcome!"))
    if p["about"] == plain_words.FINE:
        return Message(Markup("👍"))
    return Message(t("Hello! What would you like to do?"), ways_on(t, Role(p["role"])))


def no_prices(t: Texts, role: Role | None) -> Message:
    """Say that nothing is known about prices, and who knows."""
    return Message(
        t("I know no prices: I only keep what can be borrowed, and when. Ask those who lend it out."),
        ways_on(t, role),
    )


def which_piece(t: Texts, p: Params) -> Message:
    """Ask for the code of the piece that is broken."""
    return Message(t("Which one is it? Write its code and what is wrong: <i>T-1 is broken</i>."))


def did_you_mean(t: Texts, typed: str, commands: Sequence[tuple[str, str]]) -> Message:
    """Offer the commands, each with the words that followed the mistyped one."""
    rows = tuple((run_button(short(f"/{name} {words}".strip(), 40), name),) for name, words in commands)
    return Message(t("There is no {command}. Did you mean this?", command=short(typed, 40)), rows)
