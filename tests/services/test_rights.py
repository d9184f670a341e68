"""The table of who may do what (handlers/rights.py), walked: each command and button, tapped by everybody.

What the table does not allow is refused and changes nothing, also by buttons made by hand; what it allows is
not refused. A former admin, a suspended one and the leader of another organisation are among those who try.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, ChatAccount, Claim, Item, Location, User
from db.models import Conversation as Row
from db.states import Condition, Role
from handlers import conversations, importing, lists, rights
from handlers.callbacks import GROUP_ONLY, PRIVATE_ONLY, Tap, Verb
from handlers.commands import COMMANDS, Command, Where
from handlers.step import Place, Sender, Step
from handlers.taps import TAPS
from services import admissions, damage, decisions, extensions, handovers
from services.errors import Refusal, Refused
from tests import support
from tests.audited import picture
from tests.support import Club

GROUP, NILS = -100, 999
REFUSALS = {
    Refused.NOT_ALLOWED,
    Refused.NOT_A_MEMBER,
    Refused.MEMBERSHIP_ENDED,
    Refused.SUSPENDED,
    Refused.NOT_FOUND,
    Refused.NOT_YOURS,
    Refused.GROUP_TAKEN,
}


@dataclass(frozen=True)
class Person:
    """`role` None: none in this organisation."""

    name: str
    account: int
    role: Role | None
    active: bool = True
    owner: bool = False


def people_of(session: Session, c: Club, now: datetime) -> list[Person]:
    """Kari, whose rental it is, and everybody else that there can be."""
    of = c.organization
    ada = support.member(session, of, now, "Ada Leader", Role.LEADER)
    former = support.member(session, of, now, "Former Admin", Role.ADMIN)
    session.get_one(User, former.user_id).active_until = now - timedelta(days=1)
    suspended = support.member(session, of, now, "Suspended Admin", Role.ADMIN)
    session.get_one(User, suspended.user_id).suspended_at = now - timedelta(days=1)
    other = support.organization(session, now, "Turlaget")
    petra = support.member(session, other, now, "Petra Leader", Role.LEADER)
    session.add(ChatAccount(id=NILS, first_name="Nils", telegram_language="en", created_at=now))
    session.flush()
    return [
        Person("owner", c.kari.account_id, Role.USER, owner=True),
        Person("member", c.ola.account_id, Role.USER),
        Person("lender", c.lars.account_id, Role.LENDER),
        Person("admin", c.anna.account_id, Role.ADMIN),
        Person("leader", ada.account_id, Role.LEADER),
        Person("former admin", former.account_id, Role.ADMIN, active=False),
        Person("suspended admin", suspended.account_id, Role.ADMIN, active=False),
        Person("leader of another", petra.account_id, None),
        Person("stranger", NILS, None),
    ]


class Stage:
    """A rental of Kari's, brought as far as a button needs it."""

    def __init__(self, session: Session, c: Club, now: datetime) -> None:
        self.session, self.c, self.now = session, c, now
        period = support.days(now, 0, 2)
        self.rental = support.requested(session, c.kari, now, period, (c.tent, 1))

    @property
    def claim(self) -> Claim:
        return self.session.scalars(select(Claim).filter_by(rental_id=self.rental.id)).one()

    def approved(self) -> int:
        decisions.approve(self.session, self.c.anna, self.rental.id, self.now)
        return self.rental.id

    def out(self) -> int:
        self.approved()
        handovers.hand_out(self.session, self.c.lars, self.rental.id, self.now)
        return self.rental.id

    def claimed_back(self) -> int:
        self.out()
        handovers.give_back(self.session, self.c.kari, self.rental.id, self.now)
        return self.rental.id

    def asked(self) -> int:
        self.out()
        until = self.now + timedelta(days=4)
        return extensions.ask(self.session, self.c.kari, self.rental.id, until, self.now).id

    def another(self) -> int:
        """Another piece of what was approved."""
        return (
            self.session.scalars(
                select(Item.id).where(Item.equipment_id == self.c.tent.id, Item.id != self.claim.item_id)
            ).first()
            or 0
        )

    def taken_back(self) -> int:
        """The entry of a return, where there are two places to put things."""
        of = self.c.organization.id
        self.session.add_all(Location(organization_id=of, name=name) for name in ("Shed", "Attic"))
        self.out()
        handovers.take_back(self.session, self.c.lars, self.rental.id, self.now)
        query = select(AuditEntry.id).filter_by(action="take_back", subject_id=self.rental.id)
        return self.session.scalars(query).one()

    def damage(self) -> int:
        """A note that Lars made on a stove."""
        stove = self.session.scalars(select(Item.id).filter_by(equipment_id=self.c.stove.id)).one()
        return damage.open_note(self.session, self.c.lars, self.now, stove, "It leaks").id

    def lost(self) -> int:
        stove = self.session.scalars(select(Item).filter_by(equipment_id=self.c.stove.id)).one()
        stove.condition = Condition.LOST
        self.session.flush()
        return stove.id

    def stranger(self) -> int:
        """Nils asks to become a member."""
        self.c.organization.policy = {"join_requests": True}
        self.session.flush()
        return admissions.ask(
            self.session,
            self.now,
            account_id=NILS,
            organization_id=self.c.organization.id,
            first_name="Nils",
            last_name="",
            told={},
        ).id

    def place(self) -> int:
        return self.session.scalars(select(Location.id).order_by(Location.id)).first() or 0


