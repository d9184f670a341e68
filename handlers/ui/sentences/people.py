"""People's names in texts for others."""

from markupsafe import Markup

from handlers.ui.form import short

_LEAST = 8
"""Letters of a name that still say whose it is."""


def linked(name: str, account_id: int | None) -> Markup:
    """Return a name as a link to the person, with whose Telegram account a chat can be opened.

    Without an account, or where Telegram does not allow the link, it is shown as text.
    """
    if account_id is None:
        return Markup("{}").format(name)
    return Markup('<a href="tg://user?id={}">{}</a>').format(account_id, name)


def short_name(name: str, most: int = 40) -> str:
    """Return a name for a button; what tells it apart, in brackets behind it, stays whole."""
    plain, _, apart = name.rpartition(" (")
    room = most - len(apart) - 2
    if len(name) <= most or not plain or not apart.endswith(")") or room < _LEAST:
        return short(name, most)
    return f"{short(plain, room)} ({apart}"
