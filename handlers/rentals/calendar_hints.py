"""Buttons without an action: some explain, such as a closed day."""

from handlers.ui.callbacks import Tap
from handlers.ui.request import Request
from handlers.ui.widgets import calendar
from services.core.hours.opening_hours import What
from services.organizations import opening_hours_settings


def why(step: Request, tap: Tap) -> str | None:
    """Return the explanation of a day that cannot be tapped; None for plain labels.

    The reason for closing is that of the organization in which the person acts.
    """
    t = step.texts
    match tap.arg:
        case calendar.TAKEN_UP:
            return str(t("Not enough is free that day."))
        case calendar.PAST:
            return str(t("That day is past."))
        case calendar.BEFORE_FIRST:
            return str(t("That is before the first day."))
        case calendar.HAD:
            return str(t("It is due later than that already."))
        case calendar.TOO_FAR:
            return str(t("That is too far ahead."))
        case calendar.TOO_LONG:
            return str(t("It cannot be kept that long."))
        case "over_hand_out":
            return str(t("Nothing more is handed out today."))
        case "over_return":
            return str(t("Today’s return time is past."))
        case What.HAND_OUT:
            return str(t("Closed: nothing is handed out then."))
        case What.RETURN:
            return str(t("Closed: nothing is taken back then."))
        case calendar.SHUT_PLACE:
            return str(t("Closed where the free ones are kept."))
        case calendar.SHUT_FOR_A_REASON:
            reason = opening_hours_settings.reason_of(step.by(step.actor_in_private()), tap.id)
            return str(t("Closed: {reason}", reason=reason).striptags() if reason else t("Closed that day."))
    return None
