"""Exports of inventory, rentals and members as files."""

from db.states import Role
from handlers.exports import conversation
from handlers.i18n.texts import N_
from handlers.ui.registry import ADMIN, Command, Feature, Where

FEATURE = Feature(
    commands=(
        Command(
            "export",
            N_("Export as a file"),
            Where.PRIVATE,
            Role.ADMIN,
            conversation.asks,
            conversation.begin,
        ),
    ),
    conversations=((conversation.EXPORT, ADMIN),),
)
