"""Each line of the threat model has a test that is there; the version that this is gets fixes."""

import ast
import re
from importlib import metadata

from tests.docs.test_guides import ROOT, read, rows

PAGE = "docs/security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_each_line_names_a_test_that_there_is() -> None:
    """Exactly one, by its file and name; each table has the same three columns."""
    tables = re.findall(r"^\| threat \| guard \| test \|$", read(PAGE), re.MULTILINE)
    assert len(tables) == len(re.findall(r"^\|[-|]+\|$", read(PAGE), re.MULTILINE)) > 5
    found = [(cells, NAMED.fullmatch(cells[2])) for cells in rows(PAGE, "threat")]
    assert [cells[0] for cells, named in found if named is None or not all(cells)] == []
    missing = [named[0] for _, named in found if named is not None and not is_there(named[1], named[2])]
    assert missing == []


def is_there(path: str, name: str) -> bool:
    file = ROOT / path
    return file.exists() and any(
        isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name
        for one in ast.parse(file.read_text(encoding="utf-8")).body
    )


def test_this_version_is_supported() -> None:
    """The first line of the table is the version of the package."""
    version, fixes = rows("SECURITY.md", "version")[0]
    assert metadata.version("equiplib").startswith(f"{version}.") and fixes == "yes"
