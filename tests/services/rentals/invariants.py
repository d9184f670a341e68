"""The state a lending stock must be in at any moment, asked of the rows: plain SQL, none of our own.

A `Picture` is all rows that a step in a rental's life may touch, as they are.
"""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

Row = dict[str, Any]

STATE = ("rentals", "rental_lines", "claims", "extensions", "audit")
SAID = ("cards", "outbox")

OCCUPIES = ("held", "out")
OPEN = ("wanted", "held", "out")
MOMENTS = {
    "at", "starts_at", "due_at", "blocked_until", "out_at", "expires_at", "returned_at", "return_claimed_at"
}  # fmt: skip


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Picture:
    """The rows of each table, in order of their ids."""

    tables: dict[str, list[Row]]

    def state(self) -> dict[str, list[Row]]:
        """Without what has to be said: drawing a card once more changes nothing."""
        return {name: self.tables[name] for name in STATE}

    def rows(self, table: str, **values: Any) -> list[Row]:
        return [row for row in self.tables[table] if values.items() <= row.items()]

    def about(self, rental_id: int) -> list[Row]:
        """The rental, its claims and its questions for more time.

        Not its pick-up deadline, which moves by itself while the thing is elsewhere, nor when the desk is
        reminded of it next, nor the number that tells buttons of before a change from those after it.
        """
        by_itself = {"expires_at": None, "remind_desk_at": None, "revision": None}
        return [
            *({**row, **by_itself} for row in self.rows("rentals", id=rental_id)),
            *self.rows("claims", rental_id=rental_id),
            *self.rows("extensions", rental_id=rental_id),
        ]


def picture(path: str) -> Picture:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return Picture(
            {
                table: [
                    {key: moment(row[key]) if key in MOMENTS else row[key] for key in row.keys()}  # noqa: SIM118
                    for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")
                ]
                for table in (*STATE, *SAID)
            }
        )


# What holds in every picture


def no_item_is_promised_twice(now: Picture) -> None:
    taken = [claim for claim in now.rows("claims") if claim["status"] in OCCUPIES]
    for one, other in combinations(taken, 2):
        if one["item_id"] == other["item_id"]:
            apart = one["blocked_until"] <= other["starts_at"] or other["blocked_until"] <= one["starts_at"]
            assert apart, (one, other)
            assert {one["status"], other["status"]} != {"out"}, (one, other)


CLAIMS_OF = {
    "draft": set(),
    "requested": {"wanted", "held"},
    "approved": {"held"},
    "out": {"held", "out", "returned", "lost"},
    "returned": {"returned", "lost"},
    "declined": set(),
    "cancelled": set(),
    "expired": set(),
}
"""Statuses that a rental's claims may have, besides released, by its own status."""


def is_change(rental: Row) -> bool:
    """Return whether it waits to take the place of another rental."""
    return rental["changes_id"] is not None and rental["status"] == "requested"


def claims_follow_their_rental(now: Picture, turnaround: timedelta) -> None:
    for rental in now.rows("rentals"):
        claims = [c for c in now.rows("claims", rental_id=rental["id"]) if c["status"] != "released"]
        statuses = {claim["status"] for claim in claims}
        assert statuses <= CLAIMS_OF[rental["status"]], (rental, statuses)
        if rental["status"] == "out":
            assert "out" in statuses, (rental, statuses)
        if rental["status"] == "returned":
            assert statuses, rental
        if is_change(rental):
            continue  # it holds what it wants beyond the rental that it is to change
        # Days that were refused may have been taken meanwhile: then nothing is claimed until the answer.
        taken = rental["status"] == "requested" and rental["revision"] and not claims
        if rental["status"] in ("requested", "approved", "out") and not taken:
            pieces = sum(line["quantity"] for line in now.rows("rental_lines", rental_id=rental["id"]))
            assert len(claims) == pieces, (rental, claims)
            # What is back already may go out again for another piece of the same rental, by a swap.
            there = [claim["item_id"] for claim in claims if claim["status"] != "returned"]
            assert len(set(there)) == len(there), (rental, claims)
        for claim in claims:
            if claim["status"] in OPEN:
                assert claim["blocked_until"] == rental["due_at"] + turnaround, (rental, claim)


def questions_are_open_while_things_are_out(now: Picture, most: int) -> None:
    for rental in now.rows("rentals"):
        asked = now.rows("extensions", rental_id=rental["id"], status="asked")
        assert len(asked) <= (rental["status"] == "out"), (rental, asked)
        assert len(now.rows("extensions", rental_id=rental["id"], status="granted")) <= most, rental


