"""Lists of people as clubs keep them: families, names turned round, remarks in cells, dates, who left."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from services.imports import About, MembersReport, Reason, about, import_members
from services.imports.members import names
from services.imports.members.mapping import Field, match
from tests.services.imports.conftest import Club
from tests.services.imports.files import lines
from tests.services.imports.members.test_member_import import added, brings, everything, members

MADE = Path(__file__).parents[5] / "shared" / "data" / "lists" / "made"


def listed(club: Club, name: str) -> MembersReport:
    """Import one of the made lists, twice: the second time changes nothing."""
    path = MADE / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    assert about(path) is About.MEMBERS
    report = brings(club, path)
    before = everything(club)
    again = brings(club, path)
    assert (again.unchanged, again.invited, again.refused_total) == (report.new, [], 0)
    assert everything(club) == before
    return report


def test_a_family_is_three_members(club: Club) -> None:
    """One address among them is the first one's; the others get their links with it all the same."""
    report = listed(club, "members-family.csv")
    assert (report.new, report.refused, len(report.invited)) == (3, [], 3)
    assert {one.email for one in report.invited} == {"fam.mueller@example.org"}
    found = members(club)
    assert [found[name].email for name in ("Änne", "Jörg", "Lio")] == ["fam.mueller@example.org", None, None]
    assert report.shared == {"fam.mueller@example.org": ["Jörg Müller", "Lio Müller"]}


def test_who_left_or_is_barred_gets_no_link(club: Club) -> None:
    """And is named; the bar is a suspension, which can be lifted."""
    report = listed(club, "members-status.csv")
    assert [one.name for one in report.invited] == ["Kari Nord"]
    assert report.without_link == ["Per Ut", "Eva Gjest"]
    found = members(club)
    assert found["Per"].active_until is not None and found["Per"].suspended_at is None
    assert found["Eva"].active_until is None and found["Eva"].is_suspended(club.now)
    assert not any("Status" in user.custom for user in found.values())


def test_a_norwegian_list(club: Club) -> None:
    """Two addresses in a cell: the first, and the cell is kept, as is an office that is no role of ours."""
    report = listed(club, "members-nb.csv")
    assert (report.new, report.refused, report.without_link) == (3, [], ["Per Utmeldt"])
    ola = members(club)["Ola"]
    assert (ola.email, ola.phone, ola.born_on) == ("ola@example.org", "+4790000002", date(1990, 1, 1))
    assert ola.custom["E-post"] == "ola@example.org, ola2@example.org"
    assert ola.custom["Rolle"] == "Styreleder" and ola.custom["Adresse"] == "Storgata 2"


def test_a_german_workbook(club: Club) -> None:
    """Days as days and as texts; two telephones; a member without any address has a number."""
    report = listed(club, "members-verein-de.xlsx")
    assert (report.new, report.refused_total) == (4, 0)
    found = members(club)
    assert (found["Éva"].last_name, found["Éva"].born_on) == ("Schmidt-Groß", date(1990, 5, 17))
    assert not found["Éva"].is_active(club.now) and found["Mail"].membership_id == "20"
    assert found["Änne"].phone == "0171-1234567" and found["Änne"].custom["Telefon"] == "0711/123456"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Ada Berg", "Ada", "Berg"),
        ("Berg, Ada", "Ada", "Berg"),
        ("Berg, Ada Marie", "Ada Marie", "Berg"),
        ("van der Berg, Ada", "Ada", "van der Berg"),
        ("Anna Maria von der Leyen", "Anna Maria", "von der Leyen"),
        ("Jan Willem de Boer", "Jan Willem", "de Boer"),
        ("Ada Lovelace Berg", "Ada", "Lovelace Berg"),
        ("Ada", "Ada", ""),
        ("Berg,", "Berg", ""),
        (", Ada", "Ada", ""),
        ("von Berg", "von", "Berg"),
    ],
)
def test_names_in_one_cell(text: str, first: str, last: str) -> None:
    assert names.split(text) == (first, last)


