"""Every rule of the policy can be seen and changed from a phone: a new one cannot be forgotten."""

from datetime import time
from typing import Any

import pytest
from markupsafe import Markup

from db.states import Role
from handlers.i18n.texts import LANGUAGES, Texts
from handlers.inventory.views import equipment_policy as equipment_views
from handlers.organizations import policy_views as views
from handlers.policy import rules as rules_in_words
from handlers.policy import values
from handlers.ui.callbacks import Verb, pack
from handlers.ui.message import Message
from services.core import policy
from services.core.errors import Refusal
from services.core.policy import OF_EQUIPMENT, Policy

RULES = tuple(Policy.model_fields)
MOST_TEXT = 4096
"""Characters that Telegram takes in one message."""

each_rule = pytest.mark.parametrize("rule", RULES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def data(word: str, value: str) -> str:
    """As a conversation with a long number makes it."""
    return pack(Verb.CONVERSATION, 10**9, f"{word} {value}".strip())


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]


def test_every_rule_is_in_one_group() -> None:
    """And in no other; there is no group of what is no rule."""
    grouped = [rule for rules in views.GROUPS.values() for rule in rules]
    assert sorted(grouped) == sorted(RULES)


@each_language
@each_rule
def test_every_rule_has_a_name_a_sentence_and_choices(rule: str, language: str) -> None:
    """In each language, the default among what is offered, and each of it one that the service takes."""
    t = Texts(language)
    name, sentence = rules_in_words.rule_name(t, rule), rules_in_words.does(t, rule)
    assert 0 < len(name) <= 40
    assert len(sentence) > 20 and sentence.endswith(".")
    choices = rules_in_words.choices(rule)
    usual = getattr(Policy(), rule)
    assert usual in choices
    for choice in choices:
        policy.stored(rule, choice)
        assert values.meant(rule, values.carried(choice)) == choice
        assert 0 < len(rules_in_words.value_name(t, rule, choice)) <= 40


@each_rule
def test_norwegian_is_not_english(rule: str) -> None:
    """A rule's sentence is translated, not passed by."""
    assert rules_in_words.does(Texts("nb"), rule) != rules_in_words.does(Texts("en"), rule)


@each_language
def test_cards_fit(language: str) -> None:
    """The card of all rules, of each group and of each rule: text and buttons as Telegram takes them."""
    t, rules = Texts(language), Policy()
    cards = [views.card(t, "N" * 100, rules, data, None)]
    for changes in (True, False):
        cards += [views.group(t, group, rules, data, None, changes=changes) for group in views.GROUPS]
    cards += [views.choice(t, rule, getattr(rules, rule), getattr(rules, rule), data, None) for rule in RULES]
    for card in cards:
        assert len(Markup(card.text).striptags()) < MOST_TEXT
        assert all(label for label in labels(card))


def test_the_card_has_every_rule() -> None:
    """With its present value."""
    t, rules = Texts(), Policy(longest_days=11)
    text = views.card(t, "Fjellklubben", rules, data, None).text
    for rule in RULES:
        value = rules_in_words.value_name(t, rule, getattr(rules, rule))
        assert f"{rules_in_words.rule_name(t, rule)}: {value}" in text


def test_who_may_only_read_has_no_buttons_to_change() -> None:
    """And is told who may."""
    shown = views.group(Texts(), "limits", Policy(), data, None, changes=False)
    assert labels(shown) == ["Back"]
    assert "Only a leader" in shown.text


def test_a_value_of_ones_own_is_among_the_choices() -> None:
    """Marked, and the default is one tap away; at the default that button is not there."""
    own = views.choice(Texts(), "longest_days", 11, 30, data, None)
    assert "✓ 11 days" in labels(own)
    assert "Reset to the default (30 days)" in labels(own)
    usual = views.choice(Texts(), "longest_days", 30, 30, data, None)
    assert not any("default" in label for label in labels(usual))


@pytest.mark.parametrize(
    "rule, said, meant",
    [
        ("longest_days", "14", 14),
        ("longest_days", " 14 days ", 14),
        ("overdue_days", "1, 3,7", (1, 3, 7)),
        ("overdue_days", "2 5", (2, 5)),
        ("remind_at", "17:30", time(17, 30)),
        ("remind_at", "17.30", time(17, 30)),
        ("remind_at", "0930", time(9, 30)),
        ("remind_at", "7", time(7)),
        ("remind_at", "kl. 18", time(18)),
        ("return_at", "24:00", time(0)),
        ("remind_at", "25:00", "25:00"),
        ("remind_at", "12:5", "12:5"),
        ("remind_at", "noon", "noon"),
        ("longest_days", "many", "many"),
        ("longest_days", "-3", "-3"),
        ("longest_days", "٣", "٣"),
        ("longest_days", "9" * 50, "9" * 50),
        ("overdue_days", "", ""),
    ],
)
def test_what_is_written(rule: str, said: str, meant: Any) -> None:
    """Numbers, days and times as people write them; what is none of these stays as it is, to be refused."""
    assert values.written(rule, said) == meant


@each_rule
@pytest.mark.parametrize("said", ["", "nonsense", "user", "99:99", "-1", "1" * 30, "yes no", "🎉"])
def test_hand_made_buttons_mean_nothing_dangerous(rule: str, said: str) -> None:
    """Whatever a button says, it becomes one of the rule's values, or is refused by the service."""
    meant = values.meant(rule, said)
    try:
        kept = policy.valid(rule, meant)
    except Refusal:
        return
    assert isinstance(getattr(Policy.model_validate({rule: kept}), rule), type(getattr(Policy(), rule)))
    assert rule != "approver" or kept != Role.USER


@pytest.mark.parametrize("rule", OF_EQUIPMENT)
def test_both_editors_offer_the_same(rule: str) -> None:
    """For the organisation and for one equipment, under the same words, carried by the same buttons."""
    t, rules = Texts(), Policy()
    everywhere = views.choice(t, rule, getattr(rules, rule), getattr(rules, rule), data, None)
    of_one = equipment_views.choice(t, "Tent", rule, {rule: getattr(rules, rule)}, rules, data, None)

    def offered(message: Message) -> list[tuple[str, str | None]]:
        return [(b.label, b.data) for row in message.buttons for b in row if "set" in (b.data or "")]

    own = [button for button in offered(of_one) if equipment_views.COMMON not in (button[1] or "")]
    assert own == offered(everywhere)
