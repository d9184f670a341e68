"""Colours of buttons: as python-telegram-bot sends them, so they are shown; others are refused."""

import pytest

from handlers.ui.message import Button, Style
from sandbox.botapi.keyboards import _button
from sandbox.botapi.refusals import Refusal
from sandbox.view import _button as drawn


def test_a_colour_reaches_the_page_and_no_other_is_taken() -> None:
    """Green for what goes on, red for what ends something, none for the rest."""
    for style, colour in ((Style.GO_ON, "success"), (Style.END, "danger"), (None, None)):
        sent = Button("Approve", "1:ap:42:", style=style).inline()
        assert drawn(_button(sent)).get("style") == colour
    with pytest.raises(Refusal):
        _button({"text": "Approve", "callback_data": "x", "style": "purple"})
