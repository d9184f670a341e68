"""Access by programs: API tokens, logins and passwords."""

from db.states import Role
from handlers.access import login, tokens
from handlers.i18n.texts import N_
from handlers.ui.registry import MEMBER, OWN, Act, Command, Feature, Handle, MessageKind, Where
from services.access import links

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
        Act(login.LoginVerb.LOG_IN, login.confirm, OWN, Where.PRIVATE),
        Act(login.LoginVerb.NO_LOGIN, login.refuse, OWN, Where.PRIVATE),
        Handle(login.LoginVerb.NEW_PASSWORD, login.tapped_password, MEMBER, Where.PRIVATE),
    ),
    messages=(MessageKind(links.PASSWORD_ASKED, login.asked),),
)
