"""`/labels`: which things, on which sheet, from which label on; then the PDF to print."""

from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Equipment, Item, Organization
from db.session import Database
from handlers.i18n.texts import Texts
from handlers.labels import views
from handlers.ui import conversation, routes
from handlers.ui.callbacks import number
from handlers.ui.conversation import CANCEL, Conversation, State
from handlers.ui.form import attempt, data_of, problem_of
from handlers.ui.message import Message, Paper
from handlers.ui.request import Step
from handlers.ui.widgets import pager
from services.core.errors import Refusal, Refused
from services.labels import SHEETS, Sheet, draw, history, selection
from services.labels.selection import By, Chosen

CHOOSE, SHEET, FIRST = "choose", "sheet", "first"
PER_PAGE = 8
LISTS = (By.TYPE, By.TAG, By.PLACE, By.EQUIPMENT)


def begin(step: Step, words: str) -> None:
    """`/labels`, or with codes or a name."""
    actor = step.active()
    selection.permit(actor)
    row = conversation.begin(step, routes.LABELS, routes.LABELS, organization_id=actor.organization_id)
    if words.strip():
        _typed(step, row, words)
    conversation.show(step, row)


# What is remembered


def _chosen(session: Session, row: Row) -> tuple[Chosen, str] | None:
    """What was chosen, or what the conversation before was about, and its name; None where neither is."""
    data = row.data
    if "by" in data:
        by = By(data["by"])
        value = tuple(data["value"]) if by is By.ITEMS else data["value"]
        return Chosen(by, value), data.get("name", "")
    if "item_id" in data:
        item = session.get_one(Item, data["item_id"])
        return Chosen(By.ITEMS, (item.id,)), item.code
    if "equipment_id" in data:
        equipment = session.get_one(Equipment, data["equipment_id"])
        return Chosen(By.EQUIPMENT, equipment.id), equipment.name
    return None


def _choose(row: Row, chosen: Chosen, name: str) -> None:
    value: Any = list(chosen.value) if isinstance(chosen.value, tuple) else chosen.value
    conversation.move(
        row, routes.LABELS, by=chosen.by, value=value, name=name, lists=None, words=None, page=None
    )


def _sheet(session: Session, row: Row) -> Sheet:
    """The one that was chosen, else the one used last."""
    kept = SHEETS.get(row.data.get("sheet", ""))
    return kept or history.last(session, row.organization_id or 0).sheet


# Screens


def _screen(session: Session, row: Row, t: Texts) -> Message:
    organization_id = row.organization_id or 0
    data, problem = data_of(row), problem_of(row, t)
    found = _chosen(session, row)
    if found is None:
        there = [by for by in LISTS if _choices(session, row, by, per_page=1)[1]]
        total = selection.count(session, organization_id, Chosen(By.ALL))
        return views.ask_which(t, total, there, data, problem)
    chosen, name = found
    sheet, last = _sheet(session, row), history.last(session, organization_id)
    view = views.Ready(
        name=name,
        labels=selection.count(session, organization_id, chosen),
        sheet=sheet,
        first=row.data.get("position", 0),
        goes_on=last.next if last.sheet == sheet else 0,
        about_one="by" not in row.data,
    )
    return views.ready(t, row.id, view, data, problem)


def _choices(
    session: Session, row: Row, by: By, *, per_page: int = PER_PAGE
) -> tuple[list[selection.Choice], int]:
    return selection.choices(
        session,
        row.organization_id or 0,
        by,
        page=row.data.get("page", 0),
        per_page=per_page,
        words=row.data.get("words", ""),
    )


def _choose_screen(session: Session, row: Row, t: Texts) -> Message:
    by = By(row.data.get("lists", By.EQUIPMENT))
    found, total = _choices(session, row, by)
    pages = pager.pages_of(total, PER_PAGE)
    words = row.data.get("words", "")
    return views.choose(
        t, by, found, words, (row.data.get("page", 0), pages), data_of(row), problem_of(row, t)
    )


def _sheet_screen(session: Session, row: Row, t: Texts) -> Message:
    return views.choose_sheet(t, _sheet(session, row), data_of(row), problem_of(row, t))


def _first_screen(session: Session, row: Row, t: Texts) -> Message:
    return views.choose_first(t, _sheet(session, row), data_of(row), problem_of(row, t))


def _over(session: Session, row: Row, t: Texts) -> Message | None:
    if row.data.get("outcome") != "printed":
        return None
    return Message(views.told(t, row.data["count"], _sheet(session, row)))


