"""Work for a transaction that is run elsewhere, maybe in another process."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from services.core.actor import Actor
from services.core.tx import Tx


def in_tx(
    work: Callable[..., Any], now: datetime, actor: Actor | None = None, **given: Any
) -> Callable[[Session], Any]:
    """Return `work` as something that is done with a session; it can be sent to another process."""
    return partial(_run, work=work, now=now, actor=actor, given=given)


def _run(
    session: Session, *, work: Callable[..., Any], now: datetime, actor: Actor | None, given: dict[str, Any]
) -> Any:
    return work(Tx(session, now, actor), **given)
