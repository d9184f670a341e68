"""The configuration of python-telegram-bot's application."""

from typing import Any
from urllib.parse import urlsplit

import httpx
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, BaseRateLimiter, ContextTypes

from bot.errors import WrongToken
from bot.sending.rate_limiter import TwoLanes
from bot.updates.raw import CarefulRequest, Contact, RawBot
from db.states import Lane
from handlers.telegram.context import Context

READ_TIMEOUT = 15.0
"""Seconds to wait for Telegram's answer. Long, since a request that timed out may have arrived before it is
repeated."""

Limiter = BaseRateLimiter[dict[str, Lane]]
OurApplication = Application[RawBot, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]


def build(
    token: str,
    api_url: str,
    limiter: Limiter | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> OurApplication:
    """Return the application, without updater, job queue and conversations. `transport`: see `Program`."""
    address = urlsplit(api_url)
    options: dict[str, Any] = {}
    if address.hostname in ("127.0.0.1", "::1", "localhost"):
        options["trust_env"] = False  # a proxy from the environment does not lead to this machine
    if transport is not None:
        options["transport"] = transport
    if address.scheme == "http":
        options["verify"] = False  # nothing to verify, and the certificates take long to read
    contact = Contact()
    bot = RawBot(
        token,
        contact=contact,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=CarefulRequest(
            contact,
            connection_pool_size=256,
            pool_timeout=10.0,
            read_timeout=READ_TIMEOUT,
            httpx_kwargs=options,
        ),
        polling=options,
        rate_limiter=limiter or TwoLanes(),
    )
    return (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )


async def bot_name(token: str, api_url: str) -> str | None:
    """Return the username of the token's bot; None where Telegram is unreachable. Raises WrongToken."""
    bot = build(token, api_url).bot
    try:
        await bot.initialize()
        return str(bot.username)
    except InvalidToken as error:
        raise WrongToken from error
    except TelegramError:
        return None
    finally:
        await bot.shutdown()
