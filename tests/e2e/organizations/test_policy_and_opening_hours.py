"""Running an organisation from a phone: the rules, the opening days, whole organisations; and its end.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

import re
from collections.abc import Callable
from datetime import date, time
from itertools import cycle
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ClosedDays, Location, Organization, Rental
from db.states import RentalStatus, Role
from handlers.features import REGISTRY
from handlers.organizations import opening_hours_views, policy_views, views
from handlers.rentals import card_views
from handlers.rentals.booking import calendar_hints
from handlers.ui.conversation import CARD
from handlers.ui.registry import Where
from sandbox.person import Person, Which
from sandbox.world.records import Message
from services.core.errors import Refused
from services.core.opening_hours import Weekday, What
from services.core.policy import Policy
from services.core.tx import Tx
from services.organizations import closing, opening_hours_settings
from services.organizations.opening_hours_settings import Days
from tests import factories
from tests.e2e.arrange import actor, another_club, approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.replies import NOT_A_MEMBER, NOT_FOUND, OUTDATED, at_hand, heard, toasts, told
from tests.e2e.seen import asking, carrying, of_kind, refusal, rule_says, wording

T = TypeVar("T")

ONLY_LEADERS = refusal(Refused.NOT_ALLOWED, needed="leader")
CLOSED = refusal(Refused.CLOSED, organization="Fjellklubben")


async def look(world: World, work: Callable[[Session], T]) -> T:
    await world.settled()
    return world.database.read_now(work)


async def organization(world: World) -> Organization:
    return await look(world, lambda session: session.get_one(Organization, world.organization_id))


async def rules(world: World) -> dict[str, object]:
    return dict((await organization(world)).policy)


async def taps(person: Person, *buttons: Which) -> None:
    """One after the other, each on the newest card that has it."""
    for button in buttons:
        await person.taps(button)


def days_of(message: Message) -> dict[str, str]:
    """The calendar's days with what is on their buttons' other side."""
    return {b.text: b.data or "" for b in message.buttons if re.fullmatch(r"\[?\d+\]?", b.text)}


# The rules


async def test_a_rule_is_changed_in_four_taps(world: World) -> None:
    """Group, rule, value: the card shows it, the record has old and new, and it holds from then on."""
    ada = world["Ada"]
    await ada.types("/policy")
    card = await ada.sees(wording(policy_views.card, organization="Fjellklubben"))
    assert rule_says("longest_days", 30) in card.text
    await taps(ada, carrying("group", "limits"), carrying("rule", "longest_days"), "7 days")
    await ada.sees(rule_says("longest_days", 7))
    assert await rules(world) == {"longest_days": 7}
    kari = world["Kari"]
    await kari.types("/rent tent 3.12. 14.12.")
    await kari.sees(refusal(Refused.TOO_LONG, days=7))
    await taps(ada, carrying("rule", "longest_days"), carrying("default"))
    await ada.sees(rule_says("longest_days", 30))
    assert await rules(world) == {}


async def test_values_are_written_as_well(sqlite_world: World) -> None:
    """A number, a time, some days; what is none of these is told so, and can be written again."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.types("/policy")
    await taps(ada, carrying("group", "reminders"), carrying("rule", "remind_at"))
    await ada.types("at noon")
    await ada.sees(refusal(Refused.NOT_A_TIME))
    await ada.types("12.15")
    await ada.sees(rule_says("remind_at", time(12, 15)))
    await taps(ada, carrying("rule", "overdue_days"))
    await ada.types("1, 400")
    await ada.sees(refusal(Refused.NOT_DAYS_OVER, most=365, entries=10))
    await ada.types("2 4 8")
    await ada.sees(rule_says("overdue_days", (2, 4, 8)))
    await taps(ada, carrying("back"), carrying("group", "extensions"), carrying("rule", "extensions"))
    await ada.types("101")
    await ada.sees(refusal(Refused.OUT_OF_RANGE, least=0, most=100))
    await ada.types("4")
    await ada.sees(rule_says("extensions", 4))
    await taps(ada, carrying("rule", "extension_approval"))
    await ada.types("no")
    await ada.sees(refusal(Refused.TAP_EXPECTED))
    assert await rules(world) == {"remind_at": "12:15:00", "overdue_days": [2, 4, 8], "extensions": 4}


