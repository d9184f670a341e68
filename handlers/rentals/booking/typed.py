"""Typed text while booking: a line as after `/rent`; in the basket numbers, things, days and Confirm."""

import re
from collections.abc import Callable
from dataclasses import replace

from db.models import Conversation as Row
from db.models import Rental
from handlers.parsing import date_vocabulary, plain_words, quantities, rental_readings
from handlers.parsing.rental_line import RentLine
from handlers.parsing.rental_readings import Reading
from handlers.parsing.sentences import corrections, courtesy
from handlers.rentals.booking import dates, screens, search
from handlers.rentals.booking.basket import other_days
from handlers.rentals.booking.data import RentData
from handlers.rentals.booking.dates import BASKET
from handlers.rentals.booking.search import PICK
from handlers.ui import conversation
from handlers.ui.conversation import ConversationData, OnText
from handlers.ui.form import attempt
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from handlers.ui.widgets import date_range
from services.availability import reservations
from services.core.errors import Refusal, Refused
from services.core.hours import opening_hours, periods
from services.core.text import fold
from services.core.tx import Tx
from services.inventory import catalog
from services.inventory.search import misses, near_names
from services.rentals import queries
from services.rentals.booking import baskets
from services.rentals.changes import contents
from services.rentals.queries import Line


def read(step: Request, words: str) -> Reading:
    """Return the most plausible reading of the line, from one search for all that it may mean."""
    t, tx = step.texts, step.by(step.active())
    return rental_readings.read(
        words,
        today=t.today,
        language=t.language,
        day_first=t.day_first,
        look=lambda said: catalog.meant(tx, said),
        still=dates.still_had(opening_hours.of_all(tx), t),
        near=lambda said: near_names.near(tx, said),
    )


def sought(step: Request, words: str) -> Reading:
    """Return the reading of a line that is a search, whatever it says; what is not found is counted."""
    reading = read(step, words)
    _count_misses(step, words, reading)
    return reading


def _count_misses(step: Request, words: str, reading: Reading) -> None:
    """Count what was looked for and not found: of a line that is answered as a search."""
    if not plain_words.is_command(words):
        for missed in reading.not_found:
            _count_miss(step.by(step.active()), missed)


def _count_miss(tx: Tx, words: str) -> None:
    one = quantities.counted(words)
    misses.count(tx, one.words if one is not None else words)


def take_reading(step: Request, row: Row, basket: Rental, words: str, reading: Reading) -> None:
    """Take the things and the days of a line; what is not understood is told above the list."""
    _count_misses(step, words, reading)
    if reading.left_over:
        not_understood(row, words, reading)
        return
    if reading.line.tells_when or not reading.things:
        line = replace(reading.line, last=None) if reading.line.may_be_only_day else reading.line
        dates.remember_line(step, row, line)
    if reading.hours:
        asked = Refusal(Refused.FROM_WHAT_TIME, words=reading.hours)
        conversation.update(row, RentData(problem=keep(asked), how_long=reading.hours))
    if reading.how_many:
        asked = Refusal(Refused.HOW_MANY, words=reading.how_many[:100])
        conversation.update(row, RentData(problem=keep(asked), how_many=True))
    if not reading.things:
        listed = RentData.of(row).words if row.state == PICK and not courtesy.asks(words) else ""
        conversation.update(row, RentData(words=listed, page=0), to=PICK)
    elif dates.moves(step, row, basket):
        other_days.ask(row, reading.things)
    else:
        search.take_things(step, row, basket, reading.things, reading.meant)


def not_understood(row: Row, words: str, reading: Reading) -> None:
    """List what is understood of a line, with the rest of it above."""
    one = quantities.counted(reading.left_over)
    found = reading.things[0].words if reading.things else one.words if one else reading.left_over
    told = " ".join([reading.left_over, *(thing.words for thing in reading.things)])
    is_all = set(fold(words).split()) <= set(fold(told).split())  # there are no days or numbers beside it
    # Where nothing is known, the list says so.
    # Words from several places are no sentence: then all of it is repeated.
    left = reading.left_over if reading.left_over.lower() in words.lower() else words
    problem = keep(_left(left, is_all=is_all)) if reading.things else None
    conversation.update(row, RentData(words=found[:100], near=(), page=0, problem=problem), to=PICK)


