"""A client that knows nothing but an OpenAPI document: a method for each of its operations."""

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

Json = dict[str, Any]


class Answered(Exception):
    """An answer that is no success: the problem, as the document describes it."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(status, problem.get("code"))
        self.status, self.problem = status, problem


@dataclass(frozen=True)
class Operation:
    """One operation: `names` has the arguments, each with where it goes and what it is called there."""

    method: str
    path: str
    names: Mapping[str, tuple[str, str]]
    needed: frozenset[str]
    media_type: str | None
    statuses: frozenset[int]


class Client:
    """`client.get_rental(rental_id=7)` returns what the operation with this `operationId` answers."""

    def __init__(self, document: Json, http: httpx.AsyncClient) -> None:
        self._http = http
        self._operations = {
            operation["operationId"]: _read(document, method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def __getattr__(self, name: str) -> Callable[..., Coroutine[Any, Any, Any]]:
        operation = self._operations.get(name)
        if operation is None:
            raise AttributeError(name)

        async def call(**given: Any) -> Any:
            return await self._call(operation, given)

        return call

    async def _call(self, operation: Operation, given: Json) -> Any:
        unknown, missing = given.keys() - operation.names.keys(), operation.needed - given.keys()
        if unknown or missing:
            raise TypeError(f"{operation.path}: unknown {sorted(unknown)}, missing {sorted(missing)}")
        sent: dict[str, Json] = {"path": {}, "query": {}, "header": {}, "body": {}}
        for name, value in given.items():
            place, called = operation.names[name]
            sent[place][called] = value
        form = operation.media_type == "multipart/form-data"
        more: Json = {} if operation.media_type is None else {"files" if form else "json": sent["body"]}
        path = operation.path.format(**sent["path"])
        answer = await self._http.request(
            operation.method, path, params=sent["query"], headers=sent["header"], **more
        )
        if answer.status_code not in operation.statuses:
            raise AssertionError(f"{operation.path} answers {answer.status_code}, which is not documented")
        if answer.is_error:
            raise Answered(answer.status_code, answer.json())
        is_json = answer.headers.get("content-type") == "application/json"
        return answer.json() if is_json else answer.content


def _read(document: Json, method: str, path: str, operation: Json) -> Operation:
    names: dict[str, tuple[str, str]] = {}
    needed = set()
    for one in operation.get("parameters", ()):
        name = _argument(one["name"])
        names[name] = (one["in"], one["name"])
        needed |= {name} if one.get("required") else set()
    contents = operation.get("requestBody", {}).get("content", {})
    media_type = next(iter(contents), None)
    if media_type is not None:
        schema = contents[media_type]["schema"]
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for name in schema.get("properties", {}):
            if name in names:
                raise ValueError(f"{path} has {name} twice")
            names[name] = ("body", name)
        needed |= set(schema.get("required", ()))
    statuses = frozenset(int(status) for status in operation["responses"])
    return Operation(method.upper(), path, names, frozenset(needed), media_type, statuses)


def _argument(name: str) -> str:
    """Return the name of a parameter as an argument has it: `If-Match` is if_match."""
    return re.sub(r"\W", "_", name).lower()
