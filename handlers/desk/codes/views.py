"""Views of codes: unknown ones, the thing that gets one, several things at once, and what a finder reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.ui.callbacks import AnyVerb, pack
from handlers.ui.callbacks import Verb as Common
from handlers.ui.form import Data, cancel, short
from handlers.ui.message import Button, Message
from handlers.ui.refusals import explain_kept

_LONGEST_CODE = 80
_MOST_THINGS = 20


class Verb(AnyVerb):
    GIVE_CODE = "gc"  # id: organization; arg: the code: ask which thing has it
    FOUND_IT = "fi"  # id: item; arg: the token of its label, which shows that the person has it in hand


# A code that is not known


def unknown(t: Texts, code: str, organization_id: int | None) -> Message:
    """Say that a code is not known; a lender may give it to a thing, where it fits on a button."""
    shown = t("I do not know the code <b>{code}</b>.", code=short(code, _LONGEST_CODE))
    if organization_id is None:
        return Message(lines(shown, t("Please scan our label on the thing, or find it with /items.")))
    try:
        data = pack(Verb.GIVE_CODE, organization_id, code)
    except ValueError:  # longer than a button takes
        return Message(lines(shown, t("An admin can add it to a thing in /inventory, under Edit.")))
    return Message(shown, ((Button(str(t("Give it to a thing")), data),),))


def somebodys_card(t: Texts) -> Message:
    return Message(t("This is a member’s card. It is for whoever hands things out."))


def card_unknown(t: Texts) -> Message:
    return Message(t("This card no longer works. Ask for the new one: it is in /me, under My card."))


def which(
    t: Texts, code: str, items: Sequence[tuple[int, str, str]], problem: Markup | None, data: Data
) -> Message:
    """Ask which thing has the code; `items` are those of the words that were typed: id, code and name."""
    text = lines(
        problem,
        t("Which thing has the code <b>{code}</b>?", code=short(code, _LONGEST_CODE)),
        t("Scan its label, or write its code or name."),
    )
    rows = [
        (Button(f"{short(own, 24)} · {short(name, 30)}", data("item", str(item_id))),)
        for item_id, own, name in items
    ]
    return Message(text, (*rows, (cancel(t, data),)))


def given(t: Texts, code: str, own: str, name: str, *following: Button) -> Message:
    """Say which thing the code leads to now."""
    text = t(
        "☑️ {code} leads to <b>{own}</b> · {name} from now on.",
        code=short(code, _LONGEST_CODE),
        own=short(own, 60),
        name=short(name, 80),
    )
    return Message(text, (following,) if following else ())


def no_code(t: Texts) -> Message:
    return Message(
        t("I found no code in that picture. Take the photo from closer, in good light, or type the code.")
    )


def not_read(t: Texts, problem: dict[str, Any]) -> Message:
    return Message(explain_kept(t, problem))


def one_at_a_time(t: Texts) -> Message:
    return Message(t("I see several things. Please send me a picture of the one that you want to borrow."))


# Several things


@dataclass(frozen=True)
class ThingView:
    """A thing, with who has it now (`holder`), or the rental that it goes out with today."""

    code: str
    name: str
    is_free: bool = False
    holder: str = ""
    goes_to: str = ""


@dataclass(frozen=True)
class Promised:
    """A rental that some of the things go out with today."""

    rental_id: int
    member: str
    things: int


def several(
    t: Texts,
    things: Sequence[ThingView],
    promised: Sequence[Promised],
    left_out: Sequence[Markup],
    done: int,
    problem: Markup | None,
    data: Data,
) -> Message:
    """Show several things and what can be done with them.

    `left_out` is what was beside them; `done`: the rental that some have just gone out with, whose button is
    where the one for that was.
    """
    more = len(things) - _MOST_THINGS
    text = lines(
        problem,
        t.plural("<b>{n} thing</b>", "<b>{n} things</b>", len(things)),
        *(_thing(t, one) for one in things[:_MOST_THINGS]),
        t.plural("… and {n} more", "… and {n} more", more) if more > 0 else None,
        *left_out,
    )
    rows: list[tuple[Button, ...]] = []
    if done:
        rows.append((Button(str(t("Show the rental")), pack(Common.SHOW_RENTAL, done, "d")),))
    free, out = sum(one.is_free for one in things), sum(bool(one.holder) for one in things)
    rows += [
        (
            Button(
                t("Hand out to {member}: {n}", member=short(one.member, 24), n=one.things).unescape(),
                data("promised", str(one.rental_id)),
            ),
        )
        for one in promised[:3]
    ]
    if out:
        rows.append((Button(t("Take back: {n}", n=out).unescape(), data("back", "")),))
    if free:
        rows.append((Button(t("Hand out now: {n}", n=free).unescape(), data("out", "")),))
    rows.append((cancel(t, data),))
    return Message(text, tuple(rows))


def not_here(t: Texts, others: Sequence[str]) -> list[Markup]:
    """Return what else was named, and is nothing here."""
    return [t("Nothing found for “{words}”.", words=short(one, 60)) for one in others[:3]]


def left_out(t: Texts, unknown_codes: Sequence[str], owners: Sequence[str]) -> list[Markup]:
    """Return what was beside the things on a picture: codes that lead to none, and things of other clubs."""
    told = []
    if unknown_codes:
        told.append(
            t.plural(
                "{n} code that I do not know: {codes}",
                "{n} codes that I do not know: {codes}",
                len(unknown_codes),
                codes=", ".join(short(code, 24) for code in unknown_codes[:3]),
            )
        )
    if owners:
        told.append(
            t.plural(
                "{n} thing belongs to {organizations}. It is left out.",
                "{n} things belong to {organizations}. They are left out.",
                len(owners),
                organizations=", ".join(short(name, 60) for name in list(dict.fromkeys(owners))[:3]),
            )
        )
    return told


def _thing(t: Texts, one: ThingView) -> Markup:
    values = {"code": short(one.code, 40), "name": short(one.name, 60)}
    if one.holder:
        return t("• {code} · {name}: with {member}", member=short(one.holder, 40), **values)
    if one.goes_to:
        return t("• {code} · {name}: goes out today to {member}", member=short(one.goes_to, 40), **values)
    if one.is_free:
        return t("• {code} · {name}", **values)
    return t("• {code} · {name}: cannot be lent now", **values)


def taken_back(t: Texts, codes: Sequence[str]) -> Message:
    """Say what was taken back."""
    shown = ", ".join(short(code, 24) for code in codes[:_MOST_THINGS])
    return Message(
        t.plural(
            "☑️ {n} thing taken back: {codes}", "☑️ {n} things taken back: {codes}", len(codes), codes=shown
        )
    )


# A thing that somebody found


def whose(t: Texts, name: str, organization: str, item_id: int, token: str) -> Message:
    """Tell a stranger whose thing it is."""
    text = lines(
        t(
            "<b>{name}</b> belongs to {organization}.",
            name=short(name, 80),
            organization=short(organization, 80),
        ),
        t("Did you find it? Tap the button, and they are told that you have it."),
    )
    return Message(text, ((Button(str(t("I found it")), pack(Verb.FOUND_IT, item_id, token)),),))


def finder_told(t: Texts, organization: str) -> Message:
    return Message(
        t(
            "Thank you! {organization} knows that you have it. Please keep it until they write to you.",
            organization=short(organization, 80),
        )
    )


def told_of_find(t: Texts, finder: Markup, code: str, name: str, holder: str | None) -> Message:
    """Tell the group who found a thing."""
    return Message(
        lines(
            t(
                "🔎 {finder} found <b>{code}</b> · {name}.",
                finder=finder,
                code=short(code, 60),
                name=short(name, 80),
            ),
            t("It is out with {member}.", member=short(holder, 60)) if holder else None,
            t("Tap the name to write to them."),
        )
    )
