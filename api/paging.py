"""Lists page by page: a cursor says where the next page begins, and means nothing to its reader."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from api.problems import invalid

T = TypeVar("T")

USUAL, MOST = 50, 100
_LARGEST = 2**62


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None = Field(
        default=None,
        description="The `cursor` of the next page; null on the last one.",
        examples=["bzo1MA"],
    )
    total: int | None = Field(default=None, description="All that the list has, where it is counted.")


@dataclass(frozen=True)
class Paging:
    """Which page is asked for: `after` is a place in the list, counted from 0, or the last id seen."""

    limit: int
    after: int | None

    @property
    def offset(self) -> int:
        return self.after or 0

    def page(self, items: list[T], total: int) -> Page[T]:
        """Return a page of a list whose places are counted."""
        end = self.offset + len(items)
        return Page(items=items, next_cursor=encode(end) if items and end < total else None, total=total)

    def page_before(self, items: list[T], more: int | None) -> Page[T]:
        """Return a page of a list that goes on after an id."""
        return Page(items=items, next_cursor=encode(more) if more is not None else None)


def encode(place: int) -> str:
    return base64.urlsafe_b64encode(f"o:{place}".encode()).decode().rstrip("=")


def decode(cursor: str) -> int:
    """Return the place. Raises a problem (422) for what is no cursor of ours."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    kind, _, number = text.partition(":")
    if (
        kind != "o"
        or not (number.isascii() and number.isdigit())
        or len(number) > 18
        or int(number) > _LARGEST
    ):
        raise invalid(["query", "cursor"], "This is no cursor.")
    return int(number)


def _paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="Entries of a page.")] = USUAL,
    cursor: Annotated[
        str | None, Query(max_length=64, description="`next_cursor` of the page before; empty for the first.")
    ] = None,
) -> Paging:
    return Paging(limit, decode(cursor) if cursor else None)


Paged = Annotated[Paging, Depends(_paging)]
