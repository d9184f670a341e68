"""The guide of the API tells the truth: its endpoints, and what its examples send."""

import json
import re
import shlex

from pydantic import BaseModel

from api.app import endpoints
from api.calls import words
from api.endpoints import guard_of
from api.models.rentals import RentalIn, ReturnIn, Some
from tests.docs.test_guides import read, rows

GUIDE = "docs/api.md"


def test_every_endpoint_is_in_the_guide() -> None:
    """With who may, and in the order of the document."""
    expected = []
    for route in endpoints():
        guard = guard_of(route)
        who = words(guard.right) if guard is not None else "anybody"
        expected += [[f"`{method} {route.path}`", who] for method in sorted(route.methods or ())]
    assert [cells[:2] for cells in rows(GUIDE, "endpoint")] == expected


def test_what_the_examples_send_is_valid() -> None:
    """Each body, by the model of its endpoint; and each path is one."""
    known = {re.sub(r"{\w+}", "12", route.path) for route in endpoints()}
    models: dict[str, type[BaseModel]] = {
        "/rentals": RentalIn,
        "/rentals/12/return": ReturnIn,
        "/rentals/12/hand-out": Some,
    }
    sent = 0
    for block in re.findall(r"```sh\n(.*?)```", read(GUIDE), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            parts = shlex.split(line)
            if parts[:1] != ["curl"]:
                continue
            path = next(one for one in parts if one.startswith("$api")).removeprefix("$api").partition("?")[0]
            assert path in known, path
            if "-d" in parts:
                models[path].model_validate(json.loads(parts[parts.index("-d") + 1]))
                sent += 1
    assert sent == 3
