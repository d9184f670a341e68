"""Each act on people and organisations is noted once, where it is done."""

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from db.models import AccountLink, Organization, Rental
from db.states import Role
from services.core.hours.opening_hours import Weekday
from services.core.hours.periods import Span
from services.core.tx import Tx
from services.desk import transfer
from services.inventory import locations
from services.members import accounts, editing, invites, linked_accounts, suspensions
from services.members.departure import erasure, leaving
from services.messaging import group_chats
from services.onboarding import join_requests, joining
from services.organizations import closing, management, opening_hours_settings, policy_settings
from services.organizations.opening_hours_settings import Days
from services.rentals import approval
from tests.services.office import NEW, Office


def people_steps(office: Office) -> None:
    c, now = office.club, office.now
    office.does(lambda s: invites.make(Tx(s, now, c.anna), role=Role.USER), ("invite", "invite"))
    ola = c.ola.user_id
    office.does(
        lambda s: editing.change_role(Tx(s, now, c.anna), ola, role=Role.LENDER, seen=Role.USER),
        ("user", "change_role"),
    )
    office.does(
        lambda s: editing.edit(Tx(s, now, c.anna), ola, field="city", value="Bergen", seen=""),
        ("user", "edit"),
    )
    office.does(
        lambda s: suspensions.suspend(Tx(s, now, c.anna), ola, reason="Late", until=None), ("user", "suspend")
    )
    office.does(lambda s: suspensions.reactivate(Tx(s, now, c.anna), ola), ("user", "reactivate"))
    office.does(
        lambda s: management.create(Tx(s, now), name="New", timezone="Europe/Oslo", leader_first="Eva"),
        ("organization", "create"),
        ("invite", "invite"),
    )
    office.does(
        lambda s: group_chats.bind_group(Tx(s, now, c.anna), chat_id=-5, thread_id=None, title="G"),
        ("organization", "bind_group"),
    )
    office.does(lambda s: group_chats.unbind_group(Tx(s, now), chat_id=-5), ("organization", "unbind_group"))


def links(office: Office) -> None:
    """Into the organisation, and to one member: the second makes the first void."""
    c, now = office.club, office.now
    office.stranger()
    token = office.does(lambda s: invites.make(Tx(s, now, c.anna), role=Role.USER), ("invite", "invite"))

    def join(session: Session) -> object:
        invite = invites.look_at(Tx(session, now), NEW, token)
        return joining.join(
            Tx(session, now), account_id=NEW, invite_id=invite.id, first_name="Nora", last_name="Vik"
        )

    office.does(join, ("user", "join"))
    ola = c.ola.user_id
    office.does(lambda s: editing.new_link(Tx(s, now, c.anna), ola), ("invite", "invite"))
    office.does(lambda s: editing.new_link(Tx(s, now, c.anna), ola), ("invite", "invite"))
    office.prepared(lambda s: s.execute(delete(AccountLink).filter_by(account_id=NEW)))
    office.does(
        lambda s: invites.renew(Tx(s, now, c.anna)),
        ("organization", "invite_all"),
    )


def asking_to_join(office: Office) -> None:
    """Withdrawn, declined, let in."""
    c, now = office.club, office.now
    office.stranger()
    of = c.organization.id
    office.prepared(lambda s: setattr(s.get_one(Organization, of), "policy", {"join_requests": True}))

    def ask(session: Session) -> object:
        return join_requests.ask(
            Tx(session, now),
            account_id=NEW,
            organization_id=c.organization.id,
            first_name="Nora",
            last_name="",
            told={},
        )

    asked = ("join_request", "ask_to_join")
    office.does(ask, asked)
    office.does(lambda s: join_requests.withdraw(Tx(s, now), NEW), ("join_request", "withdraw"))
    office.does(ask, asked)
    office.does(lambda s: join_requests.decline(Tx(s, now, c.anna), 2), ("join_request", "turn_away"))
    office.does(ask, asked)
    office.does(lambda s: join_requests.approve(Tx(s, now, c.anna), 3), ("user", "admit"))


