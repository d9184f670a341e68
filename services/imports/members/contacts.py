"""Addresses and telephone numbers in cells that say more: a second one, a name, a remark."""

import re

from services.members import profile

_ADDRESS = re.compile(r"[^\s,;<>()\[\]|/\"']+@[^\s,;<>()\[\]|/\"']+")
_PHONE = re.compile(r"\+?[(\d][\d ()/.-]*\d")
_FEWEST_DIGITS = 5


def email(text: str) -> str | None:
    """Return the first email address of a cell; None where there is none."""
    if profile.is_email(text):
        return text
    found = (part.removeprefix("mailto:").strip(".:") for part in _ADDRESS.findall(text))
    return next((part for part in found if profile.is_email(part)), None)


def phone(text: str) -> str | None:
    """Return the first telephone number of a cell; None where there is none."""
    if profile.is_phone(text):
        return text
    found = (part.strip() for part in _PHONE.findall(text))
    return next(
        (p for p in found if profile.is_phone(p) and sum(map(str.isdigit, p)) >= _FEWEST_DIGITS), None
    )
