"""The text of /help: every command that the menu of this role shows."""

import pytest

from db.states import Role
from handlers.features import REGISTRY
from handlers.i18n.texts import LANGUAGES, Texts
from handlers.onboarding import help
from handlers.telegram.setup import menus

UNSAID = {"start", "help"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_help_names_every_command_of_the_menu(role: Role, language: str) -> None:
    """No more and no fewer, whatever the role, on its first page or behind one of its buttons."""
    t = Texts(language)
    first = help.help_text(t, role, "Fjellklubben")
    taps = [REGISTRY.unpack(button.data) for row in first.buttons for button in row]
    parts = [help.help_text(t, role, "Fjellklubben", tap.arg) for tap in taps if tap is not None]
    text = "\n".join(one.text for one in (first, *parts))
    every = set(REGISTRY.commands) - UNSAID
    menu = {c.name for c in menus.shown_in_private(role)} - UNSAID
    assert {name for name in every if f"/{name}" in text} == menu
