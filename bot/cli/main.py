"""The command line."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from telegram.error import InvalidToken, TelegramError

from bot import log_config, settings
from bot.cli import exports, imports, members
from bot.cli.common import ConfigOption, opened, utc_now
from bot.cli.status import status
from bot.program import Program, WrongToken, build
from bot.settings import Complaint, Settings
from handlers.i18n.texts import LANGUAGES
from services.core.errors import Refusal, Refused
from services.organizations import closing, management

WRONG_TOKEN = (
    "telegram.token is wrong: Telegram does not know it. Copy it anew from @BotFather into the config file, "
    "or into EQUIPLIB_TELEGRAM__TOKEN."
)

REFUSALS = {
    Refused.NAME_EMPTY: "An organisation and its leader need a name.",
    Refused.NAME_TAKEN: "There is an organisation of this name already.",
    Refused.UNKNOWN_TIME_ZONE: "There is no such time zone. They are named like Europe/Oslo.",
    Refused.TOO_MUCH_TEXT: "That name is too long.",
    Refused.NOT_FOUND: "There is no such organisation. `equiplib organization list` tells those there are.",
}

app = typer.Typer(
    help="Lend your equipment from a chat.", no_args_is_help=True, pretty_exceptions_enable=False
)
organization = typer.Typer(help="The organisations that own equipment.", no_args_is_help=True)
app.add_typer(organization, name="organization")
app.command("import")(imports.import_inventory)
app.command("export")(exports.export)
app.command("status")(status)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. What the one who runs it did wrong is a sentence and exit code 2."""
    try:
        app(arguments)
    except (Complaint, WrongToken, Refusal) as error:
        typer.echo(_sentence(error), err=True)
        sys.exit(2)


def _sentence(error: Complaint | WrongToken | Refusal) -> str:
    if isinstance(error, WrongToken):
        return WRONG_TOKEN
    if isinstance(error, Refusal):
        return REFUSALS[error.code]
    return str(error)


@app.command()
def run(config: ConfigOption = None) -> None:
    """Run the bot until it is interrupted."""
    given = settings.load(config)
    token = given.token
    log_config.configure(given.log, token)
    with opened(given) as database:
        program = Program(
            token=token,
            database=database,
            api_url=given.telegram.api_url,
            operator_chat_id=given.telegram.operator_chat_id,
        )
        asyncio.run(program.run())


@app.command()
def migrate(config: ConfigOption = None) -> None:
    """Bring the database up to date. The other commands do so too, where it is needed."""
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given):
        typer.echo("The database is up to date.")


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is; another is found if it is taken.")] = 8080,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    keep: Annotated[
        Path | None, typer.Option(help="Keep what happens in this file; without it nothing is kept.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Try everything in the browser, without Telegram and without a token."""
    given = settings.load(config)
    log_config.configure(given.log)
    try:
        from bot.demo import app as trying_out  # noqa: PLC0415 - its libraries are an extra, and may be missing
    except ModuleNotFoundError as error:
        what = f"The demo needs {error.name}, which is not installed: pip install 'equiplib[demo]'"
        raise Complaint(what) from None
    asyncio.run(trying_out.run(port=port, browser=browser, keep=keep))


@organization.command("create")
def create_organization(
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    timezone: Annotated[str, typer.Option(help="Its time zone, as Europe/Oslo.")],
    leader: Annotated[str, typer.Option(help='Who leads it: "First Last".')],
    language: Annotated[str, typer.Option(help=f"Its language: {' or '.join(LANGUAGES)}.")] = "en",
    config: ConfigOption = None,
) -> None:
    """Create an organisation, and print the link that makes whoever opens it its leader. It works once."""
    given = settings.load(config)
    log_config.configure(given.log, given.token)
    if language not in LANGUAGES:
        raise Complaint(f"--language is wrong: known are {', '.join(LANGUAGES)}.")
    first, _, last = leader.strip().rpartition(" ")
    if not first:
        first, last = last, ""
    bot = asyncio.run(_username(given))
    with opened(given) as database:
        token = database.write_now(
            lambda session: management.create(
                session,
                utc_now(),
                name=name,
                timezone=timezone,
                language=language,
                leader_first=first,
                leader_last=last,
            )
        )
    typer.echo(f"{name} is there. Whoever opens this link leads it; it works once, for two weeks:")
    typer.echo(f"https://t.me/{bot or 'YOUR_BOT'}?start={token}")
    if bot is None:
        typer.echo("Telegram could not be reached: put your bot's name in place of YOUR_BOT.", err=True)


def _username_now(given: Settings) -> str | None:
    return asyncio.run(_username(given))


app.add_typer(members.commands(_username_now), name="members")


async def _username(given: Settings) -> str | None:
    """The bot's name; None where Telegram cannot be reached. Raises WrongToken."""
    bot = build(given.token, given.telegram.api_url).bot
    try:
        await bot.initialize()
        return str(bot.username)
    except InvalidToken as error:
        raise WrongToken from error
    except TelegramError:
        return None
    finally:
        await bot.shutdown()


@organization.command("list")
def list_organizations(config: ConfigOption = None) -> None:
    """List the organisations: members, time zone, language, and which are closed."""
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given) as database:
        found = database.read_now(lambda session: management.listed(session, utc_now()))
    for one in found:
        closed = f", closed on {one.closed_at:%Y-%m-%d}" if one.closed_at is not None else ""
        members = "1 member" if one.members == 1 else f"{one.members} members"
        typer.echo(f"{one.name}: {members}, {one.timezone}, {one.language}{closed}")
    if not found:
        typer.echo("There is none yet: equiplib organization create makes one.")


@organization.command("reopen")
def reopen_organization(
    name: Annotated[str, typer.Argument(help="The organisation's name.")], config: ConfigOption = None
) -> None:
    """Open an organisation again that its leader closed."""
    given = settings.load(config)
    log_config.configure(given.log)
    with opened(given) as database:
        reopened = database.write_now(lambda session: closing.reopen(session, utc_now(), name))
    if reopened is None:
        typer.echo(f"{name} is open.")
    else:
        typer.echo(f"{name} is open again. Its group has to be chosen anew, with /setup there.")
