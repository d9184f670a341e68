"""The demo: the bot with a simulated Telegram, and a page that shows everybody's chats."""

import asyncio
import itertools
import signal
import socket
import webbrowser
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import typer

from bot.demo import sample_data
from bot.demo.sample_data import ANNA, KARI, LARS, OLA, PEOPLE
from bot.program import Program
from bot.sending.rate_limiter import Unpaced
from db.migrations import upgrade
from db.session import Database
from handlers.i18n.texts import closest
from handlers.telegram.setup import menus
from sandbox.server import Sandbox
from sandbox.world import people
from sandbox.world.clock import MovableClock
from services import periodic, temporary_folders
from services.core.tx import Tx

_TRIES = 20
EXAMPLES = {
    KARI: "/rent tent this weekend",
    OLA: "/rentals",
    LARS: "/desk",
    ANNA: "/inventory",
}
"""A text for each person to begin with."""


async def run(*, port: int, browser: bool, keep: Path | None) -> None:
    """Run until SIGINT or SIGTERM. Without `keep` all data is deleted afterwards, and one can start over."""
    asked = _ending()
    with temporary_folders.made("demo") as folder:
        port = free_port(port)
        for number in itertools.count():
            database = Database(f"sqlite:///{keep or folder / f'demo{number}.db'}")
            try:
                again = await _run(database, asked, port=port, browser=browser, kept=keep is not None)
            finally:
                database.close()
            if not again:
                break
            browser = False
    typer.echo("Goodbye.")


async def _run(database: Database, asked: asyncio.Event, *, port: int, browser: bool, kept: bool) -> bool:
    """Run one world until its end is asked for; return whether another is to begin."""
    upgrade(database)
    clock = MovableClock()
    async with Sandbox(port, clock=clock) as sandbox:
        # Telegram's limits hold in real time, not in that of a clock that is moved.
        sandbox.world.limits.enabled = False
        group_id = add_people(sandbox)
        await database.write(lambda session: sample_data.populate(session, clock.now(), group_id))
        program = Program(
            token=sandbox.token,
            database=database,
            api_url=sandbox.url,
            clock=clock.now,
            limiter=Unpaced(),
        )
        await program.start()
        try:
            connect(clock, program, database)
            sandbox.world.on_new_person = newcomers(sandbox, database, clock)
            over = asyncio.Event()
            if not kept:
                sandbox.world.on_start_over = over.set
            await _show_menus(program)
            typer.echo(f"Equiplib is running: {sandbox.url}")
            typer.echo(
                "What happens is kept." if kept else "Nothing is kept. Ctrl-C ends it.",
            )
            if browser:
                await asyncio.to_thread(_open, sandbox.url)
            await _first(asked, over)
        finally:
            await program.stop()
    return not asked.is_set()


async def _first(*events: asyncio.Event) -> None:
    """Wait for one of these."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


def newcomers(sandbox: Sandbox, database: Database, clock: MovableClock) -> Callable[[str], Awaitable[None]]:
    """Return what lets somebody new in: they follow a member's link, as Anna would send it."""

    async def join(name: str) -> None:
        first, _, last = name.partition(" ")
        person = sandbox.add_person(first, last or None, role="new")
        token = await database.write(lambda session: sample_data.invite(session, clock.now()))
        sandbox.add_column(person, example="/items")
        people.open_start(sandbox.world, person.user, token)

    return join


def _ending() -> asyncio.Event:
    """Return an event set by SIGINT or SIGTERM; a second Ctrl-C ends the program at once."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _once(loop, number, asked.set))
    return asked


def _once(loop: asyncio.AbstractEventLoop, number: int, then: Callable[[], None]) -> Callable[[], None]:
    def asked() -> None:
        loop.remove_signal_handler(number)
        then()

    return asked


def free_port(wanted: int) -> int:
    """Return the port or the next free one; 0, for any, after twenty."""
    for port in range(wanted, wanted + _TRIES):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    return 0


def add_people(sandbox: Sandbox) -> int:
    """Set up the people, their group and the page's columns; return the group's chat id."""
    persons = {
        person: sandbox.add_person(
            person.first_name,
            person.last_name,
            language_code=person.language,
            id=person.account_id,
            role=person.title,
        )
        for person in PEOPLE
    }
    for person in persons.values():
        person.user.started = True
    group = sandbox.add_group("Utstyr · admins", members=[persons[ANNA], persons[LARS]], bot=True)
    for one in (KARI, OLA):
        sandbox.add_column(persons[one], example=EXAMPLES[one])
    sandbox.add_column(persons[ANNA], group, subtitle="admin group")
    for one in (LARS, ANNA):
        sandbox.add_column(persons[one], example=EXAMPLES[one])
    return group.id


async def _show_menus(program: Program) -> None:
    """Set each person's menu for their role, as /start would, which nobody here has sent."""
    for person in PEOPLE:
        bot = program.application.bot
        await menus.show_to(bot, person.account_id, person.role, closest(person.language))


def connect(clock: MovableClock, program: Program, database: Database) -> None:
    """Let the clock stop at each moment of periodic work, until the bot has done it."""

    async def next_moment(after: datetime) -> datetime | None:
        return await database.read(lambda session: periodic.upcoming(Tx(session, after)))

    async def moved(_: datetime) -> None:
        with suppress(ExceptionGroup):  # told and logged where it happened
            await program.wake_sweep()
        await program.idle()

    clock.next_moment, clock.on_moved = next_moment, moved


def _open(url: str) -> None:
    try:
        webbrowser.open(url)
    except webbrowser.Error:
        typer.echo("Open the address above in a browser.")
