"""Photos of codes: our labels, and the stickers that things already have."""

from collections.abc import Callable, Sequence
from typing import Any

from telegram import Update

from db.models import Item
from db.states import Role
from handlers.desk import return_report
from handlers.desk.codes import found, giving, member_scans, scanning
from handlers.imports.fetching import LARGEST, fetch, too_large
from handlers.rentals.booking.buttons import turn_where_member
from handlers.telegram.context import Context, current_update
from handlers.telegram.dispatch import within
from handlers.ui import conversation
from handlers.ui.refusals import keep
from handlers.ui.registry import REGISTRY
from handlers.ui.request import Request
from services import temporary_folders
from services.core.actor import Actor
from services.core.errors import Refusal
from services.desk import lookup
from services.inventory import catalog, listing
from services.labels import qr
from services.messaging import inbox
from services.scanning import pictures
from services.scanning.pictures import Code

MOST_PICTURES = 10
"""Of an album; Telegram has no larger ones."""


async def read(update: Update, context: Context) -> Callable[[Request], bool] | None:
    """Read the codes of a member's picture; return what to do with them, None where it is no matter of codes.

    What to do with them returns False where they are nothing to act on and the picture may be an answer.
    """
    message = update.effective_message
    if message is None or message.reply_to_message is not None:
        return None
    if not await within(update, context, _is_for_codes, acts=False):
        return None
    try:
        codes = await _codes(context)
    except Refusal as refusal:
        why = refusal
        return lambda step: _say(step, "not_read", refused=keep(why))
    return lambda step: take(step, codes)


def _is_for_codes(step: Request) -> bool:
    """Return whether the picture of a member in private answers no question for a photo."""
    try:
        step.actor()
    except Refusal:
        return False
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    state = REGISTRY.state(row) if row is not None else None
    return state is None or state.photo is None


async def _codes(context: Context) -> tuple[Code, ...]:
    """Return the codes of the picture, and of the rest of its album, each once.

    Raises as `fetch` and `pictures.read` do where none of the pictures can be read.
    """
    update = current_update.get()
    if update is None:
        return ()
    number, done = update.inbox_id, 0
    codes: dict[Code, None] = {}
    refusals: list[Refusal] = []
    # The rest of an album arrives while its first pictures are read.
    while files := (await context.look(lambda s: _files(inbox.album(s, number))))[done:MOST_PICTURES]:
        for file_id, size in files:
            try:
                codes.update(dict.fromkeys(await _codes_of(context, file_id, size)))
            except Refusal as refusal:
                refusals.append(refusal)
        done += len(files)
    if refusals and not codes:
        raise refusals[0]
    return tuple(codes)


def _files(payloads: Sequence[str]) -> list[tuple[str, int]]:
    """Return id and size of the picture in each of these updates."""
    found = []
    for payload in payloads:
        message = inbox.content(payload).get("message")
        picture = _picture(message) if isinstance(message, dict) else None
        if picture is not None:
            found.append(picture)
    return found


def _picture(message: dict[str, Any]) -> tuple[str, int] | None:
    """Return id and size of a message's photo in its largest form, or of a picture sent as a file."""
    sizes = message.get("photo")
    document = message.get("document")
    if isinstance(sizes, list) and sizes:
        largest = sizes[-1]
    elif isinstance(document, dict) and str(document.get("mime_type") or "").startswith("image/"):
        largest = document
    else:
        return None
    return str(largest.get("file_id")), int(largest.get("file_size") or 0)


async def _codes_of(context: Context, file_id: str, size: int) -> tuple[Code, ...]:
    if size > LARGEST:
        raise too_large()
    with temporary_folders.made("picture") as folder:
        path = await fetch(context.bot, file_id, folder / "picture")
        content = path.read_bytes()
    return await pictures.read(content)


def take(step: Request, codes: Sequence[Code]) -> bool:
    """Open what the codes lead to; return False where the picture is an answer to something else."""
    if not codes:
        return not _may_answer(step) and _say(step, "no_code")
    card = next((token for code in codes if (token := qr.read(code.text, qr.CARD))), "")
    codes = [code for code in codes if not qr.read(code.text, qr.CARD)]
    if not codes:
        member_scans.scan(step, card)
        return True
    items, unknown = _look_up(step, codes)
    if _is_of_return(step, items):
        return False
    if items:
        owners = {code: _owner(step, code) for code in unknown}
        unknown_codes = [_label(code.text) or code.text for code in unknown if not owners[code]]
        foreign = [name for name in owners.values() if name]
        scanning.open_items(step, step.actor(), items, unknown_codes, foreign)
        if card:
            member_scans.scan(step, card)
        return True
    return _take_unknown(step, unknown)


def _look_up(step: Request, codes: Sequence[Code]) -> tuple[list[Item], list[Code]]:
    """Return the items that the codes lead to, in one organization of the person, and the unknown codes."""
    tokens = {code: token for code in codes if (token := _label(code.text))}
    for token in tokens.values():
        organization_id = lookup.organization_of_label(step.tx, token)
        if organization_id is not None:
            turn_where_member(step, organization_id)
            if step.organization_id is not None:
                break
    actor = step.actor()
    tx = step.by(actor)
    by_code = catalog.items_by_code(tx, [code.text for code in codes if code not in tokens])
    items: dict[int, Item] = {}
    unknown = []
    for code in codes:
        if code in tokens:
            item = catalog.labelled(tx, tokens[code])
        else:
            item = by_code.get(code.text)
            if item is None:
                item = listing.item_by_visible_number(tx, code.text)
        if item is not None:
            items[item.id] = item
        else:
            unknown.append(code)
    return list(items.values()), unknown


def _label(text: str) -> str:
    """Return the token of one of our labels; empty for any other code."""
    return qr.read(text, qr.LABEL)


def _owner(step: Request, code: Code) -> str:
    """Return the name of the organization whose label it is; empty for any other code."""
    token = _label(code.text)
    organization_id = lookup.organization_of_label(step.tx, token) if token else None
    return step.tx.organization_of(organization_id).name if organization_id is not None else ""


def _is_of_return(step: Request, items: Sequence[Item]) -> bool:
    """Return whether a return that takes photos just now is of one of these items."""
    of_return = return_report.items_asked_about(step)
    return any(item.id in of_return for item in items)


def _may_answer(step: Request) -> bool:
    """Return whether something was asked that a picture without codes may be meant for."""
    row = conversation.find(step.tx, step.place.chat_id, step.sender.account_id)
    return row is not None or bool(return_report.items_asked_about(step))


def _take_unknown(step: Request, unknown: Sequence[Code]) -> bool:
    token = next((token for code in unknown if (token := _label(code.text))), None)
    if token is not None:
        organization_id = lookup.organization_of_label(step.tx, token)
        if organization_id is not None and found.show(step, token, organization_id):
            return True
    if return_report.items_asked_about(step):
        return False  # a picture of the damage
    actor: Actor = step.actor()
    code = unknown[0].text
    if token is None and actor.has_role(Role.LENDER):
        giving.offer(step, actor, code)
        return True
    return _say(step, "unknown_code", code=code)


def _say(step: Request, what: str, **values: Any) -> bool:
    if what == "not_read" and _may_answer(step):
        return False
    step.say(what, **values)
    return True
