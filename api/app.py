"""The FastAPI application of the HTTP API, which the program mounts at `/api`."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute

from api import pages, problems
from api.calls import Api, words
from api.endpoints import Heads, guard_of
from api.identity.logins import Logins
from api.limits import Limits
from api.problems import MEDIA_TYPE, Problem
from api.routers import (
    changes,
    files,
    imports,
    login,
    opening,
    organizations,
    rentals,
    reports,
    returns,
    roles,
    users,
)
from api.routers.inventory import blocks, damage, equipment, fields, items, kits, locations, photos, tags
from api.routers.members import invites, join_requests, own, transfers
from api.settings import ApiSettings
from db.session import Database

_ABOUT = (
    "Lend equipment by program: what the chat can do, by the same rules and rights. Make a token with /token "
    "in the chat, and send it as `Authorization: Bearer TOKEN`. Problems are answered as RFC 9457 has it. "
    "What happens here, people read in the chat."
)

ROUTERS = (
    *(
        login,
        own,
        users,
        invites,
        join_requests,
        opening,
        organizations,
        roles,
        equipment,
        items,
        rentals,
        changes,
        transfers,
    ),
    *(tags, locations, kits, blocks, fields, photos, returns, damage, files, imports, reports),
)


def create_app(
    database: Database, now: Callable[[], datetime], settings: ApiSettings | None = None
) -> FastAPI:
    """Return the application. `now` is the program's clock, in UTC."""
    settings = settings or ApiSettings()
    app = FastAPI(
        title="Equiplib",
        version=_version(),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        # Clients that are made from the document call their methods so.
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.api = Api(database, now, settings, Logins(database, now))
    for module in ROUTERS:
        app.include_router(module.router)
    problems.install(app, tuple(endpoints()))
    pages.install(app)
    app.openapi = _with_problems(app)  # type: ignore[method-assign]
    app.add_middleware(Heads)
    app.add_middleware(Limits, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"],
            expose_headers=["ETag", "Location", "Retry-After", "Idempotency-Replayed"],
        )
    return app


def close(app: FastAPI) -> None:
    """End what the application has running beside the requests."""
    app.state.api.logins.close()


def _version() -> str:
    try:
        return version("equiplib")
    except PackageNotFoundError:
        return "0"


_PROBLEM: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def endpoints() -> Iterator[APIRoute]:
    """Yield all endpoints."""
    for module in ROUTERS:
        yield from (route for route in module.router.routes if isinstance(route, APIRoute))


def _with_problems(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return the maker of the OpenAPI document, which says who may call what, and what problems there are."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            schemas = document["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs"), Problem=problem)
            for route in endpoints():
                for method in route.methods or ():
                    _document(route, document["paths"][route.path][method.lower()])
        assert app.openapi_schema is not None
        return app.openapi_schema

    return openapi


def _document(route: APIRoute, operation: dict[str, Any]) -> None:
    guard = guard_of(route)
    answers = {413: "Too large.", 422: "Not valid.", 429: "Too many requests.", 503: "Try again."}
    if guard is not None:
        operation["x-right"] = words(guard.right)
        answers |= {401: "Not signed in.", 403: "Not with this role.", 404: "Not here."}
    if (route.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
        answers |= {409: "Not in this state.", 412: "Changed meanwhile."}
    if route.path.startswith("/imports/{"):
        answers |= {409: "Not in this state.", 410: "Can be undone no more."}
    if guard is None or route.path == "/users/me/password":
        answers |= {401: "Not right.", 403: "Not allowed here.", 410: "Used, or over."}
    for status, description in answers.items():
        operation["responses"][str(status)] = {**_PROBLEM, "description": description}
