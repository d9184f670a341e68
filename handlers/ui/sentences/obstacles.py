"""Sentences about members who cannot fetch a rental, or whose membership ends while they have it."""

from markupsafe import Markup

from handlers.i18n.texts import Texts
from handlers.ui.form import short
from services.rentals.obstacles import Obstacle, Why
from services.rentals.queries import RentalView


def for_desk(t: Texts, v: RentalView) -> Markup | None:
    """Tell the desk what stands between the member and the rental."""
    if v.obstacle is None:
        return None
    if v.obstacle.why is Why.ENDS and v.due_at is None:
        day = _day(t, v.obstacle)
        return t("⚠️ The membership of {name} ends {day}. Set a date.", name=short(v.member, 80), day=day)
    return of_member(t, v.member, v.obstacle)


def of_member(t: Texts, name: str, found: Obstacle) -> Markup:
    """Tell it of a member by name."""
    values = {"name": short(name, 80), "day": _day(t, found)}
    if found.why is Why.SUSPENDED and found.at is not None:
        return t("⛔ {name} is suspended until {day}, and cannot pick it up.", **values)
    if found.why is Why.SUSPENDED:
        return t("⛔ {name} is suspended, and cannot pick it up.", **values)
    if found.why is Why.NOT_BEGUN:
        return t("⛔ The membership of {name} does not begin until {day}.", **values)
    if found.why is Why.ROLE:
        return t("⛔ It is not for {name} any more.", **values)
    if found.why is Why.ENDED:
        return t("⛔ The membership of {name} ends {day}, before this begins.", **values)
    return t("⚠️ The membership of {name} ends {day}, before this is due back.", **values)


def for_member(t: Texts, v: RentalView) -> Markup | None:
    """Tell the member."""
    if v.obstacle is None:
        return None
    day = _day(t, v.obstacle)
    if v.obstacle.why is Why.SUSPENDED and v.obstacle.at is not None:
        return t("⛔ You are suspended until {day}, and cannot pick it up.", day=day)
    if v.obstacle.why is Why.SUSPENDED:
        return t("⛔ You are suspended, and cannot pick it up.")
    if v.obstacle.why is Why.NOT_BEGUN:
        return t("⛔ Your membership does not begin until {day}.", day=day)
    if v.obstacle.why is Why.ENDED:
        return t("⛔ Your membership ends {day}, before this begins. Renew it to pick this up.", day=day)
    if v.due_at is None:
        return t("⚠️ Your membership ends {day}. Bring it back by then.", day=day)
    return t("⚠️ Your membership ends {day}, before this is due back.", day=day)


def _day(t: Texts, found: Obstacle) -> str:
    """Return the last day of what ends then, or the first of what begins."""
    if found.at is None:
        return ""
    return t.day(t.local(found.at).date() if found.why is Why.NOT_BEGUN else t.last_day(found.at))
