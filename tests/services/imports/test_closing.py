"""However an import ends, what it had open is closed."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from services.core.errors import Refusal, Refused
from services.imports.inventory import importer
from services.imports.lookups.seen_keys import Kind
from services.imports.runner import run
from tests.services.imports.conftest import Club


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("name,code\nTent,T-1\n", None),
        ("", Refused.FILE_EMPTY),
        ("colour\nred\n", Refused.FILE_NO_NAME),
    ],
    ids=["well", "with an empty file", "with a file without names"],
)
def test_what_is_remembered_of_a_file_goes_with_it(club: Club, text: str, refused: Refused | None) -> None:
    """Else each import would leave an open file behind, until there are too many."""
    content = importer.Inventory(club.id, None, club.now)
    path = club.folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    ends(club, content, path, refused)


def test_whoever_may_not_import_leaves_nothing_open_either(club: Club) -> None:
    """They are refused before the file is looked at."""
    content = importer.Inventory(club.id, 900, club.now)
    ends(club, content, club.folder / "list.csv", Refused.NOT_ALLOWED)


def ends(club: Club, content: importer.Inventory, path: Path, refused: Refused | None) -> None:
    """With this refusal, or None; nothing can be asked of it afterwards."""
    try:
        asyncio.run(run(club.database, content, path, {}))
        assert refused is None
    except Refusal as refusal:
        assert refusal.code is refused
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        content.seen.count(Kind.CODE)
