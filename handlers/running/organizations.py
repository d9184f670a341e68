"""`/organizations`: make a further one, switch, change what is known of one, close it."""

from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Organization
from handlers import conversation, zones
from handlers.callbacks import number
from handlers.conversation import CANCEL, Conversation, State
from handlers.inventory import names
from handlers.message import Button, Message
from handlers.rent_days import attempt
from handlers.rent_screens import data_of, problem_of
from handlers.running.viewer import kept
from handlers.step import Step
from handlers.texts import LANGUAGES, Texts, lines
from handlers.views import organizations as views
from handlers.views.refusals import keep
from services import accounts, closing, leading
from services.accounts import Membership
from services.errors import Refusal, Refused
from services.people import Actor

CARD = "card"
"""data: organization_id, made (its name, where it was just made)."""

EDIT = "edit"
"""data: organization_id, detail, seen, zones (those offered)."""

NEW_NAME, NEW_ZONE, NEW_LANGUAGE = "new_name", "new_zone", "new_language"
"""data: name, zones, timezone."""

SURELY, REALLY = "surely", "really"


def command(step: Step, words: str) -> Message | None:
    leading.require_leader(step.session, step.sender.account_id, step.now)
    # Of no organisation: it outlives the one that is closed with it.
    row = conversation.begin(step, names.ORGANIZATIONS, names.ORGANIZATIONS, organization_id=None)
    conversation.show(step, row)
    return None


# Screens


def _memberships(session: Session, row: Row, t: Texts) -> list[Membership]:
    return [one for one in accounts.memberships(session, row.account_id, t.now) if one.active]


def _list(session: Session, row: Row, t: Texts) -> Message:
    found = _memberships(session, row, t)
    return views.listed(t, found, row.data.get("page", 0), data_of(row), problem_of(row, t))


def _membership(session: Session, row: Row, t: Texts) -> Membership | None:
    found = _memberships(session, row, t)
    return next((one for one in found if one.organization_id == row.data.get("organization_id")), None)


def _card(session: Session, row: Row, t: Texts) -> Message:
    member = _membership(session, row, t)
    if member is None:
        return _list(session, row, t)
    organization = session.get_one(Organization, member.organization_id)
    values = {detail: getattr(organization, detail) for detail in leading.DETAILS}
    made = views.made(t, row.data["made"]) if row.data.get("made") else None
    note = lines(made, problem_of(row, t)) if made else problem_of(row, t)
    return views.card(t, member, values, data_of(row), note)


def _edit(session: Session, row: Row, t: Texts) -> Message:
    detail, data = row.data.get("detail"), data_of(row)
    organization = session.get(Organization, row.data.get("organization_id", 0))
    if detail is None or organization is None:
        return _list(session, row, t)
    now = getattr(organization, detail)
    choices: list[Button] = []
    if detail == "language":
        choices = _languages(row)
    elif detail == "timezone":
        choices = _zones(row)
    return views.ask(
        t,
        organization.name,
        views.question(t, detail),
        views.value_name(detail, now) if now else None,
        choices,
        data,
        problem_of(row, t),
        clears=detail in leading.OPTIONAL,
    )


def _languages(row: Row) -> list[Button]:
    return [Button(name, data_of(row)("language", code)) for code, name in LANGUAGES.items()]


def _zones(row: Row) -> list[Button]:
    """By their place in the list that was offered: some names are too long for a button's data."""
    offered = row.data.get("zones", [])
    return [Button(zone, data_of(row)("zone", str(place))) for place, zone in enumerate(offered)]


def _new_name(session: Session, row: Row, t: Texts) -> Message:
    return views.ask(
        t, str(t("New organisation")), views.question(t, "name"), None, [], data_of(row), problem_of(row, t)
    )


def _new_zone(session: Session, row: Row, t: Texts) -> Message:
    if "name" not in row.data:
        return _list(session, row, t)
    return views.ask(
        t,
        row.data["name"],
        views.question(t, "timezone"),
        None,
        _zones(row),
        data_of(row),
        problem_of(row, t),
    )


