"""Columns of our own files, in each language and under an organisation's own names; and chosen ones."""

from typing import Any

import pytest

from services.core.errors import Refusal, Refused
from services.imports.headings import Headings, Kind
from services.imports.mapping import COLUMNS, TOLD, WHERE_USED, Field, Mapping, is_ours, match
from services.imports.members import mapping as members
from services.imports.understanding import vocabulary
from services.imports.understanding.cells import values

OWN: dict[str, Any] = {
    "equipment.brand": {"label": "Maker", "hint": ""},
    "item.serial_number": {"label": "Frame number"},
    "item.code": {"label": "location"},
    "user.phone": {"label": "=Mobil"},
}
READERS = [Headings(), Headings("nb"), Headings("en", OWN), Headings("nb", OWN)]


def found(headers: list[str], overrides: dict[str, str] | None = None, **labels: Any) -> Mapping:
    return match(headers, overrides or {}, labels)


@pytest.mark.parametrize("headings", READERS)
def test_our_own_columns_are_known_by_their_place(headings: Headings) -> None:
    """Whatever they are called; what follows them are the organisation's own fields."""
    used = [Field.LABEL, Field.PLACE, Field.KITS]
    headers = [*headings.of(Kind.INVENTORY, (*COLUMNS, *used)), "equipment: Size", "Wert", "Wert", ""]
    mapping = match(headers, {}, OWN)
    assert mapping.fields == {f: n for n, f in enumerate((*COLUMNS, Field.LABEL, Field.PLACE))}
    assert mapping.of_equipment == {14: "Size"}
    assert mapping.custom == {15: "Wert", 16: "Wert (2)", 17: "#18"}
    assert is_ours(headers, OWN)
    people = headings.of(Kind.MEMBERS, (*members.COLUMNS, *members.COUNTED))
    assert members.match(people, {}, OWN).fields == {f: n for n, f in enumerate(members.COLUMNS)}
    assert members.is_ours(people, OWN)


def test_names_that_nobody_gave_are_not_ours() -> None:
    """A file with another organisation's names is a list like others."""
    headers = Headings("en", OWN).of(Kind.INVENTORY, COLUMNS)
    assert not is_ours(headers, {}) and not is_ours(["name", "code"], OWN)


def test_an_override_wins_over_the_place() -> None:
    """`code=label` although there is a column `code`, which is then kept as a custom field."""
    headers = [*COLUMNS, "label", "Wert"]
    mapping = found(headers, {"code": "label", "condition": ""})
    assert mapping.fields[Field.CODE] == 11 and Field.CONDITION not in mapping.fields
    assert mapping.custom == {1: "code", 9: "condition", 12: "Wert"}


@pytest.mark.parametrize(
    "overrides",
    [{"code": "No such column"}, {"colour": "name"}, {"serial number": "names"}, {"kits": "name"}],
)
def test_an_override_that_leads_nowhere_is_refused(overrides: dict[str, str]) -> None:
    """A header that the file lacks, or a field that no file can change; both lists come with the refusal."""
    with pytest.raises(Refusal) as refusal:
        found([*COLUMNS], overrides)
    assert refusal.value.code is Refused.FILE_BAD_MAPPING
    assert refusal.value.data["columns"] == [*COLUMNS]
    assert "serial number" in refusal.value.data["fields"]


def test_a_file_without_a_name_is_refused_with_its_headers() -> None:
    """Without a name there is no equipment."""
    with pytest.raises(Refusal) as refusal:
        found([*COLUMNS], {"name": ""})
    assert (refusal.value.code, refusal.value.data["columns"]) == (Refused.FILE_NO_NAME, [*COLUMNS])


@pytest.mark.parametrize("language", vocabulary.own_languages())
def test_our_own_words_are_understood_by_the_one_table_of_words(language: str) -> None:
    """A file of ours whose columns somebody moved about is understood like any other."""
    headings = Headings(language)
    told = {*TOLD, Field.PLACE}
    for field in (f for f in (*COLUMNS, *WHERE_USED) if f not in told):
        (header,) = headings.of(Kind.INVENTORY, [field])
        assert field.value in {word.meaning.value for word in vocabulary.meanings(header)}, header
    for person in members.COLUMNS[1:]:
        (header,) = headings.of(Kind.MEMBERS, [person])
        assert person.value in vocabulary.of_people(header), header
    conditions = ["ok", "damaged", "in repair", "lost", "retired"]
    said = [values.condition(headings.word(word)) for word in conditions]
    assert [one.condition for one in said] == [word.replace(" ", "_") for word in conditions]
    assert not any(one.kept for one in said)
    assert [vocabulary.yes_no(headings.word(word)) for word in ("yes", "no")] == [True, False]
    roles = ["user", "lender", "admin", "leader"]
    assert [vocabulary.role(headings.word(word)) for word in roles] == roles
    assert vocabulary.says_no_items(headings.word(vocabulary.NO_ITEMS))
