"""Imports of files that are sent to the bot: inventory and members."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.imports import card, refusals, upload
from handlers.ui.callbacks import Verb
from handlers.ui.registry import ADMIN, Act, Command, Feature, Handle, MessageKind, Where
from services.imports import jobs

FEATURE = Feature(
    commands=(
        Command("import", N_("Import the inventory"), Where.PRIVATE, Role.ADMIN, False, upload.command),
    ),
    buttons=(
        Handle(Verb.IMPORT_AS, upload.chosen, ADMIN),
        Handle(Verb.LINKS, upload.links, ADMIN),
        Act(card.Verb.CANCEL_IMPORT, card.cancel, ADMIN, where=Where.PRIVATE),
    ),
    messages=(MessageKind(jobs.CARD, card.draw),),
    refusals=refusals.WORDS,
    on_file=upload.sent,
)
