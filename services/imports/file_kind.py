"""The kind of a file (inventory or members) and known headers, from the headers of all kinds of files."""

from collections.abc import Sequence
from enum import StrEnum

from services.core.text import key
from services.imports import mapping
from services.imports.members import mapping as members_mapping
from services.imports.understanding import vocabulary


class About(StrEnum):
    INVENTORY = "inventory"
    MEMBERS = "members"


def is_known(header: str) -> bool:
    """Return whether the header is known in any kind of file."""
    return vocabulary.is_known(header) or key(header) in mapping.ALL_KEYS | members_mapping.ALL_KEYS


def about(headers: Sequence[str]) -> About | None:
    """Return the kind of file that these headers belong to; None where it could be either.

    Without any known header it is the inventory.
    """
    of_people = {key(header) for header in headers} & members_mapping.ALL_KEYS
    of_things = {key(h) for h in headers if vocabulary.meanings(h) or key(h) in mapping.ALL_KEYS}
    things, people = len(of_things - of_people), len(of_people - of_things)
    if things >= 2 * people and (things or not of_people):
        return About.INVENTORY
    if people >= 2 * things and people:
        return About.MEMBERS
    return None
