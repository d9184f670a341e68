"""Which item serves which claim: against the plainest way to find out, which is to try everything."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.availability.allocation import Pool
from services.availability.allocation_search import Assignment, Span, Wanted
from tests import long

MOMENT = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def span(first: int, last: int) -> Span:
    return Span(MOMENT + first * DAY, MOMENT + last * DAY)


def assignment(claim: int, item: int, first: int, last: int) -> Assignment:
    return Assignment(claim, item, *span(first, last))


def want(first: int, last: int, item: int | None = None) -> Wanted:
    return Wanted(*span(first, last), item_id=item)


@dataclass(frozen=True)
class Puzzle:
    """Items 1 to n; `fixed` and `seats` do not overlap on any item."""

    items: int
    fixed: dict[int, list[Span]]
    seats: list[Assignment]
    wanted: list[Wanted]

    def pool(self) -> Pool:
        return Pool(range(1, self.items + 1), self.fixed, self.seats)


@st.composite
def puzzles(draw: st.DrawFn) -> Puzzle:
    """Up to three items over ten days, packed by throwing spans at them and keeping what fits."""
    items = draw(st.integers(1, 3))
    fixed: dict[int, list[Span]] = {item: [] for item in range(1, items + 1)}
    seats: list[Assignment] = []
    thrown = st.tuples(st.integers(1, items), st.integers(0, 9), st.integers(1, 4), st.booleans())
    for item, first, days, moves in draw(st.lists(thrown, max_size=9)):
        one = span(first, first + days)
        there = [*fixed[item], *(Span(s.starts_at, s.until) for s in seats if s.item_id == item)]
        if any(meets(one, other) for other in there):
            continue
        if moves and len(seats) < 6:
            seats.append(Assignment(len(seats), item, *one))
        else:
            fixed[item].append(one)
    pinned = st.none() | st.integers(1, items)
    asked = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4), pinned), min_size=1, max_size=2))
    return Puzzle(items, fixed, seats, [want(first, first + days, item) for first, days, item in asked])


def meets(a: Span | Assignment | Wanted, b: Span | Assignment | Wanted) -> bool:
    return a.starts_at < b.until and b.starts_at < a.until


def is_sound(puzzle: Puzzle, items: Sequence[int], where: dict[int, int]) -> bool:
    """Nothing overlaps, and what was wanted of one item is on it."""
    there: dict[int, list[Span | Assignment | Wanted]] = {
        item: list(puzzle.fixed[item]) for item in puzzle.fixed
    }
    seated: list[tuple[Assignment | Wanted, int]] = [(one, where[one.claim_id]) for one in puzzle.seats]
    seated += zip(puzzle.wanted, items, strict=True)
    for one, item in seated:
        if any(meets(one, other) for other in there[item]):
            return False
        there[item].append(one)
    return all(w.item_id in (None, item) for w, item in zip(puzzle.wanted, items, strict=True))


def solutions(puzzle: Puzzle) -> Iterator[int]:
    """Yield the number of moves for each way to seat everybody; there may be no way."""
    all_items = range(1, puzzle.items + 1)
    for where in product(all_items, repeat=len(puzzle.seats)):
        at = dict(enumerate(where))
        moves = sum(s.item_id != at[s.claim_id] for s in puzzle.seats)
        for items in product(all_items, repeat=len(puzzle.wanted)):
            if is_sound(puzzle, items, at):
                yield moves


@settings(max_examples=long.cases(60, 120), deadline=None)
@given(puzzles())
def test_it_fits_exactly_when_there_is_a_way(puzzle: Puzzle) -> None:
    """All are seated if any way seats all, soundly, and with the fewest moves where few are enough."""
    found = puzzle.pool().allocate(puzzle.wanted)
    ways = list(solutions(puzzle))
    assert puzzle.pool().fits(puzzle.wanted) is bool(ways)
    assert (found is not None) is bool(ways)
    if found is None:
        return
    at = {s.claim_id: found.moves.get(s.claim_id, s.item_id) for s in puzzle.seats}
    assert is_sound(puzzle, found.items, at)
    assert all(at[claim] != puzzle.seats[claim].item_id for claim in found.moves)
    if min(ways) <= 3:
        assert len(found.moves) == min(ways)


@settings(max_examples=long.cases(40, 80), deadline=None)
@given(puzzles())
def test_most_is_the_number_that_fits(puzzle: Puzzle) -> None:
    """The pool's maximum can be seated, and not one more."""
    one = Wanted(puzzle.wanted[0].starts_at, puzzle.wanted[0].until)
    most = puzzle.pool().most(one.starts_at, one.until)
    for number in range(1, puzzle.items + 2):
        same = Puzzle(puzzle.items, puzzle.fixed, puzzle.seats, [one] * number)
        assert any(True for _ in solutions(same)) is (number <= most)


