"""Cards of a rental: the member's, and the desk's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from db.states import ClaimStatus, RentalStatus
from handlers.i18n import field_names
from handlers.i18n.texts import LANGUAGES, Texts, lines
from handlers.rentals import desk_buttons
from handlers.rentals.booking.basket.basket_views import comment_text, details_text, entered_text
from handlers.rentals.booking.views import line_text
from handlers.rentals.changes import views as change_views
from handlers.rentals.custody import more_time
from handlers.rentals.desk_buttons import GROUP, Reader
from handlers.rentals.pieces.piece_picker_views import in_hand
from handlers.rentals.requests import asking_again
from handlers.ui.callbacks import Verb, pack
from handlers.ui.form import quoted, short
from handlers.ui.message import Button, Message, Rows, Style
from handlers.ui.sentences import obstacles
from handlers.ui.sentences.people import linked, short_name
from services.rentals.approval import NEVER_CONFIRMED, NEVER_THERE
from services.rentals.queries import Piece, RentalView
from services.rentals.records import Record
from services.rentals.returns import Following
from services.transfers.candidates import Successor


def passed(t: Texts, v: RentalView) -> list[Markup]:
    """Return the transfers between members, open and done."""
    groups: dict[tuple[str, bool, bool], list[str]] = {}
    for one in v.passed:
        groups.setdefault((one.other, one.is_outgoing, one.is_open), []).append(one.code)
    told = []
    for (name, is_outgoing, is_open), codes in groups.items():
        values = {"name": name, "codes": ", ".join(short(code, 24) for code in codes[:20])}
        if is_open:
            told.append(t("🤝 {name} is asked to confirm: {codes}", **values))
        elif is_outgoing:
            told.append(t("🤝 Handed over to {name}: {codes}", **values))
        else:
            told.append(t("🤝 Handed over by {name}: {codes}", **values))
    return told


def hand_over_rows(
    t: Texts, rental_id: int, following: Sequence[Successor], suffix: str = ""
) -> list[tuple[Button, ...]]:
    """Return a button for each next member; of several pieces, it asks for some. An offer that was made stays
    in its place.
    """
    rows: list[tuple[Button, ...]] = []
    for one in following:
        if not one.pairs:
            done = t("Hand over to {name}", name=short_name(one.member, 20))
            label = f"✓ {done}" if one.is_offered else str(t("Show"))
            rows.append((Button(label + suffix, pack(Verb.SHOW_RENTAL, rental_id)),))
            continue
        verb = Verb.HAND_OVER if len(one.pairs) == 1 else Verb.HAND_OVER_SOME
        label = t("Hand over to {name}", name=short_name(one.member, 20)).unescape() + suffix
        rows.append((Button(label, pack(verb, rental_id, one.rental_id)),))
    return rows


_MOST_LINES = 12
_LONGEST_PURPOSE = 300
_LONGEST_NOTE = 1000
"""For so long after a hand-out its card offers to say that it was earlier."""
_MOST_DETAILS = 8


def usual_reasons(t: Texts) -> list[str]:
    """Return common reasons for declining; a button holds their place in the list."""
    return [
        str(t("Needed for something else at that time")),
        str(t("Under repair")),
        str(t("Too long")),
        str(t("Please talk to us first")),
    ]


def _reason(t: Texts, v: RentalView) -> Markup | None:
    """Return a common reason in the reader's language, whatever it was given in; any other as written."""
    ours = (NEVER_THERE, NEVER_CONFIRMED)
    reason = v.reason
    if not reason or reason in ours or change_views.is_code(reason):
        return None
    for language in LANGUAGES:
        known = usual_reasons(Texts(language))
        if reason in known:
            reason = usual_reasons(t)[known.index(reason)]
    return t("Reason: {reason}", reason=quoted(reason, _LONGEST_NOTE))


def things(t: Texts, v: RentalView) -> Markup:
    """Return `2 × Tent`, one per line; with codes as soon as they matter."""
    shown = [line_text(t, line) for line in v.lines[:_MOST_LINES]]
    if len(v.lines) > _MOST_LINES:
        shown.append(t.plural("… and {n} more", "… and {n} more", len(v.lines) - _MOST_LINES))
    return lines(*shown)


def _codes(t: Texts, v: RentalView) -> Markup | None:
    """Return the codes, while somebody has to find the items."""
    pieces = v.of(ClaimStatus.HELD, ClaimStatus.OUT)
    if not pieces or v.status not in (RentalStatus.APPROVED, RentalStatus.OUT):
        return None
    if all(piece.is_named for piece in pieces) and len(pieces) == len(v.lines):
        return None  # the lines have them
    return t("Codes: {codes}", codes=codes_of(pieces))


