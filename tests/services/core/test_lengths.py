"""Texts from outside are as long as they like: what a column cannot hold is cut or refused before."""

import pytest
from sqlalchemy.orm import Session

from db.models import Photo, User
from services.inventory import attributes
from tests.factories import Club


def test_the_id_of_a_photo_is_of_any_length(session: Session, club: Club) -> None:
    """Telegram promises no bound."""
    attributes.put_photo(session, club.tent, file_id="A" * 2_000)
    session.expire_all()
    kept = session.get_one(Photo, club.tent.photo_id)
    assert kept.telegram_file_id == "A" * 2_000


def test_a_text_that_is_too_long_fails_in_the_tests_on_sqlite(session: Session, club: Club) -> None:
    """SQLite itself would keep it, and PostgreSQL refuse it where people are."""
    with pytest.raises(AssertionError, match="101 of 100"), session.begin_nested():
        session.get_one(User, club.kari.user_id).first_name = "x" * 101