def test_scattered_free_days_are_one_free_item() -> None:
    """One item is free at first, the other later: whoever has the later days moves, and all are served."""
    pool = Pool([1, 2], {}, [assignment(7, 1, 0, 2), assignment(8, 2, 2, 4)])
    found = pool.allocate([want(0, 4)])
    assert found is not None
    assert (found.items, found.moves) in [((2,), {8: 1}), ((1,), {7: 2})]
    assert pool.allocate([want(1, 3), want(1, 3)]) is None


def test_nobody_moves_without_need() -> None:
    """A free item is taken as it is: the one whose gap it fills, else the first."""
    pool = Pool([1, 2, 3], {2: [span(5, 6)]}, [assignment(7, 1, 0, 4)])
    found = pool.allocate([want(2, 5)])
    assert found is not None and (found.items, found.moves) == ((2,), {})


def test_what_is_fixed_stays() -> None:
    """Out, blocked, or asked for as that very item."""
    assert Pool([1, 2], {1: [span(0, 2)], 2: [span(2, 4)]}, []).allocate([want(0, 4)]) is None
    swapped = Pool([1, 2], {}, [assignment(7, 1, 0, 2)]).allocate([want(1, 3, item=1)])
    assert swapped is not None and (swapped.items, swapped.moves) == ((1,), {7: 2})


def test_whose_item_is_gone_comes_first() -> None:
    """Item 1 is overdue without an end: its next one is seated on item 2, promised to nobody else."""
    pool = Pool([1, 2], {1: [span(0, 999)]}, [assignment(7, 1, 3, 5)])
    assert pool.most(*span(3, 5)) == 0
    found = pool.allocate([want(5, 6)])
    assert found is not None and (found.items, found.moves) == ((2,), {7: 2})


def test_whose_item_is_gone_for_good_is_in_nobodys_way() -> None:
    """A claim that no other item can serve does not keep everybody else from being served."""
    pool = Pool([1, 2], {1: [span(0, 999)]}, [assignment(7, 1, 3, 5), assignment(8, 2, 4, 6)])
    assert [one.claim_id for one in pool.unallocated] == [7]
    found = pool.allocate([want(6, 9)])
    assert found is not None and (found.items, found.moves) == ((2,), {})


def many(items: int, claims: int, blocks: int, seed: int) -> Pool:
    """A well-used stock: claims of one to seven days over two months, some blocks among them."""
    random = Random(seed)
    taken: dict[int, list[Span]] = {item: [] for item in range(items)}
    seats: list[Assignment] = []
    fixed: dict[int, list[Span]] = {item: [] for item in range(items)}
    while len(seats) < claims:
        item, first = random.randrange(items), random.randrange(60)
        one = span(first, first + random.randint(1, 7))
        if any(meets(one, other) for other in taken[item]):
            continue
        taken[item].append(one)
        if blocks:
            blocks -= 1
            fixed[item].append(one)
        else:
            seats.append(Assignment(len(seats), item, *one))
    return Pool(range(items), fixed, seats)


def test_a_calendar_of_a_large_stock_is_quick() -> None:
    """A month of 104 items with 300 claims, asked for one piece and for many: well below a tenth of a second.

    Generous: what is measured is some milliseconds.
    """
    for pieces in (1, 70):
        pool = many(104, 300, 20, seed=pieces)
        began = time.perf_counter()
        for day in range(31):
            pool.fits([want(day, day + 1)] * pieces)
        assert time.perf_counter() - began < 0.5


def test_a_puzzle_beyond_measure_is_given_up() -> None:
    """However tangled, the answer comes in good time; where none was found, it is no."""
    began = time.perf_counter()
    for seed in range(5):
        pool = many(8, 60, 12, seed)
        for day in range(40):
            pool.fits([want(day, day + 5)] * 2)
    assert time.perf_counter() - began < 30
