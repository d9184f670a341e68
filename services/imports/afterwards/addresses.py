"""Email addresses that several members of a file share: asked about once, for two cannot have the same."""

from dataclasses import dataclass

from sqlalchemy import select

from db.models import User
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.imports import runs
from services.imports.afterwards import undo
from services.imports.inventory import effects
from services.imports.inventory.effects import Effects, Table, Whole
from services.imports.members.matching import fingerprints
from services.members import editing
from services.messaging import outbox


@dataclass(frozen=True)
class Shared:
    """An address, and the members whose it may be: id and name, first the one who has it now."""

    address: str
    members: tuple[tuple[int, str], ...]


def open_ones(tx: Tx, whole: Whole) -> list[Shared]:
    """Return the addresses that nobody has decided about, in the order of the file."""
    by_holder: dict[int, list[int]] = {}
    for user_id, holder_id in whole.shared.items():
        by_holder.setdefault(holder_id, []).append(user_id)
    wanted = {*whole.shared, *by_holder}
    users = {user.id: user for user in tx.session.scalars(select(User).where(User.id.in_(wanted)))}
    found = []
    for holder_id, others in by_holder.items():
        holder = users.get(holder_id)
        if holder is not None and holder.email:
            rest = [users[id_] for id_ in others if id_ in users and users[id_].email is None]
            people_ = tuple((user.id, user.name) for user in (holder, *rest))
            found += [Shared(holder.email, people_)] if rest else []
    return found


def settle(tx: Tx, run_id: int, user_id: int) -> Shared:
    """Give a shared address to this member, or leave it to the one who has it; it is asked no more.

    Raises as `undo.get`, NOT_ALLOWED, ADDRESS_SETTLED.
    """
    run = undo.get(tx, run_id)
    whole = effects.of_run(tx, run.id)
    one = next((s for s in open_ones(tx, whole) if user_id in dict(s.members)), None)
    if one is None:
        raise Refusal(Refused.ADDRESS_SETTLED)
    holder_id, others = one.members[0][0], [id_ for id_, _ in one.members[1:]]
    if user_id != holder_id:
        _write(tx, holder_id, None, seen=one.address)
        _write(tx, user_id, one.address, seen="")
        _exchange(tx, holder_id, user_id, one.address)
    left = fingerprints(tx, whole.users.keys() & {holder_id, user_id})
    noted = Effects()
    noted.make(Table.SETTLED, others)
    noted.make(Table.USER, left.items())
    noted.write(tx, run.id)
    outbox.refresh_card(tx, kind=runs.CARD, subject_id=run.id)
    return one


def _write(tx: Tx, user_id: int, address: str | None, *, seen: str) -> None:
    if tx.acting is not None:
        editing.edit(tx, user_id, field="email", value=address, seen=seen)
        return
    # The operator, on the command line, who has no role to be measured by.
    user = tx.session.get_one(User, user_id, with_for_update=True)
    user.email = address
    tx.session.flush()
    editing.note(tx, user, "edit", email=[seen, address or ""])


def _exchange(tx: Tx, holder_id: int, user_id: int, address: str) -> None:
    """Keep the address beside the one who gives it away, under the header that the other had it under."""
    holder, user = tx.session.get_one(User, holder_id), tx.session.get_one(User, user_id)
    label = next((label for label, text in user.custom.items() if text == address), None)
    if label is not None:
        user.custom = {name: text for name, text in user.custom.items() if name != label}
        holder.custom = holder.custom | {label: address}
        tx.session.flush()