def test_what_a_cell_says_beside_an_address_or_a_number(club: Club) -> None:
    """A remark costs nobody their row, and is kept; a word for nothing is nothing."""
    report = brings(
        club,
        lines(
            "Navn;E-post;Telefon;Passord;Status;User password",
            "Berg, Ada;Ada <ADA@x.no> (mor);900 00 001 (jobb), 22 33 44 55;hemmelig;Aktiv;x",
            "Ludwig van Beethoven;ludwig@x.no;-;hemmelig;Æresmedlem;x",
            "Per;per@x.no;ingen;hemmelig;venter;x",
            "Nora;her;;;;",
        ),
    )
    assert [(one.line, one.reason) for one in report.refused] == [(5, Reason.BAD_EMAIL)]
    found = members(club)
    ada = found["Ada"]
    assert (ada.last_name, ada.email, ada.phone) == ("Berg", "ada@x.no", "900 00 001")
    assert ada.custom == {"E-post": "Ada <ADA@x.no> (mor)", "Telefon": "900 00 001 (jobb), 22 33 44 55"}
    assert (found["Ludwig"].last_name, found["Ludwig"].phone) == ("van Beethoven", None)
    assert (found["Per"].phone, found["Per"].custom) == (None, {"Status": "venter"})
    assert "hemmelig" not in repr(everything(club))


@pytest.mark.parametrize(
    ("born", "days"),
    [
        (["5/17/1980", "1/2/1990"], [date(1980, 5, 17), date(1990, 1, 2)]),
        (["17/5/1980", "1/2/90"], [date(1980, 5, 17), date(1990, 2, 1)]),
        (["1980/5/17", "3-3-1990"], [date(1980, 5, 17), date(1990, 3, 3)]),
        (["17.5.1980", "1.2.27"], [date(1980, 5, 17), date(1927, 2, 1)]),
        (["1/2/1980", "2/3/1990"], []),
        (["5/17/1980", "17/5/1980", "1/2/1990"], [date(1980, 5, 17), date(1980, 5, 17)]),
    ],
)
def test_dates_in_the_order_that_their_column_proves(club: Club, born: list[str], days: list[date]) -> None:
    """Without a proof nobody guesses: the row is refused, and says how to write it."""
    rows = (f"P{n},p{n}@x.no,{day}" for n, day in enumerate(born))
    report = brings(club, lines("name,email,Date of birth", *rows))
    assert [user.born_on for user in members(club).values()] == days
    assert {one.reason for one in report.refused} <= {Reason.BAD_DATE}
    assert len(report.refused) == len(born) - len(days)


def test_another_column_proves_the_order_too(club: Club) -> None:
    """A file is written by one program."""
    brings(club, lines("name,email,born,joined", "Ada,a@x.no,1/2/1980,5/17/2020"))
    ada = members(club)["Ada"]
    assert ada.born_on == date(1980, 1, 2)


def test_relatives_are_told_from_a_changed_number(club: Club) -> None:
    """Another name and number with the same address is somebody else; the same name is not."""
    added(club, first_name="Änne", email="fam@x.no", membership_id="17")
    report = brings(club, lines("Vorname;E-Mail;Mitgliedsnummer", "Jörg;fam@x.no;18", "Änne;fam@x.no;99"))
    assert (report.new, report.changed, report.refused) == (1, 1, [])
    found = members(club)
    assert (found["Jörg"].email, found["Jörg"].custom) == (None, {"E-Mail": "fam@x.no"})
    assert (found["Änne"].email, found["Änne"].membership_id) == ("fam@x.no", "99")


def test_a_bar_is_set_once_and_never_on_oneself(club: Club) -> None:
    """A second file leaves the suspension as it is; who imports is not shut out by their own file."""
    me = added(club, first_name="Anna", email="anna@x.no", role="admin")
    text = lines("name,email,suspended", "Anna,anna@x.no,yes", "Eva,eva@x.no,1", "Ola,ola@x.no,no")
    report = brings(club, text, by=me)
    assert report.without_link == ["Eva"]
    before = everything(club)
    brings(club, text, by=me)
    assert everything(club) == before


