"""`equiplib organization`: creates, lists and reopens organizations."""

import asyncio
from pathlib import Path

import typer

from bot import log_config, settings
from bot.cli.common import opened, organization_called, utc_now
from bot.errors import Complaint
from db.states import Role
from handlers.i18n.texts import LANGUAGES
from services.core.tx import Tx
from services.members import invites
from services.organizations import closing, management


def create(config: Path | None, *, name: str, timezone: str, leader: str, language: str) -> None:
    from bot import application

    given = settings.load(config)
    log_config.configure(given.log, given.token)
    if language not in LANGUAGES:
        raise Complaint(f"--language is wrong: use one of {', '.join(LANGUAGES)}.")
    first, _, last = leader.strip().rpartition(" ")
    if not first:
        first, last = last, ""
    bot = asyncio.run(application.bot_name(given.token, given.telegram.api_url))
    with opened(given) as database:
        token = database.write_now(
            lambda session: management.create(
                Tx(session, utc_now()),
                name=name,
                timezone=timezone,
                language=language,
                leader_first=first,
                leader_last=last,
            )
        )
    typer.echo(
        f"Created {name}. The first person to open this link becomes its leader. "
        "It works once, for two weeks:"
    )
    _show_link(bot, token)


def invite(config: Path | None, name: str, *, is_leader: bool) -> None:
    from bot import application

    given = settings.load(config)
    log_config.configure(given.log, given.token)
    bot = asyncio.run(application.bot_name(given.token, given.telegram.api_url))
    role = Role.LEADER if is_leader else Role.USER
    with opened(given) as database:
        organization_id = organization_called(database, name)
        token = database.write_now(
            lambda session: invites.new(Tx(session, utc_now(), within=organization_id), role=role)
        )
    what = "leads" if is_leader else "is a member of"
    typer.echo(f"Whoever opens this link {what} {name}. It works once, for {invites.DAYS} days:")
    _show_link(bot, token)


def _show_link(bot: str | None, token: str) -> None:
    typer.echo(f"https://t.me/{bot or 'YOUR_BOT'}?start={token}")
    if bot is None:
        typer.echo("Telegram could not be reached: replace YOUR_BOT with your bot's name.", err=True)


def show(config: Path | None) -> None:
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given) as database:
        found = database.read_now(lambda session: management.listed(Tx(session, utc_now())))
    for one in found:
        closed = f", closed on {one.closed_at:%Y-%m-%d}" if one.closed_at is not None else ""
        members = "1 member" if one.members == 1 else f"{one.members} members"
        typer.echo(f"{one.name}: {members}, {one.timezone}, {one.language}{closed}")
    if not found:
        typer.echo("There is none yet. Create one with: equiplib organization create.")


def reopen(config: Path | None, name: str) -> None:
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given) as database:
        reopened = database.write_now(lambda session: closing.reopen(Tx(session, utc_now()), name))
    if reopened is None:
        typer.echo(f"{name} is already open.")
    else:
        typer.echo(f"{name} is open again. Its group has to be chosen again, with /setup there.")
