"""The sandbox as a server inside the running event loop, on loopback only."""

import asyncio
import logging
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import control, view
from sandbox.botapi import methods as botapi
from sandbox.botapi.responses import PlainJSON
from sandbox.person import Activity, Person
from sandbox.webhook import Courier
from sandbox.world import groups
from sandbox.world.clock import MovableClock
from sandbox.world.records import Chat, Column, MemberStatus, User
from sandbox.world.state import DEFAULT_TOKEN, World

logger = logging.getLogger(__name__)
PAGE = Path(__file__).parent / "page"
HOST = "127.0.0.1"
FIRST_PERSON = 1001


def create_app(world: World, closing: asyncio.Event | None = None) -> Starlette:
    """The Bot API, the page and its control API. `closing` ends the event streams."""

    async def index(request: Request) -> Response:
        page = PAGE / "index.html"
        return FileResponse(page) if page.exists() else Response("The page is missing.", 404)

    async def favicon(request: Request) -> Response:
        return Response(status_code=204)

    async def broken(request: Request, error: Exception) -> Response:
        logger.error("The sandbox failed at %s", request.url.path, exc_info=error)
        answer = {"ok": False, "error_code": 500, "description": "Internal Server Error"}
        return PlainJSON({**answer, "error": "The sandbox failed; its log tells why."}, 500)

    return Starlette(
        exception_handlers={Exception: broken},
        routes=[
            *botapi.routes(world),
            *control.routes(world, closing or asyncio.Event()),
            Route("/", index),
            Route("/favicon.ico", favicon),
            Mount("/static", StaticFiles(directory=PAGE, check_dir=False)),
        ],
    )


