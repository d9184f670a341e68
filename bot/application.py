"""The configuration of python-telegram-bot's application."""

from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, BaseRateLimiter, ContextTypes

from bot.connections import Connections
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
    options, connections = ways(api_url, transport)
    contact = Contact()
    bot = RawBot(
        token,
        contact=contact,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=CarefulRequest(
            contact,
            connections,
            connection_pool_size=256,
            pool_timeout=10.0,
            read_timeout=READ_TIMEOUT,
            httpx_kwargs=options,
        ),
        polling=options,
        connections=connections,
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


def ways(
    api_url: str, transport: httpx.AsyncBaseTransport | None
) -> tuple[dict[str, Any], Connections | None]:
    """Return the options of httpx, and the connections that take its place where it is not needed."""
    address = urlsplit(api_url)
    is_near = address.hostname in ("127.0.0.1", "::1", "localhost")
    # Nothing to verify with http, and the certificates take long to read.
    context = httpx.create_ssl_context() if address.scheme == "https" and transport is None else None
    # A proxy from the environment does not lead to this machine.
    options: dict[str, Any] = {"verify": context or False, "trust_env": not is_near}
    if transport is not None:
        return {**options, "transport": transport}, None
    has_proxy = not is_near and bool(getproxies().keys() & {"http", "https", "all"})
    needs_httpx = has_proxy or address.username is not None
    return options, None if needs_httpx else Connections(api_url, context)


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
