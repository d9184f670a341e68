"""The HTTP API of the page: it shows the world and does what people do. See docs/sandbox.md."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sandbox import view
from sandbox.botapi.responses import PlainJSON
from sandbox.world import groups, people
from sandbox.world.clock import WrongMove
from sandbox.world.files import picture_size
from sandbox.world.people import Draft, Impossible
from sandbox.world.records import Chat, Happening, Message, User
from sandbox.world.state import World

Json = dict[str, object]
Handler = Callable[[World, Json], Awaitable[Json]]
LONGEST_MOVE_HOURS = 366 * 24
LONGEST_NAME = 64


def routes(world: World, closing: asyncio.Event) -> list[Route]:
    """Everything under /sandbox/."""

    def posting(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def post(request: Request) -> Response:
            try:
                return PlainJSON(await handler(world, await _body(request)))
            except Impossible as impossible:
                return _error(400, str(impossible))
            except LookupError as missing:
                return _error(404, str(missing.args[0]))

        return post

    async def get_state(request: Request) -> Response:
        return PlainJSON(view.state(world))

    async def get_messages(request: Request) -> Response:
        chat = world.chats.get(_number(request.path_params["chat_id"]))
        if chat is None:
            return _error(404, "There is no such chat.")
        return PlainJSON({"messages": [view.message(world, one) for one in world.visible(chat)]})

    async def get_events(request: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_events(world, closing), media_type="text/event-stream", headers=headers)

    async def get_file(request: Request) -> Response:
        return _file(world, request.path_params["file_id"])

    return [
        Route("/sandbox/state", get_state),
        Route("/sandbox/chats/{chat_id}/messages", get_messages),
        Route("/sandbox/events", get_events),
        Route("/sandbox/files/{file_id}", get_file),
        *(Route(f"/sandbox/{name}", posting(handler), methods=["POST"]) for name, handler in POSTS.items()),
    ]


async def _events(world: World, closing: asyncio.Event) -> AsyncIterator[str]:
    """Server-sent events until the page goes away or the server closes."""
    waiting: asyncio.Queue[Happening | None] = asyncio.Queue()

    async def end() -> None:
        await closing.wait()
        await waiting.put(None)

    ending = asyncio.create_task(end())
    world.listeners.append(waiting.put_nowait)
    try:
        yield "retry: 500\n\n"
        while (happening := await waiting.get()) is not None:
            yield f"data: {json.dumps(view.event(world, happening))}\n\n"
    finally:
        world.listeners.remove(waiting.put_nowait)
        ending.cancel()


def _file(world: World, file_id: str) -> Response:
    stored = world.files.get(file_id)
    if stored is None:
        return _error(404, "There is no such file.")
    headers = {"X-Content-Type-Options": "nosniff"}
    if stored.kind == "photo":
        return Response(stored.content, media_type=_picture_type(stored.content), headers=headers)
    name = stored.name.encode("ascii", "replace").decode().replace('"', "'")
    # Never shown as a page of ours, whatever it holds.
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(stored.content, media_type="application/octet-stream", headers=headers)


def _picture_type(content: bytes) -> str:
    kinds = {b"\x89P": "image/png", b"GI": "image/gif", b"RI": "image/webp"}
    return kinds.get(content[:2], "image/jpeg")


async def _body(request: Request) -> Json:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            return await _form_values(form)
    try:
        body = await request.json()
    except ValueError:
        raise Impossible("The request is not JSON.") from None
    if not isinstance(body, dict):
        raise Impossible("The request is not a JSON object.")
    return body


async def _form_values(form: FormData) -> Json:
    values: Json = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            values["name"], values["content"] = value.filename or "file", await value.read()
        else:
            values[name] = value
    return values


def _error(code: int, sentence: str) -> Response:
    return PlainJSON({"error": sentence}, code)


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0


def _person(world: World, body: Json) -> User:
    user = world.users.get(_number(body.get("person_id")))
    if user is None or user.is_bot:
        raise LookupError("There is no such person.")
    return user


def _chat(world: World, body: Json) -> Chat:
    chat = world.chat(_number(body.get("chat_id")))
    if chat is None:
        raise LookupError("There is no such chat.")
    return chat


def _message(chat: Chat, message_id: object) -> Message:
    message = chat.messages.get(_number(message_id))
    if message is None:
        raise LookupError("There is no such message.")
    return message


async def send(world: World, body: Json) -> Json:
    """Type a text."""
    user, chat = _person(world, body), _chat(world, body)
    reply = _message(chat, body["reply_to"]) if body.get("reply_to") else None
    thread_id = _number(body.get("thread_id")) or (reply.thread_id if reply else None)
    draft = Draft(str(body.get("text") or ""), reply_to=reply, thread_id=thread_id)
    return {"message": view.message(world, people.send(world, user, chat, draft))}


async def edit(world: World, body: Json) -> Json:
    """Change the text of one's own message."""
    user, chat = _person(world, body), _chat(world, body)
    message = _message(chat, body.get("message_id"))
    people.edit(world, user, message, str(body.get("text") or ""))
    return {"message": view.message(world, message)}


