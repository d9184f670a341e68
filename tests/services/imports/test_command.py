"""`equiplib import` says in words what came of it, and what is wrong, with exit code 2."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.imports import REASONS
from bot.cli.main import main
from db.models import Organization
from services.imports import Reason
from services.imports.template import template
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines, real


@dataclass
class Shell:
    """Runs the command on the club's database."""

    club: Club
    capsys: pytest.CaptureFixture[str]
    folder: Path

    def imports(self, file: Path | bytes | str, *options: str, organization: str = "Club") -> tuple[int, str]:
        """The exit code, and all that was printed."""
        if not isinstance(file, Path):
            content, file = file, self.folder / "file.csv"
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.runs(str(file), *options, organization=organization)

    def undoes(self, number: str) -> tuple[int, str]:
        return self.runs("--undo", number)

    def runs(self, *options: str, organization: str = "Club") -> tuple[int, str]:
        config = self.folder / "config.toml"
        config.write_text(f'[database]\nurl = "{self.club.database.url}"\n')
        arguments = ["import", "--organization", organization, "--config", str(config), *options]
        with pytest.raises(SystemExit) as end:
            main(arguments)
        printed = self.capsys.readouterr()
        assert "Traceback" not in printed.err
        return int(end.value.code or 0), printed.out + printed.err


@pytest.fixture
def shell(club: Club, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(club, capsys, tmp_path)


def test_the_summary_gives_the_numbers(shell: Shell) -> None:
    """Rows, items new, changed, unchanged, equipment, refused; the second time nothing is new."""
    rows = [f"{name};{name[0]}-{n};Haus 1;12" for name in ("Stativ", "Mikrofon") for n in range(30)]
    listed = lines("Bezeichnung;Invent.Nr.;Gebäude;Raum", *rows, "Kabel;S-1;Haus 1;12")
    code, text = shell.imports(listed, "--map", "code=Invent.Nr.")
    assert code == 0
    assert "Rows: 61, of which 1 refused." in text
    assert "Items: 60 new, 0 changed, 0 unchanged." in text
    assert "Equipment: 2 in the file, 2 new, 0 changed." in text
    assert "Gebäude" in text
    assert "Items: 0 new, 0 changed, 60 unchanged." in shell.imports(listed)[1]


def test_an_import_is_undone_by_its_number_or_as_the_last(shell: Shell) -> None:
    """Once; what is in the way is named."""
    shell.imports("name,code\nTent,T-1\n")
    run = str(shell.club.brings("name,code,comment\nTent,T-1,torn\nTent,T-2,\n").run_id)
    code, text = shell.undoes("1")
    assert code == 2 and "Tent T-1: changed since" in text and "Tent: has other items since" in text
    assert shell.undoes(run)[0] == 0
    assert shell.undoes(run)[0] == 2
    assert (shell.undoes("last")[0], shell.club.items()) == (0, {})
    assert [shell.undoes(which)[0] for which in ("last", "x", "99")] == [2, 2, 2]


def test_refused_rows_are_listed_and_the_others_come_in(shell: Shell) -> None:
    """With line, column, reason and value; the exit code is that of success."""
    text = lines("name,code,condition", "Tent,T-1,ok", ",T-2,ok", "Lamp,T-1,ok", "Rope,R-1,so-so")
    code, said = shell.imports(text)
    assert code == 0
    assert "Rows: 4, of which 2 refused." in said
    assert "line 3, name: the name is missing" in said
    assert "line 4, code: line 2 already has this code (T-1)" in said


def test_what_is_checked_out_elsewhere_is_listed(shell: Shell) -> None:
    """By line, code and who has it."""
    said = shell.imports(real("snipe-it-assets.csv"))[1]
    assert "line 3: WBH-2841795 to Gage McCrackem" in said
    assert said.count(" to ") >= 17


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "has nothing in it"),
        (b"name,code\n", "has a header but no rows"),
        (b"PK\x03\x04rest", "is damaged, or not what its name says"),
        (
            b"PK\x05\x06" + b"\0" * 18,
            "nor an Excel workbook but an archive: unpack it first",
        ),
        (b"\x89PNG\r\n\x1a\nrest", "is neither a CSV file nor an Excel workbook but a picture"),
        (b"%PDF-1.7\n", "is neither a CSV file nor an Excel workbook but a PDF"),
        (b'name,"code\nTent,T7\n', "is neither a CSV file nor an Excel workbook but something else"),
        (b"\xef\xbb\xbf\r\n \r\n", "has nothing in it"),
        (bytes(range(256)), "is neither a CSV file nor an Excel workbook but something else"),
        (b"Kram;Nummer\nZelt;1\n", "It has Kram, Nummer. Say which one it is: --map name=HEADER"),
    ],
)
def test_a_bad_file_gets_a_sentence(shell: Shell, content: bytes, sentence: str) -> None:
    """Exit code 2, and what to do where something can be done."""
    code, said = shell.imports(content)
    assert (code, sentence in said) == (2, True), said


def test_a_file_that_is_not_there_gets_a_sentence(shell: Shell) -> None:
    """Also a folder in its place."""
    for path in (shell.folder / "nowhere.csv", shell.folder):
        code, said = shell.imports(path)
        assert (code, f"{path} cannot be read" in said) == (2, True), said


