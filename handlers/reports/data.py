"""Data of the `/audit` conversation."""

from handlers.ui.conversation import ConversationData


class AuditData(ConversationData):
    """`about`: kind and id of the list's subject. `before`: the way back to newer entries."""

    words: str = ""
    about: tuple[str, int] | None = None
    before: tuple[int, ...] = ()
