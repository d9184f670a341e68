"""Finding members by words: their name, username, email, membership number and telephone."""

from sqlalchemy import ColumnElement, func, select

from db.models import User
from services.core.text import fold
from services.core.tx import Tx

_MOST_WORDS = 8


def ids(tx: Tx, words: str, *, limit: int | None = None, offset: int = 0) -> list[int]:
    """Return the members who have all the words, best first. No case, accents, or separators of a telephone
    number matter.
    """
    asked = _asked(words)
    if not asked:
        return []
    best = User.search_text.startswith(asked[0], autoescape=True).desc()
    query = select(User.id).where(*_having(tx, asked)).order_by(best, User.search_text, User.id)
    return list(tx.session.scalars(query.limit(limit).offset(offset)))


def number(tx: Tx, words: str) -> int:
    """Return the number of members who have all the words."""
    asked = _asked(words)
    return (tx.session.scalar(select(func.count(User.id)).where(*_having(tx, asked))) or 0) if asked else 0


def _asked(words: str) -> list[str]:
    return fold(words[:200]).split()[:_MOST_WORDS]


def _having(tx: Tx, asked: list[str]) -> list[ColumnElement[bool]]:
    # Of those who were erased there is no text.
    here = User.organization_id == tx.organization_id
    return [here, *(User.search_text.contains(word, autoescape=True) for word in asked)]
