"""The command line: commands with their options. Each command imports its implementation when it runs."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli import memory
from bot.errors import Complaint
from services.core.errors import Refusal, Refused

REFUSALS = {
    Refused.NAME_EMPTY: "An organisation and its leader need a name.",
    Refused.NAME_TAKEN: "There is already an organisation with this name.",
    Refused.UNKNOWN_TIME_ZONE: "There is no such time zone. Write it like Europe/Oslo.",
    Refused.TOO_MUCH_TEXT: "That name is too long.",
    Refused.NOT_FOUND: "There is no such organisation. `equiplib organization list` shows those there are.",
}

OWN_FILES = 0o077
"""The umask: what a command writes is full of people's data, and nobody else's to read."""

app = typer.Typer(
    help="Lend your equipment from a chat.", no_args_is_help=True, pretty_exceptions_enable=False
)
organization = typer.Typer(help="Create, list and reopen organisations.", no_args_is_help=True)
members = typer.Typer(help="Import an organisation's members, and make links for them.", no_args_is_help=True)
app.add_typer(organization, name="organization")
app.add_typer(members, name="members")

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="The config file; by default config.toml in this folder, if there is one.",
        show_default=False,
    ),
]
MembersOfOption = Annotated[str, typer.Option(help="The name of the organisation they belong to.")]
LinksOption = Annotated[
    Path, typer.Option(help="The file for the links; it must not exist yet, and only you can read it.")
]
RefusedOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A file for the refused rows, with the reasons, to correct and import."
    ),
]
CodesFileOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A file for the codes of what is new, to be printed or kept."),
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. A user's mistake is a sentence and exit code 2, a database that is away one with
    code 1.
    """
    before = os.umask(OWN_FILES)
    try:
        with memory.loading():
            app(arguments)
    except (Complaint, Refusal) as error:
        typer.echo(_sentence(error) if isinstance(error, Refusal) else str(error), err=True)
        sys.exit(error.exit_code if isinstance(error, Complaint) else Complaint.exit_code)
    finally:
        os.umask(before)


def _sentence(refusal: Refusal) -> str:
    if refusal.code is not Refused.SETTINGS_WRONG:
        return REFUSALS[refusal.code]
    d = refusal.data
    whose = f" of {d['equipment']}" if d["equipment"] else ""
    return (
        f"{d['organization']}: its setting {d['setting']}{whose} is {d['value']}, which is impossible. "
        "A leader can set it anew in the chat, with /policy, /organizations or /inventory."
    )


def _show_template(wanted: bool) -> None:
    if wanted:
        from bot.cli import imports

        imports.show_template()
        raise typer.Exit


@app.command("import")
def import_inventory(
    organization: Annotated[str, typer.Option(help="The name of the organisation that owns the equipment.")],
    file: Annotated[
        Path | None,
        typer.Argument(help="A CSV file, whatever its encoding, or a workbook (.xlsx, .xls, .ods)."),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=HEADER",
            help='The header of a field, such as code="Invent.Nr."; without a header, the field is ignored.',
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show how the file is understood; write nothing.")
    ] = False,
    sheet: Annotated[
        list[str] | None,
        typer.Option(metavar="TITLE", help="The sheets to import; by default, all that hold a list."),
    ] = None,
    encoding: Annotated[
        str, typer.Option(help="The encoding of a text file, such as cp1252, if it cannot be detected.")
    ] = "",
    codes: Annotated[
        Literal["make", "require"], typer.Option(help="What to do with rows without a code.")
    ] = "make",
    pieces: Annotated[
        Literal["make", "one"] | None,
        typer.Option(help="Whether a very large number of pieces becomes that many items, or one."),
    ] = None,
    undo: Annotated[
        str,
        typer.Option(
            metavar="NUMBER", help="Undo the import with this number, or the last one; takes no file."
        ),
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, even on a terminal.")] = False,
    refused: RefusedOption = None,
    codes_file: CodesFileOption = None,
    config: ConfigOption = None,
    show_template: Annotated[
        bool,
        typer.Option(
            "--template", help="Print a CSV file to fill in.", is_eager=True, callback=_show_template
        ),
    ] = False,
) -> None:
    """Import a CSV file or a workbook into an organisation's inventory.

    Items are recognised by their code, by name and serial number, or by name, brand, model and their place
    in the list: importing a file twice changes nothing. The exit code is 1 if every row was refused.
    """
    if undo:
        from bot.cli import import_undo

        import_undo.undo_import(config, organization, undo, yes=yes)
        return
    from bot.cli import imports

    if file is None:
        raise Complaint("Which file? Or which import is to be undone: --undo last.")
    choices = imports.choices_of(encoding, sheet, codes, pieces)
    imports.import_inventory(
        config,
        file,
        organization,
        mapping,
        choices,
        dry_run=dry_run,
        yes=yes,
        refused_to=refused,
        codes_to=codes_file,
    )


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write; its name ends in .csv or .xlsx.")],
    organization: Annotated[str, typer.Option(help="The name of the organisation.")],
    what: Annotated[
        Literal["inventory", "rentals", "members"], typer.Option(help="What to export.")
    ] = "inventory",
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DAY", help="For rentals: the first day, such as 2026-01-01."),
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="For rentals: the last day, such as 2026-12-31.")
    ] = None,
    language: Annotated[
        str,
        typer.Option(help="The language of the reader: en, nb, de and so on; by default the organisation's."),
    ] = "",
    config: ConfigOption = None,
) -> None:
    """Write the inventory, the rentals or the members of an organisation to a CSV file or a workbook.

    An inventory exported like this can be imported again unchanged: equiplib import.
    """
    from bot.cli import exports

    exports.export(config, file, organization, what=what, first=first, last=last, language=language)


