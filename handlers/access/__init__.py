"""Access by programs: API tokens."""

from db.states import Role
from handlers.access import tokens
from handlers.i18n.texts import N_
from handlers.ui.registry import MEMBER, OWN, Act, Command, Feature, Handle, Where

FEATURE = Feature(
    commands=(
        Command(
            "token",
            N_("Tokens for programs"),
            Where.PRIVATE,
            Role.USER,
            tokens.makes,
            tokens.command,
        ),
    ),
    buttons=(
        Handle(tokens.TokenVerb.NEW_TOKEN, tokens.tapped_new, MEMBER, Where.PRIVATE),
        Act(tokens.TokenVerb.REVOKE_TOKEN, tokens.revoke, OWN, Where.PRIVATE),
    ),
)
