"""`equiplib members`: members from a CSV file, and the links that they open."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot import log_config, settings
from bot.cli import imports
from bot.cli.common import ConfigOption, opened, organization_called, utc_now
from bot.settings import Complaint, Settings
from services.imports import Invited, MembersReport, import_members
from services.imports.members.links import links_file
from services.members import invites

OrganizationOption = Annotated[str, typer.Option(help="The name of the organisation they belong to.")]
LinksOption = Annotated[
    Path, typer.Option(help="Where the links go: a file that does not exist yet, for you alone to read.")
]

Username = Callable[[Settings], str | None]


def commands(username: Username) -> typer.Typer:
    """`username` finds out the bot's name, which stands in each link; None where it cannot be reached."""
    app = typer.Typer(help="The members of an organisation.", no_args_is_help=True)

    @app.command("import")
    def bring_in(
        file: Annotated[Path, typer.Argument(help="A CSV file, whatever its encoding and delimiter.")],
        organization: OrganizationOption,
        links: LinksOption = Path("member-links.csv"),
        mapping: Annotated[
            list[str] | None,
            typer.Option(
                "--map",
                metavar="FIELD=HEADER",
                help='Which header is which field, as "city=Ort"; with nothing after the sign, none is.',
            ),
        ] = None,
        config: ConfigOption = None,
    ) -> None:
        """Bring the rows of a CSV file among an organisation's members, with a link for each new one.

        They are known by username, email or membership number: the same file twice changes nothing.
        """
        given = settings.load(config)
        log_config.configure(given.log, given.token)
        _require_new(links)
        bot = username(given)
        with opened(given) as database:
            organization_id = organization_called(database, organization)
            report = imports.bring_in(database, organization_id, file, mapping, import_members)
        for line in summary(report):
            typer.echo(line)
        _hand_out(report.invited, links, bot)

    @app.command("links")
    def renew(
        organization: OrganizationOption,
        links: LinksOption = Path("member-links.csv"),
        config: ConfigOption = None,
    ) -> None:
        """Make new links for all active members who are not in Telegram yet. Earlier ones work no more."""
        given = settings.load(config)
        log_config.configure(given.log, given.token)
        _require_new(links)
        bot = username(given)
        with opened(given) as database:
            organization_id = organization_called(database, organization)
            invited = database.write_now(lambda s: invites.renew(s, organization_id, utc_now()))
        if not invited:
            typer.echo("All active members are in Telegram already.")
        _hand_out(invited, links, bot)

    return app


def summary(report: MembersReport) -> Iterator[str]:
    """The numbers, then every row that could not come in."""
    yield imports.columns(report)
    yield f"Rows: {report.rows}, of which {report.refused_total} refused."
    yield f"Members: {report.new} new, {report.changed} changed, {report.unchanged} unchanged."
    if report.inactive:
        yield f"Of these, {report.inactive} are not active; they get no link."
    yield from imports.all_refused(report)


def _require_new(links: Path) -> None:
    """Before anything is done: links cannot be shown a second time."""
    if links.exists():
        raise Complaint(f"--links is wrong: {links} exists. Name a file that does not.")
    if not links.absolute().parent.is_dir():
        raise Complaint(f"--links is wrong: there is no folder {links.absolute().parent}.")


def _hand_out(invited: Sequence[Invited], links: Path, bot: str | None) -> None:
    if not invited:
        return
    links.touch(mode=0o600, exist_ok=False)
    links.write_text(links_file(invited, bot or "YOUR_BOT"), encoding="utf-8-sig")
    typer.echo(
        f"{len(invited)} links are in {links}. Each works once, within {invites.PERSONAL_DAYS} days, and "
        "whoever opens it is that member: send each to nobody else."
    )
    if bot is None:
        typer.echo("Telegram could not be reached: put your bot's name in place of YOUR_BOT.", err=True)
