"""`/login`: by password, or by a QR code that is confirmed in the chat; and forgotten passwords."""

import io
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import endpoints
from api.calls import Api, Call, Writes, api_of
from api.identity.auth import ByPassword
from api.limits import address_of
from api.models.access import (
    AskIn,
    LoginIn,
    LoginOut,
    PasswordByCode,
    PasswordIn,
    QrIn,
    QrOut,
    QrSecret,
    Waiting,
)
from api.models.common import Done
from api.problems import ProblemError, invalid
from db.models import User
from services.access import links, passwords, rights, throttle, tokens
from services.access.tokens import Made
from services.core.errors import Refusal, Refused
from services.core.tx import Tx
from services.members import directory
from services.messaging import notifications

router = endpoints.router(tag="login")

Anybody = Annotated[Api, Depends(api_of)]
Mine = Annotated[Call, Depends(Writes(rights.MEMBER))]

NAME = "login"
"""The name of a token that was given for a password."""


def _given(made: Made, user: User) -> LoginOut:
    return LoginOut(
        token=made.secret,
        role=made.role,
        user_id=user.id,
        organization_id=user.organization_id,
        expires_at=made.expires_at,
    )


@router.post("/login")
async def log_in(api: Anybody, request: Request, body: LoginIn) -> LoginOut:
    """Sign in with a name and password, where your organization allows passwords.

    One answer for an unknown name and a wrong password; after failures it takes longer and longer.
    """
    password = body.password.get_secret_value()
    host = address_of(request.scope)
    proved = await api.logins.check(body.username, password, host, body.organization_id)

    def work(session: Session) -> LoginOut:
        tx = Tx(session, api.now())
        ByPassword(proved).actor(tx)
        user = directory.user(session, proved.user_id)
        return _given(tokens.make_for_login(tx, user, NAME), user)

    return await run_in_threadpool(api.write, work)


@router.delete("/login", status_code=204)
def log_out(call: Mine) -> None:
    """End the token that this request is made with."""

    def work(tx: Tx) -> None:
        if not tx.actor.token_id:
            raise ProblemError(409, "no_token", "This request is made with a password.")
        tokens.revoke(tx, tx.actor.token_id)

    return call.write(work)


@router.post("/login/qr", status_code=201)
def begin_qr(api: Anybody, body: QrIn) -> QrOut:
    """Begin a login by QR code: a member opens its link in the chat, and confirms."""
    if not api.settings.bot:
        raise ProblemError(503, "unavailable", "The bot is not known yet.")
    begun = api.database.write_now(
        lambda session: links.begin(Tx(session, api.now()), body.name), quietly=True
    )
    link = f"https://t.me/{api.settings.bot}?start={begun.link}"
    return QrOut(link=link, svg=_svg(link), secret=begun.poll, expires_at=begun.expires_at)


def _svg(text: str) -> str:
    import segno  # noqa: PLC0415 - heavy, and rarely needed

    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="svg", scale=5, border=4, xmldecl=False)
    return target.getvalue().decode()


@router.post(
    "/login/qr/token",
    responses={200: {"model": LoginOut}, 202: {"model": Waiting}, 410: {"description": "It is over."}},
    response_model=None,
)
def poll_qr(api: Anybody, body: QrSecret) -> Response | LoginOut:
    """Get the token of a login by QR code, once it is confirmed. 202 while it waits, 410 where it is over."""

    def work(session: Session) -> LoginOut | None:
        tx = Tx(session, api.now())
        made = links.poll(tx, body.secret)
        if made is None:
            return None
        actor = tokens.actor_of(tx, made.secret)
        assert actor is not None
        return _given(made, directory.user(session, actor.user_id))

    found = api.write(work)
    return found if found is not None else JSONResponse(Waiting().model_dump(), 202)


@router.post("/login/link", status_code=202)
def ask_for_link(api: Anybody, request: Request, body: AskIn) -> Done:
    """Ask for a new password: the chat sends a button for it. The answer is always the same."""

    def work(session: Session) -> None:
        tx = Tx(session, api.now())
        throttle.begin(tx, [throttle.asking(body.username), throttle.address(address_of(request.scope))])
        for user in passwords.members(tx, body.username, body.organization_id):
            notifications.tell_user(tx.of(user.organization_id), user, links.PASSWORD_ASKED)

    try:
        api.write(work)
    except Refusal as refusal:
        if refusal.code is not Refused.LOGIN_SLOWED:
            raise
    return Done()


@router.post("/login/password", status_code=200)
async def set_password_by_code(api: Anybody, request: Request, body: PasswordByCode) -> Done:
    """Set a password with a code from the chat; it works once."""
    await _count(api, request)
    hash_ = await _hashed(api, body.new_password.get_secret_value())

    def work(session: Session) -> Done:
        tx = Tx(session, api.now())
        passwords.store(tx, links.use_for_password(tx, body.code), hash_)
        return Done()

    return await run_in_threadpool(api.write, work)


async def _count(api: Api, request: Request) -> None:
    """Count an attempt from this address."""
    counted = [throttle.address(address_of(request.scope))]
    await api.database.write(lambda session: throttle.begin(Tx(session, api.now()), counted), quietly=True)


async def _hashed(api: Api, password: str) -> str:
    return await api.logins.in_pool(lambda: passwords.hashed(password))


@router.put("/users/me/password")
async def set_password(call: Mine, body: PasswordIn) -> Done:
    """Set your password, with the present one or a code from the chat. Other logins by password end."""
    if (body.current_password is None) == (body.code is None):
        raise invalid(["body"], "Name current_password or code.")
    present = await run_in_threadpool(call.look, passwords.own_hash)
    if body.current_password is not None:
        await _count(call.api, call.request)
        given = body.current_password.get_secret_value()
        right = await call.api.logins.in_pool(
            lambda: passwords.is_right(present or passwords.nobodys(), given)
        )
        if not right or present is None:
            raise ProblemError(403, "wrong_password", "This is not the present password.")
    hash_ = await _hashed(call.api, body.new_password.get_secret_value())

    def work(tx: Tx) -> Done:
        if body.code is not None and links.use_for_password(tx, body.code).id != tx.actor.user_id:
            raise Refusal(Refused.LINK_OVER)
        if body.code is None and passwords.own_hash(tx) != present:
            raise Refusal(Refused.CHANGED_MEANWHILE, by=None)
        passwords.store(tx, directory.user(tx.session, tx.actor.user_id), hash_)
        return Done()

    answer: Any = await run_in_threadpool(call.write, work)
    done: Done = answer
    return done
