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
from tests.api.clients import everything
from tests.api.clients.client import Clock, Server
from tests.factories import Club

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SHORT, LONG = 1, 250
EACH = 5
"""Of so many endpoints the short test calls one."""


def server_of(database: Database, now: datetime) -> tuple[Server, list[str], dict[str, Any]]:
    """A club with everything, a token of each role in it, and the ids that paths name."""
    server = Server(database, Clock(now))
    club: Club = server.does(lambda tx: factories.club(tx.session, now))
    made: everything.Everything = server.does(lambda tx: everything.make(tx, club))

    def of_each_role(tx: Tx) -> list[str]:
        return [tokens.make(tx, name="Fuzz", role=role).secret for role in Role]

    return server, server.does(of_each_role, made.ada), {**made.ids, **made.codes}


def call(server: Server, secrets: list[str], ids: dict[str, Any], examples: int) -> int:
    """Call the endpoints so often each, mostly about what there is; return the number of calls."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", server.app)
    count = 0
    for place, result in enumerate(schema.get_all_operations()):
        if examples == SHORT and place % EACH:
            continue  # to think of cases takes longer than to call
        assert isinstance(result, Ok)
        operation = result.ok()

        # What the document does not allow takes long to think of.
        modes = [GenerationMode.POSITIVE] if examples == SHORT else list(GenerationMode)
        cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))

        @given(case=cases, secret=st.sampled_from(secrets), known=st.sampled_from([True, True, False]))
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=examples == SHORT,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def one(case: schemathesis.Case[Any], secret: str, known: bool) -> None:
            nonlocal count
            count += 1
            if known and case.path_parameters:
                case.path_parameters.update({k: v for k, v in ids.items() if k in case.path_parameters})
            case.call_and_validate(
                headers={**dict(case.headers or {}), "Authorization": f"Bearer {secret}"}, checks=CHECKS
            )

        one()
    return count


def test_short(sqlite: Database, now: datetime) -> None:
    """A call of every third endpoint."""
    server, secrets, ids = server_of(sqlite, now)
    assert call(server, secrets, ids, SHORT) > 30


@pytest.mark.long
def test_long(database: Database, now: datetime) -> None:
    """On both databases: no answer that the document does not know, and none that is our fault."""
    server, secrets, ids = server_of(database, now)
    assert call(server, secrets, ids, LONG) > 20_000
