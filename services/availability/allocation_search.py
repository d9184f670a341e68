"""Search for an allocation when no item is free without moving other claims.

Two exact searches. `few_moves` finds the fewest moves where few are enough: a claim in the way is moved, and
may displace another in turn. `rearranged` allocates all claims again in order of time; where only the present
is fixed it never backtracks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

MOST_STEPS = 3000
"""Placements beyond the number of claims after which a search gives up: about a tenth of a second."""

FEW = 3
"""The largest number of moves that `few_moves` tries."""

_FEW_STEPS = 400


class Span(NamedTuple):
    """A fixed time on an item, half-open: `[starts_at, until)`."""

    starts_at: datetime
    until: datetime


@dataclass(frozen=True)
class Assignment:
    """A claim that is not checked out yet, and its item. `due_at`, `has_begun`, `barred`: as for Wanted."""

    claim_id: int
    item_id: int
    starts_at: datetime
    until: datetime
    due_at: datetime | None = None
    has_begun: bool = False
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """A demand for one item for this time: `item_id` only, or any, `prefers` if possible.

    With `due_at` it is fetched and brought back where the item lies, so that the pool bars the items whose
    place is closed then: in `barred`. `has_begun`: since earlier, to be fetched on any day.
    """

    starts_at: datetime
    until: datetime
    item_id: int | None = None
    prefers: int | None = None
    due_at: datetime | None = None
    has_begun: bool = False
    barred: frozenset[int] = frozenset()


_Kind = tuple[int | None, tuple[Span, ...]]
_State = frozenset[tuple[tuple[_Kind, datetime], int]]
Fixed = Mapping[int, Sequence[Span]]
At = Mapping[int, Sequence[Assignment]]
Found = tuple[tuple[int, ...], dict[int, int]]
"""An item for each demand, and the new item of each claim that moves."""


class _Enough(Exception):
    """The search has used all its steps."""


class _Steps:
    def __init__(self, left: int) -> None:
        self._left = left

    def one(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise _Enough


def _meets(a: Span | Assignment | Wanted, b: Span | Assignment | Wanted) -> bool:
    return a.starts_at < b.until and b.starts_at < a.until


def few_moves(
    items: Sequence[int], fixed: Fixed, at: At, wanted: Sequence[Wanted], free: Mapping[int, int]
) -> Found | None:
    """Return the allocation with the fewest moves, if at most FEW are enough.

    With many demands, those in `free` keep their free item; only the others are searched for.
    """
    search = _FewMoves(items, fixed, at, _Steps(_FEW_STEPS))
    if len(wanted) > FEW:
        for place, item in free.items():
            search.put(-1 - place, wanted[place], item)
    allocated = {who for who, _, _ in search.placed}
    queue: list[_Guest] = [
        (-1 - place, one) for place, one in enumerate(wanted) if -1 - place not in allocated
    ]
    if len(queue) > FEW:
        return None
    try:
        if not any(search.place(queue, most) for most in range(FEW + 1)):
            return None
    except _Enough:
        return None
    items_of = {who: item for who, _, item in search.placed}
    moves = {who: item for who, item in items_of.items() if who >= 0}
    return tuple(items_of[-1 - place] for place in range(len(wanted))), moves


_Guest = tuple[int, "Wanted | Assignment"]
"""A claim or demand to place: a claim's id, or -1 minus the index of the demand."""


