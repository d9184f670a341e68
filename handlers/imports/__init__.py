"""Imports of files that are sent to the bot: inventory and members."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.imports import refusals, upload
from handlers.ui.callbacks import Verb
from handlers.ui.registry import ADMIN, Command, Feature, Handle, Where

FEATURE = Feature(
    commands=(
        Command("import", N_("Import the inventory"), Where.PRIVATE, Role.ADMIN, False, upload.command),
    ),
    buttons=(Handle(Verb.IMPORT_AS, upload.chosen, ADMIN), Handle(Verb.LINKS, upload.links, ADMIN)),
    refusals=refusals.WORDS,
    on_file=upload.sent,
)