def look_for(step: Request, row: Row, words: str, reading: Reading) -> None:
    """List what has the words, or what they are near to; `reading` is of the line that begins with them."""
    tx = step.by(step.active())
    found = reading.meant.get(words) or catalog.meant(tx, [words])[words]
    search.show(step, row, words, found)
    if not found.is_known and not RentData.of(row).near:
        _count_miss(tx, words)


def _left(words: str, *, is_all: bool = False) -> Refusal:
    return Refusal(Refused.NOT_UNDERSTOOD_IN_LINE, words=words[:100], is_all=is_all)


# Which texts are surely answers


def is_line(step: Request, _row: Row, text: str) -> bool:
    """Return whether what may be a command is a line to which nothing is left over."""
    if not plain_words.is_command(text):
        return False
    reading = read(step, corrections.correction(text.strip()))
    return reading.says_something and not reading.left_over


def is_day(step: Request, row: Row, text: str) -> bool:
    return date_range.is_day(step, row, corrections.correction(text))


def is_for_basket(step: Request, row: Row, text: str) -> bool:
    """Return whether a text confirms the basket, makes it longer, or is a line for it."""
    if plain_words.confirms(text) or corrections.more_days(corrections.correction(text)) is not None:
        return True
    return plain_words.meaning(text) is None and is_line(step, row, text)


# In the list


def words(step: Request, row: Row, text: str) -> None:
    """Search, or take a whole line; a name alone keeps the number and the days of the line before it."""
    basket, said = screens.draft(step.tx, row), text.strip()
    conversation.update(row, RentData(problem=None, narrow="", near=(), like=0))
    reading = read(step, said)
    line, thing = reading.line, reading.things[0] if len(reading.things) == 1 else None
    if reading.left_over and plain_words.is_command(said):
        conversation.update(row, ConversationData(problem=keep(_left(said, is_all=True))))
    elif thing is None or reading.left_over or thing.quantity is not None or line.tells_when:
        take_reading(step, row, basket, said, reading)
    elif not search.take(step, row, basket, thing.words, reading.meant[thing.words]):
        _count_misses(step, said, reading)
        search.show(step, row, thing.words, reading.meant[thing.words])


# Where a day is asked


def or_line(typed_day: OnText) -> OnText:
    """Return the typing of a day, or of a line with another thing or number instead."""

    def take(step: Request, row: Row, text: str) -> None:
        if _number_asked(step, row, text) or _number_changed(step, row, text):
            return
        is_wrong, text = corrections.takes_back(text), corrections.correction(text)
        if is_wrong and row.state == dates.LAST and date_range.names_day(step.texts, text):
            dates.typed_first(step, row, text)  # "no, saturday": that it begins on
        else:
            typed_day(step, row, text)
        if RentData.of(row).refused != Refused.NOT_A_DATE or plain_words.meaning(text) is not None:
            return
        basket, reading = screens.draft(step.tx, row), read(step, text.strip())
        only = _only(step, basket)
        if only is not None and _says_only_a_number(reading):
            _set_number(step, row, basket, only, reading.line.quantity or 0)
        elif reading.things and not reading.left_over and not reading.near:
            conversation.update(row, ConversationData(problem=None))
            first = RentData.of(row).first
            if row.state == dates.LAST and first and not reading.line.tells_when:
                conversation.update(row, RentData(asked_first=first.isoformat()))
            take_reading(step, row, basket, text.strip(), reading)

    return take


def _number_asked(step: Request, row: Row, text: str) -> bool:
    """Take the number that the card asks for, rather than as a day; return False where it asks for none."""
    number = quantities.number_alone(courtesy.without_courtesy(text.strip()))
    basket = screens.draft(step.tx, row)
    only, is_asked = _only(step, basket), RentData.of(row).how_many
    conversation.update(row, RentData(how_many=False))
    if not is_asked or number is None or only is None:
        return False
    _set_number(step, row, basket, only, number)
    return True


def _number_changed(step: Request, row: Row, text: str) -> bool:
    """Have so many of the only thing as `make it two` says, or more or less of it; False for others."""
    basket = screens.draft(step.tx, row)
    number = quantities.number_alone(corrections.changes_number(text))
    if number is not None and (only := _only(step, basket)) is not None:
        _set_number(step, row, basket, only, number)
        return True
    return _more(step, row, basket, text)


def _says_only_a_number(reading: Reading) -> bool:
    line = reading.line
    is_number = line.quantity is not None and not line.words and not line.tells_when
    return is_number and not reading.things and not reading.left_over