async def test_every_rule_can_be_reached(sqlite_world: World) -> None:
    """Through its group, with a value to tap that is not the one it has."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.types("/policy")
    await ada.sees(wording(policy_views.card, organization=...))
    reached = set()
    card = ada.last(wording(policy_views.card, organization=...))
    for group in [b.text for b in card.buttons if b.text not in (wording(policy_views.card), "Done")]:
        await ada.taps(group)
        await world.settled()
        for rule in [b.text for b in ada.last().buttons if b.text != "Back"]:
            await ada.taps(rule)
            await world.settled()
            before = await rules(world)
            other = next(b.text for b in ada.last().buttons if not b.text.startswith("✓"))
            await ada.taps(other)
            await world.settled()
            after = await rules(world)
            changed = {key for key in {**before, **after} if before.get(key) != after.get(key)}
            assert len(changed) == 1, rule
            if changed == {"ask"}:  # of which several can be tapped
                await ada.taps(carrying("back"))
                await world.settled()
            reached |= changed
        await ada.taps(carrying("back"))
        await world.settled()
    assert reached == set(Policy.model_fields)


async def test_admins_read_the_rules(sqlite_world: World) -> None:
    """Members and lenders do not; hand-made buttons of an admin change nothing."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    for name, words in (
        ("Kari", refusal(Refused.NOT_ALLOWED, needed="admin")),
        ("Lars", refusal(Refused.NOT_ALLOWED, needed="admin")),
    ):
        assert await told(world, world[name].types("/policy")) == words
    assert await told(world, world["Nora"].types("/policy")) == NOT_A_MEMBER
    await anna.types("/policy")
    await taps(anna, carrying("group", "approval"))
    shown = await anna.sees(wording(policy_views.group))
    assert [b.text for b in shown.buttons] == ["Back"]
    back = shown.buttons[0].data or ""
    async with world.unchanged():
        assert await at_hand(world, anna, back.replace("back", "rule approval"), shown) == ONLY_LEADERS
    await taps(anna, carrying("back"), carrying("opening"))
    shown = await anna.sees(wording(opening_hours_views.week))
    back = next(b.data or "" for b in shown.buttons if b.text == "Back")
    async with world.unchanged():
        for word in ("day 0", "clear"):
            assert await at_hand(world, anna, back.replace("back", word), shown) == ONLY_LEADERS


