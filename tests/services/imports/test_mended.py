"""Columns that are named on the command line, and the refused rows that come back as a file."""

from tests.services.imports.conftest import Club


def test_the_column_of_retired_equipment_is_about_the_equipment(club: Club) -> None:
    """A column mapped to `retired equipment` retires the equipment, and leaves the pieces' condition alone."""
    text = "Item #;Utstyr;Borte\nT-1;Telt;yes\nK-1;Kano;no\n"
    club.brings(text, **{"retired equipment": "Borte"})
    assert {name: e.retired_at is not None for name, e in club.equipment().items()} == {
        "Telt": True,
        "Kano": False,
    }
    assert {i.condition for i in club.items().values()} == {"ok"}
