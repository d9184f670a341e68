"""The demo's organization: a small mountain club with realistic equipment, members and some history."""

import io
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    AccountLink,
    ChatAccount,
    Equipment,
    EquipmentTag,
    Item,
    Location,
    Organization,
    Photo,
    Rental,
    Tag,
    User,
)
from db.states import Role
from services.core import policy
from services.core.actor import Actor
from services.core.hours import periods
from services.core.hours.periods import Hours
from services.core.text import fold
from services.core.tx import Tx
from services.desk import checkin, checkout
from services.inventory import kits
from services.members import invites
from services.organizations import management, opening_hours_settings
from services.rentals import approval
from services.rentals.booking import baskets, request

NAME = "Fjellklubben"
TIMEZONE = "Europe/Oslo"


@dataclass(frozen=True)
class DemoPerson:
    account_id: int
    first_name: str
    last_name: str
    role: Role
    language: str
    title: str


KARI = DemoPerson(1001, "Kari", "Nordmann", Role.USER, "en", "member")
OLA = DemoPerson(1002, "Ola", "Hansen", Role.USER, "nb", "member, in Norwegian")
LARS = DemoPerson(1003, "Lars", "Vik", Role.LENDER, "en", "lender")
ANNA = DemoPerson(1004, "Anna", "Berg", Role.LEADER, "en", "leader")
PEOPLE = (KARI, OLA, LARS, ANNA)


@dataclass(frozen=True)
class Stock:
    """One equipment: name, description, number of items and the prefix of their codes."""

    name: str
    type: str
    code: str
    pieces: int
    description: str
    tags: tuple[str, ...] = ()
    brand: str = ""
    model: str = ""
    drawing: str = ""
    also: str = ""
    """Norwegian search words."""


STOCK = (
    Stock("Tent, 2 people", "Tents", "TENT2", 4, "Three-season tunnel tent, 2.9 kg. Pegs and footprint in the bag.", ("summer", "winter"), "Nordvarde", "Tunnel 2", "tent", also="telt"),
    Stock("Tent, 4 people", "Tents", "TENT4", 2, "Roomy family tent, standing height, 6.4 kg.", ("summer",), "Nordvarde", "Camp 4", "tent", also="telt familietelt"),
    Stock("Tarpaulin 3 × 4 m", "Tents", "TARP", 3, "With 8 guy lines.", ("summer",), drawing="tarp", also="presenning tarp"),
    Stock("Sleeping bag, winter", "Sleeping", "BAGW", 5, "Comfort −12 °C. Please air it before you bring it back.", ("winter",), drawing="bag", also="sovepose"),
    Stock("Sleeping mat", "Sleeping", "MAT", 6, "Inflatable, with a repair kit.", ("summer", "winter"), also="liggeunderlag"),
    Stock("Gas stove", "Kitchen", "STOVE", 3, "Without gas: buy a screw cartridge.", ("summer", "winter"), "Varmebu", "Mini", "stove", also="primus gassbrenner"),
    Stock("Pot set, 3 people", "Kitchen", "POT", 2, "Two pots, a pan, a handle.", also="kjele gryte kokekar"),
    Stock("Snowshoes", "Winter", "SHOE", 4, "For boots 36–46, up to 100 kg.", ("winter",), drawing="shoe", also="truger"),
    Stock("Avalanche set", "Winter", "AVA", 4, "Beacon, probe and shovel. Check the batteries with a lender.", ("winter", "safety"), also="skredutstyr sender søker spade"),
    Stock("Sledge", "Winter", "SLED", 1, "Pulk with harness and cover, 140 cm.", ("winter",), also="pulk slede"),
    Stock("Climbing rope 60 m", "Climbing", "ROPE", 2, "Single rope 9.8 mm, from 2025.", ("safety",), drawing="rope", also="klatretau tau"),
    Stock("Canoe", "Water", "CANOE", 2, "16 feet, for two. Trailer on request.", ("summer",), drawing="boat", also="kano"),
    Stock("Life jacket", "Water", "VEST", 6, "50–90 kg.", ("summer", "safety"), also="redningsvest flytevest"),
    Stock("GPS", "Electronics", "GPS", 1, "With the map of Norway. Two AA batteries.", ("safety",), also="kart"),
    Stock("Projector", "Electronics", "BEAM", 1, "For the club house: HDMI, 3000 lumen.", (), also="prosjektør projektor"),
)  # fmt: skip

