"""Conditional requests: `ETag` says which version was read, `If-Match` which one may be changed."""

from typing import Any

from api.problems import ProblemError
from services.access import versions


def tag(row: Any) -> str:
    """Return a row's ETag."""
    return f'"{versions.of(row)}"'


def require(if_match: str | None, row: Any) -> None:
    """Raise a problem (412) where the row is not in one of the versions that the caller knows.

    Call it in the transaction of the change. Without `If-Match` every version will do.
    """
    if if_match is None or if_match.strip() == "*":
        return
    known = {one.strip().removeprefix("W/") for one in if_match.split(",")}
    if tag(row) not in known:
        raise ProblemError(412, "changed_meanwhile", "It was changed since: read it again.")
