"""The kind of a file (inventory or members) and known headers, from the headers of all kinds of files."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from services.core.text import key
from services.imports import mapping
from services.imports.members import mapping as members_mapping
from services.imports.understanding import vocabulary


class About(StrEnum):
    INVENTORY = "inventory"
    MEMBERS = "members"


def is_known(header: str) -> bool:
    """Return whether the header is known in any kind of file."""
    return vocabulary.is_known(header) or bool(vocabulary.of_people(header))


def ours(headers: Sequence[str], labels: Mapping[str, Any]) -> About | None:
    """Return the kind of a file of ours; None for other files."""
    if mapping.is_ours(headers, labels):
        return About.INVENTORY
    return About.MEMBERS if members_mapping.is_ours(headers, labels) else None


def about(headers: Sequence[str]) -> About | None:
    """Return the kind of file that these headers belong to; None where it could be either.

    Without any known header it is the inventory.
    """
    of_people = {key(header) for header in headers if vocabulary.of_people(header)}
    of_things = {key(header) for header in headers if vocabulary.meanings(header)}
    things, people = len(of_things - of_people), len(of_people - of_things)
    if things >= 2 * people and (things or not of_people):
        return About.INVENTORY
    if people >= 2 * things and people:
        return About.MEMBERS
    return None