COLORS = {"summer": "green", "winter": "blue", "safety": "red"}

KIT = "Weekend for two"
KIT_PARTS = {"TENT2": 1, "MAT": 2, "STOVE": 1, "POT": 1}


def populate(session: Session, now: datetime, group_id: int) -> None:
    """Create the club with its bound group. Idempotent."""
    if session.scalar(select(Organization.id).filter_by(name=NAME)):
        return
    management.create(Tx(session, now), name=NAME, timezone=TIMEZONE, leader_first="Ada", leader_last="Lien")
    club = session.scalars(select(Organization).filter_by(name=NAME)).one()
    club.group_chat_id, club.group_title = group_id, "Utstyr · admins"
    people = {person: _member(session, club, now, person) for person in PEOPLE}
    names = ("Club house, shelf A", "Boat house", "Club house, cellar")
    places = [Location(organization_id=club.id, name=name) for name in names]
    session.add_all(places)
    session.flush()
    tags: dict[str, int] = {}
    stock = {s.code: _equipment(session, club, now, s, places[s.type == "Water"], tags) for s in STOCK}
    kit = kits.add(Tx(session, now, people[ANNA]), KIT)
    for code, quantity in KIT_PARTS.items():
        kits.set_part(Tx(session, now, people[ANNA]), kit.id, stock[code].id, quantity, seen=kit.version)
    _history(session, club, now, people, stock)
    _closed_at_christmas(session, club, now, people[ANNA])


def invite(session: Session, now: datetime) -> str:
    """Return the payload of a link for one new member, made by the club's leader."""
    club = session.scalars(select(Organization).filter_by(name=NAME)).one()
    link = session.scalars(
        select(AccountLink).filter_by(account_id=ANNA.account_id, organization_id=club.id)
    ).one()
    leader = Actor(club.id, link.user_id, ANNA.account_id, f"{ANNA.first_name} {ANNA.last_name}", ANNA.role)
    return invites.make(Tx(session, now, leader), role=Role.USER)


def _closed_at_christmas(session: Session, club: Organization, now: datetime, leader: Actor) -> None:
    """Close the club from 24 December to 1 January, next time that does not include today."""
    today = periods.local_today(now, policy.zone_of(club))
    year = today.year if today < date(today.year, 12, 24) else today.year + 1
    closed = opening_hours_settings.Days(date(year, 12, 24), date(year + 1, 1, 1), "Christmas")
    opening_hours_settings.close_days(Tx(session, now, leader), None, [closed])


def _member(session: Session, club: Organization, now: datetime, person: DemoPerson) -> Actor:
    user = User(
        organization_id=club.id,
        first_name=person.first_name,
        last_name=person.last_name,
        role=person.role,
        created_at=now,
    )
    account = ChatAccount(
        id=person.account_id,
        first_name=person.first_name,
        telegram_language=person.language,
        organization_id=club.id,
        created_at=now,
    )
    session.add_all([user, account])
    session.flush()
    session.add(AccountLink(account_id=account.id, organization_id=club.id, user_id=user.id, created_at=now))
    session.flush()
    return Actor(club.id, user.id, account.id, user.name, user.role)


def _equipment(
    session: Session, club: Organization, now: datetime, s: Stock, place: Location, tags: dict[str, int]
) -> Equipment:
    photo = None
    if s.drawing:
        photo = Photo(organization_id=club.id, content=draw(s.drawing))
        session.add(photo)
        session.flush()
    row = Equipment(
        organization_id=club.id,
        name=s.name,
        brand=s.brand,
        model=s.model,
        type=s.type,
        description=s.description,
        photo_id=photo.id if photo is not None else None,
        search_text=fold(" ".join([s.name, s.brand, s.model, s.type, *s.tags, s.also])),
        created_at=now,
    )
    session.add(row)
    session.flush()
    for name in s.tags:
        if name not in tags:
            tag = Tag(organization_id=club.id, name=name, color=COLORS.get(name))
            session.add(tag)
            session.flush()
            tags[name] = tag.id
        session.add(EquipmentTag(equipment_id=row.id, tag_id=tags[name]))
    for number in range(1, s.pieces + 1):
        session.add(
            Item(
                organization_id=club.id,
                equipment_id=row.id,
                code=f"{s.code}-{number}",
                location_id=place.id,
                label_token=secrets.token_urlsafe(9),
                created_at=now,
            )
        )
    session.flush()
    return row


