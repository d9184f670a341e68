"""Identity of the caller: `Authorization: Bearer TOKEN`, or `Basic` with a name and a password or token."""

import base64
import binascii
from dataclasses import dataclass

from fastapi import Request

from api.identity.logins import Logins
from api.limits import address_of
from api.problems import unauthorized
from services.access import passwords, tokens
from services.access.passwords import Candidate
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


@dataclass(frozen=True)
class ByPassword:
    """A name and password that were right; whether they still are is seen in the transaction."""

    proved: Candidate

    def actor(self, tx: Tx) -> Actor:
        """Return who acts. Raises a problem (401), CLOSED."""
        user = passwords.user_of(tx, self.proved.user_id, self.proved.hash)
        if user is None:
            raise unauthorized("This name and password are not right.")
        return tokens.actor_by_password(tx, user)


Credentials = ByToken | ByPassword


async def credentials(request: Request, logins: Logins) -> Credentials:
    """Return what a request proves its caller with. Raises a problem (401), LOGIN_SLOWED."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    value = value.strip()
    if not value or len(value) > _LONGEST:
        raise unauthorized()
    if scheme.lower() == "bearer":
        return ByToken(value)
    if scheme.lower() != "basic":
        raise unauthorized()
    name, password = basic(value)
    if password.startswith(tokens.PREFIX):
        return ByToken(password)
    return ByPassword(await logins.check(name, password, address_of(request.scope)))


def basic(value: str) -> tuple[str, str]:
    """Return name and password of a Basic header. Raises a problem (401)."""
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise unauthorized() from None
    if not colon:
        raise unauthorized()
    return name, password
