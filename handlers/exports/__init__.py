"""Exports of inventory, rentals and members as files."""

from db.states import Role
from handlers.exports import conversation
from handlers.i18n.texts import N_
from handlers.ui.registry import Command, Feature, Where
from services.access import rights

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
    conversations=((conversation.EXPORT, rights.EXPORT),),
)