def codes_of(pieces: Sequence[Piece], most: int = 20) -> str:
    return ", ".join(short(p.code, 24) for p in pieces[:most]) + (" …" if len(pieces) > most else "")


def _where(t: Texts, v: RentalView) -> Markup | None:
    """Return the locations of items that are still to be picked up."""
    if v.status not in (RentalStatus.APPROVED, RentalStatus.OUT):
        return None
    places = dict.fromkeys((p.place, p.place_description) for p in v.of(ClaimStatus.HELD) if p.place)
    shown = [_place(name or "", " ".join(told.split())) for name, told in list(places)[:5]]
    return t("Where: {places}", places=", ".join(shown)) if shown else None


def _place(name: str, told: str) -> str:
    """Return a place's name, and how it is found."""
    return f"{short(name)} ({short(told, 120)})" if told else short(name)


def when(t: Texts, v: RentalView) -> Markup:
    end = v.due_at if v.due_at is not None or v.status is RentalStatus.OUT else v.back_at
    if end is None:
        return t("Since {moment}", moment=t.moment(v.starts_at))
    return Markup(t.span(v.starts_at, end))


def _some(t: Texts, v: RentalView) -> Markup | None:
    """Return the progress of a rental in parts: pieces out, returned, and not picked up."""
    back, out, held = (len(v.of(s)) for s in (ClaimStatus.RETURNED, ClaimStatus.OUT, ClaimStatus.HELD))
    if v.status is not RentalStatus.OUT or not (back or held or v.of(ClaimStatus.LOST)):
        return None
    parts = [t.plural("{n} out", "{n} out", out)]
    if back:
        parts.append(t.plural("{n} back", "{n} back", back))
    if held:
        parts.append(t.plural("{n} not picked up", "{n} not picked up", held))
    return Markup(", ").join(parts)


def _claimed(t: Texts, v: RentalView) -> Markup | None:
    """Return the codes of pieces reported as returned, while others are not."""
    if not v.waiting_back or not v.with_member:
        return None
    return t("↩️ Returned, not confirmed yet: {codes}", codes=codes_of(v.waiting_back))


def _lost(t: Texts, v: RentalView) -> Markup | None:
    lost = v.of(ClaimStatus.LOST)
    return t("Lost: {codes}", codes=codes_of(lost)) if lost else None


def status_line(t: Texts, v: RentalView) -> Markup:
    """Return the status in words for the member."""
    changed = change_views.status(t, v)
    if changed is not None:
        return changed
    if v.status is RentalStatus.REQUESTED:
        return t("⏳ Waiting for an answer")
    if v.status is RentalStatus.APPROVED:
        return t("✅ Approved by {name}", name=v.decided_by) if v.decided_by else t("✅ Approved")
    if v.status is RentalStatus.OUT:
        if v.waiting_back and not v.with_member:
            return t("↩️ Returned, waiting for a lender to confirm")
        if v.due_at is None:
            return t("📌 Out until further notice")
        if v.is_overdue:
            return t("🔴 Overdue since {moment}", moment=t.moment(v.due_at))
        return t("📦 Out, due {moment}", moment=t.moment(v.due_at))
    if v.status is RentalStatus.RETURNED and v.pieces and not v.of(ClaimStatus.RETURNED):
        return t("✖️ Lost")
    if v.status is RentalStatus.RETURNED:
        if v.back_at is None:
            return t("☑️ Returned, all done")
        return t("☑️ Returned {moment}, all done", moment=t.moment(v.back_at))
    if v.status is RentalStatus.DECLINED:
        return t("✖️ Declined by {name}", name=v.decided_by or "")
    if v.status is RentalStatus.EXPIRED:
        return _expired(t, v)
    by_other = v.decided_by is not None and v.decided_by != v.member
    return t("✖️ Cancelled by {name}", name=v.decided_by) if by_other else t("✖️ Cancelled")


def _expired(t: Texts, v: RentalView) -> Markup:
    if v.reason == NEVER_THERE:
        return t("⌛ Ended: it did not come back from the last rental in time")
    if v.reason == NEVER_CONFIRMED:
        return t("⌛ Ended: nobody confirmed in time that it was back from the last rental")
    if v.decided_by is not None:
        return t("⌛ Not picked up in time, so it was released")
    return t("⌛ Nobody answered in time, so it has expired")


