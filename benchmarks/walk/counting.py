"""The stories played, and their table."""

from collections.abc import Mapping

from benchmarks.walk.stage import Count, Walk
from benchmarks.walk.stories import STORIES

RINGS = "rings"
HEAD = ("story", "taps", "lines", "to members", RINGS, "to lenders, admins", RINGS, "in the group", RINGS)


async def counts(walk: Walk) -> dict[str, Count]:
    """Play all of them; what each takes, by its name."""
    found = {}
    for story in STORIES:
        if story.before is not None:
            walk.count = Count()
            await story.before(walk)
        walk.count = found[story.name] = Count()
        await story.play(walk)
    return found


def table(found: Mapping[str, Count]) -> str:
    """Return it in Markdown."""
    rows = [HEAD, ("---", *["--:"] * (len(HEAD) - 1))]
    rows += [(name, *(str(number) for number in count.cells())) for name, count in found.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
