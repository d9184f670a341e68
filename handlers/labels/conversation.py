"""`/labels`: choose items, a sheet, and the first label; then get the PDF to print."""

from functools import partial
from pathlib import Path
from typing import Any

from db.models import Conversation as Row
from db.session import Database
from handlers.i18n.texts import Texts
from handlers.labels import views
from handlers.labels.data import LabelsData
from handlers.ui import conversation, routes
from handlers.ui.callbacks import number
from handlers.ui.conversation import CANCEL, Conversation, State
from handlers.ui.form import attempt, data_of, problem_of
from handlers.ui.message import Document, Message
from handlers.ui.request import Request
from handlers.ui.widgets import pager
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.labels import SHEETS, Sheet, draw, history, selection
from services.labels.selection import By, Chosen

CHOOSE, SHEET, FIRST = "choose", "sheet", "first"
PER_PAGE = 8
LISTS = (By.TYPE, By.TAG, By.PLACE, By.EQUIPMENT)


def begin(step: Request, words: str) -> None:
    """Begin with `/labels`, perhaps with codes or a name."""
    actor = step.active()
    selection.permit(actor)
    row = conversation.start(step, routes.LABELS, routes.LABELS, organization_id=actor.organization_id)
    if words.strip():
        _typed(step, row, words)
    conversation.render(step, row)


# Data of the conversation


def _own(tx: Tx, row: Row) -> Tx:
    """Return the transaction, about the conversation's organization."""
    return tx.of(row.organization_id or 0)


def _chosen(tx: Tx, row: Row) -> tuple[Chosen, str] | None:
    """Return the selection, or the subject of the conversation before, with its name; None for neither."""
    kept = LabelsData.of(row)
    if kept.by is not None:
        value = tuple(kept.value) if kept.by is By.ITEMS else kept.value
        return Chosen(kept.by, value), kept.name
    if kept.item_id:
        return selection.named(_own(tx, row), By.ITEMS, kept.item_id)
    if kept.equipment_id:
        return selection.named(_own(tx, row), By.EQUIPMENT, kept.equipment_id)
    return None


def _choose(row: Row, chosen: Chosen, name: str) -> None:
    value: Any = list(chosen.value) if isinstance(chosen.value, tuple) else chosen.value
    conversation.update(
        row,
        LabelsData(by=chosen.by, value=value, name=name, lists=By.EQUIPMENT, words="", page=0),
        to=routes.LABELS,
    )


def _sheet(tx: Tx, row: Row) -> Sheet:
    """Return the chosen sheet, else the one used last."""
    kept = SHEETS.get(LabelsData.of(row).sheet)
    return kept or history.last(_own(tx, row)).sheet


# Screens


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = LabelsData.of(row)
    own = _own(tx, row)
    data, problem = data_of(row), problem_of(row, t)
    found = _chosen(tx, row)
    if found is None:
        there = [by for by in LISTS if selection.has_choices(own, by)]
        total = selection.count(own, Chosen(By.ALL))
        return views.ask_which(t, total, there, data, problem)
    chosen, name = found
    sheet, last = _sheet(tx, row), history.last(own)
    view = views.Ready(
        name=name,
        labels=selection.count(own, chosen),
        sheet=sheet,
        first=kept.position,
        next_position=last.next if last.sheet == sheet else 0,
        about_one=kept.by is None,
        missing=selection.missing_letters(own, chosen),
    )
    return views.ready(t, row.id, view, data, problem)


def _choices(tx: Tx, row: Row, by: By, *, per_page: int = PER_PAGE) -> tuple[list[selection.Choice], int]:
    kept = LabelsData.of(row)
    return selection.choices(
        _own(tx, row),
        by,
        page=kept.page,
        per_page=per_page,
        words=kept.words,
    )


def _choose_screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = LabelsData.of(row)
    by = By(kept.lists)
    found, total = _choices(tx, row, by)
    pages = pager.pages_of(total, PER_PAGE)
    words = kept.words
    return views.choose(t, by, found, words, (kept.page, pages), data_of(row), problem_of(row, t))


def _sheet_screen(tx: Tx, row: Row, t: Texts) -> Message:
    return views.choose_sheet(t, _sheet(tx, row), data_of(row), problem_of(row, t))


def _first_screen(tx: Tx, row: Row, t: Texts) -> Message:
    return views.choose_first(t, _sheet(tx, row), data_of(row), problem_of(row, t))


def _over(tx: Tx, row: Row, t: Texts) -> Message | None:
    kept = LabelsData.of(row)
    if kept.outcome != "printed":
        return None
    return Message(views.caption(t, kept.count, _sheet(tx, row)))


# Taps and typed text


def _number(value: str, most: int = 10**18) -> int:
    found = number(value)
    if found is None or found > most:
        raise Refusal(Refused.OUTDATED)
    return found