async def test_two_leaders_at_once(sqlite_world: World) -> None:
    """The second reads who was first, sees how it stands, and can choose again."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    world.sandbox.add_person("Per", id=909)

    def second(session: Session) -> None:
        of = session.get_one(Organization, world.organization_id)
        factories.member(session, of, world.clock.now(), "Per Vik", Role.LEADER, 909)

    await write(world, second)
    per = world["Per"]
    for leader in (ada, per):
        await leader.types("/policy")
        await taps(leader, carrying("group", "requests"), carrying("rule", "request_hours"))
        await leader.sees(rule_says("request_hours", 72))
    await ada.taps("24 hours")
    await ada.sees(rule_says("request_hours", 24))
    await per.taps("48 hours")
    await per.sees(refusal(Refused.CHANGED_MEANWHILE, by="Ada Berg"))
    assert await rules(world) == {"request_hours": 24}
    await per.taps("48 hours")
    await per.sees(rule_says("request_hours", 48))


async def test_what_new_members_are_asked(sqlite_world: World) -> None:
    """Each thing by a tap, and not by another; what is none of them is refused."""
    ada = sqlite_world["Ada"]
    await ada.types("/policy")
    await taps(ada, carrying("group", "joining"), carrying("rule", "ask"), carrying("ask", "phone"), "Email")
    card = await ada.sees(rule_says("ask", ("email", "phone")))
    assert await rules(sqlite_world) == {"ask": ["email", "phone"]}
    email = next(b.data or "" for b in card.buttons if b.text == "✓ Email")
    async with sqlite_world.unchanged():
        assert await at_hand(sqlite_world, ada, email.replace("ask email", "ask shoes"), card) == OUTDATED
    await taps(ada, "✓ Phone")
    await ada.sees(rule_says("ask", ("email",)))
    await sqlite_world.settled()
    assert await rules(sqlite_world) == {"ask": ["email"]}


# Opening days


async def closes(world: World, *days: Days, weekdays: tuple[int, ...] = ()) -> None:
    """Ada closes these dates, and these days of the week."""

    def work(session: Session) -> None:
        ada, now = actor(session, world, "Ada"), world.clock.now()
        opening_hours_settings.close_days(Tx(session, now, ada), None, days)
        if weekdays:
            opening_hours_settings.set_days(Tx(session, now, ada), None, weekdays, Weekday(), seen={})

    await write(world, work)


async def test_a_week_by_taps(sqlite_world: World) -> None:
    """Hours for Monday, the same until Friday, other hours to bring back on Friday, closed on Sunday."""
    ada = sqlite_world["Ada"]
    await ada.types("/policy")
    await taps(ada, carrying("opening"))
    await ada.sees(wording(opening_hours_views.week, "week"))
    await taps(ada, "Mo", "10:00–18:00")
    await ada.sees("Monday: 10:00–18:00")
    await taps(ada, carrying("workdays"))
    shown = await ada.sees("Friday: 10:00–18:00")
    assert "Saturday: 08:00–20:00" in shown.text
    await taps(ada, "Fr", "Return")
    await ada.types("12-15:30")
    await ada.sees("Friday: " + wording(opening_hours_views.hours, back="12:00–15:30", out="10:00–18:00"))
    await taps(ada, carrying("back"), "Su")
    await ada.sees(asking("opening.day"))
    await taps(ada, carrying("hours", "closed"))
    await ada.sees("Sunday: closed")
    await ada.types("in the morning")
    await ada.sees(refusal(Refused.NOT_HOURS))
    await taps(ada, carrying("back"))
    shown = await ada.sees("Sunday: closed")
    assert (
        "Friday: " + wording(opening_hours_views.hours, back="12:00–15:30", out="10:00–18:00") in shown.text
    )
    await taps(ada, carrying("clear"))
    await ada.sees(wording(opening_hours_views.week, "week"))


async def test_closed_dates_by_list(sqlite_world: World) -> None:
    """One to a line; a line that is not understood is told and nothing stored; each opens again by a tap."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await requested(world, first=2, last=4)
    await ada.types("/policy")
    await taps(ada, carrying("opening"), carrying("closed"))
    await ada.sees(wording(opening_hours_views.closed_dates, "found"))
    await ada.types("24.12.-2.1. Christmas\nsome day")
    await ada.sees(refusal(Refused.NOT_CLOSED_DAYS, line="some day"))
    await ada.types("24.12.-2.1. Christmas\n5.12. Moving")
    shown = await ada.sees("Thu 24 Dec – Sat 2 Jan 2027: Christmas")
    assert wording(opening_hours_views.closed_dates, "touched", n=1) in shown.text
    await ada.taps("🗑 Sat 5 Dec")
    await world.settled()
    assert "Moving" not in ada.last(asking("opening.closed")).text
    found = await look(world, lambda s: s.scalars(select(ClosedDays)).all())
    assert [(row.first, row.last, row.reason) for row in found] == [
        (date(2026, 12, 24), date(2027, 1, 2), "Christmas")
    ]


