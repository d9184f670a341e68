"""Tokens: made once, known only to whom they were shown, and worth no more than their maker is now."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from db.models import Extension, Rental, User
from db.states import Role
from services.access import links, tokens
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.text import without_secrets
from services.core.tx import Tx
from services.desk import counter
from services.inventory import catalog
from services.rentals import approval, extension, queries
from tests import factories
from tests.factories import Club


def test_a_token_acts_as_its_maker_up_to_its_role(session: Session, club: Club, now: datetime) -> None:
    """With its name, never above the maker's present role, suspended with them; gone when it has ended."""
    tx = Tx(session, now, club.anna)
    made = tokens.make(tx, name="Kiosk", role=Role.LENDER, days=10)
    actor = tokens.actor_of(Tx(session, now), made.secret)
    assert actor is not None
    assert (actor.user_id, actor.role, actor.name) == (club.anna.user_id, Role.LENDER, "Anna Admin (Kiosk)")
    user = session.get_one(User, club.anna.user_id)
    user.role = Role.USER
    lower = tokens.actor_of(Tx(session, now), made.secret)
    assert lower is not None
    assert lower.role is Role.USER
    user.suspended_at = now
    suspended = tokens.actor_of(Tx(session, now), made.secret)
    assert suspended is not None
    assert not suspended.active
    assert tokens.actor_of(Tx(session, now + timedelta(days=10)), made.secret) is None
    tokens.revoke(tx, made.id)
    assert tokens.actor_of(Tx(session, now), made.secret) is None
    assert tokens.actor_of(Tx(session, now), made.secret + "x") is None


def test_only_the_hash_is_stored(session: Session, club: Club, now: datetime) -> None:
    """The secret is in no row."""
    made = tokens.make(Tx(session, now, club.kari), name="Kiosk")
    session.flush()
    rows = [
        session.execute(text(f"SELECT * FROM {name}")).all() for name in ("api_tokens", "audit", "outbox")
    ]
    assert made.secret not in repr(rows)


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"name": " \n"}, Refused.NAME_EMPTY),
        ({"name": "x" * 61}, Refused.TOO_MUCH_TEXT),
        ({"name": "Kiosk", "role": Role.ADMIN}, Refused.NOT_ALLOWED),
        ({"name": "Kiosk", "days": 0}, Refused.OUT_OF_RANGE),
        ({"name": "Kiosk", "days": 10_000}, Refused.OUT_OF_RANGE),
    ],
)
def test_what_is_no_token(
    session: Session, club: Club, now: datetime, given: dict[str, object], refused: Refused
) -> None:
    """Nobody makes one without a name, above themselves, or for ever."""
    with pytest.raises(Refusal) as caught:
        tokens.make(Tx(session, now, club.kari), **given)  # type: ignore[arg-type]
    assert caught.value.code is refused


def test_there_is_a_most(session: Session, club: Club, now: datetime) -> None:
    """Those that have ended do not count; those of others cannot be ended."""
    tx = Tx(session, now, club.kari)
    made = [tokens.make(tx, name=f"Kiosk {n}") for n in range(tokens.MOST)]
    with pytest.raises(Refusal) as caught:
        tokens.make(tx, name="One more")
    assert caught.value.code is Refused.TOO_MANY_TOKENS
    with pytest.raises(Refusal) as caught:
        tokens.revoke(Tx(session, now, club.ola), made[0].id)
    assert caught.value.code is Refused.NOT_FOUND
    tokens.revoke(tx, made[0].id)
    tokens.make(tx, name="One more")


def test_no_secret_is_left_in_a_line(session: Session, club: Club, now: datetime) -> None:
    """Tokens, links that sign somebody in, and codes for a password are struck out of logs, and of rows that
    are done: a message that is replied to comes back whole.
    """
    tx = Tx(session, now, club.kari)
    secrets = [tokens.make(tx, name="Kiosk").secret, links.begin(tx, "Front desk").link]
    secrets.append(links.for_password(tx, session.get_one(User, club.kari.user_id)))
    for secret in secrets:
        assert secret[6:] not in without_secrets(f"GET /?start={secret} 200")


def test_cards_say_by_which_token(session: Session, club: Club, now: datetime) -> None:
    """The name of who acted has the token's behind it; that of a login, and of the chat, has none."""

    def by(actor: Actor, name: str = "", *, is_login: bool = False) -> Tx:
        user = session.get_one(User, actor.user_id)
        made = tokens.make_for_login(Tx(session, now), user, name) if is_login else None
        made = made or tokens.make(Tx(session, now, actor), name=name)
        return Tx(session, now, tokens.actor_of(Tx(session, now), made.secret))

    def seen(rental: Rental) -> queries.RentalView:
        return queries.view(Tx(session, now, club.kari), rental)

    desk, anna = by(club.lars, "Front desk"), by(club.anna, "Rota")
    item = catalog.items_of(session, club.tent.id)[0].id
    out = counter.hand_out_now(desk, club.kari.user_id, [item], now + timedelta(days=2))
    assert seen(out).entered_by == "Lars Lender (Front desk)"
    extension.ask(Tx(session, now, club.kari), out.id, now + timedelta(days=3))
    (asked,) = session.scalars(select(Extension.id))
    extension.decline(anna, asked)
    answered = seen(out).answered
    assert answered is not None and answered.by == "Anna Admin (Rota)"
    rental = factories.requested(session, club.kari, now, factories.days(now, 2, 4), (club.stove, 1))
    approval.approve(anna, rental.id)
    assert seen(rental).decided_by == "Anna Admin (Rota)"
    with pytest.raises(Refusal) as second:
        approval.approve(Tx(session, now, club.lars), rental.id)
    assert second.value.data["by"] == "Anna Admin (Rota)"
    approval.cancel(by(club.anna, "Phone", is_login=True), rental.id)
    assert seen(rental).decided_by == "Anna Admin"
    other = factories.requested(session, club.kari, now, factories.days(now, 2, 4), (club.stove, 1))
    approval.decline(anna, other.id)
    tokens.erase(session, club.anna.user_id)
    assert seen(other).decided_by == "Anna Admin"
