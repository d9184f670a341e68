"""Allocation: assigns one equipment's items to claims so that as many as possible are served.

Pure computation, without database or clock. A claim that is not checked out yet has an item, but any other
will do: so a new one fits as long as an item is free at each moment, however scattered the free times are,
because the others move. Items that are out or blocked, and those demanded individually, are fixed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.availability import allocation_search
from services.availability.allocation_search import Assignment, Places, Span, Wanted


@dataclass(frozen=True)
class Allocation:
    """An item for each demand, in order, and the new items of the claims that have to move."""

    items: tuple[int, ...]
    moves: Mapping[int, int]


Barred = Callable[[datetime, datetime, bool], frozenset[int]]
"""Returns the items whose place is closed when a claim begins or is due; with True, only when it is due."""


class Pool:
    """The items of one equipment, the fixed times on them, and the claims that may move between them.

    A claim whose item is not available to it any more (overdue with somebody else, damaged) is reallocated
    first, in the `moves` of every answer, so that nobody else is promised the last free item. Where there is
    none, it is in `unallocated`, and blocks nothing.

    `places` and `barred` are there where the items lie in several places with hours of their own. A claim
    stays on the item that it has, also where its place was closed since.
    """

    def __init__(
        self,
        items: Iterable[int],
        fixed: Mapping[int, Sequence[Span]],
        assignments: Iterable[Assignment],
        places: Places | None = None,
        barred: Barred | None = None,
    ) -> None:
        self.items = tuple(items)
        self._places: Places = places or {}
        self._barred = barred
        self.fixed = {item: _joined(fixed.get(item, ())) for item in self.items}
        self.at: dict[int, list[Assignment]] = {item: [] for item in self.items}
        self.unallocated: list[Assignment] = []
        self._answers: dict[tuple[Wanted, ...], bool] = {}
        without: list[Assignment] = []
        for assignment in sorted(
            (self._kept_from(one) for one in assignments),
            key=lambda assignment: (assignment.starts_at, assignment.claim_id),
        ):
            at_home = assignment.item_id in self.at and _is_open(self.fixed[assignment.item_id], assignment)
            (self.at[assignment.item_id] if at_home else without).append(assignment)
        for assignment in without:
            found = self.allocate([_as_wanted(assignment)])
            if found is None:
                self.unallocated.append(assignment)
            else:
                self._settle({**found.moves, assignment.claim_id: found.items[0]}, assignment)
        self._answers.clear()

    def allocate(self, wanted: Sequence[Wanted]) -> Allocation | None:
        """Return an item for each demand with few moves, none if possible; None where they do not fit.

        Exact within allocation_search.MOST_STEPS, beyond which the answer is None: with many blocks and
        demands for individual items, a demand that would just fit may be refused. Nothing is ever promised
        twice.
        """
        wanted = [self._seen(one) for one in wanted]
        direct = self._direct(wanted)
        if direct is not None:
            return self._answer(direct, {})
        if not self._has_room(wanted):
            return None
        found = allocation_search.few_moves(self.items, self.fixed, self.at, wanted, self.as_they_are(wanted))
        if found is None:
            found = self._rearranged(wanted)
        return self._answer(*found) if found is not None else None

    def fits(self, wanted: Sequence[Wanted]) -> bool:
        """Return whether `allocate` would succeed; faster, for calendars."""
        key = tuple(wanted)
        if key not in self._answers:
            self._answers[key] = self._fits(wanted)
        return self._answers[key]

    def most(self, starts_at: datetime, until: datetime, due_at: datetime | None = None) -> int:
        """Return how many more items could be allocated for this time."""
        one = Wanted(starts_at, until, due_at=due_at)
        low, high = 0, len(self.items)
        while low < high:
            middle = (low + high + 1) // 2
            if self.fits([one] * middle):
                low = middle
            else:
                high = middle - 1
        return low

    def _seen(self, one: Wanted) -> Wanted:
        """Return the demand with the items that are barred for it."""
        if self._barred is None or one.due_at is None:
            return one
        return replace(one, barred=self._barred(one.starts_at, one.due_at, one.has_begun))

    def _kept_from(self, one: Assignment) -> Assignment:
        if self._barred is None or one.due_at is None:
            return one
        return replace(one, barred=self._barred(one.starts_at, one.due_at, one.has_begun) - {one.item_id})

    def _rearranged(self, wanted: Sequence[Wanted]) -> allocation_search.Found | None:
        return allocation_search.rearranged(self.items, self.fixed, self.at, wanted, self._places)

    def _fits(self, wanted: Sequence[Wanted]) -> bool:
        wanted = [self._seen(one) for one in wanted]
        if self._direct(wanted) is not None:
            return True
        if not self._has_room(wanted):
            return False
        # Fixed times before all movable claims only shorten an item's free time at its start: then room at
        # each moment is enough, and no search is needed (it is the colouring of an interval graph).
        region, inside = allocation_search.together(self.at, wanted)
        is_barred = any(one.barred for one in wanted) or any(one.barred for one in inside)
        simple = (
            not is_barred
            and all(
                span.starts_at <= region.starts_at or span.starts_at >= region.until
                for item in self.items
                for span in self.fixed[item]
            )
            and all(one.item_id is None for one in wanted)
        )
        if simple:
            return True
        if len(wanted) <= allocation_search.FEW:
            return self.allocate(wanted) is not None
        return self._rearranged(wanted) is not None

    def _direct(self, wanted: Sequence[Wanted]) -> tuple[int, ...] | None:
        """Return free items without moves; None where not every demand finds one."""
        chosen = self.as_they_are(wanted)
        return tuple(chosen[i] for i in range(len(wanted))) if len(chosen) == len(wanted) else None

    def as_they_are(self, wanted: Sequence[Wanted]) -> dict[int, int]:
        """Return free items by index of demand, for as many as find one; small gaps are filled first."""
        chosen: dict[int, int] = {}
        taken: dict[int, list[Wanted]] = {}
        free: dict[Wanted, list[int]] = {}
        for i in sorted(range(len(wanted)), key=lambda i: (wanted[i].item_id is None, i)):
            one = wanted[i]
            if one not in free:
                free[one] = self._free(one)
            # Equal demands share one list: an item taken by an earlier one is removed for good.
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
            if item in self.at
            and item not in one.barred
            and _is_open(self.fixed[item], one)
            and _is_open(self.at[item], one)
        ]
        return sorted(found, key=lambda item: (item != one.prefers, self._gap(item, one)))

    def _gap(self, item: int, one: Wanted) -> tuple[bool, datetime]:
        """Return a sort key for the next use of an item: sooner before later, no further use last."""
        starts = [span.starts_at for span in self.fixed[item] if span.starts_at >= one.until]
        starts += [assignment.starts_at for assignment in self.at[item] if assignment.starts_at >= one.until]
        return (not starts, min(starts, default=one.until))

    def _has_room(self, wanted: Sequence[Wanted]) -> bool:
        """Return whether each moment has enough items: a necessary condition, fast to check."""
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
        """Return the answer with moves from the claims' stored items, not from those reallocated here."""
        now_at = {
            assignment.claim_id: (assignment, item)
            for item, assignments in self.at.items()
            for assignment in assignments
        }
        moves = {
            claim: where.get(claim, item)
            for claim, (assignment, item) in now_at.items()
            if where.get(claim, item) != assignment.item_id
        }
        return Allocation(items, moves)

    def _settle(self, where: Mapping[int, int], newcomer: Assignment) -> None:
        assignments = [(assignment, item) for item, there in self.at.items() for assignment in there]
        self.at = {item: [] for item in self.items}
        for assignment, item in [*assignments, (newcomer, where[newcomer.claim_id])]:
            self.at[where.get(assignment.claim_id, item)].append(assignment)
        for there in self.at.values():
            there.sort(key=lambda assignment: assignment.starts_at)


def _as_wanted(one: Assignment) -> Wanted:
    return Wanted(one.starts_at, one.until, due_at=one.due_at, has_begun=one.has_begun)


def _is_open(
    taken: Sequence[Span] | Sequence[Assignment] | Sequence[Wanted], one: Assignment | Wanted
) -> bool:
    return all(t.until <= one.starts_at or one.until <= t.starts_at for t in taken)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order, adjoining and overlapping ones merged, as for an overdue item."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.starts_at <= joined[-1].until:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].until, span.until))
        else:
            joined.append(span)
    return tuple(joined)
