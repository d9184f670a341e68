"""Buttons of the desk's card of a rental."""

from dataclasses import dataclass
from datetime import timedelta

from db.states import ClaimStatus, RentalStatus
from handlers.i18n.texts import Texts
from handlers.rentals.changes import views as change_views
from handlers.rentals.custody.buttons import Verb as Custody
from handlers.ui.callbacks import Verb, pack
from handlers.ui.message import Button, Rows, Style
from services.rentals.queries import RentalView

_JUST_OUT = timedelta(hours=12)


@dataclass(frozen=True)
class Reader:
    """The rights of the desk card's reader: a group shows all buttons, a private chat the permitted."""

    approves: bool = True
    cancels: bool = False
    answers: bool = False
    """They entered it, and say for the member whether to take what is proposed."""


GROUP = Reader()


def buttons(t: Texts, v: RentalView, reader: Reader) -> Rows:
    """Return the buttons, in an order in which what comes next is not where the last tap was.

    Approve is on the left, Hand out on the right, Take back on the left again; and what goes away with its
    tap is below what stays.
    """
    rows: list[tuple[Button, ...]] = []
    if v.status is RentalStatus.REQUESTED and reader.approves:
        rows += change_views.answer_rows(t, v)
    rows += _back_rows(t, v)
    if held := v.to_hand_out:
        if len(held) > 1:
            rows.append((Button(str(t("Only some")), pack(Verb.SOME_OUT, v.id)),))
        rows.append(
            (
                Button(str(t("Swap")), pack(Verb.SWAP, v.id)),
                Button(str(t("Hand out")), pack(Verb.HAND_OUT, v.id)),
            )
        )
    if v.question is not None and reader.approves:
        rows.append(
            (
                Button(str(t("Approve")), pack(Verb.GRANT, v.question.extension_id), style=Style.GO_ON),
                Button(str(t("Decline")), pack(Verb.REFUSE, v.question.extension_id), style=Style.END),
            )
        )
    rows += change_views.member_rows(t, v) if reader.answers else ()
    rows += change_views.desk_end(t, v, cancels=reader.cancels)
    return tuple(rows)


def _back_rows(t: Texts, v: RentalView) -> list[tuple[Button, ...]]:
    """Return the buttons about what is out, and what came back."""
    confirm = (
        Button(str(t("Confirm return")), pack(Verb.CONFIRM_RETURN, v.id)),
        Button(str(t("It is not there")), pack(Verb.NOT_BACK, v.id)),
    )
    problem = Button(str(t("Problem")), pack(Verb.PROBLEM, v.id))
    lost = Button(str(t("Lost")), pack(Verb.LOSE, v.id), style=Style.END)
    rows: list[tuple[Button, ...]] = []
    if v.with_member:
        some = (Button(str(t("Only some")), pack(Verb.SOME_BACK, v.id)),) if len(v.with_member) > 1 else ()
        rows.append((Button(str(t("Take back")), pack(Verb.TAKE_BACK, v.id)), problem))
        if v.out_at is not None and t.now - v.out_at < _JUST_OUT:
            rows.append((Button(str(t("It was earlier")), pack(Verb.OUT_EARLIER, v.id)),))
        date = (Button(str(t("Set a date")), pack(Custody.SET_DATE, v.id)),) if v.due_at is None else ()
        rows.append((*some, lost, *date))
        if v.waiting_back:
            rows.append(confirm)
    elif v.waiting_back:
        rows += [confirm, (problem, lost)]
    if v.of(ClaimStatus.RETURNED):
        rows.append((Button(str(t("Condition")), pack(Verb.BACK, v.id)),))
    return rows
