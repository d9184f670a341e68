"""Everything that is done in the whole story is noted, once, in the transaction in which it is done."""

import shutil
from pathlib import Path

from db.models import AuditEntry, Base
from tests.audited_database import NOT_BUSINESS, TOLD_BY, Audited
from tests.e2e.rentals.stage import InProcess, telegram
from tests.e2e.rentals.story import WHOLE


def test_it_is_known_of_each_table_what_tells_of_it() -> None:
    """A new table needs a line in tests/audited_database.py: which entries tell of its changes, if any."""
    tables = {mapper.class_ for mapper in Base.registry.mappers}
    assert tables - NOT_BUSINESS == {AuditEntry, *TOLD_BY}


async def test_the_whole_story_is_noted(migrated_sqlite: Path, tmp_path: Path) -> None:
    """No change without its entry, no entry without its change, and none twice."""
    path = tmp_path / "audited.db"
    shutil.copy(migrated_sqlite, path)
    database = Audited(f"sqlite:///{path}")
    try:
        async with telegram() as sandbox, InProcess(sandbox, database) as stage:
            await stage.play(WHOLE)
    finally:
        database.close()
    assert "\n".join(database.problems) == ""
    assert database.noted.total() > 30
