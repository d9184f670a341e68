"""Mistyped words find what they are near to, where nothing is called so."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.core.tx import Tx
from services.inventory import kits
from services.inventory.search import near_names
from tests import factories
from tests.factories import Club
from tests.services.inventory.search.test_catalog import counted

NAMES = (
    *("Sleeping bag", "Sovepose", "Kajakk", "Hodelykt", "Paddle, long", "Paddle, short", "Rope"),
    *("Bærestropp", "Müllsack", "Ski 160 cm"),
)

NEAR = """
tnet => Tent
tnets => Tent
stvoe => Stove
Stoove => Stove
sleping bag => Sleeping bag
bag sleping => Sleeping bag
sleepingbag => Sleeping bag
slepping bags => Sleeping bag
sovpose => Sovepose
sovpeoser => Sovepose
kayakk => Kajakk
hodlykter => Hodelykt
padle => Paddle, long + Paddle, short
short padle => Paddle, short
bærestorpp => Bærestropp
baerestorpp => Bærestropp
muellsakc => Müllsack
campign set => Camping set
rpoe => Rope
roep => Rope
ropa =>
tant =>
stxxe =>
tent stxxe =>
160 kajjak =>
zorb =>
12345 =>
tent =>
stove =>
"""
"""Mistyped words; what is too short, too far, or right is near to nothing."""


def test_a_typo_is_near_to_a_name(session: Session, club: Club, now: datetime) -> None:
    """One letter in five, two in nine, two changed places in four; by one statement, nobody else's things."""
    for number, name in enumerate(NAMES):
        factories.equipment(session, club.organization, now, name, f"N{number}")
    anna = Tx(session, now, club.anna)
    kit = kits.add(anna, "Camping set")
    kit = kits.set_part(anna, kit.id, club.tent.id, 1, seen=kit.version)
    session.flush()
    wrong = []
    for line in NEAR.strip().splitlines():
        words, _, names = line.partition(" =>")
        with counted(session) as made:
            found = near_names.near(Tx(session, now, within=club.organization.id), words)
        if " + ".join(one.name for one in found) != names.strip() or len(made) > 1:
            wrong.append(f"{words}: {[one.name for one in found]}, {len(made)} statements")
    assert wrong == [], "\n".join(wrong)
    other = factories.club(session, now, "Turlaget")
    assert near_names.near(Tx(session, now, within=other.organization.id), "campign set") == ()