def house(office: Office) -> None:
    """Rules, the week, closed days, and what describes the organisation."""
    ada, now = office.ada, office.now
    span = Span(time(10), time(18))
    office.does(
        lambda s: policy_settings.change(Tx(s, now, ada), "approval", False, seen=True),
        ("organization", "change_rule"),
    )
    office.does(lambda s: policy_settings.change(Tx(s, now, ada), "approval", False, seen=True))

    def week(session: Session) -> None:
        opening_hours_settings.set_days(Tx(session, now, ada), None, [0, 1], Weekday(span, span), seen={})

    office.does(week, ("organization", "set_hours"))
    office.does(week)
    office.does(lambda s: locations.add(Tx(s, now, office.club.anna), "Shed"), ("location", "add"))
    office.does(
        lambda s: opening_hours_settings.set_days(Tx(s, now, ada), 1, [5], Weekday(span), seen={}),
        ("organization", "set_hours"),
    )
    office.does(
        lambda s: opening_hours_settings.clear(Tx(s, now, ada), None), ("organization", "clear_hours")
    )
    office.does(lambda s: opening_hours_settings.clear(Tx(s, now, ada), None))
    christmas = [Days(date(2026, 12, 24), date(2026, 12, 26)), Days(date(2027, 1, 1), date(2027, 1, 1))]
    closed = ("closed_days", "close_days")
    office.does(lambda s: opening_hours_settings.close_days(Tx(s, now, ada), None, christmas), closed, closed)
    office.does(lambda s: opening_hours_settings.close_days(Tx(s, now, ada), None, christmas))
    reason = [Days(date(2026, 12, 24), date(2026, 12, 26), "Christmas")]
    office.does(lambda s: opening_hours_settings.close_days(Tx(s, now, ada), None, reason), closed)
    office.does(lambda s: opening_hours_settings.open_days(Tx(s, now, ada), 1), ("closed_days", "open_days"))
    office.does(lambda s: opening_hours_settings.open_days(Tx(s, now, ada), 1))
    office.does(
        lambda s: management.change(Tx(s, now, ada), "phone", "+47 22 33 44 55", seen=None),
        ("organization", "change"),
    )
    office.does(lambda s: management.change(Tx(s, now, ada), "phone", "+47 22 33 44 55", seen=None))


def organisations(office: Office) -> None:
    """A further one, with its leader; its group moves; closed with what waits in it, and opened again."""
    c, ada, now = office.club, office.ada, office.now
    office.does(
        lambda s: management.create_another(
            Tx(s, now, ada), name="Turlaget", timezone="Europe/Oslo", language="nb"
        ),
        ("organization", "create"),
        ("user", "join"),
    )
    office.does(lambda s: accounts.switch(Tx(s, now), ada.account_id, c.organization.id))
    office.does(
        lambda s: group_chats.bind_group(Tx(s, now, c.anna), chat_id=-5, thread_id=None, title="G"),
        ("organization", "bind_group"),
    )
    office.does(lambda s: group_chats.moved(Tx(s, now), -5, -6), ("organization", "move_group"))
    office.does(lambda s: group_chats.moved(Tx(s, now), -5, -6))
    office.requested()
    office.requested()
    cancel = ("rental", "cancel")
    office.does(
        lambda s: closing.close(Tx(s, now, ada)),
        *(cancel, cancel, ("organization", "unbind_group"), ("organization", "close")),
    )
    office.does(lambda s: closing.reopen(Tx(s, now), "Fjellklubben"), ("organization", "reopen"))
    office.does(lambda s: closing.reopen(Tx(s, now), "Fjellklubben"))


def second_account(office: Office) -> None:
    """Linked by a link of one's own, and taken away by either."""
    c, now = office.club, office.now
    office.stranger()
    office.does(lambda s: linked_accounts.new_link(Tx(s, now, c.kari)), ("invite", "invite"))
    token = office.does(lambda s: linked_accounts.new_link(Tx(s, now, c.kari)), ("invite", "invite"))

    def join(session: Session) -> object:
        invite = invites.look_at(Tx(session, now), NEW, token)
        return joining.join(Tx(session, now), account_id=NEW, invite_id=invite.id)

    office.does(join, ("user", "join"))
    office.does(lambda s: linked_accounts.unlink(Tx(s, now, c.kari), NEW), ("user", "unlink_account"))


def leaving_it(office: Office) -> None:
    """Requests are cancelled, what was offered to them is off, the basket goes."""
    c, now = office.club, office.now
    kari, ola = office.handed_out(c.kari, 0, 1, c.stove), office.approved(c.ola, 1, 2, c.stove)
    office.does(lambda s: transfer.offer(Tx(s, now, c.kari), kari, ola), ("rental", "offer"))
    asked = office.requested_by(c.ola)
    office.does(
        lambda s: leaving.leave(Tx(s, now, c.ola), seen=[ola, asked]),
        *(("rental", "cancel"), ("rental", "cancel"), ("rental", "withdraw_offer"), ("user", "leave")),
    )


def being_forgotten(office: Office) -> None:
    """Personal data goes, of rentals too; one entry says so."""
    c, now = office.club, office.now
    past, number = office.requested_by(c.ola), office.requested_by(c.ola)
    office.prepared(lambda s: setattr(s.get_one(Rental, past), "purpose", "My honeymoon"))
    office.prepared(lambda s: approval.decline(Tx(s, now, c.anna), past, reason="Too late, Ola"))
    office.does(
        lambda s: erasure.forget(Tx(s, now, c.ola), seen=[number]), ("rental", "cancel"), ("user", "forget")
    )


@pytest.mark.parametrize(
    "steps",
    [
        *(people_steps, links, asking_to_join),
        *(house, organisations, second_account, leaving_it, being_forgotten),
    ],
    ids=lambda f: f.__name__,
)
def test_every_step_is_noted_once_where_it_is_made(office: Office, steps: Callable[[Office], None]) -> None:
    """One entry in the transaction of each change; what is done a second time notes nothing more."""
    steps(office)
