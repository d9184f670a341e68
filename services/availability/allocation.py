"""Which item serves which claim, so that as many claims are served as there can be. No database, no clock.

One equipment's items are like places in a row: a claim that is not handed out yet has a place, but any other
will do. So a new one fits as long as each moment has a place left, however scattered the free ones are: the
others move together. What is out, blocked, or was asked for as that very item has to stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.availability import allocation_search
from services.availability.allocation_search import Assignment, Span, Wanted


@dataclass(frozen=True)
class Allocation:
    """An item for each that was wanted, in that order, and which claims have to move to which item."""

    items: tuple[int, ...]
    moves: Mapping[int, int]


class Pool:
    """The items of one equipment, what is fixed on them, and the claims that may move between them.

    A claim whose own item is no longer there for it (overdue with somebody else, broken) is seated elsewhere
    right away, in `moves` of whatever is asked, so that nobody else is promised the last free item. Where
    there is none, it is in `unseated`, and no more in anybody's way.
    """

    def __init__(
        self, items: Iterable[int], fixed: Mapping[int, Sequence[Span]], seats: Iterable[Assignment]
    ) -> None:
        self.items = tuple(items)
        self.fixed = {item: _joined(fixed.get(item, ())) for item in self.items}
        self.at: dict[int, list[Assignment]] = {item: [] for item in self.items}
        self.unseated: list[Assignment] = []
        self._answers: dict[tuple[Wanted, ...], bool] = {}
        without: list[Assignment] = []
        for seat in sorted(seats, key=lambda seat: (seat.starts_at, seat.claim_id)):
            at_home = seat.item_id in self.at and _is_open(self.fixed[seat.item_id], seat)
            (self.at[seat.item_id] if at_home else without).append(seat)
        for seat in without:
            found = self.seat([Wanted(seat.starts_at, seat.until)])
            if found is None:
                self.unseated.append(seat)
            else:
                self._settle({**found.moves, seat.claim_id: found.items[0]}, seat)
        self._answers.clear()

    def seat(self, wanted: Sequence[Wanted]) -> Allocation | None:
        """An item for each, moving few others, none where it can be; None where there is no way.

        Exact, within seating_search.MOST_STEPS: beyond them the answer is None. So in a puzzle of many
        blocks and wishes for one item something that would just fit may be refused; nothing is ever
        promised twice.
        """
        direct = self._direct(wanted)
        if direct is not None:
            return self._answer(direct, {})
        if not self._has_room(wanted):
            return None
        found = allocation_search.few_moves(self.items, self.fixed, self.at, wanted, self.as_they_are(wanted))
        if found is None:
            found = allocation_search.rearranged(self.items, self.fixed, self.at, wanted)
        return self._answer(*found) if found is not None else None

    def fits(self, wanted: Sequence[Wanted]) -> bool:
        """Whether `seat` would find a way; quicker, for calendars."""
        key = tuple(wanted)
        if key not in self._answers:
            self._answers[key] = self._fits(wanted)
        return self._answers[key]

    def most(self, starts_at: datetime, until: datetime) -> int:
        """How many more could be seated for this time."""
        one = Wanted(starts_at, until)
        low, high = 0, len(self.items)
        while low < high:
            middle = (low + high + 1) // 2
            if self.fits([one] * middle):
                low = middle
            else:
                high = middle - 1
        return low

    def _fits(self, wanted: Sequence[Wanted]) -> bool:
        if self._direct(wanted) is not None:
            return True
        if not self._has_room(wanted):
            return False
        # What begins before all that may move is only a place that is taken at first: then room at each
        # moment is enough, and one need not look for the way (it is the colouring of an interval graph).
        region, _ = allocation_search.together(self.at, wanted)
        simple = all(
            span.starts_at <= region.starts_at or span.starts_at >= region.until
            for item in self.items
            for span in self.fixed[item]
        ) and all(one.item_id is None for one in wanted)
        if simple:
            return True
        if len(wanted) <= allocation_search.FEW:
            return self.seat(wanted) is not None
        return allocation_search.rearranged(self.items, self.fixed, self.at, wanted) is not None

    def _direct(self, wanted: Sequence[Wanted]) -> tuple[int, ...] | None:
        """Items that are free as they are; None where not all find one."""
        chosen = self.as_they_are(wanted)
        return tuple(chosen[i] for i in range(len(wanted))) if len(chosen) == len(wanted) else None

    def as_they_are(self, wanted: Sequence[Wanted]) -> dict[int, int]:
        """Free items for as many as find one, by place among the wanted; small gaps are filled first."""
        chosen: dict[int, int] = {}
        taken: dict[int, list[Wanted]] = {}
        free: dict[Wanted, list[int]] = {}
        for i in sorted(range(len(wanted)), key=lambda i: (wanted[i].item_id is None, i)):
            one = wanted[i]
            if one not in free:
                free[one] = self._free(one)
            # Those before it wanted the same, mostly: what they took is gone from its list for good.
            while free[one] and not _is_open(taken.get(free[one][0], ()), one):
                free[one].pop(0)
            if free[one]:
                chosen[i] = free[one].pop(0)
                taken.setdefault(chosen[i], []).append(one)
        return chosen

    def _free(self, one: Wanted) -> list[int]:
        found = [
            item
            for item in (self.items if one.item_id is None else (one.item_id,))
            if item in self.at and _is_open(self.fixed[item], one) and _is_open(self.at[item], one)
        ]
        return sorted(found, key=lambda item: (item != one.prefers, self._gap(item, one)))

    def _gap(self, item: int, one: Wanted) -> tuple[bool, datetime]:
        """When the item is wanted next: sooner sorts before later, and never comes last."""
        starts = [span.starts_at for span in self.fixed[item] if span.starts_at >= one.until]
        starts += [seat.starts_at for seat in self.at[item] if seat.starts_at >= one.until]
        return (not starts, min(starts, default=one.until))

    def _has_room(self, wanted: Sequence[Wanted]) -> bool:
        """Whether each moment has enough items; necessary, and quick."""
        first, last = min(w.starts_at for w in wanted), max(w.until for w in wanted)
        changes: list[tuple[datetime, int]] = []
        groups: list[Sequence[Span] | Sequence[Assignment] | Sequence[Wanted]] = [wanted]
        groups += [*self.fixed.values(), *self.at.values()]
        for span in (span for group in groups for span in group):
            if span.starts_at < last and first < span.until:
                changes += [(max(span.starts_at, first), 1), (span.until, -1)]
        taken = 0
        for _, change in sorted(changes):
            taken += change
            if taken > len(self.items):
                return False
        return True

    def _answer(self, items: tuple[int, ...], where: Mapping[int, int]) -> Allocation:
        """With the moves from where the claims really are, not from where they are seated by now."""
        now_at = {seat.claim_id: (seat, item) for item, seats in self.at.items() for seat in seats}
        moves = {
            claim: where.get(claim, item)
            for claim, (seat, item) in now_at.items()
            if where.get(claim, item) != seat.item_id
        }
        return Allocation(items, moves)

    def _settle(self, where: Mapping[int, int], newcomer: Assignment) -> None:
        seats = [(seat, item) for item, there in self.at.items() for seat in there]
        self.at = {item: [] for item in self.items}
        for seat, item in [*seats, (newcomer, where[newcomer.claim_id])]:
            self.at[where.get(seat.claim_id, item)].append(seat)
        for there in self.at.values():
            there.sort(key=lambda seat: seat.starts_at)


def _is_open(
    taken: Sequence[Span] | Sequence[Assignment] | Sequence[Wanted], one: Assignment | Wanted
) -> bool:
    return all(t.until <= one.starts_at or one.until <= t.starts_at for t in taken)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, those that meet as one: an overdue item is taken once, whatever is promised of it."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.starts_at <= joined[-1].until:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].until, span.until))
        else:
            joined.append(span)
    return tuple(joined)
