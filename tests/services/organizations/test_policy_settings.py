"""Changing a rule: what each may be, who may change it, what is noted, from when on it holds."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import AuditEntry, Organization
from db.states import Role
from services.core import policy
from services.core.actor import Actor
from services.core.errors import Refusal, Refused
from services.core.policy import Policy
from services.core.tx import Tx
from services.organizations import policy_settings
from services.rentals.booking import baskets, request
from tests import factories
from tests.factories import Club, days
from tests.services.permissions.assertions import DAY, HOUR, refuses


@pytest.fixture
def ada(session: Session, club: Club, now: datetime) -> Actor:
    return factories.member(session, club.organization, now, "Ada Berg", Role.LEADER)


def change(session: Session, actor: Actor, now: datetime, rule: str, value: Any) -> None:
    """By somebody who has seen how it stands."""
    organization = session.get_one(Organization, actor.organization_id)
    seen = policy.of(organization).model_dump(mode="json")[rule]
    policy_settings.change(Tx(session, now, actor), rule, value, seen=seen)


def another(rule: str) -> Any:
    """A value that is not the default."""
    match getattr(Policy(), rule):
        case bool(usual):
            return not usual
        case Role():
            return Role.LENDER
        case int():
            return policy.bounds(rule)[1]
        case time():
            return time(13, 45)
        case tuple():
            return (2, 5) if rule == "overdue_days" else ("email", "born_on")
    raise AssertionError(rule)


@pytest.mark.parametrize("rule", Policy.model_fields)
def test_every_rule_can_be_changed_and_put_back(
    session: Session, club: Club, now: datetime, ada: Actor, rule: str
) -> None:
    """Both are noted, with the old value and the new; put back, nothing of it is stored."""
    change(session, ada, now, rule, another(rule))
    assert getattr(policy.of(club.organization), rule) == another(rule)
    change(session, ada, now, rule, None)
    assert (club.organization.policy, policy.of(club.organization)) == ({}, Policy())
    usual, new = (policy.stored(rule, value) for value in (getattr(Policy(), rule), another(rule)))
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.action, e.user_id, e.details) for e in entries] == [
        ("change_rule", ada.user_id, {rule: [usual, new]}),
        ("change_rule", ada.user_id, {rule: [new, usual]}),
    ]


@pytest.mark.parametrize("rule", Policy.model_fields)
def test_no_rule_takes_nonsense(session: Session, club: Club, now: datetime, ada: Actor, rule: str) -> None:
    """Whatever is sent in place of a value is refused with a sentence, and nothing changes."""
    wrong: list[object] = ["nonsense", -1, 10**9, (0,), tuple(range(1, 30)), 1.5, [], {"a": 1}]
    for nonsense in wrong:
        with pytest.raises(Refusal):
            change(session, ada, now, rule, nonsense)
    assert club.organization.policy == {}


@pytest.mark.parametrize("rule", [n for n, v in Policy() if isinstance(v, int) and not isinstance(v, bool)])
def test_numbers_have_ends(session: Session, club: Club, now: datetime, ada: Actor, rule: str) -> None:
    """The least and the most can be chosen; beyond them the range is told."""
    least, most = policy.bounds(rule)
    for value in (least, most):
        change(session, ada, now, rule, value)
    for value in (least - 1, most + 1):
        with refuses(session, Refused.OUT_OF_RANGE, least=least, most=most):
            change(session, ada, now, rule, value)


def test_members_never_approve(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """Or everybody could approve their own."""
    with refuses(session, Refused.NOT_FOUND):
        change(session, ada, now, "approver", Role.USER)


def test_only_leaders_change_rules(session: Session, club: Club, now: datetime) -> None:
    """An admin reads them, and no more."""
    with refuses(session, Refused.NOT_ALLOWED, needed=Role.LEADER):
        change(session, club.anna, now, "approval", False)


def test_two_who_change_one_rule(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """The second is told who was first; to want the same is no quarrel, another rule neither."""
    per = factories.member(session, club.organization, now, "Per Vik", Role.LEADER)
    policy_settings.change(Tx(session, now, per), "longest_days", 7, seen=30)
    with refuses(session, Refused.CHANGED_MEANWHILE, by="Per Vik"):
        policy_settings.change(Tx(session, now, ada), "longest_days", 14, seen=30)
    policy_settings.change(Tx(session, now, ada), "longest_days", 7, seen=30)
    policy_settings.change(Tx(session, now, ada), "most_items", 3, seen=20)
    assert club.organization.policy == {"longest_days": 7, "most_items": 3}
    assert len(session.scalars(select(AuditEntry)).all()) == 2


def test_it_holds_for_what_is_sent_later(session: Session, club: Club, now: datetime, ada: Actor) -> None:
    """A basket with its days chosen is held to the new rule; a request that waits keeps its time."""
    asked = factories.requested(session, club.ola, now, days(now, 3, 8), (club.tent, 1))
    draft = request.open_draft(Tx(session, now, club.kari))
    baskets.put(Tx(session, now, club.kari), draft, club.tent.id, 1)
    request.set_period(Tx(session, now), draft, days(now, 3, 8))
    change(session, ada, now, "longest_days", 3)
    change(session, ada, now, "request_hours", 1)
    with refuses(session, Refused.TOO_LONG, days=3):
        request.request(Tx(session, now, club.kari), draft.id)
    assert asked.expires_at == now + 3 * DAY
    request.set_period(Tx(session, now), draft, days(now, 3, 5))
    assert request.request(Tx(session, now, club.kari), draft.id).expires_at == now + HOUR


def test_the_first_change_is_seen_by_the_next(
    session: Session, club: Club, now: datetime, ada: Actor
) -> None:
    """A policy read before stays as it was read; no other organisation's changes with it."""
    other = factories.club(session, now, "Seilklubben")
    before = policy.of(club.organization)
    change(session, ada, now + timedelta(minutes=1), "approval", False)
    assert (before.approval, policy.of(club.organization).approval) == (True, False)
    assert policy.of(other.organization).approval
