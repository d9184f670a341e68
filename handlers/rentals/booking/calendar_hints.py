"""Buttons that do nothing: some say why, such as a day on which it is closed."""

from handlers.ui.callbacks import Tap
from handlers.ui.request import Step
from handlers.ui.widgets import calendar
from services.core.opening_hours import What
from services.organizations import opening_hours_settings


def why(step: Step, tap: Tap) -> str | None:
    """What a day that cannot be tapped says; None for mere labels.

    The reason given for closing is told of the organisation that the person acts in.
    """
    t = step.texts
    match tap.arg:
        case "taken":
            return str(t("Nothing is free that day."))
        case What.HAND_OUT:
            return str(t("Closed: nothing is handed out then."))
        case What.RETURN:
            return str(t("Closed: nothing is taken back then."))
        case calendar.SHUT_FOR_A_REASON:
            reason = opening_hours_settings.reason_of(step.by(step.actor_in_private()), tap.id)
            return str(t("Closed: {reason}", reason=reason).striptags() if reason else t("Closed that day."))
    return None
