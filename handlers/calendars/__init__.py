"""Calendars: the addresses to subscribe to, and one rental as a file."""

from db.states import Role
from handlers.calendars import addresses, files
from handlers.i18n.texts import N_
from handlers.ui.callbacks import Verb
from handlers.ui.registry import MEMBER, OWN_STILL, Act, Command, Feature, Look, Where

FEATURE = Feature(
    commands=(
        Command(
            "calendar",
            N_("Rentals in your calendar"),
            Where.PRIVATE,
            Role.USER,
            True,
            addresses.command,
        ),
    ),
    buttons=(
        Act(addresses.Verb.RENEW, addresses.renew, MEMBER, Where.PRIVATE),
        Look(Verb.TO_CALENDAR, files.give, OWN_STILL),
    ),
    answers={"calendar": addresses.shown},
)
