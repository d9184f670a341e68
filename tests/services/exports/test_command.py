"""`equiplib export` writes the same files as the chat, and says what is wrong in a sentence."""

from pathlib import Path

import pytest

from bot.cli.main import main
from services.exports import Format
from tests.services.exports.conftest import take_out
from tests.services.imports.conftest import Club


def run(club: Club, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code, and all that was printed."""
    config = club.folder / "config.toml"
    config.write_text(f'[database]\nurl = "{club.database.url}"\n')
    with pytest.raises(SystemExit) as end:
        main(["export", *arguments, "--organization", "Club", "--config", str(config)])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    # What is logged is not said.
    said = [line for line in (printed.out + printed.err).splitlines(keepends=True) if "[info " not in line]
    return int(end.value.code or 0), "".join(said)


def test_the_file_is_the_same_as_the_chat_s(club: Club, capsys: pytest.CaptureFixture[str]) -> None:
    """By the end of its name CSV or a workbook."""
    club.brings("name,code\nTent,T-1\nRope,R-1\n")
    target = club.folder / "Out.CSV"
    assert run(club, capsys, str(target)) == (0, f"{target}: 2 rows.\n")
    assert target.read_bytes() == take_out(club).read_bytes()
    book = club.folder / "out.xlsx"
    assert run(club, capsys, str(book), "--what", "inventory")[0] == 0
    assert club.brings(book).items_unchanged == 2
    assert book.read_bytes()[:2] == take_out(club, Format.XLSX).read_bytes()[:2]


@pytest.mark.parametrize("what", ["rentals", "members"])
def test_rentals_and_members_too(club: Club, capsys: pytest.CaptureFixture[str], what: str) -> None:
    """Rentals of all times, where no days are named."""
    target = club.folder / f"{what}.csv"
    assert run(club, capsys, str(target), "--what", what) == (0, f"{target}: 0 rows.\n")
    assert target.read_text(encoding="utf-8-sig").count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["out.pdf"], "its name has to end in .csv or .xlsx"),
        (["nowhere/out.csv"], "cannot be written"),
        (["out.csv", "--what", "rentals", "--from", "1.1."], "write a day like 2026-01-31"),
        (
            ["out.csv", "--what", "rentals", "--from", "2026-02-01", "--to", "2026-01-01"],
            "comes before --from",
        ),
    ],
)
def test_what_is_wrong_gets_a_sentence(
    club: Club,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    sentence: str,
) -> None:
    """Exit code 2, and no file."""
    monkeypatch.chdir(club.folder)
    code, said = run(club, capsys, *arguments)
    assert (code, sentence in said) == (2, True), said
    assert not Path("out.csv").exists() and not Path("out.pdf").exists()
