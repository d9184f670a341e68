"""The rights that the features declare, walked: each command and button, tapped by everybody.

An act that they do not allow is refused and changes nothing, also by buttons made by hand; one that they
allow is not refused. A former admin, a suspended one and the leader of another organisation are among those
who try, and the member whose rental it is once more as a former one.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from handlers.access.login import LoginVerb
from handlers.access.tokens import TokenVerb
from handlers.features import REGISTRY
from handlers.onboarding import next_steps
from handlers.plain_text import answers
from handlers.rentals import lists
from handlers.telegram import permissions
from handlers.ui.callbacks import AnyVerb, Tap, Verb
from handlers.ui.registry import Command, Handle, Right, Where
from handlers.ui.request import Request
from services.core.errors import Refused
from tests.services.permissions.stage import SET_UP, Stage
from tests.services.permissions.walk import NILS, Person, attempt, judge, telling

_CONVERSATIONS = "test_permissions_in_conversations.py"

WALKED_ELSEWHERE = {
    Verb.LIST: "test_permissions.py::test_a_list_is_shown_to_whom_the_table_says",
    Verb.CONVERSATION: f"{_CONVERSATIONS}::test_nobody_goes_on_with_what_another_has_begun",
    Verb.PAPER: f"{_CONVERSATIONS}::test_files_are_made_for_whom_the_table_says",
    Verb.LINKS: f"{_CONVERSATIONS}::test_what_is_sent_by_itself_is_for_whom_the_table_says",
    Verb.IMPORT_AS: f"{_CONVERSATIONS}::test_what_is_sent_by_itself_is_for_whom_the_table_says",
    LoginVerb.NEW_PASSWORD: f"{_CONVERSATIONS}::test_what_is_sent_by_itself_is_for_whom_the_table_says",
    TokenVerb.NEW_TOKEN: f"{_CONVERSATIONS}::test_what_is_sent_by_itself_is_for_whom_the_table_says",
    answers.Verb.RUN: "test_permissions.py::test_a_command_does_what_the_table_says",  # it runs the command
    Verb.NOTHING: "test_tenant_isolation.py::test_a_day_says_nothing_of_another_organisations_closing",
}
"""Verbs that do not take the number of a row of their own."""

OF_THEIR_OWN = {Verb.INVITE, next_steps.Verb.GO}
"""Buttons about no row: in private the leader of another organisation does it there."""


Who = Callable[[list[Person], Right], list[Person]]


@pytest.fixture(params=[telling, pytest.param(lambda people, _: people, marks=pytest.mark.long)])
def who(request: pytest.FixtureRequest) -> Who:
    """Those who try: a right that a role has, each role above it has too."""
    found: Who = request.param
    return found


def test_every_button_is_walked() -> None:
    """A new one needs its line in SET_UP."""
    missing = [v.name for v in REGISTRY.buttons if v not in SET_UP and v not in WALKED_ELSEWHERE]
    assert missing == [], "SET_UP in tests/services/permissions/stage.py"


def test_what_is_walked_elsewhere_is() -> None:
    """Each of those verbs names the test that walks it, and that is there."""
    for verb, where in WALKED_ELSEWHERE.items():
        file, _, name = where.partition("::")
        assert f"def {name}(" in (Path(__file__).parent / file).read_text(encoding="utf-8"), verb


@pytest.mark.parametrize("verb", SET_UP, ids=lambda verb: str(verb.name.lower()))
def test_a_button_does_what_the_table_says(
    session: Session, now: datetime, people: list[Person], stage: Stage, who: Who, verb: AnyVerb
) -> None:
    """For everybody, in private and in the group where it is taken there; who may not changes nothing."""
    id_, arg = SET_UP[verb](stage)
    button, problems = REGISTRY.buttons[verb], list[str]()
    assert not isinstance(button, Handle)
    for group in (False, True):
        if not button.where.includes(is_group=group):
            continue
        right = button.in_group or button.right if group else button.right
        for person in who(people, right):
            if verb in OF_THEIR_OWN and person.role is None and person.account != NILS and not group:
                continue
            tried = attempt(
                session, now, person, lambda step: button.run(step, Tap(verb, id_, arg)), group=group
            )
            problems += judge(f"{verb.name}, {group=}", right, person, tried)
    assert problems == []


@pytest.mark.parametrize(
    ("name", "group"),
    [
        *((name, False) for name in sorted(REGISTRY.lists)),
        *((name, True) for name, one in sorted(REGISTRY.lists.items()) if one.is_shared),
    ],
)
def test_a_list_is_shown_to_whom_the_table_says(
    session: Session, now: datetime, people: list[Person], name: str, group: bool
) -> None:
    """One's own to everybody who is or was a member; the organisation's to those who work with it."""
    problems = []
    for person in people:
        if person.name == "leader of another" and not group:
            continue  # they read their own organisation's
        tap = Tap(Verb.LIST, 0, name)
        tried = attempt(session, now, person, lambda step: lists.turn_page(step, tap), group=group)  # noqa: B023
        problems += judge(name, REGISTRY.lists[name].right, replace(person, owner=True), tried)
    assert problems == []


def where(command: Command) -> list[bool]:
    """In a group, in private."""
    return {Where.PRIVATE: [False], Where.GROUP: [True], Where.BOTH: [False, True]}[command.where]


@pytest.mark.parametrize("command", REGISTRY.commands.values(), ids=lambda command: str(command.name))
def test_a_command_does_what_the_table_says(
    session: Session, now: datetime, people: list[Person], stage: Stage, who: Who, command: Command
) -> None:
    """As the edge runs it, for everybody; who may not changes nothing."""
    number = stage.approved()
    problems = []
    words = str(number) if command.name in ("handout", "cancel") else ""
    for group in where(command):
        for person in who(people, command.right):
            if person.name == "leader of another" and (not group or command.is_for_unbound):
                continue  # there they act in their own organisation
            tried = attempt(session, now, person, lambda step: run(command, step, words), group=group)
            if command.name == "cancel" or (command.name, tried[0]) == ("takeback", Refused.NOT_FOUND):
                continue  # what is there to call off decides
            problems += judge(f"/{command.name}", command.right, replace(person, owner=True), tried)
    assert problems == []


def run(command: Command, step: Request, words: str) -> None:
    permissions.require(step, command)
    command.run(step, words)