class _FewMoves:
    """A depth-first search: places the next one and queues the claims that it displaces.

    Complete: in any solution every claim in the way of a placed one has moved, so trying all items for each
    finds it with no more moves than it has.
    """

    def __init__(self, items: Sequence[int], fixed: Fixed, at: At, steps: _Steps) -> None:
        self._items, self._fixed, self._at, self._steps = items, fixed, at, steps
        self._homes = _homes(at)
        self.placed: list[tuple[int, Wanted | Assignment, int]] = []
        self._there: dict[int, list[Wanted | Assignment]] = {}
        self._moved: set[int] = set()

    def put(self, who: int, one: Wanted | Assignment, item: int) -> None:
        self.placed.append((who, one, item))
        self._there.setdefault(item, []).append(one)

    def place(self, queue: list[_Guest], moves_left: int) -> bool:
        if not queue:
            return True
        (who, one), rest = queue[0], queue[1:]
        for item, away in self._options(who, one, moves_left):
            self._steps.one()
            self.put(who, one, item)
            self._moved.update(assignment.claim_id for assignment in away)
            if self.place(
                [*rest, *((assignment.claim_id, assignment) for assignment in away)], moves_left - len(away)
            ):
                return True
            self.placed.pop()
            self._there[item].pop()
            self._moved.difference_update(assignment.claim_id for assignment in away)
        return False

    def _options(
        self, who: int, one: Wanted | Assignment, moves_left: int
    ) -> list[tuple[int, list[Assignment]]]:
        """Return the possible items with the claims that each displaces, fewest first."""
        found = []
        for item in self._candidates(who, one):
            if item in one.barred or any(_meets(one, span) for span in self._fixed[item]):
                continue
            if any(_meets(one, other) for other in self._there.get(item, ())):
                continue
            away = [s for s in self._at[item] if s.claim_id not in self._moved and _meets(one, s)]
            if len(away) <= moves_left:
                found.append((item, away))
        prefers = one.prefers if isinstance(one, Wanted) else None
        return sorted(found, key=lambda option: (len(option[1]), option[0] != prefers))

    def _candidates(self, who: int, one: Wanted | Assignment) -> Sequence[int]:
        if isinstance(one, Assignment):
            return [item for item in self._items if item != self._homes[who]]
        if one.item_id is None:
            return self._items
        return (one.item_id,) if one.item_id in self._at else ()


def _homes(at: At) -> dict[int, int]:
    return {assignment.claim_id: item for item, there in at.items() for assignment in there}


def together(at: At, wanted: Sequence[Wanted]) -> tuple[Span, list[Assignment]]:
    """Return the connected time around the demands, and the claims in it; all others can stay."""
    first, last = min(w.starts_at for w in wanted), max(w.until for w in wanted)
    assignments = [assignment for there in at.values() for assignment in there]
    inside: list[Assignment] = []
    while True:
        more = [
            assignment
            for assignment in assignments
            if assignment.starts_at < last and first < assignment.until
        ]
        if len(more) == len(inside):
            return Span(first, last), inside
        inside = more
        first = min(first, *(assignment.starts_at for assignment in inside))
        last = max(last, *(assignment.until for assignment in inside))


@dataclass(frozen=True)
class _Job:
    """A claim or demand to allocate: `who` is a claim's id, or -1 minus the index of the demand."""

    starts_at: datetime
    until: datetime
    who: int
    home: int | None
    barred: frozenset[int]


Places = Mapping[int, int | None]
"""The location of each item; empty where it does not matter."""


def rearranged(
    items: Sequence[int], fixed: Fixed, at: At, wanted: Sequence[Wanted], places: Places
) -> Found | None:
    """Allocate all claims connected with the demands again, on their own item where possible."""
    region, assignments = together(at, wanted)
    fixed = {item: [span for span in spans if _meets(span, region)] for item, spans in fixed.items()}
    chosen: dict[int, int] = {}
    for place, one in enumerate(wanted):
        if one.item_id is not None:
            if one.item_id not in fixed or one.item_id in one.barred:
                return None
            if any(_meets(one, span) for span in fixed[one.item_id]):
                return None
            fixed[one.item_id] = sorted([*fixed[one.item_id], Span(one.starts_at, one.until)])
            chosen[-1 - place] = one.item_id
    homes = _homes(at)
    jobs = [
        _Job(one.starts_at, one.until, one.claim_id, homes[one.claim_id], one.barred) for one in assignments
    ]
    jobs += [
        _Job(one.starts_at, one.until, -1 - place, one.prefers if one.prefers in fixed else None, one.barred)
        for place, one in enumerate(wanted)
        if one.item_id is None
    ]
    jobs.sort(key=lambda job: (job.starts_at, job.until, job.home is None, job.who))
    try:
        allocated = _in_order_of_time(_Stock(items, fixed, places), jobs, _Steps(MOST_STEPS + len(jobs)))
    except _Enough:
        return None
    if allocated is None:
        return None
    chosen |= allocated
    moves = {who: item for who, item in allocated.items() if who >= 0 and item != homes[who]}
    return tuple(chosen[-1 - place] for place in range(len(wanted))), moves