def pieces(now: Picture) -> Counter[int]:
    """Count the pieces that each member has, is promised or waits for.

    A change that waits counts with the rental that it is to change, by the greater number.
    """
    of: dict[tuple[int, int], int] = {}
    for rental in now.rows("rentals"):
        asked = sum(line["quantity"] for line in now.rows("rental_lines", rental_id=rental["id"]))
        claims = [c for c in now.rows("claims", rental_id=rental["id"]) if c["status"] in OPEN]
        number = asked if rental["status"] == "requested" else len(claims)
        key = rental["user_id"], rental["changes_id"] if is_change(rental) else rental["id"]
        of[key] = max(of.get(key, 0), number)
    found: Counter[int] = Counter()
    for (user_id, _), number in of.items():
        found[user_id] += number
    return found


def nobody_has_too_much(now: Picture, most: int) -> None:
    assert all(n <= most for n in pieces(now).values())


NOTED = {
    "requested": {"request"},
    "approved": {"request", "approve"},
    "out": {"request", "approve", "hand_out"},
    "returned": {"request", "approve", "hand_out"},
    "declined": {"request", "decline"},
    "expired": {"request", "expire"},
}
"""Actions that the audit tells at least of a rental that came so far."""

BACK = {"take_back", "hand_over", "count_as_back"}
"""One of these it tells of a rental that came back."""

SAME = {"ask_change": "request", "take_proposal": "approve"}
"""The same of a change, and of other days that were proposed."""

ONCE = ("request", "approve", "decline", "cancel", "expire")


def the_audit_tells_how_it_came(now: Picture) -> None:
    for rental in now.rows("rentals"):
        entries = now.rows("audit", subject="rental", subject_id=rental["id"])
        actions = [SAME.get(entry["action"], entry["action"]) for entry in entries]
        assert NOTED.get(rental["status"], set()) <= set(actions), (rental, actions)
        assert rental["status"] != "returned" or BACK & set(actions), (rental, actions)
        assert all(actions.count(once) <= 1 for once in ONCE), (rental, actions)


def changes_are_noted(before: Picture, after: Picture) -> None:
    """Each rental that is not as it was has a new row in the audit; baskets have not."""
    for rental in after.rows("rentals"):
        number = rental["id"]
        was_sent = rental["status"] != "draft" and rental["requested_at"] is not None
        if not was_sent or before.about(number) == after.about(number):
            continue
        entries = [len(p.rows("audit", subject="rental", subject_id=number)) for p in (before, after)]
        assert entries[0] < entries[1], rental


# What is free, from the rows

CONFIRM = timedelta(hours=48)


Span = tuple[datetime, datetime]


def _taken(picture: Picture, now: datetime) -> list[tuple[Row, datetime]]:
    """The claims that occupy an item, and until when: overdue things have no end, and what is said to be back
    is not offered before it counts as back, or somebody is promised it.
    """
    due = {rental["id"]: rental["due_at"] for rental in picture.rows("rentals")}
    found = []
    for claim in picture.rows("claims"):
        said, end = claim["return_claimed_at"], claim["blocked_until"]
        if claim["status"] == "out" and said is not None:
            held = picture.rows("claims", item_id=claim["item_id"], status="held")
            promised = [one["starts_at"] for one in held if one["blocked_until"] > now]
            end = max(end, min([said + CONFIRM, *promised]))
        elif claim["status"] == "out" and due[claim["rental_id"]] <= now:
            end = datetime.max.replace(tzinfo=UTC)
        if claim["status"] in OCCUPIES:
            found.append((claim, end))
    return found


def free_items(
    picture: Picture, items: list[int], now: datetime, starts_at: datetime, until: datetime
) -> set[int]:
    """The items that nobody has or is promised in `[starts_at, until)`."""
    taken = _taken(picture, now)
    return set(items) - {c["item_id"] for c, end in taken if c["starts_at"] < until and starts_at < end}


def most_free(
    picture: Picture, items: list[int], now: datetime, starts_at: datetime, until: datetime
) -> int | None:
    """The most pieces that can be had, if what is promised moves to other items; None where some of that
    cannot be served any more.
    """
    fixed: dict[int, list[Span]] = {item: [] for item in items}
    promised: list[Span] = []
    for claim, end in _taken(picture, now):
        if claim["status"] == "out":
            fixed[claim["item_id"]].append((claim["starts_at"], end))
        elif end > now:
            promised.append((max(claim["starts_at"], now), end))
    for number in range(len(items), -1, -1):
        if _fits(sorted([*promised, *[(starts_at, until)] * number]), fixed):
            return number
    return None


def _fits(spans: list[Span], taken: dict[int, list[Span]]) -> bool:
    """Return whether each of these can be on an item of its own for its time."""
    if not spans:
        return True
    (start, end), *others = spans
    for item, busy in taken.items():
        free = all(end <= one[0] or one[1] <= start for one in busy)
        if free and _fits(others, {**taken, item: [*busy, (start, end)]}):
            return True
    return False
