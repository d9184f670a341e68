"""Buttons made by hand, with whatever data: each is answered once, changes nothing, and is never a fault."""

from functools import partial
from itertools import count, cycle

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Claim, Equipment, Invite, JoinRequest
from db.models import Conversation as Row
from db.states import Role
from handlers.access.tokens import TokenVerb
from handlers.features import REGISTRY
from handlers.members.own import language
from handlers.onboarding import help
from handlers.ui.callbacks import Verb, pack
from sandbox.person import Person
from services.core import identity
from services.core.errors import Refused
from services.core.tx import Tx
from services.members import invites
from services.messaging import conversations
from services.rentals.booking import request
from tests.e2e.arrange import FOREIGN, actor, another_club, approved, handed_out, requested, write
from tests.e2e.conftest import World
from tests.e2e.replies import NOT_FOUND, ONLY_LENDERS, OUTDATED, asked, at_hand, toasts, told
from tests.e2e.seen import asking, refusal, wording

GARBAGE = [
    "x",
    "approve",
    "1",
    "1:ap",
    "1:ap:1",
    "2:ap:1:",
    "0:ap:1:",
    ":ap:1:",
    "1:zz:1:",
    "1:AP:1:",
    "1::1:",
    "1:ap::",
    "1:ap:-1:",
    "1:ap:+1:",
    "1:ap:1.0:",
    "1:ap: 1:",
    "1:ap:１:",
    "1:ap:²:",
    "1:ap:1e3:",
    "1:ap:" + "9" * 58 + ":",
    '{"rental": 1}',
    "1;ap;1;",
    "🎉" * 16,
    "\x00:\x00:\x00:\x00",
]
"""Data that is not ours: of another version, of no verb, with a number that is none."""

STRANGE = ["", "²", "9" * 40, "<b>"]
"""Arguments that may stand behind a number and are no piece, item, list, language or role."""

ODD = ("²", "9" * 30)

NO_ROW = {
    *(Verb.NOTHING, Verb.LIST, Verb.LANGUAGE, Verb.BIND, Verb.INVITE, Verb.LINKS),
    *(TokenVerb.NEW_TOKEN, help.Verb.HELP),
}
"""The verbs whose number names no row. Any verb that is not here must refuse another club's."""


FOR_ADMINS = {"decline", "members", "turn_away"}
"""Conversations that a member never is in."""


async def test_garbage(sqlite_world: World) -> None:
    """Other versions, no verb, no number: out of date, says the answer, and the chat goes on."""
    kari = sqlite_world["Kari"]
    message = await asked(sqlite_world, kari)
    async with sqlite_world.unchanged():
        said = await toasts(sqlite_world, kari, GARBAGE, message)
        assert said == [OUTDATED] * len(GARBAGE)


@pytest.mark.parametrize("each", [3, pytest.param(1, marks=pytest.mark.long)])
async def test_nothing_of_another_club(sqlite_world: World, each: int) -> None:
    """Whatever a button says of another club's rows, nobody finds them: a member, an admin in the group. Of
    the verbs each tries every third, not the same, or all.
    """
    await another_club(sqlite_world)
    anna = sqlite_world["Anna"]
    for begin, person in enumerate((sqlite_world["Kari"], anna.in_group(sqlite_world.group))):
        message = await asked(sqlite_world, person)
        async with sqlite_world.unchanged():
            verbs = [verb for verb in REGISTRY.buttons if verb not in NO_ROW][begin % each :: each]
            data = [pack(verb, FOREIGN, arg) for verb in verbs for arg in ("", str(FOREIGN))]
            said = await toasts(sqlite_world, person, data, message)
            right = (NOT_FOUND, OUTDATED, refusal(Refused.UNDO_OVER))  # an import of nobody is an old one
            wrong = {d: s for d, s in zip(data, said, strict=True) if s not in right}
            assert wrong == {}


