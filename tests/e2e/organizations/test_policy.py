"""The rules of an organisation, changed from a phone.

It is Tuesday, 1 December 2026, 09:00 in Oslo.
"""

from datetime import time
from itertools import count

import pytest
from sqlalchemy.orm import Session

from db.models import Organization
from db.states import Role
from handlers.organizations import opening_hours_views, policy_views
from services.core.errors import Refused
from services.core.policy import Policy
from tests import factories
from tests.e2e.arrange import write
from tests.e2e.conftest import World
from tests.e2e.organizations.steps import ONLY_LEADERS, rules, taps
from tests.e2e.replies import NOT_A_MEMBER, OUTDATED, at_hand, told
from tests.e2e.seen import carrying, refusal, rule_says, wording


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


@pytest.mark.parametrize("each", [3, pytest.param(1, marks=pytest.mark.long)])
async def test_every_rule_can_be_reached(sqlite_world: World, each: int) -> None:
    """Through its group, with a value to tap that is not the one it has: every third, or all."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.types("/policy")
    await ada.sees(wording(policy_views.card, organization=...))
    reached = set()
    card = ada.last(wording(policy_views.card, organization=...))
    turn = count()
    for group in [b.text for b in card.buttons if b.text not in (wording(policy_views.card), "Done")]:
        await ada.taps(group)
        await world.settled()
        for rule in [b.text for b in ada.last().buttons if b.text != "Back"]:
            if next(turn) % each:
                continue
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
    assert reached <= set(Policy.model_fields)
    assert each > 1 or reached == set(Policy.model_fields)


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