SET_UP: dict[Verb, Callable[[Stage], tuple[int, str]]] = {
    Verb.APPROVE: lambda s: (s.rental.id, ""),
    Verb.DECLINE: lambda s: (s.rental.id, ""),
    Verb.HAND_OUT: lambda s: (s.approved(), ""),
    Verb.PICK_UP: lambda s: (s.approved(), ""),
    Verb.SOME_OUT: lambda s: (s.approved(), ""),
    Verb.SWAP: lambda s: (s.approved(), ""),
    Verb.SWAP_PIECE: lambda s: (s.approved() and s.claim.id, ""),
    Verb.SWAP_FOR: lambda s: (s.approved() and s.claim.id, str(s.another())),
    Verb.RETURN: lambda s: (s.out(), ""),
    Verb.SOME_BACK: lambda s: (s.out(), ""),
    Verb.CONFIRM_RETURN: lambda s: (s.claimed_back(), ""),
    Verb.TAKE_BACK: lambda s: (s.out(), ""),
    Verb.PROBLEM: lambda s: (s.out(), ""),
    Verb.EXTEND: lambda s: (s.out(), ""),
    Verb.GRANT: lambda s: (s.asked(), ""),
    Verb.REFUSE: lambda s: (s.asked(), ""),
    Verb.CANCEL_RENTAL: lambda s: (s.approved(), ""),
    Verb.CANCEL_SURELY: lambda s: (s.approved(), ""),
    Verb.SHOW_RENTAL: lambda s: (s.out(), ""),
    Verb.RENTAL_CARD: lambda s: (s.out(), ""),
    Verb.RENT: lambda s: (s.c.stove.id, ""),
    Verb.RENT_INSTEAD: lambda s: (s.approved(), str(s.c.stove.id)),
    Verb.PUT_AWAY: lambda s: (s.taken_back(), str(s.place())),
    Verb.PUT_PLACES: lambda s: (s.taken_back(), ""),
    Verb.BIND: lambda s: (0, ""),
    Verb.LANGUAGE: lambda s: (0, "nb"),
    Verb.INVITE: lambda s: (0, Role.USER),
    Verb.PILE: lambda s: (s.c.organization.id, "0"),
    Verb.APPROVE_ALL: lambda s: (s.c.organization.id, "9" * 18),
    Verb.DESK: lambda s: (s.approved(), "o0"),
    Verb.TAKE_OUT: lambda s: (s.damage(), ""),
    Verb.REPAIRED: lambda s: (s.damage(), ""),
    Verb.SHOW_DAMAGE: lambda s: (s.damage(), ""),
    Verb.LOSE: lambda s: (s.out(), ""),
    Verb.LOSE_PIECE: lambda s: (s.out() and s.claim.id, ""),
    Verb.LOSE_SURELY: lambda s: (s.out() and s.claim.id, ""),
    Verb.ITEM_OUT: lambda s: (s.approved() and s.claim.item_id, str(s.claim.id)),
    Verb.FOUND: lambda s: (s.lost(), "ok"),
    Verb.BACK: lambda s: (s.taken_back() and s.rental.id, ""),
    Verb.BACK_SAID: lambda s: (s.taken_back(), f"damaged {s.claim.item_id}"),
    Verb.BACK_PIECES: lambda s: (s.taken_back(), "0"),
    Verb.BACK_PIECE: lambda s: (s.taken_back(), str(s.claim.item_id)),
    Verb.ADMIT: lambda s: (s.stranger(), ""),
    Verb.TURN_AWAY: lambda s: (s.stranger(), ""),
    Verb.SHOW_ADMISSION: lambda s: (s.stranger(), ""),
}
"""For each verb what it needs, and the number and the argument of its button."""

