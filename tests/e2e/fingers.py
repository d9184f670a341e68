"""A finger that taps twice: after every tap of the end-to-end tests, what the changed card has under it.

What acts at once may not come where something that acted was: the second tap of one finger would do it, too.
Rows are counted from the top and from the bottom of the buttons, as either may stay in place on a screen.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from handlers.features import REGISTRY
from handlers.imports.card import Verb as ImportVerb
from handlers.imports.plan_views import Verb as PlanVerb
from handlers.rentals.changes.views import Verb as ChangeVerb
from handlers.ui.callbacks import AnyVerb, Verb
from sandbox.botapi import messages
from sandbox.world import people
from sandbox.world.records import Chat, Message
from sandbox.world.state import World

ACTING: frozenset[AnyVerb] = frozenset(
    {
        *(Verb.APPROVE, Verb.APPROVE_ALL, Verb.GRANT, Verb.REFUSE, Verb.HAND_OUT, Verb.PICK_UP, Verb.RETURN),
        *(Verb.TAKE_BACK, Verb.CONFIRM_RETURN, Verb.CANCEL_SURELY, Verb.HAND_OVER, Verb.HAND_OVER_BACK),
        *(Verb.PUT_AWAY, Verb.BACK_SAID, Verb.LOSE_SURELY, Verb.TAKE_OUT, Verb.REPAIRED, Verb.ITEM_OUT),
        *(ChangeVerb.TAKE_IT, ChangeVerb.NO_THANKS, PlanVerb.IMPORT_LIST, ImportVerb.CANCEL_IMPORT),
    }
)
"""The buttons that change something at once; the others ask, show, or begin a conversation."""

Spot = tuple[str, int, float, float, str]


def spots(message: Message) -> list[Spot]:
    """The buttons: the row from either end, the part of its width, and the data."""
    found = []
    rows = message.keyboard
    for i, row in enumerate(rows):
        for n, button in enumerate(row):
            part = n / len(row), (n + 1) / len(row), button.data or ""
            found += [("from the top", i, *part), ("from the bottom", len(rows) - i, *part)]
    return found


def beneath(before: list[Spot], after: list[Spot], tapped: str) -> Iterator[str]:
    """The data of what is now where the tapped button was."""
    for end, row, left, right, data in before:
        if data == tapped:
            for end2, row2, left2, right2, data2 in after:
                if (end, row) == (end2, row2) and left2 < right - 0.01 and left < right2 - 0.01:
                    yield data2


def acts(data: str) -> bool:
    tap = REGISTRY.unpack(data)
    return tap is not None and (tap.verb in ACTING or (tap.verb is Verb.CONVERSATION and _confirms(tap.arg)))


def again(tapped: str, under: str) -> bool:
    """Return whether it is the same button, of what has changed meanwhile: the first tap was refused with an
    alert, which has to be put away before another.
    """
    first, second = REGISTRY.unpack(tapped), REGISTRY.unpack(under)
    return first is not None and second is not None and (first.verb, first.id) == (second.verb, second.id)


def _confirms(word: str) -> bool:
    return word in ("confirm", "do", "yes")


@contextmanager
def watched(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check, at the end, that no tap in the sandbox brought another act under the same finger."""
    tapped: dict[tuple[World, Chat, int], tuple[str, list[Spot]]] = {}
    wrong: set[str] = set()
    tap, edit = people.tap, messages._edit

    def note(world: World, user: object, message: Message, data: str) -> object:
        tapped[world, world.chats[message.chat_id], message.id] = data, spots(message)
        return tap(world, user, message, data)  # type: ignore[arg-type]

    def look(world: World, chat: Chat, message: Message, *rest: object) -> object:
        done = edit(world, chat, message, *rest)  # type: ignore[arg-type]
        data, before = tapped.pop((world, chat, message.id), ("", []))
        if acts(data):
            under = {one for one in beneath(before, spots(message), data) if not again(data, one)}
            wrong.update(f"{data} brings {one}" for one in under if acts(one))
        return done

    patch.setattr(people, "tap", note)
    patch.setattr(messages, "_edit", look)
    yield
    assert not wrong, sorted(wrong)
