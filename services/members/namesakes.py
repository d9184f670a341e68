"""Namesakes: which members of an organization share their name with another one.

`User.name_is_shared` is kept, in the transaction that makes, renames, merges or erases a member: a card then
shows who is meant without a look at anybody else. To find it anew, all names are read: no index ignores
accents, and thousands are read in no time.
"""

from collections import Counter

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import Organization, User
from services.core.text import fold


def settle(session: Session, organization_id: int) -> None:
    """Note anew whose name is shared, whatever its case and accents."""
    session.flush()
    # Two of one name who join at once wait for each other; references to the row do not.
    of = select(Organization.id).where(Organization.id == organization_id)
    session.execute(of.with_for_update(key_share=True))
    rows = session.execute(
        select(User.id, User.first_name, User.last_name, User.name_is_shared).where(
            User.organization_id == organization_id, User.forgotten_at.is_(None)
        )
    ).all()
    names = {row.id: fold(f"{row.first_name} {row.last_name}") for row in rows}
    number = Counter(names.values())
    for shared in (True, False):
        changed = [
            row.id
            for row in rows
            if row.name_is_shared is not shared and (number[names[row.id]] > 1) is shared
        ]
        if changed:
            those = update(User).where(User.id.in_(changed)).values(name_is_shared=shared)
            session.execute(those.execution_options(synchronize_session="evaluate"))