WALKED_ELSEWHERE = {Verb.CONVERSATION, Verb.LIST, Verb.NOTHING, Verb.PAPER, Verb.IMPORT_AS, Verb.LINKS}
WALKED_ELSEWHERE |= {Verb.SWITCH, Verb.OTHER_EQUIPMENT, Verb.OTHER_DAYS}
WALKED_ELSEWHERE |= {v for v in Verb if v.name.startswith("HAND_OVER")}
"""Conversations, lists and files are below; what is between two rentals has tests of its own."""

OF_THEIR_OWN = {Verb.INVITE}
"""Buttons about no row: in private the leader of another organisation does it there."""


def test_the_table_knows_every_button() -> None:
    """A new verb needs its line in handlers/rights.py, and in SET_UP above so that it is walked."""
    assert [f"Verb.{v.name}" for v in Verb if v not in rights.OF_BUTTONS] == [], "handlers/rights.py"
    missing = [f"Verb.{v.name}" for v in Verb if v not in SET_UP and v not in WALKED_ELSEWHERE]
    assert missing == [], "SET_UP in tests/services/test_rights.py"


def test_the_table_names_no_command_that_there_is_not() -> None:
    """Its exceptions are of commands that there are."""
    assert {*rights.OF_COMMANDS, *rights.UNBOUND} - {c.name for c in COMMANDS} == set()


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Nothing of it stays."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()


def step_of(session: Session, now: datetime, person: Person, *, group: bool) -> Step:
    place = Place(GROUP if group else person.account, group, None, 5, "Utstyr")
    return Step(session, now, Sender(person.account, person.name, "en"), place, "equiplib_bot")


def refusal(work: Callable[[], object]) -> Refused | None:
    try:
        work()
    except Refusal as found:
        return found.code
    return None


def wrong(what: str, right: rights.Right, person: Person, why: Refused | None) -> str | None:
    """What speaks against the table; None: as it says."""
    allowed = right.covers(person.role, active=person.active, owner=person.owner)
    if allowed and why in REFUSALS:
        return f"{what}: the table allows it to the {person.name}, who is refused: {why}"
    if not allowed and why not in REFUSALS:
        return f"{what}: the table refuses it to the {person.name}, who hears {why or 'no refusal'}"
    return None


