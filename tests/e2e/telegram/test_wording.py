"""Texts that only the whole program can word right."""

from sqlalchemy.orm import Session

from db.models import Organization
from db.states import RentalStatus
from handlers.desk import checkout
from handlers.i18n.texts import Texts
from handlers.imports import views as import_views
from handlers.maintenance import damage_views, problem_report
from handlers.members.own import language
from handlers.rentals import card_views
from handlers.rentals.lists import LIST
from handlers.rentals.pieces import piece_picker
from handlers.rentals.pieces import piece_picker_views as pieces_views
from handlers.rentals.requests import approval
from handlers.rentals.requests import approval as approval_views
from handlers.ui.callbacks import Verb
from services.imports.template import template
from tests import factories
from tests.e2e import arrange
from tests.e2e.conftest import World
from tests.e2e.seen import asking, by, carrying, of_kind, showing, wording


async def speaks_norwegian(world: World, name: str) -> None:
    await world[name].types("/language")
    await world[name].sees(wording(language.languages))
    await world[name].taps("Norsk")
    await world[name].sees("skriver jeg norsk")


async def test_a_usual_reason_is_read_in_ones_own_language(sqlite_world: World) -> None:
    """The group declines in English; the member, who reads Norwegian, reads the reason in Norwegian."""
    world = sqlite_world
    await speaks_norwegian(world, "Kari")
    await arrange.requested(world)
    anna = world.in_group("Anna")
    await anna.taps("Decline")
    await anna.sees(wording(approval._question, id=...))
    await anna.taps(carrying("why", 1))
    assert "Begrunnelse: Til reparasjon" in (await world["Kari"].sees("Avslått")).text
    assert (
        wording(card_views._reason, reason=card_views.usual_reasons(Texts())[1])
        in (await anna.sees(wording(card_views.status_line, RentalStatus.DECLINED, name=...))).text
    )


async def test_many_pieces_come_page_by_page(sqlite_world: World) -> None:
    """Of thirty tents the last one can be swapped in: lists of pieces are turned, and lead back."""
    world = sqlite_world

    def more_tents(session: Session) -> None:
        codes = [f"X{n:02}" for n in range(30)]
        club = session.get_one(Organization, world.organization_id)
        factories.equipment(session, club, world.clock.now(), "Igloo", *codes)

    await arrange.write(world, more_tents)
    await arrange.requested(world, what="Igloo")
    anna, lars = world.in_group("Anna"), world.in_group("Lars")
    await anna.taps("Approve")
    await anna.sees(showing(RentalStatus.APPROVED))
    await lars.taps(by(Verb.SWAP))
    await lars.sees(wording(piece_picker.swap))
    await lars.taps("X00 · Igloo")
    first = await lars.sees(wording(pieces_views.alternatives))
    assert "X29" not in [button.text for button in first.buttons]
    await lars.taps("›")
    await world.settled()
    await lars.taps("X29")
    await lars.sees("Codes: X29")


async def test_calling_off_asks_in_place_of_the_card(sqlite_world: World) -> None:
    """Cancel turns the card into the question, No turns it back, Yes into what came of it: one message."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await arrange.approved(world)
    card = await kari.sees(showing(RentalStatus.APPROVED))
    await kari.taps("Cancel")
    assert (await kari.sees(wording(approval_views.surely, id=...))).id == card.id
    await kari.taps(by(Verb.RENTAL_CARD))
    assert (await kari.sees(showing(RentalStatus.APPROVED))).id == card.id
    await kari.taps("Cancel")
    await kari.sees(wording(approval_views.surely, id=...))
    await kari.taps(by(Verb.CANCEL_SURELY))
    assert (await kari.sees("✖️ Cancelled")).id == card.id


async def test_a_command_about_nothing_says_so(sqlite_world: World) -> None:
    """With nothing out and nothing asked for, bringing back, keeping longer and calling off say so."""
    kari = sqlite_world["Kari"]
    for which in ("return", "extend", "cancel"):
        await kari.types(f"/{which}")
        said = await kari.sees(of_kind(LIST, which=which))
        assert not said.buttons and "\n" not in said.text


async def test_of_several_rentals_a_command_asks_which(sqlite_world: World) -> None:
    """Keeping longer offers what is out, a tap away from the calendar, and not what is only approved."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await arrange.handed_out(world, last=2)
    await arrange.handed_out(world, last=3)
    await arrange.approved(world, first=5, last=6)
    await kari.types("/extend")
    asked = await kari.sees(of_kind(LIST, which="extend"))
    assert [by(Verb.EXTEND, number)(one) for number, one in enumerate(asked.buttons, 1)] == [True, True]
    await kari.taps(by(Verb.EXTEND, 2))
    await kari.sees(asking("extend.ask"))


async def test_a_problem_told_in_private_is_thanked_for(sqlite_world: World) -> None:
    """The author of a note reads that it arrived; the group reads the note, and of which piece it is."""
    world, kari = sqlite_world, sqlite_world["Kari"]
    await arrange.handed_out(world)
    await kari.taps("Problem")
    await kari.sees(wording(damage_views.what_is_wrong, about="T1"))
    await kari.types("A pole is bent")
    await kari.taps(carrying("none"))
    await kari.sees(wording(problem_report._over, code="T1"))
    await world.in_group("Anna").sees("“A pole is bent”")


async def test_the_member_has_fun_and_the_lender_hands_out(sqlite_world: World) -> None:
    """The toast of a hand-over fits the person who tapped."""
    world = sqlite_world
    await arrange.approved(world, first=0, last=1)
    lars = world.in_group("Lars")
    await lars.taps("Hand out")
    assert await lars.toast() == wording(checkout.hand_out, "not")
    await arrange.approved(world, "Ola", first=0, last=1)
    await world["Ola"].taps("Picked up")
    assert await world["Ola"].toast() == wording(checkout.hand_out)


async def test_the_import_comes_with_a_file_to_begin_with(sqlite_world: World) -> None:
    """The template that the command line writes, ready to be filled in and sent back."""
    anna = sqlite_world["Anna"]
    await anna.types("/import")
    await anna.sees(wording(import_views.import_help))
    await sqlite_world.settled()
    assert anna.file_of(anna.last()).content.decode() == template()


async def test_what_was_left_before_its_days_is_not_rented_along(sqlite_world: World) -> None:
    """A tent that was looked at and left is not in the basket of the stove that is asked for later."""
    kari = sqlite_world["Kari"]
    await kari.types("/rent tent")
    await kari.sees(asking("rent.first"))
    await kari.types("/rent stove tomorrow 2 days")
    basket = await kari.sees(asking("rent.basket"))
    assert "1 × Stove" in basket.text
    assert "Tent" not in basket.text
