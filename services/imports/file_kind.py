"""The kind of a file (inventory or members) and known headers, from the headers of all kinds of files."""

from collections.abc import Sequence
from enum import StrEnum

from services.core.text import key
from services.imports import mapping
from services.imports.members import mapping as members_mapping


class About(StrEnum):
    INVENTORY = "inventory"
    MEMBERS = "members"


_ONLY_INVENTORY = mapping.ALL_KEYS - members_mapping.ALL_KEYS
_ONLY_MEMBERS = members_mapping.ALL_KEYS - mapping.ALL_KEYS


def is_known(header: str) -> bool:
    return key(header) in mapping.ALL_KEYS or key(header) in members_mapping.ALL_KEYS


def about(headers: Sequence[str]) -> About | None:
    """Return the kind of file that these headers belong to; None where it could be either.

    Without any known header it is the inventory.
    """
    keys = {key(header) for header in headers}
    things, people = len(keys & _ONLY_INVENTORY), len(keys & _ONLY_MEMBERS)
    if things >= 2 * people and (things or not keys & members_mapping.ALL_KEYS):
        return About.INVENTORY
    if people >= 2 * things and people:
        return About.MEMBERS
    return None
