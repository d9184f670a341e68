"""The card of a kit, for those who keep it."""

from handlers.i18n.texts import Texts
from handlers.inventory.views import kits as views
from services.inventory.kits import Part

LONG = "Inflatable sleeping mat, {}"


def labels(parts: int, page: int = 0) -> list[list[str]]:
    """The card's buttons, row by row, of a kit of so many parts: one mat, two, one, two."""
    some = tuple(Part(number, LONG.format(number), 1 + number % 2, False) for number in range(parts))
    view = views.KitCard("Camping kit", retired=False, parts=some, free_now=1, pieces=1, page=page)
    card = views.card(Texts(), view, lambda name, value: f"{name}:{value}", None)
    return [[button.label for button in row] for row in card.buttons]


def test_the_name_of_a_part_has_a_row_of_its_own() -> None:
    """A third of a phone's width would cut it; more and fewer stand below."""
    assert labels(2)[:4] == [
        ["1 × Inflatable sleeping mat, 0"],
        ["🗑", "+"],
        ["2 × Inflatable sleeping mat, 1"],
        ["−", "+"],
    ]


def test_many_parts_have_pages() -> None:
    """Five at a time, so that what follows them is not far down."""
    assert labels(7)[8:12] == [
        ["1 × Inflatable sleeping mat, 4"],
        ["🗑", "+"],
        ["‹", "1/2", "›"],
        ["Add a part"],
    ]
    assert labels(7, page=1)[4][1] == "2/2"
