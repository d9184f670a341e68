"""Views of one's own data, of leaving and of erasure."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from db.models import FORMER_MEMBER
from handlers.i18n.texts import LANGUAGES, N_, Texts, lines
from handlers.members import profile_questions, views
from handlers.ui.form import short, side_by_side
from handlers.ui.message import Button, Message, Rows, Style
from handlers.ui.refusals import role_name
from services.members.directory import Card

Data = Callable[[str, str], str]
Work = Callable[[], object]

_SAID = N_("Former member")
assert _SAID == FORMER_MEMBER, "the word that stands for a name is translated as it is stored"

_MOST_SHOWN = 12


def home(
    t: Texts,
    organization: str,
    card: Card,
    switches: Rows,
    left: Sequence[tuple[int, str]],
    data: Data,
    problem: Markup | None,
    account_id: int,
) -> Message:
    """Return the overview.

    `account_id`: the person's own number in Telegram, which operators need for their settings.
    `switches`: buttons of the organizations, for a person in several. `left`: organizations with data of a
    former or inactive membership, by the user's id there.
    """
    user = card.user
    text = lines(
        problem,
        Markup("<b>{}</b>").format(user.name),
        t("{organization}: {role}", organization=organization, role=role_name(t, user.role)),
        *views.state_of(t, card),
        *views.fields_of(t, card),
        t("Language: {language}", language=LANGUAGES[t.language]),
        t.plural("{n} Telegram account", "{n} Telegram accounts", card.accounts),
        t("Your Telegram ID: {id}", id=Markup("<code>{}</code>").format(account_id)),
        t.plural("{n} rental in all", "{n} rentals in all", card.rentals),
        t.plural("{n} thing with you now", "{n} things with you now", card.record.out_now)
        if card.record.out_now
        else t("Nothing with you now"),
        t("Tap where you want to be:") if switches else None,
    )
    rows: Rows = (
        *side_by_side(
            [
                Button(str(t("Change name")), data("change", "name")),
                Button(_change(t, "email", user.email), data("change", "email")),
                Button(_change(t, "phone", user.phone), data("change", "phone")),
            ]
        ),
        (Button(str(t("My card")), data("card", "")),),
        (
            Button(str(t("Everything as a file")), data("file", "")),
            Button(str(t("Accounts")), data("accounts", "")),
        ),
        (
            Button(str(t("Leave")), data("leave", "")),
            Button(str(t("Forget me")), data("forget", ""), style=Style.END),
        ),
        *_left_rows(t, left, data),
        (Button(str(t("Close")), data("cancel", "")),),
    )
    return Message(text, (*switches, *rows))


def _change(t: Texts, field: str, now: str | None) -> str:
    """Return the label of the button that changes a field, by the name that it has here."""
    if own := t.label(f"user.{field}", ""):
        own = short(own, 20)
        return str(
            t("Change {field}", field=own).unescape() if now else t("Add {field}", field=own).unescape()
        )
    if field == "email":
        return str(t("Change email") if now else t("Add email"))
    return str(t("Change phone") if now else t("Add phone"))


def own_card(t: Texts, name: str, organization: str) -> Markup:
    """Return the caption of one's card."""
    return lines(Markup("<b>{}</b> · {}").format(name, organization), t("Show it when you pick things up."))


def beside_card(t: Texts, seen: str, renewed: bool, data: Data, problem: Markup | None) -> Message:
    """Say what one's card is good for. `seen`: the beginning of what it carries, for its renewal."""
    text = lines(
        problem,
        t("A lender scans your card to see who you are. It tells nobody else anything."),
        t("☑️ Your new card is below. The one before no longer works.")
        if renewed
        else t("If somebody else has it, make a new one: then this one stops working."),
    )
    rows: Rows = (
        (Button(str(t("To print")), data("print", "")), Button(str(t("New card")), data("renew", seen))),
        (Button(str(t("Back")), data("home", "")),),
    )
    return Message(text, rows)


def ask_for(t: Texts, field: str, now: str | None, data: Data, problem: Markup | None) -> Message:
    """Ask for one's new name, email or phone; `now`: the one that is known."""
    question = (
        t("What is your name? Write first and last name.")
        if field == "name"
        else profile_questions.ask(t, field, None)
    )
    back = Button(str(t("Back")), data("home", ""))
    remove = (Button(str(t("Remove")), data("clear", "")),) if now and field != "name" else ()
    return Message(
        lines(problem, question, t("Now: {value}", value=now) if now else None), ((*remove, back),)
    )


