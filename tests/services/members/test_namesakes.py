"""Two of one name are told apart, wherever one of them is named to others."""

from datetime import datetime

from sqlalchemy.orm import Session

from db.models import FORMER_MEMBER, User
from db.states import Role
from services.core import identity
from services.core.tx import Tx
from services.members import directory, profile, registration
from services.members.departure import erasure
from services.members.merging import merge
from services.rentals import queries
from tests import factories
from tests.factories import Club, days


def test_told_apart_from_joining_until_renamed_merged_or_gone(
    session: Session, club: Club, now: datetime
) -> None:
    """By number, else by telephone or to admins by email; whatever the case and accents; only in one club."""
    tx = Tx(session, now, club.anna)
    factories.member(session, factories.organization(session, now, "Turlaget"), now, "Kari Nordmann")
    kari = session.get_one(User, club.kari.user_id)
    kari.membership_id = "17"
    rental = factories.requested(session, club.kari, now, days(now, 1, 3), (club.tent, 1))

    def shown() -> str:
        return queries.view(Tx(session, now), rental).member

    assert shown() == "Kari Nordmann"
    other = registration.enter(
        tx, role=Role.USER, first_name="KARI", last_name="Nórdmann", told={"email": "k@x.no"}
    )
    assert shown() == "Kari Nordmann (17)"
    assert identity.names(session, [other.id])[other.id] == f"KARI Nórdmann (#{other.id})"
    listed = directory.find(tx, words="kari", for_admins=True).entries
    assert {one.name for one in listed} == {"Kari Nordmann (17)", "KARI Nórdmann (k@x.no)"}
    other.phone = "+47 912 34 567"
    assert other.name_for_others() == "KARI Nórdmann (…4567)"

    profile.put(tx, other, "first_name", "Karin")
    assert (shown(), other.name_for_others()) == ("Kari Nordmann", "Karin Nórdmann")
    profile.put(tx, other, "first_name", "Kari")
    assert shown() == "Kari Nordmann (17)"
    merge.merge(tx, kari.id, other.id)
    assert shown() == "Kari Nordmann"

    third = factories.member(session, club.organization, now, "Kari Nordmann", account=77)
    profile.put(tx, session.get_one(User, third.user_id), "last_name", "Nordmann")
    assert shown() == "Kari Nordmann (17)"
    erasure.forget(Tx(session, now, third), seen=[])
    assert shown() == "Kari Nordmann"
    assert session.get_one(User, third.user_id).name_for_others(admins=True) == FORMER_MEMBER
