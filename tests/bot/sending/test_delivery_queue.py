"""Which message is next, and what becomes of it; on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import AccountLink, Card, ChatAccount, Organization, OutboxMessage, User
from db.session import Database
from db.states import Lane, OutboxStatus, Role
from services.core.tx import Tx
from services.messaging import delivery_queue, group_chats, outbox
from services.messaging.delivery_queue import Leased
from services.messaging.tidying import retention
from tests.bot.conftest import messages
from tests.transactions import in_tx

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
GROUP, NEW_GROUP = -100, -100200


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def say(database: Database, chat: int, lane: Lane = Lane.REPLY, **more: Any) -> None:
    database.write_now(lambda s: outbox.send(Tx(s, NOW), "text", chat_id=chat, lane=lane, **more))


def draw(database: Database, subject: int = 1, chat: int = 1, **more: Any) -> int:
    """The card's id."""
    card = database.write_now(
        lambda s: outbox.render_card(Tx(s, NOW), "rental", subject, chat_id=chat, **more)
    )
    return card.id


def lease(database: Database, at: datetime = NOW, **more: Any) -> list[tuple[int, ...]]:
    """The ids of what was leased."""
    limits = {"replies": 10, "notices": 10} | more
    found = database.write_now(lambda s: delivery_queue.lease(Tx(s, at), **limits))
    return [one.ids for one in found or ()]


def sent(database: Database, *ids: int, message_id: int = 1) -> None:
    database.write_now(lambda s: delivery_queue.sent(Tx(s, NOW), ids, message_id))


def failed(database: Database, *ids: int, at: datetime = NOW) -> None:
    database.write_now(lambda s: delivery_queue.failed(Tx(s, at), ids, "KeyError"))


def states(database: Database) -> list[OutboxStatus]:
    return [row.status for row in messages(database)]


def test_one_message_of_a_chat_at_a_time_in_order(database: Database) -> None:
    """The second waits until the first has arrived."""
    for _ in range(2):
        say(database, chat=1)
    say(database, chat=2)
    assert lease(database) == [(1,), (3,)]
    assert lease(database) == []
    sent(database, 1, message_id=77)
    assert lease(database) == [(2,)]
    assert messages(database)[0].message_id == 77


def test_a_reply_goes_before_the_notices_of_its_chat(database: Database) -> None:
    """Whatever was queued before it."""
    say(database, chat=1, lane=Lane.NOTICE)
    say(database, chat=1, lane=Lane.NOTICE)
    say(database, chat=1, lane=Lane.REPLY)
    assert lease(database) == [(3,)]


def test_notices_take_their_own_places(database: Database) -> None:
    """However many notices wait, replies find place; and each lane keeps to what it was given."""
    for chat in range(1, 6):
        say(database, chat=chat, lane=Lane.NOTICE)
    for chat in range(6, 9):
        say(database, chat=chat)
    assert lease(database, replies=2, notices=1) == [(6,), (7,), (1,)]


def test_what_is_not_due_waits(database: Database) -> None:
    """Quiet hours are a `not_before`; nothing is taken before it, and it holds nobody up."""
    say(database, chat=1, not_before=later(60))
    say(database, chat=1)
    assert lease(database) == [(2,)]
    sent(database, 2)
    assert lease(database) == []
    assert lease(database, later(60)) == [(1,)]


def test_due_lanes_are_those_in_which_lease_would_find_something(database: Database) -> None:
    """It is the look that costs no write."""

    def is_due(**more: Any) -> frozenset[Lane]:
        limits = {"replies": 1, "notices": 1} | more
        return database.read_now(lambda s: delivery_queue.due_lanes(Tx(s, NOW), **limits))

    assert not is_due()
    say(database, chat=1, lane=Lane.NOTICE)
    assert is_due()
    assert not is_due(notices=0)
    assert not is_due(busy=[1])
    lease(database)
    assert not is_due()


def test_a_bundle_is_leased_whole(database: Database) -> None:
    """The due messages of a bundle go out as one; the rest and other bundles do not."""
    for bundle in ("a", "a", "b"):
        say(database, chat=1, lane=Lane.NOTICE, bundle=bundle)
    say(database, chat=1, lane=Lane.NOTICE, bundle="a", not_before=later(60))
    assert lease(database) == [(1, 2)]
    sent(database, 1, 2, message_id=5)
    assert lease(database) == [(3,)]
    assert states(database)[:2] == [OutboxStatus.SENT, OutboxStatus.SENT]


