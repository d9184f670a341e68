"""Invite links of new members as a CSV file, to be sent on by the inviting admin."""

import csv
import io
from collections.abc import Sequence

from services.core.text import defuse
from services.members.invites import Invited


def links_file(invited: Sequence[Invited], bot: str, separator: str = ",") -> str:
    """Return name, email, phone and link of each member as CSV; no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(["name", "email", "phone", "link"])
    writer.writerows(
        [defuse(one.name), defuse(one.email), defuse(one.phone), f"https://t.me/{bot}?start={one.token}"]
        for one in invited
    )
    return out.getvalue()
