"""Questions about profile fields, and parsing of the answers."""

import re
from datetime import date

from markupsafe import Markup

from handlers.i18n import field_names
from handlers.i18n.texts import Texts, lines
from handlers.parsing import dates, plain_words
from handlers.parsing.dates import DateAnswer
from handlers.parsing.sentences import courtesy
from services.core.errors import Refusal, Refused
from services.core.text import looks_like_name
from services.members import profile

_SHORT_YEAR = re.compile(r"(\d{1,2}[./ -]+\d{1,2}[./ -]+)(\d{2})\.?")
_WITH_YEAR = re.compile(r"\d{4}")


DOUBTED = 200
"""Characters that are kept of what looks like no name."""


def is_name(said: str, doubted: str) -> bool:
    """Return whether this is a name, or what was `doubted` once more, and so meant as one."""
    return (looks_like_name(said) and not _is_wish(said)) or doubted == said[:DOUBTED]


def _is_wish(said: str) -> bool:
    """Return whether this is what members write: `my rentals`, `can I borrow a tent`."""
    return plain_words.meaning(said) is not None or (courtesy.asks(said) and len(said.split()) > 2)


def ask(t: Texts, field: str, label: str | None) -> Markup:
    """Return the question to a new member, with its hint; `label` of a custom field."""
    if label is not None:
        return t("{label}?", label=label)
    asks = {
        "email": t("What is your email address?"),
        "phone": t("What is your phone number?"),
        "membership_id": t("What is your membership number?"),
        "postal_code": t("What is your postcode?"),
        "city": t("Which city do you live in?"),
        "born_on": t("When were you born? Write it like <i>24.12.1990</i>."),
        "other_id": t("What is your other number or id?"),
    }[field]
    own, how = t.label(f"user.{field}", ""), None
    if own:
        asks = t("{label}?", label=own)
        how = t("Write it like <i>24.12.1990</i>.") if field == "born_on" else None
    return lines(asks, how, t.hint(f"user.{field}") or None)


def name(t: Texts, field: str) -> str:
    """Return what a field is called here."""
    if field in profile.MOMENTS:
        return str(t("Member from") if field == "active_from" else t("Member until"))
    return field_names.name(t, f"user.{field}")


def shown(value: object) -> str:
    """Return a value as text for people."""
    return born(value) if isinstance(value, date) else str(value)


def born(day: date) -> str:
    """Return a birthday with its year, in a form that can also be typed."""
    return f"{day.day}.{day.month}.{day.year}"


def understand(t: Texts, field: str, text: str) -> str | date:
    """Parse an answer. Raises BAD_BIRTHDAY; services/members/profile.py validates the value."""
    return birthday(t, text) if field == "born_on" else text


def birthday(t: Texts, text: str) -> date:
    """Parse a day with its year; a year of two digits is the most recent one. Raises BAD_BIRTHDAY."""
    said = text.strip()
    short = _SHORT_YEAR.fullmatch(said)
    if short is not None:
        year = t.today.year // 100 * 100 + int(short[2])
        said = f"{short[1]}{year if year <= t.today.year else year - 100}"
    answer = dates.understand(said, today=t.today, day_first=t.day_first)
    if not isinstance(answer, DateAnswer) or answer.clock is not None or not _WITH_YEAR.search(said):
        raise Refusal(Refused.BAD_BIRTHDAY)
    return answer.day
