"""The table of who may do what (handlers/ui/permissions.py), walked: each command and button, tapped by everybody.

What the table does not allow is refused and changes nothing, also by buttons made by hand; what it allows is
not refused. A former admin, a suspended one and the leader of another organisation are among those who try,
and the member whose rental it is once more as a former one.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from handlers.commands import COMMANDS, Command, Where
from handlers.rentals import lists
from handlers.taps import TAPS
from handlers.ui import permissions
from handlers.ui.callbacks import GROUP_ONLY, PRIVATE_ONLY, Tap, Verb
from handlers.ui.request import Step
from services.core.errors import Refused
from tests.factories import Club
from tests.services.permissions.stage import SET_UP, Stage
from tests.services.permissions.walk import GROUP, NILS, attempt, judge, people_of

WALKED_ELSEWHERE = {
    Verb.LIST: "test_permissions.py::test_a_list_is_shown_to_whom_the_table_says",
    Verb.CONVERSATION: "test_permissions_in_conversations.py::test_nobody_goes_on_with_what_another_has_begun",
    Verb.PAPER: "test_permissions_in_conversations.py::test_files_are_made_for_whom_the_table_says",
    Verb.LINKS: "test_permissions_in_conversations.py::test_what_is_sent_by_itself_is_for_whom_the_table_says",
    Verb.IMPORT_AS: "test_permissions_in_conversations.py::test_what_is_sent_by_itself_is_for_whom_the_table_says",
    Verb.NOTHING: "test_tenant_isolation.py::test_a_day_says_nothing_of_another_organisations_closing",
}
"""What does not take the number of a row of its own."""

OF_THEIR_OWN = {Verb.INVITE}
"""Buttons about no row: in private the leader of another organisation does it there."""


def test_the_table_knows_every_button() -> None:
    """A new verb needs its line in handlers/ui/permissions.py, and one in SET_UP so that it is walked."""
    assert [f"Verb.{v.name}" for v in Verb if v not in permissions.OF_BUTTONS] == [], (
        "handlers/ui/permissions.py"
    )
    missing = [f"Verb.{v.name}" for v in Verb if v not in SET_UP and v not in WALKED_ELSEWHERE]
    assert missing == [], "SET_UP in tests/services/permissions/stage.py"


def test_what_is_walked_elsewhere_is() -> None:
    """Each of those verbs names the test that walks it, and that is there."""
    for verb, where in WALKED_ELSEWHERE.items():
        file, _, name = where.partition("::")
        assert f"def {name}(" in (Path(__file__).parent / file).read_text(encoding="utf-8"), verb


def test_the_table_names_no_command_that_there_is_not() -> None:
    """Its exceptions are of commands that there are."""
    assert {*permissions.OF_COMMANDS, *permissions.UNBOUND} - {c.name for c in COMMANDS} == set()


@pytest.mark.parametrize(
    ("verb", "group"),
    [
        pytest.param(verb, group, id=f"{verb.name.lower()}-{'group' if group else 'private'}")
        for verb in Verb
        for group in (False, True)
        if verb in SET_UP and verb not in (PRIVATE_ONLY if group else GROUP_ONLY)
    ],
)
def test_a_button_does_what_the_table_says(
    session: Session, club: Club, now: datetime, verb: Verb, group: bool
) -> None:
    """For everybody, in private and in the group where it is taken there; who may not changes nothing."""
    club.organization.group_chat_id = GROUP
    everybody = people_of(session, club, now)
    id_, arg = SET_UP[verb](Stage(session, club, now))
    right = permissions.OF_BUTTONS[verb]
    right = permissions.IN_GROUP.get(verb, right) if group else right
    act, problems = TAPS.acts.get(verb) or TAPS.looks[verb], []
    for person in everybody:
        if verb in OF_THEIR_OWN and person.role is None and person.account != NILS and not group:
            continue
        tried = attempt(session, now, person, lambda step: act(step, Tap(verb, id_, arg)), group=group)
        problems += judge(verb.name, right, person, tried)
    assert problems == []


@pytest.mark.parametrize(
    ("name", "group"),
    [
        *((name, False) for name in sorted(lists.LISTS)),
        *((name, True) for name in sorted(lists.SHARED)),
    ],
)
def test_a_list_is_shown_to_whom_the_table_says(
    session: Session, club: Club, now: datetime, name: str, group: bool
) -> None:
    """One's own to everybody who is or was a member; the organisation's to those who work with it."""
    assert name in permissions.OF_LISTS, f"handlers/ui/permissions.py: OF_LISTS lacks {name!r}"
    club.organization.group_chat_id = GROUP
    problems = []
    for person in people_of(session, club, now):
        if person.name == "leader of another" and not group:
            continue  # they read their own organisation's
        tap = Tap(Verb.LIST, 0, name)
        tried = attempt(session, now, person, lambda step: lists.turn_page(step, tap), group=group)  # noqa: B023
        problems += judge(name, permissions.OF_LISTS[name], replace(person, owner=True), tried)
    assert problems == []


def where(command: Command) -> list[bool]:
    """In a group, in private."""
    return {Where.PRIVATE: [False], Where.GROUP: [True], Where.BOTH: [False, True]}[command.where]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_a_command_does_what_the_table_says(
    session: Session, club: Club, now: datetime, command: Command
) -> None:
    """As the edge runs it, for everybody; who may not changes nothing."""
    club.organization.group_chat_id = GROUP
    everybody = people_of(session, club, now)
    number = Stage(session, club, now).approved()
    right, problems = permissions.of_command(command.name, command.role), []
    words = str(number) if command.name in ("handout", "cancel") else ""
    for group in where(command):
        for person in everybody:
            if person.name == "leader of another" and (not group or command.name in permissions.UNBOUND):
                continue  # there they act in their own organisation
            tried = attempt(session, now, person, lambda step: run(command, step, words), group=group)
            if command.name == "cancel" or (command.name, tried[0]) == ("takeback", Refused.NOT_FOUND):
                continue  # what is there to call off decides
            problems += judge(f"/{command.name}", right, replace(person, owner=True), tried)
    assert problems == []


def run(command: Command, step: Step, words: str) -> None:
    permissions.require(step, command.name, command.role)
    command.run(step, words)
