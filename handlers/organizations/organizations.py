"""`/organizations`: create, switch, change and close organizations."""

from db.models import Conversation as Row
from db.models import Organization
from handlers.i18n.texts import LANGUAGES
from handlers.organizations import screens
from handlers.organizations.data import OrganizationsData
from handlers.organizations.screens import REALLY
from handlers.parsing import time_zones
from handlers.ui import conversation, routes
from handlers.ui.callbacks import number
from handlers.ui.conversation import CANCEL, SAVED_STAYS, Conversation, ConversationData, State
from handlers.ui.form import attempt, there
from handlers.ui.message import Message
from handlers.ui.refusals import keep
from handlers.ui.request import Request
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.members import accounts
from services.organizations import closing, management

CARD = "card"
"""data: organization_id, made (its name, where it was just made)."""

EDIT = "edit"
"""data: organization_id, detail, seen, zones (those offered)."""

NEW_NAME, NEW_ZONE, NEW_LANGUAGE = "new_name", "new_zone", "new_language"
"""data: name, zones, timezone."""

SURELY = "surely"


def command(step: Request, words: str) -> Message | None:
    management.require_leader(step.tx, step.sender.account_id)
    # About no organization: it outlives one that is closed with it.
    row = conversation.start(step, routes.ORGANIZATIONS, routes.ORGANIZATIONS, organization_id=None)
    conversation.render(step, row)
    return None


# Taps


def _to_list(step: Request, row: Row, _value: str) -> None:
    conversation.switch_to(row, routes.ORGANIZATIONS, routes.ORGANIZATIONS)
    conversation.render(step, row)


_page = conversation.goto(changes=lambda value: OrganizationsData(page=number(value) or 0))


def _open(step: Request, row: Row, value: str) -> None:
    conversation.update(row, OrganizationsData(organization_id=number(value), page=0), to=CARD)
    if screens.membership(step.tx, row, step.texts) is None:
        raise Refusal(Refused.NOT_FOUND)
    conversation.render(step, row)


def _work(step: Request, row: Row, _value: str) -> None:
    accounts.switch(step.tx, step.sender.account_id, there(OrganizationsData.of(row).organization_id))
    conversation.update(row, OrganizationsData(made=""))
    conversation.render(step, row)


def _begin_edit(step: Request, row: Row, value: str) -> None:
    organization = step.by(_leader(step, row)).organization
    label = _label(step, row, value)
    if label is None and value not in management.DETAILS:
        raise Refusal(Refused.OUTDATED)
    seen = screens.value_of(organization, value, label)
    conversation.update(row, OrganizationsData(detail=value, seen=seen, made="", zones=()), to=EDIT)
    conversation.render(step, row)


def _label(step: Request, row: Row, detail: str) -> str | None:
    """Return the label of a field that the organization added; None for a detail that all have."""
    organization_id = there(OrganizationsData.of(row).organization_id)
    return management.own_fields(step.tx.of(organization_id)).get(detail)


def _leader(step: Request, row: Row) -> Actor:
    organization_id = there(OrganizationsData.of(row).organization_id)
    return management.leader_of(step.tx, step.sender.account_id, organization_id)


_to_card = conversation.goto(CARD, OrganizationsData(detail=None, seen=None, zones=()))


def _typed_detail(step: Request, row: Row, text: str) -> None:
    detail = there(OrganizationsData.of(row).detail)
    if detail == "timezone":
        found = _look_for_zone(row, text)
        if found is not None:
            _change(step, row, found)
    elif detail == "language":
        conversation.update(row, ConversationData(problem=keep(Refusal(Refused.TAP_EXPECTED))))
    else:
        _change(step, row, text)


def _look_for_zone(row: Row, text: str) -> str | None:
    """Return the time zone that is meant; where there are several, offer them and return None."""
    found = time_zones.find(text)
    if len(found) == 1:
        return found[0]
    problem = None if found else keep(Refusal(Refused.UNKNOWN_TIME_ZONE))
    conversation.update(row, OrganizationsData(zones=tuple(found), problem=problem))
    return None


def _change(step: Request, row: Row, value: str | None) -> None:
    actor, detail = _leader(step, row), there(OrganizationsData.of(row).detail)

    label = _label(step, row, detail)

    def change() -> None:
        if label is not None:
            seen = OrganizationsData.of(row).seen or ""
            management.change_own(step.by(actor), label, value or "", seen=seen)
            return
        management.change(step.by(actor), detail, value, seen=OrganizationsData.of(row).seen)

    if attempt(step, row, change):
        conversation.update(row, OrganizationsData(detail=None, seen=None, zones=()), to=CARD)
    else:
        # The card shows the current value, so sending it again is informed.
        organization = step.by(actor).organization
        conversation.update(row, OrganizationsData(seen=screens.value_of(organization, detail, label)))