PRODUCTS = {
    "leihs": "firstname,lastname,login,email,badge_id,org_id,account_enabled,phone",
    "librebooking": "username,email,first name,last name,password,phone,organization,position,status",
    "google": "First Name [Required],Last Name [Required],Email Address [Required],Password [Required]",
    "google contacts": "First Name,Last Name,E-mail 1 - Value,Phone 1 - Value,Birthday,Notes",
    "outlook": "First Name,Last Name,E-mail Address,Mobile Phone,Home City,Home Postal Code,Birthday,Notes",
    "moodle": "username,firstname,lastname,email,password,idnumber,city,suspended",
    "clubdesk": "Nachname,Vorname,PLZ,Ort,Telefon Mobil,E-Mail,Geburtsdatum,Eintritt,Austritt,Mitglieds-Nr",
    "spond": "Fornavn,Etternavn,E-post,Mobil,Fødselsdato",
    "french": "Nom,Prénom,Courriel,Téléphone,Ville,Date de naissance,N° adhérent",
    "spanish": "Nombre,Apellidos,Correo electrónico,Móvil,Fecha de nacimiento,Nº de socio",
    "italian": "Nome,Cognome,E-mail,Cellulare,Data di nascita,Numero tessera",
    "portuguese": "Nome,Apelido,Correio eletrónico,Telemóvel,Data de nascimento,Número de sócio",
    "polish": "Imię,Nazwisko,Adres e-mail,Telefon,Data urodzenia,Nr członkowski",
    "czech": "Jméno,Příjmení,E-mail,Telefon,Datum narození,Členské číslo",
    "russian": "Фамилия,Имя,Электронная почта,Телефон,Дата рождения",
    "dutch": "Voornaam,Achternaam,E-mailadres,Telefoonnummer,Geboortedatum,Lidnummer",
    "danish": "Fornavn,Efternavn,E-mail,Tlf.,Fødselsdato,Medlemsnr",
    "swedish": "Förnamn,Efternamn,E-postadress,Mobil,Födelsedatum,Medlemsnummer",
    "chinese": "姓,名,邮箱,手机,出生日期,会员号",
    "japanese": "姓,名,メールアドレス,電話番号,生年月日,会員番号",
}
SECRET = {"password", "Password [Required]"}
FREE = {"org_id", "organization", "position"}


@pytest.mark.parametrize("product", PRODUCTS)
def test_products_and_languages_are_known_by_their_headers(product: str, tmp_path: Path) -> None:
    """Each column finds its field; what no field is for is kept, and passwords are not."""
    headers = PRODUCTS[product].split(",")
    found = match(headers, {})
    assert {Field.EMAIL} < found.fields.keys() and len(found.fields) > 3 - (product == "google")
    assert not SECRET & set(found.custom.values())
    assert set(found.custom.values()) <= FREE
    path = tmp_path / "list.csv"
    path.write_text(PRODUCTS[product] + "\n")
    assert about(path) is About.MEMBERS


def test_a_last_name_beside_the_first(club: Club) -> None:
    """`Name` and `Vorname`: the last name, also where the cell has both."""
    text = lines("Name;Vorname;E-Mail", "Berg;Ada;a@x.no", "Ola Nord;Ola;o@x.no", "Ut, Per;Per;p@x.no")
    brings(club, text)
    assert [user.name for user in members(club).values()] == ["Ada Berg", "Ola Nord", "Per Ut"]


def test_letters_of_old_programs_are_read(club: Club) -> None:
    """Encodings are guessed as for inventories."""
    path = club.folder / "old.csv"
    path.write_bytes("Fornavn;Etternavn;E-post\nBjørg;Ås;b@x.no\nKåre;Sæther;k@x.no\n".encode("cp865"))
    asyncio.run(import_members(club.database, club.id, None, path, {}, club.now))
    assert [user.name for user in members(club).values()] == ["Bjørg Ås", "Kåre Sæther"]


def test_births_without_dots(club: Club, tmp_path: Path) -> None:
    """Six or eight digits are a day where only one order gives one; else they are kept as they are."""
    path = tmp_path / "members.csv"
    rows = ["Ada;a@x.no;141280", "Bo;b@x.no;19790523", "Cy;c@x.no;120310", "Di;d@x.no;90470"]
    path.write_text(lines("Fornavn;E-post;Født", *rows), encoding="utf-8")
    report = brings(club, path)
    assert (report.new, report.refused) == (4, [])
    found = {name: (one.born_on, one.custom) for name, one in members(club).items()}
    assert [found[name][0] for name in ("Ada", "Bo", "Cy")] == [date(1980, 12, 14), date(1979, 5, 23), None]
    assert found["Cy"][1] == {"Født": "120310"} and found["Di"][1] == {"Født": "90470"}