class _Stock:
    """The items in `rearranged`: `plain` ones have no fixed times; those of one place are interchangeable."""

    def __init__(self, items: Sequence[int], fixed: Fixed, places: Places) -> None:
        self._places = places
        self.plain = [item for item in items if not fixed[item]]
        self.fixed = {item: tuple(fixed[item]) for item in items if fixed[item]}
        self.busy: dict[int, datetime] = {}

    def later(self, item: int, moment: datetime) -> tuple[Span, ...]:
        """Return the fixed times still ahead: free items with equal ones are interchangeable."""
        spans = self.fixed.get(item, ())
        if not spans or spans[0].until > moment:
            return spans
        return tuple(span for span in spans if span.until > moment)

    def _kind(self, item: int, moment: datetime) -> _Kind:
        return self._places.get(item), self.later(item, moment)

    def options(self, job: _Job) -> list[int]:
        """Return one item of each kind: the job's own first, then those whose next fixed time is soonest."""
        kinds: dict[_Kind, int] = {}
        if job.home is not None and self._is_open(job.home, job):
            kinds[self._kind(job.home, job.starts_at)] = job.home
        for item in self.plain:
            place = self._places.get(item)
            if (place, ()) not in kinds and item not in job.barred and self._is_idle(item, job):
                kinds[place, ()] = item
                if not self._places:
                    break
        for item in self.fixed:
            if self._is_open(item, job):
                kinds.setdefault(self._kind(item, job.starts_at), item)
        return sorted(kinds.values(), key=lambda item: (item != job.home, *self._next(item, job.until)))

    def _is_idle(self, item: int, job: _Job) -> bool:
        until = self.busy.get(item)
        return until is None or until <= job.starts_at

    def _is_open(self, item: int, job: _Job) -> bool:
        if item in job.barred or not self._is_idle(item, job):
            return False
        later = self.later(item, job.starts_at)
        return not later or later[0].starts_at >= job.until

    def _next(self, item: int, moment: datetime) -> tuple[bool, datetime]:
        later = self.later(item, moment)
        return (not later, later[0].starts_at if later else moment)

    def state(self, moment: datetime) -> _State:
        """Return the kinds of busy items with their ends; a state that failed once fails again."""
        counted: dict[tuple[_Kind, datetime], int] = {}
        for item, until in self.busy.items():
            if until > moment:
                kind = (self._kind(item, moment), until)
                counted[kind] = counted.get(kind, 0) + 1
        return frozenset(counted.items())


def _in_order_of_time(stock: _Stock, jobs: Sequence[_Job], steps: _Steps) -> dict[int, int] | None:
    """Backtrack with an explicit stack: there may be more jobs than Python's recursion limit."""
    failed: set[tuple[int, _State]] = set()
    chosen: list[tuple[int, datetime | None]] = []
    options: list[Iterator[int]] = []
    while len(chosen) < len(jobs):
        depth, job = len(chosen), jobs[len(chosen)]
        if len(options) == depth:
            known = bool(failed) and (depth, stock.state(job.starts_at)) in failed
            options.append(iter(() if known else stock.options(job)))
        item = next(options[-1], None)
        if item is not None:
            steps.one()
            chosen.append((item, stock.busy.get(item)))
            stock.busy[item] = job.until
            continue
        failed.add((depth, stock.state(job.starts_at)))
        options.pop()
        if not chosen:
            return None
        item, before = chosen.pop()
        if before is None:
            del stock.busy[item]
        else:
            stock.busy[item] = before
    return {job.who: item for job, (item, _) in zip(jobs, chosen, strict=True)}
