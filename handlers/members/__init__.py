"""Members: found and changed by admins, and each member's own data."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.members import answers, directory, notifications, organization_switch, refusals
from handlers.members.own import language, me
from handlers.ui.callbacks import Verb
from handlers.ui.registry import ANYBODY, Act, Command, Feature, MessageKind, Right, Where
from services.access import rights
from services.members import accounts

FEATURE = Feature(
    commands=(
        Command("members", N_("Find and change members"), Where.PRIVATE, Role.ADMIN, True, directory.command),
        Command(
            "me",
            N_("What is stored about you"),
            Where.PRIVATE,
            None,
            True,
            me.command,
            Right(own=True, former=True, left=True),
        ),
        Command("language", N_("Change the language"), Where.PRIVATE, None, False, language.command),
    ),
    buttons=(
        Act(Verb.LANGUAGE, language.tapped, ANYBODY, Where.PRIVATE),
        # To where one has something to do:
        Act(Verb.SWITCH, organization_switch.switch, Right(Role.USER, own=True, former=True), Where.PRIVATE),
    ),
    conversations=(
        (directory.MEMBERS, rights.MANAGE_MEMBERS),
        (me.ABOUT_ME, ANYBODY),
    ),  # about oneself, whatever one is
    messages=(
        MessageKind(accounts.SWITCHED, organization_switch.switched),
        *(MessageKind(kind, render) for kind, render in (*me.KINDS.items(), *notifications.KINDS.items())),
    ),
    refusals=refusals.WORDS,
    answers={
        "own_invite": answers.own_invite,
        "another_account": answers.another_account,
        "language_set": language.is_set,
    },
)