@app.command()
def status(config: ConfigOption = None) -> None:
    """Show what is waiting, and what could not be handled or sent."""
    from bot.cli import status

    status.show(config)


@app.command()
def doctor(config: ConfigOption = None) -> None:
    """Check everything that the bot needs, and say what to do. The exit code is 1 if anything is wrong."""
    from bot.cli import doctor

    doctor.examine(config)


@app.command()
def run(config: ConfigOption = None) -> None:
    """Run the bot until it is interrupted."""
    with memory.without_unused():
        from bot.cli import run

    run.run(config)


@app.command()
def migrate(config: ConfigOption = None) -> None:
    """Bring the database up to date. The other commands do this too if needed."""
    from bot.cli.database import migrate

    migrate.migrate(config)


@app.command("copy-database")
def copy_database(
    to: Annotated[str, typer.Argument(help="An empty database: postgresql://user:password@host/name.")],
    config: ConfigOption = None,
) -> None:
    """Copy the SQLite database of the config file to PostgreSQL, and compare the two. Stop the bot first."""
    from bot.cli.database import copying

    copying.copy_database(config, to)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    config: ConfigOption = None,
) -> None:
    """Write the whole database, as it is at one moment, to one file. The bot may keep running."""
    from bot.cli.database import backups

    backups.backup(config, file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `equiplib backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Discard what is in the database now.")] = False,
    config: ConfigOption = None,
) -> None:
    """Restore a backup into the empty database of the config file, of either kind. Stop the bot first."""
    from bot.cli.database import backups

    backups.restore(config, file, replace=replace)


@app.command()
def invite(
    organization: Annotated[str, typer.Option(help="The name of the organisation.")],
    leader: Annotated[bool, typer.Option("--leader", help="Make the link for a new leader.")] = False,
    config: ConfigOption = None,
) -> None:
    """Print a link that lets one person into an organisation; with --leader, as a new leader."""
    from bot.cli import organizations

    organizations.invite(config, organization, is_leader=leader)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="The page's port; another one is used if it is taken.")] = 8080,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    keep: Annotated[
        Path | None, typer.Option(help="Keep everything in this file; without it nothing is kept.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Try everything in the browser, without Telegram and without a token."""
    from bot.cli import run

    run.demo(config, port=port, browser=browser, keep=keep)


@organization.command("create")
def create_organization(
    name: Annotated[str, typer.Argument(help="The organisation's name.")],
    timezone: Annotated[str, typer.Option(help="Its time zone, such as Europe/Oslo.")],
    leader: Annotated[str, typer.Option(help='Its leader: "First Last".')],
    language: Annotated[str, typer.Option(help="Its language: en or nb.")] = "en",
    config: ConfigOption = None,
) -> None:
    """Create an organisation, and print a link for its leader. It works once."""
    from bot.cli import organizations

    organizations.create(config, name=name, timezone=timezone, leader=leader, language=language)


@organization.command("list")
def list_organizations(config: ConfigOption = None) -> None:
    """List the organisations: members, time zone, language, and which are closed."""
    from bot.cli import organizations

    organizations.show(config)


@organization.command("reopen")
def reopen_organization(
    name: Annotated[str, typer.Argument(help="The organisation's name.")], config: ConfigOption = None
) -> None:
    """Reopen an organisation that its leader closed."""
    from bot.cli import organizations

    organizations.reopen(config, name)


@members.command("import")
def import_members(
    file: Annotated[Path, typer.Argument(help="A CSV file, whatever its encoding and delimiter.")],
    organization: MembersOfOption,
    links: LinksOption = Path("member-links.csv"),
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=HEADER",
            help='The header of a field, such as "city=Ort"; without a header, the field is ignored.',
        ),
    ] = None,
    refused: RefusedOption = None,
    config: ConfigOption = None,
) -> None:
    """Import members of an organisation from a CSV file, and make a link for each new one.

    They are recognised by username, email or membership number: importing a file twice changes nothing.
    """
    from bot.cli import members

    members.bring_in(config, file, organization, links, mapping, refused)


@members.command("links")
def renew_links(
    organization: MembersOfOption,
    links: LinksOption = Path("member-links.csv"),
    config: ConfigOption = None,
) -> None:
    """Make new links for all active members who are not in Telegram yet. Earlier links stop working."""
    from bot.cli import members

    members.renew(config, organization, links)
