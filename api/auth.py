"""Who calls: `Authorization: Bearer TOKEN`, or `Basic` with a name and a password or token."""

import base64
import binascii
from dataclasses import dataclass

from fastapi import Request

from api.problems import unauthorized
from services.access import tokens
from services.core.actor import Actor
from services.core.tx import Tx

_LONGEST = 1000


@dataclass(frozen=True)
class ByToken:
    """A token; whether it is valid is seen in the transaction of the request."""

    secret: str

    def actor(self, tx: Tx) -> Actor:
        """Return who acts. Raises a problem (401), CLOSED."""
        found = tokens.actor_of(tx, self.secret)
        if found is None:
            raise unauthorized("This token is not valid, or not any more.")
        return found


def credentials(request: Request) -> ByToken:
    """Return what a request proves its caller with. Raises a problem (401)."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    value = value.strip()
    if not value or len(value) > _LONGEST:
        raise unauthorized()
    if scheme.lower() == "bearer":
        return ByToken(value)
    if scheme.lower() == "basic":
        _, password = basic(value)
        if password.startswith(tokens.PREFIX):
            return ByToken(password)
    raise unauthorized()


def basic(value: str) -> tuple[str, str]:
    """Return name and password of a Basic header. Raises a problem (401)."""
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise unauthorized() from None
    if not colon:
        raise unauthorized()
    return name, password
