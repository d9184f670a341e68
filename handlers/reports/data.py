"""What `/audit` remembers."""

from handlers.ui.conversation import ConversationData


class AuditData(ConversationData):
    """`about`: kind and id of what the list is narrowed to. `before`: the way back to newer entries."""

    words: str = ""
    about: tuple[str, int] | None = None
    before: tuple[int, ...] = ()
