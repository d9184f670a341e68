"""Lists of a club's own making, sent in the chat: shown as they were understood, and written after a tap."""

from sqlalchemy import func, select

from db.models import Equipment, Item
from handlers.features import REGISTRY
from handlers.imports import afterwards, plan_views, views
from handlers.imports.afterwards import Verb as After
from handlers.imports.card import Verb as CardVerb
from handlers.imports.obstacles import too_late
from handlers.imports.plan_views import Verb
from sandbox.world.records import Button
from services.core.errors import Refused
from services.imports import jobs
from tests.e2e.conftest import World
from tests.e2e.seen import Choice, by, of_kind, refusal, wording

LIST = (
    "Speidergruppa - utstyrsliste\n;;\n"
    "Utstyr;Antall;Plassering;Tilstand;Innkjøpsår\n"
    "Lavvo;3;Bod;OK;2019\nPrimus;5 stk;Bod;gøy;2020\nSum;8;;;\n"
)


def decided(what: str) -> Choice:
    """The first button that decides this about a column."""

    def fits(button: Button) -> bool:
        tap = REGISTRY.unpack(button.data)
        return tap is not None and tap.verb is Verb.LIST_CHOOSE and f".{what} " in tap.arg

    return Choice(fits, what)


async def things(world: World) -> dict[str, int]:
    """The number of items by the name of their equipment."""
    query = select(Equipment.name, func.count(Item.id)).join(Item).group_by(Equipment.name)
    rows = await world.database.read(lambda s: s.execute(query).all())
    return {row[0]: row[1] for row in rows}


async def test_a_list_with_titles_sums_and_numbers_comes_in_by_a_tap(sqlite_world: World) -> None:
    """Nothing is written before; two taps change a column; Import counts once; next time it is known."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    before = await things(world)
    await anna.sends_document("liste.csv", LIST.encode())
    card = await anna.sees(of_kind(jobs.CARD))
    assert wording(plan_views._counted, n=8, kinds="2 kinds", row=4) in card.text
    assert "Lavvo" not in await things(world)
    await anna.taps(by(Verb.LIST_FIRST))
    assert "Lavvo" in (await anna.sees(wording(plan_views._thing, n=3))).text
    await anna.taps(by(Verb.LIST_PLAN))
    await world.settled()
    await anna.taps(by(Verb.LIST_COLUMNS))
    await anna.taps("Innkjøpsår")
    await anna.taps(decided("is:left out"))
    await world.settled()
    old = card.buttons[0].data or ""
    await anna.taps_data(old, anna.last())
    assert await anna.toast() == refusal(Refused.OUTDATED)
    shown = anna.last(of_kind(jobs.CARD))
    for _ in range(2):
        await anna.taps(by(Verb.IMPORT_LIST), shown)
    told = await anna.sees("Items: 8 new")
    assert all(word in told.text for word in ("Utstyr", "Innkjøpsår", "gøy"))
    await world.settled()
    assert await things(world) == before | {"Lavvo": 3, "Primus": 5}
    codes = anna.file_of(await anna.sees(wording(views.made_codes))).content.decode("utf-8-sig")
    assert [line.split(",")[1] for line in codes.splitlines()[1:]] == ["Lavvo"] * 3 + ["Primus"] * 5

    await anna.taps(by(After.ASK_UNDO))
    await anna.taps(by(After.IMPORT_RUN))
    await anna.taps(by(After.ASK_UNDO))
    asked = await anna.sees(wording(afterwards.ask, things=...))
    assert wording(afterwards._pieces, n=8, kinds="2 kinds") in asked.text
    for _ in range(2):
        await anna.taps(by(After.UNDO), asked)
    assert await anna.toast() == refusal(Refused.IMPORT_UNDONE, by="Anna Berg")
    await anna.sees(wording(afterwards._undone, file="liste.csv", name="Anna Berg"))
    await world.settled()
    assert await things(world) == before

    await anna.sends_document("again.csv", LIST.replace("Lavvo;3", "Lavvo;4").encode())
    card = await anna.sees(of_kind(jobs.CARD))
    assert f"{wording(plan_views.meaning_name, 'LEFT_OUT')}: Innkjøpsår" in card.text
    async with world.unchanged():
        await anna.taps(by(CardVerb.CANCEL_IMPORT))
        await world.settled()


async def test_a_list_whose_name_nobody_could_tell_asks_for_it(sqlite_world: World) -> None:
    """The columns are buttons, whatever their headers are made of; so for the code, of two that may be it."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    await anna.sends_document(
        "list.csv", b"<b>x</b>,{0},%s,m,z\nKayak,blue,7,K-1,z1\nPaddle,red,8,P-1,z2\nOar,red,8,O-1,z3\n"
    )
    await anna.sees(wording(plan_views._ask_name))
    await anna.taps("<b>x</b>")
    await anna.taps(decided("code"))
    card = await anna.sees(wording(plan_views._counted, n=3, kinds="3 kinds", row=2))
    assert "{0}, %s" in card.text
    await anna.taps(by(Verb.IMPORT_LIST))
    await anna.sees("Items: 3 new")
    assert {"Kayak", "Paddle", "Oar"} <= (await things(world)).keys()
    query = select(Item.code).join(Equipment).where(Equipment.name == "Kayak")
    assert await world.database.read(lambda s: s.scalar(query)) == "K-1"


async def test_a_list_that_says_who_has_what_is_handed_out_as_listed(sqlite_world: World) -> None:
    """The text and the pieces are asked; a name is of two columns; once out, it can be undone no more."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    table = (
        "Navn;Slag;Antall;Lånt av;Kode\nHåg;Ørn;1;Kari Berg;H-1\nPetzl;Spirit;500;;\nBæver;Ås;1;Ola N;H-2\n"
    )
    await anna.sends_document("liste.csv", table.encode("cp1252"))
    await anna.sees(wording(plan_views._ask_encoding))
    await anna.taps(decided("text"))
    await anna.taps(decided("pieces"))
    await world.settled()
    await anna.taps(by(Verb.LIST_COLUMNS))
    await anna.taps("Slag")
    await anna.taps(decided("joins"))
    await world.settled()
    await anna.taps(by(Verb.IMPORT_LIST))
    await world.settled()
    assert {"Håg Ørn": 1, "Petzl Spirit": 500}.items() <= (await things(world)).items()
    await anna.taps(by(After.HOLDERS))
    shown = await anna.sees("Ola N")
    await anna.taps(by(After.HAND_OUT_LISTED), shown)
    await anna.sees(wording(afterwards._handed_out, n=1))
    async with world.unchanged():
        await anna.taps_data(shown.buttons[0].data or "", anna.last())
    await world["Kari"].sees("Håg Ørn")
    await anna.taps(by(After.ASK_UNDO))
    assert (await anna.sees(wording(too_late))).text.count("\n") == 1