def member_card(
    t: Texts, v: RentalView, following: Sequence[Successor] = (), item_id: int | None = None
) -> Message:
    """Show the member's card, with the actions that are possible now; first that of the item in their hand,
    where there are several.
    """
    text = lines(
        t("<b>Rental {id}</b>", id=v.number),
        status_line(t, v),
        _reason(t, v),
        change_views.about(t, v),
        entered_text(t, v),
        obstacles.for_member(t, v),
        when(t, v),
        things(t, v),
        _codes(t, v),
        _where(t, v),
        _some(t, v),
        _claimed(t, v),
        _lost(t, v),
        *passed(t, v),
        field_names.line(t, "rental.purpose", quoted(v.purpose, _LONGEST_PURPOSE)),
        comment_text(t, v.comment),
        *details_text(v.details[:_MOST_DETAILS]),
        more_time.asked(t, v.question) if v.question else None,
        more_time.answered(t, v),
        *(t("⚠️ Problem: {note}", note=quoted(note, _LONGEST_NOTE)) for note in v.problems),
        _what_next(t, v),
    )
    return Message(text, (*in_hand(t, v, item_id), *_member_buttons(t, v, following)))


def _what_next(t: Texts, v: RentalView) -> Markup | None:
    if v.is_barred:
        return None
    if v.status is RentalStatus.APPROVED and v.rules.member_picks_up and not v.has_begun:
        return t("The button <b>Picked up</b> appears on the day it begins.")
    if v.status is RentalStatus.APPROVED and v.rules.member_picks_up:
        return t("Tap <b>Picked up</b> when you have it.")
    if v.status is RentalStatus.APPROVED:
        return t("A lender will hand it out.")
    return asking_again.hint(t) if asking_again.is_possible(v) else None


def _member_buttons(t: Texts, v: RentalView, following: Sequence[Successor]) -> Rows:
    """Return the buttons, in an order in which what comes next is not where the last tap was.

    A finger that taps twice taps the second time on the changed card: so Return is not where Picked up was,
    nor the withdrawal of an offer where the offer was.
    """
    rows: list[tuple[Button, ...]] = []
    held, with_member = v.of(ClaimStatus.HELD), v.with_member
    may_fetch = v.status in (RentalStatus.APPROVED, RentalStatus.OUT) and v.rules.member_picks_up
    if held and may_fetch and v.is_member and v.has_begun:
        rows.append(_whole_or_some(t, str(t("Picked up")), Verb.PICK_UP, Verb.SOME_OUT, v.id, held))
    offered = [
        (
            Button(
                t("Do not hand over to {name}", name=short(name, 16)).unescape(),
                pack(Verb.HAND_OVER_BACK, id_),
            ),
        )
        for name, id_ in {one.other: one.hand_over_id for one in v.passed if one.is_open}.items()
    ]
    rows += offered
    if with_member:
        back = _whole_or_some(t, str(t("Return")), Verb.RETURN, Verb.SOME_BACK, v.id, with_member)
        problem = Button(str(t("Problem")), pack(Verb.PROBLEM, v.id))
        extend = Button(more_time.label(t, v), pack(Verb.EXTEND, v.id))
        others = (extend, problem) if v.is_member else (problem,)
        rows += (back, others) if offered else (others, back)
    rows += hand_over_rows(t, v.id, following)
    if v.status is RentalStatus.APPROVED:
        rows.append((Button(str(t("Into my calendar")), pack(Verb.TO_CALENDAR, v.id)),))
    # Picked up comes to the top, where Take it may not be.
    rows += change_views.member_end(t, v)
    rows += change_views.member_rows(t, v)
    rows += asking_again.rows(t, v)
    return tuple(rows)


def _whole_or_some(
    t: Texts, label: str, whole: Verb, some: Verb, rental_id: int, pieces: list[Piece]
) -> tuple[Button, ...]:
    """Return a button for the whole rental, and one for some of several pieces."""
    first = Button(label, pack(whole, rental_id), style=Style.GO_ON if whole is Verb.PICK_UP else None)
    return (first, Button(str(t("Only some")), pack(some, rental_id))) if len(pieces) > 1 else (first,)


