"""Settings of the API, given by the program that runs it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ApiSettings:
    """Settings of the API. `cors_origins`: who may call it from a page, nobody by default.

    `body_limit`: bytes of a request's body. `rate_per_minute`: requests of one token, or from one address
    without; 0 for no limit. `public_url`: where the world reaches the program, without `/api`.
    `bot_username`: for links that lead into the chat. `fetch`: returns the bytes of a file by its Telegram
    id, or None where there is no such file any more; raises ConnectionError where Telegram does not answer.
    """

    cors_origins: tuple[str, ...] = ()
    body_limit: int = 1_000_000
    rate_per_minute: int = 600
    public_url: str = ""
    bot_username: str | Callable[[], str] = ""
    fetch: Callable[[str], Awaitable[bytes | None]] | None = None

    @property
    def bot(self) -> str:
        """The bot's username; empty where it is not known yet."""
        return self.bot_username if isinstance(self.bot_username, str) else self.bot_username()