def _lists(step: Request, row: Row, value: str) -> None:
    if value not in LISTS:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, LabelsData(lists=By(value), page=0, words=""), to=CHOOSE)
    conversation.render(step, row)


def _all(step: Request, row: Row, _value: str) -> None:
    _choose(row, Chosen(By.ALL), "")
    conversation.render(step, row)


_page = conversation.goto(changes=lambda value: LabelsData(page=_number(value, 10**6)))


def _pick(step: Request, row: Row, value: str) -> None:
    by = By(LabelsData.of(row).lists)
    _choose(row, *selection.named(_own(step.tx, row), by, _number(value)))
    conversation.render(step, row)


def _typed(step: Request, row: Row, text: str) -> None:
    """Take codes, or words to search equipment with."""

    def understand() -> None:
        chosen = selection.by_codes(_own(step.tx, row), text)
        if chosen is not None:
            _choose(row, chosen, "")
            return
        conversation.update(
            row, LabelsData(lists=By.EQUIPMENT, words=" ".join(text.split())[:100], page=0), to=CHOOSE
        )
        found, total = _choices(step.tx, row, By.EQUIPMENT)
        if total == 1:
            _choose(row, Chosen(By.EQUIPMENT, found[0].id), found[0].name)
        elif not total and (other := selection.by_name(_own(step.tx, row), text)) is not None:
            _choose(row, *other)

    attempt(step, row, understand)


def _menu(step: Request, row: Row, _value: str) -> None:
    """Choose other items, on the same sheet."""
    kept = LabelsData.of(row)
    conversation.reset(row, LabelsData(sheet=kept.sheet, position=kept.position), to=routes.LABELS)
    conversation.render(step, row)


def _leave(step: Request, row: Row, _value: str) -> None:
    """Return to the card from which labels were asked for."""
    kept = LabelsData.of(row)
    if kept.item_id:
        conversation.switch_to(row, routes.INVENTORY, routes.ITEM, routes.Subject(item_id=kept.item_id))
    elif kept.equipment_id:
        subject = routes.Subject(equipment_id=kept.equipment_id)
        conversation.switch_to(row, routes.INVENTORY, routes.EQUIPMENT, subject)
    conversation.render(step, row)


_sheets = conversation.goto(SHEET)


def _tap_sheet(step: Request, row: Row, value: str) -> None:
    if value not in SHEETS:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, LabelsData(sheet=value, position=0), to=routes.LABELS)
    conversation.render(step, row)


_firsts = conversation.goto(FIRST)


def _tap_first(step: Request, row: Row, value: str) -> None:
    sheet = _sheet(step.tx, row)
    position = _number(value, sheet.per_sheet - 1)
    conversation.update(row, LabelsData(sheet=sheet.key, position=position), to=routes.LABELS)
    conversation.render(step, row)


_back = conversation.goto(routes.LABELS, LabelsData(lists=By.EQUIPMENT, words="", page=0))


# The PDF


def _document(step: Request, row: Row, _value: str) -> Document:
    actor, t = step.active(), step.texts
    selection.permit(actor)
    found = _chosen(step.tx, row)
    if found is None:
        raise Refusal(Refused.OUTDATED)
    wanted = selection.labels(step.by(actor), found[0])
    sheet, first = _sheet(step.tx, row), LabelsData.of(row).position
    owner = step.by(actor).organization.name
    bot = step.bot_username

    async def make(database: Database, path: Path) -> int:
        await draw(wanted, sheet, path, first=first, owner=owner, bot=bot)
        return len(wanted)

    def after(step: Request, count: int, row_id: int) -> None:
        history.note(step.by(actor), sheet=sheet, first=first, labels=count)
        row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
        if row is not None and row.id == row_id and row.name == row.state == routes.LABELS:
            conversation.update(row, LabelsData(sheet=sheet.key, count=count))
            conversation.end(step, row, "printed")

    return Document(
        name=f"{str(t('Labels')).lower()}-{t.today}.pdf",
        make=make,
        caption=lambda count: views.advice(t, count, sheet),
        after=partial(after, row_id=row.id),
    )


LABELS = Conversation(
    routes.LABELS,
    states={
        routes.LABELS: State(
            _screen,
            {"all": _all, "sheets": _sheets, "firsts": _firsts, "first": _tap_first, "leave": _leave},
            _typed,
            document=_document,
            fits=conversation.no_text,
        ),
        CHOOSE: State(_choose_screen, {"pick": _pick, "page": _page}, _typed, fits=conversation.no_text),
        SHEET: State(_sheet_screen, {"sheet": _tap_sheet}),
        FIRST: State(_first_screen, {"first": _tap_first}),
        conversation.OVER: State(_over),
    },
    fallbacks={"lists": _lists, "menu": _menu, "back": _back, **CANCEL},
)