def desk_card(
    t: Texts,
    v: RentalView,
    record: Record,
    reader: Reader = GROUP,
    *,
    is_reached: bool = True,
    following: Sequence[Following] = (),
) -> Message:
    """Show the desk's card: the member, equipment, period, and the actions that are possible now.

    `following`: who has next what is said to be back.
    """
    text = lines(
        t("<b>Rental {id}</b> · {member}", id=v.number, member=linked(v.member, record.account_id)),
        t("Entered by {name}", name=v.entered_by) if v.entered_by else None,
        unreached(t, v.member) if not is_reached and v.status is not RentalStatus.RETURNED else None,
        status_line(t, v),
        change_views.about(t, v),
        obstacles.for_desk(t, v),
        _reason(t, v),
        when(t, v),
        things(t, v),
        _codes(t, v),
        _where(t, v),
        _some(t, v),
        _claimed(t, v),
        *following_lines(t, following),
        _lost(t, v),
        *passed(t, v),
        field_names.line(t, "rental.purpose", quoted(v.purpose, _LONGEST_PURPOSE)),
        comment_text(t, v.comment),
        *details_text(v.details[:_MOST_DETAILS]),
        t("Expires {moment} without an answer.", moment=t.moment(v.expires_at))
        if v.status is RentalStatus.REQUESTED and v.expires_at is not None
        else None,
        _record(t, record) if v.status is RentalStatus.REQUESTED else None,
        more_time.asks(t, v.question) if v.question else more_time.answered(t, v),
        *(t("⚠️ Problem: {note}", note=quoted(note, _LONGEST_NOTE)) for note in v.problems),
    )
    return Message(text, desk_buttons.buttons(t, v, reader))


_MOST_FOLLOWING = 3


def following_lines(t: Texts, following: Sequence[Following]) -> list[Markup]:
    """Return who has the items next, one line for each rental."""
    by_rental: dict[int, list[Following]] = {}
    for one in following:
        by_rental.setdefault(one.rental_id, []).append(one)
    return [
        t(
            "⏭ {name} has it next, from {moment}: {codes}",
            name=short(some[0].member, 80),
            moment=t.moment(some[0].starts_at),
            codes=", ".join(short(one.code, 24) for one in some[:_MOST_LINES]),
        )
        for some in list(by_rental.values())[:_MOST_FOLLOWING]
    ]


def _record(t: Texts, record: Record) -> Markup:
    out = t.plural("{n} thing out now", "{n} things out now", record.out_now)
    if not record.out_now:
        out = t("Nothing out now")
    late = t.plural("late {n} time so far", "late {n} times so far", record.late)
    return Markup("{}, {}").format(out, late if record.late else t("never late"))


def unreached(t: Texts, name: str) -> Markup:
    return t("📵 I cannot write to {name}.", name=short(name, 80))


def for_another(t: Texts, name: str, rental_id: int, message: Message) -> Message:
    """Readdress a member's message to a stand-in; its only button leads to the rental's card."""
    show = Button(str(t("Show the rental")), pack(Verb.SHOW_RENTAL, rental_id, "d"))
    heading = t("👤 For <b>{name}</b>, whom I cannot write to:", name=short(name, 80))
    return replace(message, text=lines(heading, message.text), buttons=((show,),))


def summed_up(v: RentalView, most: int = 3) -> str:
    """Return a short form of the lines, as `2 × Tent + Stove`; names may hold commas."""
    shown = [(f"{n.quantity} × " if n.quantity > 1 else "") + short(n.label) for n in v.lines[:most]]
    return " + ".join(shown) + (" …" if len(v.lines) > most else "")


def summed(v: RentalView, pieces: Sequence[Piece], most: int = 3) -> str:
    """Return the same of these pieces, where they are not all."""
    if not pieces or len(pieces) == len(v.pieces):
        return summed_up(v, most)
    counted = Counter(p.label for p in pieces)
    shown = [(f"{n} × " if n > 1 else "") + short(name) for name, n in list(counted.items())[:most]]
    return " + ".join(shown) + (" …" if len(counted) > most else "")


def listed(t: Texts, v: RentalView, *, desk: bool, with_status: bool = True) -> Markup:
    """Return a rental in a list; at the desk with the member, and without status where all have the same."""
    values = {
        "id": v.number,
        "what": summed_up(v),
        "period": t.period(v.starts_at, v.due_at),
        "status": status_line(t, v),
    }
    if not with_status:
        return t("<b>{id}</b> · {member}: {what}\n{period}", member=v.member, **values)
    if desk:
        return t("<b>{id}</b> · {member}: {what}\n{period}\n{status}", member=v.member, **values)
    return t("<b>{id}</b> · {what}\n{period}\n{status}", **values)