# Taps and typed text


def _number(value: str, most: int = 10**18) -> int:
    found = number(value)
    if found is None or found > most:
        raise Refusal(Refused.OUTDATED)
    return found


def _lists(step: Step, row: Row, value: str) -> None:
    if value not in LISTS:
        raise Refusal(Refused.OUTDATED)
    conversation.move(row, CHOOSE, lists=value, page=None, words=None)
    conversation.show(step, row)


def _all(step: Step, row: Row, _value: str) -> None:
    _choose(row, Chosen(By.ALL), "")
    conversation.show(step, row)


def _page(step: Step, row: Row, value: str) -> None:
    conversation.move(row, page=_number(value, 10**6))
    conversation.show(step, row)


def _pick(step: Step, row: Row, value: str) -> None:
    by = By(row.data.get("lists", By.EQUIPMENT))
    _choose(row, *selection.named(step.session, row.organization_id or 0, by, _number(value)))
    conversation.show(step, row)


def _typed(step: Step, row: Row, text: str) -> None:
    """Codes, or words to look for equipment with."""

    def understand() -> None:
        chosen = selection.by_codes(step.session, row.organization_id or 0, text)
        if chosen is not None:
            _choose(row, chosen, "")
            return
        conversation.move(row, CHOOSE, lists=By.EQUIPMENT, words=" ".join(text.split())[:100], page=None)
        found, total = _choices(step.session, row, By.EQUIPMENT)
        if total == 1:
            _choose(row, Chosen(By.EQUIPMENT, found[0].id), found[0].name)

    attempt(step, row, understand)


def _menu(step: Step, row: Row, _value: str) -> None:
    """Choose anew, on the same sheet."""
    row.data = {key: value for key, value in row.data.items() if key in ("sheet", "position")}
    conversation.move(row, routes.LABELS)
    conversation.show(step, row)


def _leave(step: Step, row: Row, _value: str) -> None:
    """Back to the card from which labels were asked for."""
    if "item_id" in row.data:
        conversation.become(row, routes.INVENTORY, routes.ITEM, item_id=row.data["item_id"])
    elif "equipment_id" in row.data:
        conversation.become(row, routes.INVENTORY, routes.EQUIPMENT, equipment_id=row.data["equipment_id"])
    conversation.show(step, row)


def _sheets(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, SHEET)
    conversation.show(step, row)


def _tap_sheet(step: Step, row: Row, value: str) -> None:
    if value not in SHEETS:
        raise Refusal(Refused.OUTDATED)
    conversation.move(row, routes.LABELS, sheet=value, position=None)
    conversation.show(step, row)


def _firsts(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, FIRST)
    conversation.show(step, row)


def _tap_first(step: Step, row: Row, value: str) -> None:
    sheet = _sheet(step.session, row)
    position = _number(value, sheet.per_sheet - 1)
    conversation.move(row, routes.LABELS, sheet=sheet.key, position=position or None)
    conversation.show(step, row)


def _back(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, routes.LABELS, lists=None, words=None, page=None)
    conversation.show(step, row)


# The PDF


def _paper(step: Step, row: Row, _value: str) -> Paper:
    actor, t = step.active(), step.texts
    selection.permit(actor)
    found = _chosen(step.session, row)
    if found is None:
        raise Refusal(Refused.OUTDATED)
    wanted = selection.labels(step.session, actor, found[0])
    sheet, first = _sheet(step.session, row), row.data.get("position", 0)
    owner = step.session.get_one(Organization, actor.organization_id).name
    bot = step.bot_username

    async def make(database: Database, path: Path) -> int:
        await draw(wanted, sheet, path, first=first, owner=owner, bot=bot)
        return len(wanted)

    def after(step: Step, count: int, row_id: int) -> None:
        history.note(step.session, actor, step.now, sheet=sheet, first=first, labels=count)
        row = step.session.get(Row, row_id)
        if row is not None and row.name == routes.LABELS and row.state == routes.LABELS:
            conversation.move(row, sheet=sheet.key, count=count)
            conversation.end(step, row, "printed")

    return Paper(
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
            paper=_paper,
        ),
        CHOOSE: State(_choose_screen, {"pick": _pick, "page": _page}, _typed),
        SHEET: State(_sheet_screen, {"sheet": _tap_sheet}),
        FIRST: State(_first_screen, {"first": _tap_first}),
        conversation.OVER: State(_over),
    },
    fallbacks={"lists": _lists, "menu": _menu, "back": _back, **CANCEL},
)