def _new_language(session: Session, row: Row, t: Texts) -> Message:
    if "name" not in row.data:
        return _list(session, row, t)
    return views.ask(
        t,
        row.data["name"],
        views.question(t, "language"),
        None,
        _languages(row),
        data_of(row),
        problem_of(row, t),
    )


def _surely(session: Session, row: Row, t: Texts) -> Message:
    organization_id = row.data.get("organization_id", 0)
    organization = session.get(Organization, organization_id)
    if organization is None:
        return _list(session, row, t)
    return views.surely(
        t,
        organization.name,
        closing.open_rentals(session, organization_id),
        closing.members(session, organization_id, t.now),
        data_of(row),
        problem_of(row, t),
        again=row.state == REALLY,
    )


def _over(session: Session, row: Row, t: Texts) -> Message | None:
    """Gone, unless there is something to say last."""
    name = row.data.get("closed")
    return Message(t("{organization} is closed. Its members are told.", organization=name)) if name else None


# Taps


def _to_list(step: Step, row: Row, _value: str) -> None:
    conversation.become(row, names.ORGANIZATIONS, names.ORGANIZATIONS)
    conversation.show(step, row)


def _page(step: Step, row: Row, value: str) -> None:
    conversation.move(row, page=number(value) or 0)
    conversation.show(step, row)


def _open(step: Step, row: Row, value: str) -> None:
    conversation.move(row, CARD, organization_id=number(value), page=None)
    if _membership(step.session, row, step.texts) is None:
        raise Refusal(Refused.NOT_FOUND)
    conversation.show(step, row)


def _work(step: Step, row: Row, _value: str) -> None:
    accounts.switch(step.session, step.sender.account_id, step.now, kept(row, "organization_id"))
    conversation.move(row, made=None)
    conversation.show(step, row)


def _begin_edit(step: Step, row: Row, value: str) -> None:
    _leader(step, row)
    if value not in leading.DETAILS:
        raise Refusal(Refused.OUTDATED)
    organization = step.session.get_one(Organization, kept(row, "organization_id"))
    conversation.move(row, EDIT, detail=value, seen=getattr(organization, value), made=None, zones=None)
    conversation.show(step, row)


def _leader(step: Step, row: Row) -> Actor:
    organization_id = kept(row, "organization_id")
    return leading.leader_of(step.session, step.sender.account_id, step.now, organization_id)


def _to_card(step: Step, row: Row, _value: str) -> None:
    conversation.move(row, CARD, detail=None, seen=None, zones=None)
    conversation.show(step, row)


def _typed_detail(step: Step, row: Row, text: str) -> None:
    detail = kept(row, "detail")
    if detail == "timezone":
        found = _look_for_zone(row, text)
        if found is not None:
            _change(step, row, found)
    elif detail == "language":
        conversation.move(row, problem=keep(Refusal(Refused.TAP_EXPECTED)))
    else:
        _change(step, row, text)


def _look_for_zone(row: Row, text: str) -> str | None:
    """The one that is meant; where there are several, they are offered."""
    found = zones.find(text)
    if len(found) == 1:
        return found[0]
    problem = None if found else keep(Refusal(Refused.UNKNOWN_TIME_ZONE))
    conversation.move(row, zones=found or None, problem=problem)
    return None


def _change(step: Step, row: Row, value: str | None) -> None:
    actor, detail = _leader(step, row), kept(row, "detail")

    def change() -> None:
        leading.change(step.session, actor, step.now, detail, value, seen=row.data.get("seen"))

    if attempt(step, row, change):
        conversation.move(row, CARD, detail=None, seen=None, zones=None)
    else:
        # Whoever sends it again has seen how things stand now.
        organization = step.session.get_one(Organization, actor.organization_id)
        conversation.move(row, seen=getattr(organization, detail))


def _tapped_language(step: Step, row: Row, value: str) -> None:
    _require_detail(row, "language", value in LANGUAGES)
    _change(step, row, value)
    conversation.show(step, row)


def _tapped_zone(step: Step, row: Row, value: str) -> None:
    zone = _offered(row, value)
    _require_detail(row, "timezone", True)
    _change(step, row, zone)
    conversation.show(step, row)


