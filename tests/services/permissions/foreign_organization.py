"""Another organisation, with something of each kind, and what its people would not have others read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Base,
    Block,
    Claim,
    ClosedDays,
    CustomField,
    DamageNote,
    Equipment,
    EquipmentTag,
    Item,
    Kit,
    KitPart,
    Location,
    Organization,
    OutboxMessage,
    Rental,
    RentalLine,
    Tag,
    User,
)
from db.states import ClaimStatus, Described, RentalStatus, Role
from handlers.telegram.render import render
from handlers.ui.message import Message
from services.core.tx import Tx
from services.members import invites
from tests import factories
from tests.audited_database import writes

FOREIGN = 900_000_001
"""The number of each of its rows."""

SECRETS = (
    *(
        "padleklubben",
        "padle.no",
        "petra",
        "kayak",
        "zegul",
        "paddling",
        "kayak-9",
        "sn-77",
        "boathouse",
        "salty",
    ),
    *("helmet size", "sea set", "leaks badly", "round hidra", "regatta", "varnishing", "t-77"),
)
"""As they are called there, small: none of these words is said of anything else here."""


@dataclass(frozen=True)
class Foreign:
    """Its tokens, as they are known to those who have them."""

    label: str
    invite: str
    personal: str


def found(session: Session, now: datetime) -> Foreign:
    """Padleklubben: Petra leads it, and has its kayak out; another one is blocked."""
    of = Organization(id=FOREIGN, name="Padleklubben", timezone="Europe/Oslo", created_at=now)
    session.add(of)
    session.flush()
    day = timedelta(days=1)
    petra = User(
        id=FOREIGN,
        organization_id=of.id,
        first_name="Petra",
        last_name="Vik",
        email="sea@padle.no",
        phone="+4799887766",
        membership_id="T-77",
        role=Role.LEADER,
        created_at=now,
    )
    kayak = Equipment(
        id=FOREIGN,
        organization_id=of.id,
        name="Kayak",
        brand="Zegul",
        type="paddling",
        search_text="kayak zegul paddling salty",
        created_at=now,
    )
    item = Item(
        id=FOREIGN,
        organization_id=of.id,
        equipment_id=FOREIGN,
        code="KAYAK-9",
        serial_number="SN-77",
        location_id=FOREIGN,
        label_token="label-of-the-kayak",
        created_at=now,
    )
    rental = Rental(
        id=FOREIGN,
        organization_id=of.id,
        number=FOREIGN,
        user_id=FOREIGN,
        status=RentalStatus.OUT,
        purpose="Round Hidra",
        starts_at=now - 2 * day,
        due_at=now - day,
        created_at=now,
        requested_at=now,
    )
    claim = Claim(
        id=FOREIGN,
        organization_id=of.id,
        item_id=FOREIGN,
        rental_id=FOREIGN,
        line_id=FOREIGN,
        status=ClaimStatus.OUT,
        starts_at=now - 2 * day,
        blocked_until=now - day,
        out_at=now - 2 * day,
    )
    closed = ClosedDays(
        id=FOREIGN, organization_id=of.id, first=now.date(), last=now.date(), reason="Regatta"
    )
    rows: Iterable[Base] = (
        petra,
        Location(id=FOREIGN, organization_id=of.id, name="Boathouse"),
        Tag(id=FOREIGN, organization_id=of.id, name="salty"),
        CustomField(
            id=FOREIGN, organization_id=of.id, describes=Described.ITEM, label="Helmet size", position=1
        ),
        kayak,
        EquipmentTag(equipment_id=FOREIGN, tag_id=FOREIGN),
        item,
        Kit(id=FOREIGN, organization_id=of.id, name="Sea set", search_text="sea set", created_at=now),
        KitPart(id=FOREIGN, kit_id=FOREIGN, equipment_id=FOREIGN, quantity=1),
        rental,
        RentalLine(id=FOREIGN, rental_id=FOREIGN, equipment_id=FOREIGN, quantity=1),
        claim,
        Block(id=FOREIGN, organization_id=of.id, reason="Varnishing", created_at=now),
        DamageNote(id=FOREIGN, organization_id=of.id, item_id=FOREIGN, note="Leaks badly", created_at=now),
        closed,
    )
    for row in rows:
        session.add(row)
        session.flush()
    factories.account(session, now, FOREIGN, of.id, FOREIGN)
    token = invites.new(Tx(session, now, within=of.id), role=Role.USER)
    (own,) = invites.personal(Tx(session, now, within=of.id), [(FOREIGN, Role.LEADER)], created_by=None)
    return Foreign("label-of-the-kayak", token, own)


@contextmanager
def untouched(session: Session) -> Iterator[list[str]]:
    """Every statement that would write with the number of its rows, into any table of the business."""
    found: list[str] = []
    with writes(session) as written:
        yield found
    found += [statement for statement, parameters in written if FOREIGN in parameters]


def said_since(session: Session, last: int, now: datetime) -> list[str]:
    """Render the outbox rows after this one, as they would be sent now."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.id > last).order_by(OutboxMessage.id))
    return [shown(message) for row in rows if (message := render(Tx(session, now), [row])) is not None]


def shown(message: Message) -> str:
    return "\n".join([str(message.text), *(button.label for row in message.buttons for button in row)])


def leaked(said: str, typed: str) -> list[str]:
    """The secrets in what was said, without what was typed, which may be repeated."""
    said = said.lower().replace(typed.strip().lower(), "") if typed.strip() else said.lower()
    return [secret for secret in SECRETS if secret in said]
