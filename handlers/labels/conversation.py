"""`/labels`: which things, on which sheet, from which label on; then the PDF to print."""

from functools import partial
from pathlib import Path
from typing import Any

from db.models import Conversation as Row
from db.models import Equipment, Item, Organization
from db.session import Database
from handlers.i18n.texts import Texts
from handlers.labels import views
from handlers.labels.data import LabelsData
from handlers.ui import conversation, routes
from handlers.ui.callbacks import number
from handlers.ui.conversation import CANCEL, Conversation, State
from handlers.ui.form import attempt, data_of, problem_of
from handlers.ui.message import Document, Message
from handlers.ui.request import Step
from handlers.ui.widgets import pager
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.labels import SHEETS, Sheet, draw, history, selection
from services.labels.selection import By, Chosen

CHOOSE, SHEET, FIRST = "choose", "sheet", "first"
PER_PAGE = 8
LISTS = (By.TYPE, By.TAG, By.PLACE, By.EQUIPMENT)


def begin(step: Step, words: str) -> None:
    """`/labels`, or with codes or a name."""
    actor = step.active()
    selection.permit(actor)
    row = conversation.start(step, routes.LABELS, routes.LABELS, organization_id=actor.organization_id)
    if words.strip():
        _typed(step, row, words)
    conversation.render(step, row)


# What is remembered


def _chosen(tx: Tx, row: Row) -> tuple[Chosen, str] | None:
    """What was chosen, or what the conversation before was about, and its name; None where neither is."""
    kept = LabelsData.of(row)
    if kept.by is not None:
        value = tuple(kept.value) if kept.by is By.ITEMS else kept.value
        return Chosen(kept.by, value), kept.name
    if kept.item_id:
        item = tx.session.get_one(Item, kept.item_id)
        return Chosen(By.ITEMS, (item.id,)), item.code
    if kept.equipment_id:
        equipment = tx.session.get_one(Equipment, kept.equipment_id)
        return Chosen(By.EQUIPMENT, equipment.id), equipment.name
    return None


def _choose(row: Row, chosen: Chosen, name: str) -> None:
    value: Any = list(chosen.value) if isinstance(chosen.value, tuple) else chosen.value
    conversation.update(
        row,
        LabelsData(by=chosen.by, value=value, name=name, lists=By.EQUIPMENT, words="", page=0),
        to=routes.LABELS,
    )


def _sheet(tx: Tx, row: Row) -> Sheet:
    """The one that was chosen, else the one used last."""
    kept = SHEETS.get(LabelsData.of(row).sheet)
    return kept or history.last(tx.session, row.organization_id or 0).sheet


# Screens


def _screen(tx: Tx, row: Row, t: Texts) -> Message:
    kept = LabelsData.of(row)
    organization_id = row.organization_id or 0
    data, problem = data_of(row), problem_of(row, t)
    found = _chosen(tx, row)
    if found is None:
        there = [by for by in LISTS if _choices(tx, row, by, per_page=1)[1]]
        total = selection.count(tx.session, organization_id, Chosen(By.ALL))
        return views.ask_which(t, total, there, data, problem)
    chosen, name = found
    sheet, last = _sheet(tx, row), history.last(tx.session, organization_id)
    view = views.Ready(
        name=name,
        labels=selection.count(tx.session, organization_id, chosen),
        sheet=sheet,
        first=kept.position,
        goes_on=last.next if last.sheet == sheet else 0,
        about_one=kept.by is None,
    )
    return views.ready(t, row.id, view, data, problem)


def _choices(tx: Tx, row: Row, by: By, *, per_page: int = PER_PAGE) -> tuple[list[selection.Choice], int]:
    kept = LabelsData.of(row)
    return selection.choices(
        tx.session,
        row.organization_id or 0,
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
    return Message(views.told(t, kept.count, _sheet(tx, row)))


# Taps and typed text


def _number(value: str, most: int = 10**18) -> int:
    found = number(value)
    if found is None or found > most:
        raise Refusal(Refused.OUTDATED)
    return found


def _lists(step: Step, row: Row, value: str) -> None:
    if value not in LISTS:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, LabelsData(lists=By(value), page=0, words=""), to=CHOOSE)
    conversation.render(step, row)