async def test_dates_of_every_year_extra_days_and_breaks(sqlite_world: World) -> None:
    """A break in the day by typing its hours; an extra day and a date of every year are lines of one list."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.types("/policy")
    await taps(ada, carrying("opening"), carrying("day", "5"))
    await taps(ada, carrying("hours", "closed"), carrying("back"), carrying("day", "4"))
    await ada.types("10-12, 16-18")
    await ada.sees("10:00–12:00, 16:00–18:00")
    await taps(ada, carrying("back"), carrying("closed"))
    await ada.types("24.12. every year\n5.12. open 10-14 Market")
    shown = await ada.sees("Sat 5 Dec, open 10:00–14:00: Market")
    assert wording(opening_hours_views.exception, "yearly", days="Thu 24 Dec") in shown.text
    found = await look(world, lambda s: s.scalars(select(ClosedDays).order_by(ClosedDays.id)).all())
    assert [(row.yearly, row.hours) for row in found] == [(True, ""), (False, "10:00-14:00")]


async def test_one_place_has_its_own(sqlite_world: World) -> None:
    """Chosen from the list of places; the others stay as they are."""
    world, ada = sqlite_world, sqlite_world["Ada"]

    def cellar(session: Session) -> None:
        session.add(Location(organization_id=world.organization_id, name="Cellar"))

    await write(world, cellar)
    await ada.types("/policy")
    await taps(ada, carrying("opening"), carrying("places"), "Cellar")
    await ada.sees(wording(opening_hours_views._heading, place="Cellar"))
    await taps(ada, "Tu")
    await ada.sees(asking("opening.day"))
    await taps(ada, carrying("hours", "closed"), carrying("back"))
    await ada.sees("Tuesday: closed")
    await taps(ada, carrying("places"), carrying("place", ""))
    await ada.sees(wording(opening_hours_views.week, "week"))
    await taps(ada, carrying("places"), "Cellar", carrying("clear"))
    await ada.sees(wording(opening_hours_views.week, "place"))


@pytest.mark.both_databases
async def test_a_closed_day_cannot_be_tapped_and_says_why(world: World) -> None:
    """In the calendar of the first day and of the last; a typed one is answered with the next open day."""
    kari = world["Kari"]
    await closes(world, Days(date(2026, 12, 10), date(2026, 12, 11), "Christmas party"), weekdays=(6,))
    await kari.types("/rent tent")
    card = await kari.sees(asking("rent.first"))
    assert "⊘ closed" in card.text
    assert not {"6", "10", "11", "13"} & days_of(card).keys()
    shut = [b for b in card.buttons if b.text == "⊘"]
    said = {await told(world, kari.taps_data(b.data or "", card)) for b in shut}
    assert said == {"Closed: Christmas party", wording(calendar_hints.why, What.HAND_OUT)}
    await kari.types("10.12.")
    await kari.sees(
        refusal(
            Refused.CLOSED_DAY,
            day="2026-12-10",
            what="hand_out",
            reason="Christmas party",
            following="2026-12-12",
        )
    )
    await kari.types("6.12.")
    await kari.sees(
        refusal(Refused.CLOSED_DAY, day="2026-12-06", what="hand_out", reason="", following="2026-12-07")
    )
    await kari.taps("9")
    card = await kari.sees(asking("rent.last"))
    assert not {"10", "11", "13"} & days_of(card).keys()
    await kari.types("11.12.")
    await kari.sees(
        refusal(
            Refused.CLOSED_DAY,
            day="2026-12-11",
            what="return",
            reason="Christmas party",
            following="2026-12-12",
        )
    )
    await kari.taps("12")
    await kari.sees("Wed 9 Dec 08:00 – Sat 12 Dec 20:00")


async def test_the_reason_of_another_club_is_not_told(sqlite_world: World) -> None:
    """A button made by hand with the number of its closure says only that it is closed."""
    world = sqlite_world
    await another_club(world)

    def close(session: Session) -> int:
        row = ClosedDays(
            organization_id=900_000_001, first=date(2026, 12, 5), last=date(2026, 12, 5), reason="Secret"
        )
        session.add(row)
        session.flush()
        return row.id

    number = await write(world, close)
    await world["Kari"].types("/help")
    await world.settled()
    assert await at_hand(world, world["Kari"], f"1:x:{number}:closed", world["Kari"].last()) == (
        wording(calendar_hints.why, "SHUT_FOR_A_REASON")
    )


async def test_hours_bind_what_is_written_with_a_time(sqlite_world: World) -> None:
    """Within the hours it is taken as written; outside the hours are told."""
    kari, ada = sqlite_world["Kari"], sqlite_world["Ada"]
    await ada.types("/policy")
    await taps(ada, carrying("opening"), "Th", "10:00–18:00")
    await ada.sees("Thursday: 10:00–18:00")
    await kari.types("/rent tent 3.12. 9:00 - 4.12.")
    await kari.sees(
        refusal(Refused.OUTSIDE_HOURS, day="2026-12-03", what="hand_out", opens="10:00", closes="18:00")
    )
    await kari.types("/rent stove 3.12. 14:00 - 3.12. 16:00")
    await kari.sees("Thu 3 Dec 14:00 – Thu 3 Dec 16:00")


async def test_more_time_until_an_open_day(sqlite_world: World) -> None:
    """The closed days are marked and say why; typed, they are answered with the next."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await handed_out(world, last=2)
    await closes(world, Days(date(2026, 12, 5), date(2026, 12, 6), "Moving"))
    await kari.types("/extend")
    card = await kari.sees(asking("extend.ask"))
    assert "⊘ closed" in card.text
    assert "4" in days_of(card) and not {"5", "6"} & days_of(card).keys()
    await kari.types("6.12.")
    await kari.sees(
        refusal(Refused.CLOSED_DAY, day="2026-12-06", what="return", reason="Moving", following="2026-12-07")
    )
    await kari.taps("7")
    answer = await kari.sees(of_kind(CARD, outcome="asked"))
    assert "Mon 7 Dec 20:00" in answer.text


