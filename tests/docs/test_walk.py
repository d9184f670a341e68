"""The cost of the usual stories, as the guide for contributors has it."""

from pathlib import Path

from benchmarks.walk.counting import counts, table
from benchmarks.walk.stage import running
from db.session import Database

GUIDE = Path(__file__).parents[2] / "CONTRIBUTING.md"


async def test_the_stories_take_what_the_guide_says(sqlite: Database) -> None:
    """No story takes a tap, a message or a ring more, or less, than the guide's table says."""
    async with running(sqlite, in_memory=True) as walk:
        found = table(await counts(walk))
    assert found in GUIDE.read_text(), f"CONTRIBUTING.md has another table than:\n{found}"
