"""Conversations, and what is sent by itself: who may go on with them, and who gets a file or links."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from db.models import Conversation as Row
from handlers.access import login, tokens
from handlers.access.login import LoginVerb
from handlers.access.tokens import TokenVerb
from handlers.features import REGISTRY
from handlers.imports import upload
from handlers.telegram import conversations
from handlers.ui.callbacks import AnyVerb, Tap, Verb
from handlers.ui.message import Document
from handlers.ui.request import Request
from services.core.errors import Refusal, Refused
from tests.audited_database import picture, writes
from tests.factories import Club
from tests.services.permissions.walk import Person, attempt, judge, step_of, undone


def standing(session: Session, step: Request, c: Club, name: str, state: str, rental_id: int) -> Row:
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


def answer(step: Request, row: Row, word: str | None, value: str) -> None:
    """A tap with this word, or a text. What goes wrong with what is made up changes nothing either."""
    talk = REGISTRY.conversations[row.name]
    state = talk.states[row.state]
    try:
        if word is not None:
            talk.tap(step, row, word, value)
        elif state.text is not None:
            state.text(step, row, value or "Word")
    except (Refusal, KeyError, TypeError, ValueError):
        row.data = {}


@pytest.mark.parametrize("name", sorted(REGISTRY.conversations))
def test_who_lost_a_role_ends_no_conversation_with_a_change(
    session: Session, club: Club, now: datetime, people: list[Person], out: int, name: str
) -> None:
    """In every state of every conversation, each button and a text, from those who stand in it without right.

    A member who was an admin, and those whose membership is over, stand where they stood: nothing changes.
    """
    allowed = REGISTRY.rights_in_conversations[name]
    everybody = {person.name: person for person in people}
    changed = set()
    for person, values in ((everybody["member"], ("", "1")), (everybody["suspended admin"], ("1",))):
        if not allowed.covers(person.role, active=person.active):
            changed |= changes(session, club, now, name, person, out, values)
    assert sorted(changed) == []


def changes(
    session: Session,
    c: Club,
    now: datetime,
    name: str,
    person: Person,
    rental_id: int,
    values: Sequence[str] = ("", "1"),
) -> set[str]:
    """The buttons and texts of this conversation by which this person changes something."""
    before, talk = picture(session), REGISTRY.conversations[name]
    changed = set()
    fallbacks = list(talk.fallbacks)
    for state, definition in talk.states.items():
        words, fallbacks = [*definition.taps, *fallbacks, None], []  # fallbacks are the same in all states
        for word in words:
            for value in values:
                with undone(session), writes(session) as written:
                    step = step_of(session, now, person, group=False)
                    answer(step, standing(session, step, c, name, state, rental_id), word, value)
                    session.flush()
                    if written and picture(session) != before:
                        changed.add(f"{state}, {word or 'a text'}: by the {person.name}")
    return changed


def test_the_same_taps_do_change_things_with_the_right(
    session: Session, club: Club, now: datetime, people: list[Person], out: int
) -> None:
    """Else the walk above would prove nothing."""
    everybody = {person.name: person for person in people}
    for name in ("places", "tags", "inventory"):
        assert changes(session, club, now, name, everybody["admin"], out), name


@pytest.mark.parametrize("group", [False, True], ids=["private", "group"])
def test_nobody_goes_on_with_what_another_has_begun(
    session: Session, club: Club, now: datetime, people: list[Person], out: int, group: bool
) -> None:
    """By no button of any conversation, nor by one for a file of it; the row stays as it is."""
    anna, *others = sorted(people, key=lambda person: person.name != "admin")
    problems = []
    for name, talk in REGISTRY.conversations.items():
        state, definition = next((s, d) for s, d in talk.states.items() if d.taps or d.text)
        row = standing(session, step_of(session, now, anna, group=group), club, name, state, out)
        before = (row.state, dict(row.data))
        taps = [Tap(Verb.CONVERSATION, row.id, word) for word in [*definition.taps, *talk.fallbacks][:1]]
        taps += [Tap(Verb.PAPER, row.id, "csv")] if any(d.document for d in talk.states.values()) else []
        for person in others:
            for tap in taps:
                run = conversations.document if tap.verb is Verb.PAPER else conversations.converse
                tried = attempt(session, now, person, lambda step: run(step, tap), group=group)  # noqa: B023
                if tried not in ((Refused.NOT_YOURS, False), (Refused.OUTDATED, False)):
                    problems.append(f"{name}, {state}, {tap}: the {person.name}: {tried}")
        session.refresh(row)
        assert (row.state, row.data) == before
        session.delete(row)
        session.flush()
    assert problems == []


def test_files_are_made_for_whom_the_table_says(
    session: Session, club: Club, now: datetime, people: list[Person], out: int
) -> None:
    """Each file of a conversation, from those who stand in it without right; with it there is one."""
    right, problems, made = REGISTRY.buttons[Verb.PAPER].right, [], 0
    for person in people:
        if person.name == "leader of another":
            continue  # there they act in their own organisation
        for name, talk in REGISTRY.conversations.items():
            for state, definition in talk.states.items():
                if definition.document is None:
                    continue
                asked: list[object] = []

                def ask(
                    step: Request, name: str = name, state: str = state, asked: list[object] = asked
                ) -> None:
                    row = standing(session, step, club, name, state, out)
                    row.data = {**row.data, "what": "inventory"}
                    asked.append(conversations.document(step, Tap(Verb.PAPER, row.id, "csv")))

                tried = attempt(session, now, person, ask)
                made += any(isinstance(one, Document) for one in asked)
                if not right.covers(person.role, active=person.active):
                    problems += judge(f"PAPER of {name}, {state}", right, person, (tried[0], False))
    assert problems == []
    assert made >= 2


@pytest.mark.parametrize(
    "verb, work",
    [
        (Verb.LINKS, upload.renew_links),
        (Verb.IMPORT_AS, upload.importer),
        (TokenVerb.NEW_TOKEN, tokens.new),
        (LoginVerb.NEW_PASSWORD, login.code),
    ],
    ids=["links", "import", "token", "password"],
)
def test_what_is_sent_by_itself_is_for_whom_the_table_says(
    session: Session,
    now: datetime,
    club: Club,
    people: list[Person],
    verb: AnyVerb,
    work: Callable[[Request], object],
) -> None:
    """Links for all members, tokens for programs, and who may say what a file is about."""
    club.organization.policy = {"passwords": True}
    problems = []
    for person in people:
        if person.name != "leader of another":  # there they act in their own organisation
            tried = attempt(session, now, person, work)
            problems += judge(verb.name, REGISTRY.buttons[verb].right, person, tried)
    assert problems == []