# Whole organisations


async def test_a_further_organisation(world: World) -> None:
    """Name, place, language: it is there, its leader acts there, and switches back with two taps."""
    ada = world["Ada"]
    await ada.types("/organizations")
    await ada.sees(asking("organizations.organizations"))
    await ada.taps(carrying("new"))
    await ada.types("fjellklubben")
    await ada.sees(refusal(Refused.NAME_TAKEN))
    await ada.types("Fjordlaget")
    await ada.sees(asking("organizations.new_zone"))
    await ada.types("Nowhere")
    await ada.sees(refusal(Refused.UNKNOWN_TIME_ZONE))
    await ada.types("København")
    await ada.taps("Norsk")
    card = await ada.sees(wording(views.made, organization="Fjordlaget"))
    assert (card.buttons[0].url or "").endswith("?startgroup=setup")
    made = await look(world, lambda s: s.scalars(select(Organization).filter_by(name="Fjordlaget")).one())
    assert (made.timezone, made.language) == ("Europe/Copenhagen", "nb")
    await ada.types("/me")
    await ada.sees("Fjordlaget: leader")
    await ada.types("/organizations")
    await ada.taps("Fjellklubben", await ada.sees(asking("organizations.organizations")))
    await ada.taps(carrying("work"))
    await ada.sees(asking("organizations.card"))
    await ada.types("/me")
    await ada.sees("Fjellklubben: leader")


async def test_what_is_known_is_changed(sqlite_world: World) -> None:
    """Each by a tap and a line; what cannot be is told, what may be empty is cleared."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.types("/organizations")
    await taps(ada, "✓ Fjellklubben", carrying("edit", "name"))
    await ada.types("Fjell og fjord")
    await taps(ada, "Email")
    await ada.types("nobody")
    await ada.sees(refusal(Refused.BAD_EMAIL))
    await ada.types("post@fjell.no")
    await taps(ada, carrying("edit", "address"))
    await ada.types("Storgata 1\n0155 Oslo")
    await taps(ada, carrying("edit", "timezone"))
    await ada.types("USA")
    await ada.types("Berlin")
    await taps(ada, carrying("edit", "language"), "Norsk")
    card = await ada.sees("Language: Norsk")
    assert "Fjell og fjord" in card.text and "post@fjell.no" in card.text and "0155 Oslo" in card.text
    await taps(ada, carrying("edit", "address"), carrying("none"))
    await ada.sees("Language: Norsk")
    found = await organization(world)
    assert (found.name, found.timezone, found.address) == ("Fjell og fjord", "Europe/Berlin", None)


async def test_only_leaders_have_organisations(sqlite_world: World) -> None:
    """Others are told so; with the number of another's a hand-made button finds nothing."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await another_club(world)
    for name in ("Kari", "Lars", "Anna"):
        assert await told(world, world[name].types("/organizations")) == ONLY_LEADERS
    assert await told(world, world["Nora"].types("/organizations")) == NOT_A_MEMBER
    await ada.types("/organizations")
    card = await ada.sees(asking("organizations.organizations"))
    new = next(b.data or "" for b in card.buttons if b.text == wording(views.listed, "new"))
    async with world.unchanged():
        assert await at_hand(world, ada, new.replace("new", "open 900000001"), card) == NOT_FOUND
        assert await at_hand(world, ada, new.replace("new", "open x"), card) in (NOT_FOUND, OUTDATED)


async def closed(world: World) -> None:
    """Ada closes Fjellklubben."""
    ada = world["Ada"]
    await ada.types("/organizations")
    await taps(ada, "✓ Fjellklubben", carrying("close"))
    await ada.sees("Close Fjellklubben?")
    await ada.taps(carrying("close1"))
    await ada.sees(wording(views.surely, organization="Fjellklubben"))
    await ada.taps(carrying("close2"))
    await world.settled()