async def test_no_piece_of_another_club(sqlite_world: World) -> None:
    """Nor does one's own rental take another club's piece, nor a basket its kayak."""
    await another_club(sqlite_world)
    number = await approved(sqlite_world, first=0)
    kari, lars = sqlite_world["Kari"], sqlite_world["Lars"]
    message = await asked(sqlite_world, lars)
    claim = await sqlite_world.database.read(
        lambda session: session.scalars(select(Claim.id).filter_by(rental_id=number)).one()
    )
    async with sqlite_world.unchanged():
        for verb, id_ in ((Verb.HAND_OUT, number), (Verb.TAKE_BACK, number)):
            said = await at_hand(sqlite_world, lars, pack(verb, id_, FOREIGN), message)
            assert said == refusal(Refused.ALREADY, rental_status="approved", by="Anna Berg")
        said = await at_hand(sqlite_world, lars, pack(Verb.SWAP_FOR, claim, FOREIGN), message)
        assert said == NOT_FOUND
    await kari.types("/rent")
    await kari.sees(asking("rent.pick"))
    card = kari.last()
    cancel = next(button.data or "" for button in card.buttons if button.text == "Cancel")
    async with sqlite_world.unchanged():
        said = await at_hand(sqlite_world, kari, cancel.replace("cancel", f"pick {FOREIGN}"), card)
        assert NOT_FOUND in said
        tent = await sqlite_world.database.read(
            lambda session: session.scalars(select(Equipment.id).filter_by(name="Tent")).one()
        )
        said = await at_hand(sqlite_world, kari, pack(Verb.RENT, tent, FOREIGN), card)
        assert NOT_FOUND in said


@pytest.mark.parametrize(
    ("strange", "each"),
    [(STRANGE[:1], 3), pytest.param(STRANGE, 1, marks=pytest.mark.long)],
    ids=["few", "all"],
)
async def test_no_button_made_by_hand_is_a_fault(sqlite_world: World, strange: list[str], each: int) -> None:
    """Every third verb, or every one, with strange arguments, about what is there and what is not: always an
    answer.
    """
    another = cycle(STRANGE[1:])
    await handed_out(sqlite_world)
    anna = sqlite_world["Anna"]
    people: list[tuple[Person, list[str] | None]] = [
        (anna, strange[1:] or None),
        (anna.in_group(sqlite_world.group), []),
    ]
    for begin, (person, extra) in enumerate(people):
        verbs = [*REGISTRY.buttons][begin % each :: each]
        message = await asked(sqlite_world, person)
        data = [f"1:{verb}:1:" for verb in verbs]
        data += [
            f"1:{verb}:1:{arg}" for verb in verbs for arg in ([next(another)] if extra is None else extra)
        ]
        data += [f"1:{verb}:{'9' * 18}:" for verb in verbs]
        await toasts(sqlite_world, person, data, message)
    assert await told(sqlite_world, anna.types("/language")) == wording(language.languages)


@pytest.mark.parametrize("each", [4, pytest.param(1, marks=pytest.mark.long)])
async def test_no_answer_made_by_hand_is_a_fault(sqlite_world: World, each: int) -> None:
    """The same within conversations: every fourth word of every fourth state, or every one, with one strange
    value after the other.
    """
    odd, turn = cycle(ODD), count()
    out, waiting = await handed_out(sqlite_world), await requested(sqlite_world, "Ola")
    await write(sqlite_world, partial(invite, sqlite_world))
    await write(sqlite_world, partial(question, sqlite_world))
    for name, conversation in REGISTRY.conversations.items():
        person = sqlite_world["Anna" if name in FOR_ADMINS else "Kari"]
        message = await asked(sqlite_world, person)
        fallbacks = set(conversation.fallbacks)
        for state, definition in conversation.states.items():
            if next(turn) % each:
                continue
            for word in sorted({*definition.taps} | fallbacks)[::each]:
                rental_id = waiting if name == "decline" else out
                row = await standing(sqlite_world, person, name, state, rental_id)
                data = pack(Verb.CONVERSATION, row, f"{word} {next(odd)}"[:40])
                await toasts(sqlite_world, person, [data], message)
            fallbacks = set()  # they are the same in all states
    assert await told(sqlite_world, sqlite_world["Kari"].types("/language")) == wording(language.languages)


