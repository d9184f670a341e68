"""Words for what keeps an import from being undone."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from handlers.i18n.texts import Texts, lines
from handlers.ui.form import short
from services.imports.afterwards.obstacles import Why


def too_late(t: Texts, d: Mapping[str, Any]) -> Markup:
    """Name what is in the way, each with why."""
    shown = [_thing(t, *one) for one in d["things"]]
    more = d["total"] - len(shown)
    rest = t.plural("… and {n} more", "… and {n} more", more) if more else None
    return lines(t("It cannot be undone any more:"), *shown, rest)


def _thing(t: Texts, name: str, code: str, why: str, by: str) -> Markup:
    reason = {
        Why.LENT: t("lent since"),
        Why.PROMISED: t("promised to somebody"),
        Why.BLOCKED: t("blocked since"),
        Why.CHANGED: t("changed since"),
        Why.IN_BASKET: t("in the basket of {name}", name=by),
        Why.IN_KIT: t("in the kit {name}", name=short(by, 40)),
        Why.HAS_MORE: t("has other items since"),
        Why.JOINED: t("has joined since"),
    }[Why(why)]
    thing = " · ".join(filter(None, (short(name, 40), short(code, 30))))
    return t("{thing}: {reason}", thing=thing or str(t("Something that is gone")), reason=reason)