def _require_detail(row: Row, detail: str, known: bool) -> None:
    if kept(row, "detail") != detail or not known:
        raise Refusal(Refused.OUTDATED)


def _offered(row: Row, value: str) -> str:
    place, offered = number(value), row.data.get("zones", [])
    if place is None or place >= len(offered):
        raise Refusal(Refused.OUTDATED)
    return str(offered[place])


def _none(step: Step, row: Row, _value: str) -> None:
    _change(step, row, None)
    conversation.show(step, row)


# A new one


def _new(step: Step, row: Row, _value: str) -> None:
    leading.require_leader(step.session, step.sender.account_id, step.now)
    conversation.become(row, names.ORGANIZATIONS, NEW_NAME)
    conversation.show(step, row)


def _typed_name(step: Step, row: Row, text: str) -> None:
    actor = leading.require_leader(step.session, step.sender.account_id, step.now)
    if attempt(step, row, lambda: leading.check_name(step.session, text)):
        here = step.session.get_one(Organization, actor.organization_id).timezone
        conversation.move(row, NEW_ZONE, name=" ".join(text.split()), zones=[here])


def _typed_zone(step: Step, row: Row, text: str) -> None:
    found = _look_for_zone(row, text)
    if found is not None:
        conversation.move(row, NEW_LANGUAGE, timezone=found, zones=None, problem=None)


def _tapped_new_zone(step: Step, row: Row, value: str) -> None:
    conversation.move(row, NEW_LANGUAGE, timezone=_offered(row, value), zones=None)
    conversation.show(step, row)


def _found(step: Step, row: Row, value: str) -> None:
    """The last of what has to be known: it is made."""
    if value not in LANGUAGES:
        raise Refusal(Refused.OUTDATED)
    actor = leading.require_leader(step.session, step.sender.account_id, step.now)
    made: list[Organization] = []

    def make() -> None:
        made.append(
            leading.found(
                step.session,
                actor,
                step.now,
                name=kept(row, "name"),
                timezone=kept(row, "timezone"),
                language=value,
            )
        )

    if attempt(step, row, make):
        conversation.become(row, names.ORGANIZATIONS, CARD, organization_id=made[0].id, made=made[0].name)
    else:
        conversation.move(row, NEW_NAME)
    conversation.show(step, row)


# Closing


def _close(step: Step, row: Row, _value: str) -> None:
    """Asks once, if it could be closed at all."""
    actor = _leader(step, row)
    if attempt(step, row, lambda: closing.require_closable(step.session, actor)):
        conversation.move(row, SURELY, made=None)
    conversation.show(step, row)


def _close_again(step: Step, row: Row, _value: str) -> None:
    _leader(step, row)
    conversation.move(row, REALLY)
    conversation.show(step, row)


def _close_now(step: Step, row: Row, _value: str) -> None:
    actor = _leader(step, row)
    closed: list[str] = []
    if attempt(step, row, lambda: closed.append(closing.close(step.session, actor, step.now).name)):
        conversation.become(row, names.ORGANIZATIONS, conversation.OVER, closed=closed[0])
    else:
        conversation.move(row, CARD)
    conversation.show(step, row)


ORGANIZATIONS = Conversation(
    names.ORGANIZATIONS,
    {
        names.ORGANIZATIONS: State(_list, {"open": _open, "page": _page, "new": _new}),
        CARD: State(_card, {"work": _work, "edit": _begin_edit, "close": _close, "back": _to_list}),
        EDIT: State(
            _edit,
            {"language": _tapped_language, "zone": _tapped_zone, "none": _none, "back": _to_card},
            _typed_detail,
        ),
        NEW_NAME: State(_new_name, {"back": _to_list}, _typed_name),
        NEW_ZONE: State(_new_zone, {"zone": _tapped_new_zone, "back": _new}, _typed_zone),
        NEW_LANGUAGE: State(_new_language, {"language": _found, "back": _new}),
        SURELY: State(_surely, {"close1": _close_again, "back": _to_card}),
        REALLY: State(_surely, {"close2": _close_now, "back": _to_card}),
        conversation.OVER: State(_over),
    },
    CANCEL,
)