class Sandbox:
    """A running sandbox: `async with Sandbox() as sandbox`. Port 0 takes a free one."""

    def __init__(
        self,
        port: int = 0,
        clock: MovableClock | None = None,
        *,
        token: str = DEFAULT_TOKEN,
        world: World | None = None,
    ) -> None:
        self.world = world or World(clock, token=token)
        self._port = port
        self._closing = asyncio.Event()
        self.app = create_app(self.world, self._closing)
        """The application that answers, for whoever does not come over the network."""
        self._activities: dict[int, Activity] = {}
        self._server: uvicorn.Server | None = None
        self.courier = Courier(self.world.updates)
        """Delivers updates to the bot's webhook; `names` says which server stands at its address."""
        self.url = ""
        """The root address, without a slash at the end; known once the server runs."""

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    @property
    def clock(self) -> MovableClock:
        """The world's clock."""
        return self.world.clock

    async def __aenter__(self) -> "Sandbox":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; raises OSError if the port is taken."""
        listening = _listen(self._port)
        config = uvicorn.Config(
            self.app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            date_header=False,
            server_header=False,
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)
        await self._server.startup(sockets=[listening])
        self.url = f"http://{HOST}:{listening.getsockname()[1]}"
        self.courier.start()

    async def stop(self) -> None:
        """End at once: long polls answer, event streams end, what still runs is cancelled.

        uvicorn's own shutdown waits in steps of a tenth of a second, too slow for hundreds of tests.
        """
        server, self._server = self._server, None
        if server is None:
            return
        self._closing.set()
        await self.courier.stop()
        self.world.updates.close()
        for listener in server.servers:
            listener.close()
        running = set(server.server_state.tasks)
        if running:
            await asyncio.wait(running, timeout=0.2)
        for task in server.server_state.tasks:
            task.cancel()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)

    def add_person(
        self,
        first_name: str,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str = "en",
        id: int | None = None,
        role: str = "",
    ) -> Person:
        """A new person, who has not written to the bot yet."""
        users = self.world.users
        taken = [FIRST_PERSON - 1, *(one for one in users if one != self.world.bot.id)]
        number = max(taken) + 1 if id is None else id
        if number in users:
            raise ValueError(f"There is a person {number} already.")
        user = User(number, first_name, last_name, username, language_code, role=role)
        users[number] = user
        self.world.private_chat(user)
        return self._client(user)

    def person(self, name: str | int) -> Person:
        """The person of this first name, full name or id; made if a name is new."""
        for user in self.world.users.values():
            if not user.is_bot and name in (user.id, user.first_name, user.name):
                return self._client(user)
        if isinstance(name, int):
            raise LookupError(f"There is no person {name}.")
        return self.add_person(name)

    def _client(self, user: User) -> Person:
        activity = self._activities.setdefault(user.id, Activity())
        return Person(self.world, user, self.world.private_chat(user), activity)

    def add_group(
        self,
        title: str,
        members: Sequence[Person | User] = (),
        bot: bool = True,
        forum: bool = False,
        supergroup: bool = False,
    ) -> Chat:
        """A group with the bot in it or not; the first member is the creator, a forum is a supergroup."""
        users = [_user(one) for one in members]
        return groups.create(self.world, title, users, bot=bot, forum=forum, supergroup=supergroup)

    def add_bot_to_group(self, group: Chat, by: Person | User) -> None:
        """The bot gets my_chat_member and the service message new_chat_members."""
        groups.set_member(self.world, group, self.world.bot, "member", _user(by))

    def remove_bot(self, group: Chat, by: Person | User) -> None:
        """The bot is kicked: it gets my_chat_member and left_chat_member."""
        groups.set_member(self.world, group, self.world.bot, "kicked", _user(by))

    def promote_bot(self, group: Chat, by: Person | User, administrator: bool = True) -> None:
        """Make the bot an administrator, who sees all messages, or a plain member again."""
        self.promote(group, self.world.bot, by, administrator)

    def promote(
        self, group: Chat, member: Person | User, by: Person | User, administrator: bool = True
    ) -> None:
        """Make a member an administrator, or a plain member again."""
        status: MemberStatus = "administrator" if administrator else "member"
        groups.set_member(self.world, group, _user(member), status, _user(by))

    def add_member(self, group: Chat, person: Person | User, by: Person | User | None = None) -> None:
        """Somebody joins, or is added."""
        groups.set_member(self.world, group, _user(person), "member", _user(by or person))

    def remove_member(self, group: Chat, person: Person | User, by: Person | User | None = None) -> None:
        """Somebody leaves, or is removed."""
        kicked = by is not None and _user(by) is not _user(person)
        groups.set_member(
            self.world, group, _user(person), "kicked" if kicked else "left", _user(by or person)
        )

    def migrate(self, group: Chat, by: Person | User | None = None) -> Chat:
        """Turn a group into a supergroup; returns the new chat."""
        first = next(one for one in group.members if one != self.world.bot.id)
        return groups.migrate(self.world, group, _user(by) if by else self.world.users[first])

    def deactivate(self, person: Person | User) -> None:
        """The person deletes the Telegram account."""
        _user(person).deactivated = True

    def add_topic(self, group: Chat, name: str, by: Person | User) -> int:
        """Open a forum topic; returns its message_thread_id."""
        return groups.add_topic(self.world, group, name, _user(by))

    def add_column(
        self,
        person: Person,
        chat: Chat | None = None,
        title: str = "",
        subtitle: str = "",
        example: str = "",
    ) -> None:
        """Show a chat on the page as one person sees it; `example`: a text to begin with."""
        where = chat or person.chat
        name = title or (where.title if where.is_group else person.user.name)
        key = f"{person.id}:{where.id}"
        column = Column(key, person.id, where.id, name, subtitle or person.user.role, example)
        self.world.columns.append(column)

    def transcript(self, chat: Chat | Person) -> str:
        """The chat as text, for tests and error messages."""
        return view.transcript(self.world, chat if isinstance(chat, Chat) else chat.chat)


def _listen(port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY only where the protocol is named; without it every answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(100)
    except OSError:
        listening.close()
        raise
    return listening


def _user(one: Person | User) -> User:
    return one.user if isinstance(one, Person) else one