async def tap(world: World, body: Json) -> Json:
    """Tap a button."""
    user, chat = _person(world, body), _chat(world, body)
    made = people.tap(world, user, _message(chat, body.get("message_id")), str(body.get("data") or ""))
    return {"query_id": made.id}


async def open_link(world: World, body: Json) -> Json:
    """Follow a deep link; a ?startgroup= link needs the `chat_id` of a group."""
    user = _person(world, body)
    link = people.read_link(world, str(body.get("url") or ""))
    if not link.group:
        return {"chat_id": people.open_start(world, user, link.payload).chat_id}
    if not body.get("chat_id"):
        raise Impossible("Choose the group that the bot is to be added to.")
    chat = _chat(world, body)
    groups.open_startgroup(world, user, chat, link.payload)
    return {"chat_id": chat.id}


async def upload(world: World, body: Json) -> Json:
    """Send a photo or a document."""
    user, chat = _person(world, body), _chat(world, body)
    content = body.get("content")
    if not isinstance(content, bytes) or not content:
        raise Impossible("There is no file, or it is empty.")
    name, caption = str(body.get("name")), str(body.get("caption") or "")
    if body.get("kind") == "photo":
        if picture_size(content) is None:
            raise Impossible("This is not a picture; send it as a file.")
        draft = Draft(caption, photo=world.files.keep("photo", name, content))
    else:
        draft = Draft(caption, document=world.files.keep("document", name, content))
    return {"message": view.message(world, people.send(world, user, chat, draft))}


async def share(world: World, body: Json) -> Json:
    """Tap a button of the reply keyboard."""
    user, chat = _person(world, body), _chat(world, body)
    chosen = _person(world, {"person_id": body["chosen_id"]}) if body.get("chosen_id") else None
    made = people.share(world, user, chat, str(body.get("label") or ""), chosen)
    return {"message": view.message(world, made)}


async def block(world: World, body: Json) -> Json:
    """Block the bot, or take the block back."""
    user = _person(world, body)
    people.set_blocked(world, user, bool(body.get("blocked")))
    return {"blocked": user.blocked}


async def press_start(world: World, body: Json) -> Json:
    """Press Start in the private chat."""
    message = people.open_start(world, _person(world, body), "")
    return {"message": view.message(world, message)}


async def raw_update(world: World, body: Json) -> Json:
    """Send the bot any text in the place of an update."""
    text = body.get("text")
    if not isinstance(text, str):
        raise Impossible("There is no text to send.")
    world.updates.add_raw(text)
    return {}


async def move_clock(world: World, body: Json) -> Json:
    """Move the clock forward: `to` a time, by `hours` or `days`, or to the `next` moment something is due."""
    clock = world.clock
    try:
        stops = await (
            clock.advance_to_next() if body.get("next") else clock.advance(_target(clock.now(), body))
        )
    except WrongMove as wrong:
        raise Impossible(str(wrong)) from None
    return {"now": view.moment(clock.now()), "stops": [view.moment(one) for one in stops]}


async def new_person(world: World, body: Json) -> Json:
    """Let somebody new in, where the demo can."""
    name = " ".join(str(body.get("name") or "").split())
    if world.on_new_person is None:
        raise Impossible("Nobody new can come in here.")
    if not name or len(name) > LONGEST_NAME:
        raise Impossible(f"Give a name of at most {LONGEST_NAME} characters.")
    await world.on_new_person(name)
    world.tell(Happening("state"))
    return {}


async def start_over(world: World, body: Json) -> Json:
    """Begin again with another world, where the demo can."""
    if world.on_start_over is None:
        raise Impossible("What happens here is kept.")
    world.on_start_over()
    return {}


def _target(now: datetime, body: Json) -> datetime:
    try:
        if body.get("to"):
            return datetime.fromisoformat(str(body["to"]))
        hours = float(str(body.get("hours") or 0)) + 24 * float(str(body.get("days") or 0))
    except ValueError:
        raise Impossible("Give a time like 2026-12-01T09:00+01:00, or a number of hours or days.") from None
    if not 0 < hours <= LONGEST_MOVE_HOURS:
        raise Impossible("Say how far to move the clock: up to a year forward.")
    return now + timedelta(hours=hours)


POSTS: dict[str, Handler] = {
    "send": send,
    "edit": edit,
    "tap": tap,
    "open": open_link,
    "upload": upload,
    "share": share,
    "block": block,
    "press-start": press_start,
    "raw-update": raw_update,
    "clock": move_clock,
    "new-person": new_person,
    "start-over": start_over,
}