@pytest.mark.parametrize("group", [False, True], ids=["private", "group"])
@pytest.mark.parametrize("verb", [v for v in Verb if v in SET_UP], ids=lambda verb: verb.name.lower())
def test_a_button_does_what_the_table_says(
    session: Session, club: Club, now: datetime, verb: Verb, group: bool
) -> None:
    """For everybody, in private and in the group; who may not changes nothing."""
    if verb in (PRIVATE_ONLY if group else GROUP_ONLY):
        pytest.skip("the edge refuses it there")
    club.organization.group_chat_id = GROUP
    everybody = people_of(session, club, now)
    stage = Stage(session, club, now)
    id_, arg = SET_UP[verb](stage)
    right = rights.OF_BUTTONS[verb]
    right = rights.IN_GROUP.get(verb, right) if group else right
    tap, problems = Tap(verb, id_, arg), []
    for person in everybody:
        if verb in OF_THEIR_OWN and person.role is None and person.account != NILS and not group:
            continue
        step = step_of(session, now, person, group=group)
        before = picture(session)
        with undone(session):
            act = TAPS.acts.get(verb)
            why = refusal(lambda: act(step, tap) if act is not None else TAPS.looks[verb](step, tap))  # noqa: B023
            if why is not None and picture(session) != before:
                problems.append(f"{verb.name}: the {person.name} was refused ({why}), and something changed")
        found = wrong(verb.name, right, person, why)
        problems += [found] if found else []
    assert problems == []


@pytest.mark.parametrize("group", [False, True], ids=["private", "group"])
@pytest.mark.parametrize("name", sorted(lists.LISTS))
def test_a_list_is_shown_to_whom_the_table_says(
    session: Session, club: Club, now: datetime, name: str, group: bool
) -> None:
    """One's own to everybody who is or was a member; the organisation's to those who work with it."""
    assert name in rights.OF_LISTS, f"handlers/rights.py: OF_LISTS lacks {name!r}"
    if group and name not in lists.SHARED:
        pytest.skip("no list for a group")
    club.organization.group_chat_id = GROUP
    problems = []
    for person in people_of(session, club, now):
        if person.name == "leader of another" and not group:
            continue  # they read their own organisation's
        step = step_of(session, now, person, group=group)
        why = refusal(lambda: lists.turn_page(step, Tap(Verb.LIST, 0, name)))  # noqa: B023
        found = wrong(name, rights.OF_LISTS[name], replace(person, owner=True), why)
        problems += [found] if found else []
    assert problems == []


def where(command: Command) -> list[bool]:
    """In a group, in private."""
    return {Where.PRIVATE: [False], Where.GROUP: [True], Where.BOTH: [False, True]}[command.where]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_a_command_does_what_the_table_says(
    session: Session, club: Club, now: datetime, command: Command
) -> None:
    """As the edge runs it, for everybody; who may not changes nothing."""
    club.organization.group_chat_id = GROUP
    everybody = people_of(session, club, now)
    number = Stage(session, club, now).approved()
    right, problems = rights.of_command(command.name, command.role), []
    for group in where(command):
        for person in everybody:
            if person.name == "leader of another" and (not group or command.name in rights.UNBOUND):
                continue  # there they act in their own organisation
            step = step_of(session, now, person, group=group)
            words = str(number) if command.name in ("handout", "cancel") else ""
            before = picture(session)
            with undone(session):
                why = refusal(lambda: run(command, step, words))  # noqa: B023
                if why is not None and picture(session) != before:
                    problems.append(f"/{command.name}: the {person.name} was refused, and something changed")
            if command.name == "cancel" or (command.name, why) == ("takeback", Refused.NOT_FOUND):
                continue  # what is there to call off decides
            owner = replace(person, owner=True)
            found = wrong(f"/{command.name}", right, owner, why)
            problems += [found] if found else []
    assert problems == []


def run(command: Command, step: Step, words: str) -> None:
    rights.require(step, command.name, command.role)
    command.run(step, words)


def standing(session: Session, step: Step, c: Club, name: str, state: str, rental_id: int) -> Row:
    """Somebody in a state of a conversation, with all that any of them remembers."""
    one = {
        f"{thing}_id": 1 for thing in ("item", "kit", "location", "place", "tag", "field", "block", "entry")
    }
    data = {"rental_id": rental_id, "equipment_id": c.tent.id, "version": 1, "about": "item", "field": "name"}
    data |= {"first": "2026-12-03", "last": "2026-12-04", "rule": "longest_days", "condition": "lost"}
    data |= {"giving_up": [], "pieces": 1, "reason": "x", "describes": "item", "name": "New", "type": "New"}
    row = Row(
        organization_id=c.organization.id,
        chat_id=step.place.chat_id,
        account_id=step.sender.account_id,
        name=name,
        state=state,
        data=one | data,
        updated_at=step.now,
    )
    session.add(row)
    session.flush()
    return row


