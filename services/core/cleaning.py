"""Text from outside, made such that every database takes it."""

import re
from typing import Any

# Half an emoji, which no encoding takes, and the character that ends a text for PostgreSQL.
_REFUSED = re.compile("[\ud800-\udfff\x00]")


def clean(text: str) -> str:
    """Return the text with what no database takes replaced; its length stays, and so do positions in it."""
    return _REFUSED.sub("\ufffd", text)


def cleaned(value: Any) -> Any:
    """Return what JSON holds with every text in it cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    return value