def _only(step: Request, basket: Rental) -> Line | None:
    """Return the only line of the basket."""
    lines = queries.lines_of(step.session, basket)
    return lines[0] if len(lines) == 1 else None


# In the basket


def basket(send: Callable[[Request, Row], bool]) -> OnText:
    """Return the typing in the basket; `send` sends the request, as Confirm does."""

    def take(step: Request, row: Row, text: str) -> None:
        found, said = screens.draft(step.tx, row), text.strip()
        if plain_words.confirms(said):
            _send_below(step, row, send)
            return
        if _longer(step, row, found, said):
            return
        if plain_words.meaning(said) is not None:
            conversation.update(row, ConversationData(problem=keep(_left(said, is_all=True))))
            return
        if (
            _take_out(step, row, found, said)
            or _exchange(step, row, found, said)
            or _more(step, row, found, said)
        ):
            return
        said = _with_its_day(step, row, found, said)
        is_start, said = corrections.says_start(said), corrections.correction(said)
        number = quantities.number_alone(courtesy.without_courtesy(said))
        reading = read(step, said) if number is None else None
        if reading is None or _says_only_a_number(reading):
            _number(step, row, found, reading.line.quantity if reading else number)
        elif reading.left_over and (not reading.things or plain_words.is_command(said)):
            conversation.update(row, ConversationData(problem=keep(_left(said, is_all=True))))
        elif reading.things:
            take_reading(step, row, found, said, reading)
        else:
            _days(step, row, found, reading, said, is_start=is_start)

    return take


_CLOCK = re.compile(
    r"(?P<prefix>(?P<end>until|till?|to|by|bis|innen|back (?:by|at)) "
    r"|(?:from|fra|frå|at|kl\.?|klokka|ab|um) )?"
    r"(?P<clock>\d{1,2}(?P<sure>[:.]\d\d)?(?P<half> ?[ap]\.?m\.?)?)(?: (?:uhr|o[’']?clock))?",
    re.IGNORECASE,
)


def _with_its_day(step: Request, row: Row, found: Rental, said: str) -> str:
    """Return a time alone with the day of the basket that it is on, and how long it is wanted from then."""
    how_long = RentData.of(row).how_long
    conversation.update(row, RentData(how_long=""))
    clock = _CLOCK.fullmatch(corrections.correction(said).strip())
    if clock is None or found.starts_at is None or found.due_at is None:
        return said
    if not (how_long or clock["prefix"] or clock["sure"] or clock["half"]):
        return said  # a number of pieces
    zone = step.texts.zone
    first, last = periods.first_day(found.starts_at, zone), periods.last_day(found.due_at, zone)
    if clock["end"]:
        return f"until {last} at {clock['clock']}"
    return f"{first} at {clock['clock']} {how_long}" if how_long else f"from {first} at {clock['clock']}"


def _line_called(step: Request, found: Rental, words: str) -> Line | None:
    """Return the only line of the basket that is called so."""
    reading = read(step, words)
    if len(reading.things) != 1 or reading.left_over or reading.line.tells_when:
        return None
    meant = reading.near or reading.meant[reading.things[0].words].named
    ids = {(one.equipment_id, one.kit_id) for one in meant}
    lines = [
        one for one in queries.lines_of(step.session, found) if (one.equipment_id or 0, one.kit_id) in ids
    ]
    return lines[0] if len(lines) == 1 else None


def _take_out(step: Request, row: Row, found: Rental, said: str) -> bool:
    """Take out what is not wanted any more; return False where it says no such thing."""
    words = corrections.not_wanted(said)
    line = _line_called(step, found, words) if words is not None else None
    if line is None:
        return False
    _set_number(step, row, found, line, 0)
    return True


def _exchange(step: Request, row: Row, found: Rental, said: str) -> bool:
    """Take one thing in place of another; return False where it says no such thing."""
    words = corrections.exchange(said)
    if words is None:
        return False
    number = quantities.number_alone(courtesy.without_courtesy(words[0]))
    if number is not None and quantities.number_alone(words[1]) is not None:
        _number(step, row, found, number)
        return True
    line = _line_called(step, found, words[1])
    if line is None:
        return _exchange_day(step, row, found, *words)
    reading = read(step, corrections.correction(words[0]))
    if not reading.things or reading.left_over or reading.near:
        return False
    only = len(reading.things) == 1 and search.is_clear(reading.things[0], reading.meant)
    if line.equipment_id is not None and only:
        # The days stay, also where it is the only thing.
        conversation.update(row, RentData(like=line.equipment_id))
    else:
        _set_number(step, row, found, line, 0)
    take_reading(step, row, found, words[0], reading)
    return True


