"""A file of members sent to the bot: told apart from an inventory, answered with links."""

import csv

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Item, User
from db.states import Role
from handlers.imports import afterwards, views
from handlers.imports.plan_views import Verb as Asked
from handlers.members import views as members_views
from handlers.ui.callbacks import Verb
from sandbox.person import Person
from sandbox.world.records import Message
from services.core.errors import Refused
from tests.e2e.conftest import World
from tests.e2e.seen import by, carrying, of_kind, refusal, saying, wording
from tests.services.imports.files import real

MEMBERS = (
    b"first name,last name,email,role\nSiri,Dahl,siri@x.no,lender\nPer,Lund,kari@x.no,\nBad,Row,nonsense,\n"
)


def links(person: Person, message: Message) -> dict[str, str]:
    """The links in a file, by name."""
    rows = csv.DictReader(person.file_of(message).content.decode("utf-8-sig").splitlines())
    return {row["name"]: row["link"] for row in rows}


async def names(world: World) -> list[str]:
    def work(session: Session) -> list[str]:
        return [user.name for user in session.scalars(select(User).order_by(User.id))][5:]

    return await world.database.read(work)


@pytest.mark.both_databases
async def test_members_come_in_and_open_their_links(world: World) -> None:
    """The file is known by its headers; each new member gets a link, and is who it says when they open it."""
    anna, siri = world["Anna"], world["Siri"]
    await anna.sends_document("members.csv", MEMBERS)
    seen = await anna.sees("Members: 2 new, 0 changed, 0 unchanged")
    assert wording(views._row, "column", line=4, column="email", why=..., value=" (nonsense)") in seen.text
    given = links(anna, await anna.sees(wording(views.links_message, n=2)))
    assert list(given) == ["Siri Dahl", "Per Lund"]
    await siri.opens(given["Siri Dahl"])
    await siri.sees(saying("welcome", organization="Fjellklubben", name="Siri Dahl"))
    await siri.types("/desk")
    await siri.sees(of_kind("desk_day"))
    await anna.sends_document("members.csv", MEMBERS)
    await anna.sees("Members: 0 new, 0 changed, 2 unchanged")
    assert await names(world) == ["Siri Dahl", "Per Lund"]


async def test_a_real_file_in_the_chat(sqlite_world: World) -> None:
    """A hundred people, 45 of them not active; afterwards the list is searched and paged."""
    world, ada = sqlite_world, sqlite_world["Ada"]
    await ada.sends_document("users.csv", real("snipe-it-users.csv").read_bytes())
    await ada.sees("Members: 100 new, 0 changed, 0 unchanged")
    await ada.sees(wording(views._without_link, n=45, names=...))
    given = links(ada, await ada.sees(wording(views.links_message, n=55)))
    assert len(given) == 55
    await ada.types("/members")
    await ada.sees("105 members")
    await ada.types("lefeuvre")
    await ada.sees("Kenneth Lefeuvre · member")
    await ada.sees(wording(members_views.state_of))
    await ada.taps(carrying("list"))
    await ada.taps(by(Verb.LINKS))
    fresh = links(ada, await ada.sees(wording(views.links_message, n=55)))
    await world.settled()
    again = links(ada, ada.last(wording(views.links_message, n=55)))
    assert fresh.keys() == given.keys() and again != given
    reagen = world["Reagen"]
    await reagen.opens(given["Reagen Tenant"])
    await reagen.sees(refusal(Refused.INVITE_USED))
    await reagen.opens(again["Reagen Tenant"])
    await reagen.sees(saying("welcome", organization="Fjellklubben", name="Reagen Tenant"))


async def test_a_file_that_could_be_either(sqlite_world: World) -> None:
    """The admin is asked, under the file; the answer is for that file."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    table = b"name,code,email\nSiri Dahl,S-7,siri@x.no\n"
    await anna.sends_document("things.csv", table)
    await anna.sees(wording(views.ask_about))
    await anna.taps(by(Verb.IMPORT_AS))
    await world.settled()
    await anna.taps(by(Asked.IMPORT_LIST))
    await anna.sees("Items: 1 new")
    await anna.taps(by(Verb.IMPORT_AS, arg="members"))
    await anna.sees("Members: 1 new")
    codes = await world.database.read(lambda s: s.scalars(select(Item.code)).all())
    assert "S-7" in codes
    assert await names(world) == ["Siri Dahl"]


async def test_nobody_else_answers_for_an_admin(sqlite_world: World) -> None:
    """A former admin brings in nothing by the old question; hand-made buttons find no file."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await anna.sends_document("things.csv", b"name,code,email\nSiri Dahl,S-7,siri@x.no\n")
    question = await anna.sees(wording(views.ask_about))
    data = question.buttons[1].data or ""
    async with world.unchanged():
        await world["Kari"].types("/help")
        mine = await world["Kari"].sees("/rent")
        for made in (data, data.replace("members", "nonsense"), data.replace("im:0:members", "ml:0:")):
            await world["Kari"].taps_data(made, mine)
            await world.settled()

    def demote(session: Session) -> None:
        session.scalars(select(User).filter_by(first_name="Anna")).one().role = Role.LENDER

    await world.database.write(demote)
    async with world.unchanged():
        await anna.taps(by(Verb.IMPORT_AS, arg="members"))
        assert refusal(Refused.NOT_ALLOWED, needed="admin") in (await anna.toast() or "")


FAMILY = (
    b"membership number,first name,last name,email,status\n"
    b"1,Siri,Dahl,dahl@x.no,active\n2,Per,Dahl,dahl@x.no,asleep\n"
)


async def test_a_family_is_asked_about_and_an_import_undone(sqlite_world: World) -> None:
    """The address takes one tap, once. Then all of it goes, and its links with it."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await anna.sends_document("members.csv", FAMILY)
    seen = await anna.sees(wording(views._no_status, words="asleep (1)"))
    await anna.sees(wording(afterwards._of_people, "address", address="dahl@x.no"))
    given = links(anna, anna.last(wording(views.links_message, n=2)))
    assert seen.text.count("dahl@x.no") == 1
    await anna.taps("Per Dahl")
    await world.settled()

    def addresses(session: Session) -> list[str | None]:
        return [user.email for user in session.scalars(select(User).order_by(User.id))][5:]

    assert await world.database.read(addresses) == [None, "dahl@x.no"]
    await anna.taps(by(afterwards.Verb.ASK_UNDO))
    await anna.taps(by(afterwards.Verb.UNDO))
    await world.settled()
    assert await names(world) == []
    await world["Siri"].opens(given["Siri Dahl"])
    await world["Siri"].sees(refusal(Refused.INVITE_UNKNOWN))
