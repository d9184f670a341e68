"""The codes, names, numbers and tokens of another organisation mean nothing here.

A person who writes or taps them, with any command or in any conversation, sees and changes nothing of it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import cycle, islice

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from db.models import Conversation as Row
from db.models import Invite, OutboxMessage, User
from db.states import Role
from handlers.features import REGISTRY
from handlers.rentals import calendar_hints
from handlers.telegram import conversations, permissions
from handlers.ui.callbacks import Tap, Verb
from handlers.ui.conversation import OnText, State
from handlers.ui.message import Message
from handlers.ui.refusals import explain
from handlers.ui.registry import Command, Where
from handlers.ui.request import Request
from handlers.ui.widgets import calendar
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import invites
from services.onboarding import joining
from tests.factories import Club
from tests.services.permissions import foreign_organization as foreign
from tests.services.permissions.assertions import refuses
from tests.services.permissions.conftest import Founded
from tests.services.permissions.foreign_organization import (
    FOREIGN,
    Foreign,
    leaked,
    said_since,
    shown,
    untouched,
)
from tests.services.permissions.test_permissions_in_conversations import standing
from tests.services.permissions.walk import NILS, Person, step_of, undone

WORDS = (
    *("KAYAK-9", "SN-77", "Kayak", "Zegul", "paddling", "salty", "Boathouse", "Sea set", "Round Hidra"),
    *(
        "Petra Vik",
        "sea@padle.no",
        "+4799887766",
        "T-77",
        "Padleklubben",
        str(FOREIGN),
        f"#{FOREIGN}",
    ),
    *("label-of-the-kayak", "i_label-of-the-kayak"),
    "https://t.me/equiplib_bot?start=i_label-of-the-kayak",
)

FEW = ("KAYAK-9", "Kayak", "Petra Vik", str(FOREIGN), "i_label-of-the-kayak")
"""Of each kind one: where the leader does not try all."""

ON_LABELS = {"padleklubben", "kayak"}
"""Read by anybody who has a thing in hand: what it is and whose."""

HERE = {"member", "lender", "admin", "leader", "former admin", "suspended admin", "stranger"}

TELLING = {"member", "leader", "former admin", "stranger"}
"""Of those with more and more rights the first and the last; of those without any, the two kinds."""


Walked = Callable[[Request, Row], object]


@pytest.fixture(scope="module")
def theirs(founded: Founded, now: datetime) -> Foreign:
    return foreign.found(founded.session, now)


@pytest.fixture
def everybody(people: list[Person]) -> list[Person]:
    return [person for person in people if person.name in HERE]


def last_said(session: Session) -> int:
    return session.scalar(select(func.max(OutboxMessage.id))) or 0


def says(step: Request, command: Command, words: str) -> str:
    """All that somebody reads who writes this."""
    last = last_said(step.session)
    try:
        permissions.require(step, command)
        answer = command.run(step, words)
    except Refusal as refusal:
        return str(explain(step.texts, refusal))
    said = said_since(step.session, last, step.now)
    return "\n".join([*said, shown(answer)] if isinstance(answer, Message) else said)


@pytest.mark.parametrize("names", [TELLING, pytest.param(HERE, marks=pytest.mark.long)], ids=["few", "all"])
@pytest.mark.parametrize("command", REGISTRY.commands.values(), ids=lambda command: str(command.name))
def test_no_command_knows_their_words(
    session: Session,
    now: datetime,
    theirs: Foreign,
    everybody: list[Person],
    out: int,
    command: Command,
    names: set[str],
) -> None:
    """Each with each word, from everybody here, in private and in the group."""
    groups = {Where.PRIVATE: [False], Where.GROUP: [True], Where.BOTH: [False, True]}[command.where]
    problems = []
    for person in everybody:
        for group in groups if person.name in names else ():
            with undone(session), untouched(session) as written:
                step = step_of(session, now, person, group=group)
                for word in WORDS if person.name == "leader" and not group else FEW:
                    found = leaked(says(step, command, word), word)
                    if command.name == "start" and word.startswith("i_"):
                        found = [one for one in found if one not in ON_LABELS]
                    problems += [f"/{command.name} {word}: the {person.name} reads {found}"] if found else []
            problems += [f"/{command.name}: the {person.name} writes {one}" for one in written]
    assert problems == []


def test_the_same_words_do_say_things_where_they_belong(
    session: Session, club: Club, now: datetime, theirs: Foreign
) -> None:
    """Else the walk above would prove nothing: Petra reads of her kayak by most of them."""
    petra = Person("petra", FOREIGN, Role.LEADER)
    known = REGISTRY.commands
    for name, word, secret in (
        ("rent", "KAYAK-9", "kayak"),
        ("items", "paddling", "kayak"),
        ("takeback", "i_label-of-the-kayak", "petra"),
        ("takeback", str(FOREIGN), "kayak"),
        ("inventory", "SN-77", "kayak"),
        ("labels", "KAYAK-9", "1 label"),
        ("members", "T-77", "petra"),
        ("start", "i_label-of-the-kayak", "kayak"),
    ):
        with undone(session):
            step = step_of(session, now, petra, group=False)
            assert secret in says(step, known[name], word).lower(), (name, word)


# In conversations


MADE_UP = (KeyError, TypeError, ValueError, AttributeError, AssertionError, LookupError, NoResultFound)
"""Errors of what was made up for the walk and does not fit: then nothing is shown."""


def reached(step: Request, c: Club, name: str, state: str, number: int, work: Walked) -> str:
    """Return what somebody reads after a tap or a text in this state."""
    row = standing(step.session, step, c, name, state, number)
    last, said = last_said(step.session), ""
    try:
        work(step, row)
        there = REGISTRY.state(row)
        message = there.draw(step.tx, row, step.texts) if there is not None else None
        said = shown(message) if message is not None else ""
        return "\n".join([said, *said_since(step.session, last, step.now)])
    except Refusal as refusal:
        return str(explain(step.texts, refusal))
    except MADE_UP:
        return said


@pytest.mark.parametrize("words", [2, pytest.param(6, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", sorted(REGISTRY.conversations))
def test_no_conversation_knows_their_words_and_numbers(
    session: Session,
    club: Club,
    now: datetime,
    theirs: Foreign,
    everybody: list[Person],
    out: int,
    name: str,
    words: int,
) -> None:
    """No text typed in a state, and none of its buttons made by hand, shows or changes anything of theirs,
    even by the one who may most here. Each state hears so many words, in turn one of each kind and another.
    """
    others = (word for word in WORDS if word not in FEW)
    heard = cycle(word for few, other in zip(cycle(FEW), others) for word in (few, other))
    leader, problems = next(person for person in everybody if person.name == "leader"), []
    fallbacks = list(REGISTRY.conversations[name].fallbacks)
    for state, definition in REGISTRY.conversations[name].states.items():
        tried = [*definition.taps, *fallbacks]
        fallbacks = []  # they are the same in all states
        for typed, work in [*texts(definition, list(islice(heard, words))), *taps(tried)]:
            with undone(session), untouched(session) as written:
                step = step_of(session, now, leader, group=False)
                found = leaked(reached(step, club, name, state, out, work), typed)
                problems += [f"{name}, {state}, {typed!r}: {found}"] if found else []
            problems += [f"{name}, {state}, {typed!r}: writes {one}" for one in written]
    assert problems == []


def texts(state: State, words: Sequence[str]) -> list[tuple[str, Walked]]:
    def write(text: OnText, word: str) -> Walked:
        return lambda step, row: text(step, row, word)

    return [(word, write(state.text, word)) for word in words] if state.text is not None else []


def taps(words: Sequence[str]) -> list[tuple[str, Walked]]:
    """With the number of their things alone, and in one of the other forms in which our buttons carry one; in
    which, goes round from word to word.
    """
    others = cycle((f"{FOREIGN} 1", f"1 {FOREIGN}", f"k{FOREIGN}", f"{FOREIGN}/1"))

    def tap(arg: str) -> Walked:
        return lambda step, row: conversations.converse(step, Tap(Verb.CONVERSATION, row.id, arg))

    return [
        (f"{word} {form}", tap(f"{word} {form}")) for word in words for form in (f"{FOREIGN}", next(others))
    ]


# Tokens


def test_a_link_leads_in_as_it_was_made_for(
    session: Session, club: Club, now: datetime, theirs: Foreign, everybody: list[Person]
) -> None:
    """Anybody here becomes a plain member there by its link, and stays here what they were."""
    for person in everybody:
        with undone(session):
            invite = invites.look_at(Tx(session, now), person.account, theirs.invite)
            joined = joining.join(
                Tx(session, now), account_id=person.account, invite_id=invite.id, first_name="New"
            )
            assert (joined.organization_id, joined.role) == (FOREIGN, Role.USER)
            if person.user_id:
                here = session.get_one(User, person.user_id)
                assert (here.organization_id, here.role) == (club.organization.id, person.role)


def test_what_is_no_link_of_theirs_says_nothing(
    session: Session, now: datetime, theirs: Foreign, everybody: list[Person]
) -> None:
    """Its number, what is kept of it, a part of it, or one that is used up or too old."""
    start = REGISTRY.commands["start"]
    invite = session.scalars(select(Invite).filter_by(role=Role.USER)).one()
    personal = session.scalars(select(Invite).filter_by(user_id=FOREIGN)).one()
    invite.uses_left, personal.expires_at = 0, now
    session.flush()
    for token in (
        *(f"j_{invite.id}", f"j_{invite.token_hash}", f"j_{FOREIGN}", theirs.invite[:-1]),
        *(theirs.invite, theirs.personal),
    ):
        for person in everybody:
            with undone(session):
                said = says(step_of(session, now, person, group=False), start, token)
                assert said and leaked(said, token) == [], (token, person.name)


def test_another_ones_link_needs_a_yes_and_room(
    session: Session, club: Club, now: datetime, theirs: Foreign
) -> None:
    """One's own link, found by somebody else, makes nobody of them by being opened; used once, it is void."""
    start = REGISTRY.commands["start"]
    nils = Person("stranger", NILS, None)
    with untouched(session) as written:
        says(step_of(session, now, nils, group=False), start, theirs.personal)
    assert written == []
    invite = invites.look_at(Tx(session, now), NILS, theirs.personal)
    joining.join(Tx(session, now), account_id=NILS, invite_id=invite.id)
    session.expire_all()
    with refuses(session, Refused.INVITE_USED):
        invites.look_at(Tx(session, now), club.ola.account_id, theirs.personal)


# A button that does nothing


def test_a_day_says_nothing_of_another_organisations_closing(
    session: Session, now: datetime, theirs: Foreign, everybody: list[Person]
) -> None:
    """The reason given for it is told to Petra alone."""
    tap = Tap(Verb.NOTHING, FOREIGN, calendar.SHUT_FOR_A_REASON)
    petra = Person("petra", FOREIGN, Role.LEADER)
    assert calendar_hints.why(step_of(session, now, petra, group=False), tap) == "Closed: Regatta"
    for person in everybody:
        try:
            said = calendar_hints.why(step_of(session, now, person, group=False), tap)
        except Refusal as refusal:
            said = str(refusal.code)
        assert leaked(said or "", "") == []