def _exchange_day(step: Request, row: Row, found: Rental, new: str, old: str) -> bool:
    """Move the first or the last day, which was named; return False where it was not."""
    first, zone = read(step, old).line.first, step.texts.zone
    if first is None or found.starts_at is None or found.due_at is None:
        return False
    begins, ends = (moment.astimezone(zone).date() for moment in (found.starts_at, found.due_at))
    if first.day == ends:
        said = f"until {new}"
    elif first.day == begins:
        said = new
    else:
        return False
    reading = read(step, said)
    if reading.things or reading.left_over or not reading.line.tells_when:
        return False
    _days(step, row, found, reading, said)
    return True


def _longer(step: Request, row: Row, found: Rental, said: str) -> bool:
    """Have the basket some days longer; return False where it says no such thing."""
    words = corrections.more_days(corrections.correction(said))
    number = quantities.number_alone(words[0]) if words is not None else None
    if words is None or number is None or found.starts_at is None or found.due_at is None:
        return False
    zone = step.texts.zone
    days = periods.last_day(found.due_at, zone) - periods.first_day(found.starts_at, zone)
    dates.lengthen(step, row, found, days.days + 1 + number * words[1])
    return True


def _more(step: Request, row: Row, found: Rental, said: str) -> bool:
    """Have some more of a line, or less; return False where it says no such thing."""
    less, said = corrections.less(corrections.correction(said)), corrections.correction(said)
    words = less or corrections.more(said)
    number = quantities.number_alone(words[0]) if words is not None else None
    if words is None or number is None:
        return False
    line = _line_called(step, found, words[1]) if words[1] else _only(step, found)
    if line is None:
        return False
    _set_number(step, row, found, line, max(line.quantity + (-number if less else number), 0))
    return True


def _send_below(step: Request, row: Row, send: Callable[[Request, Row], bool]) -> None:
    # The card of the rental comes below what was written.
    conversation.render(step, row, renew=True)
    send(step, row)


def _number(step: Request, row: Row, found: Rental, number: int | None) -> None:
    """Have so many of the only thing; of several, none is guessed."""
    only = _only(step, found)
    if only is None or number is None:
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.TAP_EXPECTED))))
    else:
        _set_number(step, row, found, only, number)


def _set_number(step: Request, row: Row, found: Rental, only: Line, number: int) -> None:
    """Have so many of a line, if the chosen days allow it."""
    tx = step.by(step.active())

    def change() -> None:
        if only.kit_id is not None:
            baskets.put_kit(tx, found, only.kit_id, number)
        else:
            baskets.change_quantity(tx, found, only.equipment_id or 0, number)
        contents.settle_days(step.tx, found)

    attempt(step, row, change)
    if not reservations.lines_of(step.session, found.id) and not contents.may_be_empty(step.tx, found):
        baskets.empty(step.session, found)
        conversation.update(row, to=PICK)


def _days(
    step: Request, row: Row, found: Rental, reading: Reading, said: str, *, is_start: bool = False
) -> None:
    """Take other days; a last day alone, or a length, keeps the first one, and `from friday` the last."""
    line = reading.line
    if found.starts_at is None:
        dates.DAYS.typed_first(step, row, said)
        return
    if line.length and line.first is None:
        dates.lengthen(step, row, found, line.length)
    elif line.first is None and line.last is not None:
        dates.keep_first(step, row, found)
        dates.DAYS.typed_last(step, row, said)
    elif not (is_start and _starts_on(step, row, found, line, said)):
        dates.DAYS.typed_first(step, row, said)
    if RentData.of(row).refused and found.starts_at is not None:
        conversation.update(row, to=BASKET)


def _starts_on(step: Request, row: Row, found: Rental, line: RentLine, said: str) -> bool:
    """Begin on the only day of the line, and keep the last; return False where that is no period."""
    if line.first is None or line.last is not None:
        return False
    return dates.keep_last(step, row, found, line.first, is_weekday=date_vocabulary.names_weekday(said))
