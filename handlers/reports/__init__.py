"""Reports: the audit, and the statistics of a year."""

from db.states import Role
from handlers.i18n.texts import N_
from handlers.reports import audit_log, stats
from handlers.ui.registry import LEADER, Command, Feature, Where

FEATURE = Feature(
    commands=(
        Command("stats", N_("Lending at a glance"), Where.PRIVATE, Role.ADMIN, False, stats.command),
        Command("audit", N_("Who did what"), Where.PRIVATE, Role.LEADER, True, audit_log.begin),
    ),
    conversations=((audit_log.AUDITING, LEADER),),
)