def test_an_unknown_organization_gets_the_names_that_there_are(shell: Shell) -> None:
    """Exit code 2."""
    code, said = shell.imports("name,code\nTent,T-1\n", organization="Clubb")
    assert (code, said) == (
        2,
        "--organization is wrong: there is no organisation called Clubb. There are: Club.\n",
    )


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("code", "--map code is wrong: it takes a field and a header, such as code=Invent.Nr."),
        ("colour=name", "--map colour is wrong: the fields are name, code, brand"),
        ("code=Nummer", "has no column Nummer. It has name, code."),
    ],
)
def test_a_wrong_map_gets_a_sentence(shell: Shell, option: str, sentence: str) -> None:
    """Exit code 2, with what would have been right."""
    code, said = shell.imports("name,code\nTent,T-1\n", "--map", option)
    assert (code, sentence in said) == (2, True), said


def test_every_reason_has_its_words() -> None:
    """A new reason cannot be forgotten on the command line."""
    assert REASONS.keys() == set(Reason)


def test_the_template_is_printed_and_documented(capsys: pytest.CaptureFixture[str]) -> None:
    """`--template` prints the same file that is in docs/."""
    with pytest.raises(SystemExit) as end:
        main(["import", "--template"])
    assert not end.value.code
    printed = capsys.readouterr().out
    assert printed == template()
    assert printed == Path("docs/inventory-template.csv").read_text(encoding="utf-8")


def test_the_template_comes_in_as_it_is(shell: Shell) -> None:
    """With all its columns understood."""
    said = shell.imports(template())[1]
    assert "Items: 2 new, 0 changed, 0 unchanged." in said
    header = next(csv.reader(template().splitlines()))
    assert all(f"{name} is the {name}" in said for name in header)
    assert shell.club.tags("Tent for three") == {"camping", "winter"}


def test_a_dry_run_writes_nothing(shell: Shell) -> None:
    """It shows what each column is, and what becomes of rows without codes."""
    text = lines("Utstyr;Antall;Plassering", "Fjelltelt;5 stk;Bod 1", "Sum;5;")
    code, said = shell.imports(text, "--dry-run")
    assert (code, shell.club.items()) == (0, {})
    assert "5 items of 1 equipment" in said
    assert "Sum 5" in said
    assert shell.imports(text)[0] == 0
    assert len(shell.club.items()) == 5


def test_options_decide_what_cannot_be_told(shell: Shell) -> None:
    """Codes may be required, pieces made, and an encoding named; a senseless one is refused."""
    pens = lines("name,quantity", "Pens,500")
    assert shell.imports(pens, "--codes", "require")[0] == 1
    assert shell.club.items() == {}
    shell.imports(pens)
    assert len(shell.club.items()) == 1
    shell.imports(lines("name,quantity", "Clips,300"), "--pieces", "make")
    assert len(shell.club.items()) == 301
    assert shell.imports(pens, "--encoding", "klingon")[0] == 2


def test_a_name_of_two_columns_and_a_sheet_that_is_not_there(shell: Shell) -> None:
    """The first is mapped with a plus; the second is said with the sheets that there are."""
    text = lines("Marke,Serie,Wert", "Petzl,Spirit,9")
    assert shell.imports(text, "--map", "name=Marke + Serie")[0] == 0
    assert shell.club.equipment().keys() == {"Petzl Spirit"}
    code, said = shell.imports(text, "--sheet", "Nope", "--map", "name=Marke")
    assert (code, "Nope" in said) == (2, True)


def test_a_file_of_refused_rows_ends_with_one(shell: Shell) -> None:
    """One sentence instead of a thousand."""
    code, said = shell.imports(
        lines("name,code", *("Tent,T-1" for _ in range(3)), ",T-2").replace("Tent", "")
    )
    assert (code, said.count("the name is missing")) == (1, 1)


def test_refused_rows_are_written_to_be_mended(shell: Shell) -> None:
    """With why, separated as the organisation's language has it; mended, they come in. The codes of what is
    new are written on demand.
    """
    shell.club.database.write_now(lambda s: setattr(s.get_one(Organization, shell.club.id), "language", "nb"))
    target = shell.folder / "refused.csv"
    long = "x" * 300
    code, text = shell.imports(lines("name,code", "Tent,T-1", f"{long},T-2"), "--refused", str(target))
    assert (code, str(target) in text) == (0, True)
    said = target.read_text(encoding="utf-8-sig")
    head, row = csv.reader(said.splitlines(), delimiter=";")
    assert head[4:] == ["name", "code"] and row[0] == "3" and row[4:] == [long, "T-2"]
    assert row[3] == REASONS[Reason.TOO_LONG].format(most=200)
    made = shell.folder / "codes.csv"
    assert shell.imports(said.replace(long, "Rope"), "--codes-file", str(made))[0] == 0
    assert {"T-1", "T-2"} == shell.club.items().keys()
    assert [row[:2] for row in csv.reader(made.read_text("utf-8-sig").splitlines(), delimiter=";")] == [
        ["code", "name"],
        ["T-2", "Rope"],
    ]
