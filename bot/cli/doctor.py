"""`equiplib doctor`: looks at all that the program needs, changes nothing, and says what to do."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import typer
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from telegram import Bot, ChatMemberRestricted
from telegram.error import InvalidToken, TelegramError

from bot import settings, telegram_errors
from bot.cli.common import DATABASE_ERRORS, reason_of, utc_now
from bot.errors import Complaint
from bot.service.health import OLDEST_NOTICE
from bot.settings import Settings
from db.migrations import newest, version
from db.models import Organization
from db.session import Database
from services.core.tx import Tx
from services.messaging.tidying import retention

MOST_OFF = timedelta(minutes=1)
"""The difference between this machine's clock and Telegram's after which something is wrong."""

LEAST_DISK = 500_000_000
"""Free bytes below which something is wrong."""

PATIENCE = 10.0
"""Seconds that each server has to answer."""


@dataclass(frozen=True)
class Finding:
    """One part, how it is, and whether that is well."""

    part: str
    words: str
    is_well: bool = True


def examine(config: Path | None) -> None:
    """Print what is found. The exit code is 1 where something is not well."""
    wrong = 0
    for one in findings(config):
        wrong += not one.is_well
        typer.echo(f"{'ok ' if one.is_well else 'NO '} {one.part}: {one.words}")
    if wrong:
        raise typer.Exit(1)


def findings(config: Path | None) -> Iterator[Finding]:
    """Look at one part after the other. Nothing is waited for longer than a few seconds."""
    try:
        given = settings.load(config)
    except Complaint as error:
        yield Finding("settings", str(error), False)
        return
    if given.telegram.token is None:
        yield Finding("settings", "telegram.token is missing: get one from @BotFather", False)
    else:
        yield Finding("settings", "complete")
    database = Database(given.database.url)
    groups: dict[int, str] = {}
    try:
        yield from _of_database(database, groups)
    except DATABASE_ERRORS as error:
        yield Finding("database", f"{reason_of(database, error)}. Check database.url, and the server", False)
    finally:
        database.close()
    if given.telegram.token is not None:
        yield from asyncio.run(_of_telegram(given, groups))
    if given.web.health:
        yield _of_sweep(given)


def _of_database(database: Database, groups: dict[int, str]) -> Iterator[Finding]:
    """Look at the database; `groups` gets the names of the organizations by their groups."""
    if database.is_sqlite:
        file = Path(str(database.url.database))
        folder = file.absolute().parent
        if folder.is_dir():
            free = shutil.disk_usage(folder).free
            words = f"{free // 1_000_000} MB are free for the database"
            yield Finding("disk", words + ("" if free >= LEAST_DISK else ": make room"), free >= LEAST_DISK)
        if not file.exists():
            yield Finding("database", f"there is no {file} yet: equiplib migrate makes it", False)
            return
    with database.engine.execution_options(equiplib_writes=True).connect() as connection:
        connection.execute(text("SELECT 1"))
    yield Finding("database", database.url.render_as_string(hide_password=True))
    found = version(database)
    if found != newest():
        known = f"{found or 'none'}, and this program's is {newest()}"
        todo = "upgrade the program" if found is not None and found > newest() else "run equiplib migrate"
        yield Finding("schema", f"its version is {known}: {todo}", False)
        return
    yield Finding("schema", f"version {found}")
    groups.update(database.read_now(_groups))
    yield _of_messages(database.read_now(lambda session: retention.oldest_due(Tx(session, utc_now()))))


def _groups(session: Session) -> dict[int, str]:
    query = select(Organization.group_chat_id, Organization.name).where(
        Organization.group_chat_id.is_not(None), Organization.closed_at.is_(None)
    )
    return {chat_id: name for chat_id, name in session.execute(query) if chat_id is not None}


def _of_messages(due: datetime | None) -> Finding:
    if due is None or utc_now() - due <= OLDEST_NOTICE:
        return Finding("messages", "none waits for long")
    words = f"one waits since {due:%Y-%m-%d %H:%M} UTC. Does the bot run? If so, its log says why"
    return Finding("messages", words, False)


async def _of_telegram(given: Settings, groups: dict[int, str]) -> list[Finding]:
    from bot import application

    bot = application.build(given.token, given.telegram.api_url).bot
    try:
        async with asyncio.timeout(PATIENCE):
            await bot.initialize()
            found = [Finding("token", f"it is @{bot.username}'s"), await _of_clock(given.telegram.api_url)]
            return found + [await _of_group(bot, chat_id, name) for chat_id, name in groups.items()]
    except InvalidToken:
        return [Finding("token", "Telegram does not know it: copy it anew from @BotFather", False)]
    except (TelegramError, TimeoutError, httpx.HTTPError):
        return [Finding("Telegram", "it cannot be reached: check the network, and telegram.api_url", False)]
    finally:
        await bot.shutdown()


async def _of_clock(api_url: str) -> Finding:
    async with httpx.AsyncClient() as client:
        answer = await client.get(api_url)
    if "date" not in answer.headers:
        return Finding("clock", "Telegram's server does not tell the time")
    off = abs(utc_now() - parsedate_to_datetime(answer.headers["date"]))
    if off <= MOST_OFF:
        return Finding("clock", "right")
    return Finding("clock", f"wrong by {off.total_seconds():.0f} seconds: set it by NTP", False)


async def _of_group(bot: Bot, chat_id: int, name: str) -> Finding:
    part = f"group of {name}"
    try:
        member = await bot.get_chat_member(chat_id, bot.id)
    except TelegramError as error:
        words = f"it cannot be reached ({telegram_errors.words(error)}): add the bot, and /setup there"
        return Finding(part, words, False)
    is_silenced = isinstance(member, ChatMemberRestricted) and not member.can_send_messages
    if member.status in ("left", "kicked"):
        return Finding(part, "the bot is not in it: add it again, and /setup there", False)
    if is_silenced:
        return Finding(part, "the bot may not write there: let it, in the group's permissions", False)
    return Finding(part, "the bot is in it, and may write")


def _of_sweep(given: Settings) -> Finding:
    """Ask the running program itself: nobody else knows when it last did its periodic work."""
    try:
        answer = httpx.get(f"http://{given.web.host}:{given.web.port}/health/ready", timeout=PATIENCE).json()
        sweep = answer["checks"]["sweep"]
    except (httpx.HTTPError, ValueError, KeyError):
        return Finding("periodic work", "the program does not answer: does it run?", False)
    if sweep["ok"]:
        return Finding("periodic work", f"last run {sweep['seconds_ago']} seconds ago")
    return Finding("periodic work", "it does not run: the log says why; start the bot again", False)