def test_what_a_dead_process_left_is_sent_again(database: Database) -> None:
    """A lease runs out, and the message keeps its place before the later ones of its chat."""
    say(database, chat=1)
    say(database, chat=1)
    assert lease(database) == [(1,)]
    assert lease(database, later(59)) == []
    assert lease(database, later(60)) == [(1,)]


def test_chats_whose_message_is_on_its_way_are_left_out(database: Database) -> None:
    """Even when a clock that was moved made the lease run out."""
    say(database, chat=1)
    assert lease(database) == [(1,)]
    assert lease(database, later(3600), busy=[1]) == []


def test_trouble_of_telegram_holds_its_chat_and_no_other(database: Database) -> None:
    """The same message is tried again, in its order, and nothing overtakes it; it does not count."""
    say(database, chat=1)
    say(database, chat=1)
    lease(database)
    database.write_now(lambda s: delivery_queue.retry_later(Tx(s, NOW), [1], timedelta(seconds=5), "502"))
    say(database, chat=2)
    assert lease(database, later(4)) == [(3,)]
    assert lease(database, later(5)) == [(1,)]
    assert messages(database)[0].attempts == 0


def test_our_own_fault_holds_nobody_and_is_given_up_after_five(database: Database) -> None:
    """A message that cannot be made is tried again after those behind it, and in the end marked failed."""
    say(database, chat=1)
    say(database, chat=1)
    assert lease(database) == [(1,)]
    failed(database, 1)
    assert lease(database) == [(2,)]
    sent(database, 2)
    for attempt in range(2, 6):
        at = NOW + timedelta(hours=attempt)
        assert lease(database, at) == [(1,)]
        failed(database, 1, at=at)
    assert states(database) == [OutboxStatus.FAILED, OutboxStatus.SENT]
    assert database.read_now(lambda s: [row.id for row in retention.given_up(s, 9)]) == [1]


def test_a_card_knows_the_message_that_shows_it(database: Database) -> None:
    """So that the next drawing edits it."""
    card = draw(database)
    lease(database)
    database.write_now(lambda s: delivery_queue.sent(Tx(s, NOW), [1], 42, photo_id=3))
    found = database.read_now(lambda s: s.get_one(Card, card))
    assert (found.message_id, found.photo_id) == (42, 3)


@pytest.mark.parametrize("how", ["retry_later", "failed"])
def test_a_drawing_that_failed_gives_way_to_a_later_one(database: Database, how: str) -> None:
    """At most one drawing per card waits; the later one sends the card anew if this one was to."""
    draw(database, renew=True)
    lease(database)
    draw(database)

    def back(session: Session) -> None:
        if how == "failed":
            delivery_queue.failed(Tx(session, NOW), [1], "KeyError")
        else:
            delivery_queue.retry_later(Tx(session, NOW), [1], timedelta(seconds=5), "502")

    database.write_now(back)
    assert states(database) == [OutboxStatus.DROPPED, OutboxStatus.PENDING]
    assert messages(database)[1].renew
    assert lease(database) == [(2,)]


def test_what_was_settled_meanwhile_stays_so(database: Database) -> None:
    """A report about a row that is not being sent any more changes nothing."""
    say(database, chat=1)
    lease(database)
    database.write_now(lambda s: delivery_queue.dropped(Tx(s, NOW), [1]))
    sent(database, 1, message_id=5)
    database.write_now(lambda s: delivery_queue.retry_later(Tx(s, NOW), [1], timedelta(0), "late"))
    assert states(database) == [OutboxStatus.DROPPED]


@pytest.fixture
def club(database: Database) -> Iterator[Database]:
    """An organisation with a group, and Kari, account 1, in it."""

    def work(session: Session) -> None:
        session.add(
            Organization(id=1, name="Club", timezone="Europe/Oslo", group_chat_id=GROUP, created_at=NOW)
        )
        session.flush()
        session.add(User(id=1, organization_id=1, first_name="Kari", role=Role.USER, created_at=NOW))
        session.add(ChatAccount(id=1, organization_id=1, created_at=NOW))
        session.flush()
        session.add(AccountLink(account_id=1, organization_id=1, user_id=1, created_at=NOW))

    database.write_now(work)
    yield database


def unreachable(database: Database, chat: int, at: datetime = NOW) -> None:
    database.write_now(
        lambda s: delivery_queue.unreachable(Tx(s, at), chat, "Forbidden: bot was blocked by the user")
    )


