"""Problem details (RFC 9457): the form of every answer that is no success."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from api import refusals
from db.session import is_passing
from services.core.errors import Refusal
from services.core.hours.periods import Period

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class InputError(BaseModel):
    """One thing that is wrong with the input."""

    loc: list[str | int] = Field(description="Where it is.", examples=[["body", "lines", 0, "quantity"]])
    msg: str = Field(examples=["Input should be greater than or equal to 1"])
    type: str = Field(examples=["greater_than_equal"])


class Problem(BaseModel):
    """A problem, as RFC 9457 has it. `code` is for programs, `detail` for people."""

    type: str = Field(default="about:blank", examples=["urn:equiplib:problem:not_free"])
    title: str = Field(description="The status in words.", examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["Not enough of it is free then."])
    code: str = Field(description="The reason; stays the same in later versions.", examples=["not_free"])
    field: str | None = Field(default=None, description="The field of the input that is taken, or wrong.")
    errors: list[InputError] | None = Field(default=None, description="What is wrong with the input.")
    context: dict[str, Any] | None = Field(
        default=None, description="What the reason is about, such as what is free instead."
    )


class ProblemError(Exception):
    """An answer with a problem, raised by the edge itself. It rolls the transaction back."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[InputError] = (),
        headers: Mapping[str, str] | None = None,
        field: str | None = None,
        context: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(status, code)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers = list(errors), dict(headers or {})
        self.field, self.context = field, context


def unauthorized(detail: str = "Sign in with a token, or with a name and password.") -> ProblemError:
    """Return the answer to somebody who has not proved who they are."""
    return ProblemError(
        401,
        "unauthorized",
        detail,
        headers={"WWW-Authenticate": 'Bearer realm="equiplib", Basic realm="equiplib"'},
    )


def invalid(loc: Sequence[str | int], msg: str, type_: str = "value_error") -> ProblemError:
    """Return the answer to input that is wrong in one place."""
    return ProblemError(
        422,
        "invalid_input",
        "The input is not valid.",
        errors=[InputError(loc=list(loc), msg=msg, type=type_)],
    )


def answer(error: ProblemError) -> JSONResponse:
    problem = Problem(
        type=f"urn:equiplib:problem:{error.code}",
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        code=error.code,
        field=error.field,
        errors=error.errors or None,
        context=error.context,
    )
    return JSONResponse(
        problem.model_dump(mode="json", exclude_none=True),
        error.status,
        error.headers,
        media_type=MEDIA_TYPE,
    )


def of_refusal(refusal: Refusal) -> ProblemError:
    """Return the answer that a service's refusal gets."""
    log.info("refused", reason=refusal.code.value)
    known = refusals.ANSWERS[refusal.code]
    context = {key: plain(value) for key, value in refusal.data.items()}
    seconds = refusal.data.get("seconds")
    return ProblemError(
        known.status,
        refusal.code.value,
        known.sentence,
        headers={"Retry-After": str(seconds)} if known.status == 429 and seconds is not None else None,
        field=known.field,
        errors=[
            InputError(
                loc=["body", *([known.field] if known.field else [])],
                msg=known.sentence,
                type=refusal.code.value,
            )
        ]
        if known.status == 422
        else (),
        context=context or None,
    )


@contextmanager
def at(*loc: str | int) -> Iterator[None]:
    """Let a refusal of input say where in the body that input is."""
    try:
        yield
    except Refusal as refusal:
        problem = of_refusal(refusal)
        for error in problem.errors:
            error.loc = ["body", *loc]
        raise problem from refusal


def plain(value: Any) -> Any:
    """Return a value of a refusal's data as JSON has it."""
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Period():
            return {"starts_at": value.starts_at.isoformat(), "due_at": value.due_at.isoformat()}
        case dict():
            return {str(key): plain(one) for key, one in value.items()}
        case (datetime() as starts_at, datetime() as due_at):
            return {"starts_at": starts_at.isoformat(), "due_at": due_at.isoformat()}
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in value]
        case str() | int() | float() | bool() | None:
            return value
    return str(value)


def _methods(request: Request, endpoints: Sequence[APIRoute]) -> set[str]:
    """Return the methods that this path has: each is an endpoint of its own, which knows no other."""
    at_path = (one for one in endpoints if one.matches(request.scope)[0] is not Match.NONE)
    known = {method for one in at_path for method in one.methods or ()}
    return known | {"HEAD"} if "GET" in known else known


def install(app: FastAPI, endpoints: Sequence[APIRoute]) -> None:
    """Let every error of the application be answered by a problem."""

    @app.exception_handler(ProblemError)
    async def on_problem(_request: Request, error: ProblemError) -> Response:
        return answer(error)

    @app.exception_handler(Refusal)
    async def on_refusal(_request: Request, error: Refusal) -> Response:
        return answer(of_refusal(error))

    @app.exception_handler(RequestValidationError)
    async def on_invalid(_request: Request, error: RequestValidationError) -> Response:
        # Never the input itself: it may be a password, or no text that can be encoded.
        errors = [
            InputError(
                loc=[
                    part if isinstance(part, int) else str(part).encode("utf-8", "replace").decode()
                    for part in one["loc"]
                ],
                msg=str(one["msg"]).encode("utf-8", "replace").decode(),
                type=one["type"],
            )
            for one in error.errors()
        ]
        return answer(ProblemError(422, "invalid_input", "The input is not valid.", errors=errors[:50]))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.BAD_REQUEST:  # a form that is none
            return answer(invalid(["body"], str(error.detail)))
        code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(
            error.status_code, "http_error"
        )
        detail = HTTPStatus(error.status_code).description or str(error.detail)
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (known := _methods(request, endpoints)):
            headers = {"Allow": ", ".join(sorted(known))}
        return answer(ProblemError(error.status_code, code, detail, headers=headers))

    @app.exception_handler(Exception)
    async def on_fault(request: Request, error: Exception) -> Response:
        if is_passing(error):
            return answer(
                ProblemError(503, "unavailable", "Try again in a moment.", headers={"Retry-After": "2"})
            )
        log.error("a request failed", path=request.url.path, error=type(error).__name__)
        return answer(ProblemError(500, "internal_error", "Something went wrong on our side."))
