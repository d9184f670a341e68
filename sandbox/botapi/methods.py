"""The Bot API over HTTP: reads the call, checks the token, lets faults happen, answers as Telegram does."""

import hmac
import json
from collections.abc import Callable
from urllib.parse import unquote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.botapi import chats, commands, messages
from sandbox.botapi.parameters import Call, Upload
from sandbox.botapi.refusals import Refusal, bad_request
from sandbox.botapi.responses import Dropped, Elements, PlainJSON
from sandbox.world.state import World

Method = Callable[[World, Call], object]

METHODS: dict[str, Method] = {
    "getme": chats.get_me,
    "sendmessage": messages.send_message,
    "sendphoto": messages.send_photo,
    "senddocument": messages.send_document,
    "editmessagetext": messages.edit_message_text,
    "editmessagecaption": messages.edit_message_caption,
    "editmessagemedia": messages.edit_message_media,
    "editmessagereplymarkup": messages.edit_message_reply_markup,
    "deletemessage": messages.delete_message,
    "answercallbackquery": messages.answer_callback_query,
    "sendchataction": messages.send_chat_action,
    "getfile": chats.get_file,
    "getchat": chats.get_chat,
    "getchatmember": chats.get_chat_member,
    "getchatadministrators": chats.get_chat_administrators,
    "leavechat": chats.leave_chat,
    "setwebhook": chats.set_webhook,
    "deletewebhook": chats.delete_webhook,
    "getwebhookinfo": chats.get_webhook_info,
    "setmycommands": commands.set_my_commands,
    "getmycommands": commands.get_my_commands,
    "deletemycommands": commands.delete_my_commands,
    "setmyname": chats.set_text,
    "getmyname": chats.get_text,
    "setmydescription": chats.set_text,
    "getmydescription": chats.get_text,
    "setmyshortdescription": chats.set_text,
    "getmyshortdescription": chats.get_text,
    "setchatmenubutton": chats.set_menu_button,
    "setmydefaultadministratorrights": chats.set_menu_button,
}
"""Telegram takes method names in any case."""
LONGEST_POLL = 50


def routes(world: World) -> list[Route]:
    """/bot<token>/<method> and /file/bot<token>/<path>."""

    async def call_method(request: Request) -> Response:
        try:
            return await _answer(world, request)
        except Refusal as refusal:
            return _refused(refusal)

    async def download(request: Request) -> Response:
        if not _is_token(world, request.path_params["token"]):
            return _refused(Refusal(401, "Unauthorized"))
        stored = world.files.at_path(request.path_params["path"])
        if stored is None:
            return _refused(Refusal(404, "Not Found"))
        return Response(stored.content, media_type="application/octet-stream")

    return [
        Route("/bot{token}/{method}", call_method, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
    ]


async def _answer(world: World, request: Request) -> Response:
    if not _is_token(world, request.path_params["token"]):
        raise Refusal(401, "Unauthorized")
    call = await _read(request)
    fault = world.faults.take(call.method, call.text("chat_id"))
    if fault is None:
        return _ok(await _run(world, call))
    if fault.after_effect:
        result = await _run(world, call)
    await fault.wait()
    if fault.drops:
        return Dropped()
    if fault.body is not None:
        return Response(fault.body, fault.code or 200, media_type="text/html")
    if fault.code is not None:
        return PlainJSON(fault.answer(), fault.code)
    return _ok(result if fault.after_effect else await _run(world, call))


async def _run(world: World, call: Call) -> object:
    name = call.method.lower()
    if name == "getupdates":
        allowed = call.data("allowed_updates", "allowed updates")
        if isinstance(allowed, list):
            world.updates.allow([str(one) for one in allowed])
        limit = min(max(call.integer("limit", 100), 1), 100)
        timeout = min(max(call.integer("timeout"), 0), LONGEST_POLL)
        return await world.updates.fetch(call.integer("offset"), limit, timeout)
    if name not in METHODS:
        raise Refusal(404, "Not Found")
    return METHODS[name](world, call)


async def _read(request: Request) -> Call:
    call = Call(request.path_params["method"], dict(request.query_params))
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if request.method == "POST" and kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object")
        call.values.update(body)
    elif request.method == "POST" and kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_part_size=2**20) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    call.uploads[name] = Upload(value.filename or "file", await value.read())
                else:
                    call.values[name] = value
    return call


def _is_token(world: World, given: str) -> bool:
    return hmac.compare_digest(unquote(given).encode(), world.token.encode())


def _ok(result: object) -> Response:
    if isinstance(result, list):
        return Elements(result)
    return PlainJSON({"ok": True, "result": result})


def _refused(refusal: Refusal) -> Response:
    answer: dict[str, object] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return PlainJSON(answer, refusal.code)
