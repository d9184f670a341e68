"""The API does what its own document says, whatever it is sent: Schemathesis with a token of every role."""

from datetime import datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from db.session import Database
from db.states import Role
from services.access import tokens
from services.core.tx import Tx
from tests import factories
from tests.api import everything
from tests.api.client import Clock, Server
from tests.factories import Club

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SHORT, LONG = 4, 300


def server_of(database: Database, now: datetime) -> tuple[Server, list[str]]:
    """A club with everything, and a token of each role in it."""
    server = Server(database, Clock(now))
    club: Club = server.does(lambda tx: factories.club(tx.session, now))
    made: everything.Everything = server.does(lambda tx: everything.make(tx, club))

    def of_each_role(tx: Tx) -> list[str]:
        return [tokens.make(tx, name="Fuzz", role=role).secret for role in Role]

    return server, server.does(of_each_role, made.ada)


def call(server: Server, secrets: list[str], examples: int) -> int:
    """Call each endpoint so often; return the number of calls."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", server.app)
    count = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

        @given(case=cases, secret=st.sampled_from(secrets))
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=examples == SHORT,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def one(case: schemathesis.Case[Any], secret: str) -> None:
            nonlocal count
            count += 1
            case.call_and_validate(
                headers={**dict(case.headers or {}), "Authorization": f"Bearer {secret}"}, checks=CHECKS
            )

        one()
    return count


def test_short(sqlite: Database, now: datetime) -> None:
    """A few calls of each endpoint."""
    server, secrets = server_of(sqlite, now)
    assert call(server, secrets, SHORT) > 150


@pytest.mark.long
def test_long(database: Database, now: datetime) -> None:
    """On both databases: no answer that the document does not know, and none that is our fault."""
    server, secrets = server_of(database, now)
    assert call(server, secrets, LONG) > 20_000