def _all(step: Step, row: Row, _value: str) -> None:
    _choose(row, Chosen(By.ALL), "")
    conversation.render(step, row)


_page = conversation.goto(changes=lambda value: LabelsData(page=_number(value, 10**6)))


def _pick(step: Step, row: Row, value: str) -> None:
    by = By(LabelsData.of(row).lists)
    _choose(row, *selection.named(step.session, row.organization_id or 0, by, _number(value)))
    conversation.render(step, row)


def _typed(step: Step, row: Row, text: str) -> None:
    """Codes, or words to look for equipment with."""

    def understand() -> None:
        chosen = selection.by_codes(step.session, row.organization_id or 0, text)
        if chosen is not None:
            _choose(row, chosen, "")
            return
        conversation.update(
            row, LabelsData(lists=By.EQUIPMENT, words=" ".join(text.split())[:100], page=0), to=CHOOSE
        )
        found, total = _choices(step.tx, row, By.EQUIPMENT)
        if total == 1:
            _choose(row, Chosen(By.EQUIPMENT, found[0].id), found[0].name)

    attempt(step, row, understand)


def _menu(step: Step, row: Row, _value: str) -> None:
    """Choose anew, on the same sheet."""
    kept = LabelsData.of(row)
    conversation.reset(row, LabelsData(sheet=kept.sheet, position=kept.position), to=routes.LABELS)
    conversation.render(step, row)


def _leave(step: Step, row: Row, _value: str) -> None:
    """Back to the card from which labels were asked for."""
    kept = LabelsData.of(row)
    if kept.item_id:
        conversation.switch_to(row, routes.INVENTORY, routes.ITEM, routes.Subject(item_id=kept.item_id))
    elif kept.equipment_id:
        subject = routes.Subject(equipment_id=kept.equipment_id)
        conversation.switch_to(row, routes.INVENTORY, routes.EQUIPMENT, subject)
    conversation.render(step, row)


_sheets = conversation.goto(SHEET)


def _tap_sheet(step: Step, row: Row, value: str) -> None:
    if value not in SHEETS:
        raise Refusal(Refused.OUTDATED)
    conversation.update(row, LabelsData(sheet=value, position=0), to=routes.LABELS)
    conversation.render(step, row)


_firsts = conversation.goto(FIRST)


def _tap_first(step: Step, row: Row, value: str) -> None:
    sheet = _sheet(step.tx, row)
    position = _number(value, sheet.per_sheet - 1)
    conversation.update(row, LabelsData(sheet=sheet.key, position=position), to=routes.LABELS)
    conversation.render(step, row)


_back = conversation.goto(routes.LABELS, LabelsData(lists=By.EQUIPMENT, words="", page=0))


# The PDF


def _paper(step: Step, row: Row, _value: str) -> Document:
    actor, t = step.active(), step.texts
    selection.permit(actor)
    found = _chosen(step.tx, row)
    if found is None:
        raise Refusal(Refused.OUTDATED)
    wanted = selection.labels(step.by(actor), found[0])
    sheet, first = _sheet(step.tx, row), LabelsData.of(row).position
    owner = step.session.get_one(Organization, actor.organization_id).name
    bot = step.bot_username

    async def make(database: Database, path: Path) -> int:
        await draw(wanted, sheet, path, first=first, owner=owner, bot=bot)
        return len(wanted)

    def after(step: Step, count: int, row_id: int) -> None:
        history.note(step.by(actor), sheet=sheet, first=first, labels=count)
        row = step.session.get(Row, row_id)
        if row is not None and row.name == routes.LABELS and row.state == routes.LABELS:
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
            document=_paper,
        ),
        CHOOSE: State(_choose_screen, {"pick": _pick, "page": _page}, _typed),
        SHEET: State(_sheet_screen, {"sheet": _tap_sheet}),
        FIRST: State(_first_screen, {"first": _tap_first}),
        conversation.OVER: State(_over),
    },
    fallbacks={"lists": _lists, "menu": _menu, "back": _back, **CANCEL},
)