def _history(
    session: Session,
    club: Organization,
    now: datetime,
    people: dict[DemoPerson, Actor],
    stock: dict[str, Equipment],
) -> None:
    """Create rentals: Ola has a stove, due tomorrow; Kari returned a tent last week."""
    zone = policy.zone_of(club)
    hours = Hours(policy.of(club).hand_out_at, policy.of(club).return_at)
    today = periods.local_today(now, zone)

    def lend(who: DemoPerson, code: str, first: int, last: int) -> Rental:
        period = periods.of_days(today + timedelta(days=first), today + timedelta(days=last), zone, hours)
        before = period.starts_at - timedelta(hours=1)
        draft = request.open_draft(Tx(session, before, people[who]))
        baskets.put(Tx(session, now, people[who]), draft, stock[code].id, 1)
        request.set_period(Tx(session, before), draft, period)
        rental = request.request(Tx(session, before, people[who]), draft.id)
        approval.approve(Tx(session, before, people[ANNA]), rental.id)
        checkout.hand_out(Tx(session, period.starts_at, people[LARS]), rental.id)
        return rental

    back = lend(KARI, "TENT2", -9, -7)
    checkin.take_back(Tx(session, now - timedelta(days=7), people[LARS]), back.id)
    lend(OLA, "STOVE", -2, 1)


_SKY, _SNOW, _INK = (214, 232, 240), (248, 250, 252), (38, 62, 84)


def draw(what: str) -> bytes:
    """Return a simple PNG: hills with the item in front of them."""
    scale = 3
    picture = Image.new("RGB", (480 * scale, 300 * scale), _SKY)
    pen = ImageDraw.Draw(picture)

    def at(*points: float) -> list[float]:
        return [p * scale for p in points]

    pen.polygon(at(0, 300, 0, 190, 120, 90, 230, 200, 330, 120, 480, 210, 480, 300), fill=(170, 196, 210))
    pen.polygon(at(85, 119, 120, 90, 152, 122, 130, 116, 118, 128, 104, 114), fill=_SNOW)
    pen.rectangle(at(0, 220, 480, 300), fill=(146, 178, 128))
    warm, dark = (222, 110, 60), (170, 74, 38)
    if what == "tent":
        pen.polygon(at(120, 255, 240, 110, 360, 255), fill=warm)
        pen.polygon(at(240, 110, 205, 255, 275, 255), fill=dark)
    elif what == "tarp":
        pen.line(at(110, 255, 110, 130), fill=_INK, width=4 * scale)
        pen.line(at(370, 255, 370, 130), fill=_INK, width=4 * scale)
        pen.polygon(at(90, 170, 110, 130, 370, 130, 390, 170), fill=warm)
    elif what == "bag":
        pen.rounded_rectangle(at(190, 100, 290, 260), 46 * scale, fill=warm)
        pen.ellipse(at(208, 112, 272, 168), fill=dark)
        pen.line(at(240, 168, 240, 250), fill=_SNOW, width=3 * scale)
    elif what == "stove":
        pen.rounded_rectangle(at(195, 190, 285, 260), 12 * scale, fill=_INK)
        pen.rectangle(at(180, 176, 300, 190), fill=(90, 96, 104))
        pen.polygon(at(215, 176, 240, 110, 265, 176), fill=(240, 170, 60))
    elif what == "shoe":
        for left in (150, 260):
            pen.ellipse(at(left, 110, left + 70, 270), outline=warm, width=10 * scale)
            pen.line(at(left + 6, 190, left + 64, 190), fill=_INK, width=8 * scale)
    elif what == "rope":
        for step in range(6):
            pen.ellipse(
                at(160 + 6 * step, 120 + 5 * step, 320 - 6 * step, 260 - 5 * step),
                outline=warm if step % 2 else dark,
                width=5 * scale,
            )
    elif what == "boat":
        pen.rectangle(at(0, 215, 480, 300), fill=(92, 146, 178))
        pen.chord(at(90, 130, 390, 290), 0, 180, fill=warm)
        pen.line(at(300, 110, 210, 250), fill=dark, width=6 * scale)
    out = io.BytesIO()
    picture.resize((480, 300), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
