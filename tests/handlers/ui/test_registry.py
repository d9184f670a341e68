"""Features declare themselves, once each; all of them are in the list, and all that they lead to is there."""

import importlib
import pkgutil
from enum import unique

import pytest
from markupsafe import Markup

import handlers
from handlers import features
from handlers.features import FEATURES, REGISTRY
from handlers.inventory.conversation import LEADS_TO
from handlers.telegram.setup import menus
from handlers.ui.callbacks import AnyVerb, Tap, Verb, pack
from handlers.ui.registry import (
    ADMIN,
    ANYBODY,
    Act,
    Command,
    Feature,
    ListOfRentals,
    MessageKind,
    Registry,
    Where,
)
from handlers.ui.request import Request
from services.core.errors import Refused

KNOW_NO_FEATURE = {"i18n", "parsing", "policy", "ui"}
"""Packages that all features are made of."""


@unique
class Own(AnyVerb):
    APPROVE_AGAIN = Verb.APPROVE.value


def done(step: Request, tap: Tap) -> Markup | None:
    return None


def test_no_feature_is_forgotten() -> None:
    """Each package declares what it has, and the list has it."""
    packages = {one.name for one in pkgutil.iter_modules(handlers.__path__) if one.ispkg} - KNOW_NO_FEATURE
    declared = [importlib.import_module(f"handlers.{name}").FEATURE for name in sorted(packages)]
    assert len(FEATURES) == len(declared)
    assert [name for name, one in zip(sorted(packages), declared, strict=True) if one not in FEATURES] == []


def test_nothing_is_declared_that_is_not_registered() -> None:
    """The tables hold what the features in the list declare, and no more."""
    assert {one.verb for feature in FEATURES for one in feature.buttons} == set(REGISTRY.buttons)
    assert [one.name for feature in FEATURES for one in feature.commands] == list(REGISTRY.commands)
    assert features.REGISTRY is REGISTRY


@pytest.mark.parametrize(
    "same",
    [
        Feature(buttons=(Act(Verb.APPROVE, done, ADMIN),)),
        Feature(buttons=(Act(Own.APPROVE_AGAIN, done, ADMIN),)),
        Feature(commands=(Command("rent", "", Where.BOTH, None, False, lambda step, words: None),)),
        Feature(conversations=((REGISTRY.conversations["rent"], ANYBODY),)),
        Feature(messages=(MessageKind("rental", lambda session, rows, t: None),)),
        Feature(lists=(ListOfRentals("mine", REGISTRY.lists["mine"].page, ANYBODY),)),
        Feature(refusals={Refused.NOT_FOUND: lambda t, d: Markup()}),
        Feature(answers={"cancelled": REGISTRY.answers["cancelled"]}),
    ],
    ids=["button", "verb", "command", "conversation", "message", "list", "refusal", "answer"],
)
def test_nothing_is_declared_twice(same: Feature) -> None:
    """Not even a verb of another name with the same letters: the second would do what the first does."""
    registry = Registry()
    for feature in FEATURES:
        registry.add(feature)
    with pytest.raises(ValueError, match="declared twice"):
        registry.add(same)


def test_a_button_that_nobody_declares_leads_nowhere() -> None:
    """Nor does one of another version, or whose number is none."""
    registry = Registry()
    assert registry.unpack(pack(Verb.APPROVE, 42)) is None
    registry.add(Feature(buttons=(Act(Verb.APPROVE, done, ADMIN),)))
    assert registry.unpack(pack(Verb.APPROVE, 42)) == Tap(Verb.APPROVE, 42)
    assert registry.unpack(pack(Verb.DECLINE, 42)) is None
    assert registry.unpack("2:ap:42:") is None
    assert registry.unpack("1:ap:x:") is None


def test_conversations_lead_to_conversations_that_there_are() -> None:
    """Every conversation that the inventory's cards name exists; so does what each says when broken off."""
    assert LEADS_TO - set(REGISTRY.conversations) == set()
    assert {one.stopped for one in REGISTRY.conversations.values()} - set(REGISTRY.answers) == set()


def test_every_command_has_its_place_in_the_menus() -> None:
    """And the order names none that there is not."""
    assert sorted(menus.ORDER) == sorted(REGISTRY.commands)