def answer(step: Step, row: Row, word: str | None, value: str) -> None:
    """A tap with this word, or a text. What goes wrong with what is made up changes nothing either."""
    talk = conversations.ALL[row.name]
    state = talk.states[row.state]
    try:
        if word is not None:
            talk.tap(step, row, word, value)
        elif state.text is not None:
            state.text(step, row, value or "Word")
    except (Refusal, KeyError, TypeError, ValueError):
        row.data = {}


@pytest.mark.parametrize("name", sorted(conversations.ALL))
def test_who_lost_a_role_ends_no_conversation_with_a_change(
    session: Session, club: Club, now: datetime, name: str
) -> None:
    """In every state of every conversation, each button and a text, from those who stand in it without right.

    A member who was an admin, and those whose membership is over, stand where they stood: nothing changes.
    """
    allowed = rights.OF_CONVERSATIONS.get(name)
    assert allowed is not None, f"handlers/rights.py: OF_CONVERSATIONS lacks {name!r}"
    everybody = {person.name: person for person in people_of(session, club, now)}
    number = Stage(session, club, now).out()
    changed = set()
    for person in (everybody["member"], everybody["suspended admin"]):
        if not allowed.covers(person.role, active=person.active):
            changed |= changes(session, club, now, name, person, number)
    assert sorted(changed) == []


def changes(session: Session, c: Club, now: datetime, name: str, person: Person, rental_id: int) -> set[str]:
    """The buttons and texts of this conversation by which this person changes something."""
    before, talk = picture(session), conversations.ALL[name]
    changed = set()
    for state, definition in talk.states.items():
        for word in [*definition.taps, *talk.fallbacks, None]:
            for value in ("", "1"):
                with undone(session):
                    step = step_of(session, now, person, group=False)
                    answer(step, standing(session, step, c, name, state, rental_id), word, value)
                    if picture(session) != before:
                        changed.add(f"{state}, {word or 'a text'}: by the {person.name}")
    return changed


def test_the_same_taps_do_change_things_with_the_right(session: Session, club: Club, now: datetime) -> None:
    """Else the walk above would prove nothing."""
    everybody = {person.name: person for person in people_of(session, club, now)}
    number = Stage(session, club, now).out()
    for name in ("places", "tags", "inventory"):
        assert changes(session, club, now, name, everybody["admin"], number), name


def test_files_are_made_and_links_given_out_as_the_table_says(
    session: Session, club: Club, now: datetime
) -> None:
    """Links for all members; and each file of a conversation, from those who stand in it without right."""
    everybody = people_of(session, club, now)
    number = Stage(session, club, now).out()
    problems = []
    for person in everybody:
        if person.name == "leader of another":
            continue  # there they act in their own organisation
        step = step_of(session, now, person, group=False)
        with undone(session):
            why = refusal(lambda: importing._links(step))  # noqa: B023
        found = wrong("LINKS", rights.OF_BUTTONS[Verb.LINKS], person, why)
        problems += [found] if found else []
        for name, talk in conversations.ALL.items():
            for state, definition in talk.states.items():
                if definition.paper is None or rights.OF_BUTTONS[Verb.PAPER].covers(
                    person.role, active=person.active
                ):
                    continue
                with undone(session):
                    row = standing(session, step, club, name, state, number)
                    why = refusal(lambda: TAPS.looks[Verb.PAPER](step, Tap(Verb.PAPER, row.id, "csv")))  # noqa: B023
                found = wrong(f"PAPER of {name}, {state}", rights.OF_BUTTONS[Verb.PAPER], person, why)
                problems += [found] if found else []
    assert problems == []