def _tapped_language(step: Request, row: Row, value: str) -> None:
    _require_detail(row, "language", value in LANGUAGES)
    _change(step, row, value)
    conversation.render(step, row)


def _tapped_zone(step: Request, row: Row, value: str) -> None:
    zone = _offered(row, value)
    _require_detail(row, "timezone", True)
    _change(step, row, zone)
    conversation.render(step, row)


def _require_detail(row: Row, detail: str, known: bool) -> None:
    if there(OrganizationsData.of(row).detail) != detail or not known:
        raise Refusal(Refused.OUTDATED)


def _offered(row: Row, value: str) -> str:
    place, offered = number(value), OrganizationsData.of(row).zones
    if place is None or place >= len(offered):
        raise Refusal(Refused.OUTDATED)
    return str(offered[place])


def _none(step: Request, row: Row, _value: str) -> None:
    _change(step, row, None)
    conversation.render(step, row)


# A new one


def _new(step: Request, row: Row, _value: str) -> None:
    management.require_leader(step.tx, step.sender.account_id)
    conversation.switch_to(row, routes.ORGANIZATIONS, NEW_NAME)
    conversation.render(step, row)


def _typed_name(step: Request, row: Row, text: str) -> None:
    actor = management.require_leader(step.tx, step.sender.account_id)
    if attempt(step, row, lambda: management.check_new_name(step.session, text)):
        here = step.by(actor).organization.timezone
        conversation.update(row, OrganizationsData(name=" ".join(text.split()), zones=(here,)), to=NEW_ZONE)


def _typed_zone(step: Request, row: Row, text: str) -> None:
    found = _look_for_zone(row, text)
    if found is not None:
        conversation.update(row, OrganizationsData(timezone=found, zones=(), problem=None), to=NEW_LANGUAGE)


def _tapped_new_zone(step: Request, row: Row, value: str) -> None:
    conversation.update(row, OrganizationsData(timezone=_offered(row, value), zones=()), to=NEW_LANGUAGE)
    conversation.render(step, row)


def _found(step: Request, row: Row, value: str) -> None:
    """Take the language, which is the last answer, and create the organization."""
    if value not in LANGUAGES:
        raise Refusal(Refused.OUTDATED)
    actor = management.require_leader(step.tx, step.sender.account_id)
    made: list[Organization] = []

    def make() -> None:
        kept = OrganizationsData.of(row)
        made.append(
            management.create_another(
                step.by(actor), name=there(kept.name), timezone=there(kept.timezone), language=value
            )
        )

    if attempt(step, row, make):
        conversation.switch_to(
            row,
            routes.ORGANIZATIONS,
            CARD,
            OrganizationsData(organization_id=made[0].id, made=made[0].name, bot=step.bot_username),
        )
    else:
        conversation.update(row, to=NEW_NAME)
    conversation.render(step, row)


# Closing


def _close(step: Request, row: Row, _value: str) -> None:
    """Ask for confirmation once, if it can be closed."""
    actor = _leader(step, row)
    if attempt(step, row, lambda: closing.require_closable(step.by(actor))):
        conversation.update(row, OrganizationsData(made=""), to=SURELY)
    conversation.render(step, row)


def _close_again(step: Request, row: Row, _value: str) -> None:
    _leader(step, row)
    conversation.update(row, to=REALLY)
    conversation.render(step, row)


def _close_now(step: Request, row: Row, _value: str) -> None:
    actor = _leader(step, row)
    closed: list[str] = []
    if attempt(step, row, lambda: closed.append(closing.close(step.by(actor)).name)):
        conversation.switch_to(
            row, routes.ORGANIZATIONS, conversation.OVER, OrganizationsData(closed=closed[0])
        )
    else:
        conversation.update(row, to=CARD)
    conversation.render(step, row)


ORGANIZATIONS = Conversation(
    routes.ORGANIZATIONS,
    {
        routes.ORGANIZATIONS: State(screens.listed, {"open": _open, "page": _page, "new": _new}),
        CARD: State(screens.card, {"work": _work, "edit": _begin_edit, "close": _close, "back": _to_list}),
        EDIT: State(
            screens.edit,
            {"language": _tapped_language, "zone": _tapped_zone, "none": _none, "back": _to_card},
            _typed_detail,
        ),
        NEW_NAME: State(screens.new_name, {"back": _to_list}, _typed_name),
        NEW_ZONE: State(screens.new_zone, {"zone": _tapped_new_zone, "back": _new}, _typed_zone),
        NEW_LANGUAGE: State(screens.new_language, {"language": _found, "back": _new}),
        SURELY: State(screens.surely, {"close1": _close_again, "back": _to_card}),
        REALLY: State(screens.surely, {"close2": _close_now, "back": _to_card}),
        conversation.OVER: State(screens.over),
    },
    CANCEL,
    SAVED_STAYS,
)
