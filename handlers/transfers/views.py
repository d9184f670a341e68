"""Views of transfers: the question, its outcome, and the choice of items."""

from collections.abc import Sequence

from markupsafe import Markup

from db.states import HandOverStatus
from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import short
from handlers.ui.message import Button, Message
from services.transfers.candidates import Successor
from services.transfers.offers import Thing

_MOST = 20
"""The largest number of items that are listed."""


def named(t: Texts, things: Sequence[Thing]) -> Markup:
    """Return the items by name and code: `Tent T2, Stove S1`."""
    return _named([(thing.name, thing.code) for thing in things])


def _named(things: Sequence[tuple[str, str]]) -> Markup:
    shown = ", ".join(f"{short(name)} {short(code, 24)}" for name, code in things[:_MOST])
    return Markup("<b>{}</b>").format(shown + (" …" if len(things) > _MOST else ""))


def question(
    t: Texts,
    giver: str,
    rental_id: int,
    number: int,
    things: Sequence[Thing],
    hand_over_id: int,
    *,
    taken: Sequence[int] = (),
    is_off: bool = False,
) -> Message:
    """Return the message to the next member, open or with its outcome.

    `taken` are the claims on items that they accepted; `is_off`: the next rental has ended.
    """
    is_open = [thing for thing in things if thing.status is HandOverStatus.OFFERED]
    if is_open:
        text = lines(
            t("🤝 {name} hands over to you: {things}.", name=giver, things=named(t, is_open)),
            t("It is for your rental {id}. Do you have it?", id=number),
        )
        yes = Button(str(t("Yes, I have it")), pack(Verb.HAND_OVER_YES, hand_over_id))
        no = Button(str(t("No")), pack(Verb.HAND_OVER_NO, hand_over_id))
        but = Button(str(t("Yes, but something is wrong")), pack(Verb.HAND_OVER_WRONG, hand_over_id))
        return Message(text, ((yes, no), (but,)))
    done = [thing for thing in things if thing.status is HandOverStatus.DONE]
    if done:
        text = t("🤝 You have it from {name}: {things}.", name=giver, things=named(t, done))
        which = taken[0] if len(taken) == 1 else ""
        wrong = Button(str(t("Something is wrong")), pack(Verb.PROBLEM, rental_id, which))
        return Message(text, ((wrong,),) if taken else ())
    if any(thing.status is HandOverStatus.DECLINED for thing in things):
        return Message(
            t(
                "You said that you have not received it from {name}: {things}.",
                name=giver,
                things=named(t, things),
            )
        )
    if is_off:
        return Message(
            t(
                "It was for your rental {id}, which has ended: {things}.",
                id=number,
                things=named(t, things),
            )
        )
    return Message(
        t("{name} is not handing it over to you after all: {things}.", name=giver, things=named(t, things))
    )


def declined(t: Texts, taker: str, things: Sequence[Thing]) -> Message:
    """Return the message to the giver after a refusal."""
    return Message(
        t(
            "✖️ {name} has not received it: {things}. It still counts as yours.",
            name=taker,
            things=named(t, things),
        )
    )


def off(t: Texts, taker: str, things: Sequence[tuple[str, str]]) -> Message:
    """Return the message to the giver with name and code of the items that they keep."""
    return Message(
        t(
            "✖️ {name} is no longer taking it over: {things}. It still counts as yours.",
            name=taker,
            things=_named(things),
        )
    )


def which(t: Texts, rental_id: int, to: Successor) -> Message:
    """Return the choice between all items that the next member needs and single ones."""
    rows: list[tuple[Button, ...]] = [
        (Button(str(t("All of it")), pack(Verb.HAND_OVER, rental_id, to.rental_id)),)
    ]
    rows += [
        (
            Button(
                f"{short(pair.code, 20)} · {short(pair.name, 28)}",
                pack(Verb.HAND_OVER, rental_id, f"{to.rental_id}.{pair.claim_id}"),
            ),
        )
        for pair in to.pairs[:_MOST]
    ]
    rows.append((Button(str(t("Back")), pack(Verb.RENTAL_CARD, rental_id)),))
    return Message(t("<b>What are you handing over to {name}?</b>", name=to.member), tuple(rows))
