"""Long lists, a page at a time: the part that is shown, and the arrows below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from handlers.ui.message import Button, Rows

T = TypeVar("T")


@dataclass(frozen=True)
class Part(Generic[T]):
    """One page of a list; `number` counts from 0."""

    shown: Sequence[T]
    number: int
    pages: int


def pages_of(total: int, per_page: int) -> int:
    """Return how many pages there are; an empty list has one."""
    return max(1, -(-total // per_page))


def within(number: int, total: int, per_page: int) -> int:
    """Return the page in range: lists grow shorter, and beyond the end is the last page."""
    return min(max(number, 0), pages_of(total, per_page) - 1)


def cut(found: Sequence[T], number: int, per_page: int) -> Part[T]:
    """Return this page of the list, or the last one where the list has become shorter."""
    number = within(number, len(found), per_page)
    return Part(found[number * per_page : (number + 1) * per_page], number, pages_of(len(found), per_page))


def arrows(number: int, pages: int, to: Callable[[int], str], *, counted: bool = True) -> Rows:
    """Return the row that turns the page, cyclically; none where there is only one page.

    `to` makes a page's callback data. `counted`: with `2/5` between the arrows, which shows the page again.
    """
    if pages < 2:
        return ()
    middle = (Button(f"{number + 1}/{pages}", to(number)),) if counted else ()
    return ((Button("‹", to((number - 1) % pages)), *middle, Button("›", to((number + 1) % pages))),)