async def test_closing_asks_twice_and_tells_everybody_once(world: World) -> None:
    """Waiting requests are cancelled, the group let go; a second tap of either button closes nothing more."""
    number = await requested(world)
    ada = world["Ada"]
    await ada.types("/organizations")
    await taps(ada, "✓ Fjellklubben", carrying("close"))
    first = await ada.sees("Close Fjellklubben?")
    assert wording(views.surely, "waiting", n=1) in first.text
    assert wording(views.surely, "are", n=5) in first.text
    await taps(ada, carrying("back"), carrying("close"), carrying("close1"))
    again = (await ada.sees(wording(views.surely, organization="Fjellklubben"))).snapshot()
    said = await heard(world, ada.taps(carrying("close2")))
    notices = [text for text in said if text.startswith("Fjellklubben is closed. Nothing can be rented")]
    assert len(notices) == len(("Kari", "Ola", "Lars", "Anna", "Ada", "group"))
    assert await heard(world, ada.taps(carrying("close2"), again)) == [OUTDATED]
    found = await organization(world)
    assert found.closed_at is not None and found.group_chat_id is None
    status = await look(world, lambda session: session.get_one(Rental, number).status)
    assert status is RentalStatus.CANCELLED


async def test_not_closed_over_what_is_out(sqlite_world: World) -> None:
    """Told before anything is asked."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await handed_out(world, pieces=2)
    await ada.types("/organizations")
    await taps(ada, "✓ Fjellklubben", carrying("close"))
    await ada.sees(refusal(Refused.ITEMS_STILL_OUT, pieces=2))
    assert (await organization(world)).closed_at is None


COMMANDS_IN_PRIVATE = [
    c.name for c in REGISTRY.commands.values() if c.where is not Where.GROUP and c.name != "language"
]


async def test_a_closed_organisation_refuses_everything(sqlite_world: World) -> None:
    """Commands, buttons from before, what is written into a conversation, a file: one sentence."""
    world = sqlite_world
    number = await approved(world, first=0, last=2)
    kari, anna, ola = world["Kari"], world["Anna"], world["Ola"]
    await kari.types("/rent stove")
    calendar = await kari.sees(asking("rent.first"))
    await ola.types("/rentals")
    await world.settled()
    await anna.types("/policy")
    policy_card = await anna.sees(wording(policy_views.card, organization=...))
    group = world.in_group("Anna")
    desk = group.last(f"Rental {number}")
    theirs = kari.last(wording(card_views._what_next, "rules"))
    assert desk.buttons and theirs.buttons
    await closed(world)
    async with world.unchanged():
        for name, person in zip(COMMANDS_IN_PRIVATE, cycle((kari, anna)), strict=False):
            assert await told(world, person.types(f"/{name}")) == CLOSED, name
        days = days_of(calendar)
        for person, message in ((kari, calendar), (anna, policy_card), (group, desk), (kari, theirs)):
            buttons = [b.data for b in message.buttons if b.data and not b.data.startswith("1:x:")]
            buttons = [data for data in buttons if data not in list(days.values())[1:]]
            assert await toasts(world, person, buttons, message) == [CLOSED] * len(buttons)
        assert await told(world, kari.types("tomorrow")) == CLOSED
        assert await told(world, anna.sends_document("tents.csv", b"name\nTent\n")) == CLOSED
        verbs = ["ap", "de", "ho", "pu", "re", "cr", "tb", "pr", "ex", "cn", "cs", "sr", "so", "sb", "sw"]
        data = [f"1:{verb}:{number}:" for verb in verbs]
        assert await toasts(world, kari, data, calendar) == [CLOSED] * len(verbs)
        assert await at_hand(world, anna, "1:iv:0:user", policy_card) == CLOSED
        assert await told(world, world.in_group("Anna").types("/setup")) == CLOSED


async def test_opened_again_it_serves(sqlite_world: World) -> None:
    """By the operator; nothing of it is lost."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await closed(world)

    def reopen(session: Session) -> None:
        closing.reopen(Tx(session, world.clock.now()), "Fjellklubben")

    await write(world, reopen)
    await kari.types("/rent stove tomorrow 3 days")
    await kari.sees(asking("rent.basket"))
