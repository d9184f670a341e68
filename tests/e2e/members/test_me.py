"""`/me`: what is stored, leaving, and being forgotten."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import FORMER_MEMBER, AccountLink, AuditEntry, Base, ChatAccount, Conversation, Rental, User
from db.states import RentalStatus, Role
from handlers.i18n.texts import Texts
from handlers.members.own import me_views
from handlers.ui.callbacks import Verb, pack
from handlers.ui.refusals import explain
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.desk import checkin
from services.members import editing
from services.rentals import approval
from tests.e2e.arrange import actor, approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.members.test_organization_switch import also_in
from tests.e2e.replies import NOT_FOUND, OUTDATED, told
from tests.e2e.seen import asking, carrying, of_kind, refusal, wording


async def returned(world: World, who: str) -> int:
    """A rental that is over."""
    number = await handed_out(world, who)

    def back(session: Session) -> None:
        checkin.take_back(Tx(session, world.clock.now(), actor(session, world, "Lars")), number)

    await write(world, back)
    return number


async def test_everything_as_a_file(world: World) -> None:
    """One tap, one file, however often it is tapped: profile, accounts, rentals, and what was done."""
    number = await returned(world, "Kari")
    other = await requested(world, "Ola")

    def told(session: Session) -> None:
        session.get_one(User, actor(session, world, "Kari").user_id).email = "kari@example.org"

    await write(world, told)
    kari = world["Kari"]
    await kari.types("/me")
    seen = await kari.sees(wording(me_views.home, "rentals", n=1))
    assert "kari@example.org" in seen.text
    await kari.taps(carrying("file"))
    file = await kari.sees(of_kind("own_file"))
    await kari.taps(carrying("file"), seen)
    await world.settled()
    found = json.loads(kari.file_of(file).content)
    assert found["profile"]["email"] == "kari@example.org"
    assert [a["id"] for a in found["accounts"]] == [kari.id]
    assert [r["id"] for r in found["rentals"]] == [number]
    assert found["rentals"][0]["things"][0]["code"] == "T1"
    assert "request" in [e["action"] for e in found["history"]]
    assert other not in [r["id"] for r in found["rentals"]]
    assert "Ola" not in kari.file_of(file).content.decode()


async def test_nobody_leaves_with_things(world: World) -> None:
    """A member who has things out reads a list of them, and nothing changes."""
    number = await handed_out(world, "Kari")
    kari = world["Kari"]
    await kari.types("/me")
    await kari.sees(wording(me_views.home, "record", n=1))
    async with world.unchanged():
        await kari.taps(carrying("leave"))
        seen = await kari.sees(refusal(Refused.THINGS_OUT, things=[[1, "T1", "Tent"]]))
        assert f"• T1 · Tent (rental {number})" in seen.text
        await kari.taps(carrying("forget"))
        await world.settled()
        assert refusal(Refused.THINGS_OUT, things=[[1, "T1", "Tent"]]) in kari.last("Kari Berg").text


async def test_leaving(world: World) -> None:
    """Open rentals are cancelled after a warning, the basket goes, and the account leads nowhere."""
    number = await requested(world, "Kari")
    kari = world["Kari"]
    await kari.types("/rent stove")
    await kari.sees(asking("rent.first"))
    await kari.types("/me")
    await kari.taps(carrying("leave"))
    await kari.sees(wording(me_views._cancelled, n=number, numbers=number))
    await kari.taps(carrying("home"))
    await kari.sees("Fjellklubben: member")
    await kari.taps(carrying("leave"))
    await kari.taps(carrying("yes"))
    await kari.sees(wording(me_views.left, organization="Fjellklubben"))
    await world.settled()

    def left(session: Session) -> tuple[Any, ...]:
        user = session.scalars(select(User).filter_by(first_name="Kari")).one()
        open_ones = [r.status for r in session.scalars(select(Rental).filter_by(user_id=user.id))]
        links = session.scalars(select(AccountLink).filter_by(user_id=user.id)).all()
        acts = select(AuditEntry.action).filter_by(subject="user", subject_id=user.id)
        return user.is_active(world.clock.now()), set(open_ones), list(links), session.scalars(acts).all()

    assert await world.database.read(left) == (False, {RentalStatus.CANCELLED}, [], ["leave"])
    await kari.types("/rentals")
    await kari.sees(refusal(Refused.NOT_A_MEMBER))


async def test_what_was_asked_meanwhile_is_not_cancelled_unseen(sqlite_world: World) -> None:
    """Something more is open than they were warned of: they are asked again."""
    world = sqlite_world
    kari = world["Kari"]
    await kari.types("/me")
    await kari.taps(carrying("leave"))
    await kari.sees("Leave Fjellklubben?")
    await approved(world, "Kari")
    async with world.unchanged():
        await kari.taps(carrying("yes"))
        await kari.sees(refusal(Refused.CHANGED_MEANWHILE))


async def test_the_last_leader_stays(sqlite_world: World) -> None:
    """Until somebody else leads."""
    world = sqlite_world
    ada = world["Ada"]
    await ada.types("/me")
    async with world.unchanged():
        await ada.taps(carrying("leave"))
        await ada.sees(refusal(Refused.LAST_LEADER))

    def second(session: Session) -> None:
        session.get_one(User, actor(session, world, "Anna").user_id).role = Role.LEADER

    await write(world, second)
    await ada.taps(carrying("leave"))
    await ada.taps(carrying("yes"))
    await ada.sees(wording(me_views.left, organization="Fjellklubben"))


async def test_whoever_is_elsewhere_goes_on_there(sqlite_world: World) -> None:
    """Leaving one organisation leads to the other."""
    await also_in(sqlite_world, "Kari")
    kari = sqlite_world["Kari"]
    await kari.types("/me")
    await kari.taps(carrying("leave"))
    await kari.taps(carrying("yes"))
    seen = await kari.sees(wording(me_views.left, organization="Fjellklubben"))
    assert wording(me_views.left, "now_in", organization="Turlaget") in seen.text
    await kari.types("/me")
    await kari.sees("Turlaget: member")


PERSONAL = ("Kari", "kari@example.org", "47 912", "My sister’s wedding", "101")
"""Words that would show that it was her: names, address, number, what she wrote, her account."""


@pytest.mark.both_databases(long=True)
async def test_being_forgotten(world: World) -> None:
    """Asked twice; then nothing in the whole database says who it was, and the history is all there."""
    number = await returned(world, "Kari")

    def told(session: Session) -> None:
        user = session.get_one(User, actor(session, world, "Kari").user_id)
        user.email, user.phone, user.custom = "kari@example.org", "+47 912 34 567", {"Shoes": "Kari 39"}
        session.get_one(Rental, number).purpose = "My sister’s wedding"

    await write(world, told)
    again = await requested(world, "Kari")

    def declined(session: Session) -> None:
        anna = actor(session, world, "Anna")
        approval.decline(Tx(session, world.clock.now(), anna), again, reason="Kari, call me: 47 912")

    await write(world, declined)
    kari = world["Kari"]
    await kari.types("/rent stove tomorrow 2 days")
    await kari.sees(asking("rent.basket"))
    await kari.types("/me")
    await kari.taps(carrying("forget"))
    await kari.sees(wording(me_views.ask_to_forget, organization="Fjellklubben"))
    await kari.taps(carrying("on"))
    await kari.sees(asking("me.surely"))
    await kari.taps(carrying("yes"))
    await kari.sees(wording(me_views.left, "forgotten", organization="Fjellklubben"))
    await world.settled()

    def found(session: Session) -> list[tuple[str, str, str]]:
        hits = []
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                for column, value in row.items():
                    # Her chat is where the farewell went; nothing says whose it is.
                    if column in ("chat_id", "chat_key"):
                        continue
                    text = str(value)
                    hits += [(table.name, column, text) for word in PERSONAL[:4] if word in text]
                    if text == PERSONAL[4]:
                        hits.append((table.name, column, text))
        return hits

    assert await world.database.read(found) == []
    kept = await world.database.read(
        lambda s: s.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.subject_id == number))
    )
    assert kept
    await world.in_group("Anna").types("/overdue")
    anna = world["Anna"]
    await anna.types(f"/takeback {number}")
    await world.settled()
    assert "Kari" not in "".join(
        m.text for m in world.sandbox.world.newest_first(world.group) if "Rental" in m.text
    )
    assert FORMER_MEMBER in "".join(m.text for m in world.sandbox.world.newest_first(world.group))
    account = await world.database.read(lambda s: s.get(ChatAccount, kari.id))
    assert account is None


async def left(world: World, who: str = "Kari") -> None:
    """Out of Fjellklubben, on /me."""
    person = world[who]
    await person.types("/me")
    await person.taps(carrying("leave"))
    await person.taps(carrying("yes"))
    await person.sees(wording(me_views.left, organization="Fjellklubben"))
    await world.settled()


async def is_forgotten(world: World) -> list[str]:
    """Her first name in each organisation."""
    of = select(User.first_name).where(User.last_name.in_(("Berg", "")), User.role == Role.USER)
    found = await world.database.read(lambda s: s.scalars(of.order_by(User.id)).all())
    return [name for name in found if name in ("Kari", "")]


async def test_what_was_left_behind_is_forgotten_from_elsewhere(world: World) -> None:
    """A person who left an organisation reads from another one what it stores, and has it forgotten."""
    number = await returned(world, "Kari")
    await also_in(world, "Kari")
    await left(world)
    kari = world["Kari"]
    await kari.types("/me")
    await kari.sees("Turlaget: member")
    await kari.taps(carrying("left"))
    there = await kari.sees(wording(me_views.home_of_left, organization="Fjellklubben"))
    assert [b.text for b in there.buttons] == [
        wording(me_views.home, "file"),
        wording(me_views.home, "forget"),
        "Back",
    ]
    await kari.taps(carrying("file"))
    file = await kari.sees(of_kind("own_file"))
    found = json.loads(kari.file_of(file).content)
    assert found["organization"] == "Fjellklubben"
    assert [r["id"] for r in found["rentals"]] == [number]
    assert [a["id"] for a in found["accounts"]] == [kari.id] and "left_at" in found["accounts"][0]
    await kari.taps(carrying("back"), there)
    await kari.sees("Turlaget: member")
    await kari.taps(carrying("left"))
    for button in (carrying("forget"), "Back", carrying("forget"), carrying("on"), carrying("yes")):
        await kari.taps(button)
    said = await kari.sees(wording(me_views.left, "forgotten", organization="Fjellklubben"))
    assert (
        wording(me_views.left, "now_in", organization="Turlaget") in said.text
        and wording(me_views.left, "forgotten") not in said.text
    )
    await world.settled()
    assert await is_forgotten(world) == ["", "Kari"]
    await kari.types("/me")
    seen = await kari.sees("Turlaget: member")
    assert not [
        b.text for b in seen.buttons if b.text.startswith(wording(me_views._left_rows, organization=...))
    ]
    await kari.types("/rent kayak")
    await kari.sees(asking("rent.first"))


async def test_whoever_is_a_member_nowhere_any_more_is_forgotten(world: World) -> None:
    """After leaving for good /me still leads there; nothing else does, and afterwards there is no trace."""
    await left(world)
    kari = world["Kari"]
    await kari.types("/rentals")
    await kari.sees(refusal(Refused.NOT_A_MEMBER))
    await kari.types("/me")
    seen = await kari.sees(wording(me_views.home_of_left, organization="Fjellklubben"))
    assert [b.text for b in seen.buttons] == [
        wording(me_views.home, "file"),
        wording(me_views.home, "forget"),
        "Close",
    ]
    for button in (carrying("forget"), carrying("on"), carrying("yes")):
        await kari.taps(button)
    await kari.sees(
        wording(me_views.left, "forgotten", organization="Fjellklubben")
        + "\n"
        + wording(me_views.left, "forgotten")
    )
    await world.settled()
    assert await is_forgotten(world) == [""]
    assert await world.database.read(lambda s: s.get(ChatAccount, kari.id)) is None
    await kari.types("/me")
    await kari.sees(refusal(Refused.NOT_A_MEMBER))


async def test_a_membership_that_ran_out_is_behind_one_too(sqlite_world: World) -> None:
    """Ended by a date: nothing can be done there, and so there is no button to switch to it."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    of = await also_in(world, "Kari")

    def ended(session: Session) -> None:
        session.get_one(User, actor(session, world, "Kari").user_id).active_until = world.clock.now()
        session.get_one(ChatAccount, kari.id).organization_id = of

    await write(world, ended)
    await kari.types("/me")
    seen = await kari.sees("Turlaget: member")
    assert "Fjellklubben" not in [b.text for b in seen.buttons]
    await kari.taps(carrying("left"))
    for button in (carrying("forget"), carrying("on"), carrying("yes")):
        await kari.taps(button)
    await kari.sees(wording(me_views.left, "forgotten", organization="Fjellklubben"))
    await world.settled()
    assert await is_forgotten(world) == ["", "Kari"]


