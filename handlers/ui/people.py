"""People's names in texts for others."""

from markupsafe import Markup


def linked(name: str, account_id: int | None) -> Markup:
    """Return a name as a link to the person, with whose Telegram account a chat can be opened.

    Without an account, or where Telegram does not allow the link, it is shown as text.
    """
    if account_id is None:
        return Markup("{}").format(name)
    return Markup('<a href="tg://user?id={}">{}</a>').format(account_id, name)
