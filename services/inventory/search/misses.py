"""Words that members looked for and did not find, counted for the statistics, whoever looked."""

from contextlib import suppress
from datetime import date

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from db.models import SearchMiss, User
from db.models.base import total
from services.core.text import limit, same_letters
from services.core.tx import Tx

MOST = 100
"""Different words of a month: a club's wishes are fewer, and nonsense fills no table."""

MONTHS_KEPT = 25
"""The statistics of last year can be shown until the end of this one."""

_MOST_WORDS, _SHORTEST, _LONGEST = 2, 3, 30


def count(tx: Tx, text: str) -> None:
    """Count what was looked for, where it may be the name of a thing; numbers, addresses, sentences and the
    names of members are not kept.
    """
    words = _words(text)
    if not words:
        return
    month, own = tx.today.replace(day=1), SearchMiss.organization_id == tx.organization_id
    same = (own, SearchMiss.month == month, SearchMiss.words == words)
    again = update(SearchMiss).where(*same).values(times=SearchMiss.times + 1).returning(SearchMiss.times)
    if tx.session.execute(again.execution_options(synchronize_session=False)).first():
        return
    if _names_somebody(tx, text):
        return
    old = delete(SearchMiss).where(own, SearchMiss.month < _months_before(month, MONTHS_KEPT))
    tx.session.execute(old.execution_options(synchronize_session=False))
    if not _make_room(tx, month):
        return
    with (
        suppress(IntegrityError),
        tx.session.begin_nested(),
    ):  # somebody else looked for it at the same moment
        tx.session.add(SearchMiss(organization_id=tx.organization_id, month=month, words=words, times=1))


def top(tx: Tx, first: date, last: date, most: int) -> tuple[tuple[str, int], ...]:
    """Return what was looked for and not found in these months, most often first."""
    times = total(SearchMiss.times)
    rows = tx.session.execute(
        select(SearchMiss.words, times)
        .where(
            SearchMiss.organization_id == tx.organization_id,
            SearchMiss.month.between(first.replace(day=1), last),
        )
        .group_by(SearchMiss.words)
        .order_by(times.desc(), SearchMiss.words)
        .limit(most)
    )
    return tuple((words, number) for words, number in rows)


def _words(text: str) -> str:
    """Return the words in lower case, as they were written; empty for what is no name of a thing."""
    words = text.lower().split()
    if not 1 <= len(words) <= _MOST_WORDS:
        return ""
    good = all(word.isalpha() and _SHORTEST <= len(word) <= _LONGEST for word in words)
    kept = " ".join(words)
    return kept if good and len(kept) <= limit(SearchMiss.words) else ""


def _names_somebody(tx: Tx, text: str) -> bool:
    """Return whether a member is called so: whom people write about is not kept."""
    forms = {form for word in text.split() for form in (word, word.lower(), word.capitalize())}
    called = or_(same_letters(User.first_name, forms), same_letters(User.last_name, forms))
    own = User.organization_id == tx.organization_id
    return tx.session.scalar(select(User.id).where(own, called).limit(1)) is not None


def _make_room(tx: Tx, month: date) -> bool:
    """Drop a word that was looked for once, where the month is full; return whether there is room."""
    own = (SearchMiss.organization_id == tx.organization_id, SearchMiss.month == month)
    if (tx.session.scalar(select(func.count()).select_from(SearchMiss).where(*own)) or 0) < MOST:
        return True
    once = tx.session.scalar(select(func.min(SearchMiss.words)).where(*own, SearchMiss.times == 1))
    if once is None:
        return False
    gone = delete(SearchMiss).where(*own, SearchMiss.words == once)
    tx.session.execute(gone.execution_options(synchronize_session=False))
    return True


def _months_before(month: date, number: int) -> date:
    months = month.year * 12 + month.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)
