"""Labels to print, with codes that lead to items."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.labels import conversation
from handlers.ui.registry import Command, Feature, Where
from services.access import rights

FEATURE = Feature(
    commands=(
        Command(
            "labels",
            N_("Labels to print, with QR codes"),
            Where.PRIVATE,
            Role.ADMIN,
            True,
            conversation.begin,
        ),
    ),
    conversations=((conversation.LABELS, rights.PRINT_LABELS),),
)
