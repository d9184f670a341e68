"""Onboarding: links, requests to join, the admin group; and commands that span joining and renting."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.onboarding import (
    admin_group,
    answers,
    club_discovery,
    help,
    invites,
    join_requests,
    joining,
    next_steps,
    open_requests,
    start,
)
from handlers.rentals import lists
from handlers.ui.callbacks import Verb
from handlers.ui.registry import (
    ADMIN,
    ANYBODY,
    MEMBER,
    Act,
    Command,
    Feature,
    ListOfRentals,
    Look,
    MessageKind,
    Where,
)
from services.messaging import group_chats, notifications

FEATURE = Feature(
    commands=(
        Command("start", N_("Start"), Where.BOTH, None, True, start.start),
        # Also the questions to somebody who is about to join:
        Command(
            "cancel", N_("Cancel something"), Where.PRIVATE, Role.USER, True, open_requests.cancel, ANYBODY
        ),
        Command(
            "pending",
            N_("Requests waiting for an answer"),
            Where.BOTH,
            Role.ADMIN,
            False,
            lists.requested_command(open_requests.pending),
        ),
        Command("invite", N_("A link for new members"), Where.PRIVATE, Role.ADMIN, True, invites.command),
        Command(
            "setup",
            N_("Make this the admin group"),
            Where.GROUP,
            Role.ADMIN,
            True,
            admin_group.command,
            is_for_unbound=True,
        ),
        Command("help", N_("What I can do"), Where.BOTH, None, False, start.help_),
    ),
    buttons=(
        Act(next_steps.Verb.GO, next_steps.go, MEMBER, Where.PRIVATE),
        Look(help.Verb.HELP, next_steps.more, ANYBODY, Where.PRIVATE),
        Act(Verb.BIND, admin_group.tapped, ADMIN, Where.GROUP),
        Act(Verb.INVITE, invites.tapped, ADMIN, Where.PRIVATE),
        Act(Verb.ADMIT, join_requests.admit, ADMIN),
        Act(Verb.TURN_AWAY, join_requests.turn_away, ADMIN),
        Act(Verb.SHOW_ADMISSION, join_requests.show, ADMIN),
    ),
    conversations=((joining.JOIN, ANYBODY), (join_requests.TURN_AWAY, ADMIN)),
    messages=(
        MessageKind(notifications.ADMISSION_CARD, join_requests.card, names_organization=True),
        MessageKind(group_chats.REPLACED, admin_group.replaced),
    ),
    lists=(ListOfRentals("pending", open_requests.pending, ADMIN, is_shared=True),),
    answers={
        "welcome": answers.welcome,
        "group_bound": admin_group.bound,
        "invite": answers.invite,
        "linked_inactive": answers.linked_inactive,
        "asked_to_join": answers.asked_to_join,
        "withdrawn": answers.withdrawn,
        "hello": answers.hello,
        "help": answers.help_to,
        "invite_roles": answers.invite_roles,
        "greeting": admin_group.greeting,
    },
    on_stranger=club_discovery.welcome_stranger,
)