async def test_nobody_looks_behind_another(sqlite_world: World) -> None:
    """By a number made by hand: not at those who left, nor at oneself where one acts; nothing is sent."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    ola = await world.database.read(lambda s: actor(s, world, "Ola").user_id)
    own = await world.database.read(lambda s: actor(s, world, "Kari").user_id)
    await left(world, "Ola")
    await kari.types("/me")
    card = await kari.sees("Fjellklubben: member")
    row = await world.database.read(lambda s: s.scalars(select(Conversation.id)).one())
    async with world.unchanged():
        for value in (ola, own, 10**17, "", "x"):
            await kari.taps_data(pack(Verb.CONVERSATION, row, f"left {value}"), card)
            assert await kari.toast() == OUTDATED
            assert "Kari Berg" in kari.last().text


async def test_who_comes_back_leaves_no_way_behind(sqlite_world: World) -> None:
    """A link of their own leads to the member again: the accounts of before lead nowhere any more."""
    world = sqlite_world
    kari = await world.database.read(lambda s: actor(s, world, "Kari").user_id)
    await left(world)

    def comes_back(session: Session) -> str:
        session.get_one(User, kari).active_until = None
        anna = actor(session, world, "Anna")
        return editing.new_link(Tx(session, world.clock.now(), anna), kari)

    await world["Kari"].types("/me")
    for button in (carrying("forget"), "Back", carrying("forget")):
        await world["Kari"].taps(button)
    question = await world["Kari"].sees(wording(me_views.ask_to_forget, organization="Fjellklubben"))
    token = await write(world, comes_back)
    nora = world["Nora"]
    await nora.opens(token)
    await nora.sees("Welcome")
    async with world.unchanged():
        assert await told(world, world["Kari"].taps(carrying("on"), question)) == NOT_FOUND
        await world["Kari"].taps(carrying("home"), question)
        await world.settled()
    await world["Kari"].types("/me")
    await world["Kari"].sees(refusal(Refused.NOT_A_MEMBER))


def test_the_word_for_a_name_is_the_readers() -> None:
    """Norwegians read it in Norwegian."""
    t = Texts("nb")
    assert t.name(FORMER_MEMBER) == "Tidligere medlem"
    answered = Refusal(Refused.ALREADY, rental_status=RentalStatus.APPROVED, by=FORMER_MEMBER)
    assert str(explain(t, answered)).endswith("Tidligere medlem.")
