"""Bodies of requests, of a size that is known to be bearable."""

from starlette.requests import Request


class TooLarge(Exception):
    """The body is larger than allowed."""


async def read(request: Request, most: int) -> bytes:
    """Return the body, of at most so many bytes. Raises TooLarge as soon as that is known."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and (len(told) > 18 or int(told) > most):
        raise TooLarge
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)