def invite(world: World, session: Session) -> str:
    """Ada's invitation for one more member."""
    return invites.make(Tx(session, world.clock.now(), actor(session, world, "Ada")), role=Role.USER)


def question(world: World, session: Session) -> None:
    """Somebody asks to join."""
    identity.remember_account(
        Tx(session, world.clock.now()), account_id=900, first_name="Nora", language="en"
    )
    session.add(
        JoinRequest(
            organization_id=world.organization_id,
            account_id=900,
            first_name="Nora",
            told={},
            asked_at=world.clock.now(),
        )
    )


async def standing(world: World, person: Person, name: str, state: str, rental_id: int) -> int:
    """Put somebody into a state of a conversation, wherever they were; the row's number."""

    def work(session: Session) -> int:
        who = actor(session, world, person.user.first_name)
        for old in session.scalars(select(Row).where(Row.account_id == person.id)).all():
            conversations.remove(Tx(session, world.clock.now()), old)
        basket = request.open_draft(Tx(session, world.clock.now(), who)) if name == "rent" else None
        row = Row(
            organization_id=who.organization_id,
            chat_id=person.chat.id,
            account_id=person.id,
            name=name,
            state=state,
            data={
                "rental_id": basket.id if basket else rental_id,
                "first": "2026-12-03",
                "day": "2026-12-03",
                "to": "2026-12-05",
                "outcome": "cancelled",
                "invite_id": session.scalars(select(Invite.id)).first(),
                "field_id": 1,
                "request_id": session.scalars(select(JoinRequest.id)).first(),
                "user_id": who.user_id,
                "field": "city",
                "seen": "",
                "reason": "late",
            },
            updated_at=world.clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id

    return await world.database.write(work)


async def test_a_group_is_bound_in_the_group(sqlite_world: World) -> None:
    """The button of the greeting, made by hand in private, binds nothing."""
    world, anna = sqlite_world, sqlite_world["Anna"]
    message = await asked(world, anna)
    async with world.unchanged():
        assert await at_hand(world, anna, pack(Verb.BIND), message) == OUTDATED


async def test_an_invite_is_made_in_private(sqlite_world: World) -> None:
    """A hand-made button in the group shows no link to all of it."""
    world, anna = sqlite_world, sqlite_world.in_group("Anna")
    message = await asked(world, anna)
    async with world.unchanged():
        assert await at_hand(world, anna, pack(Verb.INVITE, arg=Role.ADMIN), message) == OUTDATED


async def test_links_are_for_one_persons_eyes(sqlite_world: World) -> None:
    """A hand-made button in the group shows no member's link to all of it, and asks about no file."""
    world, anna = sqlite_world, sqlite_world.in_group("Anna")
    message = await asked(world, anna)
    async with world.unchanged():
        for data in (pack(Verb.LINKS), pack(Verb.IMPORT_AS, arg="members")):
            assert await at_hand(world, anna, data, message) == OUTDATED


async def test_somebody_elses_card_in_the_group(sqlite_world: World) -> None:
    """Another member in the group cannot do with hand-made taps what the member of the rental can."""
    world = sqlite_world
    world.sandbox.add_member(world.group, world["Ola"])
    number = await handed_out(world)
    ola = world.in_group("Ola")
    async with world.unchanged():
        for verb in (Verb.RETURN, Verb.EXTEND, Verb.CANCEL_RENTAL, Verb.CANCEL_SURELY, Verb.PICK_UP):
            said = await at_hand(world, ola, pack(verb, number), ola.last())
            assert said in (NOT_FOUND, OUTDATED, ONLY_LENDERS), verb
