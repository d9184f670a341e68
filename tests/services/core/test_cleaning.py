"""The names that people give themselves and their groups are kept by both databases, however odd."""

import json
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from db.models import ChatAccount, InboxUpdate, Organization, User
from db.session import Database
from db.states import Role
from services.core import identity
from services.core.text import clean, cleaned
from services.core.tx import Tx
from services.members import data_export
from services.members.departure import erasure
from services.messaging import group_chats, inbox
from services.messaging.inbox import Arrival
from tests import factories
from tests.factories import Club

HALF, END = "\ud83d", "\0"


def test_what_no_database_takes_is_replaced_in_place() -> None:
    """One character for one, so that what is said of places in a text stays true; all else stays."""
    assert clean(f"a{HALF}b{END}c🏔") == "a\ufffdb\ufffdc🏔"
    assert cleaned({HALF: [END, 7, None, {"a": HALF}]}) == {"\ufffd": ["\ufffd", 7, None, {"a": "\ufffd"}]}


@pytest.mark.parametrize(
    ("first_name", "language", "kept"),
    [
        (HALF + END, "n" + HALF + END, ("\ufffd\ufffd", "n\ufffd\ufffd")),
        ("ø" * 5000, "nb-" + "x" * 500, ("ø" * 100, "nb-" + "x" * 13)),
        ("", "", ("", None)),
    ],
)
def test_any_account_is_met(
    database: Database, now: datetime, first_name: str, language: str, kept: tuple[str, str | None]
) -> None:
    """Whatever name and language the app sends: each of the person's updates would fail at it."""
    database.write_now(
        lambda s: identity.remember_account(
            Tx(s, now), account_id=77, first_name=first_name, language=language
        )
    )
    account = database.read_now(lambda s: s.get_one(ChatAccount, 77))
    assert (account.first_name, account.telegram_language) == kept


def test_any_group_is_bound(database: Database, now: datetime) -> None:
    """Whatever it is called."""

    def bind(session: Session) -> int:
        club = factories.club(session, now)
        title = HALF + END + "🏔" * 500
        bound = group_chats.bind_group(Tx(session, now, club.anna), chat_id=-5, thread_id=None, title=title)
        return bound.id

    number = database.write_now(bind)
    title = database.read_now(lambda s: s.get_one(Organization, number).group_title)
    assert title == "\ufffd\ufffd" + "🏔" * 253


def test_what_came_is_read_and_forgotten_whatever_it_is(session: Session, club: Club, now: datetime) -> None:
    """Somebody's own data shows each update as it can be read, or as it is; forgetting leaves none of it."""
    session.get_one(Organization, club.organization.id).group_chat_id = -5
    nora = factories.member(session, club.organization, now, "Nora Dahl", Role.USER, 77)
    says = {"message": {"from": {"id": 77}, "text": HALF, "message_id": 2**70}}
    came = [(77, json.dumps(says)), (77, "Nora was here"), (-5, json.dumps(says)), (-5, "null")]
    stored = inbox.store(Tx(session, now), [Arrival(n, chat, text) for n, (chat, text) in enumerate(came)])
    for inbox_id, _ in stored:
        inbox.finish(Tx(session, now), inbox_id)
    found = data_export.everything(session, session.get_one(User, nora.user_id))
    shown = [one["update"] for one in found["messages_from_you"]]
    assert shown == [{"message": {**says["message"], "text": "\ufffd"}}, "Nora was here"]
    erasure.forget(Tx(session, now, nora), seen=[])
    session.expire_all()
    left = [session.get_one(InboxUpdate, inbox_id).payload for inbox_id, _ in stored]
    assert left == ["{}", "{}", "{}", "{}"]
