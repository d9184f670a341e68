"""Managing an organization: its policy, its opening hours, and whole organizations."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.organizations import impossible_settings, opening_hours, organizations, policy, screens
from handlers.ui.registry import Command, Feature, MessageKind, Where
from services import stoppages
from services.access import rights
from services.organizations import closing

FEATURE = Feature(
    commands=(
        Command(
            "policy", N_("The rules, and the opening days"), Where.PRIVATE, Role.ADMIN, True, policy.command
        ),
        Command(
            "organizations",
            N_("Organisations that you lead"),
            Where.PRIVATE,
            Role.LEADER,
            True,
            organizations.command,
        ),
    ),
    conversations=(
        (policy.POLICY, rights.LEAD),
        (opening_hours.OPENING, rights.LEAD),
        (organizations.ORGANIZATIONS, rights.LEAD),
    ),
    messages=(
        MessageKind(closing.CLOSED_NOTICE, screens.closed_notice),
        MessageKind(stoppages.STOPPED, impossible_settings.stopped),
        MessageKind(stoppages.RESUMED, impossible_settings.resumed),
    ),
    refusals=impossible_settings.REFUSALS,
)