def home_of_left(
    t: Texts,
    organization: str,
    card: Card,
    left: Sequence[tuple[int, str]],
    data: Data,
    problem: Markup | None,
    *,
    back: bool,
) -> Message:
    """Return the overview of a former member. `back`: there is an organization in which the account acts."""
    text = lines(
        problem,
        Markup("<b>{}</b>").format(card.user.name),
        t(
            "You are not an active member of {organization} now. It has stored about you:",
            organization=organization,
        ),
        *views.state_of(t, card),
        *views.fields_of(t, card),
        t.plural("{n} rental in all", "{n} rentals in all", card.rentals),
    )
    last = Button(str(t("Back")), data("back", "")) if back else Button(str(t("Close")), data("cancel", ""))
    rows: Rows = (
        (Button(str(t("Everything as a file")), data("file", "")),),
        (Button(str(t("Forget me")), data("forget", ""), style=Style.END),),
        *_left_rows(t, left, data),
        (last,),
    )
    return Message(text, rows)


def _left_rows(t: Texts, left: Sequence[tuple[int, str]], data: Data) -> Rows:
    def label(name: str) -> str:
        return t("About you: {organization}", organization=short(name, 24)).unescape()

    return tuple((Button(label(name), data("left", str(id_))),) for id_, name in left[:_MOST_SHOWN])


def _cancelled(t: Texts, going_on: Sequence[int]) -> Markup | None:
    """Return the list of rentals that would be cancelled."""
    if not going_on:
        return None
    numbers = ", ".join(str(number) for number in going_on[:_MOST_SHOWN])
    if len(going_on) > _MOST_SHOWN:
        numbers += " …"
    return t.plural(
        "⚠️ Your rental {numbers} is cancelled.",
        "⚠️ Your {n} rentals {numbers} are cancelled.",
        len(going_on),
        numbers=numbers,
    )


def _no(t: Texts, data: Data, *, has_left: bool = False) -> tuple[Button, ...]:
    return (Button(str(t("Back") if has_left else t("No, I stay")), data("home", "")),)


def ask_to_leave(t: Texts, organization: str, going_on: Sequence[int], data: Data) -> Message:
    text = lines(
        t("<b>Leave {organization}?</b>", organization=organization),
        _cancelled(t, going_on),
        t("What is stored about you is kept. Only an admin can bring you back."),
    )
    return Message(text, ((Button(str(t("Yes, leave")), data("yes", "")),), _no(t, data)))


def ask_to_forget(
    t: Texts, organization: str, going_on: Sequence[int], data: Data, *, has_left: bool
) -> Message:
    text = lines(
        t("<b>Should {organization} forget you?</b>", organization=organization),
        t("Your name, your contact details and what you wrote are removed for good.")
        if has_left
        else t("You leave, and your name, your contact details and what you wrote are removed for good."),
        t("The record of what was borrowed when is kept, without your name. So are notes about damage."),
        _cancelled(t, going_on),
    )
    return Message(text, ((Button(str(t("Continue")), data("on", "")),), _no(t, data, has_left=has_left)))


def ask_again(t: Texts, going_on: Sequence[int], data: Data, *, has_left: bool) -> Message:
    text = lines(t("<b>This cannot be undone. Are you sure?</b>"), _cancelled(t, going_on))
    yes = Button(str(t("Yes, forget me")), data("yes", ""))
    return Message(text, ((yes,), _no(t, data, has_left=has_left)))


def left(t: Texts, organization: str, now_in: str | None, *, forgotten: bool) -> Markup:
    """Return the confirmation. `now_in`: the organization in which the account acts from now on, if any."""
    now = t("You are in {organization} now.", organization=now_in) if now_in else None
    if forgotten:
        gone = t("{organization} has forgotten you.", organization=organization)
        return lines(gone, now or t("You can delete this chat."))
    stays = t("/me still shows what is stored about you there.")
    return lines(t("You have left {organization}.", organization=organization), now, stays)


def account_list(
    t: Texts, linked: Sequence[tuple[int, str]], this: int, data: Data, problem: Markup | None
) -> Message:
    """Return the list of linked Telegram accounts, by id and first name."""
    rows: list[tuple[Button, ...]] = []
    shown = []
    for number, (account_id, name) in enumerate(linked, start=1):
        said = name or t("without a name")
        shown.append(
            t("{n}. {name} (this one)", n=number, name=said)
            if account_id == this
            else t("{n}. {name}", n=number, name=said)
        )
        if len(linked) > 1:
            rows.append((Button(t("Unlink {n}", n=number).unescape(), data("unlink", str(account_id))),))
    text = lines(
        problem,
        t("<b>Your Telegram accounts</b>"),
        *shown,
        t("Reminders go to all of them."),
    )
    rows.append((Button(str(t("Another account")), data("another", "")),))
    rows.append((Button(str(t("Back")), data("home", "")),))
    return Message(text, tuple(rows))


def ask_to_unlink(t: Texts, name: str, data: Data) -> Message:
    text = t("Unlink {name}? That account will no longer be linked to you.", name=name)
    return Message(
        text,
        (
            (
                Button(str(t("Yes, unlink it")), data("yes", "")),
                Button(str(t("Back")), data("accounts", "")),
            ),
        ),
    )
