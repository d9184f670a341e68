"""Revision 0008: what was read from the audit until then has rows of its own, and old buttons find them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, TextClause, delete, select, text
from sqlalchemy.orm import Session

from db.migrations import upgrade
from db.models import (
    AuditEntry,
    Card,
    Claim,
    Item,
    JoinRequest,
    LabelPrint,
    Organization,
    OutboxMessage,
    Return,
)
from db.session import Database
from db.states import Condition
from handlers.desk import put_away, return_report
from handlers.i18n.texts import Texts
from handlers.ui.callbacks import Tap, Verb
from handlers.ui.request import Place, Request, Sender
from services.core import identity
from services.core.tx import Tx
from services.desk import checkin
from services.inventory import locations
from services.labels import history
from services.messaging import notifications
from tests.db import history as db_history
from tests.db.history import NOON, Row, claim
from tests.db.test_migrations import written

ATTIC, CELLAR = 1, 2
EARLIER, RETURN = 39, 40
"""The numbers of the audit entries of two returns."""


def _after(days: float) -> datetime:
    return NOON + timedelta(days=days)


def _entry(id_: int, action: str, subject: str, subject_id: int, day: float, **details: Any) -> Row:
    return {
        **{"id": id_, "organization_id": 1, "at": _after(day), "user_id": 1, "action": action},
        **{"subject": subject, "subject_id": subject_id, "details": details},
    }


def _asked(id_: int) -> Row:
    return {
        **{"id": id_, "organization_id": 1, "account_id": 71, "first_name": "Nora", "last_name": ""},
        **{"told": {}, "status": "declined", "asked_at": NOON, "decided_at": NOON, "decided_by": 1},
    }


# Rental 6 brought T2 and T3 back, to the cellar, and then to what was called Loft and is the Attic since.
# Both were said to be damaged; T3 was sent to repair afterwards, by somebody who knew nothing of the return.
ROWS: Mapping[str, list[Row]] = {
    "locations": [{"id": CELLAR, "organization_id": 1, "name": "Cellar"}],
    "rentals": [
        {
            **{"id": 6, "organization_id": 1, "user_id": 1, "status": "returned", "created_at": NOON},
            **{"starts_at": _after(-3), "due_at": _after(-1), "ended_at": _after(-1)},
            **{"purpose": "", "comment": "", "reason": ""},
        }
    ],
    "rental_lines": [{"id": 6, "rental_id": 6, "equipment_id": 1, "quantity": 2}],
    "claims": [
        {
            **claim(id_, item, 6, "returned", -3, -1, out_at=_after(-3), returned_at=_after(-1)),
            **{"returned_to": 1, "returned_condition": "damaged"},
        }
        for id_, item in ((6, 2), (7, 3))
    ],
    "join_requests": [_asked(4), _asked(5)],
    "audit": [
        _entry(EARLIER, "take_back", "rental", 3, -8, items=[1]),
        _entry(RETURN, "take_back", "rental", 6, -1, items=[2, 3]),
        _entry(41, "put_away", "rental", 6, -0.9, **{"place": "Cellar", "return": RETURN}),
        _entry(42, "put_away", "rental", 6, -0.8, **{"place": "Loft", "return": RETURN}),
        _entry(50, "rename", "location", ATTIC, -0.5, name=["Loft", "Attic"]),
        _entry(43, "condition", "item", 2, -0.8, **{"condition": ["ok", "damaged"], "return": RETURN}),
        _entry(44, "condition", "item", 3, -0.8, **{"condition": ["ok", "damaged"], "return": RETURN}),
        _entry(45, "condition", "item", 3, -0.7, condition=["damaged", "in_repair"], damage=1),
        _entry(46, "turn_away", "join_request", 5, 0, reason="We are full"),
        _entry(47, "turn_away", "join_request", 4, 0),
        _entry(48, "labels", "organization", 1, 0, sheet="l7160", first=0, labels=1),
        _entry(49, "labels", "organization", 1, 1, sheet="l7163", first=12, labels=3),
    ],
    "cards": [
        {
            **{"id": 2, "organization_id": 1, "kind": "put_away", "subject_id": RETURN},
            **{"chat_id": 71, "message_id": 12},
        }
    ],
}


def before(database: Database) -> None:
    """A database of the revision before, with all of this in it."""
    upgrade(database, "0006")
    written(database, db_history.fill)
    written(database, partial(db_history.fill, rows=ROWS))
    for condition, item in (("damaged", 2), ("in_repair", 3)):
        change = text("UPDATE items SET condition = :condition WHERE id = :item")
        written(database, partial(_run, change, condition=condition, item=item))


def _run(statement: TextClause, connection: Connection, **values: Any) -> None:
    connection.execute(statement, values)


def emptied(database: Database) -> None:
    """After the upgrade nobody needs what it was made from."""
    database.write_now(lambda session: session.execute(delete(AuditEntry)))


def test_returns_keep_their_numbers(new_database: Database) -> None:
    """With when, by whom and where to; a claim knows its return, its place, and what can be taken back."""
    before(new_database)
    upgrade(new_database)

    def look(session: Session) -> None:
        rows = session.scalars(select(Return).order_by(Return.id)).all()
        assert [(r.id, r.rental_id, r.returned_at, r.returned_to) for r in rows] == [
            (EARLIER, 3, _after(-8), 1),
            (RETURN, 6, _after(-1), 1),
        ]
        assert [(r.location_id, r.put_away_at, r.put_away_by) for r in rows] == [
            (None, None, None),
            (ATTIC, _after(-0.8), 1),
        ]
        claims = {row.id: row for row in session.scalars(select(Claim))}
        assert {i: (c.return_id, c.returned_location_id, c.condition_before) for i, c in claims.items()} == {
            **dict.fromkeys((1, 3, 4, 5), (None, None, None)),
            2: (EARLIER, ATTIC, None),
            6: (RETURN, ATTIC, Condition.OK),
            7: (RETURN, ATTIC, None),
        }

    new_database.read_now(look)


def test_prints_and_reasons_are_rows(new_database: Database) -> None:
    """Which sheet was used last and where it goes on; why somebody was turned down, if it was said."""
    before(new_database)
    upgrade(new_database)
    emptied(new_database)

    def look(session: Session) -> None:
        prints = session.scalars(select(LabelPrint).order_by(LabelPrint.id)).all()
        assert [(p.sheet, p.first, p.labels, p.printed_at, p.printed_by) for p in prints] == [
            ("l7160", 0, 1, NOON, 1),
            ("l7163", 12, 3, _after(1), 1),
        ]
        last = history.last(Tx(session, _after(1), within=1))
        assert (last.sheet.key, last.next) == ("l7163", 1)
        reasons = {row.id: row.reason for row in session.scalars(select(JoinRequest))}
        assert reasons == {4: "", 5: "We are full"}

    new_database.read_now(look)


def test_buttons_from_before_find_their_return(new_database: Database) -> None:
    """Each tap names the return as the audit called it; a return of today gets a number above them all."""
    before(new_database)
    upgrade(new_database)
    emptied(new_database)

    def taps(session: Session) -> None:
        place = Place(71, False, None, 12)
        step = Request(session, _after(0.2), Sender(71, "Kari", "en"), place)
        return_report.say(step, Tap(Verb.BACK_SAID, RETURN, "ok 2"))
        return_report.say(step, Tap(Verb.BACK_SAID, RETURN, "ok 3"))
        assert [session.get_one(Item, i).condition for i in (2, 3)] == [Condition.OK, Condition.IN_REPAIR]
        assert (
            "Which one has a problem?" in return_report.pieces(step, Tap(Verb.BACK_PIECES, RETURN, "0")).text
        )
        assert "How did T2" in return_report.piece(step, Tap(Verb.BACK_PIECE, RETURN, "2")).text
        assert "where did you put it?" in put_away.choose(step, Tap(Verb.PUT_PLACES, RETURN, "0")).text
        put_away.put_away(step, Tap(Verb.PUT_AWAY, RETURN, str(CELLAR)))
        assert [session.get_one(Item, i).location_id for i in (1, 2, 3)] == [ATTIC, CELLAR, CELLAR]
        card = session.scalars(select(Card).filter_by(kind=notifications.PUT_AWAY_CARD)).one()
        row = session.scalars(select(OutboxMessage).filter_by(card_id=card.id)).first()
        assert row is not None
        drawn = put_away.card(step.tx, [row], Texts("en", now=step.now))
        assert drawn is not None and "It is here: <b>Cellar</b>" in drawn.text
        return_report.begin(step, Tap(Verb.BACK, 6, ""))
        kari = identity.resolve(Tx(session, step.now), account_id=71)
        checkin.take_back(Tx(session, step.now, kari), 2)
        assert (locations.last_return(session, 2) or 0) > RETURN

    new_database.write_now(taps)


def test_places_are_filled_and_numbers_are_unique(new_database: Database) -> None:
    """Items lay where the audit says they were moved away from; a second organization keeps its number."""
    before(new_database)
    upgrade(new_database, "0015")
    moved = _entry(60, "edit", "item", 1, -9, location=["Cellar", "Attic"])
    written(new_database, partial(db_history.fill, rows={"audit": [moved]}))
    for statement in (
        "UPDATE claims SET out_by = 1 WHERE id = 2",
        "UPDATE organizations SET number = '987 654 321'",
        "INSERT INTO organizations (name, timezone, language, policy, number, created_at)"
        " SELECT 'Another', timezone, language, policy, number, created_at FROM organizations",
    ):
        written(new_database, partial(_run, text(statement)))
    upgrade(new_database)

    def look(session: Session) -> None:
        found = session.get_one(Claim, 2)
        assert (found.out_location_id, found.returned_location_id) == (CELLAR, ATTIC)
        numbers = session.execute(
            select(Organization.number, Organization.other_id).order_by(Organization.id)
        )
        assert [tuple(row) for row in numbers] == [("987 654 321", None), (None, "987 654 321")]

    new_database.read_now(look)
