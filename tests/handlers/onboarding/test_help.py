"""The text of /help: every command that the menu of this role shows."""

import pytest

from db.states import Role
from handlers.features import REGISTRY
from handlers.i18n.texts import LANGUAGES, Texts
from handlers.onboarding import help
from handlers.telegram import menus

UNSAID = {"start", "help"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_help_names_every_command_of_the_menu(role: Role, language: str) -> None:
    """No more and no fewer, whatever the role."""
    text = help.help_text(Texts(language), role, "Fjellklubben").text
    every = set(REGISTRY.commands) - UNSAID
    menu = {c.name for c in menus.shown_in_private(role)} - UNSAID
    assert {name for name in every if f"/{name}" in text} == menu
