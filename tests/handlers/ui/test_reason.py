"""Why? The question that all who decline something are asked."""

import pytest

from handlers.onboarding.join_requests import TURN_AWAY
from handlers.rentals.requests.approval import TALK
from handlers.ui.conversation import Conversation
from handlers.ui.widgets.reason import ASK


@pytest.mark.parametrize("asks", [TURN_AWAY, TALK], ids=lambda asks: asks.name)
def test_buttons_of_old_still_say_no_reason(asks: Conversation) -> None:
    """Once they said `none`, and `why none`; both are on cards that were sent before an upgrade."""
    taps = asks.states[ASK].taps
    assert taps["none"] == taps["why"]