def test_somebody_who_blocked_the_bot_is_told_of_once(club: Database) -> None:
    """Somebody who blocked the bot is marked, their messages are dropped, and the group reads it once."""
    say(club, chat=1)
    say(club, chat=1, lane=Lane.NOTICE, not_before=later(60))
    lease(club)
    for hours in (0, 1, 30):
        unreachable(club, 1, NOW + timedelta(hours=hours))
    assert states(club) == [OutboxStatus.DROPPED, OutboxStatus.DROPPED, OutboxStatus.PENDING]
    told = messages(club)[2]
    assert (told.kind, told.chat_id) == ("unreachable", GROUP)
    assert told.params == {"user_id": 1, "account_id": 1}
    assert club.read_now(lambda s: s.get_one(ChatAccount, 1)).blocked_at == NOW


def test_a_stranger_who_blocked_the_bot_is_nobodys_business(club: Database) -> None:
    """No account, no organisation: the message is dropped, and that is all."""
    say(club, chat=99)
    unreachable(club, 99)
    assert states(club) == [OutboxStatus.DROPPED]


def test_a_group_that_threw_the_bot_out_is_unbound(club: Database) -> None:
    """Its messages are dropped; requests go to the admins in private from now on."""
    say(club, chat=GROUP)
    unreachable(club, GROUP)
    assert states(club) == [OutboxStatus.DROPPED]
    assert club.read_now(lambda s: s.get_one(Organization, 1)).group_chat_id is None


def test_a_group_that_moved_takes_everything_with_it(club: Database) -> None:
    """The binding, the cards and what waits follow to the new chat; its cards are sent anew there."""
    card = draw(club, chat=GROUP)
    lease(club)
    sent(club, 1, message_id=42)
    say(club, chat=GROUP)
    for _ in range(2):
        club.write_now(lambda s: group_chats.moved(Tx(s, NOW), GROUP, NEW_GROUP))
    assert club.read_now(lambda s: s.get_one(Organization, 1)).group_chat_id == NEW_GROUP
    moved = club.read_now(lambda s: s.get_one(Card, card))
    assert (moved.chat_id, moved.message_id) == (NEW_GROUP, None)
    assert [row.chat_id for row in messages(club)] == [GROUP, NEW_GROUP]


def test_a_group_that_moved_where_its_card_is_already_keeps_that(club: Database) -> None:
    """The handler and the sender may both hear of the move, and draw in between."""
    draw(club, chat=GROUP)
    there = draw(club, chat=NEW_GROUP)
    club.write_now(lambda s: group_chats.moved(Tx(s, NOW), GROUP, NEW_GROUP))
    cards = club.read_now(lambda s: list(s.scalars(select(Card).filter_by(chat_id=NEW_GROUP))))
    assert [card.id for card in cards] == [there]


def test_old_messages_are_forgotten_those_with_a_key_later(database: Database) -> None:
    """A key stands for "this was said"; it is kept as long as that might be asked again."""
    for key in (None, "due:1"):
        say(database, chat=1, dedup_key=key)
        sent(database, *lease(database)[0])
    say(database, chat=1)
    for days, left in ((29, 3), (31, 2), (401, 1)):
        database.write_now(in_tx(retention.tidy, NOW + timedelta(days=days)))
        assert len(messages(database)) == left
    assert states(database) == [OutboxStatus.PENDING]


def test_two_processes_never_take_two_of_one_chat(postgresql_url: str) -> None:
    """They look at the same moment, again and again: each message is taken once, each chat in order."""
    databases = [Database(postgresql_url) for _ in range(2)]
    for _ in range(20):
        for chat in (1, 2, 3):
            say(databases[0], chat, lane=Lane.NOTICE if chat == 3 else Lane.REPLY)
            say(databases[0], chat, lane=Lane.NOTICE)
    taken: list[tuple[int, ...]] = []
    clashes: list[int] = []
    together = threading.Barrier(2)

    def look(session: Session) -> list[Leased]:
        found = delivery_queue.lease(Tx(session, NOW), replies=2, notices=2) or []
        on_the_way = select(OutboxMessage.chat_id).filter_by(status=OutboxStatus.SENDING)
        clashes.extend(session.scalars(on_the_way.group_by("chat_id").having(func.count() > 1)))
        return found

    def work(database: Database) -> None:
        together.wait()
        while len(taken) < 120:
            for one in database.write_now(look):
                taken.append(one.ids)
                sent(database, *one.ids)

    threads = [threading.Thread(target=work, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    assert sorted(taken) == [(number,) for number in range(1, 121)]
    assert clashes == []
